package main

import (
	"strings"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// narrow looks at a state at 320 px, which is also what 1280 px is at four times
// the size (WCAG 1.4.10), as it comes and with everything unfolded.
func (b *tab) narrow(state string) {
	b.t.Helper()
	b.wide(320)
	b.fits(state)
	if b.unfoldAll() > 0 {
		b.fits(state + ", unfolded")
	}
	if tabbed[state] {
		b.reaches(state)
	}
	b.wide(1280)
}

// wide makes the window so wide.
func (b *tab) wide(pixels int64) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: pixels, Height: 900, DeviceScaleFactor: 1,
	})
	b.must(err, "making the window %d px wide", pixels)
}

// misfits are the page itself when it scrolls sideways, and what can be pressed
// or typed in and is cut off: by the window, by a box around it that hides what
// is outside, or by its own edge. What lies in a box with its own scroll bar can
// be reached.
const misfits = `(() => {
  const out = [], root = document.scrollingElement, width = root.clientWidth;
  const name = e => e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + " " + JSON.stringify((e.innerText || e.value || "").slice(0, 40));
  const seen = e => e.checkVisibility({visibilityProperty: true, opacityProperty: true}) && !e.closest(".ds-sr-only, .ds-skip-link");
  if (root.scrollWidth > width) {
    out.push("the page is " + root.scrollWidth + " wide");
    for (const e of document.body.querySelectorAll("*")) {
      if (seen(e) && e.getBoundingClientRect().right > width + 1 && !e.querySelector("*")) out.push("too far right: " + name(e));
    }
  }
  for (const e of document.querySelectorAll("a, button, input:not([type=hidden]), textarea, select, summary, [tabindex='0']")) {
    if (!seen(e)) continue;
    const r = e.getBoundingClientRect();
    let left = 0, right = width;
    for (let p = e.parentElement; p; p = p.parentElement) {
      const flow = getComputedStyle(p).overflowX;
      if (flow === "auto" || flow === "scroll") { left = -Infinity; right = Infinity; break; }
      if (flow === "hidden" || flow === "clip") {
        const box = p.getBoundingClientRect();
        left = Math.max(left, box.left); right = Math.min(right, box.right);
      }
    }
    if (r.left < left - 1 || r.right > right + 1) out.push("cut off: " + name(e) + " from " + r.left + " to " + r.right);
    if (e.matches("button, a, summary") && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== "visible") out.push("its text is cut off: " + name(e));
  }
  return out.slice(0, 8);
})()`

func (b *tab) fits(state string) {
	b.t.Helper()
	if found := value[[]string](b, misfits); len(found) > 0 {
		b.t.Errorf("%s (%s) at 320 px:\n  %s", state, b.address(), strings.Join(found, "\n  "))
		b.screenshot(b.t.Name() + "-" + strings.ReplaceAll(state, " ", "-"))
	}
}
