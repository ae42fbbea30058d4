package handlers_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"portvakt/handlers"
	"portvakt/handlers/handlerstest"
	"portvakt/internal/samarbeidsportalen"
	"portvakt/internal/sandbox"
	"portvakt/store"
)

const notifications = "altinn:serviceowner/notifications.create"

// twoScopes is the page of an integration that wants two, both on the client.
func twoScopes(t testing.TB, s *site, b *handlerstest.Browser) *handlerstest.Page {
	t.Helper()
	described := b.Get(t, "/integrations/new").Form(t, "describe").Fill(t, "Navn", "To scopes").
		Fill(t, nb("describe.typed"), "altinn:serviceowner").Press(t, "Opprett")
	return register(t, s, described.Form(t, "journey").Press(t, "Lag nøkkel"))
}

// faulty presses the button of a page while the sandbox fails.
func faulty(t testing.TB, s *site, page *handlerstest.Page, faults ...string) *handlerstest.Page {
	t.Helper()
	if err := s.sandbox.SetFaults(fault(faults...).faults); err != nil {
		t.Fatal(err)
	}
	return page.Form(t, "journey").Press(t, nb("prove.button"))
}

// What was not tried is not alike, and is no fault either.
func TestScopesNotTried(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	page := twoScopes(t, s, b)
	f := page.Form(t, "journey")
	f.Values["asked"] = []string{notifications}
	part := f.Press(t, nb("prove.button"))
	red := faulty(t, s, page, "signature")
	checkRed(t, red, "token", "token.invalid-signature")
	for is, p := range map[string]*handlerstest.Page{"not-asked": part, "unknown": red} {
		table := p.Text("#scope-table")
		if strings.Contains(table, nb("scopes.alike")) || !strings.Contains(table, nb("scopes.is."+is)) {
			t.Errorf("%s: got %q", is, table)
		}
		if p.Find("#scope-table[open], #scope-table .marked").Length() > 0 {
			t.Errorf("%s: what was not tried is shown as a fault", is)
		}
		// The other scope, or the first.
		if got := p.Text("#scope-table p.quiet"); !strings.Contains(got, "altinn:serviceowner") {
			t.Errorf("%s: got %q, want it to name the scope", is, got)
		}
	}
}

// A difference in one row is told before what is not known of another.
func TestDifferenceBeforeTheUnknown(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.browser(t, "Per Prøve", store.RoleNone, orgs[1].Number) // lacks the Notifications scope
	described := b.Get(t, "/integrations/new").Form(t, "describe").Fill(t, "Navn", "To scopes").
		Choose(t, nb("purpose.other")).Fill(t, nb("describe.typed"), "altinn:serviceowner "+notifications).Press(t, "Opprett")
	page := register(t, s, described.Form(t, "journey").Press(t, "Lag nøkkel"))
	red := page.Form(t, "journey").Press(t, nb("prove.button"))
	checkRed(t, red, "token", "token.access-not-granted")
	if got := red.Text("#scope-table .marked th"); got != notifications {
		t.Errorf("marked: got %q, want the refused one\n%s", got, red.Text("#scope-table"))
	}
}

// A supplier asks for the customer, which is the one that lacks access.
func TestLetterForACustomer(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	customer, supplier := orgs[0], orgs[2]
	page := carried(t, s, s.browser(t, "Liv Leverandør", store.RoleNone, supplier.Number))
	if err := s.sandbox.SetFaults(fault("access-revoked").faults); err != nil {
		t.Fatal(err)
	}
	red := page.Form(t, "journey").Fill(t, nb("prove.consumer_org"), customer.Number).Press(t, nb("prove.button"))
	checkRed(t, red, "token", "token.access-not-granted")
	letter := red.Text("#letter-text")
	for _, want := range []string{
		supplier.Name, supplier.Number, "virksomheten " + customer.Number + " får tilgang", "virksomheten " + customer.Number + " ikke har fått tilgang (MP-250)",
	} {
		if !strings.Contains(letter, want) {
			t.Errorf("the letter does not say %q:\n%s", want, letter)
		}
	}
}

