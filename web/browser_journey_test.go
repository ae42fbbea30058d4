package main

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
)

// What a user calls the integration of these tests. The description has a line
// break and letters that must survive three forms and two programs.
const (
	journeyName  = "Saksystem – varsling"
	journeyAbout = "Sender varsler om vedtak på nett.\nEier: Team Post «æøå» & co."
)

func TestJourneyWithServersKey(t *testing.T) {
	b := visit(t, false)
	walkJourney(b)
	if b.count("button[data-copy]:not([hidden])") == 0 {
		t.Error("got no copy button with scripts on")
	}
}

func TestJourneyWithoutScripts(t *testing.T) {
	b := visit(t, true)
	walkJourney(b)
	if got := b.count("button[data-copy]:not([hidden])"); got != 0 {
		t.Errorf("got %d copy buttons without scripts: scripts were not off", got)
	}
}

// walkJourney goes from the printed link to nine green lights and a finished
// configuration, as a newcomer does.
func walkJourney(b *tab) {
	b.t.Helper()
	b.signsIn()
	b.describes(journeyName, journeyAbout)
	b.makesKey()

	site := b.opensPractice()
	b.practiceClient(site)
	b.practiceKey(site)
	id := site.clientID()

	b.paste(field("Klient ID"), id)
	b.follow(button(word("prove.button")))
	b.green()
	b.takesConfiguration(id)

	// The page has the key, so what leads out of it opens a new tab.
	list := b.opens(link(word("nav.integrations")))
	row := list.text("tbody tr")
	for _, want := range []string{journeyName, word("state.proved"), word("proof.outcome.passed")} {
		if !strings.Contains(row, want) {
			b.t.Errorf("got the list line %q, want it to say %q", row, want)
		}
	}
}

// signsIn opens the printed link.
func (b *tab) signsIn() {
	b.t.Helper()
	b.open(b.site.signIn)
	b.has(word("list.empty.title"))
}

// describes is step 1, from the empty list.
func (b *tab) describes(name, about string) {
	b.t.Helper()
	b.follow(button(word("list.empty.start")))
	b.paste(field(word("describe.name")), name)
	b.paste(field(word("describe.description")), about)
	b.follow(button(word("describe.create")))
	b.until("the page of the integration", `/^\/integrations\/[^/]+$/.test(location.pathname)`)
}

// makesKey is step 2: the server makes the key.
func (b *tab) makesKey() {
	b.t.Helper()
	b.serverMakesKey()
	b.has(word("journey.key.made"))
}

// serverMakesKey lets the server make the key. Where scripts run that must be
// chosen.
func (b *tab) serverMakesKey() {
	b.t.Helper()
	if !b.noScripts {
		b.click(css("#born-server"))
	}
	b.follow(css(makeKey))
}

// opensPractice presses the guide's link and chooses the organisation that the
// guide names.
func (b *tab) opensPractice() *tab {
	b.t.Helper()
	organisation := b.copied(css("#register .guide strong"))
	site := b.opens(button(word("register.open.button")))
	site.follow(link(organisation))
	return site
}

// practiceClient makes the client with what stands in the guide, copied value by
// value. Only these scopes are added, or all of the guide's.
func (b *tab) practiceClient(site *tab, only ...string) {
	b.t.Helper()
	scopes := only
	if len(scopes) == 0 {
		scopes = b.guideScopes()
	}
	site.follow(button("Legg til klient"))
	site.paste(field("Visningsnavn"), b.copied(css("#site-name")))
	site.paste(field("Beskrivelse"), b.copied(css("#site-about")))
	site.practiceScopes(scopes)
	site.follow(button("Lagre endringer"))
	site.has(word("practice.done.created"))
}

// guideScopes are the scopes that the guide says to add.
func (b *tab) guideScopes() []string {
	b.t.Helper()
	ids := value[[]string](b, `[...document.querySelectorAll("#register .copy-text[id^=site-scope]")].map(e => e.id)`)
	if len(ids) == 0 {
		b.t.Fatalf("the guide names no scope: %s", b.glance())
	}
	scopes := make([]string, len(ids))
	for i, id := range ids {
		scopes[i] = b.copied(css("#" + id))
	}
	return scopes
}

// practiceScopes chooses scopes from the list on the practice page.
func (b *tab) practiceScopes(scopes []string) {
	b.t.Helper()
	b.click(button("Legg til scope"))
	for _, s := range scopes {
		b.click(field(s))
	}
	b.follow(button("Fullfør"))
}

// practiceKey pastes the public key that stands in the guide.
func (b *tab) practiceKey(site *tab) {
	b.t.Helper()
	b.unfold("#register")
	site.follow(link("Nøkler"))
	site.paste(field("JWK eller PEM"), b.copied(css("#site-jwk")))
	site.follow(button("Lagre"))
	site.has(word("practice.done.key"))
}

// clientID is the Klient ID as the practice page shows it.
func (b *tab) clientID() string {
	b.t.Helper()
	return b.copied(css("#client-id"))
}

// green wants nine green lights.
func (b *tab) green() {
	b.t.Helper()
	b.has(word("proof.passed"))
	if got := b.count(".lights > .light.passed"); got != 9 || b.count(".lights > .light") != 9 {
		b.t.Fatalf("got %d green lights, want nine: %s", got, b.text(".proof"))
	}
}

// takesConfiguration is step 6: a finished block holds the client id and the key,
// and the key is there as a file.
func (b *tab) takesConfiguration(clientID string) {
	b.t.Helper()
	b.click(css("#key > details > summary"))
	b.click(fold(word("key.secret")))
	key := b.copied(css("#encoded"))
	b.isKey(key)

	b.click(css(`[data-recipe="env"] > summary`))
	block := b.copied(css("#recipe-env"))
	for _, want := range []string{clientID, key} {
		if !strings.Contains(block, want) {
			b.t.Errorf("the block for environment variables lacks a value of %d characters", len(want))
		}
	}
	if got := b.downloaded("encoded-jwk.txt", button(word("key.save.encoded"))); got != key {
		b.t.Errorf("got a file of %d characters, want the %d that the page shows", len(got), len(key))
	}
}

// isKey wants the base64 of a private JWK with the kid that the page shows.
func (b *tab) isKey(encoded string) {
	b.t.Helper()
	text, err := base64.StdEncoding.DecodeString(encoded)
	b.must(err, "reading the private key's base64")
	var key map[string]string
	b.must(json.Unmarshal(text, &key), "reading the private key's JSON")
	kid := b.text("#key .facts code")
	if key["kid"] != kid || key["d"] == "" || key["kty"] != "RSA" {
		b.t.Errorf("got a key of type %q with kid %q, want an RSA key with kid %q and its private half", key["kty"], key["kid"], kid)
	}
}
