package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Leak is a key of an integration whose private half was seen.
type Leak struct {
	Integration string
	Name        Name // of the integration
	Kid         string
	// New is true when it was not known of this key before.
	New bool
}

// MarkLeaked notes on every key of the organisation with the thumbprint that its
// private half was seen where it does not belong, with an event for each of which
// that was not known. It says whose keys they are; none is no error. A key stays
// marked: what was seen once may have been copied.
func (s *Store) MarkLeaked(ctx context.Context, a Actor, org OrgNumber, thumbprint string) ([]Leak, error) {
	var leaks []Leak
	err := s.tx(ctx, func(t *sql.Tx) error {
		leaks = nil
		// Somebody without an organisation has no keys to mark.
		if org != "" {
			_, err := t.ExecContext(ctx, `INSERT INTO leaks (organisation, thumbprint, seen) VALUES (?, ?, ?)
				ON CONFLICT DO NOTHING`, org, thumbprint, unix(s.now()))
			if err != nil {
				return err
			}
		}
		rows, err := t.QueryContext(ctx, `
			SELECT `+keyColumns+` FROM keys k JOIN integrations i ON i.id = k.integration
			WHERE k.thumbprint = ? AND i.organisation = ? ORDER BY k.seq LIMIT 100`, thumbprint, org)
		keys, err := collect(rows, err, scanKey)
		if err != nil {
			return err
		}
		for _, k := range keys {
			leak, err := s.markLeaked(ctx, t, a, org, k)
			if err != nil {
				return err
			}
			leaks = append(leaks, leak)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("marking a key as leaked: %w", err)
	}
	return leaks, nil
}

// leakSeen is when the private half of a key was seen where it does not belong,
// before the key was on record; zero when it was not.
func leakSeen(ctx context.Context, t *sql.Tx, org OrgNumber, thumbprint string) (at time.Time, err error) {
	err = t.QueryRowContext(ctx, `SELECT seen FROM leaks WHERE organisation = ? AND thumbprint = ?`, org, thumbprint).
		Scan(stored{&at})
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return at, err
}

func (s *Store) markLeaked(ctx context.Context, t *sql.Tx, a Actor, org OrgNumber, was Key) (Leak, error) {
	leak := Leak{Integration: was.Integration, Kid: was.UsedKid()}
	err := t.QueryRowContext(ctx, `SELECT name FROM integrations WHERE id = ?`, was.Integration).Scan(&leak.Name)
	if err != nil {
		return leak, failure(err)
	}
	if !was.Leaked.IsZero() {
		return leak, nil
	}
	leak.New = true
	is := was
	is.Leaked = s.now().Truncate(time.Second)
	if err := updateKey(ctx, t, is); err != nil {
		return leak, err
	}
	err = s.append(ctx, t, a, Event{
		Kind: KeyPrivate, Outcome: Refused, Organisation: org, Integration: was.Integration, Object: was.ID,
		Changes: keyChanges(was, is), Detail: map[string]string{"thumbprint": was.Thumbprint},
	})
	if err != nil {
		return leak, err
	}
	return leak, s.refresh(ctx, t, was.Integration)
}
