package proof

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"portvakt/jwk"
)

// ErrNotPrepared means that there is no such prepared text for this sign-in,
// that it was used, that its time is out, or that the grant is another one.
var ErrNotPrepared = errors.New("not a grant that was prepared here, or no longer")

var lastSteps = []step{
	{StageGrant, (*flow).checkGrant},
	{StageToken, (*flow).fetchToken},
	{StageScopes, (*flow).compareScopes},
	{StageExchange, (*flow).exchange},
	{StageClaim, (*flow).findOwner},
	{StageAccess, (*flow).askAccess},
}

// Finish runs the other stages with the signed grant. It accepts only what
// Prepare made for this sign-in, once and in time; all else is ErrNotPrepared
// and sends nothing.
func (p *Prover) Finish(ctx context.Context, signIn, id, grant string) (Run, error) {
	p.mu.Lock()
	w, ok := p.pending.take(id, signIn, p.now())
	p.mu.Unlock()
	if !ok {
		return Run{}, fmt.Errorf("finishing proof: %w", ErrNotPrepared)
	}
	grant = strings.TrimSpace(grant)
	if last := strings.LastIndexByte(grant, '.'); last < 0 || grant[:last] != w.input {
		return Run{}, fmt.Errorf("finishing proof: %w", ErrNotPrepared)
	}

	f := w.flow
	f.signed = grant
	ctx, cancel := context.WithTimeout(ctx, p.run-f.run.Took)
	defer cancel()
	f.walk(ctx, len(firstSteps), lastSteps)
	return f.run, nil
}

func (f *flow) checkGrant(context.Context) finding {
	found := passed().
		with("audience", f.grant.Audience).
		with("life", strconv.Itoa(int(f.grant.Life.Seconds()))).
		with("scopes", strings.Join(f.grant.Scopes, " ")).
		with("customer", f.grant.ConsumerOrg).
		with("resource", f.grant.Resource).
		with("jti", f.grant.ID)
	if _, err := jwk.Verify(f.subject.Key, f.signed); err != nil {
		return found.but(GrantInvalidSignature)
	}
	return found
}

func (f *flow) fetchToken(ctx context.Context) finding {
	ctx, cancel := f.within(ctx)
	defer cancel()
	t, err := f.subject.Environment.Maskinporten.Token(ctx, f.metadata.TokenEndpoint, f.signed)
	if err != nil {
		return f.notYet(failureOf(err).finding(StageToken))
	}
	f.token = t
	f.run.MaskinportenClaims = keep(t.Claims, f.signed, t.Value.Reveal())

	// The API will see the token, not the answer around it.
	f.scopesIssued = t.Scope
	if scope, ok := f.run.MaskinportenClaims["scope"].(string); ok {
		f.scopesIssued = scope
	}
	lifetime := t.ExpiresIn
	if lifetime == 0 {
		lifetime = life(t.Claims)
	}
	claims := f.run.MaskinportenClaims
	return passed().with("lifetime", positive(lifetime)).with("type", t.Type).
		with("consumer", party(claims["consumer"])).with("supplier", party(claims["supplier"])).
		with("resource", text(claims["aud"]))
}

func (f *flow) compareScopes(context.Context) finding {
	issued := strings.Fields(f.scopesIssued)
	missing := missingFrom(f.subject.asked(), issued)
	found := passed().
		with("wanted", strings.Join(f.subject.asked(), " ")).
		with("issued", strings.Join(issued, " ")).
		with("missing", strings.Join(missing, " "))
	if len(missing) > 0 {
		return found.but(ScopesMissing)
	}
	return found
}
