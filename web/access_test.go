package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portvakt/handlers"
	"portvakt/handlers/handlerstest"
	"portvakt/store"
)

// Who asks, in the order of the columns of siteTAccess.
var siteTActors = []string{
	"anonymous", "owner", "member of another organisation", "person without organisation",
	"auditor", "administrator", "ended sign-in",
}

// siteTAccess says for each route with which status each of siteTActors is
// answered. A path's :id is an integration of the owner's. The owner's
// request is one that succeeds; all others send the same.
var siteTAccess = map[string]string{
	"GET /":             "200 200 200 200 200 200 200",
	"POST /language":    "303 303 303 303 303 303 303",
	"GET /signin":       "200 303 303 303 303 303 200",
	"GET /signin/once":  "401 303 303 303 303 303 401", // without a token
	"POST /signin/link": "200 200 200 200 200 200 200",
	"GET /tools/grant":  "200 200 200 200 200 200 200",
	"POST /tools/grant": "200 200 200 200 200 200 200",

	"GET /tools/failures":  "200 200 200 200 200 200 200",
	"POST /tools/failures": "200 200 200 200 200 200 200",
	"GET /tools/config":    "200 200 200 200 200 200 200",
	"POST /tools/config":   "200 200 200 200 200 200 200",
	"GET /tools/key":       "200 200 200 200 200 200 200",

	"POST /signout":          "401 200 200 200 200 200 401",
	"POST /organisation":     "401 303 404 404 404 404 401", // to the owner's second one
	"GET /organisations/new": "303 200 200 200 200 200 303",
	"POST /organisations":    "401 303 303 303 303 303 401", // local mode: one's own, by number

	"GET /integrations/new":                    "303 200 200 404 404 404 303",
	"POST /integrations":                       "401 303 303 404 404 404 401",
	"POST /integrations/draft":                 "401 200 200 404 404 404 401",
	"GET /integrations/:id":                    "303 200 404 404 404 404 303",
	"GET /integrations/:id/description":        "303 200 404 404 404 404 303",
	"POST /integrations/:id/description":       "401 303 404 404 404 404 401",
	"POST /integrations/:id/description/draft": "401 200 404 404 404 404 401",
	"POST /integrations/:id/next":              "401 303 404 404 404 404 401",
	"POST /integrations/:id/language":          "401 303 404 404 404 404 401",
	"POST /integrations/:id/keys":              "401 200 404 404 404 404 401",
	"POST /integrations/:id/posted":            "401 303 404 404 404 404 401",
	"POST /integrations/:id/record":            "401 303 404 404 404 404 401",
	"POST /integrations/:id/keys/own":          "401 422 404 404 404 404 401",
	"POST /integrations/:id/saved":             "401 422 404 404 404 404 401",
	"POST /integrations/:id/proofs/prepare":    "401 422 404 404 404 404 401",
	"POST /integrations/:id/proofs/finish":     "401 422 404 404 404 404 401",
	"POST /integrations/:id/sightings":         "401 303 404 404 404 404 401",
	"GET /integrations/:id/proofs":             "303 200 404 404 404 404 303",
	"GET /integrations/:id/proofs/compare":     "303 200 404 404 404 404 303", // of two runs
	"GET /integrations/:id/proofs/:proof":      "303 200 404 404 404 404 303",
	"POST /integrations/:id/proofs":            "401 422 404 404 404 404 401", // without the private key
	"POST /integrations/:id/inuse":             "401 303 404 404 404 404 401",
	"POST /integrations/:id/files/:name":       "401 200 404 404 404 404 401",

	"GET /admin/integrations": "303 403 403 403 200 200 303",
	"GET /admin/events":       "303 403 403 403 200 200 303",
	"GET /admin/sightings":    "303 403 403 403 200 200 303",

	"POST /admin/sightings/:sighting/settle": "401 403 403 403 403 303 401",
}

