package proof_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"portvakt/internal/proof"
)

func TestFinishOnlyWhatWasPrepared(t *testing.T) {
	t.Parallel()
	w := start(t)
	prepare := func(t *testing.T) (*proof.Prepared, string) {
		t.Helper()
		prepared, run := w.Prepare(t.Context(), w.subject)
		if prepared == nil {
			t.Fatalf("got %+v", run.Answer)
		}
		return prepared, w.sign(t, prepared)
	}
	refused := func(t *testing.T, signIn, id, grant string) {
		t.Helper()
		if run, err := w.Finish(t.Context(), signIn, id, grant); !errors.Is(err, proof.ErrNotPrepared) || run.Results != nil {
			t.Errorf("got error %v and run %+v, want %v", err, run, proof.ErrNotPrepared)
		}
	}
	accepted := func(t *testing.T, id, grant string) {
		t.Helper()
		run, err := w.Finish(t.Context(), signIn, id, grant)
		if err != nil || !run.Passed() {
			t.Errorf("got error %v and run %+v, want it green", err, run)
		}
	}

	// Not parallel: the last two move the clock.
	t.Run("grant that was prepared under another id", func(t *testing.T) {
		first, _ := prepare(t)
		_, second := prepare(t)
		refused(t, signIn, first.ID, second)
	})
	t.Run("something else altogether", func(t *testing.T) {
		for _, grant := range []string{"", ".", "a.b.c", "eyJ.eyJ.", strings.Repeat("a.", 1<<20)} {
			prepared, _ := prepare(t)
			refused(t, signIn, prepared.ID, grant)
		}
	})
	t.Run("signing input alone", func(t *testing.T) {
		prepared, _ := prepare(t)
		refused(t, signIn, prepared.ID, prepared.SigningInput)
	})
	t.Run("unknown id", func(t *testing.T) {
		_, grant := prepare(t)
		refused(t, signIn, "", grant)
		refused(t, signIn, "3f2b9c1e-7d3a-4e9e-9a53-0b8f5f0f6c11", grant)
	})
	t.Run("second use", func(t *testing.T) {
		prepared, grant := prepare(t)
		accepted(t, prepared.ID, grant)
		refused(t, signIn, prepared.ID, grant)
	})
	t.Run("second use after a wrong signature", func(t *testing.T) {
		prepared, grant := prepare(t)
		forged := grant[:strings.LastIndexByte(grant, '.')] + ".AAAA"
		run, err := w.Finish(t.Context(), signIn, prepared.ID, forged)
		must(t, err)
		if red, _ := run.Failed(); red.Code != proof.GrantInvalidSignature {
			t.Errorf("got %q, want %q", red.Code, proof.GrantInvalidSignature)
		}
		refused(t, signIn, prepared.ID, grant)
	})
	t.Run("another sign-in's", func(t *testing.T) {
		prepared, grant := prepare(t)
		refused(t, "sign-in-2", prepared.ID, grant)
		// Nor has it taken anything away from its owner.
		accepted(t, prepared.ID, grant)
	})
	t.Run("white space around", func(t *testing.T) {
		prepared, grant := prepare(t)
		accepted(t, prepared.ID, "\n "+grant+"\r\n")
	})
	t.Run("at 120 seconds", func(t *testing.T) {
		prepared, grant := prepare(t)
		w.sleep(120 * time.Second)
		accepted(t, prepared.ID, grant)
		w.sleep(-120 * time.Second)
	})
	t.Run("after 120 seconds", func(t *testing.T) {
		prepared, grant := prepare(t)
		w.sleep(120*time.Second + time.Millisecond)
		refused(t, signIn, prepared.ID, grant)
	})
}

func TestPreparedAreBounded(t *testing.T) {
	t.Parallel()
	w := start(t)
	first, _ := w.Prepare(t.Context(), w.subject)
	second, _ := w.Prepare(t.Context(), w.subject)
	for range 999 {
		if prepared, run := w.Prepare(t.Context(), w.subject); prepared == nil {
			t.Fatalf("got %+v", run.Answer)
		}
	}
	if _, err := w.Finish(t.Context(), signIn, first.ID, w.sign(t, first)); !errors.Is(err, proof.ErrNotPrepared) {
		t.Errorf("the oldest of 1,001: got error %v, want %v", err, proof.ErrNotPrepared)
	}
	if run, err := w.Finish(t.Context(), signIn, second.ID, w.sign(t, second)); err != nil || !run.Passed() {
		t.Errorf("the second oldest: got error %v and run %+v", err, run)
	}
}

// The grant carries our own time, however far the other clock is off.
func TestGrantHasOurTime(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.sandbox.SetClockOffset(9 * time.Second)
	prepared, run := w.Prepare(t.Context(), w.subject)
	if prepared == nil {
		t.Fatalf("got %+v", run)
	}
	claims := decoded(t, prepared.SigningInput)
	if got, want := claims["iat"], float64(noon.Unix()); got != want {
		t.Errorf("got iat %v, want %v", got, want)
	}
	if got, want := claims["exp"], float64(noon.Unix()+120); got != want {
		t.Errorf("got exp %v, want %v", got, want)
	}
	if got, want := prepared.Until, noon.Add(120*time.Second); !got.Equal(want) {
		t.Errorf("got until %v, want %v", got, want)
	}
}

// Changing the run that Prepare returned does not change what Finish returns.
func TestRunsAreCopies(t *testing.T) {
	t.Parallel()
	w := start(t)
	scopes := w.subject.Scopes
	prepared, run := w.Prepare(t.Context(), w.subject)
	grant := w.sign(t, prepared)
	run.Results[0].Outcome = proof.Failed
	run.Results[0].Figures["kid"] = "changed"
	scopes[0] = "changed"
	finished, err := w.Finish(t.Context(), signIn, prepared.ID, grant)
	if err != nil || !finished.Passed() || finished.Results[0].Figures["kid"] != kid {
		t.Errorf("got error %v and run %+v", err, finished)
	}
	if finished.ID != run.ID || finished.Integration != "i-1" {
		t.Errorf("the two halves are not one run: %q of %q and %q", run.ID, finished.Integration, finished.ID)
	}
}

func TestRate(t *testing.T) {
	t.Parallel()
	w := &world{now: noon}
	rate := proof.NewRate(w.clock)
	const mine, theirs = "310110019", "310220027"
	for i := range 10 {
		if err := rate.Allow(mine); err != nil {
			t.Fatalf("proof %d: %v", i+1, err)
		}
		w.sleep(time.Second)
	}
	var tooMany *proof.TooMany
	err := rate.Allow(mine)
	if !errors.Is(err, proof.ErrTooMany) || !errors.As(err, &tooMany) {
		t.Fatalf("got %v, want %v", err, proof.ErrTooMany)
	}
	if got, want := tooMany.Wait, 50*time.Second; got != want {
		t.Errorf("got %v to wait, want %v", got, want)
	}
	if err := rate.Allow(theirs); err != nil {
		t.Errorf("another organisation: %v", err)
	}
	w.sleep(tooMany.Wait)
	if err := rate.Allow(mine); err != nil {
		t.Errorf("after the wait: %v", err)
	}
	if err := rate.Allow(mine); !errors.Is(err, proof.ErrTooMany) {
		t.Errorf("right after that: got %v, want %v", err, proof.ErrTooMany)
	}
}
