package jwk_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"portvakt/jwk"

	"github.com/google/go-cmp/cmp"
)

var fixedNames = []string{"rsa2048.json", "rsa3072.json", "rsa4096.json"}

func TestPrivateRoundTrips(t *testing.T) {
	t.Parallel()
	for _, name := range fixedNames {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key := private(t, name)
			if got, want := key.JSON().Reveal(), read(t, name); got != want {
				t.Error("the JSON is not what was read")
			}

			forms := map[string]string{
				"JSON":       key.JSON().Reveal(),
				"base64":     key.Encoded().Reveal(),
				"base64url":  base64.RawURLEncoding.EncodeToString([]byte(key.JSON().Reveal())),
				"in lines":   "\ufeff\r\n" + wrap(key.Encoded().Reveal()) + "\r\n",
				"BOM inside": base64.StdEncoding.EncodeToString([]byte("\ufeff" + key.JSON().Reveal() + "\r\n")),
				"UTF-16":     utf16LE(key.JSON().Reveal()),
				"PEM":        key.PEM().Reveal(),
			}
			for form, text := range forms {
				got, err := jwk.ParsePrivate([]byte(text))
				if err != nil {
					t.Errorf("%s: %v", form, err)
					continue
				}
				if form == "PEM" {
					if got.Public().Kid() != "" {
						t.Error("a PEM has a kid")
					}
					if got, err = got.WithKid(key.Public().Kid()); err != nil {
						t.Fatal(err)
					}
				}
				if got.JSON().Reveal() != key.JSON().Reveal() {
					t.Errorf("%s: another key came back", form)
				}
			}
		})
	}
}

func TestPublicRoundTrips(t *testing.T) {
	t.Parallel()
	for i, name := range fixedNames {
		key := private(t, name).Public()
		if got, want := key.Bits(), 2048+1024*i; got != want {
			t.Errorf("got %d bits, want %d", got, want)
		}
		if got, err := jwk.ParsePublic([]byte(key.JSON())); err != nil || got != key {
			t.Errorf("JSON: got %v, %v", got, err)
		}
		for _, text := range []string{key.JSON(), key.Array(), key.Set(), key.PEM(), utf16LE(key.Array()), "\ufeff\n" + key.Set() + "\r\n"} {
			got, err := jwk.ParsePublics([]byte(text))
			if err != nil || len(got) != 1 {
				t.Fatalf("%.20q: got %v, %v", text, got, err)
			}
			if strings.HasPrefix(text, "-----") {
				if got[0].Kid() != "" {
					t.Error("a PEM has a kid")
				}
				got[0], _ = got[0].WithKid(key.Kid())
			}
			if got[0] != key {
				t.Errorf("%.20q: got %v, want %v", text, got[0], key)
			}
		}
	}
}

