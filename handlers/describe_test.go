package handlers_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"portvakt/handlers/handlerstest"
	"portvakt/store"
)

const privateJWK = `{"kty":"RSA","n":"AQAB","e":"AQAB","d":"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"}`

func TestDescribeRefusals(t *testing.T) {
	t.Parallel()
	b := newSite(t).member(t)
	rows := []struct {
		name, label, typed, field, want string
	}{
		{"no name", "Navn", "", "name", "name.empty"},
		{"name too long", "Navn", strings.Repeat("å", 101), "name", "name.too-long"},
		{"name with a line break", "Navn", "a\u0007b", "name", "name.characters"},
		{"name that turns the direction of writing", "Navn", "abc\u202edef", "name", "name.characters"},
		{"description too long", "Beskrivelse", strings.Repeat("x", 1001), "description", "description.too-long"},
		{"scope without prefix", "Andre scopes", "varsling", "typed", "scopes.syntax"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			form := b.Get(t, "/integrations/new").Form(t, "describe").
				Fill(t, "Navn", "Saksystem").Fill(t, "Beskrivelse", "En beskrivelse").Fill(t, row.label, row.typed)
			p := form.Press(t, "Opprett")
			checkProblem(t, p, row.field, row.want)
			if got := p.Form(t, "describe").Values.Get(row.field); got != row.typed {
				t.Errorf("typed text: got %q, want %q", got, row.typed)
			}
			if row.field != "description" {
				if got, want := p.Form(t, "describe").Values.Get("description"), "En beskrivelse"; got != want {
					t.Errorf("the other field: got %q, want %q", got, want)
				}
			}
		})
	}
}

// checkProblem checks that a page rejects a form at the field and in the summary,
// with the message of the code.
func checkProblem(t *testing.T, p *handlerstest.Page, field, code string) {
	t.Helper()
	want, _, _ := strings.Cut(nb("problem."+code), "{{")
	want = strings.TrimSpace(want)
	if p.Status != 422 {
		t.Errorf("status: got %d, want 422", p.Status)
	}
	if got := p.Text("#" + field + "-problem"); !strings.Contains(got, want) {
		t.Errorf("message at the field %s: got %q, want %q in it", field, got, want)
	}
	if got := p.Text(`#problems a[href="#` + field + `"]`); !strings.Contains(got, want) {
		t.Errorf("link in the summary to %s: got %q, want %q in it", field, got, want)
	}
	if p.Find("#"+field).Length() != 1 {
		t.Errorf("the summary links to #%s, which stands %d times on the page", field, p.Find("#"+field).Length())
	}
}

func TestDescribeOtherChoices(t *testing.T) {
	t.Parallel()
	b := newSite(t).member(t)
	form := b.Get(t, "/integrations/new").Form(t, "describe").Fill(t, "Navn", "Saksystem").Choose(t, "Noe annet")
	checkProblem(t, form.Press(t, "Opprett"), "typed", "scopes.none")
	form.Values.Set("purpose", "invented")
	checkProblem(t, form.Press(t, "Opprett"), "purpose", "purpose.unknown")
	form.Values.Set("purpose", "notifications")
	form.Values.Set("environment", "prod")
	if p := form.Press(t, "Opprett"); p.Status != 422 {
		t.Errorf("an environment that is not open: got %d, want 422", p.Status)
	}
}

func TestDescribeSecretIsNeverShownAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	for _, field := range []string{"name", "description", "typed"} {
		form := b.Get(t, "/integrations/new").Form(t, "describe").Fill(t, "Navn", "Saksystem")
		form.Values.Set(field, privateJWK)
		p := form.Press(t, "Opprett")
		checkProblem(t, p, field, "secret")
		if strings.Contains(p.Body, "c2VjcmV0") {
			t.Errorf("%s: the private key is shown again", field)
		}
	}
	events, _, err := s.store.Events(t.Context(), store.Page{})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range events {
		if e.Kind == store.KeyPrivate {
			n++
		}
	}
	if n != 1 {
		t.Errorf("got %d events about a private key, want one for the hour", n)
	}
}

func TestDescribeKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	b := newSite(t).member(t)
	form := b.Get(t, "/integrations/new").Form(t, "describe").Fill(t, "Navn", "Saksystem <b>").
		Choose(t, "altinn:broker.read").Fill(t, "Søk i scopes", "correspondence").Fill(t, "Andre scopes", "ikke et scope")
	for _, button := range []string{"Søk", "Nynorsk"} {
		p := form.Press(t, button)
		if p.Status != 200 {
			t.Fatalf("%s: got status %d", button, p.Status)
		}
		again := p.Form(t, "describe").Values
		if again.Get("name") != "Saksystem <b>" || again.Get("typed") != "ikke et scope" || !slices.Contains(again["scope"], "altinn:broker.read") {
			t.Errorf("%s: what was typed is lost: %v", button, again)
		}
		if p.Find(`[id="scope-altinn:broker.read"]`).Closest("[hidden]").Length() != 0 {
			t.Errorf("%s: the search hides a scope that is checked", button)
		}
		if p.Find(`[id="scope-altinn:events.publish"]`).Closest("[hidden]").Length() != 1 {
			t.Errorf("%s: the search shows a scope that it does not find", button)
		}
	}
	// Enter in the search field searches; it does not create.
	form.Values.Set("enter", "yes")
	if p := form.Press(t, "Opprett"); p.Status != 200 || p.URL.Path != "/integrations" {
		t.Errorf("Enter in the search field: got %d at %s", p.Status, p.URL)
	}
}

func TestDescribeTwiceMakesOne(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	form := s.member(t).Get(t, "/integrations/new").Form(t, "describe").Fill(t, "Navn", "Saksystem")
	first, second := form.Press(t, "Opprett"), form.Press(t, "Opprett")
	if first.URL.Path != second.URL.Path {
		t.Errorf("two posts of one form made %s and %s", first.URL, second.URL)
	}
	rows, _, err := s.store.IntegrationsOf(t.Context(), store.OrgNumber(orgs[0].Number), store.Page{})
	if err != nil || len(rows) != 1 {
		t.Errorf("got %d integrations (%v), want 1", len(rows), err)
	}
}

func TestDescriptionConflict(t *testing.T) {
	t.Parallel()
	b := newSite(t).member(t)
	id := describe(t, b, "Saksystem").URL.Path
	mine, theirs := b.Get(t, id+"/description"), b.Get(t, id+"/description")
	if p := theirs.Form(t, "describe").Fill(t, "Navn", "Andres navn").Press(t, "Lagre"); p.Status != 200 {
		t.Fatalf("the first save: got %d", p.Status)
	}
	p := mine.Form(t, "describe").Fill(t, "Navn", "Mitt navn").Press(t, "Lagre")
	if p.Status != 409 || !strings.Contains(p.Text(".ds-alert"), "Andres navn") {
		t.Fatalf("the second save: got %d\n%s", p.Status, p.Text("main"))
	}
	if got := p.Form(t, "describe").Values.Get("name"); got != "Mitt navn" {
		t.Errorf("what was typed: got %q", got)
	}
	if p = p.Form(t, "describe").Press(t, "Lagre"); p.Text("h1") != "Mitt navn" {
		t.Errorf("saving again: got %q as the title, want what was typed", p.Text("h1"))
	}
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for header, want := range map[string]string{
		"": "nb", "nn": "nn", "en-GB,en;q=0.9": "en", "no": "nb", "de": "nb", "nn-NO,nb;q=0.5": "nn", "fr, nn;q=0.1": "nn",
	} {
		b := handlerstest.New(s.portal.URL)
		b.Language = header
		if header == "" {
			b.Header = map[string][]string{"Accept-Language": nil}
		}
		if got := b.Get(t, "/").Find("html").AttrOr("lang", ""); got != want {
			t.Errorf("Accept-Language %q: got %q, want %q", header, got, want)
		}
	}
	b := handlerstest.New(s.portal.URL)
	for from, to := range map[string]string{
		"/signin": "/signin", "//evil.example": "/", `/\evil.example`: "/", "https://evil.example": "/", "/\t/evil.example": "/", "": "/",
	} {
		p := b.Do(t, "POST", "/language", url.Values{"language": {"nn"}, "return": {from}})
		if got := p.Header.Get("Location"); p.Status != 303 || got != to {
			t.Errorf("returning to %q: got %d %q, want 303 %q", from, p.Status, got, to)
		}
	}
	if got := b.Get(t, "/").Find("html").AttrOr("lang", ""); got != "nn" {
		t.Errorf("the language chosen: got %q, want nn", got)
	}
}
