package main

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"portvakt/jwk"
)

// Every page, in every state of the journey: usable at 320 px and with the
// keyboard, and without anything that axe finds.
func TestPagesOutside(t *testing.T)  { walk(t, outsidePages) }
func TestPagesDescribe(t *testing.T) { walk(t, describePages) }
func TestPagesJourney(t *testing.T)  { walk(t, journeyPages) }
func TestPagesPractice(t *testing.T) { walk(t, practicePages) }

// look is what a walk does with each state of each page.
type look func(b *tab, state string)

func walk(t *testing.T, pages func(*tab, look)) {
	t.Helper()
	b := visit(t, false)
	pages(b, func(b *tab, state string) {
		b.t.Helper()
		b.narrow(state)
		b.accessible(state)
	})
}

// unfoldAll opens everything that can be unfolded and counts it, but for the
// menu, which lies over the page.
func (b *tab) unfoldAll() int {
	b.t.Helper()
	n := value[int](b, `(() => {
		const folded = [...document.querySelectorAll("details:not([open]):not(.menu)")];
		for (const d of folded) d.open = true;
		return folded.length;
	})()`)
	b.until("the folds to stand still", `document.getAnimations().every(a => a.playState !== "running")`)
	return n
}

// Selectors that hold in every language.
const (
	makeKey    = "#key button[formaction*='/keys#']"
	recordIt   = "#record button[formaction*='/record#']"
	postIt     = "#register button[formaction*='/posted#']"
	testToken  = "#prove button[formaction*='/proofs#']"
	saveStep   = "#describe button[type=submit]:not([formaction]):not([name])"
	practiceOK = "main form button[type=submit]:not([formaction]):not([name])"
)

// outsidePages are the pages that need no sign-in, and those that say no.
func outsidePages(b *tab, l look) {
	b.t.Helper()
	b.expect(401, 404, 405, 413, 422)
	b.open(b.site.portal)
	l(b, "welcome")
	b.open(b.site.portal + "tools/grant")
	l(b, "grant tool")
	b.open(b.site.portal + "tools/key")
	l(b, "key tools")
	b.pastes("[" + somePublicKey(b) + "," + siteTPublic(b.t) + "]")
	b.tells(word("keytool.kind.publics"))
	l(b, "key tools, several keys")
	b.click(css("#make"))
	b.tells(word("keytool.made"))
	b.click(css("#show"))
	l(b, "key tools, private key shown")
	b.pastes("-----BEGIN PRIVATE KEY-----")
	b.tells(word("keytool.kind.private-broken"))
	l(b, "key tools, refused")
	b.open(b.site.portal + "tools/failures")
	l(b, "failures")
	b.paste(css("#q"), "MP-121")
	b.follow(css("#lookup button[type=submit]:not([name])"))
	l(b, "failures, one recognised")
	b.paste(css("#q"), strings.Repeat("x", 2001))
	b.follow(css("#lookup button[type=submit]:not([name])"))
	l(b, "failures with an error")
	b.open(b.site.portal)
	b.follow(css(".hero a.ds-button"))
	l(b, "sign-in")
	b.open(strings.Replace(b.site.signIn, "token=", "token=x", 1))
	l(b, "sign-in with a used link")
	b.open(b.site.portal + "nothing/here")
	l(b, "404")
	b.open(b.site.portal + "signin/link")
	l(b, "405")
	b.open(b.site.signIn)
	l(b, "empty list")
	b.click(css(".menu > summary"))
	l(b, "menu")
	b.open(b.site.portal + "integrations/new")
	b.fillsHuge()
	b.follow(css(saveStep))
	l(b, "413")
}

// fillsHuge puts more into a field than any form may have.
func (b *tab) fillsHuge() {
	b.t.Helper()
	b.must(chromedp.Do(b.ctx, chromedp.Evaluate[chromedp.Void](
		`document.getElementById("description").value = "x".repeat(70000)`)), "filling a field")
}

