package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// State is how far an integration has come. It is derived from facts: the last
// one in the order of States that holds.
type State string

// The states.
const (
	Described  State = "described"  // it exists
	KeyMade    State = "key-made"   // it has a key that is not dropped
	Registered State = "registered" // such a key has been posted
	Recorded   State = "recorded"   // it has a client id
	Proved     State = "proved"     // the newest proof of its live keys is all green
	InUse      State = "in-use"     // a person said so
)

// States lists the states in their order.
func States() []State {
	return []State{Described, KeyMade, Registered, Recorded, Proved, InUse}
}

// Summary is what a list says of an integration; all of it is derived.
type Summary struct {
	State        State
	KeyExpires   time.Time // of the key posted last; zero when none was posted
	KeyUnknown   bool      // it has keys, and none was posted: nobody knows when they expire
	KeyLeaked    bool      // the private half of a living key was seen where it does not belong, and no newer key was posted
	ProofStarted time.Time // of the newest proof with any key; zero when there is none
	ProofOutcome Outcome   // of that proof; empty when there is none
}

// facts are what a summary is derived from.
type facts struct {
	clientID ClientID
	inUse    time.Time
	keys     []keyFacts // newest first, without the dropped ones
	started  time.Time  // of the newest proof
	outcome  Outcome
}

type keyFacts struct {
	posted, expires time.Time
	leaked          bool
	proof           int64 // place in the order of the key's newest proof; 0 for none
	outcome         Outcome
}

// summary derives, and says until when that holds if nothing changes but the
// time: until the next live key expires, for ever when that is zero.
func (f facts) summary(now time.Time) (s Summary, until time.Time) {
	s = Summary{State: Described, ProofStarted: f.started, ProofOutcome: f.outcome}
	var posted time.Time
	var newest keyFacts
	replaced := false
	for _, k := range f.keys {
		if s.State == Described {
			s.State = KeyMade
		}
		if !k.posted.IsZero() {
			s.State = Registered
		}
		if k.posted.After(posted) {
			posted, s.KeyExpires = k.posted, k.expires
		}
		if passed(k.expires, now) {
			continue
		}
		s.KeyLeaked = s.KeyLeaked || k.leaked && !replaced
		replaced = replaced || !k.leaked && !k.posted.IsZero()
		if k.proof > newest.proof {
			newest = k
		}
		if !k.expires.IsZero() && (until.IsZero() || k.expires.Before(until)) {
			until = k.expires
		}
	}
	s.KeyUnknown = len(f.keys) > 0 && posted.IsZero()
	if f.clientID != "" {
		s.State = Recorded
	}
	if newest.outcome == Passed {
		s.State = Proved
	}
	if !f.inUse.IsZero() {
		s.State = InUse
	}
	return s, until
}

// passed says whether a time that may be unknown has come.
func passed(at, now time.Time) bool { return !at.IsZero() && !now.Before(at) }

// derived reads the facts and derives.
func derived(ctx context.Context, q queryer, id string, now time.Time) (Summary, time.Time, error) {
	f, err := readFacts(ctx, q, id)
	if err != nil {
		return Summary{}, time.Time{}, fmt.Errorf("deriving the state of integration %q: %w", id, err)
	}
	s, until := f.summary(now)
	return s, until, nil
}

func readFacts(ctx context.Context, q queryer, id string) (f facts, err error) {
	err = q.QueryRowContext(ctx, `
		SELECT coalesce(i.client_id, ''), i.in_use, p.started, coalesce(p.outcome, '')
		FROM integrations i LEFT JOIN proofs p
		ON p.seq = (SELECT max(seq) FROM proofs WHERE integration = i.id AND part = 0)
		WHERE i.id = ?`, id).
		Scan(&f.clientID, stored{&f.inUse}, stored{&f.started}, &f.outcome)
	if err != nil {
		return facts{}, failure(err)
	}
	rows, err := q.QueryContext(ctx, `
		SELECT k.posted, k.expires, k.leaked IS NOT NULL, coalesce(p.seq, 0), coalesce(p.outcome, '')
		FROM keys k LEFT JOIN proofs p
		ON p.seq = (SELECT max(seq) FROM proofs WHERE integration = k.integration AND key = k.id AND part = 0)
		WHERE k.integration = ? AND k.dropped IS NULL ORDER BY k.seq DESC`, id)
	f.keys, err = collect(rows, err, func(r row) (k keyFacts, err error) {
		err = r.Scan(stored{&k.posted}, stored{&k.expires}, &k.leaked, &k.proof, &k.outcome)
		return k, err
	})
	return f, err
}

// refresh writes the derived columns anew. Every change of an integration, its
// keys or its proofs ends with it.
func (s *Store) refresh(ctx context.Context, t *sql.Tx, id string) error {
	summary, until, err := derived(ctx, t, id, s.now())
	if err != nil {
		return err
	}
	_, err = t.ExecContext(ctx, `
		UPDATE integrations SET state = ?, key_expires = ?, key_unknown = ?, key_leaked = ?, proof_started = ?, proof_outcome = ?,
			derived_until = ?
		WHERE id = ?`,
		summary.State, unix(summary.KeyExpires), summary.KeyUnknown, summary.KeyLeaked, unix(summary.ProofStarted),
		text(summary.ProofOutcome), unix(until), id)
	if err != nil {
		return fmt.Errorf("writing the derived state of integration %q: %w", id, err)
	}
	return nil
}

// RefreshSummaries writes the derived columns anew where a key has expired since
// they were written, and says how many. Lists are right without it: they derive
// such rows as they read them, which takes longer.
func (s *Store) RefreshSummaries(ctx context.Context) (int, error) {
	count := 0
	err := s.tx(ctx, func(t *sql.Tx) error {
		rows, err := t.QueryContext(ctx,
			`SELECT id FROM integrations WHERE derived_until <= ? ORDER BY derived_until LIMIT ?`, unix(s.now()), batch)
		ids, err := collect(rows, err, scanText)
		if err != nil {
			return err
		}
		count = len(ids)
		for _, id := range ids {
			if err := s.refresh(ctx, t, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("refreshing summaries: %w", err)
	}
	return count, nil
}

// batch is how many rows a background job changes at once, so that a person who
// writes need not wait long.
const batch = 500

func scanText(r row) (text string, err error) {
	err = r.Scan(&text)
	return text, err
}