// The code in the letter is the answer's own.
func TestLetterQuotesTheAnswer(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := carried(t, s, s.member(t))
	for code, uri := range map[string]string{"(MP-300)": `,"error_uri":"https://x.example/errors/MP-300"`, "": ""} {
		s.stand(says("/maskinporten/token", 403, fmt.Sprintf(
			`{"error":"forbidden","error_description":"Consumer has not been granted access to the scope %s."%s}`, notifications, uri)).instead)
		page = page.Form(t, "journey").Press(t, nb("prove.button"))
		letter := page.Text("#letter-text")
		if letter == "" || !strings.Contains(letter, code) || code == "" && strings.Contains(letter, "(MP") {
			t.Errorf("want the code %q in\n%s", code, letter)
		}
	}
}

// withCatalogue gives the portal a list of public scopes that says this of one.
func withCatalogue(s *site, entry string) {
	s.alter = func(e *handlers.Environment) {
		e.Catalogue = samarbeidsportalen.NewCatalogue(
			&samarbeidsportalen.Client{HTTP: e.Proof.Altinn.HTTP, ScopesURL: s.sandbox.ScopesURL()}, s.Now)
	}
	s.instead = map[string]http.HandlerFunc{"/v1/scopes/all": func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, `[{"name":"`+notifications+`",`+entry+`}]`)
	}}
}

// Nobody is asked for access to a scope that is closed.
func TestClosedScope(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		entry string
		open  bool
	}{"closed": {`"active":false`, false}, "open": {`"active":true`, true}} {
		s := newSiteWith(t, func(s *site) { withCatalogue(s, c.entry) })
		p := faulty(t, s, carried(t, s, s.member(t)), "access-revoked")
		checkRed(t, p, "token", "token.access-not-granted")
		if got := p.Find("#letter-text").Length() == 1; got != c.open {
			t.Errorf("%s: a letter is %v, want %v", name, got, c.open)
		}
		if got := strings.Contains(p.Text("#scope-closed"), notifications); got == c.open {
			t.Errorf("%s: that the scope is closed is said: %v", name, got)
		}
	}
}

// Where the client's type is wrong, the list tells which are right.
func TestTypesOfScope(t *testing.T) {
	t.Parallel()
	s := newSiteWith(t, func(s *site) { withCatalogue(s, `"allowed_integration_types":["api_klient","idporten"]`) })
	p := faulty(t, s, carried(t, s, s.member(t)), "integration-type")
	checkRed(t, p, "token", "token.integration-type")
	if got := p.Text("#scope-table"); !strings.Contains(got, "api_klient, idporten") {
		t.Errorf("got %q", got)
	}
}

// What a run asked for stays what it was when something else is wanted.
func TestAskedOfAnOldRun(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	page := carried(t, s, b)
	red := faulty(t, s, page, "signature")
	path := strings.TrimSuffix(red.URL.Path, "/proofs")
	s.change(t, `UPDATE integrations SET wanted = replace(wanted, 'notifications.create', 'instances.read')`)
	link := b.Get(t, path+"/proofs").Find("tbody a").First().AttrOr("href", "")
	if text := b.Get(t, link).Find("#bundle-text").Text(); !strings.Contains(text, nb("bundle.wanted")+": "+notifications+"\n") {
		t.Errorf("got\n%s", text)
	}
	again := b.Get(t, path)
	if got := again.Find("#scope-table td:last-child").Map(func(_ int, c *goquery.Selection) string { return c.Text() }); !slices.Contains(got, nb("scopes.is.not-asked")) {
		t.Errorf("issued: got %q, want one that was not asked for", got)
	}
}

// How long the other end asks to be left alone is shown.
func TestRetryAfterIsShown(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := carried(t, s, s.member(t))
	for call, stage := range map[string]string{
		sandbox.CallMetadata: "metadata", sandbox.CallToken: "token", sandbox.CallExchange: "exchange", sandbox.CallNotifications: "access",
	} {
		page = faulty(t, s, page, call+".busy")
		if got := page.Text("#result"); !strings.Contains(got, nb("figure."+stage+".retry")+"30") {
			t.Errorf("%s: the 30 seconds are not in %q", call, got)
		}
	}
}
