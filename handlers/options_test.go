package handlers_test

import (
	"strings"
	"testing"
	"time"

	"portvakt/handlers/handlerstest"
	"portvakt/store"
)

// carried is the page of an integration that carries its key, with the client
// registered and recorded.
func carried(t testing.TB, s *site, b *handlerstest.Browser) *handlerstest.Page {
	t.Helper()
	return register(t, s, made(t, b))
}

// register does in the sandbox what the page says, and records the client id.
func register(t testing.TB, s *site, p *handlerstest.Page) *handlerstest.Page {
	t.Helper()
	return p.Form(t, "journey").Fill(t, "Klient ID", s.registerThere(t, p)).Press(t, nb("record.save"))
}

func TestProofOptions(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	page := carried(t, s, b)
	press := func(field, typed string) *handlerstest.Page {
		t.Helper()
		return page.Form(t, "journey").Fill(t, nb(field), typed).Press(t, nb("prove.button"))
	}

	for _, row := range []struct{ name, label, field, typed, code string }{
		{"the organisation itself", "prove.consumer_org", "consumer_org", orgs[0].Number, "consumer.own"},
		{"a number with a wrong check digit", "prove.consumer_org", "consumer_org", "123456789", "orgnumber.check-digit"},
		{"a relative resource", "prove.resource", "resource", "/api", "resource.syntax"},
		{"a resource with a fragment", "prove.resource", "resource", "https://api.eksempel.no/#x", "resource.syntax"},
	} {
		p := press(row.label, row.typed)
		if p.Status != 422 {
			t.Errorf("%s: got %d, want 422", row.name, p.Status)
		}
		checkProblem(t, p, row.field, row.code)
		if got, _ := p.Find("#" + row.field).Attr("value"); got != row.typed {
			t.Errorf("%s: what was typed is lost: %q", row.name, got)
		}
	}
	secret := page.Find("#encoded").Text()
	p := press("prove.resource", secret)
	checkProblem(t, p, "resource", "secret")
	if got, _ := p.Find("#resource").Attr("value"); got != "" || strings.Contains(s.log.String(), secret[:60]) {
		t.Error("a private key in the field of the resource comes back, or is in the log")
	}

	green := press("prove.resource", "https://api.eksempel.no/")
	if got := green.Find(".light.passed").Length(); got != 9 {
		t.Fatalf("with a resource: got %d green lights\n%s", got, green.Text(".diagnosis"))
	}
	if !strings.Contains(green.Text("#proved"), "https://api.eksempel.no/") {
		t.Error("the page does not show the resource in the token")
	}
	again := b.Get(t, strings.TrimSuffix(page.URL.Path, "/record"))
	if got, _ := again.Find("#resource").Attr("value"); got != "https://api.eksempel.no/" {
		t.Errorf("the next test proposes the resource %q", got)
	}
}

// What is chosen beside a client id that is pasted counts in the same press.
func TestOptionsWithANewClientID(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := made(t, s.member(t))
	green := page.Form(t, "journey").Fill(t, "Klient ID", s.registerThere(t, page)).
		Fill(t, nb("prove.resource"), "https://api.eksempel.no/").Press(t, nb("prove.button"))
	if got := green.Find(".light.passed").Length(); got != 9 || !strings.Contains(green.Text("#proved"), "https://api.eksempel.no/") {
		t.Errorf("got %d green lights: %s", got, green.Text("#proved"))
	}
}

// A supplier acts for a customer that has delegated, and for one that has not.
func TestProofForACustomer(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	customer, other, supplier := orgs[0].Number, orgs[1].Number, orgs[2].Number
	b := s.browser(t, "Liv Leverandør", store.RoleNone, supplier)
	page := carried(t, s, b)

	alone := page.Form(t, "journey").Press(t, nb("prove.button"))
	checkRed(t, alone, "claim", "claim.organisation")
	if !strings.Contains(alone.Text(".possible li:first-child"), nb("evidence.not-listed")) {
		t.Errorf("that Altinn's list lacks the supplier is not said first: %s", alone.Text(".possible"))
	}
	refused := alone.Form(t, "journey").Fill(t, nb("prove.consumer_org"), other).Press(t, nb("prove.button"))
	checkRed(t, refused, "token", "token.not-delegated")
	green := refused.Form(t, "journey").Fill(t, nb("prove.consumer_org"), customer).Press(t, nb("prove.button"))
	if got := green.Find(".light.passed").Length(); got != 9 || !strings.Contains(green.Text("#proved"), customer) {
		t.Errorf("for the customer: got %d green lights: %s", got, green.Text("#proved"))
	}
}

