package maskinporten

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Severity says how much a remark matters.
type Severity string

// The severities, from nothing to the worst.
const (
	Fine    Severity = "ok"
	Note    Severity = "note"    // good to know
	Warning Severity = "warning" // works today, or only sometimes
	Fault   Severity = "error"   // Maskinporten refuses it
)

var severities = []Severity{Fine, Note, Warning, Fault}

func worse(a, b Severity) Severity {
	return severities[max(slices.Index(severities, a), slices.Index(severities, b))]
}

// Pasted is what a pasted text turned out to be.
type Pasted string

// What it can be.
const (
	PastedNothing     Pasted = "nothing"      // no JWT that can be read
	PastedGrant       Pasted = "grant"        // judged by the rules for grants
	PastedToken       Pasted = "token"        // an access token from Maskinporten
	PastedAltinnToken Pasted = "altinn-token" // what Altinn exchanged one for
	PastedOtherToken  Pasted = "other-token"  // a token from another issuer
)

// Place is the part of the text that a remark or field belongs to.
type Place string

// The places.
const (
	PlaceForm   Place = "form" // how the text came, not what it says
	PlaceHeader Place = "header"
	PlaceClaims Place = "claims"
)

// Remark is one thing to say about a grant. Its code has words elsewhere, for
// the cause and the remedy, which the figures fill in.
type Remark struct {
	Code     string
	Severity Severity
	Place    Place
	// Field is the header field or claim that it is about, empty for the form.
	Field   string
	Figures map[string]string
}

// Field is a header field or claim as it stands in the text, or one that is
// missed there.
type Field struct {
	Place Place
	Name  string
	// Value is cleaned and of limited length; At is the moment that it means.
	Value   string
	At      time.Time
	Missing bool
	// Severity is that of the worst remark about it.
	Severity Severity
}

// Verdict is all that an autopsy found. It never holds a signature.
type Verdict struct {
	Pasted Pasted
	// Text is the header and the claims in base64url, joined by a dot: what can
	// be shown again. Empty unless both were read.
	Text string
	// Signed is true when a signature came along.
	Signed bool
	// Environment is the one that the audience of a grant, or the issuer of a
	// token, belongs to; empty when it is none that is known.
	Environment string
	// ClientID is the client that the grant names, when it can be one.
	ClientID string
	// Token is what a token is for; nil for a grant.
	Token   *TokenFacts
	Fields  []Field
	Remarks []Remark

	header, claims map[string]any
}

// Worst is the severity of the worst remark on what was sent. That somebody
// pasted the signature too says nothing about that.
func (v Verdict) Worst() Severity {
	worst := Fine
	for _, r := range v.Remarks {
		if !strings.HasPrefix(r.Code, "form.signed") {
			worst = worse(worst, r.Severity)
		}
	}
	return worst
}

// Known is what is known besides the text.
type Known struct {
	// Issuers are those of the configured environments. Those of Digdir's test
	// and production are known anyway.
	Issuers []Issuer
	// Scopes are names that exist, for finding slips of typing.
	Scopes []string
	// Organisation is the number of the reader's own, or empty.
	Organisation string
	// Said are codes of remarks on the form of a text that has been rid of what
	// they were about, when it is judged once more.
	Said []string
}

// Issuer is the Maskinporten of one environment.
type Issuer struct {
	Environment string
	// Address is the issuer with its last slash.
	Address string
}

// autopsy is the work on one text.
type autopsy struct {
	at    time.Time
	known Known
	// bearer is true when the word Bearer stood before the text.
	bearer bool
	Verdict
}

// Autopsy judges a pasted grant, header field by header field and claim by
// claim, by the rules that Digdir documents and those that its server is known
// to follow. The signature is neither looked at nor kept. An access token is
// recognised and explained instead.
func Autopsy(text string, at time.Time, known Known) Verdict {
	known.Issuers = append(slices.Clone(known.Issuers), digdir...)
	a := &autopsy{at: at, known: known, Verdict: Verdict{Pasted: PastedNothing}}
	for _, code := range known.Said {
		if j, ok := judgements[code]; ok && j.place == PlaceForm {
			a.remark("", code)
		}
	}
	if a.open(text) {
		a.examine()
	}
	a.Fields = a.fields()
	return a.Verdict
}

