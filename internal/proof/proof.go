// Package proof is the staged test of an integration: from the key on record
// to the access that the token opens. It knows which stages there are, their
// order, when to stop and what each answer means, as stable codes and figures;
// it has no words for people. It promises that a Run never holds a grant or a
// token, that a grant is sent once, and that a whole run ends within its time
// however the other end behaves. It does not know HTTP serving or the store.
//
// A proof has two halves, since the private key is not here: Prepare goes as
// far as the text to be signed, Finish takes the signed grant.
package proof

import (
	"io"
	"sync"
	"time"
)

const (
	callLimit = 10 * time.Second
	runLimit  = 30 * time.Second
	// PreparedLife is how long a prepared text waits for its signature. It is
	// the grant's own life: an older one would be refused anyway.
	PreparedLife = 120 * time.Second
	// maxPending bounds the prepared texts that wait, so that nobody can fill
	// the memory with them.
	maxPending = 1000
)

// Config is what a Prover needs from the program.
type Config struct {
	// Now is the portal's own clock. A proof measures it and never corrects
	// it: the grant carries this time, since the user's system would send its
	// own as well.
	Now func() time.Time
	// Random is the source of all identifiers, crypto/rand.Reader in
	// production. A proof panics if it fails.
	Random io.Reader

	// Call and Run limit one call and a whole proof, the wait for the
	// signature not counted. Zero means 10 and 30 seconds.
	Call, Run time.Duration
}

// Prover makes proofs. It is safe for concurrent use.
type Prover struct {
	now       func() time.Time
	random    io.Reader
	call, run time.Duration

	mu      sync.Mutex
	pending pending
}

// New makes a Prover.
func New(c Config) *Prover {
	if c.Call == 0 {
		c.Call = callLimit
	}
	if c.Run == 0 {
		c.Run = runLimit
	}
	return &Prover{now: c.Now, random: c.Random, call: c.Call, run: c.Run, pending: newPending()}
}
