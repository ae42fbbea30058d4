package handlers

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"portvakt/internal/proof"
	"portvakt/store"
	"portvakt/views"
)

// proofCompare is GET /integrations/:id/proofs/compare: two runs beside each other.
func (h *Handlers) proofCompare(c echo.Context) error {
	idA, idB := c.QueryParam("a"), c.QueryParam("b")
	i, err := h.integration(c)
	if err != nil {
		return err
	}
	if idA == "" || idB == "" || idA == idB {
		return c.Redirect(http.StatusSeeOther, views.ProofPairAgain(i.ID, idA, idB, c.QueryParam("after")))
	}
	_, a, err := h.proof(c, idA)
	if err != nil {
		return err
	}
	_, b, err := h.proof(c, idB)
	if err != nil {
		return err
	}
	page, err := h.historyPage(c, i, "history.compare.title")
	if err != nil {
		return err
	}
	p := views.ComparePage{
		Page: page, ID: i.ID, Name: string(i.Name), A: compareRun(page.T, a), B: compareRun(page.T, b),
		Stages: compareStages(page.T, a, b),
		Tokens: slices.Concat(
			compareTokens("maskinporten", a.MaskinportenClaims, b.MaskinportenClaims),
			compareTokens("altinn", a.AltinnClaims, b.AltinnClaims),
		),
	}
	if p.Facts, err = h.compareFacts(c, page.T, i, a, b); err != nil {
		return err
	}
	return render(c, http.StatusOK, views.Compare(p))
}

func compareRun(t views.Text, p store.Proof) views.CompareRun {
	return views.CompareRun{ID: p.ID, When: t.Moment(p.Started), Stamp: views.Stamp(p.Started), Passed: p.Outcome == store.Passed, Early: proof.Early(failedCode(p))}
}

func (h *Handlers) compareFacts(c echo.Context, t views.Text, i store.Integration, a, b store.Proof) ([]views.CompareRow, error) {
	kidA, err := h.kidThen(c, i, a)
	if err != nil {
		return nil, err
	}
	kidB, err := h.kidThen(c, i, b)
	if err != nil {
		return nil, err
	}
	clientA, clientB := clientOf(t, i, a), clientOf(t, i, b)
	rows := []views.CompareRow{
		{Name: t.S("history.started"), A: views.Stamp(a.Started), B: views.Stamp(b.Started)},
		{Name: t.S("bundle.client"), A: clientA, B: clientB, Differs: clientA != clientB},
		// Two keys can have had the same kid.
		{Name: t.S("history.key"), A: kidA, B: kidB, Differs: a.Key != b.Key || kidA != kidB},
		{Name: t.S("history.by"), A: h.nameOf(c, t, a.By), B: h.nameOf(c, t, b.By), Differs: a.By != b.By},
		compareTook(t, a.Took, b.Took),
	}
	for _, r := range []views.CompareRow{
		{Name: t.S("bundle.customer"), A: string(a.Options.ConsumerOrg), B: string(b.Options.ConsumerOrg)},
		{Name: t.S("bundle.resource"), A: a.Options.Resource, B: b.Options.Resource},
		{Name: t.S("history.scopes"), A: strings.Join(texts(a.Options.Scopes), " "), B: strings.Join(texts(b.Options.Scopes), " ")},
	} {
		if r.A != "" || r.B != "" {
			r.Differs = r.A != r.B
			rows = append(rows, r)
		}
	}
	return rows, nil
}

// kidThen is the kid that a run was made with; of one that did not come so far, the
// key's kid now.
func (h *Handlers) kidThen(c echo.Context, i store.Integration, p store.Proof) (string, error) {
	if kid := figuresOf(p)["key.kid"]; kid != "" {
		return kid, nil
	}
	return h.kidOf(c, i, p)
}

// compareTook marks only what a person would notice: no two calls take as long.
func compareTook(t views.Text, a, b time.Duration) views.CompareRow {
	short, long := min(a, b), max(a, b)
	return views.CompareRow{
		Name: t.S("history.took"), A: tookText(t, a), B: tookText(t, b),
		Differs: short > 0 && long >= 2*short && long-short >= 100*time.Millisecond,
	}
}

func tookText(t views.Text, d time.Duration) string {
	if d == 0 {
		return ""
	}
	return t.Millis(d)
}

// compareStages are the stages of today, and after them those that only old runs have.
func compareStages(t views.Text, a, b store.Proof) []views.CompareStage {
	var names []string
	for _, s := range proof.Stages {
		names = append(names, string(s))
	}
	of := func(p store.Proof) map[string]store.StageResult {
		all := map[string]store.StageResult{}
		for _, s := range p.Stages {
			all[s.Stage] = s
			if !slices.Contains(names, s.Stage) {
				names = append(names, s.Stage)
			}
		}
		return all
	}
	inA, inB := of(a), of(b)
	var out []views.CompareStage
	for _, name := range names {
		if x, y := inA[name], inB[name]; x.Stage != "" || y.Stage != "" {
			out = append(out, compareStage(t, name, x, y))
		}
	}
	return out
}

func compareSide(s store.StageResult) views.CompareSide {
	return views.CompareSide{Outcome: string(s.Outcome), Code: s.Code, Early: proof.Early(s.Code)}
}

func compareStage(t views.Text, name string, a, b store.StageResult) views.CompareStage {
	s := views.CompareStage{
		Stage: name, A: compareSide(a), B: compareSide(b), Took: compareTook(t, a.Took, b.Took),
	}
	s.Differs = s.A != s.B
	for _, figure := range proof.Figures[proof.Stage(name)] {
		x, y := a.Figures[figure], b.Figures[figure]
		if x == "" && y == "" {
			continue
		}
		s.Figures = append(s.Figures, views.CompareRow{
			Name: t.S("figure." + name + "." + figure), A: x, B: y,
			// Behind a red light nothing was measured, and no two grants share an id.
			Differs: x != y && x != "" && y != "" && !alwaysDiffers[figure],
		})
	}
	return s
}

// alwaysDiffers are the claims and figures that are new each time.
var alwaysDiffers = map[string]bool{"iat": true, "exp": true, "nbf": true, "jti": true, "sid": true}

// compareTokens compares what a token said; nothing when neither run got one.
func compareTokens(token string, a, b map[string]any) []views.CompareToken {
	out := views.CompareToken{Token: token}
	switch {
	case a == nil && b == nil:
		return nil
	case b == nil:
		out.Only = "a"
	case a == nil:
		out.Only = "b"
	}
	if out.Only != "" {
		return []views.CompareToken{out}
	}
	both := maps.Clone(a)
	maps.Copy(both, b)
	for _, name := range slices.Sorted(maps.Keys(both)) {
		claim := views.CompareClaim{Name: name, Change: "changed"}
		x, inA := a[name]
		y, inB := b[name]
		if inA {
			claim.A = claimText(x)
		} else {
			claim.Change = "added"
		}
		if inB {
			claim.B = claimText(y)
		} else {
			claim.Change = "gone"
		}
		switch {
		case inA && inB && claim.A == claim.B:
			out.Same++
		case inA && inB && alwaysDiffers[name]:
			out.Times = append(out.Times, views.CompareRow{Name: name, A: claimWithTime(x), B: claimWithTime(y)})
		default:
			out.Claims = append(out.Claims, claim)
		}
	}
	return []views.CompareToken{out}
}
