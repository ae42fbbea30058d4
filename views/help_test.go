package views

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
)

// shown is an example in one language, rendered and parsed.
type shown struct {
	example  Example
	language Language
	source   string
	page     *goquery.Document
}

func (s shown) name() string { return string(s.language) + "/" + s.example.Name }

// allShown are all examples in all languages.
var allShown = sync.OnceValue(func() []shown {
	var all []shown
	for _, l := range Languages {
		for _, e := range Examples(In(l)) {
			source := source(e.Page)
			page, err := goquery.NewDocumentFromReader(strings.NewReader(source))
			if err != nil {
				panic(err)
			}
			all = append(all, shown{example: e, language: l, source: source, page: page})
		}
	}
	return all
})

func source(c templ.Component) string {
	var b bytes.Buffer
	if err := c.Render(context.Background(), &b); err != nil {
		panic(err)
	}
	return b.String()
}

// onEach runs a test on every example in every language.
func onEach(t *testing.T, test func(t *testing.T, s shown)) {
	t.Helper()
	for _, s := range allShown() {
		t.Run(s.name(), func(t *testing.T) {
			t.Parallel()
			test(t, s)
		})
	}
}

// tagOf is the opening tag of an element, for messages.
func tagOf(s *goquery.Selection) string {
	html, err := goquery.OuterHtml(s)
	if err != nil {
		return err.Error()
	}
	html, _, _ = strings.Cut(html, ">")
	return html + ">"
}
