package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// Record is what a person noted down in Samarbeidsportalen.
type Record struct {
	ClientID      ClientID // empty when it is not known yet
	Key           string   // id of the key that was posted; empty for none
	RegisteredKid string   // the kid shown there, if it is another; else empty
	Recorded      []Scope
	Posted        time.Time // the day the key was posted; zero leaves it, or means now when it is not set
}

// SetDescription changes what describes an integration. ErrConflict when it is
// not at the version any more, unless it says the same already: the second post
// of a double click is no conflict. ErrUnknown when there is no such purpose.
func (s *Store) SetDescription(ctx context.Context, a Actor, org OrgNumber, id string, version int, d Details) error {
	return s.change(ctx, org, id, func(t *sql.Tx, i Integration) error {
		what := changes(
			freeText("name", i.Name != d.Name),
			freeText("description", i.Description != d.Description),
			value("purpose", i.Purpose, d.Purpose),
			value("wanted", joinScopes(i.Wanted), joinScopes(d.Wanted)))
		switch {
		case len(what) == 0:
			return nil
		case i.Version != version:
			return ErrConflict
		case i.Purpose != d.Purpose && !isPurpose(d.Purpose):
			return fmt.Errorf("purpose: %w", ErrUnknown)
		}
		_, err := t.ExecContext(ctx, `
			UPDATE integrations SET name = ?, description = ?, purpose = ?, wanted = ?, version = version + 1
			WHERE organisation = ? AND id = ?`,
			d.Name, d.Description, d.Purpose, joinScopes(d.Wanted), org, id)
		if err != nil {
			return err
		}
		return s.append(ctx, t, a, Event{
			Kind: IntegrationChanged, Organisation: org, Integration: id, Changes: what,
		})
	})
}

// SetRecord changes what was noted down. A client id says that the key has been
// posted: its Posted becomes now, unless it is set or the record says when, and it
// is dropped no longer. ErrConflict as SetDescription; ErrNotFound also when the
// key is not the integration's; ErrDate as SetPosted; ErrSecret when the kid looks
// like a token.
func (s *Store) SetRecord(ctx context.Context, a Actor, org OrgNumber, id string, version int, r Record) error {
	if looksSecret(r.RegisteredKid) {
		return fmt.Errorf("changing integration %q: kid: %w", id, ErrSecret)
	}
	if !r.Posted.IsZero() && !postable(r.Posted, s.now()) {
		return fmt.Errorf("changing integration %q: %w", id, ErrDate)
	}
	return s.change(ctx, org, id, func(t *sql.Tx, i Integration) error {
		was, err := recordedKey(ctx, t, id, r)
		if err != nil {
			return err
		}
		is := was.recorded(r, s.now())
		what := changes(append(keyChanges(was, is),
			value("client_id", i.ClientID, r.ClientID),
			value("recorded", joinScopes(i.Recorded), joinScopes(r.Recorded)))...)
		if len(what) == 0 {
			return nil
		}
		if i.Version != version {
			return ErrConflict
		}
		_, err = t.ExecContext(ctx, `
			UPDATE integrations SET client_id = ?, recorded = ?, version = version + 1
			WHERE organisation = ? AND id = ?`,
			text(r.ClientID), joinScopes(r.Recorded), org, id)
		if err != nil {
			return err
		}
		if err := updateKey(ctx, t, is); err != nil {
			return err
		}
		return s.append(ctx, t, a, Event{
			Kind: IntegrationRecorded, Organisation: org, Integration: id, Object: r.Key, Changes: what,
		})
	})
}

// recordedKey is the key that a record speaks of, the zero one when of none.
func recordedKey(ctx context.Context, t *sql.Tx, integration string, r Record) (Key, error) {
	if r.Key == "" {
		return Key{}, nil
	}
	return key(ctx, t, integration, `id = ?`, r.Key)
}

// recorded is the key as the record says it is.
func (k Key) recorded(r Record, now time.Time) Key {
	if r.Key == "" {
		return k
	}
	k.RegisteredKid = r.RegisteredKid
	if k.RegisteredKid == k.Kid {
		k.RegisteredKid = ""
	}
	if r.ClientID == "" {
		return k
	}
	k = k.named(now)
	switch {
	case !r.Posted.IsZero():
		k = k.posted(r.Posted)
	case k.Posted.IsZero():
		k = k.posted(now)
	}
	return k
}

// SetInUse notes that the integration is in use from now on, or that it is not.
func (s *Store) SetInUse(ctx context.Context, a Actor, org OrgNumber, id string, on bool) error {
	return s.change(ctx, org, id, func(t *sql.Tx, i Integration) error {
		var since time.Time
		if on {
			since = s.now()
		}
		if on == !i.InUse.IsZero() {
			return nil
		}
		_, err := t.ExecContext(ctx, `UPDATE integrations SET in_use = ? WHERE organisation = ? AND id = ?`,
			unix(since), org, id)
		if err != nil {
			return err
		}
		return s.append(ctx, t, a, Event{
			Kind: IntegrationInUse, Organisation: org, Integration: id,
			Changes: changes(value("in_use", day(i.InUse), day(since))),
		})
	})
}

// change runs f in a transaction on one of the organisation's integrations, and
// derives it anew.
func (s *Store) change(ctx context.Context, org OrgNumber, id string, f func(*sql.Tx, Integration) error) error {
	err := s.tx(ctx, func(t *sql.Tx) error {
		i, err := s.integration(ctx, t, `i.organisation = ? AND i.id = ?`, org, id)
		if err != nil {
			return err
		}
		if err := f(t, i); err != nil {
			return err
		}
		return s.refresh(ctx, t, id)
	})
	if err != nil {
		return fmt.Errorf("changing integration %q: %w", id, err)
	}
	return nil
}

// day is a time as the trail's changes have it.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func isPurpose(id string) bool {
	return id == "" || slices.ContainsFunc(Purposes(), func(p Purpose) bool { return p.ID == id })
}
