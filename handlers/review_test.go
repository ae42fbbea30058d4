package handlers_test

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"
	"time"

	"portvakt/store"
)

// A private key is recognised in whatever shape it is pasted, and in whatever field.
func TestPrivateKeyInAnyFieldOfStepOne(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	page := made(t, b)
	pem := page.Find("#private-pem").Text()
	body := strings.Join(strings.Split(strings.TrimSpace(pem), "\n")[1:], "")
	shapes := map[string]string{
		"primes alone": `{"kty":"RSA","p":"` + strings.Repeat("A", 170) + `","q":"` + strings.Repeat("B", 170) + `"}`,
		"bare base64":  strings.TrimSuffix(strings.ReplaceAll(body, "-----END PRIVATE KEY-----", ""), "\n"),
		"EncodedJwk":   page.Find("#encoded").Text(),
		"PEM":          pem,
	}
	for shape, text := range shapes {
		for _, field := range []string{"name", "description", "typed", "query"} {
			form := b.Get(t, "/integrations/new").Form(t, "describe").Fill(t, "Navn", "Saksystem")
			form.Values.Set(field, text)
			p := form.Press(t, "Opprett")
			if p.Status != 422 || strings.Contains(p.Body, text[20:60]) {
				t.Errorf("%s in %s: got %d, and shown again: %t", shape, field, p.Status, strings.Contains(p.Body, text[20:60]))
			}
		}
	}
	for _, text := range shapes {
		p := b.Do(t, "POST", "/organisations", url.Values{"number": {"310110019"}, "name": {text}})
		if p.Status != 422 || strings.Contains(p.Body, text[20:60]) {
			t.Errorf("as the name of an organisation: got %d", p.Status)
		}
	}
	if _, err := base64.StdEncoding.DecodeString(shapes["bare base64"]); err != nil {
		t.Fatalf("the test's own base64: %v", err)
	}
}

// Whatever button is pressed meanwhile, a save over somebody else's is a conflict.
func TestConflictSurvivesOtherButtons(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	page := made(t, b)
	path := strings.TrimSuffix(page.URL.Path, "/keys")
	b.Get(t, path).Form(t, "journey").Fill(t, "Klient ID", "11111111-1111-1111-1111-111111111111").Press(t, nb("record.save"))
	p := page.Form(t, "journey").Fill(t, "Klient ID", "22222222-2222-2222-2222-222222222222").Press(t, nb("register.done"))
	p = p.Form(t, "journey").Press(t, nb("record.save"))
	if p.Status != 409 {
		t.Errorf("got %d, want 409", p.Status)
	}
	if i := integrationAt(t, s, path); !strings.HasPrefix(string(i.ClientID), "11111111-") {
		t.Errorf("the other's client id is overwritten by %q", i.ClientID)
	}
}

// A conflict leaves no half of the save behind.
func TestConflictChangesNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	page := made(t, b)
	path := strings.TrimSuffix(page.URL.Path, "/keys")
	b.Get(t, path).Form(t, "journey").Fill(t, "Klient ID", "11111111-1111-1111-1111-111111111111").Press(t, nb("record.save"))
	form := page.Form(t, "journey").Fill(t, "Klient ID", "22222222-2222-2222-2222-222222222222")
	form.Values.Set("posted", "2026-11-03")
	if p := form.Press(t, nb("record.save")); p.Status != 409 {
		t.Fatalf("got %d, want 409", p.Status)
	}
	keys, err := s.store.Keys(t.Context(), store.OrgNumber(orgs[0].Number), strings.Split(path, "/")[2])
	if err != nil {
		t.Fatal(err)
	}
	if got := keys[0].Posted.Format(time.DateOnly); got != "2026-11-22" {
		t.Errorf("posted: got %s, want the day that the other save set", got)
	}
}

// Who copied the key by hand made no later post, so the key is dropped; the page
// still offers to prove with the saved file.
func TestDroppedKeyCanComeBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	page := made(t, b)
	pem := page.Find("#private-pem").Text()
	client := s.registerThere(t, page)
	path := strings.TrimSuffix(page.URL.Path, "/keys")
	s.pass(20 * time.Minute)
	b.Get(t, "/")
	s.pass(11 * time.Minute)
	if n, err := s.store.DropUnnamedKeys(t.Context(), s.Now().Add(-30*time.Minute)); n != 1 || err != nil {
		t.Fatalf("dropped %d (%v), want 1", n, err)
	}
	form := b.Get(t, path).Form(t, "journey").Fill(t, "Klient ID", client).Attach(t, nb("prove.file"), "k.pem", []byte(pem))
	form.Values.Set("posted", "2026-11-20")
	p := form.Press(t, nb("prove.button"))
	if got := p.Find(".light.passed").Length(); got != 9 {
		t.Errorf("got %d green lights, want 9: %s", got, p.Text(".diagnosis"))
	}
	if got := p.Text("#key .facts"); !strings.Contains(got, "20. november 2027") {
		t.Errorf("the day typed beside is lost: %q", got)
	}
}

