package main

import (
	"context"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"portvakt/handlers/handlerstest"
	"portvakt/store"
)

// siteTOwn is a valid number of an organisation that is no practice one.
const siteTOwn = "974 760 673"

// siteTPointed opens the environment test, pointed to the sandbox's own addresses,
// and prod as it is. more are further settings.
func siteTPointed(t *testing.T, more map[string]string) func(*config) {
	t.Helper()
	return func(c *config) {
		box := c.SandboxURL.String()
		env := map[string]string{
			"PORTVAKT_TEST_MASKINPORTEN":       box + "/maskinporten",
			"PORTVAKT_TEST_ALTINN":             box + "/altinn/",
			"PORTVAKT_TEST_ORGANISATIONS":      box + "/altinn/orgs/altinn-orgs.json",
			"PORTVAKT_TEST_SAMARBEIDSPORTALEN": box + "/samarbeidsportalen/",
			"PORTVAKT_TEST_SCOPES":             "off",
		}
		for name, value := range more {
			env[name] = value
		}
		read, err := readConfig(siteTEnv(env))
		if err != nil {
			t.Fatal(err)
		}
		c.Outsides = read.Outsides
	}
}

// own is the browser of the person of local mode, who has added the organisation
// of his own and represents it.
func (s *siteT) own(t testing.TB) *handlerstest.Browser {
	t.Helper()
	s.house.local.NewLink()
	links := s.printed()
	b := handlerstest.New(s.portal)
	siteTWants(t, b.Get(t, links[len(links)-1]), 200)
	form := b.Get(t, "/organisations/new").Form(t, "organisation").
		Fill(t, siteTWord("organisation.number"), siteTOwn).Fill(t, siteTWord("organisation.name"), "Eget Etat")
	p := form.Press(t, siteTWord("organisation.add"))
	siteTWants(t, p, 200)
	if got := p.Text(".menu-org"); got != "Eget Etat" {
		t.Fatalf("represents %q\n%s", got, p.Text("main"))
	}
	return b
}

// A number with a wrong check digit is refused; with a right one the person
// represents the organisation, which may live in every environment.
func TestOwnOrganisation(t *testing.T) {
	t.Parallel()
	s := newSiteT(t, siteTPointed(t, nil))
	b := s.own(t)
	wrong := b.Get(t, "/organisations/new").Form(t, "organisation").
		Fill(t, siteTWord("organisation.number"), "974760674").Fill(t, siteTWord("organisation.name"), "X").
		Press(t, siteTWord("organisation.add"))
	siteTWants(t, wrong, 422)

	form := b.Get(t, "/integrations/new")
	if got := form.Find(`input[name=environment]:not([disabled])`).Length(); got != 3 {
		t.Fatalf("got %d environments to choose, want 3", got)
	}
	if got := form.Form(t, "describe").Values["environment"]; !slices.Equal(got, []string{"test"}) {
		t.Errorf("checked beforehand: %v, want test", got)
	}
	for _, e := range []store.Environment{store.Sandbox, store.Test, store.Prod} {
		name := siteTWord("environment." + string(e))
		p := b.Get(t, "/integrations/new").Form(t, "describe").Fill(t, siteTWord("describe.name"), "Til "+name).
			Choose(t, name).Press(t, siteTWord("describe.create"))
		siteTWants(t, p, 200)
		if got := p.Text(".title-row"); !strings.Contains(got, name) {
			t.Errorf("the page says %q, want %s", got, name)
		}
		if got := p.Text("#register"); !strings.Contains(got, siteTWord("register.lead."+string(e))) {
			t.Errorf("%s: the step tells of another environment: %q", e, got)
		}
	}
	if got := b.Get(t, "/").Text("table"); !strings.Contains(got, "Produksjon") || !strings.Contains(got, "Test") {
		t.Errorf("the list says %q", got)
	}
}

