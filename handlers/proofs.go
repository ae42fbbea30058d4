package handlers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/labstack/echo/v4"

	"portvakt/internal/door"
	"portvakt/internal/proof"
	"portvakt/jwk"
	"portvakt/store"
)

// proofCreate is POST /integrations/:id/proofs: the token test. What is typed in
// step 4 is recorded first, so that pasting the client id and pressing the button
// is enough.
func (h *Handlers) proofCreate(c echo.Context) error {
	j, err := h.openJourney(c)
	if err != nil {
		return err
	}
	if err := h.recordTyped(c, j); err != nil {
		return err
	}
	key, err := h.provingKey(c, j)
	if err != nil {
		return err
	}
	w, ready := h.readyToProve(c, j)
	if !ready {
		return h.answer(c, j, "prove")
	}

	run, err := h.prove(c, j, w, key)
	if err != nil {
		return err
	}
	return h.proved(c, j, run, key.record.ID, w.options)
}

// recordTyped puts step 4 on record when something else is typed there.
func (h *Handlers) recordTyped(c echo.Context, j *journey) error {
	if j.form.clientID == "" {
		j.problems["prove"] = "prove.client"
		return nil
	}
	if j.form.sameRecord(formOf(j)) {
		return nil
	}
	return h.record(c, j)
}

// way is whom a proof asks, and for what.
type way struct {
	environment Environment
	options     store.ProofOptions
}

// readyToProve tells whether nothing stands in the way of a proof, which counts as
// one then, or says in j what does.
func (h *Handlers) readyToProve(c echo.Context, j *journey) (way, bool) {
	options := proofOptions(j)
	env, open := h.environment(j.integration.Environment)
	if !open {
		j.problems["prove"] = "prove.environment"
	}
	if len(j.problems) == 0 && j.theirs == nil && h.Rate.Allow(string(orgOf(c))) != nil {
		j.problems["prove"] = "prove.many"
	}
	return way{env, options}, len(j.problems) == 0 && j.theirs == nil
}

// proved puts a run on record and shows it.
func (h *Handlers) proved(c echo.Context, j *journey, run proof.Run, key string, o store.ProofOptions) error {
	if err := h.keepProof(c, j, run, key, o); err != nil {
		return err
	}
	j.freshProof, j.form.nonce = true, h.nonce()
	return h.answer(c, j, "prove")
}

// keepProof puts a run on record.
func (h *Handlers) keepProof(c echo.Context, j *journey, run proof.Run, key string, o store.ProofOptions) error {
	kept := proofOf(run, j.integration.ID, key)
	kept.Options = o
	// The same form sent again is one proof; with another client id, key or option in
	// it, it is another one.
	kept.Nonce = j.form.nonce + "-" + digest(fmt.Sprint(j.integration.ClientID, key, o))
	// Whoever asked may be gone; what was proved stands all the same.
	ctx := context.WithoutCancel(c.Request().Context())
	if a := run.Answer; a != nil && a.Cause != "" {
		// What the network said is for the operator; the reader gets cause and remedy.
		h.Log.Info("proof stopped", "request", door.VisitOf(ctx).ID, "stage", kept.FailedStage, "cause", a.Cause)
	}
	_, _, err := h.Store.AddProof(ctx, actorOf(c), orgOf(c), kept)
	if errors.Is(err, store.ErrSecret) {
		// An answer that quotes something like a key or a token is not kept; the
		// outcome is.
		kept.Answer, kept.MaskinportenClaims, kept.AltinnClaims = nil, nil, nil
		_, _, err = h.Store.AddProof(ctx, actorOf(c), orgOf(c), kept)
	}
	return err
}

// digest shortens a text that tells two forms apart.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:8])
}

// proving is the key pair to prove with, and its record.
type proving struct {
	private jwk.Private
	record  store.Key
}

// provingKey is the key to prove with: the one that the page carries, or the one
// in the file, which is used in this request only.
func (h *Handlers) provingKey(c echo.Context, j *journey) (proving, error) {
	if j.carried != nil {
		// As it is on record now: step 4 may just have given it another kid.
		return proving{j.private, *j.current()}, nil
	}
	private, code := keyFile(c, j)
	if code != "" {
		j.problems["file"] = code
		return proving{}, nil
	}
	ctx := c.Request().Context()
	key, err := h.Store.NameKey(ctx, actorOf(c), orgOf(c), j.integration.ID, private.Public().Thumbprint())
	if errors.Is(err, store.ErrNotFound) {
		j.problems["file"] = "file.other"
		return proving{}, nil
	}
	return proving{private, key}, err
}

