package handlers_test

import (
	"strings"
	"testing"

	"portvakt/handlers/handlerstest"
	"portvakt/jwk"
	"portvakt/views"
)

// checkSettings pastes the settings of a program.
func checkSettings(t testing.TB, b *handlerstest.Browser, text string) *handlerstest.Page {
	t.Helper()
	return b.Get(t, "/tools/config").Form(t, "check").Fill(t, nb("lint.settings"), text).Press(t, nb("lint.check"))
}

func TestChecksSettings(t *testing.T) {
	t.Parallel()
	b := handlerstest.New(newSite(t).portal.URL)
	text := "MaskinportenSettings__ExchangeToAltinnToken=true\nMaskinportenSettings__EnterpriseUserName=x"
	p := checkSettings(t, b, text)
	if p.Status != 200 || p.Find("#found li").Length() != 2 {
		t.Fatalf("got %d and %q, want two findings", p.Status, p.Text("#found"))
	}
	for _, code := range []string{"exchange-spelling", "enterprise-user"} {
		if !strings.Contains(p.Text("#found"), nb("lint.is."+code)) {
			t.Errorf("%s is not told: %q", code, p.Text("#found"))
		}
	}
	if got := p.Form(t, "check").Values.Get("settings"); got != text {
		t.Errorf("the field holds %q, want what was pasted", got)
	}
	p = p.Form(t, "check").Press(t, "English")
	if p.Status != 200 || !strings.Contains(p.Text("#found"), views.In(views.English).S("lint.is.exchange-spelling")) {
		t.Errorf("in English: got %d and %q", p.Status, p.Text("#found"))
	}
	b = handlerstest.New(newSite(t).portal.URL)
	if p := checkSettings(t, b, "Environment: test"); p.Status != 200 || p.Text("#found") != nb("lint.none") {
		t.Errorf("nothing wrong: got %d and %q", p.Status, p.Text("#found"))
	}
	if p := checkSettings(t, b, " "); p.Status != 200 || p.Text("#found") != "" {
		t.Errorf("nothing pasted: got %d and %q", p.Status, p.Text("#found"))
	}
	p = checkSettings(t, b, strings.Repeat("a=b\n", 6000))
	if p.Status != 422 || p.Form(t, "check").Values.Get("settings") != "" || !strings.Contains(p.Text("main"), nb("problem.lint.too-long")) {
		t.Errorf("too long: got %d and %q", p.Status, p.Text("main"))
	}
}

// A key that was pasted along is not shown again, whole or in part, and neither is
// the rest; what else is wrong is told all the same.
func TestChecksSettingsWithAKey(t *testing.T) {
	t.Parallel()
	b := handlerstest.New(newSite(t).portal.URL)
	key, err := jwk.Generate(2048)
	if err != nil {
		t.Fatal(err)
	}
	encoded := key.Encoded().Reveal()
	for _, secret := range []string{
		encoded, key.JSON().Reveal(), key.PEM().Reveal(), strings.TrimRight(encoded, "="), encoded[:150],
		"eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln",
	} {
		p := checkSettings(t, b, "EnterpriseUserName=marker\nEncodedJwk="+secret)
		if p.Status != 422 || p.Form(t, "check").Values.Get("settings") != "" || !strings.Contains(p.Text("main"), nb("problem.secret")) {
			t.Errorf("%.20s: got %d, want a refusal and an empty field", secret, p.Status)
		}
		if strings.Contains(p.Body, "marker") || strings.Contains(p.Body, secret[:20]) {
			t.Errorf("%.20s: shown again", secret)
		}
		if !strings.Contains(p.Text("#found"), nb("lint.is.enterprise-user")) {
			t.Errorf("%.20s: the rest is not told: %q", secret, p.Text("#found"))
		}
	}
}
