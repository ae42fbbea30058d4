package sandbox_test

import (
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portvakt/jwk"
)

func TestToken(t *testing.T) {
	t.Parallel()
	f := start(t)

	a := f.post(t, f.grant(t, with(f.claims("a"), "scope", notifyScope+"  "+ownerScope)))
	if got, want := a.status, http.StatusOK; got != want {
		t.Fatalf("got status %d, want %d: %s", got, want, a.body)
	}
	body := a.object(t)
	token := body["access_token"].(string)
	delete(body, "access_token")
	want := map[string]any{"token_type": "Bearer", "expires_in": 119.0, "scope": notifyScope + " " + ownerScope}
	if diff := cmp.Diff(want, body); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	if got, want := a.header.Get("Cache-Control"), "no-store"; got != want {
		t.Errorf("got Cache-Control %q, want %q", got, want)
	}

	keys, err := jwk.ParsePublics([]byte(f.request(t, "GET", "/maskinporten/jwk", "").body))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := jwk.Verify(keys[0], token); err != nil {
		t.Errorf("the token does not verify with the published key: %v", err)
	}
	tokenHeader, claims, err := jwk.Inspect(token)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"alg": "RS256", "kid": keys[0].Kid()}, tokenHeader); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
	if got, _ := claims["jti"].(string); !regexp.MustCompile(`^[\w-]{43}$`).MatchString(got) {
		t.Errorf("got jti %q, want 43 characters of base64url", got)
	}
	delete(claims, "jti")
	want = map[string]any{
		"scope": notifyScope + " " + ownerScope, "iss": f.url + "/maskinporten/", "client_amr": "private_key_jwt",
		"token_type": "Bearer", "iat": float64(noon.Unix()), "exp": float64(noon.Unix() + 120),
		"client_id": f.client.ID, "consumer": organisation(directorate),
	}
	if diff := cmp.Diff(want, claims); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
}

func organisation(number string) map[string]any {
	return map[string]any{"authority": "iso6523-actorid-upis", "ID": "0192:" + number}
}

// TestTokenAccepts has what the real server is reported to let pass, though its documentation does not.
func TestTokenAccepts(t *testing.T) {
	t.Parallel()
	f := start(t)
	for _, test := range []struct {
		name           string
		header, claims map[string]any
	}{
		{"life of 180 seconds", nil, with(f.claims("1"), "exp", noon.Unix()+180)},
		{"an old iat, as long as exp is near", nil, with(f.claims("2"), "iat", noon.Unix()-180, "exp", noon.Unix())},
		{"iat ten seconds ahead", nil, with(f.claims("3"), "iat", noon.Unix()+10)},
		{"expired ten seconds ago", nil, with(f.claims("4"), "iat", noon.Unix()-60, "exp", noon.Unix()-10)},
		{"nbf", nil, with(f.claims("5"), "nbf", noon.Unix())},
		{"no jti", nil, with(f.claims("6"), "jti", nil)},
		{"no typ", with(header(), "typ", nil), f.claims("7")},
		{"RS384", with(header(), "alg", "RS384"), f.claims("8")},
		{"RS512", with(header(), "alg", "RS512"), f.claims("9")},
		{"pid", nil, with(f.claims("10"), "pid", "12345678901")},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.header == nil {
				test.header = header()
			}
			a := f.post(t, sign(t, f.key, test.header, test.claims))
			if got, want := a.status, http.StatusOK; got != want {
				t.Errorf("got status %d, want %d: %s", got, want, a.body)
			}
		})
	}
}

func TestTokenRefusesRequests(t *testing.T) {
	t.Parallel()
	f := start(t)
	grant := f.grant(t, f.claims("request"))
	form := "grant_type=" + jwtBearer + "&assertion=" + grant
	own := func(status int, oauth, text string) refusal { return refusal{"", "", status, oauth, "", text} }
	both := own(400, "invalid_request", "The request must have exactly one grant_type and one assertion.")
	query := own(400, "invalid_request", "grant_type and assertion belong in the request body: addresses end up in logs.")
	for _, test := range []struct {
		name, path, media, body string
		want                    refusal
	}{
		{"grant in the query", "?" + form, formType, "", query},
		{"grant in the query too", "?" + form, formType, form, query},
		{"JSON", "", "application/json", `{"assertion":"a"}`, own(400, "invalid_request", "The request body must be application/x-www-form-urlencoded.")},
		{"no body", "", formType, "", both},
		{"no assertion", "", formType, "grant_type=" + jwtBearer, both},
		{"two assertions", "", formType, form + "&assertion=" + grant, both},
		{"another grant type", "", formType, "grant_type=client_credentials&assertion=a", own(400, "unsupported_grant_type", "Unsupported grant_type. Use "+jwtBearer+".")},
		{"more than 64 KiB", "", formType, form + "&more=" + strings.Repeat("a", 64<<10), own(413, "invalid_request", "The request is too large.")},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f.checkRefusal(t, test.want, f.request(t, "POST", "/maskinporten/token"+test.path, test.body, "Content-Type", test.media))
		})
	}
}

