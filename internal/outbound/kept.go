package outbound

import (
	"context"
	"fmt"
	"sync"
	"time"
)

const (
	// pause is how long after a failure nobody is asked again, so that a
	// service that is down makes one page slow and not each.
	pause = time.Minute
	// reserve is how much longer than it is fresh a value is used while no
	// newer one can be had.
	reserve = 24 * time.Hour
	// fetchLimit ends a fetch that its client does not end. It is above what
	// a Client allows.
	fetchLimit = 15 * time.Second
)

// Kept is a value from outside that is kept for a while. It is safe for
// concurrent use and asks at most once at a time: callers of the same moment
// wait for one call, which goes on when one of them leaves. The three exported
// fields are required and must not be changed afterwards.
type Kept[T any] struct {
	// Fetch asks for the value. What it returns is shared by all callers.
	Fetch func(context.Context) (T, error)
	// Now is the portal's own clock.
	Now func() time.Time
	// Fresh is how long a value is used without asking again.
	Fresh time.Duration

	mu     sync.Mutex
	has    bool
	value  T
	at     time.Time
	err    error // of the last fetch, nil when it went well
	failed time.Time
	flight *flight[T]
}

// flight is one call, and what came of it once done is closed.
type flight[T any] struct {
	done  chan struct{}
	value T
	err   error
}

// Get gives the value. When it is no longer fresh and cannot be had anew, the
// older one goes on being used for up to 24 hours more; a failure is
// remembered for a minute. The error is Fetch's, or that of ctx.
func (k *Kept[T]) Get(ctx context.Context) (T, error) {
	value, err := k.younger(ctx, k.Fresh)
	if err == nil {
		return value, nil
	}
	if older, ok := k.older(); ok {
		return older, nil
	}
	return value, err
}

// AtOnce is Get for who would rather have an older value than wait: one that is
// no longer fresh is given while a newer one is fetched for those who come later.
// Only where there is none yet does it wait.
func (k *Kept[T]) AtOnce(ctx context.Context) (T, error) {
	f := k.board(ctx, k.Fresh)
	select {
	case <-f.done:
		if f.err == nil {
			return f.value, nil
		}
	default:
	}
	if older, ok := k.older(); ok {
		return older, nil
	}
	return f.land(ctx)
}

// older is the value that is no longer fresh, as long as it may be used at all.
func (k *Kept[T]) older() (value T, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.value, k.has && within(k.Now(), k.at, k.Fresh+reserve)
}

// Newer is for who has found that the value lacks something: it asks again,
// but never more than once a minute, and a failure is never made good with an
// older value.
func (k *Kept[T]) Newer(ctx context.Context) (T, error) { return k.younger(ctx, pause) }

func (k *Kept[T]) younger(ctx context.Context, than time.Duration) (T, error) {
	return k.board(ctx, than).land(ctx)
}

// land waits for the end of the flight, or of ctx.
func (f *flight[T]) land(ctx context.Context) (T, error) {
	// What is there is given also to who has no time left.
	select {
	case <-f.done:
		return f.value, f.err
	default:
	}
	select {
	case <-f.done:
		return f.value, f.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// board gives a flight that has ended, if what is kept will do, or the one
// that is under way, or a new one.
func (k *Kept[T]) board(ctx context.Context, age time.Duration) *flight[T] {
	k.mu.Lock()
	defer k.mu.Unlock()

	now := k.Now()
	switch {
	case k.has && within(now, k.at, age):
		return ended(k.value, nil)
	case k.err != nil && within(now, k.failed, pause):
		var none T
		return ended(none, k.err)
	case k.flight == nil:
		k.flight = &flight[T]{done: make(chan struct{})}
		// Not the caller's end: others may be waiting for it too.
		go k.fly(context.WithoutCancel(ctx), k.flight)
	}
	return k.flight
}

func (k *Kept[T]) fly(ctx context.Context, f *flight[T]) {
	ctx, cancel := context.WithTimeout(ctx, fetchLimit)
	defer cancel()
	f.value, f.err = k.fetch(ctx)

	k.mu.Lock()
	defer k.mu.Unlock()

	k.flight, k.err = nil, f.err
	if f.err != nil {
		k.failed = k.Now()
	} else {
		k.has, k.value, k.at = true, f.value, k.Now()
	}
	close(f.done)
}

// fetch makes an error of a panic, which would end the whole program: nobody else
// is there to recover it, other than in a request.
func (k *Kept[T]) fetch(ctx context.Context) (value T, err error) {
	defer func() {
		if p := recover(); p != nil {
			var none T
			value, err = none, fmt.Errorf("fetching: panic: %v", p)
		}
	}()
	return k.Fetch(ctx)
}

func ended[T any](value T, err error) *flight[T] {
	f := &flight[T]{done: make(chan struct{}), value: value, err: err}
	close(f.done)
	return f
}

// within reports whether less than age has gone by. A clock that was set back
// tells nothing.
func within(now, since time.Time, age time.Duration) bool {
	gone := now.Sub(since)
	return gone >= 0 && gone < age
}