// form is what the owner's browser sends to a route: the page's own form, with
// what the button adds.
func (s *siteTPeople) form(t testing.TB, route string, i store.Integration) url.Values {
	t.Helper()
	owner := s.browser(t, "owner")
	page := func(path, id string, add ...string) url.Values {
		values := owner.Get(t, path).Form(t, id).Values
		for n := 0; n < len(add); n += 2 {
			values.Set(add[n], add[n+1])
		}
		return values
	}
	_, path, _ := strings.Cut(route, " ")
	switch path {
	case "/language":
		return url.Values{"language": {"nn"}, "return": {"/signin"}}
	case "/tools/grant":
		return url.Values{"grant": {"eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0"}}
	case "/tools/failures":
		return url.Values{"q": {"MP-121"}}
	case "/tools/config":
		return url.Values{"settings": {"Environment=test"}}
	case "/organisation":
		return url.Values{"organisation": {siteTOrgs[2].Number}}
	case "/organisations":
		return url.Values{"number": {"974760673"}, "name": {"Min egen virksomhet"}}
	case "/integrations", "/integrations/draft":
		return page("/integrations/new", "describe", "name", "Nytt system")
	}
	switch rest := strings.TrimPrefix(path, "/integrations/:id"); {
	case rest == path || !strings.HasPrefix(route, "POST"):
		return nil
	case strings.HasPrefix(rest, "/description"):
		return page("/integrations/"+i.ID+"/description", "describe", "name", "Nytt navn")
	case rest == "/record", rest == "/next", rest == "/proofs":
		return page("/integrations/"+i.ID, "journey", "client_id", "0a1b2c3d-1111-2222-3333-444455556666")
	case rest == "/inuse":
		return page("/integrations/"+i.ID, "journey", "inuse", "yes")
	case rest == "/sightings":
		return page("/integrations/"+i.ID, "journey", "sighting_saw", "Noe annet")
	case rest == "/language":
		return page("/integrations/"+i.ID, "journey", "language", "nn")
	}
	return page("/integrations/"+i.ID, "journey")
}

// siteTPlaces fills the places of a path in. The second run is compared with the first.
func siteTPlaces(path, integration string) string {
	return strings.NewReplacer(
		":id/proofs/compare", integration+"/proofs/compare?a="+integration+"-a&b="+integration+"-b",
		":id", integration, ":name", "public-array.json", ":proof", integration+"-a",
	).Replace(path)
}

// path is the address of a route about the owner's integration. A sighting is told
// first where one is asked for.
func (s *siteTPeople) path(t testing.TB, path string, i store.Integration) string {
	t.Helper()
	if strings.Contains(path, ":sighting") {
		actor := store.Actor{User: s.owner.ID, Organisation: i.Organisation}
		told, err := s.house.store.AddSighting(context.Background(), actor, i.Organisation, i.ID, store.NewSighting{
			Step: "add", Saw: "Noe annet", LabelsChecked: s.house.now(), Nonce: i.ID,
		})
		if err != nil {
			t.Fatal(err)
		}
		path = strings.ReplaceAll(path, ":sighting", told.ID)
	}
	return siteTPlaces(path, i.ID)
}

func TestAccess(t *testing.T) {
	t.Parallel()
	s := newSiteTPeople(t)
	unknown := map[string]bool{}
	for route := range siteTAccess {
		unknown[route] = true
	}
	for _, r := range handlers.Routes() {
		route := r.Method + " " + r.Path
		delete(unknown, route)
		wants := strings.Fields(siteTAccess[route])
		if len(wants) != len(siteTActors) {
			t.Errorf("%s: siteTAccess has %d statuses, want one for each of %q", route, len(wants), siteTActors)
			continue
		}
		t.Run(route, func(t *testing.T) { s.testRoute(t, route, wants) })
	}
	for route := range unknown {
		t.Errorf("%s stands in siteTAccess and is no route", route)
	}
}

// testRoute asks as everyone. Who is refused has changed nothing and been told nothing.
func (s *siteTPeople) testRoute(t *testing.T, route string, wants []string) {
	method, path, _ := strings.Cut(route, " ")
	i := s.integration(t, route)
	form := s.form(t, route, i)
	path = s.path(t, path, i)
	for n, actor := range siteTActors {
		b := s.browser(t, actor)
		s.pass(11e9) // a new one-time link may be printed
		before := s.tables(t)
		p := b.Do(t, method, path, form)
		if got := fmt.Sprint(p.Status); got != wants[n] {
			t.Errorf("%s: got %s, want %s\n%.300s", actor, got, wants[n], p.Text("main"))
		}
		if to := p.Header.Get("Location"); p.Status == 303 && method == "GET" && strings.Contains(wants[n], "303") && actor != "owner" &&
			to != "/signin" && to != "/" {
			t.Errorf("%s: sent to %q", actor, to)
		}
		// The owner's 422 is the exception: the client id that came with it is kept.
		refused := actor != "owner" && p.Status >= 400 || method == "GET"
		if diff := cmp.Diff(before, s.tables(t)); refused && diff != "" {
			t.Errorf("%s: answered with %d, and yet (-before +after)\n%s", actor, p.Status, diff)
		}
		reads := actor == "owner" || strings.HasPrefix(path, "/admin/") && p.Status == 200
		if !reads && strings.Contains(p.Body, "Hemmelig saksystem") {
			t.Errorf("%s: was shown the integration", actor)
		}
		if method == "GET" && path != "/signin/once" {
			if head := b.Do(t, "HEAD", path, nil); head.Status != p.Status || head.Body != "" {
				t.Errorf("%s: HEAD got %d and %d bytes, want %d and none", actor, head.Status, len(head.Body), p.Status)
			}
		}
	}
}

