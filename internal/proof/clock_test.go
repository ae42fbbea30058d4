package proof_test

import (
	"net/http"
	"testing"
	"time"

	"portvakt/internal/proof"
)

// The clock is red beyond ten seconds, and what it shows has the sign of ours.
func TestClock(t *testing.T) {
	t.Parallel()
	w := start(t)
	for _, test := range []struct {
		offset  time.Duration
		outcome proof.Outcome
		skew    string
	}{
		// The sandbox's time may be up to a second later than its Date says.
		{0, proof.Passed, "0"},
		{time.Second, proof.Passed, "-1"},
		{-time.Second, proof.Passed, "0"},
		{10 * time.Second, proof.Passed, "-10"},
		{11 * time.Second, proof.Failed, "-11"},
		{-11 * time.Second, proof.Passed, "+10"},
		{-12 * time.Second, proof.Failed, "+11"},
		{30 * time.Second, proof.Failed, "-30"},
		{-30 * time.Second, proof.Failed, "+29"},
	} {
		w.sandbox.SetClockOffset(test.offset)
		_, run := w.Prepare(t.Context(), w.subject)
		got := run.Results[2]
		if skew := got.Figures["skew"]; got.Outcome != test.outcome || skew != test.skew {
			t.Errorf("offset %v: got %s with skew %s, want %s with %s", test.offset, got.Outcome, skew, test.outcome, test.skew)
		}
	}
}

// A slow answer makes the measure vague, not the clock wrong.
func TestClockAfterASlowAnswer(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.override(proof.StageMetadata, func(out http.ResponseWriter, r *http.Request) {
		w.sleep(25 * time.Second)
		w.sandbox.ServeHTTP(out, r)
	})
	_, run := w.Prepare(t.Context(), w.subject)
	if got := run.Results[2]; got.Outcome != proof.Passed {
		t.Errorf("got %s %s with skew %s", got.Outcome, got.Code, got.Figures["skew"])
	}
}

func TestClockUnmeasured(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.override(proof.StageMetadata, func(out http.ResponseWriter, r *http.Request) {
		w.sandbox.ServeHTTP(undated{out}, r)
	})
	run := w.prove(t)
	sound(t, run)
	if got := run.Results[2]; got.Outcome != proof.NotApplicable || got.Code != proof.ClockUnmeasured {
		t.Errorf("got %s %s, want %s %s", got.Outcome, got.Code, proof.NotApplicable, proof.ClockUnmeasured)
	}
	if !run.Passed() {
		t.Errorf("not green: %+v", run.Results)
	}
}

// undated takes the Date off an answer.
type undated struct{ http.ResponseWriter }

func (u undated) WriteHeader(status int) {
	u.Header()["Date"] = nil
	u.ResponseWriter.WriteHeader(status)
}
