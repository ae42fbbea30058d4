package proof_test

import (
	"testing"
	"time"

	"portvakt/internal/outbound"
	"portvakt/internal/proof"
	"portvakt/internal/sandbox"
)

// found is the red light of a rehearsal: its stage and its code. The stage is empty where all is green.
type found struct {
	stage proof.Stage
	code  string
}

// rehearsals are what a proof says of each fault of one service.
var rehearsals = map[string]found{
	"other-issuer":          {proof.StageMetadata, proof.MetadataWrongIssuer},
	"endpoints-elsewhere":   {proof.StageMetadata, proof.MetadataEndpointElsewhere},
	"no-date":               {}, // and the clock is not judged
	"clock-fast":            {proof.StageClock, proof.ClockSlow},
	"clock-slow":            {proof.StageClock, proof.ClockFast},
	"propagation":           {proof.StageToken, proof.TokenClientNotFound},
	"key-expired":           {proof.StageToken, proof.TokenExpiredKey},
	"signature":             {proof.StageToken, proof.TokenInvalidSignature},
	"audience":              {proof.StageToken, proof.TokenWrongAudience},
	"grant-used":            {proof.StageToken, proof.TokenGrantUsed},
	"grant-type":            {proof.StageToken, proof.TokenGrantType},
	"grant-malformed":       {proof.StageToken, proof.TokenMalformed},
	"unknown-claim":         {proof.StageToken, proof.TokenUnknownClaim},
	"grant-life":            {proof.StageToken, proof.TokenLifeTooLong},
	"unknown-client":        {proof.StageToken, proof.TokenClientNotFound},
	"unknown-kid":           {proof.StageToken, proof.TokenUnknownKid},
	"scope-not-on-client":   {proof.StageToken, proof.TokenScopeNotOnClient},
	"not-delegated":         {proof.StageToken, proof.TokenNotDelegated},
	"consumer-own":          {proof.StageToken, proof.TokenConsumerOwn},
	"resource-refused":      {proof.StageToken, proof.TokenResource},
	"integration-type":      {proof.StageToken, proof.TokenIntegrationType},
	"access-revoked":        {proof.StageToken, proof.TokenAccessNotGranted},
	"unknown-error":         {proof.StageToken, "token.unknown"},
	"fewer-scopes":          {proof.StageScopes, proof.ScopesMissing},
	"token-expired":         {proof.StageExchange, proof.ExchangeTokenExpired},
	"token-issuer":          {proof.StageExchange, proof.ExchangeWrongIssuer},
	"no-consumer":           {proof.StageExchange, proof.ExchangeNoConsumer},
	"exchange-refused":      {proof.StageExchange, proof.ExchangeRefused},
	"token-early":           {proof.StageExchange, proof.ExchangeTokenEarly},
	"token-signature":       {proof.StageExchange, proof.ExchangeSignature},
	"consumer-prefix":       {proof.StageExchange, proof.ExchangeConsumerPrefix},
	"exchange-provider":     {proof.StageExchange, proof.ExchangeProvider},
	"exchange-gone":         {proof.StageExchange, proof.ExchangeGone},
	"organisation-unlisted": {proof.StageClaim, proof.ClaimOrganisation},
	"notifications-401":     {proof.StageAccess, proof.AccessTokenRefused},
	"notifications-403":     {proof.StageAccess, proof.AccessRefused},
	"notifications-404":     {proof.StageAccess, proof.AccessNotFound},
	"notifications-400":     {proof.StageAccess, proof.AccessParameter},
	"notifications-415":     {proof.StageAccess, proof.AccessContentType},
	"notifications-503":     {proof.StageAccess, proof.AccessDependency},
}