// tables is what the database holds, but for the audit trail and the sign-ins.
func (s *siteT) tables(t testing.TB) map[string][]string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(s.data, "portvakt.db")+"?_query_only=1")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	names := siteTColumn(t, db, `SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`)
	all := map[string][]string{}
	for _, name := range names {
		if name == "events" || name == "sign_ins" || strings.HasPrefix(name, "sqlite_") {
			continue
		}
		columns := siteTColumn(t, db, `SELECT 'quote("' || name || '")' FROM pragma_table_info('`+name+`')`)
		all[name] = siteTColumn(t, db, `SELECT `+strings.Join(columns, ` || ' ' || `)+` FROM "`+name+`" ORDER BY 1`)
	}
	if len(all) < 6 {
		t.Fatalf("got only the tables %v", names)
	}
	return all
}

func siteTColumn(t testing.TB, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// foreign counts the events about somebody who asked for another organisation's integration.
func (s *siteT) foreign(t testing.TB) int {
	t.Helper()
	events, _, err := s.house.store.Events(context.Background(), store.Page{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range events {
		if e.Kind == store.IntegrationForeign {
			n++
		}
	}
	return n
}

// Another organisation's integration is not found, exactly as one that does not
// exist, and that it was asked for is noted: once an hour.
func TestForeignIntegration(t *testing.T) {
	t.Parallel()
	s := newSiteTPeople(t)
	i := s.integration(t, "a")
	form := s.form(t, "POST /integrations/:id/record", i)
	b := s.browser(t, "member of another organisation")
	missing := strings.Repeat("a", len(i.ID))
	before := s.tables(t)
	for _, r := range handlers.Routes() {
		if !strings.Contains(r.Path, ":id") {
			continue
		}
		ask := func(id string) *handlerstest.Page {
			return b.Do(t, r.Method, strings.NewReplacer(":id", id, ":name", "public-array.json").Replace(r.Path), form)
		}
		theirs, nobodys := ask(i.ID), ask(missing)
		siteTWants(t, theirs, 404)
		if got, want := strings.ReplaceAll(theirs.Body, i.ID, missing), nobodys.Body; got != want {
			t.Errorf("%s: the answers differ: %s", r.Path, cmp.Diff(want, got))
		}
	}
	if got := s.foreign(t); got != 1 {
		t.Errorf("got %d events, want 1", got)
	}
	if diff := cmp.Diff(before, s.tables(t)); diff != "" {
		t.Errorf("something has changed (-before +after)\n%s", diff)
	}
	s.browser(t, "owner").Get(t, "/integrations/"+missing)
	if got := s.foreign(t); got != 1 {
		t.Errorf("after asking for one that does not exist: got %d events, want 1", got)
	}
}

// A role that is taken away, and a sign-in that is ended, act at the next request.
func TestRoleTakenAway(t *testing.T) {
	t.Parallel()
	s := newSiteTPeople(t)
	b := s.browser(t, "administrator")
	siteTWants(t, b.Get(t, "/admin/events"), 200)
	if err := s.house.store.SetRole(t.Context(), store.Actor{}, s.admin.ID, store.RoleNone); err != nil {
		t.Fatal(err)
	}
	siteTWants(t, b.Get(t, "/admin/events"), 403)
}

// GET changes nothing but the audit trail and sign-ins.
func TestGetChangesNothing(t *testing.T) {
	t.Parallel()
	s := newSiteTPeople(t)
	i := s.integration(t, "a")
	before, state := s.tables(t), siteTFile(t, filepath.Join(s.data, "sandbox.json"))
	for _, actor := range siteTActors {
		b := s.browser(t, actor)
		for _, r := range handlers.Routes() {
			path, _, _ := strings.Cut(siteTPlaces(r.Path, i.ID), "?")
			// What a form would send changes nothing either when it stands in the address.
			b.Get(t, path+"?"+url.Values{
				"a": {i.ID + "-a"}, "b": {i.ID + "-b"},
				"name": {"Nytt navn"}, "organisation": {siteTOrgs[1].Number}, "language": {"en"}, "inuse": {"yes"}, "client_id": {"x"},
				"version": {"1"}, "_method": {"POST"}, "token": {"x"},
			}.Encode())
		}
	}
	box := handlerstest.New(s.sandbox)
	for _, path := range []string{"/", "/samarbeidsportalen/", "/samarbeidsportalen/" + siteTOrgs[0].Number + "/clients", "/maskinporten/jwk", "/maskinporten/token"} {
		box.Get(t, path+"?name=x&nonce=y&key=z")
	}
	if diff := cmp.Diff(before, s.tables(t)); diff != "" {
		t.Errorf("(-before +after)\n%s", diff)
	}
	if got := siteTFile(t, filepath.Join(s.data, "sandbox.json")); got != state {
		t.Errorf("the sandbox's state has changed: %s", got)
	}
}

func siteTFile(t testing.TB, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(data)
}
