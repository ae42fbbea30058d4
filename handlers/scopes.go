package handlers

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"portvakt/internal/proof"
	"portvakt/store"
	"portvakt/views"
)

// lookupLimit is how long a page waits for a list from outside of which it has not
// even an older copy. What is not known by then the page says it does not know.
const lookupLimit = 500 * time.Millisecond

// scopeTable is what is wanted, what was recorded, and what the newest token had.
// It is nil before there is something to compare.
func (h *Handlers) scopeTable(c echo.Context, env Environment, j *journey) *views.ScopeTable {
	if j.proof == nil {
		return nil
	}
	t := views.ScopeTable{Answered: j.proof.MaskinportenClaims != nil}
	wanted, recorded := texts(j.integration.Wanted), texts(j.integration.Recorded)
	asked, issued := askedScopes(*j.proof), issuedScopes(*j.proof)
	all := wanted
	for _, s := range slices.Concat(recorded, issued) {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	refused := refusedScope(*j.proof, asked)
	for _, s := range all {
		r := views.ScopeRow{
			Scope: s, Wanted: yesOrNo(slices.Contains(wanted, s)), Recorded: yesOrNo(slices.Contains(recorded, s)),
		}
		switch {
		case s == refused:
			r.Issued = "refused"
		case slices.Contains(issued, s):
			r.Issued = "yes"
		case len(asked) > 0 && !slices.Contains(asked, s):
			r.Issued = "not-asked"
		case t.Answered:
			r.Issued = "no"
		default:
			r.Issued = "unknown"
		}
		t.Rows = append(t.Rows, r)
		// What is wrong in one row comes before what is not known of another.
		if code := difference(r); t.Difference == "" || !t.Differs() && code != "" {
			t.Difference, t.Scope = code, s
		}
	}
	if failedCode(*j.proof) == proof.TokenIntegrationType && refused != "" {
		if listed, public := h.listedScope(c, env, refused); public {
			t.Types = listed.Types
		}
	}
	return &t
}

// difference is the code of what is not alike in a row; empty when the scope is
// wanted, recorded and issued.
func difference(r views.ScopeRow) string {
	switch {
	case r.Issued == "refused":
		return "refused"
	case r.Wanted == "yes" && r.Recorded == "no" && r.Issued != "yes":
		return "not-recorded"
	case r.Wanted == "yes" && r.Issued == "no":
		return "not-issued"
	case r.Wanted == "yes" && r.Recorded == "no":
		return "not-noted"
	case r.Wanted == "no" && r.Issued == "yes":
		return "not-wanted"
	case r.Wanted == "no" && r.Recorded == "yes":
		return "not-needed"
	case r.Issued == "not-asked":
		return "not-asked"
	case r.Issued == "unknown":
		return "unknown"
	}
	return ""
}

func yesOrNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// askedScopes are those that the run asked for. Of a run that stopped before its
// grant there are none: nobody was asked.
func askedScopes(p store.Proof) []string {
	figures := figuresOf(p)
	if asked := first(figures["grant.scopes"], figures["scopes.wanted"]); asked != "" {
		return strings.Fields(asked)
	}
	return texts(p.Options.Scopes)
}

// issuedScopes are those of the token, which is what an API sees.
func issuedScopes(p store.Proof) []string {
	scope, _ := p.MaskinportenClaims["scope"].(string)
	return strings.Fields(scope)
}

// scopeCodes are the failures in which the answer names a scope.
var scopeCodes = []string{
	proof.TokenScopeNotOnClient, proof.TokenAccessNotGranted, proof.TokenNotDelegated, proof.TokenIntegrationType,
}

// refusedScope is the scope that the answer names, or the only one there is.
func refusedScope(p store.Proof, asked []string) string {
	code := failedCode(p)
	if !slices.Contains(scopeCodes, code) {
		return ""
	}
	if p.Answer != nil {
		// The longest first: altinn:serviceowner stands in altinn:serviceowner/x too.
		byLength := slices.Clone(asked)
		slices.SortStableFunc(byLength, func(a, b string) int { return len(b) - len(a) })
		for _, s := range byLength {
			if regexp.MustCompile(`(^|[\s,])` + regexp.QuoteMeta(s) + `($|[\s,.])`).MatchString(p.Answer.Description) {
				return s
			}
		}
	}
	if len(asked) == 1 {
		return asked[0]
	}
	return ""
}

func failedCode(p store.Proof) string {
	for _, s := range p.Stages {
		if s.Outcome == store.Failed {
			return s.Code
		}
	}
	return ""
}

// ownerListing looks the organisation up on Altinn's list of service owners, until
// a proof has shown what the list would tell.
func (h *Handlers) ownerListing(c echo.Context, env Environment, j *journey) views.OwnerListing {
	i := j.integration
	needed := slices.ContainsFunc(i.Wanted, store.Scope.NeedsAltinn)
	if env.Proof.Directory == nil || !needed || i.State == store.Proved || i.State == store.InUse {
		return views.OwnerListing{}
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), lookupLimit)
	defer cancel()
	code, listed, err := env.Proof.Directory.CodeAtOnce(ctx, string(i.Organisation))
	switch {
	case err != nil:
		return views.OwnerListing{State: "unknown"}
	case listed:
		return views.OwnerListing{State: "listed", Code: code}
	}
	return views.OwnerListing{State: "unlisted"}
}
