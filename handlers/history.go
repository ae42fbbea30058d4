package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"portvakt/internal/proof"
	"portvakt/store"
	"portvakt/views"
)

// proofList is GET /integrations/:id/proofs: every run, the newest first.
func (h *Handlers) proofList(c echo.Context) error {
	i, err := h.integration(c)
	if err != nil {
		return err
	}
	after := store.Cursor(c.QueryParam("after"))
	rows, next, err := h.Store.Proofs(c.Request().Context(), orgOf(c), i.ID, store.Page{After: after})
	if err != nil {
		return err
	}
	page, err := h.historyPage(c, i, "history.title")
	if err != nil {
		return err
	}
	p := views.ProofsPage{
		Page: page, ID: i.ID, Name: string(i.Name), After: string(after), Next: string(next), Pair: c.QueryParam("pair") != "",
	}
	for _, r := range rows {
		p.Rows = append(p.Rows, views.ProofLine{
			ID: r.ID, When: page.T.Moment(r.Started), Stamp: views.Stamp(r.Started), Passed: r.Outcome == store.Passed,
			Early: proof.Early(r.Code), Stage: r.FailedStage, Code: r.Code, Kid: r.Kid, By: nameOrGone(page.T, r.ByName), Took: page.T.Millis(r.Took),
			A: r.ID == c.QueryParam("a"), B: r.ID == c.QueryParam("b"),
		})
	}
	if len(rows) > 1 && !p.Pair {
		// Most often it is the newest that is new.
		p.Rows[1].A, p.Rows[0].B = true, true
	}
	return render(c, http.StatusOK, views.ProofList(p))
}

// proofShow is GET /integrations/:id/proofs/:proof: one run, whole.
func (h *Handlers) proofShow(c echo.Context) error {
	i, p, err := h.proof(c, c.Param("proof"))
	if err != nil {
		return err
	}
	newest, err := h.Store.NewestProof(c.Request().Context(), orgOf(c), i.ID)
	if err != nil {
		return err
	}
	page, err := h.historyPage(c, i, "history.one.title")
	if err != nil {
		return err
	}
	run := h.proofRun(c, page.T, p)
	run.Steps, run.Bundle = views.Integration(i.ID), h.bundleOf(page.T, i, p)
	if run.Kid, err = h.kidOf(c, i, p); err != nil {
		return err
	}
	out := views.ProofPage{Page: page, ID: i.ID, Name: string(i.Name), Run: run}
	if newest.ID != p.ID {
		out.Newest = views.ProofPair(i.ID, p.ID, newest.ID)
	}
	return render(c, http.StatusOK, views.ProofOne(out))
}

// historyPage is the frame of the pages about an integration's runs.
func (h *Handlers) historyPage(c echo.Context, i store.Integration, title string) (views.Page, error) {
	page, err := h.page(c, title)
	page.Title += ", " + string(i.Name)
	page.Tab = "integrations"
	return page, err
}

// proof finds a run of the integration that the path names.
func (h *Handlers) proof(c echo.Context, id string) (store.Integration, store.Proof, error) {
	i, err := h.integration(c)
	if err != nil {
		return i, store.Proof{}, err
	}
	p, err := h.Store.Proof(c.Request().Context(), orgOf(c), i.ID, id)
	return i, p, err
}

// kidOf is the kid of a run's key, as Maskinporten knows it now.
func (h *Handlers) kidOf(c echo.Context, i store.Integration, p store.Proof) (string, error) {
	keys, err := h.Store.Keys(c.Request().Context(), orgOf(c), i.ID)
	if err != nil {
		return "", err
	}
	for _, k := range keys {
		if k.ID == p.Key {
			return k.UsedKid(), nil
		}
	}
	return "", errors.New("a proof without its key")
}
