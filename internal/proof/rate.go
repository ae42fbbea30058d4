package proof

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

const (
	rateLimit  = 10
	rateWindow = time.Minute
	// Beyond this many organisations those without a recent proof are
	// forgotten.
	rateSweep = 1000
)

// ErrTooMany is what every TooMany is.
var ErrTooMany = errors.New("too many proofs")

// TooMany is the error of one proof too many.
type TooMany struct {
	// Wait is how long until the next one is allowed.
	Wait time.Duration
}

// Error tells the time to wait.
func (t *TooMany) Error() string { return fmt.Sprintf("%v: wait %v", ErrTooMany, t.Wait) }

// Unwrap gives ErrTooMany.
func (t *TooMany) Unwrap() error { return ErrTooMany }

// Rate allows each organisation ten proofs in any minute. It is safe for
// concurrent use.
type Rate struct {
	now func() time.Time

	mu     sync.Mutex
	recent map[string][]time.Time
}

// NewRate makes a Rate that has seen nothing.
func NewRate(now func() time.Time) *Rate {
	return &Rate{now: now, recent: map[string][]time.Time{}}
}

// Allow counts one proof of an organisation, or returns a *TooMany and counts
// nothing.
func (r *Rate) Allow(organisation string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	if len(r.recent) >= rateSweep {
		r.sweep(now)
	}
	recent := since(r.recent[organisation], now)
	if len(recent) >= rateLimit {
		r.recent[organisation] = recent
		return &TooMany{Wait: recent[0].Add(rateWindow).Sub(now)}
	}
	r.recent[organisation] = append(recent, now)
	return nil
}

func (r *Rate) sweep(now time.Time) {
	for organisation, times := range r.recent {
		if len(since(times, now)) == 0 {
			delete(r.recent, organisation)
		}
	}
}

// since drops the times that lie a whole window back.
func since(times []time.Time, now time.Time) []time.Time {
	for len(times) > 0 && now.Sub(times[0]) >= rateWindow {
		times = times[1:]
	}
	return times
}
