package main

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"portvakt/jwk"
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
		b.speaks(language)
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

// waitsHeld goes to where the token test with the page's key says that the key is
// not there yet, on a page with its own time.
func (b *tab) waitsHeld() jwk.Private {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: ownTime})
	b.must(err, "giving the page its own time")
	b.open(b.site.signIn)
	b.describesBriefly(journeyName)
	key := b.pageMakesKey()
	b.rehearses("propagation", "3600")
	b.paste(css("#client_id"), b.registers())
	b.testsHere()
	b.has(word("proof.early"))
	b.told(strings.ReplaceAll(word("retry.next"), "{seconds}", "30"))
	return key
}

// The page tests again by itself with its own key, each time with a grant of its
// own, and disturbs nobody.
func TestTestsAgainWithHeldKey(t *testing.T) {
	b, s := visitWitnessed(t)
	key := b.waitsHeld()
	began := b.began()
	b.unfold("#record")
	b.click(fold(word("record.more")))
	b.paste(css("#registered_kid"), "halvskrev")
	b.unfoldSighting()
	b.paste(css("#sighting_saw"), "Knappen heter noe annet")
	b.focus(css("#sighting_saw"))

	first := b.grant()
	b.later(30)
	b.until("another grant", `!document.querySelector("#proved").textContent.includes($) && !!document.querySelector("[data-retry]")`, first)
	b.told(strings.ReplaceAll(word("retry.next"), "{seconds}", "30"))
	b.undisturbed(began)
	b.rehearses("", "")
	b.later(30)
	b.until("nine green lights", `document.querySelectorAll(".lights > .light.passed").length === 9`)
	b.undisturbed(began)
	if got := b.text("#spoken"); got != word("proof.passed") {
		t.Errorf("a screen reader hears %q at the end", got)
	}
	if got := b.heldKey(); got.Encoded().Reveal() != key.Encoded().Reveal() {
		t.Error("the key is another one")
	}
	b.keptGrants(3)
	s.neverSent(t, key, 8)
}

// A grant that is not the one asked for is not signed, the page says so, and
// nothing more is sent.
func TestTamperedGrantIsRefused(t *testing.T) {
	changes := map[string]map[string]any{
		"audience": {"aud": "https://maskinporten.no/"},
		"lifetime": {"exp": time.Now().Unix() + 4000},
		"claim":    {"sub": "noen"},
	}
	var change map[string]any
	b, s := visitTampered(t, func() map[string]any { return change })
	b.open(b.site.signIn)
	b.describesBriefly(journeyName)
	key := b.pageMakesKey()
	b.paste(css("#client_id"), b.registers())
	began := b.began()
	for code, c := range changes {
		change = c
		b.click(css("#prove button[data-sign]"))
		b.says("hold-answer", filled("hold.tampered", "what", code))
		if !value[bool](b, `document.getElementById("hold-answer").checkVisibility()`) {
			t.Errorf("%s: the refusal is not seen", code)
		}
	}
	for _, e := range s.seen.exchanges() {
		if strings.HasSuffix(e.uri, "/proofs/finish") || strings.HasSuffix(e.uri, "/token") {
			t.Errorf("the page went on with %s", e)
		}
	}
	b.stays(began)
	change = nil
	b.testsHere()
	b.green()
	s.neverSent(t, key, 8)
}

// A key from elsewhere: the public half is pasted, and a saved file signs.
func TestOwnKeyInTheBrowser(t *testing.T) {
	b, s := visitWitnessed(t)
	key := holdKey(t, "hentet-inn")
	b.open(b.site.signIn)
	b.describesBriefly(journeyName)
	b.click(fold(word("own.title")))
	b.paste(css("#own"), key.Public().JSON())
	b.click(button(word("own.add")))
	b.has(key.Public().Thumbprint())
	b.paste(css("#client_id"), b.registers())
	b.follow(css(recordIt))
	b.reload()

	b.unfold("#prove")
	for name, text := range map[string]string{"encoded-jwk.txt": key.Encoded().Reveal(), "private-key.pem": key.PEM().Reveal(), ".env": "JWK=" + key.Encoded().Reveal() + "\n"} {
		b.chooses("file", name, text)
		b.testsHere()
		b.green()
	}
	other := holdKey(t, "en-annen")
	b.chooses("file", "annen.json", other.JSON().Reveal())
	b.click(css("#prove button[data-sign]"))
	b.says("hold-answer", filled("hold.other", "thumbprint", other.Public().Thumbprint()))
	b.chooses("file", "offentlig.json", key.Public().JSON())
	b.click(css("#prove button[data-sign]"))
	b.says("hold-answer", word("hold.public"))

	b.checksVault(key, other)
	b.provesSaved(key, other)
	s.neverSent(t, key, 8)
	holdSecrets(t, other).absent(t, "what was sent", s.allSent())
}

// checksVault compares secrets with what is on record.
func (b *tab) checksVault(key, other jwk.Private) {
	b.t.Helper()
	b.unfold("#key")
	b.click(fold(word("vault.title")))
	b.chooses("vault-file", "appsettings.json", `{"MaskinportenSettings":{"EncodedJwk":"`+key.Encoded().Reveal()+`"}}`)
	b.says("vault-answer", filled("hold.right", "kid", "hentet-inn"))
	b.chooses("vault-file", "annen.pem", other.PEM().Reveal())
	b.says("vault-answer", filled("hold.other", "thumbprint", other.Public().Thumbprint()))
	b.chooses("vault-file", "offentlig.pem", key.Public().PEM())
	b.says("vault-answer", word("hold.public"))
	b.chooses("vault-file", "notat.txt", "husk melk")
	b.says("vault-answer", word("hold.none"))
	b.clipboard("clipboard-read", browser.PermissionSettingGranted)
	b.clipboard("clipboard-write", browser.PermissionSettingGranted)
	b.must(chromedp.Do(b.ctx, chromedp.Evaluate[chromedp.Void](js(`navigator.clipboard.writeText($)`, key.PEM().Reveal()), chromedp.EvalAwaitPromise)), "filling the clipboard")
	b.click(css("#vault-paste"))
	b.says("vault-answer", filled("hold.right", "kid", "hentet-inn"))
}

