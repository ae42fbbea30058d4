package samarbeidsportalen

import (
	"errors"
	"os"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"portvakt/internal/outbound"
)

func FuzzScopes(f *testing.F) {
	body, err := os.ReadFile("testdata/scopes.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(200, body)
	f.Add(400, []byte(`{"errors":[{"errorMessage":"\u202ex"}],"error_description":", x","correlation_id":"\n"}`))
	f.Add(200, []byte(`[{"prefix":"a","subscope":"b\n","description":"eyJhbGciOiJSUzI1NiJ9.eyJ9.c2ln"},7]`))
	f.Add(429, []byte("<h1>"))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		scopes, err := readScopes(outbound.Answer{Status: status, Body: body})
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Kind == "" || e.Call != "scopes" {
				t.Fatalf("got %v, want an *Error with a kind", err)
			}
			sound(t, e.Detail, e.TraceID, e.Cause)
			return
		}
		if len(scopes) == 0 || len(scopes) > scopeLimit {
			t.Errorf("accepted a list of %d scopes", len(scopes))
		}
		for _, s := range scopes {
			sound(t, append([]string{s.Name, s.Description, s.Owner, s.Visibility}, s.Types...)...)
			prefix, rest, ok := strings.Cut(s.Name, ":")
			if !ok || prefix == "" || rest == "" || strings.ContainsAny(s.Name, " \t\n") {
				t.Errorf("accepted %q", s.Name)
			}
			if s.MaxAge < 0 || len(s.Types) > typeLimit || s.Owner != "" && len(s.Owner) != 9 {
				t.Errorf("accepted %+v", s)
			}
		}
	})
}

// sound fails on a text that is not fit to be kept.
func sound(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !utf8.ValidString(text) || utf8.RuneCountInString(text) > 501 {
			t.Errorf("not fit to be shown: %q", text)
		}
		if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("control characters are kept: %q", text)
		}
	}
}
