package outbound_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"portvakt/internal/outbound"
)

var errDown = errors.New("down")

// source counts how often it is asked. Time in these tests is synctest's own,
// so that an hour costs nothing.
type source struct {
	kept  outbound.Kept[int]
	asked int
	takes time.Duration
	err   error
}

func newSource() *source {
	s := &source{}
	s.kept = outbound.Kept[int]{Now: time.Now, Fresh: time.Hour, Fetch: func(ctx context.Context) (int, error) {
		s.asked++
		n, err := s.asked, s.err
		select {
		case <-time.After(s.takes):
			return n, err
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}}
	return s
}

// check asks for the value and compares what comes and how often the source
// has been asked.
func (s *source) check(t *testing.T, get func(context.Context) (int, error), want int, wantErr error, asked int) {
	t.Helper()
	got, err := get(t.Context())
	if !errors.Is(err, wantErr) || wantErr == nil && got != want || s.asked != asked {
		t.Errorf("got %d, %v and %d calls, want %d, %v and %d calls", got, err, s.asked, want, wantErr, asked)
	}
}

// pass lets time go by.
func pass(d time.Duration) { <-time.After(d) }

func TestKeptWhileFresh(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSource()
		s.check(t, s.kept.Get, 1, nil, 1)
		pass(time.Hour - time.Second)
		s.check(t, s.kept.Get, 1, nil, 1)
		pass(time.Second)
		s.check(t, s.kept.Get, 2, nil, 2)
	})
}

func TestKeptFailure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSource()
		s.err = errDown
		s.check(t, s.kept.Get, 0, errDown, 1)
		pass(time.Minute - time.Second)
		s.check(t, s.kept.Get, 0, errDown, 1)
		pass(time.Second)
		s.check(t, s.kept.Get, 0, errDown, 2)
		s.err = nil
		pass(time.Minute)
		s.check(t, s.kept.Get, 3, nil, 3)
	})
}

func TestKeptWhileTheSourceIsDown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSource()
		s.check(t, s.kept.Get, 1, nil, 1)
		s.err = errDown
		pass(time.Hour)
		s.check(t, s.kept.Get, 1, nil, 2)
		s.check(t, s.kept.Get, 1, nil, 2)
		pass(24*time.Hour - time.Second)
		s.check(t, s.kept.Get, 1, nil, 3)
		pass(time.Second)
		s.check(t, s.kept.Get, 0, errDown, 3)
		s.err = nil
		pass(time.Minute)
		s.check(t, s.kept.Get, 4, nil, 4)
	})
}

func TestKeptAsksOnceAtATime(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{"value": nil, "failure": errDown} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSource()
				s.takes, s.err = time.Second, err
				for range 100 {
					go s.check(t, s.kept.Get, 1, err, 1)
				}
				synctest.Wait()
				pass(2 * time.Second)
			})
		})
	}
}

// Who leaves does not wait, and the others get what they wait for.
func TestKeptCallerLeaves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSource()
		s.takes = time.Second
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		begun := time.Now()
		if _, err := s.kept.Get(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(begun) != time.Millisecond {
			t.Errorf("got %v after %v", err, time.Since(begun))
		}
		s.check(t, s.kept.Get, 1, nil, 1)
		if got, err := s.kept.Get(ctx); got != 1 || err != nil {
			t.Errorf("got %d and %v of what was there", got, err)
		}
	})
}

func TestKeptFetchHasAnEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSource()
		s.takes = 365 * 24 * time.Hour
		begun := time.Now()
		s.check(t, s.kept.Get, 0, context.DeadlineExceeded, 1)
		if got := time.Since(begun); got > time.Minute {
			t.Errorf("the fetch took %v", got)
		}
	})
}

// Who would rather have the older value does not wait for the newer.
func TestKeptAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSource()
		// A call in the background counts too.
		atOnce := func(ctx context.Context) (int, error) {
			defer synctest.Wait()
			return s.kept.AtOnce(ctx)
		}
		s.takes = 10 * time.Second
		s.check(t, atOnce, 1, nil, 1)
		pass(time.Hour)
		begun := time.Now()
		got, err := s.kept.AtOnce(t.Context())
		if got != 1 || err != nil || time.Since(begun) != 0 {
			t.Errorf("got %d and %v after %v, want the older one at once", got, err, time.Since(begun))
		}
		pass(11 * time.Second)
		s.check(t, atOnce, 2, nil, 2)
		s.err = errDown
		pass(time.Hour)
		s.check(t, atOnce, 2, nil, 3)
		pass(11 * time.Second)
		s.check(t, atOnce, 2, nil, 3)
		pass(24 * time.Hour)
		s.check(t, atOnce, 0, errDown, 4)
	})
}

func TestKeptNewer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSource()
		s.check(t, s.kept.Newer, 1, nil, 1)
		s.check(t, s.kept.Newer, 1, nil, 1)
		pass(time.Minute)
		s.check(t, s.kept.Newer, 2, nil, 2)
		s.err = errDown
		pass(time.Minute)
		s.check(t, s.kept.Newer, 0, errDown, 3)
		s.check(t, s.kept.Newer, 0, errDown, 3)
		s.check(t, s.kept.Get, 2, nil, 3)
	})
}

// A clock that is set back says nothing about the age of a value.
func TestKeptClockSetBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSource()
		s.check(t, s.kept.Get, 1, nil, 1)
		s.kept.Now = func() time.Time { return time.Now().Add(-24 * time.Hour) }
		s.check(t, s.kept.Get, 2, nil, 2)
		s.check(t, s.kept.Get, 2, nil, 2)
	})
}

// A reader that breaks down takes neither the program with it nor those who wait.
func TestKeptPanic(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSource()
		fetch := s.kept.Fetch
		s.kept.Fetch = func(ctx context.Context) (int, error) {
			if s.asked++; s.asked == 1 {
				panic("index out of range")
			}
			return fetch(ctx)
		}
		if got, err := s.kept.Get(t.Context()); err == nil || got != 0 {
			t.Errorf("got %d, %v, want an error", got, err)
		}
		if _, err := s.kept.Get(t.Context()); err == nil || s.asked != 1 {
			t.Errorf("right after: %v and %d calls, want the same error", err, s.asked)
		}
		pass(time.Minute)
		s.check(t, s.kept.Get, 3, nil, 3)
	})
}
