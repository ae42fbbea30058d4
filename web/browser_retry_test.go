package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// ownTime gives a page time that passes only when a test says so.
const ownTime = `{
  const ticks = new Map();
  let now = Date.now(), last = 0;
  Date.now = () => now;
  setInterval = f => (ticks.set(++last, f), last);
  clearInterval = id => { ticks.delete(id); };
  window.later = seconds => {
    const waiting = [...ticks.values()];
    now += seconds * 1000;
    for (const f of waiting) f();
    return waiting.length;
  };
}`

// later lets time pass in the page, and returns how many wait for it to pass.
func (b *tab) later(seconds int) int {
	b.t.Helper()
	return value[int](b, `later($)`, seconds)
}

// waits goes to where the token test says that the key is not there yet.
func (b *tab) waits() {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: ownTime})
	b.must(err, "giving the page its own time")
	b.open(b.site.signIn)
	b.describesBriefly(journeyName)
	b.serverMakesKey()
	b.rehearses("propagation", "3600")
	b.paste(css("#client_id"), b.registers())
	b.follow(css(testToken))
	b.has(word("proof.early"))
	b.told(strings.ReplaceAll(word("retry.next"), "{seconds}", "30"))
}

// rehearses turns one failure of the sandbox on, and all others off; without a
// name it turns off all.
func (b *tab) rehearses(fault, seconds string) {
	b.t.Helper()
	form := map[string][]string{"seconds-" + fault: {seconds}}
	if fault != "" {
		form["fault"] = []string{fault}
	}
	b.posts(b.site.sandbox+"rehearse", form)
}

// told waits until the countdown's line says a text.
func (b *tab) told(text string) {
	b.t.Helper()
	b.until("the countdown to say "+text, `document.querySelector("[data-retry] [data-next]")?.innerText === $`, text)
}

// grant is the id of the grant that the page shows.
func (b *tab) grant() string {
	b.t.Helper()
	id := value[string](b, `[...document.querySelectorAll(".figures dt")].find(d => d.textContent === $)?.nextElementSibling.textContent ?? ""`, word("figure.grant.jti"))
	if id == "" {
		b.t.Fatalf("there is no id of a grant: %s", b.glance())
	}
	return id
}

func TestTestsAgainUntilItIsThere(t *testing.T) {
	b := visit(t, false)
	b.waits()
	began := value[float64](b, `performance.timeOrigin`)
	b.unfold("#record")
	b.click(fold(word("record.more")))
	b.paste(css("#registered_kid"), "halvskrev")
	b.unfoldSighting()
	b.paste(css("#sighting_saw"), "Knappen heter noe annet")
	b.click(fold(word("proof.figures")))
	b.focus(css("#sighting_saw"))

	first := b.grant()
	b.later(20)
	b.told(strings.ReplaceAll(word("retry.next"), "{seconds}", "10"))
	b.later(10)
	b.until("another grant", `!document.querySelector("#proved").textContent.includes($) && !!document.querySelector("[data-retry]")`, first)
	b.told(strings.ReplaceAll(word("retry.next"), "{seconds}", "30"))
	b.undisturbed(began)
	if b.count("#proved details[open] .figures") == 0 {
		t.Error("the figures were folded by a new attempt")
	}

	b.rehearses("", "")
	b.later(30)
	b.until("nine green lights", `document.querySelectorAll(".lights > .light.passed").length === 9`)
	b.undisturbed(began)
	if waiting := b.later(0); waiting != 0 {
		t.Errorf("%d still count down after the green lights", waiting)
	}
	if got := b.text("#spoken"); got != word("proof.passed") {
		t.Errorf("a screen reader hears %q at the end", got)
	}
	b.click(css(`[data-recipe="env"] > summary`))
	b.copies("recipe-env")
	b.keptGrants(3)
}

// undisturbed wants the page to be the one that was loaded, with what was typed
// in it and the focus where it was.
func (b *tab) undisturbed(began float64) {
	b.t.Helper()
	if now := value[float64](b, `performance.timeOrigin`); now != began {
		b.t.Error("the page was navigated")
	}
	b.focused("the field with a half-written sighting", "#sighting_saw")
	for id, want := range map[string]string{"sighting_saw": "Knappen heter noe annet", "registered_kid": "halvskrev"} {
		if got := value[string](b, `document.getElementById($).value`, id); got != want {
			b.t.Errorf("got %q in the field %s, want %q", got, id, want)
		}
	}
}

// copies presses a copy button, which then says so.
func (b *tab) copies(id string) {
	b.t.Helper()
	b.click(css(`[data-copy="` + id + `"]`))
	b.until("the button to say that it copied", `document.querySelector($).innerText === $`, `[data-copy="`+id+`"]`, word("copy.done"))
}

// keptGrants wants as many runs on record, each with a grant of its own, and
// nothing there that was only half written.
func (b *tab) keptGrants(want int) {
	b.t.Helper()
	home := strings.SplitN(strings.SplitN(b.address(), "#", 2)[0], "/proofs", 2)[0]
	list := b.opensAddress(home + "/proofs")
	addresses := value[[]string](list, `[...document.querySelectorAll("tbody td:first-child a")].map(a => a.href)`)
	var grants []string
	for _, a := range addresses {
		list.open(a)
		grants = append(grants, list.grant())
	}
	slices.Sort(grants)
	if got := len(slices.Compact(grants)); got != want || len(addresses) != want {
		b.t.Errorf("got %d runs with %d grants, want %d", len(addresses), got, want)
	}
	list.open(home)
	if got := value[string](list, `document.getElementById("registered_kid").value`); got != "" {
		b.t.Errorf("an automatic test recorded the half-written %q", got)
	}
}

func TestStopsTestingAgain(t *testing.T) {
	b := visit(t, false)
	b.waits()
	b.click(button(word("retry.stop")))
	b.told(word("retry.stopped"))
	b.focused("the button of the test", testToken)
	if waiting := b.later(60); waiting != 0 {
		t.Errorf("%d still count down", waiting)
	}
	b.keptGrants(1)
}

// Whoever was signed out meanwhile is told so, and still has the key.
func TestTestsAgainSignedOut(t *testing.T) {
	b := visit(t, false)
	b.expect(401)
	b.waits()
	other := b.opensAddress(b.site.portal)
	other.click(css(".menu > summary"))
	other.follow(css("form[action$='signout'] button"))
	b.later(30)
	b.told(word("retry.signed-out"))
	if got := b.text("#spoken"); got != word("retry.signed-out") {
		t.Errorf("a screen reader hears %q", got)
	}
	if b.count("#encoded") == 0 {
		t.Error("the page lost the key")
	}
}

// One test too many is said as if the button was pressed.
func TestTestsAgainTooOften(t *testing.T) {
	b := visit(t, false)
	b.expect(422)
	b.waits()
	for range 9 {
		last := b.grant()
		b.later(30)
		b.until("another grant", `!document.querySelector("#proved").textContent.includes($)`, last)
	}
	b.later(30)
	b.told(word("problem.prove.many"))
}
