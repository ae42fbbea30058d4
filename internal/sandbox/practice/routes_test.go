package practice_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"portvakt/internal/sandbox/practice"
	"portvakt/views"
)

func parse(t *testing.T, html, selector string) string {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader([]byte(html)))
	if err != nil {
		t.Fatal(err)
	}
	return doc.Find(selector).Text()
}

// Every refusal is a page in the reader's language, marked as practice.
func TestRefusals(t *testing.T) {
	t.Parallel()
	s := start(t)
	at := s.client(owner)
	unknown := strings.Replace(at, directorate, inspection, 1)
	form := []string{"Content-Type", "application/x-www-form-urlencoded"}
	for _, c := range []struct {
		name, method, path, body string
		headers                  []string
		status                   int
		code, allow              string
	}{
		{"no such page", "GET", "/nowhere", "", nil, 404, "404", ""},
		{"no such page, posted to", "POST", "/nowhere", "", nil, 404, "404", ""},
		{"no such organisation", "GET", portal + "999999999/clients", "", nil, 404, "404", ""},
		{"no such client", "GET", clients + "/a", "", nil, 404, "404", ""},
		{"another organisation's client", "GET", unknown, "", nil, 404, "404", ""},
		{"another organisation's client, changed", "POST", unknown + "/deactivate", "", nil, 404, "404", ""},
		{"no such tab", "GET", at + "/secrets", "", nil, 404, "404", ""},
		{"no such asset", "GET", "/static/app.css", "", nil, 404, "404", ""},
		{"wrong method", "DELETE", "/", "", nil, 405, "405", "GET, HEAD"},
		{"a form that is only posted", "GET", "/language", "", nil, 405, "405", "POST"},
		{"a page that takes forms too", "PUT", clients, "", nil, 405, "405", "GET, HEAD, POST"},
		{"too large", "POST", clients, "name=" + strings.Repeat("a", 70000), form, 413, "413", ""},
		{"not a form", "POST", clients, "name=%zz", form, 400, "400", ""},
		{"from another site", "POST", clients, "", []string{"Sec-Fetch-Site", "cross-site"}, 403, "crosssite", ""},
		{"through a proxy", "GET", "/", "", []string{"X-Forwarded-For", "192.0.2.1"}, 400, "forwarded", ""},
		{"at another host", "GET", "/", "", []string{"Host", "evil.example"}, 421, "421", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			inAll(t, func(t *testing.T, text views.Text) {
				s := site{T: t, url: s.url}
				got := s.ask(c.method, c.path, c.body, append(c.headers, "Accept-Language", string(text.Language()))...).wants(c.status)
				got.says(text.S("error."+c.code+".title"), text.S("error."+c.code+".text"))
				if band := got.Find(".practice-band").Text(); !strings.Contains(band, text.S("practice.band")) {
					t.Errorf("got band %q, want it to say that this is practice", band)
				}
				if allow := got.header.Get("Allow"); allow != c.allow {
					t.Errorf("got Allow %q, want %q", allow, c.allow)
				}
			})
		})
	}
	if c := s.sandbox.Clients(directorate); len(c) != 1 || !c[0].Active {
		t.Errorf("got %v, want the one client unchanged", c)
	}
}

func TestErrorOfOurs(t *testing.T) {
	t.Parallel()
	s := start(t)
	w := httptest.NewRecorder()
	practice.New(s.sandbox).Refuse(w, httptest.NewRequest("POST", "/", nil), http.StatusInternalServerError)
	if got := parse(t, w.Body.String(), "h1"); w.Code != 500 || got != views.In(views.Bokmal).S("error.500.title") {
		t.Errorf("got %d %q, want the page of an error of ours", w.Code, got)
	}
}

