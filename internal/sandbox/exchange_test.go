package sandbox_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portvakt/jwk"
)

const exchangePath = "/altinn/authentication/api/v1/exchange/maskinporten"

func (f fixture) exchange(t *testing.T, token string, headers ...string) answer {
	t.Helper()
	return f.request(t, "GET", exchangePath, "", append([]string{"Authorization", "Bearer " + token}, headers...)...)
}

func TestExchange(t *testing.T) {
	t.Parallel()
	f := start(t)
	old := f.token(t, with(f.claims("1"), "scope", ownerScope+" "+notifyScope, "resource", "https://api.example"))
	a := f.exchange(t, old)
	if got, want := a.status, http.StatusOK; got != want {
		t.Fatalf("got status %d, want %d: %s", got, want, a.body)
	}
	keys, err := jwk.ParsePublics([]byte(f.request(t, "GET", "/altinn/authentication/api/v1/openid/.well-known/openid-configuration/jwks", "").body))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := jwk.Verify(keys[0], a.body); err != nil {
		t.Errorf("the token does not verify with the published key: %v", err)
	}
	_, before, _ := jwk.Inspect(old)
	_, claims, err := jwk.Inspect(a.body)
	if err != nil {
		t.Fatal(err)
	}
	if sid, _ := claims["sid"].(string); !regexp.MustCompile(`^[0-9a-f-]{36}$`).MatchString(sid) {
		t.Errorf("got sid %q, want a GUID", sid)
	}
	delete(claims, "sid")
	want := map[string]any{
		"scope": ownerScope + " " + notifyScope, "token_type": "Bearer", "client_id": f.client.ID, "jti": before["jti"],
		"consumer": organisation(directorate), "iss": f.url + "/altinn/authentication/api/v1/openid/",
		"iat": float64(noon.Unix()), "nbf": float64(noon.Unix()), "exp": float64(noon.Unix() + 1800),
		"urn:altinn:org": "ovd", "urn:altinn:orgNumber": directorate,
		"urn:altinn:authenticatemethod": "maskinporten", "urn:altinn:authlevel": 3.0,
	}
	if diff := cmp.Diff(want, claims); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
}

func TestExchangeServiceOwner(t *testing.T) {
	t.Parallel()
	f := start(t)
	for _, test := range []struct {
		name, organisation, scope string
		want                      any
	}{
		{"the base scope", directorate, ownerScope, "ovd"},
		{"a scope below it", inspection, "altinn:serviceowner/instances.read", "prt"},
		{"another scope", directorate, "altinn:broker.read", nil},
		{"not on Altinn's list", accountant, notifyScope, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			client := f.addClient(t, test.organisation, test.scope)
			token := f.token(t, with(f.claims(test.name), "iss", client.ID, "scope", test.scope))
			a := f.exchange(t, token)
			_, claims, err := jwk.Inspect(a.body)
			if err != nil || a.status != http.StatusOK {
				t.Fatalf("status %d: %v", a.status, err)
			}
			if got := claims["urn:altinn:org"]; got != test.want {
				t.Errorf("got urn:altinn:org %v, want %v", got, test.want)
			}
		})
	}
}

func TestExchangeRefuses(t *testing.T) {
	t.Parallel()
	f := start(t)
	good := f.token(t, f.claims("1"))
	_, claims, err := jwk.Inspect(good)
	if err != nil {
		t.Fatal(err)
	}
	claims["exp"], claims["iat"] = noon.Unix()+120, noon.Unix()
	signed := func(members ...any) string {
		token, err := f.SignAsMaskinporten(with(claims, members...))
		if err != nil {
			t.Fatal(err)
		}
		return "Bearer " + token
	}
	for _, test := range []struct {
		name, authorization string
		status              int
	}{
		{"as it is", "Bearer " + good, 200},
		{"word in lower case", "bearer " + good, 200},
		{"no header", "", 401},
		{"another scheme", "Basic " + good, 401},
		{"no token", "Bearer ", 401},
		{"not a JWT", "Bearer abc", 401},
		{"in quotation marks", `Bearer "` + good + `"`, 401},
		{"signed by somebody else", "Bearer " + f.grant(t, f.claims("2")), 401},
		{"changed after signing", "Bearer " + tamper(t, good), 401},
		{"signed, with nothing else wrong", signed(), 200},
		{"expired ten seconds ago", signed("exp", noon.Unix()-10), 200},
		{"expired eleven seconds ago", signed("exp", noon.Unix()-11), 401},
		{"not yet valid", signed("nbf", noon.Unix()+11), 401},
		{"no exp", signed("exp", nil), 401},
		{"no iss", signed("iss", nil), 401},
		{"iss of another environment", signed("iss", "https://test.maskinporten.no/"), 401},
		{"no consumer", signed("consumer", nil), 401},
		{"consumer of another authority", signed("consumer", with(organisation(directorate), "authority", "other")), 401},
		{"consumer without an ID", signed("consumer", with(organisation(directorate), "ID", nil)), 401},
		{"consumer without a prefix", signed("consumer", with(organisation(directorate), "ID", directorate)), 401},
		{"no scope", signed("scope", nil), 200},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := f.request(t, "GET", exchangePath, "", "Authorization", test.authorization)
			if got, want := a.status, test.status; got != want {
				t.Fatalf("got status %d, want %d: %s", got, want, a.body)
			}
			if a.status != http.StatusUnauthorized {
				return
			}
			checkProblem(t, a, "Unauthorized", "https://tools.ietf.org/html/rfc9110#section-15.5.2")
		})
	}
}