// Practice organisations have the sandbox only: what else there is stands there
// with the reason, and cannot be chosen, not even with a forged form.
func TestPracticeStaysInTheSandbox(t *testing.T) {
	t.Parallel()
	s := newSiteT(t, siteTPointed(t, nil))
	b := s.member(t)
	form := b.Get(t, "/integrations/new")
	if got := form.Form(t, "describe").Values["environment"]; !slices.Equal(got, []string{"sandbox"}) {
		t.Errorf("checked beforehand: %v, want sandbox", got)
	}
	for _, e := range []string{"test", "prod"} {
		if form.Find(`#environment-`+e+`[disabled]`).Length() != 1 {
			t.Errorf("%s can be chosen", e)
		}
	}
	if got := form.Text("#environment"); !strings.Contains(got, siteTWord("describe.environment.practice")) {
		t.Errorf("without the reason: %q", got)
	}
	for _, e := range []string{"test", "prod"} {
		forged := form.Form(t, "describe").Fill(t, siteTWord("describe.name"), "Saksystem")
		forged.Values.Set("environment", e)
		p := forged.Press(t, siteTWord("describe.create"))
		siteTWants(t, p, 422)
		if got := p.Text("#environment-problem"); got != siteTWord("problem.environment.practice") {
			t.Errorf("%s: got %q at the field", e, got)
		}
		if p.Find(`#problems a[href="#environment"]`).Length() != 1 {
			t.Errorf("%s: not in the summary", e)
		}
		again := p.Form(t, "describe")
		if again.Values.Get("name") != "Saksystem" || again.Values.Get("environment") != "sandbox" {
			t.Errorf("%s: the form comes back with %v", e, again.Values)
		}
	}
	if got := b.Get(t, "/").Text("main"); strings.Contains(got, "Saksystem") {
		t.Error("a forged form made an integration")
	}
}

// The environment of one that exists is told and cannot be changed.
func TestEnvironmentStays(t *testing.T) {
	t.Parallel()
	s := newSiteT(t, siteTPointed(t, nil))
	b := s.own(t)
	page := siteTDescribe(t, b, "Saksystem")
	edit := b.Get(t, page.URL.Path+"/description")
	if edit.Find("[name=environment]").Length() != 0 || !strings.Contains(edit.Text("#environment"), siteTWord("environment.test")) ||
		!strings.Contains(edit.Text("#environment"), siteTWord("describe.environment.fixed")) {
		t.Errorf("got %q", edit.Text("#environment"))
	}
	form := edit.Form(t, "describe").Fill(t, siteTWord("describe.name"), "Fagsystem")
	form.Values.Set("environment", "prod")
	if got := form.Press(t, siteTWord("describe.search")).Text("#environment"); !strings.Contains(got, siteTWord("environment.test")) {
		t.Errorf("after a search: got %q", got)
	}
	p := form.Press(t, siteTWord("describe.save"))
	siteTWants(t, p, 200)
	if got := p.Text(".title-row"); !strings.Contains(got, "Fagsystem") || strings.Contains(got, siteTWord("environment.prod")) {
		t.Errorf("got %q", got)
	}
}

// With one environment nothing is asked.
func TestOneEnvironment(t *testing.T) {
	t.Parallel()
	s := newSiteT(t)
	form := s.own(t).Get(t, "/integrations/new")
	if form.Find("input[type=radio][name=environment]").Length() != 0 || form.Form(t, "describe").Values.Get("environment") != "sandbox" {
		t.Errorf("got %q", form.Text("main"))
	}
}

// The whole journey in test, which is told from the sandbox by nothing but its name.
func TestOutsideProof(t *testing.T) {
	t.Parallel()
	s := newSiteT(t, siteTPointed(t, nil))
	page := s.proved(t, s.own(t), "Saksystem")
	if got := page.Text(".title-row"); !strings.Contains(got, siteTWord("environment.test")) || !strings.Contains(got, siteTWord("state.proved")) {
		t.Errorf("got %q", got)
	}
	settings := s.take(t, page, "appsettings.json")
	for _, want := range []string{`"Environment": "test"`, `"TokenExchangeEnvironment": "tt02"`} {
		if !strings.Contains(settings, want) {
			t.Errorf("got %s, want %s in it", settings, want)
		}
	}
	if got := page.Text("#configure"); strings.Contains(got, siteTWord("configure.practice")) {
		t.Errorf("speaks of practice: %q", got)
	}
}

// Altinn's library calls production by other names.
func TestProdRecipes(t *testing.T) {
	t.Parallel()
	s := newSiteT(t, siteTPointed(t, map[string]string{"PORTVAKT_PROD_SAMARBEIDSPORTALEN": "off", "PORTVAKT_PROD_ALTINN": "off"}))
	b := s.own(t)
	page := b.Get(t, "/integrations/new").Form(t, "describe").Fill(t, siteTWord("describe.name"), "Saksystem").
		Choose(t, siteTWord("environment.prod")).Press(t, siteTWord("describe.create")).
		Form(t, "journey").Press(t, siteTWord("key.make"))
	settings, script := s.take(t, page, "appsettings.json"), s.take(t, page, "token.sh")
	for _, want := range []string{
		`"Environment": "prod"`, `"TokenExchangeEnvironment": "prod"`,
		"audience='https://maskinporten.no/'", "token_endpoint='https://maskinporten.no/token'",
		// Also where Portvakt itself does not call it.
		"platform='https://platform.altinn.no'",
	} {
		if !strings.Contains(settings+script, want) {
			t.Errorf("%s is not in\n%s\n%s", want, settings, script)
		}
	}
	if page.Find(`#register a.ds-button`).Length() != 0 || !strings.Contains(page.Text("#register"), siteTWord("register.open.self")) {
		t.Errorf("a link to pages that are off: %q", page.Text("#register"))
	}
}

