package main

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

func TestTabsBackReloadDoubleClick(t *testing.T) {
	b := visit(t, false)
	b.open(b.site.signIn)
	b.doubleClickCreates()
	b.backCreatesNothing()

	b.click(css("#born-server"))
	b.clicks(css(makeKey), 2)
	b.until("a key in the page", loaded+` && !!document.querySelector("#journey [name=sealed]")?.value`)
	id := b.registers()
	b.paste(css("#client_id"), id)
	b.keepsTyped(id)
	b.clicks(css(testToken), 2)
	b.until("nine green lights", loaded+` && document.querySelectorAll(".lights > .light.passed").length === 9`)

	kid := b.kid()
	b.reload()
	b.still(id, kid)
	home := value[string](b, `location.origin + location.pathname.replace("/proofs", "")`)
	b.open(home)
	b.back()
	if b.address() != home {
		b.reload()
	}
	b.still(id, kid)
	b.open(home)
	if got := b.text("#record .step-sum"); got != id {
		t.Errorf("got client id %q on record after going back, want %q", got, id)
	}
}

// doubleClickCreates wants one integration of a double click.
func (b *tab) doubleClickCreates() {
	b.t.Helper()
	b.open(b.site.portal + "integrations/new")
	b.paste(css("#name"), "To klikk")
	b.clicks(css(saveStep), 2)
	b.until("the page of the integration", loaded+` && /^\/integrations\/(?!new$)[^/]+$/.test(location.pathname)`)
	b.lists(1)
}

// backCreatesNothing goes back to the form and presses its button again.
func (b *tab) backCreatesNothing() {
	b.t.Helper()
	b.expect(422)
	b.back()
	b.follow(css(saveStep))
	b.lists(1)
	b.open(b.site.portal)
	b.follow(css("tbody a"))
}

// lists wants a number of integrations in the list, seen in another tab.
func (b *tab) lists(want int) {
	b.t.Helper()
	list := b.opensAddress(b.site.portal)
	if got := list.count("tbody tr"); got != want {
		b.t.Errorf("got %d integrations, want %d: %s", got, want, list.glance())
	}
	b.must(chromedp.Cancel(list.ctx), "closing a tab")
}

// keepsTyped changes the language while something typed is not saved yet.
func (b *tab) keepsTyped(id string) {
	b.t.Helper()
	for _, language := range []string{"en", "nb"} {
		b.follow(css(".language[value=" + language + "]"))
		if got := value[string](b, `document.querySelector("#client_id").value`); got != id {
			b.t.Errorf("got %q in the field after choosing %s, want %q", got, language, id)
		}
	}
}

// kid is the id of the key that the page carries.
func (b *tab) kid() string {
	b.t.Helper()
	return value[string](b, `JSON.parse(atob(document.querySelector("#encoded").textContent)).kid`)
}

// still wants everything to be there: the key, what is on record, the proof.
func (b *tab) still(id, kid string) {
	b.t.Helper()
	if got := value[string](b, `document.querySelector("#client_id")?.value ?? ""`); got != id {
		b.t.Fatalf("got client id %q at %s, want %q: %s", got, b.address(), id, b.glance())
	}
	if got := b.kid(); got != kid {
		b.t.Errorf("got the key %q, want %q", got, kid)
	}
	b.green()
}

// back presses the browser's button.
func (b *tab) back() {
	b.t.Helper()
	b.loads("going back", func() error {
		ctx, cancel := b.timed()
		defer cancel()
		h, err := chromedp.Call(ctx, page.GetNavigationHistory, cdp.Empty{})
		if err != nil {
			return err
		}
		to := h.Entries[h.CurrentIndex-1]
		_, err = chromedp.Call(ctx, page.NavigateToHistoryEntry, page.NavigateToHistoryEntryParams{EntryID: to.ID})
		return err
	})
}

// otherClientID is what a second person records.
const otherClientID = "ffff2c3d-1111-4222-8333-444455556666"

func TestTwoTabsDescribing(t *testing.T) {
	b := visit(t, false)
	b.expect(409)
	b.open(b.site.signIn)
	b.describesBriefly(journeyName)
	address := strings.SplitN(b.address(), "#", 2)[0] + "/description"

	one, two := b.opensAddress(address), b.opensAddress(address)
	one.paste(css("#name"), "Det første")
	two.paste(css("#name"), "Det andre")
	one.follow(css(saveStep))
	two.follow(css(saveStep))
	two.has(word("conflict.title"))
	two.has("Det første")
	if got := value[string](two, `document.querySelector("#name").value`); got != "Det andre" {
		t.Errorf("got the name %q after the conflict, want what was typed", got)
	}
	two.follow(css(saveStep))
	two.has("Det andre")
}

func TestTwoTabsRecording(t *testing.T) {
	b := visit(t, false)
	b.expect(409)
	b.open(b.site.signIn)
	b.describesBriefly(journeyName)
	home := strings.SplitN(b.address(), "#", 2)[0]
	b.serverMakesKey()

	one, two := b.opensAddress(home), b.opensAddress(home)
	one.unfold("#record")
	one.paste(css("#client_id"), wrongClientID)
	two.unfold("#record")
	two.paste(css("#client_id"), otherClientID)
	one.follow(css(recordIt))
	two.follow(css(recordIt))
	two.has(word("conflict.title"))
	two.has(wrongClientID)
	two.follow(css(recordIt))
	if got := value[string](two, `document.querySelector("#client_id").value`); got != otherClientID {
		t.Errorf("got client id %q after saving over the other, want what was typed", got)
	}

	// The tab that carries the key has an empty field, and must not empty the record.
	b.follow(css(postIt))
	two.open(home)
	if got := two.text("#record .step-sum"); got != otherClientID {
		t.Errorf("got client id %q on record, want the one that was saved last", got)
	}
}
