package altinn

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"portvakt/internal/outbound"
)

const (
	fuzzSignature = "c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"
	fuzzToken     = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJpIn0." + fuzzSignature
)

func seed(f *testing.F) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		f.Fatalf("finding the recorded answers: %v", err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(200, body)
		f.Add(404, body)
	}
	f.Add(200, []byte(`"`+fuzzToken+`"`))
	f.Add(401, []byte(`{"title":"\u202e`+fuzzToken+`\n"}`))
}

// soundError fails on an error that is not fit to be kept; secret is what must
// have been cut out.
func soundError(t *testing.T, err error, secret string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Kind == "" {
		t.Fatalf("got %v, want an *Error with a kind", err)
	}
	for _, text := range []string{e.Code, e.Title, e.Detail, e.TraceID, e.Cause} {
		if !utf8.ValidString(text) || utf8.RuneCountInString(text) > 501 {
			t.Errorf("not fit to be shown: %q", text)
		}
		if strings.Contains(text, "eyJ") || secret != "" && strings.Contains(text, secret) {
			t.Errorf("a token is kept: %q", text)
		}
		if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("control characters are kept: %q", text)
		}
	}
}

func FuzzExchange(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		token, err := readExchange(answer{outbound.Answer{Status: status, Body: body}}, fuzzToken)
		if err != nil {
			soundError(t, err, fuzzSignature)
			return
		}
		if strings.Count(token.Reveal(), ".") != 2 || strings.ContainsAny(token.Reveal(), " \r\n\"") {
			t.Errorf("accepted %q", token.Reveal())
		}
	})
}

func FuzzAccess(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		access, err := readAccess(answer{outbound.Answer{Status: status, Body: body}}, fuzzToken)
		if err != nil {
			soundError(t, err, fuzzSignature)
			return
		}
		if access.Status != 200 && (access.Status != 404 || access.Code != shipmentUnknown) {
			t.Errorf("access was seen in %+v", access)
		}
	})
}

func FuzzOrganisations(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		codes, err := readOrganisations(answer{outbound.Answer{Status: status, Body: body}})
		if err != nil {
			soundError(t, err, "")
			return
		}
		for number, code := range codes {
			if !orgNumber.MatchString(number) || !orgCode.MatchString(code) {
				t.Errorf("accepted %q for %q", code, number)
			}
		}
	})
}