func checkProblem(t *testing.T, a answer, title, kind string) {
	t.Helper()
	if got, want := a.header.Get("Content-Type"), "application/problem+json; charset=utf-8"; got != want {
		t.Errorf("got Content-Type %q, want %q", got, want)
	}
	body := a.object(t)
	if trace, _ := body["traceId"].(string); len(trace) != 55 {
		t.Errorf("got traceId %q, want W3C trace context", trace)
	}
	for _, varying := range []string{"traceId", "detail", "errors"} {
		delete(body, varying)
	}
	want := map[string]any{"type": kind, "title": title, "status": float64(a.status)}
	if diff := cmp.Diff(want, body); diff != "" {
		t.Errorf("problem (-want +got):\n%s", diff)
	}
}

func TestExchangeOther(t *testing.T) {
	t.Parallel()
	f := start(t)
	authorization := []string{"Authorization", "Bearer " + f.token(t, f.claims("1"))}

	a := f.request(t, "GET", exchangePath, "", append(authorization, "X-Altinn-EnterpriseUser-Authentication", "dXNlcg==")...)
	if got, want := a.status, http.StatusGone; got != want {
		t.Errorf("enterprise user: got status %d, want %d", got, want)
	}
	checkProblem(t, a, "Gone", "https://tools.ietf.org/html/rfc9110#section-15.5.11")

	path := strings.TrimSuffix(exchangePath, "maskinporten")
	a = f.request(t, "GET", path+"other", "", authorization...)
	if got, want := a.status, http.StatusBadRequest; got != want || !strings.Contains(a.body, "other") {
		t.Errorf("unknown provider: got status %d and %q, want %d and its name", got, a.body, want)
	}
	if got, want := f.request(t, "GET", path+"other", "").status, http.StatusUnauthorized; got != want {
		t.Errorf("unknown provider without a token: got status %d, want %d", got, want)
	}
	if got, want := f.request(t, "GET", path+"MaskinPorten", "", authorization...).status, http.StatusOK; got != want {
		t.Errorf("provider in other letters: got status %d, want %d", got, want)
	}
	if got, want := f.request(t, "GET", path+"id-porten", "", authorization...).status, http.StatusUnauthorized; got != want {
		t.Errorf("token of another provider: got status %d, want %d", got, want)
	}
	if got, want := f.request(t, "GET", exchangePath+"?test=true", "", authorization...).status, http.StatusOK; got != want {
		t.Errorf("test=true: got status %d, want %d", got, want)
	}
	a = f.request(t, "GET", exchangePath+"?test=ja", "", authorization...)
	if got, want := a.status, http.StatusBadRequest; got != want {
		t.Errorf("test=ja: got status %d, want %d", got, want)
	}
	checkProblem(t, a, "One or more validation errors occurred.", "https://tools.ietf.org/html/rfc9110#section-15.5.1")
}

