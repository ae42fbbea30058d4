package main

import (
	"strings"
	"testing"
)

// The journey with a key that the page makes: no private byte leaves the page, and
// the page is the same from the key to the finished configuration.
func TestJourneyWithScripts(t *testing.T) {
	b, s := visitWitnessed(t)
	b.signsIn()
	b.describes(journeyName, journeyAbout)
	began := b.began()
	key := b.pageMakesKey()
	b.has(word("journey.key.made"))

	practice := b.opensPractice()
	b.practiceClient(practice)
	b.practiceKey(practice)
	id := practice.clientID()
	b.paste(field("Klient ID"), id)
	b.testsHere()
	b.green()
	b.keepsKeyInEachLanguage(key.Encoded().Reveal())
	b.takesConfiguration(id)
	b.takesRecipe("env", id)
	b.otherKid(key.Encoded().Reveal())
	b.testsHere()
	b.green()
	b.stays(began)

	// The page has the key, so what leads out of it opens a new tab.
	list := b.opens(link(word("nav.integrations")))
	if row := list.text("tbody tr"); !strings.Contains(row, word("proof.outcome.passed")) {
		t.Errorf("got the list line %q", row)
	}
	b.stays(began)
	if b.count("button[data-copy]:not([hidden])") == 0 {
		t.Error("got no copy button with scripts on")
	}
	s.neverSent(t, key, 12)
}

// keepsKeyInEachLanguage changes the language and back.
func (b *tab) keepsKeyInEachLanguage(key string) {
	b.t.Helper()
	for _, language := range []string{"en", "nn", "nb"} {
		b.click(css(".language[value=" + language + "]"))
		b.until("the page in "+language, `document.documentElement.lang === $ && !document.querySelector("[aria-busy=true]")`, language)
		if got := b.heldKey().Encoded().Reveal(); got != key {
			b.t.Errorf("the key is another one in %s", language)
		}
		b.focused("the language "+language, ".language[value="+language+"]")
	}
	b.green()
}

// takesRecipe wants the file of a recipe to be what the page shows.
func (b *tab) takesRecipe(id, clientID string) {
	b.t.Helper()
	name := value[string](b, `document.querySelector($).dataset.recipeFile`, `[data-recipe="`+id+`"] [data-recipe-file]`)
	block := value[string](b, `document.getElementById($).textContent`, "recipe-"+id)
	// The browser does not let a name begin with a dot.
	got := b.downloaded(strings.TrimPrefix(name, "."), css(`[data-recipe="`+id+`"] [data-recipe-file]`))
	if strings.TrimSpace(got) != strings.TrimSpace(block) || !strings.Contains(got, clientID) {
		b.t.Errorf("got a file %s of %d characters, want the %d that the page shows", name, len(got), len(block))
	}
}

// otherKid lets Samarbeidsportalen have given the key another id, and takes it back.
func (b *tab) otherKid(encoded string) {
	b.t.Helper()
	b.unfold("#record")
	b.click(fold(word("record.more")))
	b.paste(css("#registered_kid"), "fra-samarbeidsportalen")
	b.click(css(recordIt))
	b.until("the id in the key", `JSON.parse(atob(document.querySelector("#encoded").textContent)).kid === "fra-samarbeidsportalen"`)
	if key := b.heldKey().Encoded().Reveal(); !strings.Contains(value[string](b, `document.getElementById("recipe-env").textContent`), key) {
		b.t.Error("the block for environment variables has the key with its old id")
	}
	b.unfold("#record")
	b.paste(css("#registered_kid"), "")
	b.click(css(recordIt))
	b.until("the first id in the key", `document.querySelector("#encoded").textContent === $`, encoded)
}
