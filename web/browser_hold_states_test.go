package main

import "testing"

// What a page with a key of its own looks like, in every language.
func TestPagesHeldKey(t *testing.T) { walk(t, heldPages) }

func heldPages(b *tab, l look) {
	b.t.Helper()
	b.expect(422)
	b.open(b.site.signIn)
	other := holdKey(b.t, "en-annen")
	for _, language := range []string{"nn", "en", "nb"} {
		b.speaks(language)
		b.describesBriefly(journeyName)
		l(b, "choices for a key in "+language)
		b.unfold("#key")
		b.opensFold("#own-key")
		b.click(css("#own-key button[formaction]"))
		b.waitsFor("#own-problem")
		l(b, "own key with an error in "+language)
		key := b.pageMakesKey()
		l(b, "held key in "+language)
		b.chooses("rescue", "public.pem", other.Public().PEM())
		b.answers("rescue-answer")
		l(b, "rescue refused in "+language)
		b.chooses("vault-file", "annen.pem", other.PEM().Reveal())
		b.answers("vault-answer")
		l(b, "vault checked in "+language)
		b.chooses("saved-file", "encoded-jwk.txt", key.Encoded().Reveal())
		b.waitsFor("#saved-key > summary .ds-tag")
		l(b, "key saved in "+language)
		b.open(b.site.portal + "integrations/new")
	}
}

// opensFold unfolds what is folded.
func (b *tab) opensFold(selector string) {
	b.t.Helper()
	if b.count(selector+":not([open])") > 0 {
		b.click(css(selector + " > summary"))
	}
}

// answers waits until the script has said something.
func (b *tab) answers(id string) {
	b.t.Helper()
	b.until("an answer in "+id, `!!document.getElementById($).textContent`, id)
}
