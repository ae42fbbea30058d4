package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Note is an event that is no change: something was refused, or read.
type Note struct {
	Kind         Kind
	Outcome      Outcome
	Organisation OrgNumber // the actor's when empty
	Integration  string
	Object       string
	Detail       map[string]string // never free text, names or key material
	Hourly       bool              // at most once an hour for the actor, kind, integration and object
}

// Record writes a note. Only for what signed-in people do and for sign-in
// attempts that reached a provider: nobody outside may fill the table.
func (s *Store) Record(ctx context.Context, a Actor, n Note) error {
	if n.Organisation == "" {
		n.Organisation = a.Organisation
	}
	if n.Hourly {
		// Before the transaction, so that a page that is read often waits for none.
		told, err := s.toldThisHour(ctx, s.read, a, n)
		if err != nil || told {
			return err
		}
	}
	err := s.tx(ctx, func(t *sql.Tx) error {
		if n.Hourly {
			told, err := s.toldThisHour(ctx, t, a, n)
			if err != nil || told {
				return err
			}
		}
		return s.append(ctx, t, a, Event{
			Kind: n.Kind, Outcome: n.Outcome, Organisation: n.Organisation,
			Integration: n.Integration, Object: n.Object, Detail: n.Detail,
		})
	})
	if err != nil {
		return fmt.Errorf("recording event %q: %w", n.Kind, err)
	}
	return nil
}

const toldQuery = `
	SELECT EXISTS (SELECT 1 FROM events
	WHERE actor = ? AND kind = ? AND integration = ? AND object = ? AND at > ?)`

func (s *Store) toldThisHour(ctx context.Context, q queryer, a Actor, n Note) (told bool, err error) {
	err = q.QueryRowContext(ctx, toldQuery,
		a.User, n.Kind, n.Integration, n.Object, unix(s.now().Add(-time.Hour))).Scan(&told)
	if err != nil {
		return false, fmt.Errorf("reading earlier events %q: %w", n.Kind, failure(err))
	}
	return told, nil
}

// RecordForeign notes that the actor asked for an integration of another
// organisation, at most once an hour for each. It does nothing when there is no
// integration with the id, or when it is the actor's own.
func (s *Store) RecordForeign(ctx context.Context, a Actor, id string) error {
	var owner OrgNumber
	err := s.read.QueryRowContext(ctx, `SELECT organisation FROM integrations WHERE id = ?`, id).Scan(&owner)
	if errors.Is(err, sql.ErrNoRows) || err == nil && owner == a.Organisation {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking for an integration: %w", failure(err))
	}
	return s.Record(ctx, a, Note{Kind: IntegrationForeign, Outcome: Refused, Integration: id, Hourly: true})
}

const (
	eventColumns = `e.seq, e.hash, e.body, coalesce(u.name, '')`

	eventsQuery = `
	SELECT ` + eventColumns + ` FROM events e LEFT JOIN users u ON u.id = e.actor
	WHERE e.seq < ? ORDER BY e.seq DESC LIMIT ? + 1`

	// By the event's organisation too: that strangers asked for it is not the
	// owner's to read.
	eventsOfQuery = `
	SELECT ` + eventColumns + ` FROM events e
	JOIN integrations i ON i.id = e.integration AND i.organisation = ?
	LEFT JOIN users u ON u.id = e.actor
	WHERE e.integration = ? AND e.organisation = i.organisation AND e.seq < ?
	ORDER BY e.seq DESC LIMIT ? + 1`
)

// Events lists the whole trail, newest first. It is for auditors and
// administrators.
func (s *Store) Events(ctx context.Context, p Page) ([]Event, Cursor, error) {
	before, err := p.before()
	if err != nil {
		return nil, "", err
	}
	rows, err := s.read.QueryContext(ctx, eventsQuery, before, p.limit())
	return eventPage(rows, err, p.limit())
}

// EventsOf lists what happened to one of the organisation's integrations, newest
// first.
func (s *Store) EventsOf(ctx context.Context, org OrgNumber, integration string, p Page) ([]Event, Cursor, error) {
	before, err := p.before()
	if err != nil {
		return nil, "", err
	}
	rows, err := s.read.QueryContext(ctx, eventsOfQuery, org, integration, before, p.limit())
	return eventPage(rows, err, p.limit())
}

func eventPage(rows *sql.Rows, err error, limit int) ([]Event, Cursor, error) {
	events, err := collect(rows, err, func(r row) (Event, error) {
		var e Event
		var body string
		if err := r.Scan(&e.Seq, &e.Hash, &body, &e.ActorName); err != nil {
			return Event{}, err
		}
		return decodeEvent(e, body)
	})
	if err != nil {
		return nil, "", fmt.Errorf("listing events: %w", err)
	}
	events, next := cut(events, limit, func(e Event) int64 { return e.Seq })
	return events, next, nil
}