// rehearsedReasons are what a proof says of each fault that every call can meet.
var rehearsedReasons = map[string]string{
	"slow": proof.ReasonTimeout, "hang": proof.ReasonTimeout, "stall": proof.ReasonSlow,
	"dropped": proof.ReasonCutOff, "cut": proof.ReasonCutOff,
	"gateway": proof.ReasonServerError, "error": proof.ReasonServerError, "busy": proof.ReasonBusy,
	"redirect": proof.ReasonRedirect, "login": proof.ReasonNotJSON, "broken": proof.ReasonUnreadable,
	"empty": proof.ReasonNotJSON, "large": proof.ReasonTooLarge, "headers": proof.ReasonHeadersTooLarge,
}

// stageOf is where a proof makes each call.
var stageOf = map[string]proof.Stage{
	sandbox.CallMetadata: proof.StageMetadata, sandbox.CallToken: proof.StageToken,
	sandbox.CallExchange: proof.StageExchange, sandbox.CallNotifications: proof.StageAccess,
}

func expected(t *testing.T, f sandbox.Fault) found {
	t.Helper()
	if f.Call == "" {
		want, listed := rehearsals[f.ID]
		if !listed {
			t.Errorf("%s is not in the table", f.ID)
		}
		return want
	}
	return found{stageOf[f.Call], string(stageOf[f.Call]) + "." + rehearsedReasons[f.Kind]}
}

// Each fault that the sandbox can rehearse, through a whole proof.
func TestRehearsals(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.prove(t) // the sandbox makes its keys, which may take longer than an impatient client waits
	patient := w.subject.Environment
	impatient := w.environment(t, outbound.Limits{Addresses: []string{w.server.URL}, Call: 500 * time.Millisecond})
	for _, f := range sandbox.Faults() {
		w.subject.Environment = patient
		if f.Kind == "slow" || f.Kind == "hang" || f.Kind == "stall" {
			w.subject.Environment = impatient
		}
		must(t, w.sandbox.SetFault(f.ID, true, f.Usual))
		run := w.prove(t)
		sound(t, run)
		red, _ := run.Failed()
		if got, want := (found{red.Stage, red.Code}), expected(t, f); got != want {
			t.Errorf("%s: got %v, want %v; answer %+v", f.ID, got, want, run.Answer)
		}
		must(t, w.sandbox.SetFault(f.ID, false, 0))
	}
	if run := w.prove(t); !run.Passed() {
		t.Errorf("with all faults off: %+v", run.Results)
	}
}

// Of a new key of a client that is known, it is the kid that nobody knows yet.
func TestRehearsedPropagationOfAKey(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.sandbox.SetClockOffset(time.Hour)
	w.sleep(time.Hour)
	must(t, w.sandbox.RemoveKey(w.subject.ClientID, kid))
	if _, err := w.sandbox.AddKeys(w.subject.ClientID, key().Public().JSON()); err != nil {
		t.Fatal(err)
	}
	must(t, w.sandbox.SetFault("propagation", true, 120))
	run := w.prove(t)
	if red, _ := run.Failed(); red.Code != proof.TokenUnknownKid {
		t.Errorf("got %q, want %q", red.Code, proof.TokenUnknownKid)
	}
	w.sandbox.SetClockOffset(time.Hour + 120*time.Second)
	w.sleep(120 * time.Second)
	if run := w.prove(t); !run.Passed() {
		t.Errorf("got %+v after the delay, want it green", run.Results)
	}
}

// A metadata answer without a time leaves the clock unjudged.
func TestRehearsedNoDate(t *testing.T) {
	t.Parallel()
	w := start(t)
	must(t, w.sandbox.SetFault("no-date", true, 0))
	run := w.prove(t)
	if clock := run.Results[2]; clock.Outcome != proof.NotApplicable || clock.Code != proof.ClockUnmeasured || !run.Passed() {
		t.Errorf("got %+v", clock)
	}
}

// A clock that is off by no more than is tolerated changes nothing.
func TestRehearsedWithinBounds(t *testing.T) {
	t.Parallel()
	w := start(t)
	must(t, w.sandbox.SetFault("clock-fast", true, 10))
	if run := w.prove(t); !run.Passed() {
		t.Errorf("got %+v, want it green", run.Results)
	}
}
