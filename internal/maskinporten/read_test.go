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
)

const fuzzGrant = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJpIn0.c2lnbmF0dXJlLW9mLXRoZS1ncmFudA"

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
		if !utf8.ValidString(text) || utf8.RuneCountInString(text) > quoteLimit+1 {
			t.Errorf("not fit to be shown: %q", text)
		}
		if strings.Contains(text, "eyJ") || strings.Contains(text, "c2lnbmF0dXJlLW9mLXRoZS1ncmFudA") {
			t.Errorf("a token is kept: %q", text)
		}
		if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("control characters are kept: %q", text)
		}
	}
}

func soundError(t *testing.T, err error) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Kind == "" {
		t.Fatalf("got %v, want an *Error with a kind", err)
	}
	sound(t, e.OAuth, e.Description, e.Code, e.TraceID, e.Cause)
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
	m, err := c.readMetadata(answer{status: http.StatusOK, header: http.Header{}, body: body})
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
		m, err := c.readMetadata(answer{status: status, header: http.Header{}, body: body})
		if err != nil {
			soundError(t, err)
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
		token, err := readToken(answer{status: status, body: body}, fuzzGrant)
		if err != nil {
			soundError(t, err)
			return
		}
		if token.Value.IsZero() || token.ExpiresIn < 0 || strings.ContainsAny(token.Value.Reveal(), "\r\n\x00") {
			t.Errorf("got %+v", token)
		}
		sound(t, token.Type)
	})
}
