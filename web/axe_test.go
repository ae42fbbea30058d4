package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// axe is axe-core 4.14.1 by Deque, for these tests only.
//
//go:embed testdata/axe.min.js
var axe string

// axeRun runs what can be checked by machine of WCAG 2.2 A and AA, and axe's best
// practices. In dark colours only what depends on colours is run again.
const axeRun = `axe.run(document, {
  runOnly: $,
  resultTypes: ["violations"], iframes: false, preload: false,
}).then(r => JSON.stringify({
  passed: r.passes.length,
  found: r.violations.map(v => ({
    id: v.id, help: v.help, nodes: v.nodes.map(n => n.target.join(" ") + " : " + (n.any[0] ?? n.all[0] ?? n.none[0] ?? {message: ""}).message),
  })),
}))`

var (
	axeAll     = map[string]any{"type": "tag", "values": []string{"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"}}
	axeColours = map[string]any{"type": "rule", "values": []string{"color-contrast", "link-in-text-block"}}
)

// The page of an integration changes its language by a button of its form, and
// keeps the key.
func TestAccessibleInEachLanguage(t *testing.T) {
	b := visit(t, false)
	b.open(b.site.signIn)
	b.describesBriefly(journeyName)
	b.serverMakesKey()
	b.paste(css("#client_id"), wrongClientID)
	b.follow(css(testToken))
	b.judgesLanguages("proof red")
	id := b.registers()
	b.unfold("#record")
	b.paste(css("#client_id"), id)
	b.follow(css(testToken))
	b.judgesLanguages("proof green")
}

func (b *tab) judgesLanguages(state string) {
	b.t.Helper()
	for _, language := range []string{"nn", "en"} {
		b.follow(css(".language[value=" + language + "]"))
		b.until("the page in "+language, `document.documentElement.lang === $`, language)
		b.until("the key in the page", `document.querySelector("#journey [name=sealed]").value !== ""`)
		b.unfoldAll()
		b.runsAxe(state+" in "+language, axeAll)
	}
}

// accessible wants axe to find nothing on a page that is unfolded, in light or in
// dark.
func (b *tab) accessible(state string) {
	b.t.Helper()
	b.runsAxe(state, axeAll)
	b.colours("dark")
	b.runsAxe(state+", dark", axeColours)
	b.colours("light")
}

// runsAxe puts axe into the page and runs it. It goes in over the debugging protocol, which the page's
// content security policy does not stop as it stops scripts.
func (b *tab) runsAxe(state string, rules map[string]any) {
	b.t.Helper()
	ctx, cancel := b.timed()
	defer cancel()
	if !value[bool](b, `"axe" in window`) {
		b.must(chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](axe)), "putting axe into the page")
	}
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](js(axeRun, rules), chromedp.EvalAwaitPromise))
	b.must(err, "running axe on %s", state)
	var report struct {
		Passed int
		Found  []struct {
			ID, Help string
			Nodes    []string
		}
	}
	b.must(json.Unmarshal([]byte(text), &report), "reading what axe says")
	if report.Passed == 0 {
		b.t.Errorf("%s: axe checked nothing", state)
	}
	for _, f := range report.Found {
		b.t.Errorf("%s (%s): %s: %s\n  %s", state, b.address(), f.ID, f.Help, strings.Join(f.Nodes[:min(len(f.Nodes), 4)], "\n  "))
	}
	if len(report.Found) > 0 {
		b.screenshot(fmt.Sprintf("%s-%s", b.t.Name(), strings.ReplaceAll(state, " ", "-")))
	}
}