func (a *autopsy) examine() {
	a.Pasted = a.pasted()
	if a.Pasted == PastedGrant {
		if a.bearer {
			a.remark("", "form.bearer")
		}
		a.judgeHeader()
		a.judgeAudience()
		a.judgeIssuer()
		a.judgeScope()
		a.judgeTimes()
		a.judgeID()
		a.judgeConsumer()
		a.judgeResource()
		a.judgeDetails()
		a.judgeOthers()
	} else {
		a.explain()
	}
	a.judgeSignature()
}

// judgeSignature says what it means that the signature came along: who has it
// can use the text for as long as it lives.
func (a *autopsy) judgeSignature() {
	end, known := seconds64(a.claims["exp"])
	switch {
	case !a.Signed:
	case known && a.at.After(time.Unix(end, 0).Add(tolerance)):
		a.remark("", "form.signed-expired")
	case a.Pasted == PastedGrant:
		a.remark("", "form.signed")
	default:
		a.remark("", "form.signed-token")
	}
}

// remark adds one about a field. The figures are pairs of name and value.
func (a *autopsy) remark(field, code string, figures ...string) {
	j, ok := judgements[code]
	if !ok {
		panic("maskinporten: no judgement " + code)
	}
	r := Remark{Code: code, Severity: j.severity, Place: j.place, Field: quote(field)}
	for i := 0; i+1 < len(figures); i += 2 {
		if r.Figures == nil {
			r.Figures = map[string]string{}
		}
		r.Figures[figures[i]] = quote(figures[i+1])
	}
	same := func(old Remark) bool { return old.Code == code && (j.place == PlaceForm || old.Field == r.Field) }
	if len(figures) == 0 && slices.ContainsFunc(a.Remarks, same) {
		return
	}
	a.Remarks = append(a.Remarks, r)
}

// mostFields keeps a page short when somebody pastes a thousand claims.
const mostFields = 60

// The order in which fields are shown, and which of them a grant must have.
var (
	headerOrder = []string{"alg", "kid", "x5c", "typ"}
	claimsOrder = []string{
		"aud", "iss", "scope", "consumer_org", "iss_onbehalfof", "resource", "authorization_details", "pid",
		"iat", "nbf", "exp", "jti",
	}
	required = []string{"alg", "kid", "aud", "iss", "scope", "iat", "exp", "jti"}
)

func (a *autopsy) fields() []Field {
	all := append(a.fieldsOf(PlaceHeader, a.header, headerOrder), a.fieldsOf(PlaceClaims, a.claims, claimsOrder)...)
	for i := range all {
		all[i].Severity = Fine
		for _, r := range a.Remarks {
			if r.Place == all[i].Place && r.Field == all[i].Name {
				all[i].Severity = worse(all[i].Severity, r.Severity)
			}
		}
	}
	return all
}

func (a *autopsy) fieldsOf(place Place, members map[string]any, order []string) []Field {
	if members == nil {
		return nil
	}
	var all []Field
	for name, value := range members {
		all = append(all, Field{Place: place, Name: quote(name), Value: valueText(name, value), At: moment(name, value)})
	}
	for _, name := range order {
		_, there := members[name]
		// A certificate stands for a kid.
		certified := name == "kid" && members["x5c"] != nil
		if a.Pasted == PastedGrant && !there && !certified && slices.Contains(required, name) {
			all = append(all, Field{Place: place, Name: name, Missing: true})
		}
	}
	rank := func(name string) int {
		if i := slices.Index(order, name); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortFunc(all, func(x, y Field) int {
		return cmp.Or(cmp.Compare(rank(x.Name), rank(y.Name)), cmp.Compare(x.Name, y.Name))
	})
	return all[:min(len(all), mostFields)]
}
