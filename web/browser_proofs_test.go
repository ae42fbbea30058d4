package main

import (
	"strings"
	"testing"
)

// The pages of proofs, in every language.
func TestPagesProofs(t *testing.T)       { walk(t, inEachLanguage(proofPages)) }
func TestPagesProofsBeside(t *testing.T) { walk(t, inEachLanguage(besidePages)) }

// inEachLanguage looks at each state in every language, the reader's own last.
func inEachLanguage(pages func(*tab, look)) func(*tab, look) {
	return func(b *tab, l look) {
		b.t.Helper()
		pages(b, func(b *tab, state string) {
			b.t.Helper()
			for _, language := range []string{"nn", "en", "nb"} {
				b.speaks(language)
				l(b, state+" in "+language)
			}
		})
	}
}

// speaks chooses a language. A page that holds a key is not navigated for that.
func (b *tab) speaks(language string) {
	b.t.Helper()
	choice := css(".language[value=" + language + "]")
	if value[bool](b, `!!document.querySelector("#journey [name=held]")?.value`) {
		b.click(choice)
	} else {
		b.follow(choice)
	}
	b.until("the page in "+language, `document.documentElement.lang === $ && !document.querySelector("[aria-busy=true]")`, language)
}

// proofPages are the ways in which a proof can end.
func proofPages(b *tab, l look) {
	b.t.Helper()
	b.open(b.site.signIn)
	b.describesBriefly(journeyName)
	b.serverMakesKey()
	id := b.registers()
	b.rehearses("propagation", "3600")
	b.paste(css("#client_id"), id)
	b.follow(css(testToken))
	b.waitsFor("[data-retry]")
	l(b, "not there yet")
	b.fails("access-revoked", ".possible")
	b.waitsFor("#letter-text")
	l(b, "access missing")
	b.fails("unknown-error", ".answer[open]")
	l(b, "unknown")
	b.fails("fewer-scopes", ".possible, .diagnosis")
	b.waitsFor("#scope-table[open]")
	l(b, "a scope too few")
}

// fails runs the test with one failure turned on.
func (b *tab) fails(fault, shows string) {
	b.t.Helper()
	b.rehearses(fault, "")
	b.follow(css(testToken))
	b.waitsFor(".light.failed " + shows)
}

// waitsFor waits until something is on the page.
func (b *tab) waitsFor(selector string) {
	b.t.Helper()
	b.until(selector, `!!document.querySelector($)`, selector)
}

// besidePages are what stands beside the guide: old runs, what people saw, and all
// failures.
func besidePages(b *tab, l look) {
	b.t.Helper()
	b.open(b.site.portal + "tools/failures")
	l(b, "failures")
	b.open(b.site.portal + "tools/failures?code=token.scope-not-on-client")
	l(b, "one failure")
	b.open(b.site.signIn)
	b.describesBriefly(journeyName)
	home := strings.SplitN(b.address(), "#", 2)[0]
	b.serverMakesKey()
	b.rehearses("propagation", "3600")
	b.paste(css("#client_id"), b.registers())
	b.follow(css(testToken))
	b.fails("access-revoked", ".possible")
	b.rehearses("", "")
	b.follow(css(testToken))
	b.waitsFor("#result .light.passed")
	b.unfoldSighting()
	b.paste(css("#sighting_saw"), "Knappen heter noe annet")
	b.follow(css("#sighting button[formaction]"))

	b.open(home + "/proofs")
	b.waitsFor(".light.early")
	l(b, "all tests")
	b.open(value[string](b, `document.querySelector("tbody tr:last-child a").href`))
	l(b, "one test, not there yet")
	b.open(home + "/proofs")
	b.click(css("tbody tr:last-child [name=a]"))
	b.follow(css("#compare button[type=submit]"))
	b.waitsFor(".light.early")
	l(b, "two tests")
	b.open(b.site.portal + "admin/sightings")
	l(b, "sightings")
}

func TestOptionsWithScripts(t *testing.T)    { optionsAsked(visit(t, false)) }
func TestOptionsWithoutScripts(t *testing.T) { optionsAsked(visit(t, true)) }

// optionsAsked asks for a token for an address, after a mistake, and finds what was
// asked for on the next page.
func optionsAsked(b *tab) {
	b.t.Helper()
	b.expect(422)
	b.open(b.site.signIn)
	b.describesBriefly(journeyName)
	b.serverMakesKey()
	b.paste(css("#client_id"), b.registers())
	b.click(fold(word("prove.options")))
	b.paste(css("#consumer_org"), "310110019")
	b.paste(css("#resource"), "https://api.example.no/")
	b.follow(css(testToken))
	b.has(word("problem.consumer.own"))
	b.paste(css("#consumer_org"), "")
	b.follow(css(testToken))
	b.green()
	if got := value[string](b, `document.querySelector("#resource").value`); got != "https://api.example.no/" || !value[bool](b, `document.querySelector("#resource").checkVisibility()`) {
		b.t.Errorf("got the resource %q after the test, want it to be seen", got)
	}
}
