package handlers_test

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"portvakt/handlers/handlerstest"
)

// describe walks step 1 and returns the page of the new integration.
func describe(t testing.TB, b *handlerstest.Browser, name string) *handlerstest.Page {
	t.Helper()
	p := b.Get(t, "/integrations/new").Form(t, "describe").Fill(t, "Navn", name).Press(t, "Opprett")
	if p.Status != 200 || !strings.HasPrefix(p.URL.Path, "/integrations/") {
		t.Fatalf("creating: got %d at %s", p.Status, p.URL)
	}
	return p
}

// registerThere does in the sandbox what the guide tells, and returns the client id.
func (s *site) registerThere(t testing.TB, p *handlerstest.Page) string {
	t.Helper()
	var scopes []string
	p.Find("#describe .scopes code").Each(func(_ int, c *goquery.Selection) { scopes = append(scopes, c.Text()) })
	organisation := orgs[0].Number
	for _, o := range orgs {
		if strings.Contains(p.Text("#describe .facts"), o.Name) {
			organisation = o.Number
		}
	}
	client, err := s.sandbox.AddClient(organisation, p.Text("#site-name"), "Prøve", scopes)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.sandbox.AddKeys(client.ID, p.Find("#site-jwk").Text()); err != nil {
		t.Fatal(err)
	}
	return client.ID
}

func TestJourney(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)

	p := describe(t, b, "Saksystem – varsling")
	p = p.Form(t, "journey").Press(t, "Lag nøkkel")
	if p.Status != 200 || p.Find("#encoded").Length() != 1 {
		t.Fatalf("making a key: got %d without a private key on the page", p.Status)
	}
	id := s.registerThere(t, p)
	p = p.Form(t, "journey").Fill(t, "Klient ID", id).Press(t, "Test token")

	if got := p.Find(".light.passed").Length(); got != 9 {
		t.Fatalf("got %d green lights, want 9\n%s", got, p.Text("#prove"))
	}
	if got, want := p.Text(".title-row .ds-tag:last-child"), nb("state.proved"); got != want {
		t.Errorf("state: got %q, want %q", got, want)
	}
	if p.Find("#encoded").Length() != 1 {
		t.Error("the page no longer has the private key after the proof")
	}
	p = p.Form(t, "journey").Press(t, nb("configure.inuse.yes"))
	if got := p.Text(".title-row .ds-tag:last-child"); got != nb("state.in-use") {
		t.Errorf("state: got %q, want %q", got, nb("state.in-use"))
	}
}
