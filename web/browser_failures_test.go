package main

import (
	"strings"
	"testing"
)

// wrongClientID looks like one, and nobody has it.
const wrongClientID = "0a1b2c3d-1111-4222-8333-444455556666"

// Three mistakes that people make, one after the other on the same integration;
// each is understood from the page and mended, and the proof is green at last.
func TestThreeFailuresAndRemedies(t *testing.T) {
	b := visit(t, false)
	b.signsIn()
	b.describes(journeyName, journeyAbout)
	b.makesKey()
	site := b.opensPractice()
	b.practiceClient(site, "altinn:serviceowner")

	b.paste(field(word("record.client_id")), wrongClientID)
	b.follow(button(word("prove.button")))
	b.red("token", "token.client-not-yet", "MP-100")

	b.click(css("#record > details > summary"))
	b.paste(field(word("record.client_id")), site.clientID())
	b.follow(button(word("prove.button")))
	b.red("token", "token.kid-not-yet", "Unknown key identifier (kid) for client.")

	b.practiceKey(site)
	b.follow(button(word("prove.button")))
	b.red("token", "token.scope-not-on-client", "MP-200")

	b.unfold("#register")
	site.follow(link("Scopes"))
	site.practiceScopes(b.guideScopes())
	site.follow(button("Lagre endringer"))
	site.has(word("practice.done.scopes"))
	b.follow(button(word("prove.button")))
	b.green()
}

// An organisation without the Notifications scope sees what is missing on the
// practice page, and what Maskinporten answers.
func TestOrganisationWithoutAccess(t *testing.T) {
	b := visit(t, false)
	b.signsIn()
	b.click(css(".menu > summary"))
	b.follow(css(".menu button[value='310220027']"))
	b.describes(journeyName, journeyAbout)
	b.makesKey()
	site := b.opensPractice()
	b.practiceClient(site)
	b.practiceKey(site)
	b.paste(field(word("record.client_id")), site.clientID())
	b.follow(button(word("prove.button")))
	b.red("token", "token.access-not-granted", "MP-250")
	site.follow(link("Scopes"))
	site.has("Tilgang mangler")
}

// red wants the lights to stop at a stage, which is blue while it may be too soon, with the cause, the remedy and what
// was answered beside it, and the key still in the page.
func (b *tab) red(stage, code, answered string) {
	b.t.Helper()
	if strings.HasSuffix(code, "-not-yet") {
		b.has(word("proof.early"))
	} else {
		b.has(word("proof.failed"))
	}
	if got := b.count(".lights > .light.failed"); got != 1 {
		b.t.Fatalf("got %d red lights, want one: %s", got, b.text(".proof"))
	}
	if b.count(".light.failed details:not([open])") > 0 {
		b.click(css(".light.failed details > summary"))
	}
	light := strings.Join(strings.Fields(b.text(".lights > .light.failed")), " ")
	for _, want := range []string{word("stage." + stage), word("cause." + code), word("remedy." + code), answered} {
		if !strings.Contains(light, want) {
			b.t.Fatalf("got a red light that says %q, want it to say %q", light, want)
		}
	}
	if value[string](b, `document.querySelector("#journey [name=sealed]").value`) == "" {
		b.t.Fatal("the page lost the key at a proof that failed")
	}
}
