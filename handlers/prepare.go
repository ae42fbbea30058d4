package handlers

import (
	"errors"
	"strings"

	"github.com/labstack/echo/v4"

	"portvakt/internal/proof"
	"portvakt/jwk"
	"portvakt/store"
	"portvakt/views"
)

// proofPrepare is POST /integrations/:id/proofs/prepare: the first half of a proof
// whose key is in the reader's page or vault. It answers with the text to be
// signed, or with the run when that ended before a signature was needed.
func (h *Handlers) proofPrepare(c echo.Context) error {
	j, err := h.openJourney(c)
	if err != nil {
		return err
	}
	if err := h.recordTyped(c, j); err != nil {
		return err
	}
	key := j.signing(c.FormValue("signer"))
	if key == nil {
		j.problems["prove"] = "prove.signer"
		return h.answer(c, j, "prove")
	}
	w, ready := h.readyToProve(c, j)
	if !ready {
		return h.answer(c, j, "prove")
	}

	public, err := jwk.ParsePublic([]byte(key.PublicJWK))
	if err != nil {
		return err
	}
	if public, err = public.WithKid(key.UsedKid()); err != nil {
		return err
	}
	subject, err := h.subject(c, j, w, *key, public)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	prepared, run := h.Prover.Prepare(ctx, subject)
	if prepared == nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return h.proved(c, j, run, key.ID, w.options)
	}
	j.prepared = &views.PreparedGrant{
		ID: prepared.ID, Input: prepared.SigningInput, Kid: key.UsedKid(), Thumbprint: key.Thumbprint,
		Digest: "sha" + strings.TrimPrefix(public.Alg(), "RS"),
	}
	return h.answer(c, j, "prove")
}

// signing is the key of the integration with the thumbprint, or the one that the
// page is about when none is named.
func (j *journey) signing(thumbprint string) *store.Key {
	if thumbprint == "" {
		return j.current()
	}
	for i := range j.keys {
		if j.keys[i].Thumbprint == thumbprint {
			return &j.keys[i]
		}
	}
	return nil
}

// proofFinish is POST /integrations/:id/proofs/finish: the second half, with the
// grant that the reader signed. The grant is used in this request and nowhere kept.
func (h *Handlers) proofFinish(c echo.Context) error {
	grant := strings.Join(strings.Fields(c.FormValue("grant")), "")
	j, err := h.openJourney(c)
	if err != nil {
		return err
	}
	if len(j.problems) > 0 {
		return h.answer(c, j, "prove")
	}
	prepared := c.FormValue("prepared")
	run, err := h.finish(c, j, prepared, grant)
	if errors.Is(err, proof.ErrNotPrepared) && j.proof != nil && len(prepared) > 30 && strings.HasPrefix(j.proof.Nonce, prepared) {
		// The second post of a double click: the first has proved.
		j.freshProof = true
		return h.answer(c, j, "prove")
	}
	if errors.Is(err, proof.ErrNotPrepared) {
		j.problems["grant"] = "grant.not-prepared"
		return h.answer(c, j, "prove")
	}
	if err != nil {
		return err
	}
	key := j.signing(run.Results[0].Figures["thumbprint"])
	if key == nil {
		return proof.ErrNotPrepared
	}
	// A grant is used once, so what was prepared names its proof.
	j.form.nonce = prepared
	return h.proved(c, j, run, key.ID, optionsRun(run))
}

// optionsRun are the options of a run, as they are kept.
func optionsRun(run proof.Run) store.ProofOptions {
	o := store.ProofOptions{ConsumerOrg: store.OrgNumber(run.Options.ConsumerOrg), Resource: run.Options.Resource}
	for _, s := range run.Options.Scopes {
		o.Scopes = append(o.Scopes, store.Scope(s))
	}
	return o
}
