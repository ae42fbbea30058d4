package jwk_test

import (
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"portvakt/jwk"
)

// pasted is a text and what it must be recognised as.
type pasted struct {
	name, text string
	kind       jwk.Kind
	read       string // the remarks, in order
}

// publicPastes are texts with a public key, or with something near one.
func publicPastes(t testing.TB) []pasted {
	t.Helper()
	key := fixed().Public()
	whole, good := key.JSON(), publicMembers(t)
	spki := read(t, "openssl.spki.pem")
	block, _ := pem.Decode([]byte(spki))
	curly := strings.NewReplacer(`{"`, `{“`, `"`, `”`).Replace(whole)
	n := good["n"].(string)
	std := with(good, "n", base64.StdEncoding.EncodeToString(append([]byte{0}, unb64(n)...)), "e", "AAEAAQ==")
	quoted, _ := json.Marshal(whole)
	return []pasted{
		{"nothing", " \r\n\ufeff", jwk.KindEmpty, ""},
		{"words", "min nøkkel", jwk.KindText, ""},
		{"a UUID", "0a1b2c3d-1111-2222-3333-444455556666", jwk.KindText, ""},
		{"a kid", "test-key-2048", jwk.KindText, ""},
		{"a sentence with brackets", "bruk {navn} her, takk", jwk.KindText, ""},
		{"a JWK", whole, jwk.KindPublic, ""},
		{"an array", key.Array(), jwk.KindPublic, "array"},
		{"a set", key.Set(), jwk.KindPublic, "jwks"},
		{"an array of two", "[" + whole + "," + with(good, "kid", "b") + "]", jwk.KindPublics, "array"},
		{"a set with an EC key beside", `{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"},` + whole + `]}`, jwk.KindPublic, "jwks"},
		{"base64", base64.StdEncoding.EncodeToString([]byte(whole)), jwk.KindPublic, "base64"},
		{"base64 without padding", base64.RawStdEncoding.EncodeToString([]byte(whole + " ")), jwk.KindPublic, "base64"},
		{"base64url", b64([]byte("\ufeff" + whole)), jwk.KindPublic, "base64url bom"},
		{"base64 of a set, in lines", wrap(base64.StdEncoding.EncodeToString([]byte(key.Set()))), jwk.KindPublic, "base64 breaks jwks"},
		{"base64 twice", base64.StdEncoding.EncodeToString([]byte(base64.StdEncoding.EncodeToString([]byte(whole)))), jwk.KindPublic, "base64"},
		{"byte order mark", "\ufeff" + whole, jwk.KindPublic, "bom"},
		{"UTF-16", utf16LE(whole), jwk.KindPublic, "utf16"},
		{"UTF-16 without mark", utf16LE(whole)[2:], jwk.KindPublic, "utf16"},
		{"curly quotation marks", curly, jwk.KindPublic, "quotes"},
		{"single quotation marks", strings.ReplaceAll(whole, `"`, "'"), jwk.KindPublic, "quotes"},
		{"in quotation marks", "“" + whole + "”", jwk.KindPublic, "quotes"},
		{"as a JSON text", string(quoted), jwk.KindPublic, "quotes"},
		{"a line break in n", strings.Replace(whole, n[:100], n[:100]+"\r\n  ", 1), jwk.KindPublic, "breaks"},
		{"an escaped line break in n", strings.Replace(whole, n[:100], n[:100]+`\n`, 1), jwk.KindPublic, "breaks"},
		{"no-break spaces", strings.ReplaceAll(whole, `,"`, ",\u00a0\""), jwk.KindPublic, ""},
		{"a comma too many", strings.Replace(whole, "}", ", }", 1), jwk.KindPublic, "commas"},
		{"a comma after", whole + ",", jwk.KindPublic, "commas"},
		{"a semicolon after", whole + ";", jwk.KindPublic, ""},
		{"a comment", strings.Replace(whole, "{", "{ // ny\n /* x */", 1), jwk.KindPublic, "comments"},
		{"numbers as Java writes them", std, jwk.KindPublic, "values"},
		{"no use, alg, kid", with(good, "use", nil, "alg", nil, "kid", nil), jwk.KindPublic, "use-missing alg-missing kid-missing"},
		{"cut off", whole[:len(whole)-9], jwk.KindTruncated, ""},
		{"cut off in base64", base64.StdEncoding.EncodeToString([]byte(whole))[:200], jwk.KindTruncated, "base64"},
		{"a member twice", strings.Replace(whole, "{", `{"kty":"RSA",`, 1), jwk.KindMalformed, ""},
		{"an empty set", `{"keys":[]}`, jwk.KindMalformed, ""},
		{"null", `[null]`, jwk.KindMalformed, ""},
		{"without kty", with(good, "kty", nil), jwk.KindMalformed, ""},
		{"HTML", "<!DOCTYPE html><html><body>503</body></html>", jwk.KindHTML, ""},
		{"a token", strings.Fields(read(t, "openssl.jws"))[0], jwk.KindToken, ""},
		{"PEM", spki, jwk.KindPublic, "pem kid-missing"},
		{"PEM on one line", strings.ReplaceAll(spki, "\n", " "), jwk.KindPublic, "pem kid-missing"},
		{"PEM with escaped lines", strings.ReplaceAll(spki, "\n", `\n`), jwk.KindPublic, "breaks pem kid-missing"},
		{"PEM with curly dashes", strings.ReplaceAll(spki, "-----", "—–"), jwk.KindPublic, "quotes pem kid-missing"},
		{"PEM of PKCS#1", read(t, "openssl.pkcs1.pub.pem"), jwk.KindPublic, "pkcs1 kid-missing"},
		{"PEM cut off", spki[:200], jwk.KindTruncated, ""},
		{"PEM garbled", strings.Replace(spki, "MII", "AAA", 1), jwk.KindMalformed, ""},
		{"base64 of PEM", base64.StdEncoding.EncodeToString([]byte(spki)), jwk.KindPublic, "base64 pem kid-missing"},
		{"PEM without its lines", base64.StdEncoding.EncodeToString(block.Bytes), jwk.KindPublic, "base64 der kid-missing"},
		{"DER", string(block.Bytes), jwk.KindPublic, "der kid-missing"},
		{"a certificate", read(t, "openssl.cert.pem"), jwk.KindPublic, "certificate kid-missing"},
		{"SSH", sshOf(t, unb64(n), []byte{1, 0, 1}), jwk.KindPublic, "ssh kid-missing"},
		{"SSH of another type", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE kari@pc", jwk.KindNotRSA, ""},
		{"SSH cut off", sshOf(t, unb64(n), []byte{1, 0, 1})[:200], jwk.KindTruncated, ""},
		{"a setting", "MASKINPORTEN_CLIENT_JWK=" + whole, jwk.KindPublic, "settings"},
		{"in JavaScript", "const jwk = " + whole + ";", jwk.KindPublic, "settings"},
		{"EC", `{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}`, jwk.KindNotRSA, ""},
		{"OKP", `{"kty":"OKP","crv":"Ed25519","x":"AA"}`, jwk.KindNotRSA, ""},
		{"oct", `{"kty":"oct","kid":"a"}`, jwk.KindSymmetric, ""},
		{"PEM of EC", read(t, "ec.spki.pem"), jwk.KindNotRSA, "pem"},
		{"1024 bits", read(t, "rsa1024.spki.pem"), jwk.KindSmall, "pem"},
		{"JWK of 1024 bits", with(good, "n", n[:170]), jwk.KindSmall, ""},
		{"8192 bits", with(good, "n", strings.Repeat(n[:340], 4)), jwk.KindLarge, ""},
		{"exponent 3", read(t, "e3.spki.pem"), jwk.KindExponent, "pem"},
		{"JWK with exponent 3", with(good, "e", "Aw"), jwk.KindExponent, ""},
		{"for encryption", with(good, "use", "enc"), jwk.KindUse, ""},
		{"for PS256", with(good, "alg", "PS256"), jwk.KindAlg, ""},
		{"a kid with a space", with(good, "kid", "a b"), jwk.KindKid, ""},
		{"too long", strings.Repeat(whole, 50), jwk.KindTooLong, ""},
	}
}

// privatePastes are texts with a private key in each form that people have.
func privatePastes(t testing.TB) []pasted {
	t.Helper()
	pair := fixed()
	whole, encoded, pkcs8 := pair.JSON().Reveal(), pair.Encoded().Reveal(), pair.PEM().Reveal()
	block, _ := pem.Decode([]byte(pkcs8))
	p12, err := os.ReadFile("testdata/openssl.p12")
	if err != nil {
		t.Fatal(err)
	}
	other := private(t, "rsa3072.json").JSON().Reveal()
	escaped, _ := json.Marshal(pkcs8)
	return []pasted{
		{"JWK", whole, jwk.KindPrivate, ""},
		{"in a set", `{"keys":[` + whole + `]}`, jwk.KindPrivate, "jwks"},
		{"beside its public half", `[` + pair.Public().JSON() + "," + whole + `]`, jwk.KindPrivate, "array"},
		{"without use, alg, kid", with(members(t, "rsa2048.json"), "use", nil, "alg", nil, "kid", nil), jwk.KindPrivate, ""},
		{"base64", encoded, jwk.KindPrivate, "base64"},
		{"base64url", b64([]byte(whole)), jwk.KindPrivate, "base64"},
		{"UTF-16", utf16LE(encoded), jwk.KindPrivate, "utf16 base64"},
		{"byte order mark", "\ufeff" + whole, jwk.KindPrivate, "bom"},
		{"curly quotation marks", strings.ReplaceAll(whole, `"`, "”"), jwk.KindPrivate, "quotes"},
		{"PKCS#8", pkcs8, jwk.KindPrivate, "pem"},
		{"PKCS#1", read(t, "openssl.pkcs1.pem"), jwk.KindPrivate, "pem"},
		{"DER", string(block.Bytes), jwk.KindPrivate, "der"},
		{"base64 of DER", base64.StdEncoding.EncodeToString(block.Bytes), jwk.KindPrivate, "base64 der"},
		{"base64 of PEM", base64.StdEncoding.EncodeToString([]byte(pkcs8)), jwk.KindPrivate, "base64 pem"},
		{"with its certificate", read(t, "openssl.cert.pem") + "\n" + read(t, "openssl.pkcs8.pem"), jwk.KindPrivate, "certificate kid-missing pem"},
		{".env", "# prod\nMaskinportenSettings__ClientId=x\nexport MaskinportenSettings__EncodedJwk=\"" + encoded + "\"\nB=1\n", jwk.KindPrivate, "settings base64"},
		{"appsettings", `{"MaskinportenSettings":{"ClientId":"0a1b2c3d-1111-2222-3333-444455556666", // ny
			"EncodedJwk":"` + encoded + `",},}`, jwk.KindPrivate, "commas comments settings base64"},
		{"secrets.json", `{"MaskinportenSettings:EncodedJwk":"` + encoded + `"}`, jwk.KindPrivate, "settings base64"},
		{"PEM in settings", `{"PrivateKey":` + string(escaped) + `}`, jwk.KindPrivate, "settings pem"},
		{"JWK in settings", `{"a":{"jwk":` + whole + `}}`, jwk.KindPrivate, "settings"},
		{"two keys", "[" + whole + "," + other + "]", jwk.KindPrivates, "array"},
		{"EC", read(t, "ec.pkcs8.pem"), jwk.KindPrivateNotRSA, "pem"},
		{"JWK of EC", `{"kty":"EC","crv":"P-256","x":"AA","y":"AA","d":"AA"}`, jwk.KindPrivateNotRSA, ""},
		{"symmetric", `{"kty":"oct","k":"AAAA"}`, jwk.KindPrivateNotRSA, ""},
		{"1024 bits", read(t, "rsa1024.pkcs8.pem"), jwk.KindPrivateSize, "pem"},
		{"exponent 3", read(t, "e3.pkcs8.pem"), jwk.KindPrivateBroken, "pem"},
		{"passphrase", read(t, "openssl.encrypted.pem"), jwk.KindEncrypted, "pem"},
		{"OpenSSH", read(t, "openssh.pem"), jwk.KindOpenSSH, ""},
		{"PKCS#12", string(p12), jwk.KindPKCS12, "der"},
		{"base64 of PKCS#12", base64.StdEncoding.EncodeToString(p12), jwk.KindPKCS12, "base64 der"},
		{"without its CRT numbers", with(members(t, "rsa2048.json"), "p", nil, "q", nil), jwk.KindPrivateBroken, ""},
		{"cut off", whole[:len(whole)/2], jwk.KindPrivateBroken, ""},
		{"PEM cut off", pkcs8[:400], jwk.KindPrivateBroken, ""},
		{"too long", strings.Repeat(" ", 20<<10) + whole, jwk.KindPrivateBroken, ""},
	}
}

// sshOf writes an RSA key as ssh-keygen does.
func sshOf(t testing.TB, n, e []byte) string {
	t.Helper()
	var blob []byte
	for _, part := range [][]byte{[]byte("ssh-rsa"), e, append([]byte{0}, n...)} {
		blob = append(blob, 0, 0, byte(len(part)>>8), byte(len(part)))
		blob = append(blob, part...)
	}
	return "ssh-rsa " + base64.StdEncoding.EncodeToString(blob) + " kari@pc"
}

func TestRecognise(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, p := range append(publicPastes(t), privatePastes(t)...) {
		f := jwk.Recognise([]byte(p.text))
		var codes []string
		for _, r := range f.Remarks {
			codes = append(codes, r.Code)
			seen[r.Code] = true
		}
		seen[string(f.Kind)] = true
		if got := strings.Join(codes, " "); f.Kind != p.kind || got != p.read {
			t.Errorf("%s: got %s (%s), want %s (%s)", p.name, f.Kind, got, p.kind, p.read)
		}
		if (f.Kind == jwk.KindPublic) != (len(f.Keys) == 1) && !f.Kind.Private() {
			t.Errorf("%s: got %d keys of kind %s", p.name, len(f.Keys), f.Kind)
		}
	}
	for _, k := range jwk.Kinds() {
		// No weak key is small enough to be written down here; see weak_test.go.
		if !seen[string(k)] && k != jwk.KindWeak {
			t.Errorf("no text is recognised as %s", k)
		}
	}
	for _, code := range jwk.ReadCodes() {
		if !seen[code] {
			t.Errorf("nothing is forgiven as %s", code)
		}
	}
}

func TestRecogniseUnwraps(t *testing.T) {
	t.Parallel()
	known := []string{fixed().Public().Thumbprint(), private(t, "openssl.pkcs8.pem").Public().Thumbprint()}
	for _, p := range append(publicPastes(t), privatePastes(t)...) {
		f := jwk.Recognise([]byte(p.text))
		if f.Kind == jwk.KindPublic && !slices.Contains(known, f.Keys[0].Thumbprint()) {
			t.Errorf("%s: another key was unwrapped", p.name)
		}
		key, again := jwk.RecognisePrivate([]byte(p.text))
		if key.IsZero() == (again.Kind == jwk.KindPrivate) {
			t.Errorf("%s: %s, and a key pair: %t", p.name, again.Kind, !key.IsZero())
		}
		if !key.IsZero() && (len(f.Keys) != 1 || f.Keys[0] != key.Public() || !slices.Contains(known, key.Public().Thumbprint())) {
			t.Errorf("%s: the public halves are %v", p.name, f.Keys)
		}
	}
	f := jwk.Recognise([]byte(with(members(t, "rsa2048.json"), "p", nil)))
	if len(f.Keys) != 1 || f.Keys[0].Thumbprint() != known[0] {
		t.Errorf("a broken pair with a whole public half: got %v", f.Keys)
	}
	f = jwk.Recognise([]byte(with(publicMembers(t), "kid", nil)))
	if want := (jwk.Remark{Code: jwk.ReadNoKid, Value: known[0]}); len(f.Remarks) != 1 || f.Remarks[0] != want {
		t.Errorf("no kid: got %v, want %v", f.Remarks, want)
	}
	for text, bits := range map[string]int{read(t, "rsa1024.spki.pem"): 1024, read(t, "rsa1024.pkcs8.pem"): 1024} {
		if f := jwk.Recognise([]byte(text)); f.Bits != bits {
			t.Errorf("got %d bits, want %d", f.Bits, bits)
		}
	}
	f = jwk.Recognise([]byte(`{"MaskinportenSettings:EncodedJwk":"` + fixed().Encoded().Reveal() + `"}`))
	if want := (jwk.Remark{Code: jwk.ReadSettings, Value: "EncodedJwk"}); f.Remarks[0] != want {
		t.Errorf("settings: got %v, want %v", f.Remarks[0], want)
	}
}

// What is said of a private key must not be a piece of it.
func TestRecogniseKeepsSecrets(t *testing.T) {
	t.Parallel()
	for _, p := range privatePastes(t) {
		quiet(t, p.text, fixed().JSON().Reveal())
		quiet(t, p.text, private(t, "openssl.pkcs8.pem").JSON().Reveal())
	}
}

var privateValue = regexp.MustCompile(`"(?:d|p|q|dp|dq|qi)":"([^"]+)"`)

func quiet(t *testing.T, text, secret string) {
	t.Helper()
	key, f := jwk.RecognisePrivate([]byte(text))
	said := fmt.Sprintf("%v %+v %#v %v %+v", f, f, f, key, key)
	for _, m := range privateValue.FindAllStringSubmatch(secret, -1) {
		if strings.Contains(said, m[1][:16]) {
			t.Fatal("a finding tells of a private number")
		}
	}
}

func FuzzRecognise(f *testing.F) {
	for _, p := range append(publicPastes(f), privatePastes(f)...) {
		f.Add([]byte(p.text))
	}
	for _, text := range []string{`[[[[`, `{"a":{"a":`, "A=B\nB=", `"""`, "-----BEGIN ", "ssh-rsa AAAA", "//", "/*", "{'", strings.Repeat("A=", 400)} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		start := time.Now()
		key, found := jwk.RecognisePrivate(data)
		// Generous, since fuzzing shares the machine: the budget is what bounds it.
		if took := time.Since(start); took > 3*time.Second {
			t.Fatalf("took %s", took)
		}
		if !slices.Contains(jwk.Kinds(), found.Kind) {
			t.Fatalf("an unknown kind: %q", found.Kind)
		}
		for _, r := range found.Remarks {
			if !slices.Contains(jwk.ReadCodes(), r.Code) || len(r.Value) > 43 {
				t.Fatalf("an unknown remark: %v", r)
			}
		}
		for _, k := range found.Keys {
			sane(t, k)
		}
		if key.IsZero() == (found.Kind == jwk.KindPrivate) {
			t.Fatal("a key pair without the kind, or the kind without one")
		}
		if !key.IsZero() {
			quiet(t, string(data), key.JSON().Reveal())
		}
		if _, err := jwk.ParsePrivate(data); err == nil && found.Kind != jwk.KindPrivate {
			t.Fatalf("a key pair is taken for %s", found.Kind)
		}
		if keys, err := jwk.ParsePublics(data); err == nil && found.Kind != jwk.KindPublic && found.Kind != jwk.KindPublics {
			t.Fatalf("%d public keys are taken for %s", len(keys), found.Kind)
		}
	})
}
