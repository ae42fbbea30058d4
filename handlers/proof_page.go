package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"portvakt/internal/proof"
	"portvakt/store"
	"portvakt/views"
)

func (h *Handlers) proveStep(c echo.Context, t views.Text, j *journey) views.ProveStep {
	s := views.ProveStep{Carried: j.carried != nil, Held: j.holds(), Prepared: j.prepared, Fresh: j.freshProof, Options: proveOptions(j)}
	switch {
	case j.current() == nil:
		s.Missing = "key"
	case j.integration.ClientID == "":
		s.Missing = "client"
	}
	if j.proof == nil {
		return s
	}
	run := h.proofRun(c, t, *j.proof)
	run.Retry = h.retry(t, j)
	if k := j.key(j.proof.Key); k != nil {
		run.Kid, s.OfLiveKey = k.UsedKid(), k.Live(h.Now())
	}
	if !run.Passed {
		run.Bundle = h.bundleOf(t, j.integration, *j.proof)
	}
	s.Run = &run
	return s
}

// retry is the waiting after a proof that stopped at what may be on its way, or nil.
// A page on which something is to be mended does not go on by itself.
func (h *Handlers) retry(t views.Text, j *journey) *views.Retry {
	for _, s := range j.proof.Stages {
		wait, err := strconv.Atoi(s.Figures["wait"])
		if !proof.Early(s.Code) || err != nil {
			continue
		}
		until := j.proof.Started.Add(time.Duration(wait) * time.Second)
		left := int(until.Sub(h.Now()) / time.Second)
		return &views.Retry{Until: t.Clock(until), Left: max(left, 0), Again: (j.carried != nil || j.holds()) && len(j.problems) == 0 && j.theirs == nil}
	}
	return nil
}

// proofRun is a proof on record, for people.
func (h *Handlers) proofRun(c echo.Context, t views.Text, p store.Proof) views.ProofRun {
	r := views.ProofRun{
		Passed: p.Outcome == store.Passed, When: t.Moment(p.Started), Stamp: views.Stamp(p.Started),
		Took: t.Millis(p.Took), By: h.nameOf(c, t, p.By),
		Maskinporten: claimsOf(t, p.MaskinportenClaims), Altinn: claimsOf(t, p.AltinnClaims),
	}
	r.Part = len(p.Options.Scopes) > 0
	for _, s := range p.Stages {
		r.Stages = append(r.Stages, stageOf(t, s))
		r.Early = r.Early || proof.Early(s.Code)
	}
	if a := p.Answer; a != nil {
		r.Answer = &views.ProofAnswer{
			Status: a.Status, Error: a.Error, Description: a.Description, TraceID: a.TraceID,
		}
	}
	return r
}

// nameOf is what a person is called now, or that the name is gone.
func (h *Handlers) nameOf(c echo.Context, t views.Text, id string) string {
	if s := userOf(c); s.User.ID == id {
		return personName(t, s.User.Name)
	}
	u, err := h.Store.User(c.Request().Context(), id)
	if errors.Is(err, store.ErrNotFound) || err == nil && u.Name == "" {
		return t.S("event.gone")
	}
	return personName(t, u.Name)
}

func stageOf(t views.Text, s store.StageResult) views.ProofStage {
	out := views.ProofStage{Stage: s.Stage, Outcome: string(s.Outcome), Code: s.Code}
	if d, known := proof.DiagnosisOf(s.Code); known {
		out.Who, out.Step, out.Early = string(d.Who), d.Step, proof.Early(s.Code)
	}
	for _, p := range s.Possible {
		out.Possible = append(out.Possible, views.PossibleCause(p))
	}
	if s.Outcome == store.Passed || s.Outcome == store.Failed {
		out.Took = t.Millis(s.Took)
	}
	for _, name := range proof.Figures[proof.Stage(s.Stage)] {
		if v := s.Figures[name]; v != "" {
			out.Figures = append(out.Figures, views.Figure{Name: t.S("figure." + s.Stage + "." + name), Value: v})
		}
	}
	return out
}

// claimsOf lists the claims of a token by name. Times are told in words as well.
func claimsOf(t views.Text, claims map[string]any) []views.Claim {
	var out []views.Claim
	for name, value := range claims {
		c := views.Claim{Name: name, Value: claimText(value)}
		if id := "claim." + messageName(name); t.Has(id) {
			c.Meaning = t.S(id)
		}
		if name == "exp" || name == "iat" || name == "nbf" {
			if seconds, err := strconv.ParseInt(c.Value, 10, 64); err == nil {
				c.Value += " (" + views.Stamp(time.Unix(seconds, 0)) + ")"
			}
		}
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b views.Claim) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func claimText(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	b, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(b)
}

// messageName is a claim's name as it stands in the ids of messages.
func messageName(claim string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-' {
			return r
		}
		return '-'
	}, claim)
}
