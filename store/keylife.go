package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// NameKey finds the key that a post carried, and notes that one did: it is not
// dropped then, and if it was, it is so no longer. ErrNotFound when it is not on
// record.
func (s *Store) NameKey(ctx context.Context, a Actor, org OrgNumber, integration, thumbprint string) (Key, error) {
	k, err := scanKey(s.read.QueryRowContext(ctx, `
		SELECT `+keyColumns+` FROM keys k JOIN integrations i ON i.id = k.integration
		WHERE i.organisation = ? AND k.integration = ? AND k.thumbprint = ?`, org, integration, thumbprint))
	if err != nil {
		return Key{}, fmt.Errorf("looking for a key of integration %q: %w", integration, failure(err))
	}
	if !k.Named.IsZero() && k.Dropped.IsZero() {
		return k, nil // as nearly always: no transaction
	}
	err = s.change(ctx, org, integration, func(t *sql.Tx, i Integration) (err error) {
		// Read again: it may have been dropped in between.
		if k, err = key(ctx, t, i.ID, `id = ?`, k.ID); err != nil {
			return err
		}
		k, err = s.nameKey(ctx, t, a, i, k)
		return err
	})
	if err != nil {
		return Key{}, fmt.Errorf("naming a key: %w", err)
	}
	return k, nil
}

// nameKey writes no event when it only notes that a page still carries the key;
// to bring one back is a change.
func (s *Store) nameKey(ctx context.Context, t *sql.Tx, a Actor, i Integration, was Key) (Key, error) {
	is := was.named(s.now().Truncate(time.Second))
	if is == was {
		return is, nil
	}
	if err := updateKey(ctx, t, is); err != nil {
		return Key{}, err
	}
	if was.Dropped.IsZero() {
		return is, nil
	}
	return is, s.append(ctx, t, a, Event{
		Kind: KeyRevived, Organisation: i.Organisation, Integration: i.ID, Object: is.ID,
		Changes: keyChanges(was, is), Detail: map[string]string{"thumbprint": is.Thumbprint},
	})
}

// postable says whether a key can have been posted then. A day ahead is today
// somewhere else.
func postable(posted, now time.Time) bool {
	return !posted.After(now.AddDate(0, 0, 1)) && !posted.Before(now.AddDate(-2, 0, 0))
}

// SetPosted notes the day on which a key was posted in Samarbeidsportalen, from
// which it expires after a year; a dropped key is dropped no longer. ErrDate when
// that is more than a day ahead or more than two years ago.
func (s *Store) SetPosted(ctx context.Context, a Actor, org OrgNumber, integration, id string, posted time.Time) error {
	now := s.now()
	if !postable(posted, now) {
		return fmt.Errorf("setting when key %q was posted: %w", id, ErrDate)
	}
	return s.change(ctx, org, integration, func(t *sql.Tx, i Integration) error {
		was, err := key(ctx, t, i.ID, `id = ?`, id)
		if err != nil {
			return err
		}
		is := was.named(now).posted(posted)
		what := keyChanges(was, is)
		if len(what) == 0 {
			return nil
		}
		if err := updateKey(ctx, t, is); err != nil {
			return err
		}
		return s.append(ctx, t, a, Event{
			Kind: KeyPosted, Organisation: org, Integration: i.ID, Object: id, Changes: what,
			Detail: map[string]string{"thumbprint": is.Thumbprint},
		})
	})
}

// DropUnnamedKeys drops the keys made before the time which no later post
// carried and nobody posted, with one event each. It says how many: at most a
// batch; the rest goes the next time.
func (s *Store) DropUnnamedKeys(ctx context.Context, madeBefore time.Time) (int, error) {
	count := 0
	err := s.tx(ctx, func(t *sql.Tx) error {
		rows, err := t.QueryContext(ctx, `
			SELECT `+keyColumns+` FROM keys k
			WHERE k.named IS NULL AND k.posted IS NULL AND k.dropped IS NULL AND k.made < ?
			ORDER BY k.made LIMIT ?`, unix(madeBefore), batch)
		keys, err := collect(rows, err, scanKey)
		if err != nil {
			return err
		}
		for _, k := range keys {
			if err := s.dropKey(ctx, t, k); err != nil {
				return fmt.Errorf("key %q: %w", k.ID, err)
			}
		}
		count = len(keys)
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("dropping keys: %w", err)
	}
	return count, nil
}

func (s *Store) dropKey(ctx context.Context, t *sql.Tx, was Key) error {
	var org OrgNumber
	err := t.QueryRowContext(ctx, `SELECT organisation FROM integrations WHERE id = ?`, was.Integration).Scan(&org)
	if err != nil {
		return err
	}
	is := was
	is.Dropped = s.now()
	if err := updateKey(ctx, t, is); err != nil {
		return err
	}
	err = s.append(ctx, t, Actor{}, Event{
		Kind: KeyDropped, Organisation: org, Integration: is.Integration, Object: is.ID,
		Changes: keyChanges(was, is), Detail: map[string]string{"thumbprint": is.Thumbprint},
	})
	if err != nil {
		return err
	}
	return s.refresh(ctx, t, is.Integration)
}

// updateKey writes what can change of a key; the zero key is none.
func updateKey(ctx context.Context, t *sql.Tx, k Key) error {
	_, err := t.ExecContext(ctx, `
		UPDATE keys SET registered_kid = ?, named = ?, posted = ?, expires = ?, dropped = ?, leaked = ?,
			saved = ?, saved_how = ?
		WHERE id = ?`,
		text(k.RegisteredKid), unix(k.Named), unix(k.Posted), unix(k.Expires), unix(k.Dropped), unix(k.Leaked),
		unix(k.Saved), text(k.SavedHow), k.ID)
	return err
}

// keyChanges is what the trail tells of a key; that a page carried it is not
// among it.
func keyChanges(was, is Key) []Change {
	return changes(
		value("registered_kid", was.RegisteredKid, is.RegisteredKid),
		value("posted", day(was.Posted), day(is.Posted)),
		value("expires", day(was.Expires), day(is.Expires)),
		value("dropped", day(was.Dropped), day(is.Dropped)),
		value("saved", was.SavedHow, is.SavedHow),
		value("leaked", day(was.Leaked), day(is.Leaked)))
}
