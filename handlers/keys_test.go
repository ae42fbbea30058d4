package handlers_test

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"portvakt/handlers/handlerstest"
	"portvakt/jwk"
	"portvakt/store"
)

// made is an integration with a key in the page.
func made(t testing.TB, b *handlerstest.Browser) *handlerstest.Page {
	t.Helper()
	return describe(t, b, "Saksystem").Form(t, "journey").Press(t, "Lag nøkkel")
}

func TestKeyForms(t *testing.T) {
	t.Parallel()
	p := made(t, newSite(t).member(t))
	if got := p.Header.Get("Cache-Control"); got != "no-store" || p.Header.Get("ETag") != "" {
		t.Errorf("a page with a key: got Cache-Control %q, ETag %q", got, p.Header.Get("ETag"))
	}
	encoded, err := base64.StdEncoding.DecodeString(p.Find("#encoded").Text())
	if err != nil {
		t.Fatal(err)
	}
	private, err := jwk.ParsePrivate(encoded)
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]string{
		"public-array": private.Public().Array(), "public-jwk": private.Public().JSON(),
		"public-set": private.Public().Set(), "public-pem": private.Public().PEM(),
		"private-jwk": string(encoded), "private-pem": private.PEM().Reveal(),
	} {
		if got := p.Find("#" + id).Text(); got != want {
			t.Errorf("#%s: got %q, want %q", id, got, want)
		}
	}
	if !strings.HasPrefix(private.Public().Kid(), "saksystem-sandbox-20261122-") {
		t.Errorf("kid: got %q", private.Public().Kid())
	}
	if p.Find("input, textarea").FilterFunction(holds(private)).Length() != 0 {
		t.Error("a form field holds the private key in the clear")
	}
}

// holds finds fields that hold a piece of the private key.
func holds(k jwk.Private) func(int, *goquery.Selection) bool {
	var members map[string]string
	_ = json.Unmarshal([]byte(k.JSON().Reveal()), &members)
	return func(_ int, s *goquery.Selection) bool {
		return strings.Contains(s.AttrOr("value", "")+s.Text(), members["d"][:40])
	}
}

func TestKeyChoices(t *testing.T) {
	t.Parallel()
	b := newSite(t).member(t)
	p := describe(t, b, "Saksystem").Form(t, "journey").Choose(t, "3072").Fill(t, "Nøkkel-ID", "min-egen.kid_1").Press(t, "Lag nøkkel")
	if got := p.Text("#key .facts"); !strings.Contains(got, "min-egen.kid_1") || !strings.Contains(got, "3072") {
		t.Errorf("facts: got %q", got)
	}
	form := describe(t, b, "Saksystem").Form(t, "journey").Fill(t, "Nøkkel-ID", "blåbær")
	checkProblem(t, form.Press(t, "Lag nøkkel"), "kid", "kid.syntax")
	form.Values.Set("kid", "")
	form.Values.Set("bits", "1024")
	checkProblem(t, form.Press(t, "Lag nøkkel"), "bits", "bits")
}

func TestKeyGoesWithItsPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	p := made(t, b)
	path := p.URL.Path[:strings.LastIndex(p.URL.Path, "/")]
	sealed := p.Form(t, "journey").Values.Get("sealed")

	if got := b.Get(t, path); got.Find("#encoded").Length() != 0 || !strings.Contains(got.Text("#key"), nb("key.gone")) {
		t.Error("a page that was opened anew shows the private key, or does not say that it is gone")
	}
	other := s.browser(t, "Per Kollega", store.RoleNone, orgs[0].Number)
	for name, post := range map[string]func() *handlerstest.Page{
		"another's sign-in": func() *handlerstest.Page {
			return other.Do(t, "POST", path+"/posted", url.Values{"sealed": {sealed}})
		},
		"tampered": func() *handlerstest.Page {
			return b.Do(t, "POST", path+"/posted", url.Values{"sealed": {sealed[:len(sealed)-2] + "AA"}})
		},
		"another integration": func() *handlerstest.Page {
			return b.Do(t, "POST", describe(t, b, "Annet").URL.Path+"/inuse", url.Values{"sealed": {sealed}})
		},
	} {
		if got := post(); got.Find("#encoded").Length() != 0 || got.Text(".ds-alert[data-color=danger]") != nb("journey.blob.gone") {
			t.Errorf("%s: got %d, want a page that says that the key is gone", name, got.Status)
		}
	}
}

