package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portvakt/internal/sandbox"
	"portvakt/jwk"
)

const (
	metadataPath = "/maskinporten/.well-known/oauth-authorization-server"
	shipment     = shipmentPath + "8f14e45f-ceea-467f-9c0f-6b1f4e3b2a10"
)

// set turns on one fault, with its usual parameter.
func (f fixture) set(t *testing.T, id string) {
	t.Helper()
	for _, fault := range sandbox.Faults() {
		if fault.ID == id {
			must(t, f.SetFault(id, true, fault.Usual))
			return
		}
	}
	t.Fatalf("there is no fault %q", id)
}

// calls makes each of the four calls with nothing wrong in it, but for a token that may be anything.
func (f fixture) call(t *testing.T, call, token string) answer {
	t.Helper()
	switch call {
	case sandbox.CallMetadata:
		return f.request(t, "GET", metadataPath, "")
	case sandbox.CallToken:
		return f.post(t, f.grant(t, f.claims(t.Name())))
	case sandbox.CallExchange:
		return f.exchange(t, token)
	}
	return f.request(t, "GET", shipment, "", "Authorization", "Bearer "+token)
}

func TestFaultyRefusals(t *testing.T) {
	t.Parallel()
	forbidden := "Consumer has not been granted access to the scope " + notifyScope + "."
	for fault, want := range map[string]refusal{
		"key-expired":      {"", "", 400, "invalid_grant", "MP-121", unauthenticated + "Expired key."},
		"signature":        {"", "", 400, "invalid_grant", "MP-124", unauthenticated + "Invalid JWT signature."},
		"audience":         {"", "", 400, "invalid_grant", "MP-110", unauthenticated + "Invalid JWT claim aud."},
		"grant-used":       {"", "", 400, "invalid_grant", "MP-012", "Invalid assertion. Grant is used before."},
		"integration-type": {"", "", 400, "invalid_scope", "MP-201", "Token request contains scopes not allowed for maskinporten, " + notifyScope},
		"access-revoked":   {"", "", 403, "forbidden", "MP-250", forbidden},
		"unknown-error":    {"", "", 400, "invalid_grant", "", "The request was turned down by a policy."},
		"propagation":      {"", "", 400, "invalid_grant", "MP-100", unauthenticated + "Client not found."},
		"clock-fast":       {"", "", 400, "invalid_grant", "MP-130", unauthenticated + "JWT has expired."},
		"clock-slow":       {"", "", 400, "invalid_grant", "", unauthenticated + "Issue time is in the future."},
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			f := start(t)
			f.set(t, fault)
			claims := with(f.claims("1"), "iat", noon.Unix(), "exp", noon.Unix()+10)
			f.checkRefusal(t, want, f.post(t, f.grant(t, claims)))
			f.ClearFaults()
			f.token(t, f.claims("2"))
		})
	}
}

// What is really wrong with a grant is told before what is only rehearsed.
func TestFaultyRefusalsComeAfterRealOnes(t *testing.T) {
	t.Parallel()
	f := start(t)
	f.set(t, "key-expired")
	want := refusal{"", "", 400, "invalid_grant", "MP-100", unauthenticated + "Client not found."}
	f.checkRefusal(t, want, f.post(t, f.grant(t, with(f.claims("1"), "iss", "nobody"))))
}

// A fault of the clock moves the services' clock, and not the time from which a key counts as new.
func TestFaultyClock(t *testing.T) {
	t.Parallel()
	f := start(t)
	must(t, f.SetFault("clock-fast", true, 3600))
	must(t, f.SetFault("propagation", true, 60))
	for path, want := range map[string]string{
		metadataPath: "Thu, 15 Jan 2026 13:00:00 GMT", shipment: "Thu, 15 Jan 2026 13:00:00 GMT", "/": "Thu, 15 Jan 2026 12:00:00 GMT",
	} {
		if got := f.request(t, "GET", path, "").header.Get("Date"); got != want {
			t.Errorf("%s: got Date %q, want %q", path, got, want)
		}
	}
	grant := f.grant(t, with(f.claims("1"), "iat", noon.Unix()+3600, "exp", noon.Unix()+3660))
	f.checkRefusal(t, refusal{"", "", 400, "invalid_grant", "MP-100", unauthenticated + "Client not found."}, f.post(t, grant))

	must(t, f.SetFault("propagation", false, 0))
	a := f.post(t, grant)
	_, claims, err := jwk.Inspect(a.object(t)["access_token"].(string))
	if err != nil || claims["iat"] != float64(noon.Unix()+3600) {
		t.Errorf("got iat %v (%v), want it by the services' clock", claims["iat"], err)
	}
	if got := f.exchange(t, a.object(t)["access_token"].(string)).status; got != http.StatusOK {
		t.Errorf("got status %d from the exchange, which goes by the same clock", got)
	}
}

func TestFaultyMetadata(t *testing.T) {
	t.Parallel()
	f := start(t)
	right := f.request(t, "GET", metadataPath, "").object(t)
	for fault, want := range map[string]map[string]any{
		"other-issuer":        with(right, "issuer", "https://elsewhere.example/"),
		"endpoints-elsewhere": with(right, "token_endpoint", "https://elsewhere.example/token", "jwks_uri", "https://elsewhere.example/jwk"),
		"no-date":             right,
	} {
		f.set(t, fault)
		a := f.request(t, "GET", metadataPath, "")
		if diff := cmp.Diff(want, a.object(t)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", fault, diff)
		}
		if _, has := a.header["Date"]; has == (fault == "no-date") {
			t.Errorf("%s: got Date %q", fault, a.header.Get("Date"))
		}
		f.ClearFaults()
	}
}

