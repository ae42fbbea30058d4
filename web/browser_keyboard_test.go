package main

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The whole journey in the portal with Tab, Enter, Space and typing. The client
// is registered past the practice page, whose forms TestPagesPractice tabs through.
func TestKeyboardOnly(t *testing.T) {
	b := visit(t, false)
	b.expect(422)
	b.open(b.site.signIn)
	b.press(kb.Tab)
	b.focused("the skip link", ".ds-skip-link")
	b.press(kb.Enter)
	b.focused("the main part", "#main")

	b.tabTo(css(".empty a.ds-button"))
	b.enters(kb.Enter)
	b.keyboardDescribes()
	b.tabTo(css("#born-browser"))
	b.press(kb.ArrowDown)
	b.focused("the other place to make a key", "#born-server:checked")
	b.tabTo(css(makeKey))
	b.enters(" ")
	b.has(word("journey.key.made"))
	b.keyboardFolds()
	b.keyboardRecords(b.registers())
	b.tabTo(css(testToken))
	b.enters(kb.Enter)
	b.green()

	b.tabTo(css("#configure button[name=inuse]"))
	b.enters(" ")
	b.has(word("state.in-use"))
	b.keyboardMenu()
}

// keyboardDescribes makes a mistake first: Enter in an empty name.
func (b *tab) keyboardDescribes() {
	b.t.Helper()
	b.tabTo(css("#name"))
	b.enters(kb.Enter)
	b.mistaken("name")
	b.types("Tastatur")
	b.tabTo(css("#description"))
	b.types("Uten mus")
	b.tabTo(css("#purpose-notifications"))
	b.press(kb.ArrowDown)
	b.focused("the next purpose", "#purpose-instances:checked")
	b.press(kb.ArrowUp)
	b.focused("the first purpose", "#purpose-notifications:checked")
	b.tabTo(css(saveStep))
	b.enters(kb.Enter)
	b.until("the page of the integration", `/^\/integrations\/[^/]+$/.test(location.pathname)`)
}

// keyboardFolds opens and closes the private key.
func (b *tab) keyboardFolds() {
	b.t.Helper()
	b.tabTo(css(".secret-fold > summary"))
	b.press(kb.Enter)
	b.until("the private key unfolded", `document.querySelector(".secret-fold").open`)
	b.press(" ")
	b.until("the private key folded", `!document.querySelector(".secret-fold").open`)
}

// keyboardRecords presses Enter in the field of the client id, first with an
// organisation number in it and then with the id: it records, and does nothing
// else that a button of the form could do.
func (b *tab) keyboardRecords(id string) {
	b.t.Helper()
	b.tabTo(css("#client_id"))
	b.types("310110019")
	b.enters(kb.Enter)
	b.mistaken("client_id")
	b.press(kb.End)
	for range "310110019" {
		b.press(kb.Backspace)
	}
	b.types(id)
	b.enters(kb.Enter)
	b.inBokmal()
	b.has(word("journey.recorded"))
	if got := value[string](b, `document.querySelector("#client_id").value`); got != id {
		b.t.Fatalf("got client id %q after Enter, want %q", got, id)
	}
	if b.count(".lights") != 0 {
		b.t.Fatal("Enter in the field of the client id ran the test")
	}
}

// mistaken wants the focus on the summary, whose link leads to the field.
func (b *tab) mistaken(id string) {
	b.t.Helper()
	b.inBokmal()
	b.focused("the error summary", "#problems")
	b.inSight(css("#problems"))
	b.tabTo(css("#problems a[href='#" + id + "']"))
	b.press(kb.Enter)
	b.focused("the field that the summary leads to", "#"+id)
	if got := b.text("#" + id + "-problem"); got == "" {
		b.t.Fatalf("there is no message at the field %s: %s", id, b.glance())
	}
}

func (b *tab) inBokmal() {
	b.t.Helper()
	if got := value[string](b, `document.documentElement.lang`); got != "nb" {
		b.t.Fatalf("Enter in a field changed the language to %s", got)
	}
}

// keyboardMenu opens the header's menu, and Escape closes it.
func (b *tab) keyboardMenu() {
	b.t.Helper()
	b.tabTo(css(".menu > summary"))
	b.press(kb.Enter)
	b.until("the menu open", `document.querySelector(".menu").open`)
	b.tabTo(css(".menu-body a"))
	b.press(kb.Escape)
	b.until("the menu closed", `!document.querySelector(".menu").open`)
	b.focused("the menu's button", ".menu > summary")
}

// press presses keys, each as a keyboard does: one press carries the character,
// so that Enter on a link does not reach what the link gave the focus to.
func (b *tab) press(keys string) {
	b.t.Helper()
	b.must(b.presses(keys), "pressing a key")
}

func (b *tab) presses(keys string) error {
	ctx, cancel := b.timed()
	defer cancel()
	for _, r := range keys {
		events := kb.Encode(r)
		if len(events) == 3 {
			events[0].Text, events[0].UnmodifiedText = events[1].Text, events[1].UnmodifiedText
			events = []*input.DispatchKeyEventParams{events[0], events[2]}
		}
		for _, e := range events {
			if _, err := chromedp.Call(ctx, input.DispatchKeyEvent, *e); err != nil {
				return err
			}
		}
	}
	return nil
}

