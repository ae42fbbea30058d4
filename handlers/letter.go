package handlers

import (
	"context"
	"strings"

	"github.com/labstack/echo/v4"

	"portvakt/internal/proof"
	"portvakt/internal/samarbeidsportalen"
	"portvakt/store"
	"portvakt/views"
)

// letter is a request for access to the scope that its owner has not given, or nil.
// Who acts for a customer asks for the customer: it is the one that lacks access.
func (h *Handlers) letter(c echo.Context, env Environment, j *journey) *views.Letter {
	if j.proof == nil || failedCode(*j.proof) != proof.TokenAccessNotGranted {
		return nil
	}
	scope := refusedScope(*j.proof, askedScopes(*j.proof))
	if scope == "" {
		return nil
	}
	i := j.integration
	l := &views.Letter{
		Scope: scope, Environment: string(i.Environment), Integration: string(i.Name), About: string(i.Description),
		OrgNumber: string(i.Organisation), Customer: string(j.proof.Options.ConsumerOrg), ClientID: string(i.ClientID),
		Code: refusalOf(*j.proof), Practice: i.Environment == store.Sandbox, To: scopeOwner(scope),
	}
	if listed, public := h.listedScope(c, env, scope); public {
		l.Owner, l.ForAll, l.Closed = listed.Owner, listed.ForAll, !listed.Active
	}
	return l
}

// refusalOf is the other side's own code in the answer of a run, which is kept
// behind the error; empty where the answer had none.
func refusalOf(p store.Proof) string {
	if p.Answer == nil {
		return ""
	}
	words := strings.Fields(p.Answer.Error)
	if n := len(words) - 1; n >= 0 && refusalCode.MatchString(words[n]) {
		return words[n]
	}
	return ""
}

// listedScope looks a scope up on the public list; false for one that is not
// there, and when the list cannot be had soon.
func (h *Handlers) listedScope(c echo.Context, env Environment, scope string) (samarbeidsportalen.Scope, bool) {
	if env.Catalogue == nil {
		return samarbeidsportalen.Scope{}, false
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), lookupLimit)
	defer cancel()
	listed, public, err := env.Catalogue.Scope(ctx, scope)
	return listed, public && err == nil
}
