package handlers_test

import (
	"net/url"
	"strings"
	"testing"

	"portvakt/handlers/handlerstest"
	"portvakt/internal/proof"
	"portvakt/views"
)

// lookUp searches for what one was answered.
func lookUp(t testing.TB, b *handlerstest.Browser, text string) *handlerstest.Page {
	t.Helper()
	return b.Get(t, "/tools/failures").Form(t, "lookup").Fill(t, nb("failures.q"), text).Press(t, nb("failures.search"))
}

// unfolded are the codes of the failures that stand open.
func unfolded(p *handlerstest.Page) string {
	var codes []string
	for _, n := range p.Find(".failures > details[open]").Nodes {
		for _, a := range n.Attr {
			if a.Key == "id" {
				codes = append(codes, a.Val)
			}
		}
	}
	return strings.Join(codes, " ")
}

func TestEveryFailureIsExplained(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, l := range views.Languages {
		b := handlerstest.New(s.portal.URL)
		b.Language = string(l)
		p := b.Get(t, "/tools/failures")
		if p.Status != 200 || strings.Contains(p.Body, "⟦") {
			t.Fatalf("%s: got %d, or a word is missing", l, p.Status)
		}
		if got, want := p.Find("#found section").Length(), len(proof.Stages)+1; got != want {
			t.Errorf("%s: got %d groups, want %d: each stage and elsewhere", l, got, want)
		}
		words := views.In(l)
		for _, d := range proof.Diagnoses() {
			row := p.Find(`[id="` + d.Code + `"]`)
			if row.Length() != 1 {
				t.Fatalf("%s: %s stands %d times on the page", l, d.Code, row.Length())
			}
			text := strings.Join(strings.Fields(row.Text()), " ")
			want := []string{words.S("cause." + d.Code), words.S("remedy." + d.Code), words.S("who." + string(d.Who))}
			if d.Unseen != "" {
				want = append(want, words.S("unseen."+d.Unseen))
			}
			for _, w := range append(append(want, d.Texts...), d.Refusals...) {
				if !strings.Contains(text, strings.Trim(w, "^$")) {
					t.Errorf("%s: %s does not say %q: %s", l, d.Code, w, text)
				}
			}
		}
	}
}

func TestLooksUpAFailure(t *testing.T) {
	t.Parallel()
	b := handlerstest.New(newSite(t).portal.URL)
	for text, want := range map[string]string{
		"MP-121": "token.expired-key",
		"  Client authentication failed. Unknown key identifier (kid) for client. (trace_id: 493f1671fdc2eef443fd443a88e052ea)": "token.unknown-kid",
		`{"error": "invalid_grant", "error_description": "Invalid assertion. Grant is used before"}`:                            "token.grant-used",
		"410":                    "exchange.gone",
		"access.dependency":      "access.dependency",
		"ExhangeToAltinnToken":   "elsewhere.exchange-setting",
		"virksomhetsbrukere 410": "exchange.gone",
	} {
		p := lookUp(t, b, text)
		if p.Status != 200 || unfolded(p) != want {
			t.Errorf("%s: got %d and %q, want %q", text, p.Status, unfolded(p), want)
		}
		if got := p.Form(t, "lookup").Values.Get("q"); got != strings.TrimSpace(text) {
			t.Errorf("the field holds %q, want %q", got, text)
		}
		if p.Find(".failures > details").Length() == len(proof.Diagnoses()) {
			t.Errorf("%s: all failures are shown", text)
		}
	}
	if p := lookUp(t, b, "403"); !strings.HasPrefix(unfolded(p), "access.scope access.organisation access.refused") {
		t.Errorf("403: got %q", unfolded(p))
	}
	for _, text := range []string{"qwertyuiop", " "} {
		p := lookUp(t, b, text)
		if p.Status != 200 || p.Find(".failures > details").Length() != len(proof.Diagnoses()) || unfolded(p) != "" {
			t.Errorf("%q: got %d and %d rows, want all", text, p.Status, p.Find(".failures > details").Length())
		}
		if got := strings.Contains(p.Text("#found"), nb("failures.none")); got != (text != " ") {
			t.Errorf("%q: says that nothing was found: %t", text, got)
		}
	}
}

func TestLooksUpInAnotherLanguage(t *testing.T) {
	t.Parallel()
	b := handlerstest.New(newSite(t).portal.URL)
	p := lookUp(t, b, "MP-121").Form(t, "lookup").Press(t, "English")
	if p.Status != 200 || unfolded(p) != "token.expired-key" || p.Text("h1") != views.In(views.English).S("failures.title") {
		t.Errorf("got %d %q with %q", p.Status, p.Text("h1"), unfolded(p))
	}
}

func TestLeadsToOneFailure(t *testing.T) {
	t.Parallel()
	b := handlerstest.New(newSite(t).portal.URL)
	p := b.Get(t, "/tools/failures?code=token.unknown-kid")
	if p.Status != 200 || unfolded(p) != "token.unknown-kid" {
		t.Errorf("got %d and %q", p.Status, unfolded(p))
	}
	if p := b.Get(t, "/tools/failures?code=<x>&q=MP-121"); p.Status != 200 || unfolded(p) != "" || strings.Contains(p.Body, "<x>") {
		t.Errorf("an unknown code: got %d and %q", p.Status, unfolded(p))
	}
	for _, from := range []string{"/", "/tools/grant"} {
		if b.Get(t, from).Find(`a[href="/tools/failures"]`).Length() != 1 {
			t.Errorf("%s does not lead to the page", from)
		}
	}
}

func TestLooksUpNoSecret(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := handlerstest.New(s.portal.URL)
	const token = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl"
	for _, text := range []string{
		token, "MP-121 " + token, token[:20], `{"error":"invalid_grant","error_description":"` + token + `"}`,
		"-----BEGIN PRIVATE KEY-----\nMIIE", strings.Repeat("Zk3vQx9T", 20), strings.Repeat("x ", 2000) + token,
	} {
		p := lookUp(t, b, text)
		if p.Status != 422 || p.Form(t, "lookup").Values.Get("q") != "" || strings.Contains(p.Body, text) {
			t.Errorf("%.60q: got %d, or it comes back", text, p.Status)
		}
		checkProblem(t, p, "q", "secret")
		if unfolded(p) != "" {
			t.Errorf("%.60q: it was searched for", text)
		}
	}
	long := strings.Repeat("MP-121 ", 300)
	p := lookUp(t, b, long)
	checkProblem(t, p, "q", "failures.too-long")
	if p.Status != 422 || p.Form(t, "lookup").Values.Get("q") != strings.TrimSpace(long) {
		t.Errorf("a long text: got %d, or it is lost", p.Status)
	}
	if p := b.Do(t, "POST", "/tools/failures", url.Values{"q": {"a\x00\xffb <b>"}}); p.Status != 200 || strings.Contains(p.Body, "b <b>") {
		t.Errorf("odd characters: got %d", p.Status)
	}
}
