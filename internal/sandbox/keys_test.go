package sandbox_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portvakt/internal/sandbox"
	"portvakt/jwk"
)

var uuid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// jwkWith is a public JWK with some members changed; a nil takes one away.
func jwkWith(t *testing.T, f fixture, members ...any) string {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal([]byte(publicKey(t, f.key, "new").JSON()), &object); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(with(object, members...))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestAddKeysForms(t *testing.T) {
	t.Parallel()
	f := start(t)
	one, two := publicKey(t, f.key, "new"), publicKey(t, f.key, "new-2")
	for _, test := range []struct {
		name, pasted string
		want         []string
	}{
		{"JWK", one.JSON(), []string{"new"}},
		{"array", one.Array(), []string{"new"}},
		{"array of two", "[" + one.JSON() + "," + two.JSON() + "]", []string{"new", "new-2"}},
		{"JWKS", one.Set(), []string{"new"}},
		{"byte order mark and white space", "\ufeff \n" + one.JSON() + "\r\n", []string{"new"}},
		{"RS512", jwkWith(t, f, "alg", "RS512"), []string{"new"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			client, err := f.AddClient(directorate, "Varsling", "Varsler", []string{notifyScope})
			if err != nil {
				t.Fatal(err)
			}
			added, err := f.AddKeys(client.ID, test.pasted)
			if err != nil {
				t.Fatal(err)
			}
			var kids []string
			for _, key := range added {
				kids = append(kids, key.Kid())
				if got, want := key.Expires, noon.AddDate(1, 0, 0); !key.Posted.Equal(noon) || !got.Equal(want) {
					t.Errorf("got posted %v, expires %v, want a year from now", key.Posted, got)
				}
			}
			if diff := cmp.Diff(test.want, kids); diff != "" {
				t.Errorf("kids (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAddKeysPEM(t *testing.T) {
	t.Parallel()
	f := start(t)
	added, err := f.AddKeys(f.client.ID, f.key.Public().PEM())
	if err != nil {
		t.Fatal(err)
	}
	given := added[0].Kid()
	if !uuid.MatchString(given) {
		t.Errorf("got kid %q, want a random UUID", given)
	}
	a := f.post(t, sign(t, f.key, with(header(), "kid", given), f.claims("pem")))
	if got, want := a.status, http.StatusOK; got != want {
		t.Errorf("got status %d with the kid given, want %d: %s", got, want, a.body)
	}
}

func TestAddKeysExpiry(t *testing.T) {
	t.Parallel()
	f := start(t)
	soon := noon.Add(48 * time.Hour)
	added, err := f.AddKeys(f.client.ID, jwkWith(t, f, "exp", soon.Unix()))
	if err != nil {
		t.Fatal(err)
	}
	if got := added[0].Expires; !got.Equal(soon) {
		t.Errorf("got expires %v, want %v", got, soon)
	}
	fresh := func(jti string) string {
		now := f.Now().Unix()
		return sign(t, f.key, with(header(), "kid", "new"), with(f.claims(jti), "iat", now, "exp", now+60))
	}
	f.SetClockOffset(48*time.Hour - time.Second)
	if got, want := f.post(t, fresh("1")).status, http.StatusOK; got != want {
		t.Errorf("got status %d in the key's last second, want %d", got, want)
	}
	f.SetClockOffset(48 * time.Hour)
	want := refusal{"", "", 400, "invalid_grant", "MP-121", unauthenticated + "Expired key."}
	f.checkRefusal(t, want, f.post(t, fresh("2")))
}

func TestAddKeysRefuses(t *testing.T) {
	t.Parallel()
	f := start(t)
	good := publicKey(t, f.key, "new")
	private := f.key.JSON().Reveal()
	for _, test := range []struct {
		name, pasted string
		want         []string
	}{
		{"nothing", " \n", []string{sandbox.CodeKeyEmpty}},
		{"too much", strings.Repeat("a", 16<<10+1), []string{sandbox.CodeKeyTooLarge}},
		{"private JWK", private, []string{sandbox.CodeKeyPrivate}},
		{"private JWK in an array", "[" + good.JSON() + "," + private + "]", []string{sandbox.CodeKeyPrivate}},
		{"private JWK in base64", f.key.Encoded().Reveal(), []string{sandbox.CodeKeyPrivate}},
		{"private PEM", f.key.PEM().Reveal(), []string{sandbox.CodeKeyPrivate}},
		{"certificate and private PEM", read(t, "certificate.pem") + f.key.PEM().Reveal(), []string{sandbox.CodeKeyPrivate}},
		{"certificate", read(t, "certificate.pem"), []string{sandbox.CodeKeyCertificate}},
		{"older PEM", read(t, "pkcs1.pem"), []string{sandbox.CodeKeyPKCS1}},
		{"1024 bits", read(t, "small.pem"), []string{sandbox.CodeKeySize}},
		{"EC as PEM", read(t, "ec.pem"), []string{sandbox.CodeKeyNotRSA}},
		{"EC", `{"kty":"EC","crv":"P-256","x":"AA","y":"AA","use":"sig","alg":"ES256","kid":"a"}`, []string{sandbox.CodeKeyNotRSA}},
		{"words", "my key", []string{sandbox.CodeKeyMalformed}},
		{"cut off", good.JSON()[:100], []string{sandbox.CodeKeyTruncated}},
		{"cut off PEM", good.PEM()[:100], []string{sandbox.CodeKeyTruncated}},
		{"a web page", "<!doctype html><title>x</title>", []string{sandbox.CodeKeyHTML}},
		{"base64", base64.StdEncoding.EncodeToString([]byte(good.JSON())), []string{sandbox.CodeKeyBase64}},
		{"base64url of a set", base64.RawURLEncoding.EncodeToString([]byte(good.Set() + "??>>")), []string{sandbox.CodeKeyBase64}},
		{"PEM without its lines", strings.Join(strings.Split(good.PEM(), "\n")[1:8], ""), []string{sandbox.CodeKeyBase64}},
		{"SSH", sshKey(good), []string{sandbox.CodeKeySSH}},
		{"SSH of another type", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE kari@pc", []string{sandbox.CodeKeyNotRSA}},
		{"a setting", "JWK=" + good.JSON(), []string{sandbox.CodeKeySettings}},
		{"curly quotation marks", strings.ReplaceAll(good.JSON(), `"`, "”"), []string{sandbox.CodeKeyQuotes}},
		{"a line break in n", strings.Replace(good.JSON(), `"n":"`, "\"n\":\"\n", 1), []string{sandbox.CodeKeyBreaks}},
		{"a comma too many", strings.Replace(good.JSON(), "}", ",}", 1), []string{sandbox.CodeKeyCommas}},
		{"a comment", strings.Replace(good.JSON(), "{", "{ // ny\n", 1), []string{sandbox.CodeKeyCommas}},
		{"padding in e", jwkWith(t, f, "e", "AQAB=="), []string{sandbox.CodeKeyValues}},
		{"OKP", `{"kty":"OKP","crv":"Ed25519","x":"AA","use":"sig","alg":"EdDSA","kid":"a"}`, []string{sandbox.CodeKeyNotRSA}},
		{"empty array", "[]", []string{sandbox.CodeKeyMalformed}},
		{"empty JWKS", `{"keys":[]}`, []string{sandbox.CodeKeyMalformed}},
		{"a member twice", strings.Replace(good.JSON(), "{", `{"kid":"a",`, 1), []string{sandbox.CodeKeyMalformed}},
		{"no n", jwkWith(t, f, "n", nil), []string{sandbox.CodeKeyMalformed}},
		{"exponent 3", jwkWith(t, f, "e", "Aw"), []string{sandbox.CodeKeyExponent}},
		{"no use", jwkWith(t, f, "use", nil), []string{sandbox.CodeKeyUseMissing}},
		{"use enc", jwkWith(t, f, "use", "enc"), []string{sandbox.CodeKeyUse}},
		{"no alg", jwkWith(t, f, "alg", nil), []string{sandbox.CodeKeyAlgMissing}},
		{"alg PS256", jwkWith(t, f, "alg", "PS256"), []string{sandbox.CodeKeyAlg}},
		{"no kid", jwkWith(t, f, "kid", nil), []string{sandbox.CodeKeyKidMissing}},
		{"kid with a space", jwkWith(t, f, "kid", "a b"), []string{sandbox.CodeKeyKid}},
		{"kid too long", jwkWith(t, f, "kid", strings.Repeat("a", 65)), []string{sandbox.CodeKeyKid}},
		{"nothing but the key", jwkWith(t, f, "use", nil, "alg", nil, "kid", nil), []string{
			sandbox.CodeKeyKidMissing, sandbox.CodeKeyUseMissing, sandbox.CodeKeyAlgMissing}},
		{"kid on the client already", jwkWith(t, f, "kid", kid), []string{sandbox.CodeKeyKidTaken}},
		{"kid twice in the text", "[" + good.JSON() + "," + good.JSON() + "]", []string{sandbox.CodeKeyKidTaken}},
		{"exp past", jwkWith(t, f, "exp", noon.Unix()), []string{sandbox.CodeKeyExpPast}},
		{"exp after more than a year", jwkWith(t, f, "exp", noon.AddDate(1, 0, 0).Unix()+1), []string{sandbox.CodeKeyExpTooLate}},
		{"exp is a text", jwkWith(t, f, "exp", "2027-01-01"), []string{sandbox.CodeKeyExpMalformed}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := f.AddKeys(f.client.ID, test.pasted)
			if diff := cmp.Diff(test.want, codes(t, err)); diff != "" {
				t.Errorf("codes (-want +got):\n%s", diff)
			}
			if strings.Contains(err.Error(), private[20:40]) {
				t.Error("the error quotes the private key")
			}
		})
	}
}

func TestAddKeysFiveAtMost(t *testing.T) {
	t.Parallel()
	f := start(t)
	var set []string
	for i := range 5 {
		set = append(set, publicKey(t, f.key, fmt.Sprintf("more-%d", i)).JSON())
	}
	_, err := f.AddKeys(f.client.ID, "["+strings.Join(set, ",")+"]")
	if diff := cmp.Diff([]string{sandbox.CodeKeyTooMany}, codes(t, err)); diff != "" {
		t.Errorf("five beside one (-want +got):\n%s", diff)
	}
	if _, err := f.AddKeys(f.client.ID, `{"keys":[`+strings.Join(set[:4], ",")+"]}"); err != nil {
		t.Fatal(err)
	}
	_, err = f.AddKeys(f.client.ID, set[4])
	if diff := cmp.Diff([]string{sandbox.CodeKeyTooMany}, codes(t, err)); diff != "" {
		t.Errorf("a sixth (-want +got):\n%s", diff)
	}
	if err := f.RemoveKey(f.client.ID, kid); err != nil {
		t.Fatal(err)
	}
	if _, err := f.AddKeys(f.client.ID, set[4]); err != nil {
		t.Errorf("adding to four keys: %v", err)
	}
	unknown := refusal{"", "", 400, "invalid_grant", "", unauthenticated + "Unknown key identifier (kid) for client."}
	f.checkRefusal(t, unknown, f.post(t, f.grant(t, f.claims("removed"))))
}

func TestKeyInFile(t *testing.T) {
	t.Parallel()
	f := start(t)
	want := sandbox.Key{Public: publicKey(t, f.key, kid), Posted: noon, Expires: noon.AddDate(1, 0, 0)}
	data, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got sandbox.Key
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b jwk.Public) bool { return a == b })); diff != "" {
		t.Errorf("key (-want +got):\n%s", diff)
	}
}

// sshKey writes a public key as ssh-keygen does.
func sshKey(k jwk.Public) string {
	var members map[string]string
	_ = json.Unmarshal([]byte(k.JSON()), &members)
	n, _ := base64.RawURLEncoding.DecodeString(members["n"])
	var blob []byte
	for _, part := range [][]byte{[]byte("ssh-rsa"), {1, 0, 1}, append([]byte{0}, n...)} {
		blob = append(blob, 0, 0, byte(len(part)>>8), byte(len(part)))
		blob = append(blob, part...)
	}
	return "ssh-rsa " + base64.StdEncoding.EncodeToString(blob) + " kari@pc"
}
