package main

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portvakt/handlers"
	"portvakt/handlers/handlerstest"
	"portvakt/store"
	"portvakt/views"
)

// Fields that a form does not have do nothing, in the body and in the address.
func TestMassAssignment(t *testing.T) {
	t.Parallel()
	s := newSiteTPeople(t)
	mine, other := s.integration(t, "mine"), s.integration(t, "other")
	b := s.browser(t, "owner")
	extra := url.Values{
		"id": {other.ID}, "integration": {other.ID}, "ID": {other.ID},
		"org": {siteTOrgs[1].Number}, "organisation": {siteTOrgs[1].Number}, "owner": {s.stranger.ID}, "user": {s.stranger.ID},
		"created_by": {s.stranger.ID}, "role": {"admin"}, "state": {"proved"}, "practice": {"0"}, "custody": {"elsewhere"},
		"kid_registered": {"x"}, "public_jwk": {"{}"}, "posted_at": {"1"}, "in_use": {"1"}, "expires": {"9999999999"},
		"made_by": {s.stranger.ID}, "outcome": {"passed"}, "key": {"x"}, "seq": {"1"}, "environment[]": {"prod"}, "signin": {"x"},
	}
	unchanged := s.tables(t)
	for _, r := range handlers.Routes() {
		route := r.Method + " " + r.Path
		switch {
		case r.Method == "GET", r.Path == "/signout", r.Path == "/organisation", r.Path == "/signin/link":
			continue
		}
		form := s.form(t, route, mine)
		if form == nil {
			form = url.Values{}
		}
		for name, values := range extra {
			if !form.Has(name) {
				form[name] = values
			}
		}
		path := strings.NewReplacer(":id", mine.ID, ":name", "public-array.json").Replace(r.Path)
		// The owner's own requests succeed: what they change is looked at below.
		if p := b.Do(t, "POST", path+"?"+extra.Encode(), form); p.Status >= 500 || p.Status == 404 {
			t.Errorf("%s: got %d", route, p.Status)
		}
		if r.Path == "/organisations" {
			if err := s.house.store.SwitchOrganisation(t.Context(), store.Actor{User: s.owner.ID}, s.signInOf(t, b), store.OrgNumber(siteTOrgs[0].Number)); err != nil {
				t.Fatal(err)
			}
		}
	}
	now := s.tables(t)
	if diff := cmp.Diff(unchanged["users"], now["users"]); diff != "" {
		t.Errorf("users (-before +after)\n%s", diff)
	}
	// As many are proved as before: both have a proof.
	proved := func(rows []string) (n int) {
		for _, i := range rows {
			n += strings.Count(i, "'proved'")
		}
		return n
	}
	if got, want := proved(now["integrations"]), proved(unchanged["integrations"]); got > want {
		t.Errorf("got %d proved integrations, want %d", got, want)
	}
	for _, i := range slices.Concat(now["integrations"]) {
		if !strings.Contains(i, "'"+siteTOrgs[0].Number+"'") || strings.Contains(i, s.stranger.ID) || strings.Contains(i, "'prod'") {
			t.Errorf("an integration that is not the owner's as it should be: %s", i)
		}
		if strings.Contains(i, "'"+other.ID+"'") && !slices.Contains(unchanged["integrations"], i) {
			t.Errorf("the integration that no path named has changed: %s", i)
		}
	}
	for _, m := range now["members"] {
		if strings.Contains(m, siteTOrgs[1].Number) && !slices.Contains(unchanged["members"], m) {
			t.Errorf("a new member: %s", m)
		}
	}
	for _, k := range now["keys"] {
		if strings.Contains(k, "'elsewhere'") || strings.Contains(k, other.ID) && !slices.Contains(unchanged["keys"], k) {
			t.Errorf("a key: %s", k)
		}
	}
	// A field of a form does not count when it stands in the address.
	siteTWants(t, b.Do(t, "POST", "/organisation?organisation="+siteTOrgs[2].Number, url.Values{}), 400)
}

// signInOf is the id of the browser's sign-in.
func (s *siteT) signInOf(t testing.TB, b *handlerstest.Browser) string {
	t.Helper()
	n, err := s.house.store.SignIn(t.Context(), b.Cookie(t, s.cookieName()).Value, localLimits)
	if err != nil {
		t.Fatal(err)
	}
	return n.SignIn.ID
}

// siteTOrigins are the headers that say where a post comes from, and whether it
// may. Browsers send at least one of them; programs may send none.
var siteTOrigins = []struct {
	header http.Header
	may    bool
}{
	{http.Header{"Sec-Fetch-Site": {"cross-site"}}, false},
	{http.Header{"Sec-Fetch-Site": {"same-site"}}, false},
	{http.Header{"Sec-Fetch-Site": {"same-origin"}}, true},
	{http.Header{"Sec-Fetch-Site": {"none"}}, true},
	{http.Header{"Sec-Fetch-Site": nil, "Origin": {"https://evil.example"}}, false},
	{http.Header{"Sec-Fetch-Site": nil, "Origin": {"null"}}, false},
	{http.Header{"Sec-Fetch-Site": nil, "Origin": {"own"}}, true},
	{http.Header{"Sec-Fetch-Site": nil}, true},
	{http.Header{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"own"}}, false},
	{http.Header{"Sec-Fetch-Site": {"cross-site"}, "X-Http-Method-Override": {"GET"}}, false},
}

// Posts that other sites send, with the reader's cookie, are refused on every route.
func TestCrossSite(t *testing.T) {
	t.Parallel()
	s := newSiteTPeople(t)
	i := s.integration(t, "a")
	for _, r := range handlers.Routes() {
		if r.Method != "POST" || r.Path == "/signout" {
			continue
		}
		form, who := s.form(t, "POST "+r.Path, i), "owner"
		if strings.HasPrefix(r.Path, "/admin/") {
			who = "admin"
		}
		s.crossSite(t, s.browser(t, who), s.portal, strings.NewReplacer(":id", i.ID, ":name", "public-array.json").Replace(r.Path), form)
	}
	for _, origin := range siteTOrigins {
		b := s.browser(t, "owner")
		b.Header = siteTOrigin(origin.header, s.portal)
		want := 403
		if origin.may {
			want = 200
		}
		siteTWants(t, b.Do(t, "POST", "/signout", nil), want)
	}
}

// crossSite posts the form with each of siteTOrigins.
func (s *siteT) crossSite(t testing.TB, b *handlerstest.Browser, base, path string, form url.Values) {
	t.Helper()
	var titles []string
	for _, l := range views.Languages {
		titles = append(titles, views.In(l).S("error.crosssite.title"))
	}
	for _, origin := range siteTOrigins {
		before := s.tables(t)
		b.Header = siteTOrigin(origin.header, base)
		p := b.Do(t, "POST", path, form)
		b.Header = nil
		if p.Status == 403 && !origin.may && slices.Contains(titles, p.Text("h1")) {
			if diff := cmp.Diff(before, s.tables(t)); diff != "" {
				t.Errorf("%s, %v: refused, and yet (-before +after)\n%s", path, origin.header, diff)
			}
			continue
		}
		if !origin.may || p.Status == 403 || p.Status >= 500 {
			t.Errorf("%s, %v: got %d", path, origin.header, p.Status)
		}
	}
}

func siteTOrigin(h http.Header, own string) http.Header {
	h = h.Clone()
	if h.Get("Origin") == "own" {
		h.Set("Origin", own)
	}
	return h
}