func TestFormsAsWritten(t *testing.T) {
	t.Parallel()
	public := fixed().Public()
	n := publicMembers(t)["n"]
	single := fmt.Sprintf(`{"kty":"RSA","use":"sig","alg":"RS256","kid":"test-key-2048","n":"%s","e":"AQAB"}`, n)
	if diff := cmp.Diff(single, public.JSON()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff("["+single+"]", public.Array()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(`{"keys":[`+single+`]}`, public.Set()); diff != "" {
		t.Error(diff)
	}
	if got, want := public.PEM(), "-----BEGIN PUBLIC KEY-----\n"; !strings.HasPrefix(got, want) {
		t.Errorf("got %.40q, want %q", got, want)
	}

	dec := json.NewDecoder(strings.NewReader(fixed().JSON().Reveal()))
	var names []string
	for i := 0; ; i++ {
		token, err := dec.Token()
		if err != nil {
			break
		}
		if name, ok := token.(string); ok && i%2 == 1 {
			names = append(names, name)
		}
	}
	if diff := cmp.Diff([]string{"kty", "use", "alg", "kid", "n", "e", "d", "p", "q", "dp", "dq", "qi"}, names); diff != "" {
		t.Error(diff)
	}
	encoded := fixed().Encoded().Reveal()
	if decoded, err := base64.StdEncoding.Strict().DecodeString(encoded); err != nil || string(decoded) != fixed().JSON().Reveal() {
		t.Errorf("the base64 is not that of the JSON: %v", err)
	}
	if strings.ContainsAny(encoded, "\r\n") {
		t.Error("the base64 has line breaks")
	}
	if got, want := fixed().PEM().Reveal(), "-----BEGIN PRIVATE KEY-----\n"; !strings.HasPrefix(got, want) {
		t.Error("the PEM is not PKCS#8")
	}
}

func TestKeysOfOpenSSL(t *testing.T) {
	t.Parallel()
	want := private(t, "openssl.pkcs8.pem")
	if got := private(t, "openssl.pkcs1.pem"); got.JSON().Reveal() != want.JSON().Reveal() {
		t.Error("PKCS#1 and PKCS#8 of one key differ")
	}
	if got := want.PEM().Reveal(); got != read(t, "openssl.pkcs8.pem")+"\n" {
		t.Error("our PKCS#8 differs")
	}
	if got := want.Public().PEM(); got != read(t, "openssl.spki.pem")+"\n" {
		t.Error("our SPKI differs")
	}
	for _, name := range []string{"openssl.spki.pem", "openssl.pkcs1.pub.pem", "openssl.cert.pem"} {
		got, err := jwk.ParsePublics([]byte(read(t, name)))
		if err != nil || len(got) != 1 || got[0] != want.Public() {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
}

func TestGenerate(t *testing.T) {
	t.Parallel()
	for _, bits := range []int{2048, 3072} {
		key, err := jwk.Generate(bits)
		if err != nil {
			t.Fatal(err)
		}
		if got := key.Public(); got.Bits() != bits || got.Alg() != "RS256" || got.Kid() != got.Thumbprint() {
			t.Errorf("got %d bits, alg %s, kid %s", got.Bits(), got.Alg(), got.Kid())
		}
		again, err := jwk.ParsePrivate([]byte(key.Encoded().Reveal()))
		if err != nil || again.JSON().Reveal() != key.JSON().Reveal() {
			t.Errorf("the key does not pass its own gate: %v", err)
		}
		var m map[string]string
		if err := json.Unmarshal([]byte(key.JSON().Reveal()), &m); err != nil {
			t.Fatal(err)
		}
		for name, value := range m {
			full := map[string]int{"n": bits / 8, "d": bits / 8, "p": bits / 16, "q": bits / 16, "dp": bits / 16, "dq": bits / 16, "qi": bits / 16}
			if want := full[name]; want > 0 && base64.RawURLEncoding.DecodedLen(len(value)) != want {
				t.Errorf("member %q does not have its full length of %d bytes", name, want)
			}
		}
	}
	for _, bits := range []int{-1, 0, 512, 1024, 2047, 2056, 4097, 8192, 1 << 30} {
		if _, err := jwk.Generate(bits); !errors.Is(err, jwk.ErrSize) {
			t.Errorf("%d bits: got %v", bits, err)
		}
	}
}

// A key from elsewhere may have a short member. It is written in full length, and
// is still the same key.
func TestShortMembersAreFilled(t *testing.T) {
	t.Parallel()
	key := private(t, "short-dp.json")
	var m map[string]string
	if err := json.Unmarshal([]byte(key.JSON().Reveal()), &m); err != nil {
		t.Fatal(err)
	}
	if raw, err := base64.RawURLEncoding.DecodeString(m["dp"]); err != nil || len(raw) != key.Public().Bits()/16 || raw[0] != 0 {
		t.Errorf("dp has %d bytes, %v", len(raw), err)
	}
	if before := members(t, "short-dp.json"); m["d"] != before["d"] || m["qi"] != before["qi"] || m["n"] != before["n"] {
		t.Error("another member was changed")
	}
	again, err := jwk.ParsePrivate([]byte(key.Encoded().Reveal()))
	if err != nil || again.PEM().Reveal() != key.PEM().Reveal() {
		t.Errorf("the key does not come back: %v", err)
	}
}

func TestZeroValues(t *testing.T) {
	t.Parallel()
	var key jwk.Private
	if !key.IsZero() || !key.JSON().IsZero() || !key.Encoded().IsZero() || !key.PEM().IsZero() || !key.Public().IsZero() {
		t.Error("no key has a form")
	}
	var public jwk.Public
	if got := public.JSON() + public.Array() + public.Set() + public.PEM() + public.Thumbprint() + public.String(); got != "" {
		t.Errorf("got %q", got)
	}
	if _, err := key.Sign("e30.e30"); err == nil {
		t.Error("no key signs")
	}
	if fixed().IsZero() || fixed().Public().IsZero() || fixed().JSON().IsZero() {
		t.Error("a key is none")
	}
	if !jwk.NewSecret("").IsZero() || (jwk.Secret{}).Reveal() != "" {
		t.Error("no secret is one")
	}
}

func wrap(text string) string {
	var lines []string
	for len(text) > 76 {
		lines, text = append(lines, text[:76]), text[76:]
	}
	return strings.Join(append(lines, text), "\r\n")
}

func utf16LE(text string) string {
	out := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(text)) {
		out = append(out, byte(unit), byte(unit>>8))
	}
	return string(out)
}
