package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// SignIn is one signing-in of a user, from the start to the end. The token that
// the browser holds is not part of it: only its hash is on record.
type SignIn struct {
	ID           string
	User         string
	Organisation OrgNumber // empty when the user represents none
	Issuer       string
	Sid          string    // the provider's session id, if it gave one
	AuthTime     time.Time // when the provider saw the user; zero if it did not say
	Created      time.Time
	LastSeen     time.Time
}

// Session is what a request needs to know of who sends it.
type Session struct {
	SignIn       SignIn
	User         User
	Organisation Organisation // zero when the user represents none
}

// Actor is the session's user as the actor of a request, which has an id and
// comes from a (shortened) address.
func (s Session) Actor(request, from string) Actor {
	return Actor{
		User: s.User.ID, Role: s.User.Role, Organisation: s.SignIn.Organisation,
		SignIn: s.SignIn.ID, Request: request, From: from,
	}
}

// Limits are how long a sign-in lasts. Zero means without limit, which is for
// local mode only.
type Limits struct {
	Idle     time.Duration // since it was last seen
	Absolute time.Duration // since it was made
}

// SignInMeta is what came with a sign-in.
type SignInMeta struct {
	Issuer   string // the user's when empty
	Sid      string
	AuthTime time.Time
	Request  string // request id, for the event
	From     string // shortened address, for the event
}

// lastSeenStep is how seldom the last-seen time is written.
const lastSeenStep = time.Minute

