package proof

import (
	"context"
	"maps"
	"time"

	"portvakt/internal/maskinporten"
)

// flow is a run under way.
type flow struct {
	subject Subject
	run     Run
	now     func() time.Time
	call    time.Duration

	metadata     maskinporten.Metadata
	grant        maskinporten.Grant
	token        maskinporten.Token
	altinnToken  string
	signed       string
	shipment     string
	scopesIssued string
	signature    verdict
	listed       verdict
}

// verdict is what was found out, if anything was.
type verdict int

const (
	unjudged verdict = iota
	yes
	no
)

// finding is what a stage comes to.
type finding struct {
	outcome Outcome
	code    string
	figures map[string]string
	answer  *Answer
}

func passed() finding { return finding{outcome: Passed, figures: map[string]string{}} }

func failed(code string) finding {
	return finding{outcome: Failed, code: code, figures: map[string]string{}}
}

func notApplicable() finding { return finding{outcome: NotApplicable} }

// with adds a figure, unless it is not known.
func (f finding) with(name, value string) finding {
	if value != "" {
		f.figures[name] = value
	}
	return f
}

// but turns the finding into a failure that keeps the figures.
func (f finding) but(code string) finding {
	f.outcome, f.code = Failed, code
	return f
}

// step is a stage with what it does.
type step struct {
	stage Stage
	do    func(*flow, context.Context) finding
}

func (f *flow) begin(id string) {
	f.run = Run{
		ID: id, Integration: f.subject.Integration, ClientID: f.subject.ClientID, Options: f.subject.Options,
		Started: f.now(),
	}
	for _, s := range Stages {
		f.run.Results = append(f.run.Results, Result{Stage: s, Outcome: NotReached})
	}
}

// walk takes the steps in order until one fails. Its first step is the stage
// numbered from.
func (f *flow) walk(ctx context.Context, from int, steps []step) {
	started := f.now()
	for i, step := range steps {
		began := f.now()
		found := step.do(f, ctx)
		f.run.Results[from+i] = Result{
			Stage:   step.stage,
			Outcome: found.outcome,
			Code:    found.code,
			Took:    f.now().Sub(began),
			Figures: found.figures,
		}
		if found.outcome == Failed {
			f.run.Answer = found.answer
			f.run.Results[from+i].Possible = f.remaining(found.code)
			break
		}
	}
	f.run.Took += f.now().Sub(started)
}

// within limits one call. The whole run's limit is already in ctx.
func (f *flow) within(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, f.call)
}

// copyOf gives a run whose results the caller may change.
func copyOf(r Run) Run {
	results := make([]Result, len(r.Results))
	for i, result := range r.Results {
		result.Figures = maps.Clone(result.Figures)
		results[i] = result
	}
	r.Results = results
	return r
}