func TestNewKeyAfterAnExpiredOne(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path, _ := registered(t, s, s.member(t))
	s.pass(400 * 24 * time.Hour)
	b := s.browser(t, "Kari igjen", store.RoleNone, orgs[0].Number)
	old := b.Get(t, path).Find("#public-array").Text()
	fresh := b.Get(t, path).Form(t, "journey").Press(t, nb("key.make.another"))
	b.Get(t, "/")
	p := b.Get(t, path)
	if got := p.Find("#public-array").Text(); got == old || got != fresh.Find("#public-array").Text() {
		t.Error("the page is about the expired key, though there is a new one")
	}
	p.Form(t, "journey").Press(t, nb("register.done"))
	keys, err := s.store.Keys(t.Context(), store.OrgNumber(orgs[0].Number), strings.Split(path, "/")[2])
	if err != nil {
		t.Fatal(err)
	}
	if keys[0].Posted.IsZero() || keys[1].Live(s.Now()) {
		t.Errorf("posted: new %s; old lives: %t", keys[0].Posted, keys[1].Live(s.Now()))
	}
}

// Changing the organisation in another tab does not cost the page its key.
func TestOrganisationChangedInAnotherTab(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.local.NewLink()
	b := s.member(t)
	b.Get(t, s.printed[0])
	page := made(t, b)
	b.Do(t, "POST", "/organisation", url.Values{"organisation": {orgs[1].Number}})
	form := page.Form(t, "journey")
	p := form.Press(t, nb("register.done"))
	if p.Status != 409 || p.Text("h1") != nb("error.elsewhere.title") {
		t.Errorf("got %d %q, want 409", p.Status, p.Text("h1"))
	}
	b.Do(t, "POST", "/organisation", url.Values{"organisation": {orgs[0].Number}})
	if p = form.Press(t, nb("register.done")); p.Find("#encoded").Length() != 1 {
		t.Error("sending the form again after changing back: the key is gone")
	}
	events, _, err := s.store.Events(t.Context(), store.Page{Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if e.Kind == store.IntegrationForeign {
			t.Error("one's own integration is noted as another's")
		}
	}
}

func TestPostedTwiceIsNotedOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	form := made(t, s.member(t)).Form(t, "journey")
	form.Press(t, nb("register.done"))
	s.pass(2 * time.Second)
	form.Press(t, nb("register.done"))
	events, _, err := s.store.Events(t.Context(), store.Page{Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range events {
		if e.Kind == store.KeyPosted {
			n++
		}
	}
	if n != 1 {
		t.Errorf("got %d events, want 1", n)
	}
}

func TestOddValuesAreNoServerErrors(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.browser(t, "Ada", store.RoleAdmin, orgs[0].Number)
	for _, path := range []string{"/?after=abc", "/admin/integrations?after=%00", "/admin/events?after=-1"} {
		if p := b.Do(t, "GET", path, nil); p.Status != 400 && p.Status != 200 {
			t.Errorf("%s: got %d", path, p.Status)
		}
	}
	var many []string
	for i := range 101 {
		many = append(many, "prefix:scope"+strings.Repeat("x", i))
	}
	form := b.Get(t, "/integrations/new").Form(t, "describe").Fill(t, "Navn", "Saksystem").Fill(t, "Andre scopes", strings.Join(many[:100], " "))
	checkProblem(t, form.Press(t, "Opprett"), "typed", "scopes.too-many")
	page := made(t, b)
	kid := page.Find("#key .facts code").Eq(0).Text()
	checkProblem(t, page.Form(t, "journey").Fill(t, "Nøkkel-ID", kid).Press(t, nb("key.make.another")), "kid", "kid.taken")
}

// A link is not used up by a sign-in that failed.
func TestLinkSurvivesAFailure(t *testing.T) {
	t.Parallel()
	first := newSite(t)
	second := newSiteOver(t, first)
	second.local.Print = func(path string) { second.printed = append(second.printed, path) }
	second.local.NewLink()
	b := first.member(t)
	b.Base = second.portal.URL
	for range 2 {
		p := b.Get(t, second.printed[0])
		if p.Status != 503 || strings.Contains(p.Body, "token=") {
			t.Errorf("got %d, and the token on the page: %t", p.Status, strings.Contains(p.Body, "token="))
		}
	}
}
