package handlers_test

import (
	"net/url"
	"strings"
	"testing"

	"portvakt/handlers/handlerstest"
	"portvakt/store"
)

// tells fills in the form of a sighting and sends it.
func tells(t testing.TB, p *handlerstest.Page, saw string) *handlerstest.Page {
	t.Helper()
	form := p.Form(t, "journey").Fill(t, nb("sighting.sighting_saw"), saw)
	form.Values.Set("sighting_step", "scopes")
	return form.Press(t, nb("sighting.send"))
}

func TestSightingKeepsThePage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	page := made(t, b)
	form := page.Form(t, "journey").Fill(t, "Klient ID", "ikke-lagret").Fill(t, nb("sighting.sighting_saw"), "Fanen heter\r\nTilganger")
	form.Values.Set("sighting_step", "scopes")
	p := form.Press(t, nb("sighting.send"))
	if p.Status != 200 || !strings.Contains(p.Text("#register"), nb("sighting.told")) {
		t.Fatalf("got %d\n%s", p.Status, p.Text("#register"))
	}
	if p.Find("#encoded").Text() != page.Find("#encoded").Text() {
		t.Error("the page has lost the key")
	}
	values := p.Form(t, "journey").Values
	if values.Get("client_id") != "ikke-lagret" || values.Get("sighting_saw") != "" {
		t.Errorf("got client id %q and text %q", values.Get("client_id"), values.Get("sighting_saw"))
	}
	form.Press(t, nb("sighting.send"))

	list := s.browser(t, "Revi Sor", store.RoleAuditor, "").Get(t, "/admin/sightings")
	for _, want := range []string{"Fanen heter Tilganger", nb("sighting.step.scopes"), "Kari Medlem", "Saksystem", nb("sighting.open")} {
		if !strings.Contains(list.Text("main"), want) {
			t.Errorf("got %q, want %q in it", list.Text("main"), want)
		}
	}
	if n := list.Find(".sighting").Length(); n != 1 {
		t.Errorf("got %d sightings, want 1: a double click tells one thing", n)
	}
}

// Without a key in the page the answer is a redirect, and says thanks all the same.
func TestSightingWithoutKey(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := tells(t, describe(t, s.member(t), "Saksystem"), "Alt er annerledes")
	if p.Status != 200 || p.URL.Query().Get("told") == "" || !strings.Contains(p.Text("#register"), nb("sighting.told")) {
		t.Errorf("got %d at %s\n%s", p.Status, p.URL, p.Text("#register"))
	}
	if p.Find("#register > details[open]").Length() != 1 {
		t.Error("the step that says thanks is folded")
	}
}

func TestSightingRejected(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	page := made(t, b)
	for saw, code := range map[string]string{
		" ": "sighting.empty", strings.Repeat("x", 501): "sighting.too-long", "a\u202eb": "sighting.characters",
		page.Find("#private-jwk").Text(): "secret",
	} {
		p := tells(t, page, saw)
		checkProblem(t, p, "sighting_saw", code)
		want := strings.TrimSpace(saw)
		if code == "secret" {
			want = ""
		}
		values := p.Form(t, "journey").Values
		if got := values.Get("sighting_saw"); got != want {
			t.Errorf("%s: got %q back, want %q", code, got, want)
		}
		if values.Get("sighting_step") != "scopes" || p.Find("#encoded").Length() != 1 {
			t.Errorf("%s: the page has lost the choice or the key", code)
		}
		if p.Find("#sighting[open]").Length() != 1 {
			t.Errorf("%s: the form is folded", code)
		}
	}
	form := page.Form(t, "journey").Fill(t, nb("sighting.sighting_saw"), "noe")
	form.Values.Set("sighting_step", "nowhere")
	checkProblem(t, form.Press(t, nb("sighting.send")), "sighting_step", "sighting.unknown")
	if list := s.browser(t, "Ada", store.RoleAdmin, "").Get(t, "/admin/sightings"); list.Find(".sighting").Length() != 0 {
		t.Errorf("something was put on record: %s", list.Text("main"))
	}
}