func TestTokenReplay(t *testing.T) {
	t.Parallel()
	f := start(t)
	used := refusal{"", "", 400, "invalid_grant", "MP-012", "Invalid assertion. Grant is used before."}

	f.token(t, f.claims("again"))
	f.checkRefusal(t, used, f.post(t, f.grant(t, with(f.claims("again"), "exp", noon.Unix()+90))))

	nameless := f.grant(t, with(f.claims(""), "jti", nil))
	if got, want := f.post(t, nameless).status, http.StatusOK; got != want {
		t.Errorf("got status %d for a grant without jti, want %d", got, want)
	}
	f.checkRefusal(t, used, f.post(t, nameless))

	other := f.addClient(t, directorate, notifyScope)
	f.token(t, with(f.claims("again"), "iss", other.ID))
}

func TestTokenReplayInParallel(t *testing.T) {
	t.Parallel()
	f := start(t)
	grant := f.grant(t, f.claims("parallel"))

	var wait sync.WaitGroup
	var succeeded, refused atomic.Int32
	for range 50 {
		wait.Go(func() {
			switch f.post(t, grant).status {
			case http.StatusOK:
				succeeded.Add(1)
			case http.StatusBadRequest:
				refused.Add(1)
			}
		})
	}
	wait.Wait()
	if got := succeeded.Load(); got != 1 || refused.Load() != 49 {
		t.Errorf("got %d successes and %d refusals of one grant, want 1 and 49", got, refused.Load())
	}
}

func TestTokenReplayIsBounded(t *testing.T) {
	t.Parallel()
	f := start(t)
	f.LimitGrants(2)
	f.token(t, f.claims("1"))
	f.token(t, f.claims("2"))
	crowded := refusal{"", "", 503, "temporarily_unavailable", "", "The sandbox remembers too many grants. Wait a few minutes."}
	f.checkRefusal(t, crowded, f.post(t, f.grant(t, f.claims("3"))))

	// The first two live until 60 seconds after noon, and ten more.
	f.SetClockOffset(71 * time.Second)
	f.token(t, with(f.claims("4"), "exp", noon.Unix()+120))
}

func TestTokenLifetime(t *testing.T) {
	t.Parallel()
	f := start(t)
	const krr = "krr:global/kontaktinformasjon.read"
	client := f.addClient(t, directorate, notifyScope, krr)
	if err := f.SetTokenLifetime(client.ID, 7200); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, scope string
		want        float64
	}{
		{"the client's, where the scope allows any", krr, 7200},
		{"the scope's, where it allows less", krr + " " + notifyScope, 3600},
	} {
		claims := with(f.claims(test.name), "iss", client.ID, "scope", test.scope)
		_, got, err := jwk.Inspect(f.token(t, claims))
		if err != nil {
			t.Fatal(err)
		}
		if life := got["exp"].(float64) - got["iat"].(float64); life != test.want {
			t.Errorf("%s: got %v seconds, want %v", test.name, life, test.want)
		}
	}
}

func TestTokenForAnother(t *testing.T) {
	t.Parallel()
	f := start(t)
	supplier := f.addClient(t, accountant, notifyScope)
	_, claims, err := jwk.Inspect(f.token(t, with(f.claims("1"), "iss", supplier.ID, "consumer_org", directorate)))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"consumer": organisation(directorate), "supplier": organisation(accountant), "delegation_source": "https://tt02.altinn.no/",
	}
	for name, value := range want {
		if diff := cmp.Diff(value, claims[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestTokenForResource(t *testing.T) {
	t.Parallel()
	f := start(t)
	for _, test := range []struct {
		name           string
		resource, want any
	}{
		{"text", "https://api.example/", "https://api.example/"},
		{"array of one", []string{"https://api.example/"}, "https://api.example/"},
		{"array of two", []string{"https://a.example", "urn:b"}, []any{"https://a.example", "urn:b"}},
	} {
		_, claims, err := jwk.Inspect(f.token(t, with(f.claims(test.name), "resource", test.resource)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, claims["aud"]); diff != "" {
			t.Errorf("%s: aud (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestTokenPropagation(t *testing.T) {
	t.Parallel()
	f := start(t)
	f.SetPropagationDelay(time.Minute)
	unknown := refusal{"", "", 400, "invalid_grant", "MP-100", unauthenticated + "Client not found."}
	f.checkRefusal(t, unknown, f.post(t, f.grant(t, f.claims("1"))))

	f.SetClockOffset(time.Minute)
	f.token(t, with(f.claims("2"), "exp", noon.Unix()+90))

	f.addKey(t, f.client.ID, "fresh")
	grant := sign(t, f.key, with(header(), "kid", "fresh"), with(f.claims("3"), "exp", noon.Unix()+90))
	unknown.code, unknown.text = "", unauthenticated+"Unknown key identifier (kid) for client."
	f.checkRefusal(t, unknown, f.post(t, grant))
}