// StartSignIn begins a sign-in and returns its token, which is nowhere else. The
// caller vouches for the user's right to represent the organisation (which may
// be empty). ErrNotFound when user or organisation is not on record.
func (s *Store) StartSignIn(ctx context.Context, u User, number OrgNumber, m SignInMeta) (SignIn, string, error) {
	i, token, err := s.newSignIn(u, number, m)
	if err != nil {
		return SignIn{}, "", err
	}
	err = s.tx(ctx, func(t *sql.Tx) error {
		_, err := t.ExecContext(ctx, `
			INSERT INTO sign_ins (id, token_hash, user, organisation, issuer, sid, auth_time, created, last_seen)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			i.ID, hashToken(token), i.User, text(i.Organisation), i.Issuer, i.Sid, unix(i.AuthTime),
			unix(i.Created), unix(i.LastSeen))
		if err != nil {
			return err
		}
		a := Actor{User: u.ID, Role: u.Role, Organisation: number, SignIn: i.ID, Request: m.Request, From: m.From}
		return s.append(ctx, t, a, Event{Kind: SignInStarted, Organisation: number, Object: i.ID})
	})
	if err != nil {
		return SignIn{}, "", fmt.Errorf("starting a sign-in of user %q: %w", u.ID, err)
	}
	return i, token, nil
}

func (s *Store) newSignIn(u User, number OrgNumber, m SignInMeta) (SignIn, string, error) {
	id, err := s.newID()
	if err != nil {
		return SignIn{}, "", err
	}
	token, err := s.newToken()
	if err != nil {
		return SignIn{}, "", err
	}
	if m.Issuer == "" {
		m.Issuer = u.Issuer
	}
	now := s.now().Truncate(time.Second)
	return SignIn{
		ID: id, User: u.ID, Organisation: number,
		Issuer: m.Issuer, Sid: m.Sid, AuthTime: m.AuthTime, Created: now, LastSeen: now,
	}, token, nil
}

// One query, by a unique column: every request makes it.
const signInQuery = `
	SELECT i.id, i.user, coalesce(i.organisation, ''), i.issuer, i.sid, i.auth_time, i.created, i.last_seen,
	       ` + userColumns + `,
	       coalesce(o.number, ''), coalesce(o.name, ''), coalesce(o.practice, 0), o.created
	FROM sign_ins i
	JOIN users u ON u.id = i.user
	LEFT JOIN organisations o ON o.number = i.organisation
	WHERE i.token_hash = ? AND i.ended IS NULL AND i.last_seen > ? AND i.created > ?`

// SignIn finds the session of a token. ErrNotFound when there is none, when it
// has ended, was idle too long, or is too old by the store's clock.
func (s *Store) SignIn(ctx context.Context, token string, l Limits) (Session, error) {
	now := s.now()
	var n Session
	i, o := &n.SignIn, &n.Organisation
	targets := append([]any{
		&i.ID, &i.User, &i.Organisation, &i.Issuer, &i.Sid,
		stored{&i.AuthTime}, stored{&i.Created}, stored{&i.LastSeen},
	}, n.User.columns()...)
	targets = append(targets, &o.Number, &o.Name, &o.Practice, stored{&o.Created})

	err := s.signIn.QueryRowContext(ctx, hashToken(token), since(now, l.Idle), since(now, l.Absolute)).Scan(targets...)
	if err != nil {
		return Session{}, fmt.Errorf("reading a sign-in: %w", failure(err))
	}
	return n, nil
}

// since is the second at which something of the age began, or one before all
// others when the age has no limit.
func since(now time.Time, age time.Duration) int64 {
	if age <= 0 {
		return -1
	}
	return now.Add(-age).Unix()
}

// SeenSignIn notes that the sign-in, as SignIn returned it, was used. It costs
// nothing but once a minute, and waits for nobody; a caller ignores a failure,
// such as ErrBusy, which ends no page.
func (s *Store) SeenSignIn(ctx context.Context, i SignIn) error {
	now := s.now()
	if now.Sub(i.LastSeen) < lastSeenStep {
		return nil
	}
	_, err := s.seen.ExecContext(ctx, `UPDATE sign_ins SET last_seen = ? WHERE id = ? AND last_seen <= ?`,
		unix(now), i.ID, unix(now.Add(-lastSeenStep)))
	if err != nil {
		return fmt.Errorf("noting that sign-in %q was used: %w", i.ID, failure(err))
	}
	return nil
}

// EndSignIn ends one of the actor's sign-ins; nothing happens when it has ended.
func (s *Store) EndSignIn(ctx context.Context, a Actor, id string) error {
	err := s.changeSignIn(ctx, a, id, func(t *sql.Tx, number OrgNumber) error {
		if _, err := t.ExecContext(ctx, `UPDATE sign_ins SET ended = ? WHERE id = ?`, unix(s.now()), id); err != nil {
			return err
		}
		return s.append(ctx, t, a, Event{Kind: SignInEnded, Organisation: number, Object: id})
	})
	if errors.Is(err, errEnded) {
		return nil
	}
	return err
}

// SwitchOrganisation lets one of the actor's sign-ins represent another
// organisation of which he is a member; ErrNotFound when he is not.
func (s *Store) SwitchOrganisation(ctx context.Context, a Actor, id string, number OrgNumber) error {
	return s.changeSignIn(ctx, a, id, func(t *sql.Tx, was OrgNumber) error {
		if was == number {
			return nil
		}
		is, err := isMember(ctx, t, a.User, number)
		if err != nil {
			return err
		}
		if !is {
			return ErrNotFound
		}
		if _, err := t.ExecContext(ctx, `UPDATE sign_ins SET organisation = ? WHERE id = ?`, number, id); err != nil {
			return err
		}
		return s.append(ctx, t, a, Event{
			Kind: SignInSwitched, Organisation: number, Object: id,
			Changes: changes(value("organisation", was, number)),
		})
	})
}

// errEnded is ErrNotFound to all but those who want the sign-in ended.
var errEnded = fmt.Errorf("%w: the sign-in has ended", ErrNotFound)

func (s *Store) changeSignIn(ctx context.Context, a Actor, id string, f func(*sql.Tx, OrgNumber) error) error {
	err := s.tx(ctx, func(t *sql.Tx) error {
		var number OrgNumber
		var ended time.Time
		err := t.QueryRowContext(ctx,
			`SELECT coalesce(organisation, ''), ended FROM sign_ins WHERE id = ? AND user = ?`, id, a.User).
			Scan(&number, stored{&ended})
		switch {
		case err != nil:
			return err
		case !ended.IsZero():
			return errEnded
		}
		return f(t, number)
	})
	if err != nil {
		return fmt.Errorf("changing sign-in %q: %w", id, err)
	}
	return nil
}
