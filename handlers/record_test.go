package handlers_test

import (
	"strings"
	"testing"

	"portvakt/jwk"
	"portvakt/store"
)

func TestRecordTellsWhatWasPasted(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	page := made(t, b)
	encoded, pem := page.Find("#encoded").Text(), page.Find("#private-pem").Text()
	rows := []struct{ name, field, pasted, code string }{
		{"nothing", "client_id", "", "client.empty"},
		{"the kid", "client_id", page.Find("#key .facts code").Eq(0).Text(), "client.is-kid"},
		{"the thumbprint", "client_id", page.Find("#key .facts code").Eq(1).Text(), "client.is-thumbprint"},
		{"an org number", "client_id", "310 110 019", "client.is-orgnumber"},
		{"the name", "client_id", "saksystem", "client.is-name"},
		{"a scope", "client_id", "altinn:serviceowner/notifications.create", "client.is-scope"},
		{"the public array", "client_id", page.Find("#public-array").Text(), "client.is-key"},
		{"the public PEM", "client_id", page.Find("#public-pem").Text(), "client.is-key"},
		{"an address", "client_id", "https://sjolvbetjening.samarbeid.digdir.no/integrations/1", "client.is-address"},
		{"words", "client_id", "min klient", "client.syntax"},
		{"the private key", "client_id", encoded, "secret"},
		{"a private PEM", "client_id", pem, "secret"},
		{"a token", "client_id", "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl", "secret"},
		{"a private key as kid", "registered_kid", encoded, "secret"},
		{"a kid with spaces", "registered_kid", "a b", "kid.syntax"},
		{"no scope", "extra", "ikke et scope", "scopes.syntax"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			form := page.Form(t, "journey")
			form.Values.Set("client_id", "0a1b2c3d-1111-2222-3333-444455556666")
			form.Values.Set(row.field, row.pasted)
			p := form.Press(t, nb("record.save"))
			checkProblem(t, p, row.field, row.code)
			got := p.Form(t, "journey").Values.Get(row.field)
			if row.code == "secret" {
				if got != "" {
					t.Error("the secret is shown again")
				}
			} else if got != strings.TrimSpace(row.pasted) {
				t.Errorf("what was pasted: got %q", got)
			}
			if p.Find("#encoded").Length() != 1 {
				t.Error("the page lost the private key")
			}
		})
	}
}

func TestPastedPrivateKeyIsNoted(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := made(t, s.member(t))
	private, err := jwk.ParsePrivate([]byte(page.Find("#encoded").Text()))
	if err != nil {
		t.Fatal(err)
	}
	page.Form(t, "journey").Fill(t, "Klient ID", page.Find("#encoded").Text()).Press(t, nb("record.save"))
	events, _, err := s.store.Events(t.Context(), store.Page{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := events[0].Detail["thumbprint"], private.Public().Thumbprint(); events[0].Kind != store.KeyPrivate || got != want {
		t.Errorf("newest event: got %s %q, want %s %q", events[0].Kind, got, store.KeyPrivate, want)
	}
}

func TestRecordConflict(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	path := describe(t, b, "Saksystem").URL.Path
	mine, theirs := b.Get(t, path), b.Get(t, path)
	theirs.Form(t, "journey").Fill(t, "Klient ID", "11111111-1111-1111-1111-111111111111").Press(t, nb("record.save"))
	p := mine.Form(t, "journey").Fill(t, "Klient ID", "22222222-2222-2222-2222-222222222222").Press(t, nb("record.save"))
	if p.Status != 409 || !strings.Contains(p.Text(".ds-alert"), "11111111-") {
		t.Fatalf("got %d, want 409 with what the other saved", p.Status)
	}
	if got := p.Form(t, "journey").Values.Get("client_id"); !strings.HasPrefix(got, "22222222-") {
		t.Errorf("what was typed: got %q", got)
	}
	p = p.Form(t, "journey").Press(t, nb("record.save"))
	if i := integrationAt(t, s, path); !strings.HasPrefix(string(i.ClientID), "22222222-") {
		t.Errorf("saving again: got %q and %d", i.ClientID, p.Status)
	}
}

func integrationAt(t *testing.T, s *site, path string) store.Integration {
	t.Helper()
	i, err := s.store.Integration(t.Context(), store.OrgNumber(orgs[0].Number), strings.Split(path, "/")[2])
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// Without the private key in the page a post is answered with a redirect, unless
// that would lose something typed in another step.
func TestNothingTypedIsLost(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	path := strings.TrimSuffix(made(t, b).URL.Path, "/keys")
	p := b.Get(t, path).Form(t, "journey").Fill(t, "Klient ID", "33333333-3333-3333-3333-333333333333").Press(t, nb("register.done"))
	if got := p.Form(t, "journey").Values.Get("client_id"); !strings.HasPrefix(got, "33333333-") {
		t.Errorf("the client id typed beside: got %q at %s", got, p.URL)
	}
	p = p.Form(t, "journey").Press(t, nb("record.save"))
	if p.URL.Path != path {
		t.Errorf("with nothing unsaved: got %s, want a redirect to %s", p.URL, path)
	}
	for _, bad := range []struct{ day, code string }{{"2019-01-01", "posted.range"}, {"2027-01-01", "posted.range"}, {"i går", "posted.syntax"}} {
		form := p.Form(t, "journey")
		form.Values.Set("posted", bad.day)
		checkProblem(t, form.Press(t, nb("register.change")), "posted", bad.code)
	}
	form := p.Form(t, "journey")
	form.Values.Set("posted", "2026-11-01")
	p = form.Press(t, nb("register.change"))
	if !strings.Contains(p.Text("#key .facts"), "1. november 2027") {
		t.Errorf("expiry a year after the day given: got %q", p.Text("#key .facts"))
	}
}

// Pasting the client id and typing a day in the step before it: one post saves both.
func TestDayTypedBesideTheClientID(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	form := made(t, s.member(t)).Form(t, "journey").Fill(t, "Klient ID", "66666666-6666-6666-6666-666666666666")
	form.Values.Set("posted", "2020-01-01")
	checkProblem(t, form.Press(t, nb("record.save")), "posted", "posted.range")
	form.Values.Set("posted", "2026-11-02")
	p := form.Press(t, nb("record.save"))
	if got := p.Text("#key .facts"); !strings.Contains(got, "2. november 2027") {
		t.Errorf("expiry: got %q, want a year after the day typed", got)
	}
	if got := p.Text("#record .step-sum"); !strings.HasPrefix(got, "66666666-") {
		t.Errorf("client id: got %q", got)
	}
}

func TestEnterDoesWhatTheTypedTextCallsFor(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	page := made(t, b)
	for name, change := range map[string]func(map[string][]string){
		"record": func(v map[string][]string) { v["client_id"] = []string{"44444444-4444-4444-4444-444444444444"} },
		"posted": func(v map[string][]string) { v["posted"] = []string{"2026-11-20"} },
	} {
		form := page.Form(t, "journey")
		change(form.Values)
		p := form.Press(t, "↵")
		if p.Status != 200 || p.Find("#problems").Length() != 0 {
			t.Errorf("%s: got %d", name, p.Status)
		}
		page = p
	}
	i := integrationAt(t, s, page.URL.Path)
	if !strings.HasPrefix(string(i.ClientID), "44444444-") || i.State != store.Recorded {
		t.Errorf("got client id %q and state %s", i.ClientID, i.State)
	}
}