// A national identity number is neither kept nor shown again, wherever it stands.
func TestSightingOfAPerson(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := describe(t, s.member(t), "Saksystem")
	for saw, person := range map[string]bool{
		"13097248022": true, "Innlogget er 130972 48022, Kari": true, "(130972-48022)": true, "13097248023": false, "913097248022": false,
	} {
		p := tells(t, page, saw)
		if !person {
			if p.Status != 200 {
				t.Errorf("%s: got %d", saw, p.Status)
			}
			continue
		}
		checkProblem(t, p, "sighting_saw", "sighting.is-person")
		if got := p.Form(t, "journey").Values.Get("sighting_saw"); got != "" {
			t.Errorf("%s: got %q back", saw, got)
		}
	}
	if got := s.browser(t, "Revi Sor", store.RoleAuditor, "").Get(t, "/admin/sightings").Text("main"); strings.Contains(got, "48022,") || strings.Contains(got, "-48022") {
		t.Errorf("kept: %s", got)
	}
}

// What was typed here survives the other buttons, and a secret is refused by all.
func TestSightingTypedBeside(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	key := made(t, b).Find("#private-jwk").Text()
	page := describe(t, b, "Saksystem")
	form := page.Form(t, "journey").Fill(t, nb("sighting.sighting_saw"), "halvskrevet")
	for _, button := range []string{"Lag nøkkel", nb("record.save"), "English"} {
		p := form.Press(t, button)
		if got := p.Form(t, "journey").Values.Get("sighting_saw"); got != "halvskrevet" {
			t.Errorf("%s: got %q", button, got)
		}
	}
	b.Do(t, "POST", "/language", url.Values{"language": {"nb"}, "return": {"/"}})
	p := page.Form(t, "journey").Fill(t, nb("sighting.sighting_saw"), key).Press(t, "Lag nøkkel")
	checkProblem(t, p, "sighting_saw", "secret")
}

func TestSightingsOfADay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := describe(t, s.member(t), "Saksystem")
	for n := range 20 {
		if p := tells(t, page, strings.Repeat("x", n+1)); p.Status != 200 {
			t.Fatalf("number %d: got %d", n+1, p.Status)
		}
	}
	checkProblem(t, tells(t, page, "en til"), "sighting_saw", "sighting.too-many")
}

func TestSettleSighting(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	tells(t, describe(t, s.member(t), "Saksystem"), "Noe annet")
	auditor, admin := s.browser(t, "Revi Sor", store.RoleAuditor, ""), s.browser(t, "Ada Admin", store.RoleAdmin, "")
	list := admin.Get(t, "/admin/sightings")
	action := list.Find(".sighting form").AttrOr("action", "")
	if !strings.HasSuffix(action, "/settle") || auditor.Get(t, "/admin/sightings").Find(".sighting form").Length() != 0 {
		t.Fatalf("got the action %q, and an auditor's page with a button or not", action)
	}
	if p := auditor.Do(t, "POST", action, nil); p.Status != 403 {
		t.Errorf("an auditor: got %d, want 403", p.Status)
	}
	if p := admin.Do(t, "POST", "/admin/sightings/nowhere/settle", nil); p.Status != 404 {
		t.Errorf("one that does not exist: got %d, want 404", p.Status)
	}
	if p := admin.Do(t, "POST", action, nil); p.Status != 303 || p.Header.Get("Location") != "/admin/sightings" {
		t.Errorf("got %d to %q", p.Status, p.Header.Get("Location"))
	}
	after := admin.Get(t, "/admin/sightings")
	if got := after.Text(".sighting.settled .sighting-state"); !strings.Contains(got, nb("sighting.settled")) || !strings.Contains(got, "Ada Admin") {
		t.Errorf("got %q", got)
	}
	if got := admin.Get(t, "/admin/events").Text("table"); !strings.Contains(got, nb("event.sighting.settled")) || strings.Contains(got, "Noe annet") {
		t.Errorf("the trail: got %q", got)
	}
}

// The real site's address stands beside its labels; the practice page's too.
func TestSiteAddress(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := describe(t, s.member(t), "Saksystem")
	host := strings.TrimPrefix(s.box.URL, "http://")
	if got := p.Text("#register"); !strings.Contains(got, nb("register.site.practice")+" "+host) {
		t.Errorf("got %q, want the host %q in it", got, host)
	}
}