func TestExchangeNegotiates(t *testing.T) {
	t.Parallel()
	f := start(t)
	token := f.token(t, f.claims("1"))
	const plain, quoted = "text/plain; charset=utf-8", "application/json; charset=utf-8"
	for _, test := range []struct{ accept, want string }{
		{"", plain},
		{"*/*", plain},
		{"text/plain", plain},
		{"application/json", quoted},
		{"text/json", quoted},
		{"application/vnd.altinn+json", quoted},
		{"application/json, text/plain", quoted},
		{"text/plain, application/json", plain},
		{"text/plain;q=0.5, application/json", quoted},
		{"application/json, */*", plain},
		{"application/xml", plain},
		{"nonsense;;", plain},
	} {
		t.Run(test.accept, func(t *testing.T) {
			t.Parallel()
			a := f.exchange(t, token, "Accept", test.accept)
			if got := a.header.Get("Content-Type"); got != test.want {
				t.Errorf("got Content-Type %q, want %q", got, test.want)
			}
			if got, want := strings.HasPrefix(a.body, `"`) && strings.HasSuffix(a.body, `"`), test.want == quoted; got != want {
				t.Errorf("got quotation marks: %v, want %v", got, want)
			}
			if _, _, err := jwk.Inspect(strings.Trim(a.body, `"`)); err != nil {
				t.Error(err)
			}
		})
	}
}

const shipmentPath = "/altinn/notifications/api/v1/future/shipment/"

func TestNotifications(t *testing.T) {
	t.Parallel()
	f := start(t)
	const some, orders = shipmentPath + "8f14e45f-ceea-467f-9c0f-6b1f4e3b2a10", "/altinn/notifications/api/v1/orders"
	tokens := f.addExchanged(t)
	for _, test := range []struct {
		name, token, path string
		status            int
		body              bool
	}{
		{"no token", "", some, 401, false},
		{"Maskinporten's token", tokens["raw"], some, 401, false},
		{"expired token", tokens["expired"], some, 401, false},
		{"quotation marks left around the token", `"` + tokens["good"] + `"`, some, 401, false},
		{"without the scope", tokens["base scope"], some, 403, false},
		{"not a service owner", tokens["no owner"], some, 403, false},
		{"access", tokens["good"], some, 404, true},
		{"access, GUID without hyphens", tokens["good"], shipmentPath + "8F14E45FCEEA467F9C0F6B1F4E3B2A10", 404, true},
		{"not a GUID", tokens["good"], shipmentPath + "1", 404, false},
		{"not a GUID and no token", "", shipmentPath + "1", 404, false},
		{"orders: no token", "", orders + "?sendersReference=a", 401, false},
		{"orders: without the scope", tokens["base scope"], orders, 403, false},
		{"orders: no parameter", tokens["good"], orders, 400, true},
		{"orders: no parameter, not a service owner", tokens["no owner"], orders, 400, true},
		{"orders: not a service owner", tokens["no owner"], orders + "?sendersReference=a", 403, false},
		{"orders: access", tokens["good"], orders + "?sendersReference=a", 200, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var headers []string
			if test.token != "" {
				headers = []string{"Authorization", "Bearer " + test.token}
			}
			a := f.request(t, "GET", test.path, "", headers...)
			if got, want := a.status, test.status; got != want {
				t.Errorf("got status %d, want %d", got, want)
			}
			if got, want := a.body != "", test.body; got != want {
				t.Errorf("got body %q, want one: %v", a.body, want)
			}
			if got := a.header.Get("WWW-Authenticate"); got != "" {
				t.Errorf("got WWW-Authenticate %q, want none", got)
			}
		})
	}

	a := f.request(t, "GET", some, "", "Authorization", "Bearer "+tokens["good"])
	body := a.object(t)
	delete(body, "traceId")
	want := map[string]any{
		"type": "urn:altinn:error:NOT-00003", "title": "Shipment not found", "status": 404.0,
		"code": "NOT-00003", "statusDescription": "Not Found",
	}
	if diff := cmp.Diff(want, body); diff != "" {
		t.Errorf("problem (-want +got):\n%s", diff)
	}
	a = f.request(t, "GET", orders+"?sendersReference=a", "", "Authorization", "Bearer "+tokens["good"])
	if got, want := a.body, "{\n  \"count\": 0,\n  \"orders\": []\n}"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// addExchanged makes Altinn tokens of each kind.
func (f fixture) addExchanged(t *testing.T) map[string]string {
	t.Helper()
	raw := f.token(t, f.claims("exchanged"))
	_, claims, err := jwk.Inspect(f.exchange(t, raw).body)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"iat", "nbf", "exp"} {
		claims[name] = int64(claims[name].(float64))
	}
	tokens := map[string]string{"raw": raw}
	for name, members := range map[string][]any{
		"good":       nil,
		"expired":    {"exp", noon.Unix() - 11},
		"base scope": {"scope", ownerScope + " " + notifyScope + "s"},
		"no owner":   {"urn:altinn:org", nil},
	} {
		if tokens[name], err = f.SignAsAltinn(with(claims, members...)); err != nil {
			t.Fatal(err)
		}
	}
	return tokens
}