// describePages are the states of step 1 and of the other forms of the portal.
func describePages(b *tab, l look) {
	b.t.Helper()
	b.expect(422, 409)
	b.open(b.site.signIn)
	b.follow(css(".empty a.ds-button"))
	l(b, "step 1, empty")
	b.click(css("#purpose-other"))
	b.paste(css("#description"), strings.Repeat("Hvem eier dette? ", 400))
	b.follow(css(saveStep))
	b.focused("the error summary", "#problems")
	l(b, "step 1 with errors")
	b.paste(css("#query"), "instances")
	b.follow(css("button[formaction*=draft][formnovalidate]:not(.language)"))
	l(b, "step 1 after a search")

	b.open(b.site.portal + "organisations/new")
	b.follow(css("#organisation button[type=submit]"))
	l(b, "organisation with errors")

	b.open(b.site.portal + "integrations/new")
	b.paste(css("#name"), strings.Repeat("Langtnavnutenmellomrom", 4))
	b.follow(css(saveStep))
	b.has(strings.Repeat("Langtnavnutenmellomrom", 4))
	other := b.opensAddress(strings.SplitN(b.address(), "#", 2)[0] + "/description")
	other.paste(css("#name"), "Et annet navn")
	b.open(other.address())
	other.follow(css(saveStep))
	b.paste(css("#name"), "Et tredje navn")
	b.follow(css(saveStep))
	l(b, "step 1 in conflict")
}

// opensAddress opens an address in a tab beside this one.
func (b *tab) opensAddress(address string) *tab {
	b.t.Helper()
	next := b.visitor.tab(b.ctx, chromedp.WithExistingBrowserContext(chromedp.FromContext(b.ctx).BrowserContextID))
	next.open(address)
	return next
}

// journeyPages are the states of the page of an integration, and of the lists
// after it.
func journeyPages(b *tab, l look) {
	b.t.Helper()
	b.expect(422)
	b.open(b.site.signIn)
	b.describesBriefly("Saksystem – varsling")
	l(b, "no key")
	b.serverMakesKey()
	l(b, "key just made")
	b.follow(css(postIt))
	l(b, "registered")
	b.paste(css("#client_id"), "310110019")
	b.follow(css(recordIt))
	b.focused("the error summary", "#problems")
	l(b, "record with errors")
	b.paste(css("#client_id"), wrongClientID)
	b.follow(css(testToken))
	l(b, "proof red")
	id := b.registers()
	b.unfold("#record")
	b.paste(css("#client_id"), id)
	b.follow(css(testToken))
	l(b, "proof green")
	home := strings.TrimSuffix(b.address(), "/proofs#prove")
	b.open(home)
	b.unfold("#prove")
	l(b, "key gone")
	b.follow(css(testToken))
	l(b, "no file")
	b.unfoldSighting()
	b.follow(css("#sighting button[formaction]"))
	b.focused("the error summary", "#problems")
	l(b, "sighting with errors")
	b.paste(css("#sighting_saw"), strings.Repeat("Langtordutenmellomrom", 6))
	b.follow(css("#sighting button[formaction]"))
	l(b, "sighting told")
	b.historyPages(home, l)
	b.open(home + "/description")
	l(b, "step 1 again")
	b.open(b.site.portal)
	l(b, "list")
	b.open(b.site.portal + "admin/integrations")
	l(b, "all integrations")
	b.open(b.site.portal + "admin/events")
	l(b, "events")
	b.open(b.site.portal + "admin/sightings")
	l(b, "sightings")
	b.follow(css(".sighting form button"))
	l(b, "sighting settled")
}

// historyPages are the pages about the runs of an integration.
func (b *tab) historyPages(home string, l look) {
	b.t.Helper()
	b.open(home + "/proofs")
	l(b, "all tests")
	b.follow(css("#compare button[type=submit]"))
	l(b, "two tests")
	b.open(home + "/proofs")
	b.follow(css("tbody tr:last-child a"))
	l(b, "one test, red")
	b.open(home + "/proofs?pair=again")
	l(b, "two tests to choose")
}

// unfoldSighting opens the form of a sighting, and the step that it is in.
func (b *tab) unfoldSighting() {
	b.t.Helper()
	b.unfold("#register")
	if b.count("#sighting:not([open])") > 0 {
		b.click(css("#sighting > summary"))
	}
}

