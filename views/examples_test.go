package views

import (
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

func TestExamplesHaveNamesOfTheirOwn(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, e := range Examples(In(Bokmal)) {
		if seen[e.Name] {
			t.Errorf("two examples are called %q", e.Name)
		}
		seen[e.Name] = true
	}
}

func TestEveryWordIsThere(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s shown) {
		if _, after, missing := strings.Cut(s.source, "⟦"); missing {
			t.Errorf("there is no message %q", after[:strings.IndexRune(after, '⟧')])
		}
		if strings.Contains(s.source, "&lt;no value&gt;") {
			t.Error("a message got no value for one of its places")
		}
	})
}

func TestFrame(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s shown) {
		if got, want := s.page.Find("html").AttrOr("lang", ""), string(s.language); got != want {
			t.Errorf("got language %q, want %q", got, want)
		}
		title, site, _ := strings.Cut(s.page.Find("title").Text(), " – ")
		if strings.TrimSpace(title) == "" || strings.TrimSpace(site) == "" {
			t.Errorf("got title %q, want the page's and the site's", s.page.Find("title").Text())
		}
		if got := s.page.Find("h1").Length(); got != 1 {
			t.Errorf("got %d h1, want 1", got)
		}
		if strings.TrimSpace(s.page.Find("h1").Text()) == "" {
			t.Error("the h1 is empty")
		}
		if got := s.page.Find("main").Length(); got != 1 {
			t.Errorf("got %d main, want 1", got)
		}
		if got := s.page.Find("body script, body style, head style").Length(); got != 0 {
			t.Errorf("got %d scripts and styles in the page, want them in files", got)
		}
	})
}

// The headings are an outline that assistive technology reads: none is skipped.
func TestHeadings(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s shown) {
		before := 0
		s.page.Find("main").Find("h1, h2, h3, h4, h5, h6").Each(func(_ int, h *goquery.Selection) {
			level := int(goquery.NodeName(h)[1] - '0')
			if level > before+1 && before > 0 {
				t.Errorf("%s %q comes after h%d", tagOf(h), h.Text(), before)
			}
			before = level
		})
	})
}

func TestReferencesLeadSomewhere(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s shown) {
		ids := map[string]int{}
		s.page.Find("[id]").Each(func(_ int, e *goquery.Selection) { ids[e.AttrOr("id", "")]++ })
		for id, n := range ids {
			if n > 1 || strings.TrimSpace(id) == "" || strings.ContainsAny(id, " \t\n") {
				t.Errorf("id %q stands %d times", id, n)
			}
		}
		for _, attribute := range []string{"for", "form", "aria-describedby", "aria-labelledby", "data-copy", "data-filter"} {
			s.page.Find("[" + attribute + "]").Each(func(_ int, e *goquery.Selection) {
				for id := range strings.FieldsSeq(e.AttrOr(attribute, "")) {
					if ids[id] == 0 {
						t.Errorf("%s leads to %q, which is not on the page", tagOf(e), id)
					}
				}
			})
		}
		s.page.Find(`a[href^="#"]`).Each(func(_ int, a *goquery.Selection) {
			if id := strings.TrimPrefix(a.AttrOr("href", ""), "#"); ids[id] == 0 {
				t.Errorf("a link leads to #%s, which is not on the page", id)
			}
		})
		if f := s.page.Find("form[action*='#'], button[formaction*='#']"); f.Length() > 0 {
			f.Each(func(_ int, e *goquery.Selection) { checkFragment(t, e, ids) })
		}
	})
}

// checkFragment looks for the place on the page that the answer to a form is
// about; it is the same page that answers.
func checkFragment(t *testing.T, e *goquery.Selection, ids map[string]int) {
	t.Helper()
	_, id, _ := strings.Cut(e.AttrOr("formaction", e.AttrOr("action", "")), "#")
	if id != "" && ids[id] == 0 {
		t.Errorf("%s leads to #%s, which is not on the page", tagOf(e), id)
	}
}

