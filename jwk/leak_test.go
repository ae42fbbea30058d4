package jwk_test

import (
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"os"
	"strings"
	"testing"

	"portvakt/jwk"
)

// Whatever the disguise, a private key in a public field must be known for
// what it is, before anything else is said about the text.
func TestPrivateKeysAreFoundFirst(t *testing.T) {
	t.Parallel()
	pair := fixed()
	whole, encoded := pair.JSON().Reveal(), pair.Encoded().Reveal()
	public := pair.Public().JSON()
	block, _ := pem.Decode([]byte(pair.PEM().Reveal()))
	pkcs12, err := os.ReadFile("testdata/openssl.p12")
	if err != nil {
		t.Fatal(err)
	}
	quoted, _ := json.Marshal(whole)

	disguises := map[string]string{
		"JWK":                         whole,
		"indented":                    read(t, "rfc7515-a2.json"),
		"array":                       "[" + whole + "]",
		"set":                         `{"keys":[` + public + "," + whole + "]}",
		"two objects":                 public + whole,
		"cut off":                     whole[:len(whole)/2],
		"text before":                 "this is my key: " + whole,
		"too large":                   strings.Repeat(" ", 20<<10) + whole,
		"byte order mark":             "\ufeff" + whole,
		"UTF-16":                      utf16LE(whole),
		"UTF-16 without mark":         utf16LE(whole)[2:],
		"d alone":                     `{"kty":"RSA","d":"AQAB"}`,
		"d escaped":                   strings.Replace(whole, `"d"`, `"\u0064"`, 1),
		"everything escaped":          `{"\u0064":"AQAB"}`,
		"D in capitals":               `{"kty":"RSA","D":"AQAB"}`,
		"d as a number":               `{"kty":"RSA","d":12345}`,
		"d as an object":              `{"kty":"RSA","d":{"x":1}}`,
		"hidden by a second d":        `{"d":"AQAB","d":null}`,
		"EC":                          `{"kty":"EC","crv":"P-256","x":"AA","y":"AA","d":"AA"}`,
		"oct":                         `{"kty":"oct","k":"AA"}`,
		"more primes":                 `{"kty":"RSA","oth":[{"r":"AA"}]}`,
		"base64":                      encoded,
		"base64 in lines":             wrap(encoded),
		"base64url":                   b64([]byte(whole)),
		"base64 of base64":            base64.StdEncoding.EncodeToString([]byte(encoded)),
		"appsettings":                 `{"MaskinportenSettings":{"ClientId":"x","EncodedJwk":"` + encoded + `"}}`,
		"environment":                 "MaskinportenSettings__EncodedJwk=" + encoded,
		"JSON in JSON":                `{"jwk":` + string(quoted) + "}",
		"curly":                       strings.ReplaceAll(whole, `"`, "”"),
		"JavaScript":                  "var jwk = {'kty':'RSA','d':'AQAB'}",
		"PKCS#8":                      pair.PEM().Reveal(),
		"PKCS#1":                      read(t, "openssl.pkcs1.pem"),
		"PEM cut off":                 pair.PEM().Reveal()[:500],
		"PEM with a passphrase":       read(t, "openssl.encrypted.pem"),
		"PEM of an EC key":            read(t, "ec.pkcs8.pem"),
		"OpenSSH":                     read(t, "openssh.pem"),
		"certificate and private key": read(t, "openssl.cert.pem") + "\n" + read(t, "openssl.pkcs8.pem"),
		"PKCS#8 without the lines":    base64.StdEncoding.EncodeToString(block.Bytes),
		"DER":                         string(block.Bytes),
		"PKCS#12":                     string(pkcs12),
		"PKCS#12 in base64":           base64.StdEncoding.EncodeToString(pkcs12),
		"PuTTY":                       "PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\n",
		"XML of .NET":                 "<RSAKeyValue><Modulus>AA</Modulus>\n<D>AA</D></RSAKeyValue>",
	}
	for name, text := range disguises {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := jwk.ParsePublic([]byte(text)); !errors.Is(err, jwk.ErrPrivate) {
				t.Errorf("ParsePublic: got %v", err)
			}
			if _, err := jwk.ParsePublics([]byte(text)); !errors.Is(err, jwk.ErrPrivate) {
				t.Errorf("ParsePublics: got %v", err)
			}
		})
	}
}

// A false alarm tells a person that a good key has leaked.
func TestPublicKeysAreNoLeak(t *testing.T) {
	t.Parallel()
	good := publicMembers(t)
	for _, text := range []string{
		with(good, "kid", "d"), with(good, "kid", "k", "x", "p"), with(good, "q.x", "d"),
		read(t, "openssl.spki.pem"), read(t, "openssl.cert.pem"), read(t, "openssl.pkcs1.pub.pem"),
		base64.StdEncoding.EncodeToString([]byte(fixed().Public().Set())), read(t, "openssl.jws"),
		strings.Replace(with(good, "d", "!"), `"!"`, "null", 1),
		"", "null", "d", `["d","k"]`, `{"x":["d",1]}`, strings.Repeat("[", 100000),
	} {
		if _, err := jwk.ParsePublics([]byte(text)); errors.Is(err, jwk.ErrPrivate) {
			t.Errorf("%.60q is taken for a private key", text)
		}
	}
}

// The bytes of a modulus may be anything, a private member's name included.
func TestModulusIsNoText(t *testing.T) {
	t.Parallel()
	good := publicMembers(t)
	modulus := unb64(good["n"].(string))
	copy(modulus[100:], `{"d":"AQAB"}`)
	text := with(good, "n", modulusOf(multipleOf(new(big.Int).SetBytes(modulus), 1)))
	if _, err := jwk.ParsePublic([]byte(text)); err != nil {
		t.Error(err)
	}
}

func TestHugePasteIsRefused(t *testing.T) {
	t.Parallel()
	for _, piece := range []string{"[", `{"a":`, "eyJhIjox", "A", " ", "\"d\"", "<RSAKeyValue>"} {
		_, err := jwk.ParsePublics([]byte(strings.Repeat(piece, 8<<20/len(piece))))
		if !errors.Is(err, jwk.ErrMalformed) {
			t.Errorf("%q: got %v", piece, err)
		}
	}
}

// An error may be logged and shown: it must not quote what was pasted.
func TestErrorsQuoteNothing(t *testing.T) {
	t.Parallel()
	whole := fixed().JSON().Reveal()
	for i := 0; i < len(whole); i += 29 {
		for _, text := range []string{whole[:i] + "~" + whole[i+1:], whole[:i], whole[i:], whole[:i] + `"` + whole[i:]} {
			for name, err := range map[string]error{
				"ParsePrivate": second(jwk.ParsePrivate([]byte(text))),
				"ParsePublic":  second(jwk.ParsePublic([]byte(text))),
				"ParsePublics": second(jwk.ParsePublics([]byte(text))),
				"WithKid":      second(fixed().WithKid(text)),
				"ParseKid":     second(jwk.ParseKid(text)),
			} {
				if err == nil {
					continue
				}
				if found := pieceOf(fmt.Sprintf("%v %+v %#v", err, err, err), whole); found != "" {
					t.Fatalf("%s quotes %q", name, found)
				}
			}
		}
	}
}

func second[T any](_ T, err error) error { return err }
