package main

import (
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"portvakt/handlers"
	"portvakt/handlers/handlerstest"
	"portvakt/store"
)

// siteTCrawler follows every link and presses every button that it finds, each
// once in each state of a page, as somebody would who fills nothing in.
type siteTCrawler struct {
	testing.TB
	b *handlerstest.Browser
	// sites are the addresses to stay on.
	sites []string
	queue []*handlerstest.Page
	done  map[string]bool
	// late are buttons that take something away; they are pressed at the end.
	late []siteTButton
	// routes is what was asked for: method and path.
	routes map[string]bool
}

// siteTButton is a button with the form that it sends.
type siteTButton struct {
	page         *handlerstest.Page
	action, name string
	form         url.Values
}

// siteTMost ends a crawl that finds ever new pages.
const siteTMost = 1500

// siteTLate are the endings of the actions of buttons that take something away,
// in the order in which to press them.
var siteTLate = []string{"/keys/expire", "/keys/remove", "/deactivate", "/organisation", "/signout"}

func (s *siteT) crawl(t testing.TB, b *handlerstest.Browser, starts ...string) *siteTCrawler {
	t.Helper()
	c := &siteTCrawler{TB: t, b: b, sites: []string{s.portal, s.sandbox}, done: map[string]bool{}, routes: map[string]bool{}}
	for _, start := range starts {
		c.open(nil, start)
	}
	c.run()
	slices.SortStableFunc(c.late, func(a, b siteTButton) int { return c.lateness(a.action) - c.lateness(b.action) })
	for len(c.late) > 0 {
		next := c.late[0]
		c.late = c.late[1:]
		// The page anew, as it is by now: the button may be gone.
		for _, again := range c.buttons(b.Get(t, next.page.URL.String())) {
			if again.action == next.action && again.name == next.name && again.form.Encode() == next.form.Encode() {
				c.press(again)
				break
			}
		}
		c.run()
	}
	if len(c.done) > siteTMost {
		t.Errorf("the crawl found no end")
	}
	return c
}

func (c *siteTCrawler) run() {
	for len(c.queue) > 0 && len(c.done) <= siteTMost {
		page := c.queue[0]
		c.queue = c.queue[1:]
		c.look(page)
	}
}

// open fetches a page that a link leads to, unless it has been.
func (c *siteTCrawler) open(from *handlerstest.Page, address string) {
	u, err := url.Parse(address)
	if err != nil {
		c.Errorf("%s: a link to %q: %v", from.URL, address, err)
		return
	}
	u.Fragment = ""
	if key := "GET " + u.String(); c.done[key] {
		return
	} else {
		c.done[key] = true
	}
	c.routes["GET "+u.Path] = true
	c.add(from, c.b.Get(c, u.String()), "the link to "+address)
}

// add looks at an answer, and puts it in the queue if it is a page.
func (c *siteTCrawler) add(from, p *handlerstest.Page, what string) {
	where := "at the start"
	if from != nil {
		where = "on " + from.URL.String()
	}
	switch p.Status {
	case 200, 422, 409:
	case 429:
		if p.URL.Path != "/signin/link" {
			c.Errorf("%s, %s: got 429", where, what)
		}
	default:
		c.Errorf("%s, %s: got %d at %s", where, what, p.Status, p.URL)
		return
	}
	if strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") && p.Header.Get("Content-Disposition") == "" {
		c.queue = append(c.queue, p)
	}
}

// look checks a page and goes on from it.
func (c *siteTCrawler) look(p *handlerstest.Page) {
	siteTSound(c, p)
	for _, ref := range []struct{ selector, attr string }{{"a[href]", "href"}, {"link[href]", "href"}, {"script[src]", "src"}, {"img[src]", "src"}} {
		p.Find(ref.selector).Each(func(_ int, e *goquery.Selection) {
			to, err := p.URL.Parse(e.AttrOr(ref.attr, ""))
			if err != nil {
				c.Errorf("%s: a reference to %q", p.URL, e.AttrOr(ref.attr, ""))
				return
			}
			if c.ours(to) && !strings.HasPrefix(e.AttrOr(ref.attr, ""), "#") {
				c.open(p, to.String())
			}
		})
	}
	for _, b := range c.buttons(p) {
		// Once from each kind of page that has it: refused or not, with a key or without.
		key := fmt.Sprint("POST ", b.action, " ", b.name, " from ", p.Status, " ", b.form.Get("return"), b.form.Get("sealed") != "")
		if c.done[key] {
			continue
		}
		c.done[key] = true
		if c.lateness(b.action) < len(siteTLate) {
			c.late = append(c.late, b)
			continue
		}
		c.press(b)
	}
}

func (c *siteTCrawler) lateness(action string) int {
	n := slices.IndexFunc(siteTLate, func(end string) bool { return strings.HasSuffix(action, end) })
	if n < 0 {
		return len(siteTLate)
	}
	return n
}

func (c *siteTCrawler) ours(u *url.URL) bool {
	return slices.Contains(c.sites, u.Scheme+"://"+u.Host)
}