// provesSaved loads the saved file back, after a wrong one.
func (b *tab) provesSaved(key, other jwk.Private) {
	b.t.Helper()
	b.unfold("#key")
	b.click(css("#saved-key > summary"))
	b.chooses("saved-file", "annen.pem", other.PEM().Reveal())
	b.says("saved-answer", filled("hold.other", "thumbprint", other.Public().Thumbprint()))
	b.chooses("saved-file", "encoded-jwk.txt", key.Encoded().Reveal())
	shown, _, _ := strings.Cut(word("saved.shown"), "{{")
	b.until("the key to be shown as saved", `document.querySelector("#saved-key > summary").textContent.includes($)`, strings.TrimSpace(shown))
}

// Samarbeidsportalen made the key: a PEM file and an id become what programs want.
func TestRescueInTheBrowser(t *testing.T) {
	b, s := visitWitnessed(t)
	key := holdKey(t, "fra-portalen")
	b.open(b.site.signIn)
	b.describesBriefly(journeyName)
	began := b.began()
	b.click(fold(word("own.title")))
	// In the field for the public half it is not sent either.
	b.paste(css("#own"), key.PEM().Reveal())
	b.click(button(word("own.add")))
	b.says("own-answer", word("hold.leak"))
	if got := value[string](b, `document.getElementById("own").value`); got != "" {
		t.Errorf("%d characters of the private key still lie in the field", len(got))
	}
	b.chooses("rescue", "public.pem", key.Public().PEM())
	b.says("rescue-answer", word("hold.public"))
	b.paste(css("#own_kid"), "fra-portalen")
	b.chooses("rescue", "private.pem", key.PEM().Reveal())
	b.says("held-answer", word("hold.rescued"))
	if got := b.heldKey(); got.Encoded().Reveal() != key.Encoded().Reveal() {
		t.Errorf("got a key %s with the id %s", got.Public().Thumbprint(), got.Public().Kid())
	}
	b.leavingAsks()
	if got := b.downloaded("encoded-jwk.txt", button(word("key.save.encoded"))); got != key.Encoded().Reveal() {
		t.Errorf("got a file of %d characters", len(got))
	}
	b.paste(css("#client_id"), b.registers())
	b.testsHere()
	b.green()
	b.provesSaved(key, holdKey(t, "en-annen"))
	b.stays(began)
	s.neverSent(t, key, 6)
}

// leavingAsks wants the browser to ask whether a page with a key that was not saved
// is to be left, and stays.
func (b *tab) leavingAsks() {
	b.t.Helper()
	asked := make(chan struct{}, 1)
	ctx, cancel := b.timed()
	defer cancel()
	b.must(chromedp.Listen(ctx, func(ev any) {
		if e, ok := ev.(*page.EventJavascriptDialogOpening); ok && e.Type == page.DialogTypeBeforeunload {
			asked <- struct{}{}
		}
	}), "listening")
	go chromedp.Call(ctx, page.Reload, page.ReloadParams{}) // ends when the question is answered
	select {
	case <-asked:
	case <-ctx.Done():
		b.t.Fatal("the page with the key can be left without a question")
	}
	_, err := chromedp.Call(ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: false})
	b.must(err, "staying")
}

// A mistake in the form makes no key, and whoever was signed out meanwhile keeps the
// one that is in the page.
func TestHeldKeyOutlivesTrouble(t *testing.T) {
	b, s := visitWitnessed(t)
	b.expect(422, 401)
	b.open(b.site.signIn)
	b.describesBriefly(journeyName)
	began := b.began()
	b.click(fold(word("key.choices")))
	b.paste(css("#kid"), "med mellomrom")
	b.click(css(makeKey))
	b.has(word("problem.kid.syntax"))
	b.focused("the error summary", "#problems")
	b.unfold("#key")
	b.paste(css("#kid"), "eget-navn")
	// Enter in the field does what the button does.
	b.press(kb.Enter)
	b.until("a key in the page", `!!document.querySelector("#encoded")?.textContent.trim()`)
	key := b.heldKey()
	if got := key.Public().Kid(); got != "eget-navn" {
		t.Errorf("got the id %q", got)
	}

	other := b.opensAddress(b.site.portal)
	other.click(css(".menu > summary"))
	other.follow(css("form[action$='signout'] button"))
	b.paste(css("#client_id"), otherClientID)
	b.click(css(recordIt))
	b.says("hold-answer", word("hold.lost"))
	if !value[bool](b, `document.getElementById("hold-answer").checkVisibility()`) {
		t.Error("that the sign-in is over is not seen")
	}
	if got := b.heldKey(); got.Encoded().Reveal() != key.Encoded().Reveal() {
		t.Error("the page lost the key")
	}
	b.unfold("#key")
	if got := b.downloaded("private-key.pem", button(word("key.save.pem"))); got != key.PEM().Reveal() {
		t.Errorf("got a file of %d characters", len(got))
	}
	b.stays(began)
	s.neverSent(t, key, 4)
}
