package maskinporten_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portvakt/internal/maskinporten"
	"portvakt/jwk"
)

func unsigned(claims string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"RS256","kid":"k"}`)) + "." + encode([]byte(claims)) + "." + encode([]byte("signature"))
}

func TestGrant(t *testing.T) {
	t.Parallel()
	g := maskinporten.Grant{
		ClientID: "0e0c2c4c-7b43-4b80-8d4f-3d0c1c5d7a11", Kid: "notify-test-20260314-abcdefgh", Alg: "RS512",
		Audience: "https://test.maskinporten.no/", Scopes: []string{"altinn:serviceowner", "a:b"},
		IssuedAt: today.Add(999 * time.Millisecond), Life: 120 * time.Second, ID: "0b1c",
	}
	header, claims, ok := strings.Cut(g.SigningInput(), ".")
	if !ok {
		t.Fatalf("no dot in %q", g.SigningInput())
	}
	for part, want := range map[string]string{
		header: `{"alg":"RS512","kid":"notify-test-20260314-abcdefgh"}`,
		claims: `{"aud":"https://test.maskinporten.no/","iss":"0e0c2c4c-7b43-4b80-8d4f-3d0c1c5d7a11",` +
			`"scope":"altinn:serviceowner a:b","iat":1773489600,"exp":1773489720,"jti":"0b1c"}`,
	} {
		got, err := base64.RawURLEncoding.DecodeString(part)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestGrantIsSigned(t *testing.T) {
	t.Parallel()
	key, err := jwk.Generate(2048)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := key.Sign(maskinporten.Grant{Kid: "k", Scopes: []string{"a:b"}, IssuedAt: today, Life: time.Minute}.SigningInput())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := jwk.Verify(key.Public(), signed); err != nil {
		t.Error(err)
	}
	header, _, err := jwk.Inspect(signed)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := header["alg"], "RS256"; got != want {
		t.Errorf("got alg %q of a grant that names none, want %q", got, want)
	}
}

func TestToken(t *testing.T) {
	t.Parallel()
	token := unsigned(`{"scope":"a:b","iss":"https://test.maskinporten.no/","exp":1773489720}`)
	c := served(t, func(w http.ResponseWriter, r *http.Request) {
		if got, want := r.Method+" "+r.Header.Get("Content-Type"), "POST application/x-www-form-urlencoded"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if r.URL.RawQuery != "" {
			t.Errorf("the address has a query: %s", r.URL.RawQuery)
		}
		r.ParseForm()
		want := map[string][]string{
			"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {"h.p.s+/="},
		}
		if diff := cmp.Diff(want, map[string][]string(r.PostForm)); diff != "" {
			t.Errorf("form (-want +got):\n%s", diff)
		}
		fmt.Fprintf(w, `{"access_token":%q,"token_type":"Bearer","expires_in":119,"scope":"a:b"}`, token)
	})
	got, err := c.Token(t.Context(), endpoint(c), "h.p.s+/=")
	if err != nil {
		t.Fatal(err)
	}
	if got.Value.Reveal() != token {
		t.Error("the token is not the one that was answered")
	}
	if got.Type != "Bearer" || got.Scope != "a:b" || got.ExpiresIn != 119 {
		t.Errorf("got %+v", got)
	}
	want := map[string]any{"scope": "a:b", "iss": "https://test.maskinporten.no/", "exp": 1773489720.0}
	if diff := cmp.Diff(want, got.Claims); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
}

func TestLenientToken(t *testing.T) {
	t.Parallel()
	long := strings.TrimSpace(strings.Repeat("altinn:serviceowner/something.long ", 40))
	for body, want := range map[string]maskinporten.Token{
		`{"access_token":"opaque","expires_in":"119"}`:                           {ExpiresIn: 119},
		`{"access_token":"opaque","expires_in":-1}`:                              {},
		`{"access_token":"opaque","expires_in":1e300}`:                           {},
		`{"access_token":"opaque","expires_in":[],"extra":{}}`:                   {},
		`{"access_token":"opaque","token_type":"bearer","scope":"` + long + `"}`: {Type: "bearer", Scope: long},
	} {
		c := served(t, text(body))
		got, err := c.Token(t.Context(), endpoint(c), "a.b.c")
		if err != nil {
			t.Errorf("%s: %v", body, err)
			continue
		}
		if got.ExpiresIn != want.ExpiresIn || got.Type != want.Type || got.Scope != want.Scope || got.Claims != nil {
			t.Errorf("%s: got %+v, want %+v", body, got, want)
		}
	}
}

func TestTokenThatFitsNoHeader(t *testing.T) {
	t.Parallel()
	for _, token := range []string{`a\r\nX-Evil: 1`, `a b`, `æøå`, `\u0000`} {
		c := served(t, text(`{"access_token":"`+token+`"}`))
		_, err := c.Token(t.Context(), endpoint(c), "a.b.c")
		if got, want := refusal(t, err).Kind, maskinporten.KindMalformed; got != want {
			t.Errorf("%q: got %s, want %s", token, got, want)
		}
	}
}

func TestTokenCannotBePrinted(t *testing.T) {
	t.Parallel()
	token := unsigned(`{"scope":"a:b"}`)
	c := served(t, text(`{"access_token":"`+token+`","token_type":"Bearer"}`))
	got, err := c.Token(t.Context(), endpoint(c), "a.b.c")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		fmt.Fprintf(&out, verb, got)
		fmt.Fprintf(&out, verb, &got)
		fmt.Fprintf(&out, verb, struct{ inner maskinporten.Token }{got})
	}
	json.NewEncoder(&out).Encode(got)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("token", "token", got)
	slog.New(slog.NewTextHandler(&out, nil)).Info("token", "token", got)
	if strings.Contains(out.String(), "eyJ") || strings.Contains(out.String(), fmt.Sprintf("%x", token)) {
		t.Errorf("the token was printed: %s", out.String())
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		file string
		want maskinporten.Error
	}{
		{"expired-key.json", maskinporten.Error{OAuth: "invalid_grant", Code: "MP-121",
			Description: "Invalid assertion. Client authentication failed. Expired key. (trace_id: 493f1671fdc2eef443fd443a88e052ea)",
			TraceID:     "493f1671fdc2eef443fd443a88e052ea"}},
		{"unknown-kid.json", maskinporten.Error{OAuth: "invalid_grant",
			Description: "Invalid assertion. Client authentication failed. Unknown key identifier (kid) for client. (trace_id: 0fe9a7ea7ba8a24a1d47b5d0b4d2a1c3)",
			TraceID:     "0fe9a7ea7ba8a24a1d47b5d0b4d2a1c3"}},
		{"older-deployment.json", maskinporten.Error{OAuth: "invalid_grant", Code: "MP-110",
			Description: "Invalid assertion. Client authentication failed. Invalid JWT claim aud. (correlation id: 6d2a0c0e-5b0f-4f0e-9c55-0d7f8f6f7a11)",
			TraceID:     "6d2a0c0e-5b0f-4f0e-9c55-0d7f8f6f7a11"}},
		{"not-granted.json", maskinporten.Error{OAuth: "forbidden", Code: "MP-250",
			Description: "Consumer has not been granted access to the scope altinn:serviceowner/notifications.create. (trace_id: 7f7a3a2e9cf7d4c0f1b2a3d4e5f60718)",
			TraceID:     "7f7a3a2e9cf7d4c0f1b2a3d4e5f60718"}},
	} {
		t.Run(test.file, func(t *testing.T) {
			t.Parallel()
			c := served(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusBadRequest)
				w.Write(recorded(t, test.file))
			})
			_, err := c.Token(t.Context(), endpoint(c), "a.b.c")
			test.want.Call, test.want.Kind, test.want.Status = "token", maskinporten.KindRefused, http.StatusBadRequest
			if diff := cmp.Diff(test.want, *refusal(t, err), cmp.AllowUnexported(maskinporten.Error{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestGatewayPageIsQuoted(t *testing.T) {
	t.Parallel()
	c := served(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadGateway)
		w.Write(recorded(t, "gateway.html"))
	})
	_, err := c.Token(t.Context(), endpoint(c), "a.b.c")
	e := refusal(t, err)
	if e.Kind != maskinporten.KindNotJSON || e.Status != http.StatusBadGateway || !strings.Contains(e.Description, "502 Bad Gateway") {
		t.Errorf("got %+v", *e)
	}
}

// What may be a token in a form that nobody knows is not repeated.
func TestAnswerOfSuccessIsNotQuoted(t *testing.T) {
	t.Parallel()
	const secret = "s3cr3t-opaque"
	for _, test := range []struct {
		status int
		body   string
	}{
		{200, `{"token":"` + secret + `"}`},
		{200, `{"access_token":["` + secret + `"]}`},
		{200, `{"error":"x","error_description":{"token":"` + secret + `"}}`},
		{200, `"` + secret + `"`},
		{200, secret},
		{201, `{"access_token":"` + secret + `"}`},
		{202, `{"error":"` + secret + `"}`},
	} {
		c := served(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(test.status)
			io.WriteString(w, test.body)
		})
		_, err := c.Token(t.Context(), endpoint(c), "a.b.c")
		e := refusal(t, err)
		if said := fmt.Sprintf("%+v", *e); strings.Contains(said, secret) {
			t.Errorf("%d %s is quoted: %s", test.status, test.body, said)
		}
		if want := fmt.Sprintf("application/json, %d bytes", len(test.body)); e.Description != want {
			t.Errorf("%d %s: got %q, want %q", test.status, test.body, e.Description, want)
		}
	}
}
