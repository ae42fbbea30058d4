package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

func (b *tab) must(err error, doing string, args ...any) {
	b.t.Helper()
	if err != nil {
		b.t.Fatalf("%s: %v", fmt.Sprintf(doing, args...), err)
	}
}

// timed is the tab's context with an end.
func (b *tab) timed() (context.Context, context.CancelFunc) {
	return context.WithTimeout(b.ctx, patience)
}

// open goes to an address, as if it was typed.
func (b *tab) open(address string) {
	b.t.Helper()
	b.loads("opening "+address, func() error {
		ctx, cancel := b.timed()
		defer cancel()
		_, err := chromedp.Call(ctx, page.Navigate, page.NavigateParams{URL: address})
		return err
	})
}

func (b *tab) reload() {
	b.t.Helper()
	b.loads("reloading", func() error {
		_, err := chromedp.Call(b.ctx, page.Reload, page.ReloadParams{})
		return err
	})
}

// loads does something and waits until the page that follows has loaded. A page
// is another when it began at another time.
func (b *tab) loads(doing string, do func() error) {
	b.t.Helper()
	before := value[float64](b, `performance.timeOrigin`)
	fired := make(chan struct{}, 10)
	ctx, cancel := b.timed()
	defer cancel()
	b.must(chromedp.Listen(ctx, func(ev any) {
		if _, ok := ev.(*page.EventLoadEventFired); ok {
			select {
			case fired <- struct{}{}:
			default:
			}
		}
	}), "listening")
	b.must(do(), "%s", doing)
	text := js(`performance.timeOrigin !== $ && `+loaded, before)
	b.wait(ctx, "the next page after "+doing, 200*time.Millisecond, fired, func(ctx context.Context) bool {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](text))
		return err == nil && ok
	})
}

// loaded is true when the load event and what listens to it are over.
const loaded = `performance.getEntriesByType("navigation")[0]?.loadEventEnd > 0`

// value evaluates an expression in the page. It works with scripts off, too: the
// debugging protocol is no script of the page's.
func value[T any](b *tab, expression string, args ...any) T {
	b.t.Helper()
	ctx, cancel := b.timed()
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](js(expression, args...)))
	b.must(err, "evaluating %s", expression)
	return v
}

// js puts arguments into an expression, one for each $, as JavaScript literals.
func js(expression string, args ...any) string {
	parts := strings.SplitAfterN(expression, "$", len(args)+1)
	for i, a := range args {
		text, err := json.Marshal(a)
		if err != nil {
			panic(err)
		}
		parts[i] = strings.TrimSuffix(parts[i], "$") + string(text)
	}
	return strings.Join(parts, "")
}

// until waits until an expression is true.
func (b *tab) until(what, expression string, args ...any) {
	b.t.Helper()
	text := js(expression, args...)
	b.eventually(what, func(ctx context.Context) bool {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](text))
		// A page that is just being replaced has nothing to evaluate in.
		return err == nil && ok
	})
}

// eventually asks again and again until the answer is yes.
func (b *tab) eventually(what string, yes func(context.Context) bool) {
	b.t.Helper()
	ctx, cancel := b.timed()
	defer cancel()
	b.wait(ctx, what, 20*time.Millisecond, nil, yes)
}

// wait asks at each signal, and now and then without one, until the answer is yes.
func (b *tab) wait(ctx context.Context, what string, every time.Duration, signal <-chan struct{}, yes func(context.Context) bool) {
	b.t.Helper()
	again := time.NewTicker(every)
	defer again.Stop()
	for !yes(ctx) {
		select {
		case <-signal:
		case <-again.C:
		case <-ctx.Done():
			b.t.Fatalf("waited in vain for %s at %s\nthe page: %s", what, b.address(), b.glance())
		}
	}
}

func (b *tab) address() string { return value[string](b, `location.href`) }

// glance is the start of the page's text, for messages.
func (b *tab) glance() string {
	text := strings.Join(strings.Fields(value[string](b, `document.querySelector("main")?.innerText ?? document.body.innerText`)), " ")
	return text[:min(len(text), 600)]
}

// text is the visible text of the first element that a selector finds.
func (b *tab) text(selector string) string {
	b.t.Helper()
	return strings.TrimSpace(value[string](b, `document.querySelector($)?.innerText ?? ""`, selector))
}

// has waits until the page shows a text.
func (b *tab) has(text string) {
	b.t.Helper()
	b.until(fmt.Sprintf("the text %q", text), `document.body.innerText.replace(/\s+/g, " ").includes($)`, text)
}

// count is how many elements a selector finds.
func (b *tab) count(selector string) int {
	b.t.Helper()
	return value[int](b, `document.querySelectorAll($).length`, selector)
}

// find is an element of a page: what it is called, and a JavaScript expression.
type find struct{ name, js string }

// css is the first visible element that a selector finds.
func css(selector string) find {
	return find{selector, js(`[...document.querySelectorAll($)].find(e => e.checkVisibility())`, selector)}
}

// named is the visible element with this text among those that a selector finds.
func named(kind, selector, name string) find {
	return find{kind + " " + name, js(`[...document.querySelectorAll($)].find(e => e.checkVisibility() && e.innerText.replace(/\s+/g, " ").trim() === $)`,
		selector, name)}
}

