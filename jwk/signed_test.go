package jwk_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"portvakt/jwk"
)

// headers are those of a signed token, laid out in the ways that libraries do.
var headers = []string{
	`{"alg":"RS256"}`,
	`{ "alg" : "RS256" }`,
	"{\n  \"alg\": \"RS256\"\n}",
	"{\r\n\t\"alg\": \"RS256\"\r\n}",
	"{\t\"kid\":\"a\"}",
	`{               "alg":"RS256"}`,
}

func TestSignedTexts(t *testing.T) {
	t.Parallel()
	encode := base64.RawURLEncoding.EncodeToString
	for _, header := range headers {
		whole := encode([]byte(header)) + "." + encode([]byte(`{ "iss":"me" }`)) + ".c2lnbmF0dXJl"
		for around, text := range map[string]string{
			"alone": whole, "in a sentence": "before " + whole + " after", "behind a word": "the_token=" + whole,
			"behind a letter": "x" + whole, "without a signature": whole[:strings.LastIndexByte(whole, '.')+1],
		} {
			if !jwk.HasSigned(text) {
				t.Errorf("%q %s is not seen: %s", header, around, text)
			}
			cut := jwk.CutSigned(text, "[removed]")
			if strings.Contains(cut, "c2lnbmF0dXJl") || !strings.Contains(cut, "[removed]") || strings.Contains(cut, encode([]byte(header))[:12]) {
				t.Errorf("%q %s: left %q", header, around, cut)
			}
		}
		if got := jwk.CutSigned("a "+whole[:32]+" b", "-"); got != "a - b" {
			t.Errorf("%q cut off: left %q", header, got)
		}
	}
}

// What stands before a token, and looks like the beginning of one, hides none.
func TestSignedBehindAnother(t *testing.T) {
	t.Parallel()
	const token = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl"
	for _, before := range []string{"eyJ.", "eyJhbGciOiJSUzI1NiJ9..", "eyJhbGciOiJSUzI1NiJ9 "} {
		if !jwk.HasSigned(before + token) {
			t.Errorf("not seen behind %q", before)
		}
	}
}

func TestTextsThatAreNotSigned(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "e", "ey", "example.com.no", "keyAgreement.keyAlias.keyAdmin", "newkirk.newk.newo", "altinn:serviceowner/notifications.create",
		"0a1b2c3d-1111-2222-3333-444455556666", "eyewitness.eyebrow.eyes", "www.example.com", "ewogICJ",
	} {
		if jwk.HasSigned(text) || jwk.CutSigned(text, "-") != text {
			t.Errorf("%q is taken for a token: %q", text, jwk.CutSigned(text, "-"))
		}
	}
}
