package sandbox

import (
	"errors"
	"os"
	"testing"
)

// FuzzParseGrant: whatever is sent, the answer is a grant or a refusal in the real one's words.
func FuzzParseGrant(f *testing.F) {
	for _, name := range []string{"openssl", "node"} {
		recorded, err := os.ReadFile("testdata/recorded/" + name + ".jwt")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(recorded))
	}
	f.Add("eyJhbGciOiJSUzI1NiJ9.e30.AA")
	f.Add("..")
	f.Fuzz(func(t *testing.T, compact string) {
		grant, err := parseGrant(compact)
		var known *refusal
		if err != nil && !errors.As(err, &known) {
			t.Errorf("got %v, want a refusal", err)
		}
		if err == nil && (grant.issuer == "" || len(grant.scopes) == 0 || grant.expires.IsZero()) {
			t.Errorf("accepted %q without what every grant has", compact)
		}
	})
}

// FuzzParseKeys: whatever is pasted, the answer is keys with ids or problems with codes.
func FuzzParseKeys(f *testing.F) {
	for _, name := range []string{"ec.pem", "pkcs1.pem", "certificate.pem", "practice.pem", "recorded/sandbox.json"} {
		text, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add(`{"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"a","exp":1,"e":"AQAB","n":"AA"}]}`)
	f.Add(`[null]`)
	f.Fuzz(func(t *testing.T, pasted string) {
		found, err := parseKeys(pasted)
		var problems Problems
		if err != nil && (!errors.As(err, &problems) || len(problems) == 0) {
			t.Errorf("got %v, want problems", err)
		}
		for _, key := range found {
			if key.public.Kid() == "" {
				t.Error("found a key without a kid")
			}
		}
	})
}