func button(name string) find {
	return named("button", "button, a.ds-button, summary.ds-button", name)
}
func link(name string) find { return named("link", "a", name) }

// fold is the summary of a details element.
func fold(name string) find { return named("fold", "summary", name) }

// field is the control whose label begins with a text.
func field(label string) find {
	return find{"field " + label, js(`[...document.querySelectorAll("label")].find(l => l.checkVisibility() && l.innerText.trim().startsWith($))?.control`, label)}
}

// point scrolls to an element and returns where to press it, or nothing while it
// is not there, not visible or under something else.
const point = `(() => {
  const e = %s;
  if (!e || !e.checkVisibility({visibilityProperty: true})) return [];
  e.scrollIntoView({block: "center", behavior: "instant"});
  const r = e.getClientRects()[0];
  if (!r) return [];
  const [x, y] = [r.left + r.width / 2, r.top + r.height / 2];
  const hit = document.elementFromPoint(x, y);
  return hit && (e.contains(hit) || hit.closest("label")?.control === e) ? [x, y] : [];
})()`

// click presses the mouse on an element, once it can be pressed.
func (b *tab) click(f find) { b.t.Helper(); b.clicks(f, 1) }

func (b *tab) clicks(f find, times int) {
	b.t.Helper()
	var at []float64
	b.eventually("something to press: "+f.name, func(ctx context.Context) bool {
		// It must stand still: a font or a fold may still be moving it.
		before := at
		var err error
		at, err = chromedp.Run(ctx, chromedp.Evaluate[[]float64](fmt.Sprintf(point, f.js)))
		return err == nil && len(at) == 2 && slices.Equal(at, before)
	})
	ctx, cancel := b.timed()
	defer cancel()
	for n := range times {
		b.must(chromedp.Do(ctx, chromedp.MouseClickXY(at[0], at[1], chromedp.ClickCount(n+1))), "clicking %s", f.name)
	}
}

// follow clicks and waits for the next page.
func (b *tab) follow(f find) {
	b.t.Helper()
	b.loads("clicking "+f.name, func() error { b.click(f); return nil })
}

// opens clicks on what opens a new tab, and returns that tab.
func (b *tab) opens(f find) *tab {
	b.t.Helper()
	b.click(f)
	var id target.ID
	b.eventually("a new tab", func(ctx context.Context) bool {
		all, err := chromedp.Targets(ctx)
		b.must(err, "listing tabs")
		for _, x := range all {
			if x.Type == "page" && x.BrowserContextID == chromedp.FromContext(b.ctx).BrowserContextID && !slices.Contains(b.known, x.TargetID) {
				id = x.TargetID
			}
		}
		return id != ""
	})
	next := b.visitor.tab(b.ctx, chromedp.WithTargetID(id))
	next.until("the new tab to load", `location.href !== "about:blank" && `+loaded)
	if b.noScripts {
		// It may have started to load before scripts were turned off.
		next.reload()
	}
	return next
}

// focus clicks into a field and marks what stands there.
func (b *tab) focus(f find) {
	b.t.Helper()
	b.click(f)
	b.must(chromedp.Do(b.ctx, chromedp.Evaluate[chromedp.Void](`(`+f.js+`).select()`)), "marking the text of %s", f.name)
}

// paste replaces what stands in a field, as pasting does.
func (b *tab) paste(f find, text string) {
	b.t.Helper()
	b.focus(f)
	b.insert(text)
}

// insert puts a text where the cursor is.
func (b *tab) insert(text string) {
	b.t.Helper()
	ctx, cancel := b.timed()
	defer cancel()
	_, err := chromedp.Call(ctx, input.InsertText, input.InsertTextParams{Text: text})
	b.must(err, "typing")
}

// copied is the text of an element as a reader copies it: marked, and read from
// what is marked.
func (b *tab) copied(f find) string {
	b.t.Helper()
	b.until("something to copy: "+f.name, `!!(`+f.js+`)`)
	text := value[string](b, `(() => {
		const marked = getSelection();
		marked.removeAllRanges();
		marked.selectAllChildren(`+f.js+`);
		const text = marked.toString();
		marked.removeAllRanges();
		return text;
	})()`)
	if strings.TrimSpace(text) == "" {
		b.t.Fatalf("nothing to copy in %s", f.name)
	}
	return strings.TrimSuffix(text, "\n")
}

// downloaded does what starts a download and returns the file's content.
func (b *tab) downloaded(name string, f find) string {
	b.t.Helper()
	ctx, cancel := b.timed()
	defer cancel()
	done := chromedp.BrowserEvents(ctx, browser.DownloadProgress)
	b.click(f)
	for e, err := range done {
		b.must(err, "downloading %s", name)
		if e.State == browser.DownloadProgressStateCanceled {
			b.t.Fatalf("the download of %s was cancelled", name)
		}
		content, err := os.ReadFile(filepath.Join(b.downloads, name))
		if e.State == browser.DownloadProgressStateCompleted && err == nil {
			return string(content)
		}
	}
	return ""
}

// screenshot keeps how the page looks, when a test must be understood.
func (b *tab) screenshot(name string) {
	if dir := os.Getenv("PORTVAKT_TEST_SHOTS"); dir != "" {
		if png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100)); err == nil {
			_ = os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600)
		}
	}
}
