package proof

import (
	"slices"
	"time"
)

// Stage is one step of a proof.
type Stage string

// The stages, in their order.
const (
	StageKey      Stage = "key"
	StageMetadata Stage = "metadata"
	StageClock    Stage = "clock"
	StageGrant    Stage = "grant"
	StageToken    Stage = "token"
	StageScopes   Stage = "scopes"
	StageExchange Stage = "exchange"
	StageClaim    Stage = "claim"
	StageAccess   Stage = "access"
)

// Stages are all stages in their order.
var Stages = []Stage{
	StageKey, StageMetadata, StageClock, StageGrant, StageToken,
	StageScopes, StageExchange, StageClaim, StageAccess,
}

// Outcome is how a stage ended.
type Outcome string

const (
	// Passed is a green light.
	Passed Outcome = "passed"
	// Failed is a red light; the run stopped here.
	Failed Outcome = "failed"
	// NotApplicable is a stage that this integration, or this answer, gives
	// nothing to test for.
	NotApplicable Outcome = "not-applicable"
	// NotReached is a stage behind a red light.
	NotReached Outcome = "not-reached"
)

// Result is what one stage found.
type Result struct {
	Stage   Stage
	Outcome Outcome
	// Code is one of Codes. It is empty for a stage that passed or was not
	// reached.
	Code string
	// Took is the time that the stage took.
	Took time.Duration
	// Figures are what was measured, by the names in Figures, ready to be
	// shown.
	Figures map[string]string
	// Possible are the causes that remain when several look alike, those for
	// which something speaks first.
	Possible []Possibility
}

// Figures are the names of what each stage measures, in the order in which to
// show them. A stage leaves out what it does not know.
var Figures = map[Stage][]string{
	// days: whole days until the key expires, negative afterwards.
	StageKey: {"kid", "bits", "thumbprint", "days"},
	// found: the issuer or endpoint that is not the configured one.
	StageMetadata: {"issuer", "endpoint", "found", "status", "retry"},
	// skew: seconds by which our clock is ahead, with its sign; tolerance:
	// the seconds that Maskinporten allows.
	StageClock: {"skew", "tolerance"},
	// life: seconds; scopes: what was asked for, with spaces in between;
	// customer and resource: what was asked for besides.
	StageGrant: {"audience", "life", "scopes", "customer", "resource", "jti"},
	// lifetime: seconds; consumer and supplier: org numbers; wait: seconds
	// until a key or a client that is new must have arrived; retry: seconds
	// for which the other end asks to be left alone, as at all calls.
	StageToken: {"lifetime", "type", "consumer", "supplier", "resource", "status", "wait", "retry"},
	// All three are lists with spaces in between.
	StageScopes:   {"wanted", "issued", "missing"},
	StageExchange: {"status", "lifetime", "retry"},
	// org: the short code of the service owner; number: the org number;
	// listed: the code under which Altinn's list has the organisation.
	StageClaim:  {"org", "number", "listed"},
	StageAccess: {"status", "code", "retry"},
}

// Answer is the answer at which a run failed, to be shown faithfully and as a
// quotation. It holds nothing of the request.
type Answer struct {
	// Status is 0 when there was no answer.
	Status int
	// Code is the other end's own code (MP-121, NOT-00003), Error the OAuth
	// error or the title of the problem.
	Code, Error, Description string
	// TraceID is what the other end's support asks for.
	TraceID string
	// Cause is what the network said when there was no whole answer.
	Cause string
}

// Run is one proof.
type Run struct {
	ID string
	// Options are what the grant asked for otherwise than usual.
	Options Options
	// Integration is the subject's. Finish is asked by an id alone, so compare
	// it before the run is kept as the proof of something.
	Integration string
	// ClientID is the client that the grant was for.
	ClientID string
	Started  time.Time
	// Took leaves out the wait for the signature.
	Took time.Duration
	// Results are always nine, one for each of Stages in that order.
	Results []Result

	// MaskinportenClaims and AltinnClaims are decoded from the tokens, not
	// verified; nil as far as the run did not come.
	MaskinportenClaims, AltinnClaims map[string]any

	// Answer is nil unless the run failed at an answer, or at the lack of one.
	Answer *Answer
}

// Passed reports whether no light is red and all stages were reached.
func (r Run) Passed() bool {
	return len(r.Results) == len(Stages) && !slices.ContainsFunc(r.Results, func(s Result) bool {
		return s.Outcome != Passed && s.Outcome != NotApplicable
	})
}

// Failed gives the stage at which the run stopped, if it did.
func (r Run) Failed() (Result, bool) {
	if i := slices.IndexFunc(r.Results, func(s Result) bool { return s.Outcome == Failed }); i >= 0 {
		return r.Results[i], true
	}
	return Result{}, false
}
