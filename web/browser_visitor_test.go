package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// visitor is a person at a browser with nothing in it. Whatever the console of
// one of their tabs says fails the test, except that a page had a status which
// the test expects.
type visitor struct {
	t         *testing.T
	site      *site
	noScripts bool
	downloads string

	mu       sync.Mutex
	expected []int
	said     []string
	known    []target.ID
}

// tab is one tab of a visitor's.
type tab struct {
	*visitor
	ctx context.Context
}

// visit opens a browser at an empty page, in front of a Portvakt of its own.
func visit(t *testing.T, noScripts bool) *tab {
	t.Helper()
	return visitAt(t, noScripts, openSite)
}

// visitAt is visit with another way to a Portvakt.
func visitAt(t *testing.T, noScripts bool, open func(*testing.T) *site) *tab {
	t.Helper()
	t.Parallel()
	process := chromium.open(t)
	seats <- struct{}{}
	t.Cleanup(func() { <-seats })
	v := &visitor{t: t, site: open(t), noScripts: noScripts, downloads: t.TempDir()}
	b := v.tab(process, chromedp.WithNewBrowserContext())
	b.listens()
	return b
}

// listens lets the first tab of a visitor's download, and wants the consoles of all
// of them to be silent.
func (b *tab) listens() {
	b.t.Helper()
	c := chromedp.FromContext(b.ctx)
	_, err := chromedp.CallBrowser(b.ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllow, BrowserContextID: c.BrowserContextID,
		DownloadPath: b.downloads, EventsEnabled: new(true),
	})
	b.must(err, "allowing downloads")
	b.t.Cleanup(func() {
		for _, line := range b.complaints() {
			b.t.Errorf("the browser's console: %s", line)
		}
	})
}

// tab attaches to a tab and listens to its console from the start.
func (v *visitor) tab(parent context.Context, option chromedp.ContextOption) *tab {
	v.t.Helper()
	ctx, cancel := chromedp.NewContext(parent, option, chromedp.WithListener(v.listen))
	v.t.Cleanup(cancel)
	b := &tab{visitor: v, ctx: ctx}
	b.must(chromedp.Do(ctx), "opening a tab")
	v.known = append(v.known, chromedp.FromContext(ctx).Target.TargetID)
	// Several tests share the browser, but each page is to behave as the one in front.
	_, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	b.must(err, "keeping the focus")
	b.colours("light")
	if v.noScripts {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		b.must(err, "turning scripts off")
	}
	return b
}

// colours makes the page light or dark, and still: half a movement is no state to
// press or to judge anything in.
func (b *tab) colours(scheme string) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
		},
	})
	b.must(err, "choosing colours")
}

func (v *visitor) listen(ev any) {
	line := ""
	switch e := ev.(type) {
	case *runtime.EventConsoleAPICalled:
		line = fmt.Sprintf("console.%s", e.Type)
		for _, a := range e.Args {
			line += " " + string(a.Value) + a.Description
		}
	case *runtime.EventExceptionThrown:
		line = "exception: " + e.ExceptionDetails.Text
		if x := e.ExceptionDetails.Exception; x != nil {
			line += " " + x.Description
		}
	case *log.EventEntryAdded:
		if e.Entry.Level != log.EntryLevelError && e.Entry.Level != log.EntryLevelWarning {
			return
		}
		line = fmt.Sprintf("%s %s: %s (%s)", e.Entry.Source, e.Entry.Level, e.Entry.Text, e.Entry.URL)
	default:
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.said = append(v.said, line)
}

// expect lets pages have these statuses.
func (v *visitor) expect(statuses ...int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.expected = append(v.expected, statuses...)
}

// complaints are the lines of the console that no test expects.
func (v *visitor) complaints() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(v.said), func(line string) bool {
		return slices.ContainsFunc(v.expected, func(status int) bool {
			return strings.Contains(line, fmt.Sprintf("Failed to load resource: the server responded with a status of %d ", status))
		})
	})
}
