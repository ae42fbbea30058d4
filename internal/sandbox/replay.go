package sandbox

import (
	"crypto/sha256"
	"sync"
	"time"
)

// maxGrants bounds the memory of used grants. Each is remembered for a little over three minutes, and only a client with
// a registered key gets as far as being remembered.
const maxGrants = 100_000

// replay remembers which grants have been used.
type replay struct {
	most int

	mu    sync.Mutex
	until map[[sha256.Size]byte]time.Time
	swept time.Time
}

func newReplay(most int) *replay {
	return &replay{most: most, until: map[[sha256.Size]byte]time.Time{}}
}

// use marks a client's grant as used until the given time, and refuses one that was used before. Looking and marking
// are one step: of many simultaneous requests with one grant, one succeeds. When the memory is full nothing is
// forgotten; new grants are refused until old ones have run out.
func (r *replay) use(client, id string, until, now time.Time) error {
	key := sha256.Sum256([]byte(client + "\x00" + id))
	r.mu.Lock()
	defer r.mu.Unlock()

	if kept, ok := r.until[key]; ok && !now.After(kept) {
		return errUsed
	}
	r.sweep(now)
	if len(r.until) >= r.most {
		return errCrowded
	}
	r.until[key] = until
	return nil
}

// sweep forgets grants that have run out, at most once a minute: it walks through all of them. The time since the last
// one is negative when somebody has turned the clock back.
func (r *replay) sweep(now time.Time) {
	if since := now.Sub(r.swept); since >= 0 && since < time.Minute && len(r.until) < r.most {
		return
	}
	r.swept = now
	for key, until := range r.until {
		if now.After(until) {
			delete(r.until, key)
		}
	}
}