func TestFaultyTokens(t *testing.T) {
	t.Parallel()
	f := start(t)
	both := notifyScope + " " + ownerScope
	for _, test := range []struct {
		fault, name string
		want        any
		exchange    int
	}{
		{"fewer-scopes", "scope", notifyScope, 200},
		{"token-expired", "exp", float64(noon.Unix() - 3600), 401},
		{"token-issuer", "iss", "https://elsewhere.example/", 401},
		{"no-consumer", "consumer", nil, 401},
	} {
		f.set(t, test.fault)
		answer := f.post(t, f.grant(t, with(f.claims(test.fault), "scope", both))).object(t)
		_, claims, err := jwk.Inspect(answer["access_token"].(string))
		if err != nil || claims[test.name] != test.want {
			t.Errorf("%s: got %s %v (%v), want %v", test.fault, test.name, claims[test.name], err, test.want)
		}
		if claims["scope"] != answer["scope"] || answer["expires_in"] != 119.0 {
			t.Errorf("%s: the answer around the token says %v", test.fault, answer)
		}
		if got := f.exchange(t, answer["access_token"].(string)).status; got != test.exchange {
			t.Errorf("%s: got status %d from the exchange, want %d", test.fault, got, test.exchange)
		}
		f.ClearFaults()
	}
}

// Of one scope, none is left.
func TestFaultyTokenWithoutScope(t *testing.T) {
	t.Parallel()
	f := start(t)
	f.set(t, "fewer-scopes")
	if got := f.post(t, f.grant(t, f.claims("1"))).object(t)["scope"]; got != "" {
		t.Errorf("got scope %v, want none", got)
	}
}

func TestFaultyAltinn(t *testing.T) {
	t.Parallel()
	f := start(t)
	token := f.token(t, f.claims("1"))
	exchanged := f.exchange(t, token).body
	for _, test := range []struct {
		fault, call string
		status      int
		contentType string
		body        string
	}{
		{"exchange-refused", sandbox.CallExchange, 401, "application/problem+json; charset=utf-8", `"title":"Unauthorized"`},
		{"exchange-gone", sandbox.CallExchange, 410, "application/problem+json; charset=utf-8", "Enterprise users are no longer supported"},
		{"notifications-401", sandbox.CallNotifications, 401, "", ""},
		{"notifications-403", sandbox.CallNotifications, 403, "", ""},
		{"notifications-404", sandbox.CallNotifications, 404, "application/json", `"statusCode":404`},
		{"notifications-503", sandbox.CallNotifications, 503, "application/problem+json; charset=utf-8", `"code":"NOT-00004"`},
	} {
		f.set(t, test.fault)
		from := map[string]string{sandbox.CallExchange: token, sandbox.CallNotifications: exchanged}[test.call]
		a := f.call(t, test.call, from)
		if a.status != test.status || a.header.Get("Content-Type") != test.contentType || !strings.Contains(a.body, test.body) || test.body == "" && a.body != "" {
			t.Errorf("%s: got %d %q %q", test.fault, a.status, a.header.Get("Content-Type"), a.body)
		}
		f.ClearFaults()
	}
}

// An organisation that is off the list is neither on it nor named in tokens.
func TestFaultyOrganisation(t *testing.T) {
	t.Parallel()
	f := start(t)
	f.set(t, "organisation-unlisted")
	if got := f.request(t, "GET", "/altinn/orgs/altinn-orgs.json", "").body; got != `{"orgs":{}}` {
		t.Errorf("got list %s, want an empty one", got)
	}
	exchanged := f.exchange(t, f.token(t, f.claims("1"))).body
	_, claims, err := jwk.Inspect(exchanged)
	if _, has := claims["urn:altinn:org"]; has || err != nil || claims["urn:altinn:orgNumber"] != directorate {
		t.Errorf("got %v (%v), want the number and no code", claims, err)
	}
	if got := f.call(t, sandbox.CallNotifications, exchanged).status; got != http.StatusForbidden {
		t.Errorf("got status %d from Notifications, want 403", got)
	}
}

// Pages, and what is no call of a client's, answer as ever whatever is on.
func TestFaultsLeaveTheRestAlone(t *testing.T) {
	t.Parallel()
	f := start(t)
	f.Mount(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("page " + r.URL.Path)) }))
	var all []sandbox.ActiveFault
	for _, fault := range sandbox.Faults() {
		all = append(all, sandbox.ActiveFault{ID: fault.ID, Seconds: fault.Usual})
	}
	must(t, f.SetFaults(all))
	for path, want := range map[string]string{
		"/": "page /", "/samarbeidsportalen/": "page /samarbeidsportalen/", "/rehearse": "page /rehearse",
		"/maskinporten/jwk": `{"keys":[`, "/altinn/authentication/api/v1/openid/.well-known/openid-configuration": `{"`,
	} {
		if a := f.request(t, "GET", path, ""); a.status != 200 || !strings.HasPrefix(a.body, want) {
			t.Errorf("%s: got %d %.80q, want %q", path, a.status, a.body, want)
		}
	}
	if _, err := f.AddKeys(f.client.ID, publicKey(t, f.key, "another").JSON()); err != nil {
		t.Errorf("got %v, want self-service to work", err)
	}
	if c, _ := f.Client(f.client.ID); !c.Keys[1].Posted.Equal(noon) || !c.Keys[1].Expires.Equal(noon.AddDate(1, 0, 0)) {
		t.Errorf("got a key posted %v, want it by the sandbox's own clock", c.Keys[1].Posted)
	}
	if got := f.Now(); !got.Equal(noon) {
		t.Errorf("got %v, want the sandbox's own clock untouched, which pages show", got.Sub(noon)/time.Second)
	}
}
