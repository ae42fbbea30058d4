package practice_test

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"portvakt/internal/sandbox"
	"portvakt/views"
)

// changed is the public JWK with some members set, or taken away with nil.
func changed(t *testing.T, members ...any) string {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal([]byte(key(t).Public().JSON()), &object); err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(members); i += 2 {
		name := members[i].(string)
		if object[name] = members[i+1]; members[i+1] == nil {
			delete(object, name)
		}
	}
	data, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestRefusedKey(t *testing.T) {
	t.Parallel()
	for code, pasted := range map[string]string{
		sandbox.CodeKeyEmpty:        " ",
		sandbox.CodeKeyTooLarge:     strings.Repeat("x", 20000),
		sandbox.CodeKeyCertificate:  read(t, "certificate.pem"),
		sandbox.CodeKeyPKCS1:        read(t, "pkcs1.pem"),
		sandbox.CodeKeyMalformed:    "hei",
		sandbox.CodeKeyNotRSA:       read(t, "ec.pem"),
		sandbox.CodeKeySize:         read(t, "small.pem"),
		sandbox.CodeKeyTruncated:    changed(t)[:90],
		sandbox.CodeKeyHTML:         "<html><title>503</title></html>",
		sandbox.CodeKeyBase64:       base64.StdEncoding.EncodeToString([]byte(changed(t))),
		sandbox.CodeKeySettings:     "NOKKEL=" + changed(t),
		sandbox.CodeKeyQuotes:       strings.ReplaceAll(changed(t), `"`, "”"),
		sandbox.CodeKeyCommas:       strings.Replace(changed(t), "}", ",}", 1),
		sandbox.CodeKeyValues:       changed(t, "e", "AQAB=="),
		sandbox.CodeKeyExponent:     changed(t, "e", "Aw"),
		sandbox.CodeKeyUseMissing:   changed(t, "use", nil),
		sandbox.CodeKeyUse:          changed(t, "use", "enc"),
		sandbox.CodeKeyAlgMissing:   changed(t, "alg", nil),
		sandbox.CodeKeyAlg:          changed(t, "alg", "PS256"),
		sandbox.CodeKeyKidMissing:   changed(t, "kid", nil),
		sandbox.CodeKeyKid:          changed(t, "kid", "min nøkkel"),
		sandbox.CodeKeyKidTaken:     changed(t),
		sandbox.CodeKeyExpMalformed: changed(t, "kid", "ny", "exp", "i morgen"),
		sandbox.CodeKeyExpPast:      changed(t, "kid", "ny", "exp", 1000),
		sandbox.CodeKeyExpTooLate:   changed(t, "kid", "ny", "exp", noon.AddDate(2, 0, 0).Unix()),
		sandbox.CodeKeyTooMany: "[" + strings.Join([]string{
			changed(t, "kid", "1"), changed(t, "kid", "2"), changed(t, "kid", "3"), changed(t, "kid", "4"), changed(t, "kid", "5"),
		}, ",") + "]",
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			at := s.client(owner)
			s.post(at+"/keys", "key", key(t).Public().JSON()).next()
			inAll(t, func(t *testing.T, text views.Text) {
				s := site{T: t, sandbox: s.sandbox, url: s.url}
				form := "key=" + escape(pasted)
				got := s.ask("POST", at+"/keys", form, "Content-Type", "application/x-www-form-urlencoded", "Accept-Language", string(text.Language())).wants(422)
				kid := "practice-1"
				if strings.Contains(pasted, `"ny"`) {
					kid = "ny"
				}
				want := sentence(t, text, views.PracticeProblem{Field: "name", Code: code, Figures: map[string]string{
					"kid": kid, "limit": map[string]string{sandbox.CodeKeyTooLarge: "16384"}[code] + map[string]string{sandbox.CodeKeyTooMany: "5"}[code], "have": "1",
					"bits": map[string]string{sandbox.CodeKeySize: "1024"}[code],
				}})
				if got := got.Find("#key-problem").Text(); got != want {
					t.Errorf("got %q, want %q", got, want)
				}
				if got := got.Find("textarea#key").Text(); got != pasted {
					t.Errorf("got %q in the field, want what was pasted", got)
				}
			})
		})
	}
}

// A private key is neither sent back nor kept, in whatever form and whichever field it comes.
func TestPrivateKey(t *testing.T) {
	t.Parallel()
	k := key(t)
	var members map[string]string
	if err := json.Unmarshal([]byte(k.JSON().Reveal()), &members); err != nil {
		t.Fatal(err)
	}
	exponent := members["d"]
	forms := map[string]string{
		"JWK": k.JSON().Reveal(), "JWKS": `{"keys":[` + k.JSON().Reveal() + `]}`, "PEM": k.PEM().Reveal(),
		"base64": k.Encoded().Reveal(), "base64 of base64": base64.StdEncoding.EncodeToString([]byte(k.Encoded().Reveal())),
		"broken": k.JSON().Reveal()[:len(k.JSON().Reveal())-40], "with much text": strings.Repeat("x ", 9000) + k.JSON().Reveal(),
	}
	for name, pasted := range forms {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			at := s.client(owner)
			for path, field := range map[string]string{
				at + "/keys": "key", at + "/keys/draft": "key", at + "/details": "lifetime", at + "/details/draft": "lifetime",
				at + "/scopes": "scopes", at + "/scopes/draft": "query", clients: "description", clients + "/draft": "name",
			} {
				answer := s.post(path, without(field, "name", "Navn", "description", "Mer", "lifetime", "120", "scope", owner, field, pasted)...)
				answer.wants(422)
				for _, secret := range []string{exponent, pasted[len(pasted)/2:][:100], base64.StdEncoding.EncodeToString([]byte(exponent))[:80]} {
					if strings.Contains(answer.text, secret) {
						t.Fatalf("%s %s: the private key came back", path, field)
					}
				}
				if got := answer.Find("#" + field + "-problem").Text(); !strings.Contains(got, "privat nøkkel") || !strings.Contains(got, "lekket") {
					t.Errorf("%s %s: got %q, want what it was and what to do", path, field, got)
				}
				if at := answer.Find("#" + field); at.AttrOr("value", at.Text()) != "" {
					t.Errorf("%s %s: the field is not empty", path, field)
				}
			}
			s.keepsNothing(exponent, pasted[len(pasted)/2:][:100])
		})
	}
}

// without leaves the first value of a field out of names and values in turn.
func without(field string, fields ...string) []string {
	for i := 0; i < len(fields)-2; i += 2 {
		if fields[i] == field {
			return append(append([]string{}, fields[:i]...), fields[i+2:]...)
		}
	}
	return fields
}

func (s site) keepsNothing(secrets ...string) {
	s.Helper()
	files, _ := filepath.Glob(s.dir + "/*")
	if len(files) == 0 {
		s.Error("the sandbox wrote no file")
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			s.Fatal(err)
		}
		for _, secret := range secrets {
			if strings.Contains(string(data), secret) {
				s.Errorf("%s holds what was pasted", file)
			}
		}
	}
}

func TestToken(t *testing.T) {
	t.Parallel()
	s := start(t)
	at := s.client(owner)
	pasted := "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0." + strings.Repeat("c2ln", 30)
	for path, field := range map[string]string{at + "/keys": "key", at + "/keys/draft": "key", clients: "description"} {
		got := s.post(path, "name", "Navn", "lifetime", "120", "scope", owner, field, pasted).wants(422).says("ligner et token")
		if strings.Contains(got.text, pasted) || got.Find("#problems li").Length() != 1 {
			t.Errorf("%s: got the token back, or more than one problem", path)
		}
	}
}
