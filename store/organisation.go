package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Organisation is a legal entity that owns integrations.
type Organisation struct {
	Number   OrgNumber
	Name     Name
	Practice bool // made up, for the sandbox environment only
	Created  time.Time
}

// EnsureOrganisation puts an organisation on record, or corrects its name and
// whether it is a practice one. It does nothing, and writes no event, when the
// record says so already.
func (s *Store) EnsureOrganisation(ctx context.Context, o Organisation) error {
	err := s.tx(ctx, func(t *sql.Tx) error {
		is, err := organisation(ctx, t, o.Number)
		if errors.Is(err, ErrNotFound) {
			return s.addOrganisation(ctx, t, Actor{}, o)
		}
		if err != nil || is.Name == o.Name && is.Practice == o.Practice {
			return err
		}
		_, err = t.ExecContext(ctx, `UPDATE organisations SET name = ?, practice = ? WHERE number = ?`,
			o.Name, o.Practice, o.Number)
		if err != nil {
			return err
		}
		return s.append(ctx, t, Actor{}, Event{
			Kind: OrganisationChanged, Organisation: o.Number,
			Changes: changes(
				freeText("name", is.Name != o.Name),
				value("practice", strconv.FormatBool(is.Practice), strconv.FormatBool(o.Practice))),
		})
	})
	if err != nil {
		return fmt.Errorf("recording organisation %q: %w", o.Number, err)
	}
	return nil
}

// AddOrganisation makes the actor a member of the organisation, which is put on
// record when it is new. The name of an organisation on record stays.
func (s *Store) AddOrganisation(ctx context.Context, a Actor, number OrgNumber, name Name) error {
	err := s.tx(ctx, func(t *sql.Tx) error {
		_, err := organisation(ctx, t, number)
		if errors.Is(err, ErrNotFound) {
			err = s.addOrganisation(ctx, t, a, Organisation{Number: number, Name: name})
		}
		if err != nil {
			return err
		}
		return s.addMember(ctx, t, a, a.User, number)
	})
	if err != nil {
		return fmt.Errorf("adding organisation %q: %w", number, err)
	}
	return nil
}

// AddMember lets a user represent an organisation. ErrNotFound when either is
// not on record; no event when he may already.
func (s *Store) AddMember(ctx context.Context, a Actor, user string, number OrgNumber) error {
	err := s.tx(ctx, func(t *sql.Tx) error { return s.addMember(ctx, t, a, user, number) })
	if err != nil {
		return fmt.Errorf("adding member %q of organisation %q: %w", user, number, err)
	}
	return nil
}

// Every page of a person who is signed in makes this query, for the menu.
const organisationsOfQuery = `
	SELECT o.number, o.name, o.practice, o.created
	FROM members m JOIN organisations o ON o.number = m.organisation
	WHERE m.user = ? ORDER BY m.seq LIMIT 1000`

// OrganisationsOf lists what a user may represent, in the order in which it was
// added.
func (s *Store) OrganisationsOf(ctx context.Context, user string) ([]Organisation, error) {
	rows, err := s.organisationsOf.QueryContext(ctx, user)
	organisations, err := collect(rows, err, scanOrganisation)
	if err != nil {
		return nil, fmt.Errorf("listing organisations of user %q: %w", user, err)
	}
	return organisations, nil
}

func organisation(ctx context.Context, t *sql.Tx, number OrgNumber) (Organisation, error) {
	o, err := scanOrganisation(t.QueryRowContext(ctx,
		`SELECT number, name, practice, created FROM organisations WHERE number = ?`, number))
	return o, failure(err)
}

func scanOrganisation(r row) (o Organisation, err error) {
	err = r.Scan(&o.Number, &o.Name, &o.Practice, stored{&o.Created})
	return o, err
}

func (s *Store) addOrganisation(ctx context.Context, t *sql.Tx, a Actor, o Organisation) error {
	_, err := t.ExecContext(ctx, `INSERT INTO organisations (number, name, practice, created) VALUES (?, ?, ?, ?)`,
		o.Number, o.Name, o.Practice, unix(s.now()))
	if err != nil {
		return err
	}
	return s.append(ctx, t, a, Event{Kind: OrganisationAdded, Organisation: o.Number})
}

func (s *Store) addMember(ctx context.Context, t *sql.Tx, a Actor, user string, number OrgNumber) error {
	is, err := isMember(ctx, t, user, number)
	if err != nil || is {
		return err
	}
	_, err = t.ExecContext(ctx, `INSERT INTO members (user, organisation, created) VALUES (?, ?, ?)`,
		user, number, unix(s.now()))
	if err != nil {
		return err
	}
	return s.append(ctx, t, a, Event{Kind: MemberAdded, Organisation: number, Object: user})
}

func isMember(ctx context.Context, t *sql.Tx, user string, number OrgNumber) (is bool, err error) {
	err = t.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM members WHERE user = ? AND organisation = ?)`,
		user, number).Scan(&is)
	return is, err
}
