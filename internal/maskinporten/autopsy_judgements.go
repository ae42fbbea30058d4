package maskinporten

import (
	"maps"
	"slices"
)

// judgement is what there is to know about a code, beside its words.
type judgement struct {
	place    Place
	severity Severity
	// figures are the names of what the words can tell.
	figures []string
}

func inForm(s Severity) judgement { return judgement{PlaceForm, s, nil} }

func inHeader(s Severity, figures ...string) judgement { return judgement{PlaceHeader, s, figures} }

func inClaims(s Severity, figures ...string) judgement { return judgement{PlaceClaims, s, figures} }

// judgements are all codes that a remark can have. What the documentation says
// and what Maskinporten's server is known to refuse decide the severity; the
// server's view wins.
var judgements = map[string]judgement{
	"form.private-key":      inForm(Fault),
	"form.signed":           inForm(Warning),
	"form.signed-token":     inForm(Warning),
	"form.signed-expired":   inForm(Note),
	"form.not-jwt":          inForm(Fault),
	"form.too-large":        inForm(Fault),
	"form.parts":            inForm(Fault),
	"form.encrypted":        inForm(Fault),
	"form.not-base64":       inForm(Fault),
	"form.not-json":         inForm(Fault),
	"form.duplicate":        inForm(Fault),
	"form.padding":          inForm(Fault),
	"form.alphabet":         inForm(Fault),
	"form.line-breaks":      inForm(Warning), // in the grant, or only in the paste
	"form.quotes":           inForm(Note),
	"form.bearer":           inForm(Note),
	"form.surrounded":       inForm(Note),
	"form.url-encoded":      inForm(Note),
	"form.body":             inForm(Note),
	"form.query":            inForm(Warning), // accepted, and ends up in logs
	"form.grant-type":       inForm(Fault),
	"form.client-assertion": inForm(Fault),
	"form.json":             inForm(Fault),
	"form.json-serialised":  inForm(Fault),
	"form.decoded":          inForm(Fault),

	"alg.missing":     inHeader(Fault),
	"alg.none":        inHeader(Fault),
	"alg.symmetric":   inHeader(Fault, "Alg"),
	"alg.elliptic":    inHeader(Fault, "Alg"),
	"alg.pss":         inHeader(Fault, "Alg"),
	"alg.case":        inHeader(Fault, "Alg", "Want"),
	"alg.unknown":     inHeader(Fault, "Alg"),
	"kid.missing":     inHeader(Fault),
	"kid.x5t":         inHeader(Fault),
	"kid.shape":       inHeader(Fault),
	"kid.characters":  inHeader(Warning, "Kid"),
	"kid.is-client":   inHeader(Fault),
	"x5c.both":        inHeader(Fault),
	"x5c.not-array":   inHeader(Fault),
	"x5c.shape":       inHeader(Fault),
	"x5c.certificate": inHeader(Note),
	"typ.other":       inHeader(Warning, "Typ"),
	"header.crit":     inHeader(Fault),
	"header.unneeded": inHeader(Note, "Name"),

	"aud.missing":   inClaims(Fault),
	"aud.shape":     inClaims(Fault),
	"aud.array":     inClaims(Warning), // no source says whether it is accepted
	"aud.several":   inClaims(Fault),
	"aud.no-slash":  inClaims(Fault, "Want"),
	"aud.endpoint":  inClaims(Fault, "Want"),
	"aud.insecure":  inClaims(Fault, "Want"),
	"aud.spelling":  inClaims(Fault, "Want"),
	"aud.retired":   inClaims(Fault, "Host"),
	"aud.skyporten": inClaims(Fault),
	"aud.internal":  inClaims(Fault),
	"aud.is-client": inClaims(Fault),
	"aud.api":       inClaims(Fault),
	"aud.unknown":   inClaims(Fault),

	"iss.missing":      inClaims(Fault),
	"iss.shape":        inClaims(Fault),
	"iss.spelling":     inClaims(Fault, "Want"),
	"iss.is-kid":       inClaims(Fault),
	"iss.is-orgnumber": inClaims(Fault),
	"iss.is-issuer":    inClaims(Fault),
	"iss.is-address":   inClaims(Fault),
	"iss.is-scope":     inClaims(Fault),
	"iss.is-name":      inClaims(Fault),
	"iss.unusual":      inClaims(Note),

	"scope.missing":    inClaims(Fault),
	"scope.plural":     inClaims(Fault),
	"scope.array":      inClaims(Fault),
	"scope.shape":      inClaims(Fault),
	"scope.commas":     inClaims(Fault),
	"scope.whitespace": inClaims(Note),
	"scope.characters": inClaims(Fault, "Scope"),
	"scope.no-prefix":  inClaims(Fault, "Scope"),
	"scope.login":      inClaims(Fault, "Scope"),
	"scope.old":        inClaims(Fault, "Scope", "Want"),
	"scope.case":       inClaims(Fault, "Scope", "Want"),
	"scope.spelling":   inClaims(Warning, "Scope", "Want"), // there are more scopes than we know
	"scope.twice":      inClaims(Note, "Scope"),

	"iat.missing":     inClaims(Fault),
	"iat.not-number":  inClaims(Fault),
	"iat.millis":      inClaims(Fault),
	"iat.implausible": inClaims(Fault),
	"iat.fraction":    inClaims(Warning),
	"iat.future":      inClaims(Fault, "Seconds"),
	"iat.zone":        inClaims(Fault, "Hours"),
	"exp.missing":     inClaims(Fault),
	"exp.not-number":  inClaims(Fault),
	"exp.millis":      inClaims(Fault),
	"exp.implausible": inClaims(Fault),
	"exp.fraction":    inClaims(Warning),
	"exp.order":       inClaims(Fault),
	"exp.over":        inClaims(Warning, "Seconds"), // against the documentation, and accepted
	"exp.too-long":    inClaims(Fault, "Seconds"),
	"exp.expired":     inClaims(Note), // as any grant that was kept for a while
	"jti.missing":     inClaims(Warning),
	"jti.shape":       inClaims(Fault),
	"jti.short":       inClaims(Warning),

	"consumer_org.number":      inClaims(Fault, "Value"),
	"consumer_org.prefix":      inClaims(Fault),
	"consumer_org.shape":       inClaims(Fault),
	"consumer_org.check-digit": inClaims(Warning),
	"consumer_org.own":         inClaims(Fault),
	"consumer_org.stranger":    inClaims(Note),
	"consumer_org.typo":        inClaims(Fault, "Name"),
	"iss_onbehalfof.old":       inClaims(Warning),
	"iss_onbehalfof.both":      inClaims(Fault),
	"pid.shape":                inClaims(Fault),
	"resource.empty":           inClaims(Fault),
	"resource.text":            inClaims(Note),
	"resource.relative":        inClaims(Fault),
	"resource.fragment":        inClaims(Fault),
	"details.shape":            inClaims(Fault),
	"details.several":          inClaims(Warning),
	"details.type":             inClaims(Fault),
	"details.member":           inClaims(Fault, "Name"),
	"details.party":            inClaims(Fault),
	"details.reference":        inClaims(Fault),
	"details.consent":          inClaims(Fault),

	"nbf.unneeded":      inClaims(Note), // in the claims of clients that work
	"sub.unknown":       inClaims(Fault),
	"client_id.unknown": inClaims(Fault),
	"claim.unknown":     inClaims(Fault, "Name"),

	"record.none":        inClaims(Note),
	"record.environment": inClaims(Fault, "Aud", "Want"),
	"record.scope":       inClaims(Warning, "Scopes"),
	"record.kid-unknown": inHeader(Warning), // a key can be registered without being on record
	"record.kid-renamed": inHeader(Fault, "Want"),
	"record.key-expired": inHeader(Fault),
	"record.key-dropped": inHeader(Warning),
	"record.x5c":         inHeader(Warning),
}

// Judgements are the codes of all remarks, each with the names of the figures
// that come with it.
func Judgements() map[string][]string {
	all := map[string][]string{}
	for _, code := range slices.Sorted(maps.Keys(judgements)) {
		all[code] = slices.Clone(judgements[code].figures)
	}
	return all
}
