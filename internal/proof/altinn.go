package proof

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"portvakt/jwk"
)

// What Altinn's claims are called.
const (
	claimOrg       = "urn:altinn:org"
	claimOrgNumber = "urn:altinn:orgNumber"
)

// seen is what we know ourselves when Altinn refuses without a word.
type seen struct {
	issuer string
	now    time.Time
	claims map[string]any
}

// cause is one of several causes that look alike from outside.
type cause struct {
	code  string
	holds func(seen) bool
}

// exchangeCauses are the faults that the exchange answers with the same 401,
// in the order in which it looks for them. The last always holds.
var exchangeCauses = []cause{
	{ExchangeTokenUnreadable, func(s seen) bool { return s.claims == nil }},
	{ExchangeTokenExpired, func(s seen) bool {
		exp, ok := number(s.claims["exp"])
		return !ok || s.now.Add(-tolerance).After(time.Unix(exp, 0))
	}},
	{ExchangeWrongIssuer, func(s seen) bool { return s.claims["iss"] != s.issuer }},
	{ExchangeNoConsumer, func(s seen) bool { return !hasConsumer(s.claims) }},
	{ExchangeRefused, func(seen) bool { return true }},
}

// accessCauses are the faults that Notifications answers with the same 403.
var accessCauses = []cause{
	{AccessScope, func(s seen) bool { return !slices.Contains(strings.Fields(text(s.claims["scope"])), notifications) }},
	{AccessOrganisation, func(s seen) bool { return text(s.claims[claimOrg]) == "" }},
	{code(StageAccess, ReasonUnknown), func(seen) bool { return true }},
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
// the way that Altinn reads it: an ISO 6523 identifier with a prefix.
func hasConsumer(claims map[string]any) bool {
	consumer, _ := claims["consumer"].(map[string]any)
	return text(consumer["authority"]) == "iso6523-actorid-upis" && strings.Contains(text(consumer["ID"]), ":")
}

func (f *flow) exchange(ctx context.Context) finding {
	if !f.subject.NeedsAltinn {
		return notApplicable()
	}
	ctx, cancel := f.within(ctx)
	defer cancel()
	t, err := f.subject.Environment.Altinn.Exchange(ctx, f.token.Value.Reveal())
	if err != nil {
		failure := failureOf(err)
		found := failure.finding(StageExchange)
		if failure.refused && failure.status == http.StatusUnauthorized {
			found.code = firstOf(exchangeCauses, seen{f.metadata.Issuer, f.now(), f.token.Claims})
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

func (f *flow) findOwner(context.Context) finding {
	if !f.subject.NeedsAltinn || !f.subject.wantsServiceOwner() {
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
	return found.but(ClaimOrganisation)
}

func (f *flow) askAccess(ctx context.Context) finding {
	if !f.subject.NeedsAltinn || !f.subject.wantsNotifications() {
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
		found.code = firstOf(accessCauses, seen{f.metadata.Issuer, f.now(), f.run.AltinnClaims})
	}
	return found
}
