package altinn_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"portvakt/internal/altinn"
)

// clock is a time that a test sets. It may be read and set at once.
type clock struct{ atomic.Int64 }

func (c *clock) now() time.Time { return time.Unix(1773489600, c.Load()) }

func (c *clock) pass(d time.Duration) { c.Add(int64(d)) }

func TestDirectory(t *testing.T) {
	t.Parallel()
	var (
		calls atomic.Int32
		down  atomic.Bool
		at    clock
	)
	d := altinn.NewDirectory(served(t, func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		if down.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		text(recorded(t, "orgs.json"))(w, r)
	}), at.now)
	check := func(number, code string, listed bool, asked int32) {
		t.Helper()
		gotCode, gotListed, err := d.Code(t.Context(), number)
		if err != nil {
			t.Error(err)
		}
		if gotCode != code || gotListed != listed || calls.Load() != asked {
			t.Errorf("%s: got %q, %v and %d calls, want %q, %v and %d calls",
				number, gotCode, gotListed, calls.Load(), code, listed, asked)
		}
	}

	check("991825827", "digdir", true, 1)
	check("310330035", "", false, 1)
	at.pass(time.Hour)
	down.Store(true)
	check("991825827", "digdir", true, 2)
	check("991825827", "digdir", true, 2)
	at.pass(time.Minute)
	down.Store(false)
	check("991825827", "digdir", true, 3)
}

// While a newer list hangs, a page gets the older one.
func TestDirectoryAtOnce(t *testing.T) {
	t.Parallel()
	var (
		hangs  atomic.Bool
		answer = make(chan struct{})
		at     clock
	)
	d := altinn.NewDirectory(served(t, func(w http.ResponseWriter, r *http.Request) {
		if hangs.Load() {
			<-answer
		}
		text(recorded(t, "orgs.json"))(w, r)
	}), at.now)
	if code, _, err := d.CodeAtOnce(t.Context(), "991825827"); code != "digdir" || err != nil {
		t.Errorf("the first: got %q, %v", code, err)
	}
	at.pass(time.Hour)
	hangs.Store(true)
	// Whoever waited would wait for ever.
	code, listed, err := d.CodeAtOnce(t.Context(), "991825827")
	if code != "digdir" || !listed || err != nil {
		t.Errorf("got %q, %v, %v", code, listed, err)
	}
	close(answer)
	if code, _, err := d.Code(t.Context(), "991825827"); code != "digdir" || err != nil {
		t.Errorf("the newer: got %q, %v", code, err)
	}
}

func TestDirectoryThatCannotBeHad(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	d := altinn.NewDirectory(served(t, func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		w.WriteHeader(http.StatusServiceUnavailable)
	}), new(clock).now)
	var callers sync.WaitGroup
	for range 20 {
		callers.Go(func() {
			_, _, err := d.Code(t.Context(), "991825827")
			if e := (*altinn.Error)(nil); !errors.As(err, &e) || e.Kind != altinn.KindRefused || e.Status != 503 {
				t.Errorf("got %v", err)
			}
		})
	}
	callers.Wait()
	if got, want := calls.Load(), int32(1); got != want {
		t.Errorf("got %d calls, want %d", got, want)
	}
}

func TestDirectoryCallerLeaves(t *testing.T) {
	t.Parallel()
	asked := make(chan struct{})
	answer := make(chan struct{})
	d := altinn.NewDirectory(served(t, func(w http.ResponseWriter, r *http.Request) {
		close(asked)
		<-answer
		text(recorded(t, "orgs.json"))(w, r)
	}), new(clock).now)

	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-asked; cancel() }()
	_, _, err := d.Code(ctx, "991825827")
	close(answer)
	if got, want := refusal(t, err).Kind, altinn.KindCancelled; got != want || !errors.Is(err, context.Canceled) {
		t.Errorf("got %s (%v), want %s", got, err, want)
	}
	if code, _, err := d.Code(t.Context(), "991825827"); code != "digdir" || err != nil {
		t.Errorf("got %q and %v of the call that was under way", code, err)
	}
}