// types types where the cursor is.
func (b *tab) types(text string) { b.t.Helper(); b.press(text) }

// enters presses a key that leads to another page.
func (b *tab) enters(key string) {
	b.t.Helper()
	b.loads("pressing a key", func() error { return b.presses(key) })
}

// focused waits for the focus to be somewhere.
func (b *tab) focused(what, selector string) {
	b.t.Helper()
	b.until("the focus on "+what, `!!document.activeElement?.matches($)`, selector)
}

// stop is where the focus is: a name for messages, and what is wrong there. The
// ring must be seen: it is compared with how the element looks when the focus has
// gone on.
const stop = `(() => {
  const e = document.activeElement, wrong = [];
  const name = e => !e || e === document.body ? "" : e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + " " + JSON.stringify((e.innerText || e.value || "").slice(0, 30));
  // The browser draws the ring of a date's button around the button.
  const inside = e => e.type === "date" && !e.matches(":focus-visible");
  const ring = e => { const s = getComputedStyle(e); return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow].join(" "); };
  const last = window.lastStop;
  if (last?.e.isConnected && last.e !== e && last.ring === ring(last.e)) wrong.push("looks the same with the focus and without: " + name(last.e));
  window.lastStop = e && e !== document.body && !inside(e) ? {e, ring: ring(e)} : undefined;
  window.stops = (window.stops ?? new Set());
  // A date has a stop for each of its parts.
  const again = window.stops.has(e) && e?.type !== "date";
  window.stops.add(e);
  if (e && e !== document.body && !inside(e)) {
    const s = getComputedStyle(e);
    if ((s.outlineStyle === "none" || parseFloat(s.outlineWidth) === 0) && s.boxShadow === "none") wrong.push("no ring: " + name(e));
  }
  return {name: name(e), again, wrong};
})()`

type tabStop struct {
	Name  string
	Again bool
	Wrong []string
}

// tabTo presses Tab until the focus is on an element.
func (b *tab) tabTo(f find) {
	b.t.Helper()
	var seen []string
	for range 250 {
		b.press(kb.Tab)
		s := value[tabStop](b, stop)
		for _, w := range s.Wrong {
			b.t.Errorf("%s: %s", b.address(), w)
		}
		seen = append(seen, s.Name)
		if value[bool](b, `document.activeElement === (`+f.js+`)`) {
			b.inSight(f)
			return
		}
	}
	b.t.Fatalf("Tab never came to %s at %s, but to:\n  %s", f.name, b.address(), strings.Join(seen[:min(len(seen), 80)], "\n  "))
}

func (b *tab) inSight(f find) {
	b.t.Helper()
	b.until(f.name+" in sight", `(() => { const r = (`+f.js+`).getBoundingClientRect(); return r.bottom > 0 && r.top < innerHeight; })()`)
}

// missed names what can be used with the mouse and was no stop of Tab's. Of a
// group of radio buttons one is a stop.
const missed = `[...document.querySelectorAll("a[href], button, input:not([type=hidden]), textarea, select, summary, [tabindex='0']")]
  .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && e.tabIndex >= 0 && !window.stops.has(e))
  .filter(e => !(e.type === "radio" && [...window.stops].some(s => s.type === "radio" && s.name === e.name)))
  .map(e => e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + " " + (e.innerText || "").slice(0, 40))`

// reaches wants Tab to come to everything that can be used, each with a ring, and
// to get out at the end.
func (b *tab) reaches(state string) {
	b.t.Helper()
	b.must(chromedp.Do(b.ctx, chromedp.Evaluate[chromedp.Void](
		`window.stops = undefined; window.lastStop = undefined; document.querySelector(".ds-skip-link").focus()`)), "starting at the top")
	value[tabStop](b, stop)
	for n := 0; ; n++ {
		b.press(kb.Tab)
		s := value[tabStop](b, stop)
		for _, w := range s.Wrong {
			b.t.Errorf("%s (%s): %s", state, b.address(), w)
		}
		if s.Again || s.Name == "" {
			break
		}
		if n == 400 {
			b.t.Fatalf("%s (%s): Tab does not get away from %s", state, b.address(), s.Name)
		}
	}
	if found := value[[]string](b, missed); len(found) > 0 {
		b.t.Errorf("%s (%s): Tab does not come to:\n  %s", state, b.address(), strings.Join(found, "\n  "))
	}
}

// tabbed are the states whose stops of Tab are all visited; the others have the
// same parts.
var tabbed = map[string]bool{
	"welcome": true, "sign-in": true, "menu": true, "step 1 with errors": true, "organisation with errors": true,
	"key just made": true, "key gone": true, "events": true, "list": true,
	"organisations": true, "new client with errors": true, "keys": true, "scopes": true,
}
