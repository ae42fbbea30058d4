package proof

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"portvakt/internal/maskinporten"
	"portvakt/jwk"
)

// What Altinn's claims are called.
const (
	claimOrg       = "urn:altinn:org"
	claimOrgNumber = "urn:altinn:orgNumber"
)

// seen is what we know ourselves when Altinn refuses without a word.
type seen struct {
	issuer    string
	now       time.Time
	claims    map[string]any
	signature verdict
}

// cause is one of several causes that look alike from outside.
type cause struct {
	code  string
	holds func(seen) bool
}

// exchangeCauses are the faults that the exchange answers with the same 401.
// What can be read in the token comes before the signature, which says less of
// where it went wrong. The last always holds.
var exchangeCauses = []cause{
	{ExchangeTokenUnreadable, func(s seen) bool { return s.claims == nil }},
	{ExchangeTokenExpired, func(s seen) bool {
		exp, ok := number(s.claims["exp"])
		return !ok || s.now.Add(-tolerance).After(time.Unix(exp, 0))
	}},
	{ExchangeTokenEarly, func(s seen) bool {
		nbf, ok := number(s.claims["nbf"])
		return ok && s.now.Add(tolerance).Before(time.Unix(nbf, 0))
	}},
	{ExchangeWrongIssuer, func(s seen) bool { return s.claims["iss"] != s.issuer }},
	{ExchangeNoConsumer, func(s seen) bool { return !hasConsumer(s.claims) }},
	{ExchangeConsumerPrefix, func(s seen) bool { return party(s.claims["consumer"]) == "" }},
	{ExchangeSignature, func(s seen) bool { return s.signature == no }},
	{ExchangeRefused, func(seen) bool { return true }},
}

// accessCauses are the faults that Notifications answers with the same 403.
var accessCauses = []cause{
	{AccessScope, func(s seen) bool { return !slices.Contains(strings.Fields(text(s.claims["scope"])), notifications) }},
	{AccessOrganisation, func(s seen) bool { return text(s.claims[claimOrg]) == "" }},
	{AccessRefused, func(seen) bool { return true }},
}

func firstOf(causes []cause, s seen) string {
	for _, c := range causes {
		if c.holds(s) {
			return c.code
		}
	}
	return ""
}

// hasConsumer reports whether the token says which organisation it is for in
// the way that Altinn reads it: as an ISO 6523 identifier.
func hasConsumer(claims map[string]any) bool {
	consumer, _ := claims["consumer"].(map[string]any)
	return text(consumer["authority"]) == "iso6523-actorid-upis" && text(consumer["ID"]) != ""
}

// party is the org number in a consumer or supplier claim: what stands behind
// the prefix 0192:, and empty without a prefix.
func party(claim any) string {
	members, _ := claim.(map[string]any)
	_, number, _ := strings.Cut(text(members["ID"]), ":")
	return number
}

func (f *flow) exchange(ctx context.Context) finding {
	if !f.subject.callsAltinn() {
		return notApplicable()
	}
	ctx, cancel := f.within(ctx)
	defer cancel()
	t, err := f.subject.Environment.Altinn.Exchange(ctx, f.token.Value.Reveal())
	if err != nil {
		failure := failureOf(err)
		found := failure.finding(StageExchange)
		if failure.refused && failure.status == http.StatusUnauthorized {
			f.verify(ctx)
			found.code = firstOf(exchangeCauses, seen{f.metadata.Issuer, f.now(), f.token.Claims, f.signature})
		}
		return found
	}

	f.altinnToken = t.Reveal()
	found := passed().with("status", statusText(http.StatusOK))
	if _, claims, err := jwk.Inspect(f.altinnToken); err == nil {
		f.run.AltinnClaims = keep(claims, f.signed, f.token.Value.Reveal(), f.altinnToken)
		found = found.with("lifetime", positive(life(claims)))
	}
	return found
}

// verify compares the token with the keys that Maskinporten publishes, as
// Altinn does. Only a refusal makes that worth a call.
func (f *flow) verify(ctx context.Context) {
	if f.subject.Environment.Keys == nil || f.metadata.JWKSURI == "" {
		return
	}
	signature, err := f.subject.Environment.Keys.Verify(ctx, f.metadata.JWKSURI, f.token.Value.Reveal())
	switch {
	case err != nil:
	case signature == maskinporten.SignatureGood:
		f.signature = yes
	case signature == maskinporten.SignatureWrong, signature == maskinporten.SignatureUnknownKey:
		f.signature = no
	}
}

func (f *flow) findOwner(ctx context.Context) finding {
	if !f.subject.callsAltinn() || !f.subject.wantsServiceOwner() {
		return notApplicable()
	}
	claims := f.run.AltinnClaims
	found := passed().with("org", text(claims[claimOrg])).with("number", text(claims[claimOrgNumber]))
	switch {
	case claims == nil:
		return found.but(ClaimUnreadable)
	case text(claims[claimOrg]) != "":
		return found
	// Altinn looks for the text anywhere in the scopes, and so do we.
	case !strings.Contains(text(claims["scope"]), serviceOwner):
		return found.but(ClaimScope)
	}
	return found.with("listed", f.lookUp(ctx, text(claims[claimOrgNumber]))).but(ClaimOrganisation)
}

// lookUp finds the code under which Altinn's own list has the organisation.
func (f *flow) lookUp(ctx context.Context, number string) string {
	if f.subject.Environment.Directory == nil {
		return ""
	}
	ctx, cancel := f.within(ctx)
	defer cancel()
	code, listed, err := f.subject.Environment.Directory.Code(ctx, number)
	switch {
	case err != nil:
	case listed:
		f.listed = yes
	default:
		f.listed = no
	}
	return code
}

func (f *flow) askAccess(ctx context.Context) finding {
	if !f.subject.callsAltinn() || !f.subject.wantsNotifications() {
		return notApplicable()
	}
	ctx, cancel := f.within(ctx)
	defer cancel()
	a, err := f.subject.Environment.Altinn.Access(ctx, f.altinnToken, f.shipment)
	if err == nil {
		return passed().with("status", statusText(a.Status)).with("code", a.Code)
	}
	failure := failureOf(err)
	found := failure.finding(StageAccess).with("code", failure.answer.Code)
	if failure.refused && failure.status == http.StatusUnauthorized {
		found.code = AccessTokenRefused
	}
	if failure.refused && failure.status == http.StatusForbidden {
		found.code = firstOf(accessCauses, seen{claims: f.run.AltinnClaims})
	}
	return found
}
