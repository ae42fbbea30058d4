package maskinporten

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"portvakt/internal/outbound"
)

const (
	fuzzSignature = "c2lnbmF0dXJlLW9mLXRoZS1ncmFudA"
	fuzzGrant     = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJpIn0." + fuzzSignature
)

func seed(f *testing.F) {
	files, err := filepath.Glob("testdata/*.*")
	if err != nil || len(files) == 0 {
		f.Fatalf("finding the recorded answers: %v", err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(200, body)
		f.Add(400, body)
	}
	f.Add(200, []byte(`{"access_token":"`+fuzzGrant+`","expires_in":119,"scope":"a:b"}`))
	f.Add(400, []byte(`{"error":"`+fuzzGrant+`","error_description":"\u202e\n"}`))
}

// sound fails on a kept text that is not fit to be kept.
func sound(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !utf8.ValidString(text) || utf8.RuneCountInString(text) > 501 {
			t.Errorf("not fit to be shown: %q", text)
		}
		if strings.Contains(text, "eyJ") {
			t.Errorf("a token is kept: %q", text)
		}
		if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("control characters are kept: %q", text)
		}
	}
}

// soundError does so for an error; secret is what must have been cut out.
func soundError(t *testing.T, err error, secret string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Kind == "" {
		t.Fatalf("got %v, want an *Error with a kind", err)
	}
	for _, text := range []string{e.OAuth, e.Description, e.Code, e.TraceID, e.Cause} {
		sound(t, text)
		if secret != "" && strings.Contains(text, secret) {
			t.Errorf("a secret is kept: %q", text)
		}
	}
}

// The document as the test environment publishes it: seven members, no
// authorization_endpoint.
func TestRecordedMetadata(t *testing.T) {
	t.Parallel()
	body, err := os.ReadFile("testdata/metadata.json")
	if err != nil {
		t.Fatal(err)
	}
	c := &Client{Issuer: "https://test.maskinporten.no/"}
	m, err := c.readMetadata(answer{outbound.Answer{Status: http.StatusOK, Body: body}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := m.TokenEndpoint, "https://test.maskinporten.no/token"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzMetadata(f *testing.F) {
	seed(f)
	c := &Client{Issuer: "https://test.maskinporten.no/"}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		m, err := c.readMetadata(answer{outbound.Answer{Status: status, Body: body}})
		if err != nil {
			soundError(t, err, "")
			return
		}
		if m.Issuer != c.Issuer || !strings.HasPrefix(strings.ToLower(m.TokenEndpoint), "https://test.maskinporten.no") {
			t.Errorf("got %+v", m)
		}
	})
}

func FuzzToken(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		token, err := readToken(answer{outbound.Answer{Status: status, Body: body}}, fuzzGrant)
		if err != nil {
			soundError(t, err, fuzzSignature)
			return
		}
		if token.Value.IsZero() || token.ExpiresIn < 0 || strings.ContainsAny(token.Value.Reveal(), "\r\n\x00") {
			t.Errorf("got %+v", token)
		}
		sound(t, token.Type)
	})
}

func FuzzKeys(f *testing.F) {
	seed(f)
	f.Add(200, []byte(`{"keys":[{"kty":"RSA","kid":"k","n":"AQ","e":"AQAB"},{"kid":7},null]}`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		keys, err := readKeys(answer{outbound.Answer{Status: status, Body: body}})
		if err != nil {
			soundError(t, err, "")
			return
		}
		if len(keys) == 0 {
			t.Error("a set without keys was accepted")
		}
		for _, k := range keys {
			if k.kid == "" || !k.key.IsZero() && k.key.Kid() != k.kid {
				t.Errorf("got key %q for %q", k.key.Kid(), k.kid)
			}
			if signature(keys, k.kid, fuzzGrant) == SignatureGood {
				t.Errorf("a signature that is none was accepted for %q", k.kid)
			}
		}
	})
}
