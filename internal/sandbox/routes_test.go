package sandbox_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portvakt/internal/sandbox"
)

func TestMetadata(t *testing.T) {
	t.Parallel()
	f := start(t)
	issuer := f.url + "/maskinporten/"
	want := map[string]any{
		"issuer": issuer, "token_endpoint": issuer + "token", "jwks_uri": issuer + "jwk",
		"token_endpoint_auth_methods_supported":            []any{"private_key_jwt"},
		"token_endpoint_auth_signing_alg_values_supported": []any{"RS256", "RS384", "RS512"},
		"grant_types_supported":                            []any{jwtBearer},
		"authorization_details_types_supported":            []any{"urn:altinn:systemuser", "urn:altinn:consent"},
	}
	for _, path := range []string{
		"/maskinporten/.well-known/oauth-authorization-server",
		"/.well-known/oauth-authorization-server/maskinporten",
		"/.well-known/oauth-authorization-server/maskinporten/",
	} {
		if diff := cmp.Diff(want, f.request(t, "GET", path, "").object(t)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

func TestAltinnMetadata(t *testing.T) {
	t.Parallel()
	f := start(t)
	base := f.url + "/altinn/authentication/api/v1/openid/"
	metadata := f.request(t, "GET", "/altinn/authentication/api/v1/openid/.well-known/openid-configuration", "").object(t)
	if got, want := metadata["issuer"], base; got != want {
		t.Errorf("got issuer %v, want %q", got, want)
	}
	if got, want := metadata["jwks_uri"], base+".well-known/openid-configuration/jwks"; got != want {
		t.Errorf("got jwks_uri %v, want %q", got, want)
	}
}

func TestOrganisationList(t *testing.T) {
	t.Parallel()
	f := start(t)
	list := f.request(t, "GET", "/altinn/orgs/altinn-orgs.json", "").object(t)
	got := map[string]any{}
	for code, owner := range list["orgs"].(map[string]any) {
		got[code] = owner.(map[string]any)["orgnr"]
	}
	if diff := cmp.Diff(map[string]any{"ovd": directorate, "prt": inspection}, got); diff != "" {
		t.Errorf("organisations (-want +got):\n%s", diff)
	}
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	f := start(t)
	f.Mount(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "page "+r.URL.Path) }))
	for _, test := range []struct {
		method, path string
		status       int
		allow, body  string
	}{
		{"GET", "/", 200, "", "page /"},
		{"GET", "/samarbeidsportalen/", 200, "", "page /samarbeidsportalen/"},
		{"GET", "/samarbeidsportalen/apix", 200, "", "page /samarbeidsportalen/apix"},
		{"POST", "/maskinportenx", 200, "", "page /maskinportenx"},
		{"HEAD", "/samarbeidsportalen/api/v1/scopes/all", 200, "", ""},
		{"POST", "/samarbeidsportalen/api/v1/scopes/all", 405, "GET, HEAD", `"status":405`},
		{"GET", "/samarbeidsportalen/api", 404, "", `"error":"Not Found"`},
		{"GET", "/samarbeidsportalen/api/v1/scopes", 404, "", `"error":"Not Found"`},
		{"HEAD", "/maskinporten/jwk", 200, "", ""},
		{"POST", "/maskinporten/jwk", 405, "GET, HEAD", `"status":405`},
		{"GET", "/maskinporten/token", 405, "POST", `"status":405`},
		{"DELETE", "/maskinporten/.well-known/oauth-authorization-server", 405, "GET, HEAD", `"status":405`},
		{"GET", "/maskinporten", 404, "", `"path":"/maskinporten"`},
		{"GET", "/maskinporten/jwks", 404, "", `"error":"Not Found"`},
		{"POST", "/maskinporten//token", 404, "", `"error":"Not Found"`},
		{"POST", "/maskinporten/token/", 404, "", `"error":"Not Found"`},
		{"GET", "/altinn/", 404, "", `"statusCode":404`},
		{"GET", "/altinn/storage/api/v1/instances", 404, "", `"statusCode":404`},
		{"GET", "/altinn/authentication/api/v1/exchange/", 404, "", `"statusCode":404`},
		{"POST", exchangePath, 405, "GET, HEAD", ""},
		{"POST", "/altinn/notifications/api/v1/orders", 405, "GET, HEAD", ""},
	} {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			t.Parallel()
			a := f.request(t, test.method, test.path, "")
			if got, want := a.status, test.status; got != want {
				t.Errorf("got status %d, want %d", got, want)
			}
			if got, want := a.header.Get("Allow"), test.allow; got != want {
				t.Errorf("got Allow %q, want %q", got, want)
			}
			if !strings.Contains(a.body, test.body) {
				t.Errorf("got body %q, want %q in it", a.body, test.body)
			}
		})
	}
}

func TestDate(t *testing.T) {
	t.Parallel()
	f := start(t)
	f.SetClockOffset(-90 * time.Second)
	for _, path := range []string{"/", "/maskinporten/jwk", "/altinn/orgs/altinn-orgs.json", shipmentPath} {
		if got, want := f.request(t, "GET", path, "").header.Get("Date"), "Thu, 15 Jan 2026 11:58:30 GMT"; got != want {
			t.Errorf("%s: got Date %q, want %q", path, got, want)
		}
	}
	want := refusal{"", "", 400, "invalid_grant", "", unauthenticated + "Issue time is in the future."}
	f.checkRefusal(t, want, f.post(t, f.grant(t, f.claims("1"))))
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	now := func() time.Time { return noon }
	for _, config := range []sandbox.Config{
		{URL: "", Now: now},
		{URL: "127.0.0.1:8081", Now: now},
		{URL: "http://127.0.0.1:8081/", Now: now},
		{URL: "http://127.0.0.1:8081/sandbox", Now: now},
		{URL: "ftp://127.0.0.1", Now: now},
		{URL: "http://127.0.0.1:8081"},
	} {
		if _, err := sandbox.New(config); err == nil {
			t.Errorf("address %q was accepted", config.URL)
		}
	}
}
