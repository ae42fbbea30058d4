package jwk_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"portvakt/jwk"

	"github.com/google/go-cmp/cmp"
)

func input(header, payload string) string {
	return b64([]byte(header)) + "." + b64([]byte(payload))
}

func TestSignAndVerify(t *testing.T) {
	t.Parallel()
	for _, name := range fixedNames {
		key := private(t, name)
		for _, alg := range []string{"RS256", "RS384", "RS512"} {
			signing := input(`{"typ":"JWT", "alg":"`+alg+`"}`, `{"iss" : "x"}`)
			compact, err := key.Sign(signing)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(compact, signing+".") {
				t.Error("the signing input was changed")
			}
			payload, err := jwk.Verify(key.Public(), compact)
			if err != nil || string(payload) != `{"iss" : "x"}` {
				t.Errorf("%s, %s: got %q, %v", name, alg, payload, err)
			}
		}
	}
}

func TestSignRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]error{
		"":                                      jwk.ErrMalformed,
		"e30":                                   jwk.ErrMalformed,
		"e30.e30.e30":                           jwk.ErrMalformed,
		"e30=.e30":                              jwk.ErrMalformed,
		"e30.e30":                               jwk.ErrAlgorithm,
		input(`[]`, "{}"):                       jwk.ErrMalformed,
		input(`{"alg":"none"}`, "{}"):           jwk.ErrAlgorithm,
		input(`{"alg":"HS256"}`, "{}"):          jwk.ErrAlgorithm,
		input(`{"alg":"PS256"}`, "{}"):          jwk.ErrAlgorithm,
		input(`{"alg":["RS256"]}`, "{}"):        jwk.ErrAlgorithm,
		input(`{"alg":"RS256","alg":"x"}`, "{"): jwk.ErrMalformed,
		input(`{"alg":"RS256"}`, strings.Repeat(" ", 16<<10)): jwk.ErrMalformed,
	} {
		if got, err := fixed().Sign(text); !errors.Is(err, want) || got != "" {
			t.Errorf("%.40s: got %q, %v, want %v", text, got, err, want)
		}
	}
}

func TestVerifyRefuses(t *testing.T) {
	t.Parallel()
	key, public := fixed(), fixed().Public()
	good, err := key.Sign(input(`{"alg":"RS256"}`, `{"iss":"x"}`))
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(good, ".")

	// The oldest trick: the public key as the secret of an HMAC.
	mac := hmac.New(sha256.New, []byte(public.PEM()))
	confused := input(`{"alg":"HS256"}`, `{"iss":"x"}`)
	mac.Write([]byte(confused))

	tests := []refusal{
		{"empty", "", jwk.ErrMalformed},
		{"two parts", parts[0] + "." + parts[1], jwk.ErrMalformed},
		{"four parts", good + ".AA", jwk.ErrMalformed},
		{"padded", good + "==", jwk.ErrMalformed},
		{"standard alphabet", parts[0] + "." + parts[1] + ".+/" + parts[2][2:], jwk.ErrMalformed},
		{"line break", parts[0] + "." + parts[1] + "." + parts[2][:10] + "\n" + parts[2][10:], jwk.ErrMalformed},
		{"stray bits", parts[0] + "." + parts[1] + "." + parts[2][:len(parts[2])-1] + strayBit(parts[2]), jwk.ErrMalformed},
		{"header is no object", b64([]byte("1")) + "." + parts[1] + "." + parts[2], jwk.ErrMalformed},
		{"alg twice", b64([]byte(`{"alg":"RS256","alg":"RS256"}`)) + "." + parts[1] + "." + parts[2], jwk.ErrMalformed},
		{"too large", good + strings.Repeat("A", 16<<10), jwk.ErrMalformed},
		{"no signature", parts[0] + "." + parts[1] + ".", jwk.ErrSignature},
		{"other payload", parts[0] + "." + b64([]byte(`{"iss":"y"}`)) + "." + parts[2], jwk.ErrSignature},
		{"other header", b64([]byte(`{"alg":"RS256","kid":"x"}`)) + "." + parts[1] + "." + parts[2], jwk.ErrSignature},
		{"other algorithm", b64([]byte(`{"alg":"RS384"}`)) + "." + parts[1] + "." + parts[2], jwk.ErrSignature},
		{"none", b64([]byte(`{"alg":"none"}`)) + "." + parts[1] + ".", jwk.ErrSignature},
		{"none, is also named", b64([]byte(`{"alg":"none"}`)) + "." + parts[1] + ".", jwk.ErrAlgorithm},
		{"None", b64([]byte(`{"alg":"None"}`)) + "." + parts[1] + "." + parts[2], jwk.ErrSignature},
		{"no alg", b64([]byte(`{}`)) + "." + parts[1] + "." + parts[2], jwk.ErrSignature},
		{"HMAC with the public key", confused + "." + b64(mac.Sum(nil)), jwk.ErrSignature},
		{"critical header", b64([]byte(`{"alg":"RS256","crit":["b64"],"b64":false}`)) + "." + parts[1] + "." + parts[2], jwk.ErrSignature},
		{"signature too short", parts[0] + "." + parts[1] + "." + parts[2][:340], jwk.ErrSignature},
		{"signature too long", parts[0] + "." + parts[1] + "." + parts[2] + "AA", jwk.ErrSignature},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if payload, err := jwk.Verify(public, test.text); !errors.Is(err, test.want) || payload != nil {
				t.Errorf("got %q, %v, want %v", payload, err, test.want)
			}
		})
	}
	for name, other := range map[string]jwk.Public{
		"another key": private(t, "openssl.pkcs8.pem").Public(), "another size": private(t, "rsa3072.json").Public(), "no key": {},
	} {
		if payload, err := jwk.Verify(other, good); !errors.Is(err, jwk.ErrSignature) || payload != nil {
			t.Errorf("%s: got %q, %v", name, payload, err)
		}
	}
	for i := range len(parts[2]) {
		changed := good[:len(good)-1-i] + "A" + good[len(good)-i:]
		if _, err := jwk.Verify(public, changed); err == nil && changed != good {
			t.Fatalf("character %d of the signature does not matter", i)
		}
	}
}