// With some of the scopes the test finds out which one stops, and the integration
// is not proved by it.
func TestProofOfSomeScopes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	described := b.Get(t, "/integrations/new").Form(t, "describe").Fill(t, "Navn", "To scopes").
		Fill(t, nb("describe.typed"), "altinn:serviceowner").Press(t, "Opprett")
	page := register(t, s, described.Form(t, "journey").Press(t, "Lag nøkkel"))
	ask := func(scopes ...string) *handlerstest.Page {
		t.Helper()
		f := page.Form(t, "journey")
		f.Values["asked"] = scopes
		return f.Press(t, nb("prove.button"))
	}

	none := ask()
	checkProblem(t, none, "asked", "asked.none")
	part := ask("altinn:serviceowner/notifications.create", "somebody:else")
	if part.Find(".light.failed").Length() != 0 || part.Text("#result-title") != nb("proof.passed.part") {
		t.Errorf("got %q\n%s", part.Text("#result-title"), part.Text(".diagnosis"))
	}
	if got := part.Find("#asked input[checked]").Length(); got != 1 {
		t.Errorf("got %d scopes checked afterwards, want the one that was chosen", got)
	}
	if part.Find("#prove.done").Length() != 0 || part.Find("#prove.current").Length() != 1 {
		t.Error("the step is done by a test of some of the scopes")
	}
	later := b.Get(t, strings.TrimSuffix(page.URL.Path, "/record"))
	if got := later.Find("#asked input[checked]").Length(); got != 2 {
		t.Errorf("got %d scopes checked for the next test, want both", got)
	}
	id := strings.Split(part.URL.Path, "/")[2]
	i, err := s.store.Integration(t.Context(), store.OrgNumber(orgs[0].Number), id)
	if err != nil || i.State != store.Recorded {
		t.Errorf("got state %q, %v", i.State, err)
	}
}

// Wanted, recorded and issued stand beside each other, and where access is missing
// there is a letter to the scope's owner.
func TestScopeTable(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.browser(t, "Per Prøve", store.RoleNone, orgs[1].Number) // lacks the Notifications scope
	page := carried(t, s, b)
	if page.Find("#scope-table").Length() != 0 {
		t.Error("there is a table before there is something to compare")
	}
	red := page.Form(t, "journey").Press(t, nb("prove.button"))
	checkRed(t, red, "token", "token.access-not-granted")
	if got := red.Text("#scope-table tbody tr td:last-child"); got != nb("scopes.is.refused") {
		t.Errorf("issued: got %q", got)
	}
	letter := red.Text("#letter-text")
	for _, want := range []string{orgs[1].Name, orgs[1].Number, "altinn:serviceowner/notifications.create", nb("letter.environment.sandbox")} {
		if !strings.Contains(letter, want) {
			t.Errorf("the letter does not say %q:\n%s", want, letter)
		}
	}
	if !strings.Contains(red.Text("#prove"), "tjenesteeier@altinn.no") {
		t.Error("it is not said where the letter goes")
	}

	kari := s.member(t)
	green := carried(t, s, kari).Form(t, "journey").Press(t, nb("prove.button"))
	if !strings.Contains(green.Text("#scope-table"), nb("scopes.alike")) || green.Find("#letter-text").Length() != 0 {
		t.Errorf("all green: %s", green.Text("#scope-table"))
	}
}

// Before registration the organisation is looked up in Altinn's list.
func TestOwnerListing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	known := describe(t, s.member(t), "Saksystem")
	if !strings.Contains(known.Text("#register"), "«ovd»") {
		t.Errorf("a service owner: %s", known.Text("#register .quiet"))
	}
	unknown := describe(t, s.browser(t, "Liv Leverandør", store.RoleNone, orgs[2].Number), "Regnskap")
	if !strings.Contains(unknown.Text("#register .ds-alert"), nb("owner.unlisted")) {
		t.Errorf("one that is none: %s", unknown.Text("#register"))
	}
	s.pass(26 * time.Hour) // the list is too old to be used
	s.box.Close()
	late := describe(t, s.browser(t, "Kari Seinere", store.RoleNone, orgs[0].Number), "Saksystem")
	if !strings.Contains(late.Text("#register"), nb("owner.unknown")) {
		t.Errorf("while the list cannot be had: %s", late.Text("#register .quiet"))
	}
}
