package handlers

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"portvakt/jwk"
	"portvakt/store"
	"portvakt/views"
)

const (
	// longestLine is how many characters of a value that came from outside are
	// repeated; no real one has as many.
	longestLine = 500
	// mostClaims is how many names of claims are listed of one token.
	mostClaims = 60
)

var (
	// longText is longer than any id: a signature, a piece of a key.
	longText = regexp.MustCompile(`[A-Za-z0-9+/_=-]{100,}`)
	// claimName is what real claims are called. Others are only counted.
	claimName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_:./-]{0,63}$`)
	// refusalCode is the other side's own code, which is kept behind the error.
	refusalCode = regexp.MustCompile(`^[A-Z]{2,5}-[0-9]{1,6}$`)
)

// claimsTold are the claims whose values support needs; of others the name is enough.
var claimsTold = []string{"iss", "aud", "scope", "iat", "exp", "jti"}

// bundle is a text of lines "Name: value" for somebody else to read. Whatever is
// put into it comes out without control characters, keys, grants and tokens.
type bundle struct {
	t    views.Text
	text strings.Builder
}

// line adds a line, unless there is nothing to say.
func (b *bundle) line(name, value string) {
	if value = b.clean(value); value != "" {
		b.text.WriteString(name + ": " + value + "\n")
	}
}

// clean makes one harmless line of a value from outside.
func (b *bundle) clean(value string) string {
	removed := b.t.S("bundle.removed")
	value = strings.Map(func(r rune) rune {
		// Cf are the characters that nobody sees, among them those that turn the
		// direction of writing.
		if r == unicode.ReplacementChar || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(value, " "))
	value = strings.Join(strings.Fields(value), " ")
	value = longText.ReplaceAllString(jwk.CutSigned(value, removed), removed)
	if looksSecret(value) {
		return removed
	}
	if letters := []rune(value); len(letters) > longestLine {
		value = string(letters[:longestLine]) + "…"
	}
	return value
}

// claims adds what a token says about itself.
func (b *bundle) claims(token string, claims map[string]any) {
	var names []string
	others := 0
	for _, name := range slices.Sorted(maps.Keys(claims)) {
		if len(names) == mostClaims || !claimName.MatchString(name) || b.clean(name) != name {
			others++
		} else {
			names = append(names, name)
		}
	}
	list := strings.Join(names, ", ")
	if others > 0 {
		list += " " + b.t.F("bundle.claims.others", "Count", others)
	}
	b.line(token, list)
	for _, name := range claimsTold {
		if value, ok := claims[name]; ok {
			b.line(token+", "+name, claimWithTime(value))
		}
	}
}

// claimWithTime is a claim's value; a time is told in words as well.
func claimWithTime(value any) string {
	text := claimText(value)
	if n, ok := value.(json.Number); ok {
		if seconds, err := n.Int64(); err == nil && seconds > 0 && seconds < 1<<33 {
			text += " (" + views.Stamp(time.Unix(seconds, 0)) + ")"
		}
	}
	return text
}

// bundleOf is a run as a text for whoever can help with it.
func (h *Handlers) bundleOf(t views.Text, i store.Integration, p store.Proof) *views.Bundle {
	b := &bundle{t: t}
	figures := figuresOf(p)
	env, _ := h.environment(i.Environment)
	b.line(t.S("bundle.environment"), t.S("environment."+string(i.Environment)))
	b.line(t.S("bundle.issuer"), first(figures["metadata.issuer"], env.Issuer))
	b.line(t.S("bundle.client"), clientOf(t, i, p))
	b.line(t.S("bundle.kid"), figures["key.kid"])
	b.line(t.S("bundle.thumbprint"), figures["key.thumbprint"])
	b.line(t.S("bundle.orgnumber"), string(i.Organisation))
	b.line(t.S("bundle.customer"), string(p.Options.ConsumerOrg))
	b.line(t.S("bundle.resource"), p.Options.Resource)
	b.line(t.S("bundle.started"), views.Stamp(p.Started))
	b.outcome(p, figures)
	b.line(t.S("bundle.jti"), figures["grant.jti"])
	b.line(t.S("bundle.wanted"), strings.Join(askedScopes(p), " "))
	if skew := figures["clock.skew"]; skew != "" {
		b.line(t.S("bundle.skew"), t.F("bundle.seconds", "Seconds", skew))
	}
	b.claims(t.S("bundle.token.maskinporten"), p.MaskinportenClaims)
	b.claims(t.S("bundle.token.altinn"), p.AltinnClaims)
	b.line(t.S("bundle.proof"), p.ID)
	b.line(t.S("bundle.version"), h.Version)

	out := &views.Bundle{Practice: i.Environment == store.Sandbox, Text: b.text.String()}
	out.To, out.Address = partyOf(p)
	if looksSecret(out.Text) {
		// No single line looks so. Rather no text than one with half a key in it.
		out.Text = t.S("bundle.removed")
	}
	return out
}

// outcome adds how the run ended, and the answer at which it stopped.
func (b *bundle) outcome(p store.Proof, figures map[string]string) {
	t := b.t
	if p.Outcome == store.Passed {
		b.line(t.S("history.outcome"), t.S("proof.passed"))
		return
	}
	b.line(t.S("bundle.stopped"), views.StageName(t, p.FailedStage)+" ("+codeAt(p)+")")
	a := p.Answer
	if a == nil {
		a = &store.Answer{}
	}
	status := figures[p.FailedStage+".status"]
	if a.Status != 0 {
		status = strconv.Itoa(a.Status)
	}
	words := strings.Fields(a.Error)
	code := ""
	if n := len(words) - 1; n >= 0 && refusalCode.MatchString(words[n]) {
		words, code = words[:n], words[n]
	}
	b.line(t.S("bundle.status"), status)
	b.line(t.S("bundle.error"), strings.Join(words, " "))
	b.line(t.S("bundle.code"), code)
	b.line(t.S("bundle.description"), a.Description)
	b.line(t.S("bundle.trace"), a.TraceID)
}

// figuresOf are the figures of all stages, as "stage.name".
func figuresOf(p store.Proof) map[string]string {
	all := map[string]string{}
	for _, s := range p.Stages {
		for name, value := range s.Figures {
			all[s.Stage+"."+name] = value
		}
	}
	return all
}

// codeAt is what the stage at which a run stopped has found.
func codeAt(p store.Proof) string {
	for _, s := range p.Stages {
		if s.Stage == p.FailedStage {
			return s.Code
		}
	}
	return ""
}

// clientOf is the client id of a run. One from before it was kept may tell it in
// its token; else there is only what is on record now.
func clientOf(t views.Text, i store.Integration, p store.Proof) string {
	if p.ClientID != "" {
		return string(p.ClientID)
	}
	if claimed, ok := p.MaskinportenClaims["client_id"].(string); ok {
		return claimed
	}
	if i.ClientID == "" {
		return ""
	}
	return string(i.ClientID) + " " + t.S("bundle.client.changed")
}

// first is the first text that is not empty.
func first(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}