func TestEveryControlHasALabel(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s shown) {
		s.page.Find("input, textarea, select").Each(func(_ int, e *goquery.Selection) {
			if e.AttrOr("type", "") == "hidden" {
				return
			}
			label := s.page.Find("label").FilterFunction(func(_ int, l *goquery.Selection) bool {
				return l.AttrOr("for", "") == e.AttrOr("id", "")
			})
			if label.Length() != 1 || strings.TrimSpace(label.Text()) == "" {
				t.Errorf("%s has %d labels, want one with words", tagOf(e), label.Length())
			}
			// A file that only the script may read has no name, so that no button sends it.
			if _, scripted := e.Attr("data-page-only"); e.AttrOr("name", "") == "" && !scripted {
				t.Errorf("%s has no name and would not be sent", tagOf(e))
			}
			if e.AttrOr("aria-invalid", "") == "true" && !strings.Contains(e.AttrOr("aria-describedby", ""), "-problem") {
				t.Errorf("%s is wrong and does not lead to what is wrong", tagOf(e))
			}
		})
		s.page.Find("button").Each(func(_ int, e *goquery.Selection) {
			if strings.TrimSpace(e.Text()) == "" || e.AttrOr("type", "") == "" {
				t.Errorf("%s has no words or no type", tagOf(e))
			}
		})
		s.page.Find("fieldset").Each(func(_ int, e *goquery.Selection) {
			if strings.TrimSpace(e.ChildrenFiltered("legend").Text()) == "" {
				t.Errorf("%s has no legend", tagOf(e))
			}
		})
		s.page.Find("svg[role=img]").Each(func(_ int, e *goquery.Selection) {
			if e.AttrOr("aria-label", "") == "" {
				t.Errorf("%s has no words", tagOf(e))
			}
		})
	})
}

// The site's policy forbids what stands in attributes; here it is not even tried.
func TestNoScriptsOrStylesInAttributes(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s shown) {
		s.page.Find("*").Each(func(_ int, e *goquery.Selection) {
			for _, a := range e.Nodes[0].Attr {
				value := strings.ToLower(strings.TrimSpace(a.Val))
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(value, "javascript:") {
					t.Errorf("%s has %s=%q", tagOf(e), a.Key, a.Val)
				}
			}
		})
	})
}

// A page that carries the private key loses it when it is left.
func TestLinksOutOfAPageWithAKey(t *testing.T) {
	t.Parallel()
	kept := 0
	for _, s := range allShown() {
		journey, ok := s.example.data.(JourneyPage)
		if !ok || !journey.KeepOpen {
			continue
		}
		kept++
		s.page.Find("a[href]").Each(func(_ int, a *goquery.Selection) {
			if !strings.HasPrefix(a.AttrOr("href", ""), "#") && a.AttrOr("target", "") != "_blank" {
				t.Errorf("%s: %s leaves the page", s.name(), tagOf(a))
			}
		})
		if s.page.Find("form[action='"+LanguagePath()+"']").Length() != 0 {
			t.Errorf("%s: a change of language leaves the page", s.name())
		}
	}
	if kept == 0 {
		t.Error("no example carries a key")
	}
}

// A private key is text on the page and nothing else: what stands in a field is
// remembered by browsers, and attributes are read by extensions.
func TestWherePrivateKeysStand(t *testing.T) {
	t.Parallel()
	marks := []string{"NOT+A+PRIVATE+KEY", "NOT-A-PRIVATE-KEY", "NOT/A/PRIVATE/KEY"}
	found := 0
	for _, s := range allShown() {
		carries := false
		if journey, ok := s.example.data.(JourneyPage); ok {
			carries = journey.Key.Secret != nil
		}
		s.page.Find("*").Each(func(_ int, e *goquery.Selection) {
			for _, a := range e.Nodes[0].Attr {
				if slices.ContainsFunc(marks, func(m string) bool { return strings.Contains(a.Val, m) }) {
					t.Errorf("%s: the key stands in %s", s.name(), tagOf(e))
				}
			}
			own := e.Clone().Children().Remove().End().Text()
			if !slices.ContainsFunc(marks, func(m string) bool { return strings.Contains(own, m) }) {
				return
			}
			found++
			if !carries || !e.Is("pre, p, output, pre > span[data-key-form]") {
				t.Errorf("%s: the key stands in %s", s.name(), tagOf(e))
			}
			if e.Closest("details:not([open])").Length() == 0 {
				t.Errorf("%s: the key in %s is not folded", s.name(), tagOf(e))
			}
			if e.Closest(".copy-box").Find("[data-color=danger]").Length() == 0 {
				t.Errorf("%s: the key in %s is not called secret", s.name(), tagOf(e))
			}
		})
	}
	if found == 0 {
		t.Error("no example shows a key")
	}
}