func TestAltinnOff(t *testing.T) {
	t.Parallel()
	s := newSiteT(t, siteTPointed(t, map[string]string{"PORTVAKT_TEST_ALTINN": "off", "PORTVAKT_TEST_ORGANISATIONS": "off"}))
	p := siteTDescribe(t, s.own(t), "Saksystem").Form(t, "journey").Press(t, siteTWord("key.make"))
	p = p.Form(t, "journey").Fill(t, siteTWord("record.client_id"), s.register(t, p)).Press(t, siteTWord("prove.button"))
	siteTWants(t, p, 200)
	if green, grey := p.Find(".light.passed").Length(), p.Find(".light.not-applicable").Length(); green != 6 || grey != 3 {
		t.Errorf("got %d green lights and %d that do not apply, want 6 and 3\n%s", green, grey, p.Text("#prove"))
	}
	for _, e := range s.seen.exchanges() {
		if strings.HasPrefix(e.uri, "/altinn/") {
			t.Errorf("called all the same: %s", e)
		}
	}
}

// An integration whose environment was closed stays readable and says so.
func TestClosedEnvironment(t *testing.T) {
	t.Parallel()
	s := newSiteT(t)
	b := s.own(t)
	made, _, err := s.house.store.AddIntegration(context.Background(), store.Actor{}, store.NewIntegration{
		Organisation: store.OrgNumber(strings.ReplaceAll(siteTOwn, " ", "")), Environment: store.Test, Nonce: "closed",
		Details: store.Details{Name: "Saksystem", Purpose: "notifications", Wanted: []store.Scope{"altinn:serviceowner"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	p := b.Get(t, "/integrations/"+made.ID).Form(t, "journey").Press(t, siteTWord("key.make"))
	siteTWants(t, p, 200)
	if got := p.Text("#configure"); !strings.Contains(got, siteTWord("configure.closed")) || p.Find("#configure pre").Length() != 0 {
		t.Errorf("got %q", got)
	}
	p = p.Form(t, "journey").Fill(t, siteTWord("record.client_id"), "0a1b2c3d-1111-2222-3333-444455556666").Press(t, siteTWord("prove.button"))
	siteTWants(t, p, 422)
	if got := p.Text("#prove-problem"); got != siteTWord("problem.prove.environment") {
		t.Errorf("got %q", got)
	}
	siteTWants(t, b.Get(t, "/integrations/"+made.ID+"/description"), 200)
	siteTWants(t, b.Do(t, http.MethodPost, "/integrations/"+made.ID+"/files/token.sh", nil), 404)
}

// The start calls nobody, says in the log whom it may call, and keeps the proxy's
// password to itself.
func TestStartCallsNobody(t *testing.T) {
	t.Parallel()
	called := make(chan net.Conn, 10)
	outside := siteTListen(t)
	go func() {
		for {
			c, err := outside.Accept()
			if err != nil {
				return
			}
			called <- c
		}
	}()
	address := "http://" + outside.Addr().String()
	p := siteTRun(t, map[string]string{
		"PORTVAKT_TEST_MASKINPORTEN": address, "PORTVAKT_TEST_ALTINN": address, "PORTVAKT_TEST_ORGANISATIONS": address + "/orgs",
		"PORTVAKT_TEST_SCOPES": address + "/scopes", "PORTVAKT_PROD_SCOPES": "off",
		"PORTVAKT_PROXY": "http://me:secret@" + outside.Addr().String(),
	})
	portal, link, box := p.started(t)
	b := handlerstest.New(portal)
	siteTWants(t, b.Get(t, link), 200)
	siteTWants(t, b.Get(t, "/integrations/new"), 200)
	p.stop()
	if got := p.exit(t); got != 0 {
		t.Errorf("got exit status %d", got)
	}
	if len(called) > 0 {
		t.Error("somebody was called")
	}
	log := p.stderr.String()
	for _, want := range []string{
		"msg=environments", "sandbox=" + box, "test.maskinporten=" + address + "/ ", "test.altinn=" + address + " ",
		"prod.maskinporten=https://maskinporten.no/", "prod.scopes=off", "prod.samarbeidsportalen=https://sjolvbetjening.samarbeid.digdir.no/",
		"proxy=…@" + outside.Addr().String(),
	} {
		if !strings.Contains(log, want) {
			t.Errorf("%s is not in the log\n%s", want, log)
		}
	}
	if strings.Contains(log, "secret") {
		t.Errorf("the proxy's password is in the log\n%s", log)
	}
}
