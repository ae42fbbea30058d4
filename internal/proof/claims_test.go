package proof

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portvakt/jwk"
)

const hostileGrant = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJpIn0.c2lnbmF0dXJlLW9mLXRoZS1ncmFudA"

func TestKeep(t *testing.T) {
	t.Parallel()
	var claims map[string]any
	if err := json.Unmarshal([]byte(`{
		"scope": "a:b", "exp": 1773489720, "flag": true, "none": null,
		"consumer": {"authority": "iso6523-actorid-upis", "ID": "0192:310110019"},
		"echo": "Bearer `+hostileGrant+` and c2lnbmF0dXJlLW9mLXRoZS1ncmFudA",
		"list": ["`+hostileGrant+`", 1],
		"spaced": "x eyAiYWxnIjoiUlMyNTYiIH0.eyAiaXNzIjoieCIgfQ.c2ln y", "lines": "ewogICJhbGciOiAiUlMyNTYiCn0",
		"`+hostileGrant+`": 1,
		"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": 1}}}}}}}
	}`), &claims); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"scope": "a:b", "exp": 1773489720.0, "flag": true, "none": nil,
		"consumer": map[string]any{"authority": "iso6523-actorid-upis", "ID": "0192:310110019"},
		"echo":     "Bearer [removed] and [removed]",
		"list":     []any{"[removed]", 1.0},
		"spaced":   "x [removed] y", "lines": "[removed]",
		"[removed]": 1.0,
		"a":         map[string]any{"b": map[string]any{"c": map[string]any{"d": map[string]any{"e": map[string]any{"f": map[string]any{"g": "…"}}}}}},
	}
	if diff := cmp.Diff(want, keep(claims, hostileGrant)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if keep(nil) != nil {
		t.Error("claims come from nowhere")
	}
}

func FuzzClaims(f *testing.F) {
	for _, claims := range []string{
		`{"exp":1773489720,"iat":1773489600,"iss":"i","scope":"a:b","consumer":{"authority":"iso6523-actorid-upis","ID":"0192:310110019"}}`,
		`{"exp":1e300,"iat":-1e300,"scope":[],"consumer":[],"urn:altinn:org":{}}`,
		`{"exp":"soon","x":"` + hostileGrant + `"}`, `{}`, `null`, `{"a":[[[[[[[[1]]]]]]]]}`,
	} {
		f.Add([]byte(claims))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var claims map[string]any
		if json.Unmarshal(text, &claims) != nil {
			return
		}
		if life(claims) < 0 {
			t.Errorf("a negative life of %s", text)
		}
		s := seen{issuer: "i", now: time.Unix(1_773_489_600, 0), claims: claims}
		if firstOf(exchangeCauses, s) == "" || firstOf(accessCauses, s) == "" {
			t.Errorf("no cause for %s", text)
		}
		kept, err := json.Marshal(keep(claims, hostileGrant))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(kept), "eyJ") || strings.Contains(string(kept), "c2lnbmF0dXJlLW9mLXRoZS1ncmFudA") {
			t.Errorf("a token is kept: %s", kept)
		}
	})
}

func FuzzGrant(f *testing.F) {
	key, err := jwk.Generate(2048)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(hostileGrant)
	f.Add("..")
	f.Add("")
	f.Fuzz(func(t *testing.T, grant string) {
		run := flow{subject: Subject{Key: key.Public()}, signed: grant}
		if got := run.checkGrant(t.Context()); got.code != GrantInvalidSignature {
			t.Errorf("%q: got %s %q", grant, got.outcome, got.code)
		}
	})
}