// describesBriefly makes an integration without looking at the words.
func (b *tab) describesBriefly(name string) {
	b.t.Helper()
	b.open(b.site.portal + "integrations/new")
	b.paste(css("#name"), name)
	b.paste(css("#description"), journeyAbout)
	b.follow(css(saveStep))
	b.until("the page of the integration", `/^\/integrations\/[^/]+$/.test(location.pathname)`)
}

// unfold opens a step if it is folded.
func (b *tab) unfold(step string) {
	b.t.Helper()
	if b.count(step+" > details:not([open])") > 0 {
		b.click(css(step + " > details > summary"))
	}
}

// practicePages are the pages of the sandbox.
func practicePages(b *tab, l look) {
	b.t.Helper()
	b.expect(404, 405, 422)
	b.open(b.site.sandbox)
	l(b, "sandbox, first page")
	b.open(b.site.sandbox + "rehearse")
	l(b, "rehearse a failure")
	b.open(b.site.sandbox + "nothing")
	l(b, "sandbox, 404")
	b.open(b.site.sandbox + "language")
	l(b, "sandbox, 405")
	b.open(b.site.sandbox + "samarbeidsportalen/")
	l(b, "organisations")
	b.open(b.site.sandbox + "samarbeidsportalen/310220027/clients")
	l(b, "no clients")
	b.follow(css("main a.ds-button"))
	l(b, "new client")
	b.follow(css(practiceOK))
	l(b, "new client with errors")
	b.paste(css("#name"), strings.Repeat("Langtnavnutenmellomrom", 4))
	b.paste(css("#description"), "Øving")
	b.unfoldPicker()
	b.click(css("[id='scope-altinn:serviceowner/notifications.create']"))
	b.follow(css("button[name=finish]"))
	l(b, "new client, access missing")
	b.follow(css(practiceOK))
	l(b, "client")
	client := strings.SplitN(b.address(), "?", 2)[0]
	b.open(client + "/scopes")
	l(b, "scopes")
	b.open(client + "/keys")
	l(b, "no keys")
	b.paste(css("#key"), `{"kty":"RSA"}`)
	b.follow(css(practiceOK))
	l(b, "key with errors")
	b.paste(css("#key"), somePublicKey(b))
	b.follow(css(practiceOK))
	l(b, "keys")
	b.follow(css("button[formaction*='expire']"))
	l(b, "key expired")
	b.open(client + "/history")
	l(b, "history")
	b.open(b.site.sandbox + "samarbeidsportalen/310220027/clients")
	l(b, "clients")
	b.open(client)
	b.click(css("details.plain > summary"))
	b.follow(css("form[action$=deactivate] button"))
	l(b, "client, inactive")
}

// registers makes a client with the page's key and scopes in the sandbox, past
// its pages, and returns its id.
func (b *tab) registers() string {
	b.t.Helper()
	values := value[[]string](b, `[...document.querySelectorAll("#site-jwk, #register .copy-text[id^=site-scope]")].map(e => e.textContent)`)
	key, scopes := values[len(values)-1], values[:len(values)-1]
	at := b.posts(b.site.sandbox+"samarbeidsportalen/310110019/clients", url.Values{
		"nonce": {rand.Text()}, "name": {"Øving"}, "description": {"Øving"}, "lifetime": {"120"}, "type": {"maskinporten"}, "scope": scopes,
	})
	b.posts(at+"/keys", url.Values{"nonce": {rand.Text()}, "key": {key}})
	return at[strings.LastIndex(at, "/")+1:]
}

// posts sends a form to the sandbox and returns where the answer leads.
func (b *tab) posts(address string, form url.Values) string {
	b.t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := client.PostForm(address, form)
	b.must(err, "registering in the sandbox")
	defer r.Body.Close()
	to, err := r.Location()
	b.must(err, "registering in the sandbox, which answered %s", r.Status)
	to.RawQuery = ""
	return to.String()
}

// somePublicKey is a key that nobody has the other half of.
func somePublicKey(b *tab) string {
	b.t.Helper()
	k, err := jwk.Generate(2048)
	b.must(err, "making a key")
	k, err = k.WithKid("et-eksempel")
	b.must(err, "naming a key")
	return k.Public().JSON()
}

func (b *tab) unfoldPicker() {
	b.t.Helper()
	if b.count("details.picker:not([open])") > 0 {
		b.click(css("details.picker > summary"))
	}
}