func (c *siteTCrawler) press(b siteTButton) {
	u, _ := url.Parse(b.action)
	c.routes["POST "+u.Path] = true
	p := c.b.Do(c, "POST", b.action, b.form)
	if to := p.Header.Get("Location"); p.Status == http.StatusSeeOther {
		next, err := p.URL.Parse(to)
		if err != nil || !c.ours(next) {
			c.Errorf("%s: the button %s of %s leads to %q", p.URL, b.name, b.action, to)
			return
		}
		c.routes["GET "+next.Path] = true
		p = c.b.Get(c, next.String())
	}
	c.add(b.page, p, "the button "+b.name+" of "+b.action)
}

// buttons are those of a page, each with its form as it is filled in.
func (c *siteTCrawler) buttons(p *handlerstest.Page) []siteTButton {
	var all []siteTButton
	p.Find("button").Each(func(_ int, b *goquery.Selection) {
		if b.AttrOr("type", "submit") != "submit" {
			return
		}
		form := b.Closest("form")
		if id, ok := b.Attr("form"); ok {
			form = p.Find("form#" + id)
		}
		if form.Length() != 1 {
			c.Errorf("%s: the button %q belongs to no form", p.URL, b.Text())
			return
		}
		method := b.AttrOr("formmethod", form.AttrOr("method", "get"))
		to, err := p.URL.Parse(b.AttrOr("formaction", form.AttrOr("action", "")))
		if err != nil || !c.ours(to) {
			c.Errorf("%s: the button %q sends its form to %v", p.URL, b.Text(), to)
			return
		}
		to.Fragment = ""
		values := siteTValues(form)
		if method == "get" {
			// A form that only looks: it leads to a page as a link does.
			to.RawQuery = values.Encode()
			c.open(p, to.String())
			return
		}
		name := b.AttrOr("name", "")
		if name != "" {
			values.Add(name, b.AttrOr("value", ""))
		}
		all = append(all, siteTButton{page: p, action: to.String(), name: name + "=" + b.AttrOr("value", ""), form: values})
	})
	return all
}

// siteTValues is what a form is filled in with.
func siteTValues(form *goquery.Selection) url.Values {
	values := url.Values{}
	form.Find("input[name], textarea[name], select[name]").Each(func(_ int, e *goquery.Selection) {
		_, checked := e.Attr("checked")
		switch kind := e.AttrOr("type", "text"); {
		case goquery.NodeName(e) == "select":
			values.Add(e.AttrOr("name", ""), e.Find("option").First().AttrOr("value", ""))
		case goquery.NodeName(e) == "textarea":
			values.Add(e.AttrOr("name", ""), e.Text())
		case kind == "file", (kind == "radio" || kind == "checkbox") && !checked:
		default:
			values.Add(e.AttrOr("name", ""), e.AttrOr("value", ""))
		}
	})
	return values
}

// siteTSound checks what holds for every page of both sites.
func siteTSound(t testing.TB, p *handlerstest.Page) {
	t.Helper()
	ids := map[string]int{}
	p.Find("[id]").Each(func(_ int, e *goquery.Selection) { ids[e.AttrOr("id", "")]++ })
	for id, n := range ids {
		if n > 1 {
			t.Errorf("%s: %d elements have the id %q", p.URL, n, id)
		}
	}
	for _, ref := range []struct{ selector, attr string }{
		{`a[href^="#"]`, "href"}, {"label[for]", "for"}, {"[aria-describedby]", "aria-describedby"}, {"[aria-labelledby]", "aria-labelledby"},
	} {
		p.Find(ref.selector).Each(func(_ int, e *goquery.Selection) {
			for id := range strings.FieldsSeq(strings.TrimPrefix(e.AttrOr(ref.attr, ""), "#")) {
				if ids[id] == 0 {
					t.Errorf("%s: %s refers to %q, which is not there", p.URL, ref.attr, id)
				}
			}
		})
	}
	for selector, want := range map[string]int{"html[lang]": 1, "title": 1, "h1": 1, "main#main": 1, "style": 0, "[style]": 0, "script:not([src])": 0, "[onclick]": 0} {
		if got := p.Find(selector).Length(); got != want {
			t.Errorf("%s: got %d of %s, want %d", p.URL, got, selector, want)
		}
	}
	if strings.Contains(p.Body, "⟦") {
		t.Errorf("%s: a message is missing: %.200s", p.URL, p.Body[strings.Index(p.Body, "⟦"):])
	}
}

// covers says which routes the crawl did not come to.
func (c *siteTCrawler) reached(route handlers.RouteInfo) bool {
	shape := regexp.MustCompile("^" + route.Method + " " + regexp.MustCompile(`:\w+`).ReplaceAllString(route.Path, `[^/]+`) + "$")
	for asked := range c.routes {
		if shape.MatchString(asked) {
			return true
		}
	}
	return false
}