func TestKeyTime(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	p := made(t, b)
	for range 9 {
		s.pass(25 * time.Minute)
		if p = p.Form(t, "journey").Press(t, "Nynorsk"); p.Find("#encoded").Length() != 1 {
			t.Fatalf("at %s the page has lost the key, though it was used", s.Now())
		}
		p = p.Form(t, "journey").Press(t, "Bokmål")
	}
	s.pass(16 * time.Minute)
	if p = p.Form(t, "journey").Press(t, "Nynorsk"); p.Find("#encoded").Length() != 0 {
		t.Error("the page still has the key after four hours")
	}

	p = made(t, s.browser(t, "Ola Bokmål", store.RoleNone, orgs[0].Number))
	s.pass(29 * time.Minute)
	p.Browser().Get(t, "/")
	s.pass(2 * time.Minute)
	if p = p.Form(t, "journey").Press(t, "Jeg har registrert"); p.Find("#encoded").Length() != 0 {
		t.Error("the page still has the key after half an hour without a post")
	}
}

func TestKeyTwiceDropsTheFirst(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	form := describe(t, b, "Saksystem").Form(t, "journey")
	first, second := form.Press(t, "Lag nøkkel"), form.Press(t, "Lag nøkkel")
	if a, b := first.Text("#encoded"), second.Text("#encoded"); a == b {
		t.Fatal("two posts gave one key")
	}
	second = second.Form(t, "journey").Press(t, "Nynorsk").Form(t, "journey").Press(t, "Bokmål")
	s.pass(20 * time.Minute)
	b.Get(t, "/")
	s.pass(11 * time.Minute)
	if n, err := s.store.DropUnnamedKeys(t.Context(), s.Now().Add(-30*time.Minute)); n != 1 || err != nil {
		t.Fatalf("dropped %d keys (%v), want 1", n, err)
	}
	path := second.URL.Path[:strings.LastIndex(second.URL.Path, "/")]
	p := b.Get(t, path)
	if got, want := p.Find("#public-array").Text(), second.Find("#public-array").Text(); got != want {
		t.Errorf("the key of the integration: got %q, want the one that was named", got)
	}
	if !strings.Contains(p.Text("#key"), nb("key.dropped")) {
		t.Error("the page does not list the dropped key")
	}
}

func TestDownloads(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	p := made(t, b)
	path := p.URL.Path[:strings.LastIndex(p.URL.Path, "/")]
	values := p.Form(t, "journey").Values
	for name, want := range map[string]string{
		"encoded-jwk.txt": p.Find("#encoded").Text(), "private-jwk.json": p.Find("#private-jwk").Text(),
		"private-key.pem": p.Find("#private-pem").Text(), "public-array.json": p.Find("#public-array").Text() + "\n",
		"secrets.json": p.Find("#recipe-user-secrets").Text(), "maskinporten.env": p.Find("#recipe-env").Text(),
	} {
		got := b.Do(t, "POST", path+"/files/"+name, values)
		if got.Status != 200 || got.Body != want {
			t.Errorf("%s: got %d and %q, want %q", name, got.Status, got.Body, want)
		}
		if d := got.Header.Get("Content-Disposition"); d != `attachment; filename="`+name+`"` || got.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: got %q, %q", name, d, got.Header.Get("Cache-Control"))
		}
	}
	values.Del("sealed")
	if got := b.Do(t, "POST", path+"/files/private-key.pem", values); got.Text(".ds-alert[data-color=danger]") != nb("journey.blob.gone") {
		t.Errorf("a key file without the key: got %d", got.Status)
	}
	if got := b.Do(t, "POST", path+"/files/passwd", values); got.Status != 404 {
		t.Errorf("an unknown file: got %d, want 404\n%s", got.Status, s.log)
	}
}