// What is critical must be refused even under a good signature.
func TestCriticalHeaderIsNeverSigned(t *testing.T) {
	t.Parallel()
	if _, err := fixed().Sign(input(`{"alg":"RS256","crit":["exp"],"exp":1}`, "{}")); !errors.Is(err, jwk.ErrMalformed) {
		t.Errorf("got %v", err)
	}
}

func TestInspect(t *testing.T) {
	t.Parallel()
	header, claims, err := jwk.Inspect(input(`{"alg":"none","kid":"ø"}`, `{"scope":"a b","iat":1700000000,"consumer":{"ID":["0192:1"],"x":null}}`) + ".")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"alg": "none", "kid": "ø"}, header); diff != "" {
		t.Error(diff)
	}
	want := map[string]any{"scope": "a b", "iat": 1.7e9, "consumer": map[string]any{"ID": []any{"0192:1"}, "x": nil}}
	if diff := cmp.Diff(want, claims); diff != "" {
		t.Error(diff)
	}

	for name, text := range map[string]string{
		"empty":                   "",
		"one part":                "e30",
		"two parts":               "e30.e30",
		"five parts (encrypted)":  "e30.AA.AA.AA.AA",
		"padded":                  "e30=.e30.",
		"bearer in front":         "Bearer e30.e30.",
		"space":                   "e30.e30. ",
		"payload is no object":    input("{}", "[]") + ".",
		"payload is no JSON":      input("{}", "x") + ".",
		"claim twice":             input("{}", `{"a":1,"a":2}`) + ".",
		"claim twice, deep":       input("{}", `{"x":[{"a":1,"a":2}]}`) + ".",
		"two payloads":            input("{}", "{}{}") + ".",
		"broken UTF-8":            input("{}", "{\"a\":\"\xff\"}") + ".",
		"number beyond all":       input("{}", `{"a":1e999}`) + ".",
		"too deep":                input("{}", strings.Repeat(`{"a":`, 40)+"1"+strings.Repeat("}", 40)) + ".",
		"too large":               input("{}", `{"a":"`+strings.Repeat("a", 16<<10)+`"}`) + ".",
		"standard alphabet":       base64.RawStdEncoding.EncodeToString([]byte(`{"a":"???>>>"}`)) + ".e30.",
		"signature not base64url": "e30.e30.!",
	} {
		if h, c, err := jwk.Inspect(text); !errors.Is(err, jwk.ErrMalformed) || h != nil || c != nil {
			t.Errorf("%s: got %v, %v, %v", name, h, c, err)
		}
	}
}

// The error of a token may be logged; the token may not.
func TestTokenErrorsQuoteNothing(t *testing.T) {
	t.Parallel()
	good, err := fixed().Sign(input(`{"alg":"RS256"}`, `{"iss":"a name that nobody else has"}`))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(good); i += 7 {
		for _, text := range []string{good[:i], good[:i] + "!" + good[i:], good[:i] + "." + good[i:]} {
			_, _, err1 := jwk.Inspect(text)
			_, err2 := jwk.Verify(fixed().Public(), text)
			_, err3 := fixed().Sign(text)
			if found := pieceOf(fmt.Sprint(err1, err2, err3), good+" a name that nobody else has"); found != "" {
				t.Fatalf("%q got out", found)
			}
		}
	}
}
