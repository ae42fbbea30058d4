package handlers_test

import (
	"testing"
	"time"

	"portvakt/handlers/handlerstest"
	"portvakt/views"
)

func TestOneTimeLink(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if !s.local.NewLink() {
		t.Fatal("no first link")
	}
	if s.local.NewLink() {
		t.Error("a second link within ten seconds")
	}
	b := handlerstest.New(s.portal.URL)
	b.Language = "en"
	if p := b.Do(t, "HEAD", s.printed[0], nil); p.Status != 204 {
		t.Errorf("HEAD: got %d, want 204", p.Status)
	}
	p := b.Get(t, s.printed[0])
	if want := views.In(views.English).S("person.local"); p.URL.Path != "/" || p.Text(".menu-name") != want {
		t.Errorf("got %q at %s, want %q", p.Text(".menu-name"), p.URL.Path, want)
	}
	if p.Text(".menu-org") != orgs[0].Name {
		t.Errorf("organisation: got %q, want %q", p.Text(".menu-org"), orgs[0].Name)
	}
	if p := handlerstest.New(s.portal.URL).Get(t, s.printed[0]); p.Status != 401 || p.Text(".ds-alert") != nb("signin.used") {
		t.Errorf("the link a second time: got %d %q", p.Status, p.Text(".ds-alert"))
	}
	s.pass(11 * time.Second)
	s.local.NewLink()
	s.pass(25 * time.Hour)
	if p := handlerstest.New(s.portal.URL).Get(t, s.printed[1]); p.Status != 401 {
		t.Errorf("the link after a day: got %d, want 401", p.Status)
	}
}
