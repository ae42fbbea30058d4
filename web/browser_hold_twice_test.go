package main

import "testing"

// A double click makes one key, and the page has it.
func TestDoubleClickInThePage(t *testing.T) {
	b, s := visitWitnessed(t)
	b.open(b.site.signIn)
	b.describesBriefly(journeyName)
	b.clicks(button(word("key.make")), 2)
	b.has(word("journey.key.made"))
	key := b.heldKey()
	if got := value[int](b, `document.getElementById("hold-words").dataset.keys.split("\n").filter(Boolean).length`); got != 1 {
		t.Errorf("got %d keys on record, want one", got)
	}
	s.neverSent(t, key, 1)
}

// A private key that is chosen in one place is not sent by a button of another.
func TestChosenFileStaysInThePage(t *testing.T) {
	b, s := visitWitnessed(t)
	key, other := holdKey(t, "i-hvelvet"), holdKey(t, "en-annen")
	b.open(b.site.signIn)
	b.describesBriefly(journeyName)
	b.click(fold(word("own.title")))
	b.paste(css("#own"), key.Public().JSON())
	b.click(button(word("own.add")))
	b.has(key.Public().Thumbprint())
	b.unfold("#prove")
	b.chooses("file", "private-key.pem", key.PEM().Reveal())
	b.unfold("#key")
	b.click(fold(word("key.another")))
	b.click(fold(word("own.title")))
	b.paste(css("#own"), other.Public().JSON())
	b.click(button(word("own.add")))
	b.has(other.Public().Thumbprint())

	// Nor is one that is taken for a public key.
	b.unfold("#key")
	b.click(fold(word("key.another")))
	b.click(fold(word("own.title")))
	b.chooses("own-file", "privat.json", key.JSON().Reveal())
	b.click(button(word("own.add")))
	b.says("own-answer", word("hold.leak"))
	holdSecrets(t, key).absent(t, "what was sent", s.allSent())
}
