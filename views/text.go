package views

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed messages/*.json
var messageFiles embed.FS

// Language is one of the languages that every page exists in.
type Language string

// The languages, in the order of the switch on every page.
const (
	Bokmal  Language = "nb"
	Nynorsk Language = "nn"
	English Language = "en"
)

// Languages lists them all. The first is the one for readers who ask for none of them.
var Languages = []Language{Bokmal, Nynorsk, English}

// Name returns the language's name in that language.
func (l Language) Name() string {
	return map[Language]string{Bokmal: "Bokmål", Nynorsk: "Nynorsk", English: "English"}[l]
}

// Text is the words of one language. It is a small value and safe for concurrent use.
type Text struct{ *catalogue }

// catalogue holds one language. Most messages have nothing to fill in and are
// looked up in a map: asking go-i18n for each of some hundred messages on a page
// would cost more than the rest of the page.
type catalogue struct {
	language  Language
	plain     map[string]string
	localizer *i18n.Localizer
}

var catalogues = loadMessages()

// In returns the words of a language; one that does not exist gives the first.
func In(l Language) Text {
	if c, ok := catalogues[l]; ok {
		return Text{c}
	}
	return Text{catalogues[Languages[0]]}
}

// Language returns the language of the text.
func (t Text) Language() Language { return t.language }

// S returns a message that has nothing to fill in. A message that does not exist
// comes out as its name in brackets; a test fails on it.
func (t Text) S(id string) string {
	if s, ok := t.plain[id]; ok {
		return s
	}
	return "⟦" + id + "⟧"
}

// Has reports whether the message exists.
func (t Text) Has(id string) bool {
	_, ok := t.plain[id]
	return ok
}

// F returns a message with values filled in: F("key.bits", "Bits", 2048). A value
// named Count also chooses between singular and plural.
func (t Text) F(id string, pairs ...any) string {
	config := &i18n.LocalizeConfig{MessageID: id}
	values := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		name := pairs[i].(string)
		values[name] = pairs[i+1]
		if name == "Count" {
			config.PluralCount = pairs[i+1]
		}
	}
	config.TemplateData = values
	s, err := t.localizer.Localize(config)
	if err != nil {
		// It has nothing to fill in after all.
		return t.S(id)
	}
	return s
}

// Choose returns the language for a reader: the one chosen before (a cookie's
// value), else the best match of the browser's Accept-Language.
func Choose(chosen, acceptLanguage string) Language {
	for _, l := range Languages {
		if string(l) == chosen {
			return l
		}
	}
	if acceptLanguage == "" || len(acceptLanguage) > 200 {
		return Languages[0]
	}
	return asked.match(acceptLanguage)
}

// matches remembers which language an Accept-Language header led to. Browsers
// send few different ones, and to read one anew costs as much as a look into the
// database.
type matches struct {
	mu    sync.RWMutex
	known map[string]Language
}

// mostMatches caps the memory, since a client can make up any number of headers.
const mostMatches = 1000

var asked = matches{known: map[string]Language{}}

func (m *matches) match(acceptLanguage string) Language {
	m.mu.RLock()
	l, ok := m.known[acceptLanguage]
	m.mu.RUnlock()
	if ok {
		return l
	}
	_, i := language.MatchStrings(matcher, acceptLanguage)
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.known) < mostMatches {
		m.known[acceptLanguage] = Languages[i]
	}
	return Languages[i]
}

var matcher = language.NewMatcher([]language.Tag{
	language.MustParse("nb"), language.MustParse("nn"), language.English,
})

// loadMessages reads the message files. A broken file is a broken build, so it panics.
func loadMessages() map[Language]*catalogue {
	all := map[Language]*catalogue{}
	for _, l := range Languages {
		tag := language.MustParse(string(l))
		bundle := i18n.NewBundle(tag)
		c := &catalogue{language: l, plain: map[string]string{}}
		names, _ := fs.Glob(messageFiles, "messages/*."+string(l)+".json")
		for _, name := range names {
			if err := c.read(bundle, tag, name); err != nil {
				panic(fmt.Sprintf("views: reading %s: %v", name, err))
			}
		}
		c.localizer = i18n.NewLocalizer(bundle, string(l))
		all[l] = c
	}
	return all
}

// read takes one message file in. Only messages with something to fill in, or
// with a plural, go to go-i18n, which parses each as a template: for all of them
// that would take longer than the rest of the program's start.
func (c *catalogue) read(bundle *i18n.Bundle, tag language.Tag, name string) error {
	data, err := messageFiles.ReadFile(name)
	if err != nil {
		return err
	}
	var messages map[string]any
	if err := json.Unmarshal(data, &messages); err != nil {
		return err
	}
	for id, content := range messages {
		if _, twice := c.plain[id]; twice {
			return fmt.Errorf("message %q stands in another file too", id)
		}
		m := &i18n.Message{ID: id}
		switch v := content.(type) {
		case string:
			m.Other = strings.TrimSpace(v)
		case map[string]any:
			m.One, _ = v["one"].(string)
			m.Other, _ = v["other"].(string)
		}
		c.plain[id] = m.Other
		if m.One != "" || strings.Contains(m.Other, "{{") {
			if err := bundle.AddMessages(tag, m); err != nil {
				return err
			}
		}
	}
	return nil
}