// Every page answers HEAD as GET without a body, is marked as practice, and loads what it links to.
func TestPages(t *testing.T) {
	t.Parallel()
	s := start(t)
	at := s.client(owner, authorize)
	s.post(at+"/keys", "key", key(t).Public().JSON()).next()
	paths := []string{
		"/", portal, strings.TrimSuffix(portal, "/"), portal + directorate, clients, portal + inspection + "/clients", clients + "/new", clients + "/draft",
		at, at + "?done=created", at + "/scopes", at + "/keys", at + "/keys?done=unknown", at + "/history",
	}
	inAll(t, func(t *testing.T, text views.Text) {
		s := site{T: t, sandbox: s.sandbox, url: s.url}
		for _, path := range paths {
			got := s.get(path, "Accept-Language", string(text.Language())).wants(200)
			head := s.ask("HEAD", path, "", "Accept-Language", string(text.Language())).wants(200)
			if got.header.Get("Content-Type") != head.header.Get("Content-Type") || head.text != "" {
				t.Errorf("%s: HEAD is not GET without a body", path)
			}
			if band := got.Find(".practice-band").Text(); !strings.Contains(band, text.S("practice.band.what")) {
				t.Errorf("%s: the page does not say that it is practice", path)
			}
			if title := got.Find("title").Text(); strings.HasPrefix(title, " –") || got.Find("h1").Length() != 1 {
				t.Errorf("%s: got title %q and %d h1, want one of each", path, title, got.Find("h1").Length())
			}
			if n := got.Find("[style], style, script:not([src])").Length(); n != 0 {
				t.Errorf("%s: got %d inline styles or scripts", path, n)
			}
			if ids := twice(got); len(ids) != 0 {
				t.Errorf("%s: ids stand twice: %v", path, ids)
			}
		}
	})
	for _, link := range s.get("/").Find("link[href], script[src]").EachIter() {
		s.get(link.AttrOr("href", link.AttrOr("src", ""))).wants(200)
	}
}

func twice(p page) []string {
	seen := map[string]bool{}
	var ids []string
	for _, e := range p.Find("[id]").EachIter() {
		id := e.AttrOr("id", "")
		if seen[id] {
			ids = append(ids, id)
		}
		seen[id] = true
	}
	return ids
}

// The guide in the portal names the same buttons and fields.
func TestLabels(t *testing.T) {
	t.Parallel()
	s := start(t)
	at := s.client(owner)
	inAll(t, func(t *testing.T, text views.Text) {
		s := site{T: t, sandbox: s.sandbox, url: s.url}
		for path, ids := range map[string][]string{
			clients:          {"clients", "add-client"},
			clients + "/new": {"type", "name", "description", "scopes", "add-scope", "finish", "save-client", "missing"},
			at:               {"clients", "client-id", "name", "description", "scopes", "keys", "history"},
			at + "/keys":     {"keys", "add-key", "key-field", "save", "client-id"},
		} {
			got := s.get(path, "Accept-Language", string(text.Language())).wants(200)
			for _, id := range ids {
				got.says(text.Label(id, true).Name)
			}
		}
	})
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	s := start(t)
	got := s.get("/").Find(".copy-text").Map(func(_ int, e *goquery.Selection) string { return e.Text() })
	want := []string{
		s.url + "/maskinporten/", s.url + "/maskinporten/.well-known/oauth-authorization-server", s.url + "/maskinporten/token",
		s.url + "/maskinporten/jwk", s.url + "/altinn", s.url + "/altinn/orgs/altinn-orgs.json",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("addresses (-want +got)\n%s", diff)
	}
	for _, i := range []int{1, 3, 5} {
		s.get(strings.TrimPrefix(got[i], s.url)).wants(200)
	}
}

// Each organisation is good for something else.
func TestOrganisations(t *testing.T) {
	t.Parallel()
	s := start(t)
	inAll(t, func(t *testing.T, text views.Text) {
		s := site{T: t, sandbox: s.sandbox, url: s.url}
		s.get(portal, "Accept-Language", string(text.Language())).wants(200).says(
			text.S("practice.organisation.all"), text.S("practice.organisation.no-notifications"), text.S("practice.organisation.unknown"))
	})
}

func TestHostileText(t *testing.T) {
	t.Parallel()
	s := start(t)
	hostile := `"><script>alert(1)</script><img src=x onerror=alert(2)>'</textarea>{{.}}`
	to := s.post(clients, "name", hostile, "description", hostile, "lifetime", "120", "scope", owner).next()
	at, _, _ := strings.Cut(to, "?")
	pages := []page{
		s.get(clients), s.get(at), s.get(at + "/scopes"), s.get(at + "/keys"), s.get(at + "/history"), s.get(at + "?done=" + escape(hostile)),
		s.get("/" + escape(hostile)),
		s.post(clients, "name", hostile, "description", hostile, "lifetime", hostile, "scopes", hostile, "query", hostile, "nonce", hostile, "scope", hostile),
		s.post(at+"/scopes", "scopes", hostile, "query", hostile), s.post(at+"/details", "lifetime", hostile),
		s.post(at+"/keys", "key", hostile), s.post(at+"/keys", "key", changed(t, "kid", hostile)), s.post(at+"/keys", "key", changed(t, "kid", hostile, "use", nil)),
	}
	for i, p := range pages {
		if p.Find("script:not([src]), img[onerror], textarea + script").Length() != 0 || strings.Contains(p.text, "<script>alert") {
			t.Errorf("page %d: the text became markup", i)
		}
	}
	if got := pages[1].Find("h1").Text(); got != hostile {
		t.Errorf("got %q, want %q", got, hostile)
	}
}
