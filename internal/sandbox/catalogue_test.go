package sandbox_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portvakt/internal/sandbox"
)

const scopesPath = "/samarbeidsportalen/api/v1/scopes/all"

// scopes asks for the list and gives it by name.
func (f fixture) scopes(t *testing.T, query string) map[string]map[string]any {
	t.Helper()
	a := f.request(t, "GET", scopesPath+query, "")
	if a.status != 200 || !strings.HasPrefix(a.header.Get("Content-Type"), "application/json") {
		t.Fatalf("got status %d and %q", a.status, a.header.Get("Content-Type"))
	}
	var list []map[string]any
	if err := json.Unmarshal([]byte(a.body), &list); err != nil {
		t.Fatal(err)
	}
	named := map[string]map[string]any{}
	for _, entry := range list {
		named[entry["name"].(string)] = entry
	}
	if len(named) != len(list) {
		t.Errorf("got %d names in %d entries", len(named), len(list))
	}
	return named
}

func TestPublicScopes(t *testing.T) {
	t.Parallel()
	f := start(t)
	if got, want := f.ScopesURL(), f.url+scopesPath; got != want {
		t.Errorf("got address %q, want %q", got, want)
	}
	list := f.scopes(t, "")
	if got, want := len(list), len(sandbox.Scopes()); got != want {
		t.Errorf("got %d scopes, want all %d", got, want)
	}
	want := map[string]any{
		"name": notifyScope, "prefix": "altinn", "subscope": "serviceowner/notifications.create",
		"description": "Practice: " + notifyScope, "visibility": "PUBLIC", "accessible_for_all": false,
		"allowed_integration_types": []any{"maskinporten"}, "at_max_age": 3600.0,
		"requires_user_consent": false, "requires_user_authentication": false, "requires_pseudonymous_tokens": false,
		"token_type": "SELF_CONTAINED", "active": true, "owner_orgno": "991825827",
		"created": "2021-09-15T10:20:43.354+02:00", "last_updated": "2025-05-22T09:00:00.000+02:00",
	}
	if diff := cmp.Diff(want, list[notifyScope]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPublicScopesByQuery(t *testing.T) {
	t.Parallel()
	f := start(t)
	const open, login = "altinn:events.subscribe", "krr:user/kontaktinformasjon.read"
	for query, want := range map[string]struct{ notify, open, login bool }{
		"":                               {true, true, true},
		"?inactive=false":                {true, true, true},
		"?inactive=true":                 {true, true, true},
		"?accessible_for_all=true":       {false, true, false},
		"?accessible_for_all=false":      {true, false, true},
		"?integration_type=maskinporten": {true, true, false},
		"?integration_type=idporten":     {false, false, true},
		"?integration_type=krr":          {false, false, false},
		"?accessible_for_all=true&integration_type=maskinporten": {false, true, false},
		"?accessible_for_all=true&integration_type=idporten":     {false, false, false},
		"?another=1": {true, true, true},
	} {
		names := slices.Collect(maps.Keys(f.scopes(t, query)))
		for name, listed := range map[string]bool{notifyScope: want.notify, open: want.open, login: want.login} {
			if got := slices.Contains(names, name); got != listed {
				t.Errorf("%q: got %s listed %v, want %v", query, name, got, listed)
			}
		}
	}
	for _, query := range []string{"?accessible_for_all=", "?accessible_for_all=ja", "?inactive=x", "?integration_type=maskin"} {
		a := f.request(t, "GET", scopesPath+query, "")
		refused := a.object(t)
		if id, _ := refused["correlation_id"].(string); a.status != 400 || refused["status"] != 400.0 || len(id) != 32 {
			t.Errorf("%q: got status %d and %s", query, a.status, a.body)
		}
	}
}