// prove runs the test with the private key, which ends with this request.
func (h *Handlers) prove(c echo.Context, j *journey, w way, p proving) (proof.Run, error) {
	private, err := p.private.WithKid(p.record.UsedKid())
	if err != nil {
		return proof.Run{}, err
	}
	subject, err := h.subject(c, j, w, p.record, private.Public())
	if err != nil {
		return proof.Run{}, err
	}
	ctx := c.Request().Context()
	prepared, run := h.Prover.Prepare(ctx, subject)
	if prepared == nil {
		return run, ctx.Err()
	}
	grant, err := private.Sign(prepared.SigningInput)
	if err != nil {
		return run, err
	}
	return h.finish(c, j, prepared.ID, grant)
}

// proofBinding is what a prepared grant is tied to: nobody else can send it, nor this
// person for another integration.
func proofBinding(c echo.Context, j *journey) string {
	return userOf(c).SignIn.ID + " " + j.integration.ID
}

// subject is the integration as it is on record, to be proved with the key.
func (h *Handlers) subject(c echo.Context, j *journey, w way, key store.Key, public jwk.Public) (proof.Subject, error) {
	s := proof.Subject{
		Environment: w.environment.Proof, ClientID: string(j.integration.ClientID),
		Kid: key.UsedKid(), Thumbprint: key.Thumbprint, Key: public,
		KeyExpires: key.Expires, KeyDropped: !key.Dropped.IsZero(),
		Scopes: texts(j.integration.Wanted), SignIn: proofBinding(c, j), Integration: j.integration.ID,
	}
	asking(&s, w.options)
	var err error
	s.Facts, err = h.proofFacts(c, j, key)
	return s, err
}

// finish runs the second half with a signed grant. A run of another integration is
// refused before anything is sent, and one for which nobody waits is not kept.
func (h *Handlers) finish(c echo.Context, j *journey, prepared, grant string) (proof.Run, error) {
	ctx := c.Request().Context()
	run, err := h.Prover.Finish(ctx, proofBinding(c, j), prepared, grant)
	if err != nil {
		return run, err
	}
	if run.Integration != j.integration.ID {
		// A run must never be kept as another integration's.
		return run, proof.ErrNotPrepared
	}
	if f, failed := run.Failed(); failed && f.Code == string(f.Stage)+"."+proof.ReasonCancelled {
		return run, context.Canceled
	}
	return run, nil
}

// proofFacts are what else is on record, which helps to tell causes apart.
func (h *Handlers) proofFacts(c echo.Context, j *journey, key store.Key) (proof.Facts, error) {
	around, err := h.Store.CircumstancesOf(c.Request().Context(), orgOf(c), j.integration.ID, key.ID)
	return proof.Facts{
		Posted: key.Posted, Recorded: texts(j.integration.Recorded), ProvedBefore: around.GotToken,
		ClientChanged: around.ClientChanged, GrantedElsewhere: around.GrantedElsewhere,
		RecordedElsewhere: around.Elsewhere, ClientOfOthers: around.Shared, Practice: around.Practice,
	}, err
}

// proofOf is a run as it is kept.
func proofOf(r proof.Run, integration, key string) store.Proof {
	p := store.Proof{
		Integration: integration, Key: key, ClientID: store.ClientID(r.ClientID), Started: r.Started, Took: r.Took, Outcome: store.Passed,
		MaskinportenClaims: r.MaskinportenClaims, AltinnClaims: r.AltinnClaims,
	}
	if f, failed := r.Failed(); failed {
		p.Outcome, p.FailedStage = store.Failed, string(f.Stage)
	}
	for _, s := range r.Results {
		result := store.StageResult{
			Stage: string(s.Stage), Outcome: store.Outcome(s.Outcome), Code: s.Code, Took: s.Took, Figures: s.Figures,
		}
		for _, possible := range s.Possible {
			result.Possible = append(result.Possible, store.Possibility(possible))
		}
		p.Stages = append(p.Stages, result)
	}
	if a := r.Answer; a != nil {
		p.Answer = &store.Answer{Status: a.Status, Error: joined(a.Error, a.Code), Description: a.Description, TraceID: a.TraceID}
	}
	return p
}

func joined(parts ...string) string {
	out := ""
	for _, p := range parts {
		if p != "" && out != "" {
			out += " "
		}
		out += p
	}
	return out
}
