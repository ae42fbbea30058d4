package practice_test

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portvakt/internal/sandbox"
	"portvakt/views"
)

func TestLanguage(t *testing.T) {
	t.Parallel()
	s := start(t)
	inAll(t, func(t *testing.T, text views.Text) {
		s := site{T: t, sandbox: s.sandbox, url: s.url}
		l := string(text.Language())
		asked := s.get("/", "Accept-Language", l).wants(200)
		chosen := s.get("/", "Accept-Language", "de", "Cookie", "portvakt_language="+l).wants(200)
		for _, p := range []page{asked, chosen} {
			if got := p.Find("html").AttrOr("lang", ""); got != l {
				t.Errorf("got lang %q, want %q", got, l)
			}
			p.says(text.S("practice.home.title"))
		}
		set := s.post("/language", "language", l, "return", clients)
		if got, want := set.next(), clients; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if got, want := set.header.Get("Set-Cookie"), "portvakt_language="+l+"; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"; got != want {
			t.Errorf("got cookie %q, want %q", got, want)
		}
	})
}

func TestLanguageReturnsHere(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, to := range []string{
		"", "https://evil.example/", "//evil.example/", "///evil.example/", `/\evil.example/`, "/\t/evil.example", "/%zz", "evil", "javascript:alert(1)",
		`\/evil.example`, "/a\r\nSet-Cookie: a=b", "/" + strings.Repeat("a", 3000),
	} {
		if got := s.post("/language", "language", "en", "return", to).next(); got != "/" {
			t.Errorf("return %q: got %q, want the first page", to, got)
		}
	}
	none := s.post("/language", "language", "xx", "return", "/")
	if none.next(); none.header.Get("Set-Cookie") != "" {
		t.Error("an unknown language was remembered")
	}
}

// The buttons of the language switch belong to the form, and what is typed comes back in the new language.
func TestLanguageKeepsWhatIsTyped(t *testing.T) {
	t.Parallel()
	s := start(t)
	at := s.client(owner)
	for _, c := range []struct {
		page   string
		typed  []string
		labels map[string]string // label in English: value
	}{
		{clients + "/new", []string{"name", "Å <b>", "description", "to\nlinjer", "lifetime", "x", "scopes", "altinn:n"},
			map[string]string{"Display name": "Å <b>", "Description": "to\nlinjer", "Access token lifetime (seconds)": "x", "Or paste scopes": "altinn:n"}},
		{at, []string{"lifetime", "77"}, map[string]string{"Access token lifetime (seconds)": "77"}},
		{at + "/scopes", []string{"scopes", "altinn:n", "query", "not"}, map[string]string{"Or paste scopes": "altinn:n", "Search the list": "not"}},
		{at + "/keys", []string{"key", "{halv"}, map[string]string{"JWK or PEM format": "{halv"}},
	} {
		before := s.get(c.page).wants(200)
		button := before.Find(`.languages button[value=en]`)
		if form := button.AttrOr("form", ""); before.Find("form#"+form).Length() != 1 {
			t.Fatalf("%s: the button belongs to the form %q, which is not there", c.page, form)
		}
		after := s.post(button.AttrOr("formaction", ""), append(c.typed, "language", "en", "scope", notify)...).wants(200)
		if got := after.Find("html").AttrOr("lang", ""); got != "en" {
			t.Errorf("%s: got lang %q, want en", c.page, got)
		}
		if !strings.HasPrefix(after.header.Get("Set-Cookie"), "portvakt_language=en;") {
			t.Errorf("%s: the language was not remembered", c.page)
		}
		for label, want := range c.labels {
			if got := after.value(label); got != want {
				t.Errorf("%s: got %q in %s, want %q", c.page, got, label, want)
			}
		}
		if strings.Contains(c.page, "scopes") || strings.HasSuffix(c.page, "new") {
			if diff := cmp.Diff([]string{notify}, after.checked()); diff != "" {
				t.Errorf("%s: checked (-want +got)\n%s", c.page, diff)
			}
		}
		s.get(button.AttrOr("formaction", "")).wants(200)
	}
}

func TestSecureCookie(t *testing.T) {
	t.Parallel()
	s, err := sandbox.New(sandbox.Config{URL: "https://sandbox.example", Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "https://sandbox.example/language", strings.NewReader("language=nn&return=/"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	behindDoor(t, "https://sandbox.example", s).ServeHTTP(w, r)
	if got, want := w.Header().Get("Set-Cookie"), "__Host-portvakt_language=nn; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func escape(text string) string { return url.QueryEscape(text) }