func TestCrawl(t *testing.T) {
	t.Parallel()
	s := newSiteT(t)
	member := s.person(t, "Kari Medlem", store.RoleNone, siteTOrgs[0].Number)
	if err := s.house.store.AddMember(t.Context(), store.Actor{}, member.ID, store.OrgNumber(siteTOrgs[1].Number)); err != nil {
		t.Fatal(err)
	}
	admin := s.person(t, "Ada Admin", store.RoleAdmin, "")

	// One integration in each state of the journey.
	b := s.signedIn(t, member, siteTOrgs[0].Number)
	siteTDescribe(t, b, "Beskrevet")
	siteTDescribe(t, b, "Med nøkkel").Form(t, "journey").Press(t, siteTWord("key.make"))
	s.proved(t, b, "Prøvd").Form(t, "journey").Press(t, siteTWord("configure.inuse.yes"))
	siteTDescribe(t, b, "Meldt").Form(t, "journey").Fill(t, siteTWord("sighting.sighting_saw"), "Noe annet").Press(t, siteTWord("sighting.send"))
	failed := siteTDescribe(t, b, "Rød").Form(t, "journey").Press(t, siteTWord("key.make"))
	failed = failed.Form(t, "journey").Fill(t, siteTWord("record.client_id"), "1a1b2c3d-1111-2222-3333-444455556666").Press(t, siteTWord("prove.button"))
	failed.Form(t, "journey").Fill(t, siteTWord("record.client_id"), "0a1b2c3d-1111-2222-3333-444455556666").Press(t, siteTWord("prove.button"))

	var all []*siteTCrawler
	for _, who := range []struct {
		b      *handlerstest.Browser
		starts []string
	}{
		{handlerstest.New(s.portal), []string{s.portal + "/", s.sandbox + "/"}},
		{s.signedIn(t, member, siteTOrgs[0].Number), []string{s.portal + "/"}},
		{s.signedIn(t, admin, ""), []string{s.portal + "/"}},
	} {
		all = append(all, s.crawl(t, who.b, who.starts...))
	}
	for _, route := range handlers.Routes() {
		if route.Path == "/signin/once" {
			continue // its link stands on the terminal
		}
		if !slices.ContainsFunc(all, func(c *siteTCrawler) bool { return c.reached(route) }) {
			t.Errorf("no link and no button leads to %s %s", route.Method, route.Path)
		}
	}
	s.practiceCrossSite(t, all)
}

// practiceCrossSite sends the forms of the sandbox from other sites.
func (s *siteT) practiceCrossSite(t *testing.T, all []*siteTCrawler) {
	t.Helper()
	posts := map[string]bool{"/maskinporten/token": true}
	for _, c := range all {
		for key := range c.done {
			if action, _, _ := strings.Cut(strings.TrimPrefix(key, "POST "), " "); strings.HasPrefix(key, "POST "+s.sandbox) {
				posts[strings.TrimPrefix(action, s.sandbox)] = true
			}
		}
	}
	if len(posts) < 10 {
		t.Errorf("got only the forms %v", posts)
	}
	state := siteTFile(t, filepath.Join(s.data, "sandbox.json"))
	for path := range posts {
		for _, origin := range siteTOrigins {
			b := handlerstest.New(s.sandbox)
			b.Header = siteTOrigin(origin.header, s.sandbox)
			if !origin.may {
				siteTWants(t, b.Do(t, "POST", path, url.Values{"name": {"x"}, "kid": {"x"}}), 403)
			} else if p := b.Do(t, "POST", "/language", url.Values{"return": {"/"}}); p.Status != 303 {
				t.Errorf("%v: got %d", origin.header, p.Status)
			}
		}
	}
	if got := siteTFile(t, filepath.Join(s.data, "sandbox.json")); got != state {
		t.Error("a post of another site has changed the sandbox's state")
	}
}

// The language switch of a page that answers a post leads to a page, not to the
// post's address, which no GET answers.
func TestLanguageOfErrors(t *testing.T) {
	t.Parallel()
	s := newSiteT(t)
	b := s.member(t)
	for what, p := range map[string]*handlerstest.Page{
		"404": b.Do(t, "POST", "/integrations/nowhere/record", url.Values{}),
		"405": b.Do(t, "POST", "/", url.Values{}),
		"401": handlerstest.New(s.portal).Do(t, "POST", "/integrations", url.Values{}),
		"413": b.Do(t, "POST", "/integrations", url.Values{"name": {strings.Repeat("a", 70000)}}),
		"400": b.Do(t, "POST", "/organisation", url.Values{}),
		"403": b.Do(t, "GET", "/admin/events", nil),
		"429": b.Do(t, "POST", "/signin/link", nil),
	} {
		if p.Status != 200 && what == "429" {
			t.Fatalf("got %d", p.Status)
		}
		siteTSound(t, p)
		form := p.Find(`form[action="/language"]`)
		if form.Length() != 1 {
			t.Errorf("%s: no language switch", what)
			continue
		}
		next := b.Do(t, "POST", form.AttrOr("action", ""), url.Values{"return": {form.Find("input[name=return]").AttrOr("value", "")}, "language": {"en"}})
		siteTWants(t, next, 303)
		if got := b.Get(t, next.Header.Get("Location")).Status; got != 200 && what != "403" {
			t.Errorf("%s: the language switch leads to %q, which is %d", what, next.Header.Get("Location"), got)
		}
	}
}
