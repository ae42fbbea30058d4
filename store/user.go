package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Role is what a user may do beside representing an organisation.
type Role string

// The roles. A user without one is a member of organisations and no more.
const (
	RoleNone    Role = ""
	RoleAuditor Role = "auditor" // reads everything
	RoleAdmin   Role = "admin"   // reads everything, acts on roles and settings
)

// LocalIssuer is the issuer of the one user of local mode.
const LocalIssuer = "local"

// User is a person. Issuer and Subject, as the sign-in provider said them, are
// the identity; ID is what everything else refers to.
type User struct {
	ID      string
	Issuer  string
	Subject string
	Name    string // at most 100 characters
	Role    Role
	Created time.Time
}

// AddUser puts a person on record and gives the id. ErrExists when the issuer's
// subject is on record.
func (s *Store) AddUser(ctx context.Context, u User) (User, error) {
	err := s.tx(ctx, func(t *sql.Tx) (err error) {
		u, err = s.addUser(ctx, t, u)
		return err
	})
	if err != nil {
		return User{}, fmt.Errorf("adding a user of %q: %w", u.Issuer, err)
	}
	return u, nil
}

// EnsureLocalUser gives local mode's one user, an administrator, and makes him
// when he is missing. The name is used then and only then.
func (s *Store) EnsureLocalUser(ctx context.Context, name string) (User, error) {
	var u User
	err := s.tx(ctx, func(t *sql.Tx) (err error) {
		u, err = scanUser(t.QueryRowContext(ctx,
			`SELECT `+userColumns+` FROM users u WHERE u.issuer = ? AND u.subject = ?`, LocalIssuer, LocalIssuer))
		if errors.Is(err, sql.ErrNoRows) {
			u, err = s.addUser(ctx, t, User{Issuer: LocalIssuer, Subject: LocalIssuer, Name: name, Role: RoleAdmin})
		}
		return err
	})
	if err != nil {
		return User{}, fmt.Errorf("recording the local user: %w", err)
	}
	return u, nil
}

// User is the person with the id.
func (s *Store) User(ctx context.Context, id string) (User, error) {
	u, err := scanUser(s.read.QueryRowContext(ctx, `SELECT `+userColumns+` FROM users u WHERE u.id = ?`, id))
	if err != nil {
		return User{}, fmt.Errorf("reading user %q: %w", id, failure(err))
	}
	return u, nil
}

// SetRole gives a user a role or takes it away. It acts at his next request.
func (s *Store) SetRole(ctx context.Context, a Actor, user string, role Role) error {
	err := s.tx(ctx, func(t *sql.Tx) error {
		u, err := scanUser(t.QueryRowContext(ctx, `SELECT `+userColumns+` FROM users u WHERE u.id = ?`, user))
		if err != nil || u.Role == role {
			return err
		}
		if _, err := t.ExecContext(ctx, `UPDATE users SET role = ? WHERE id = ?`, role, user); err != nil {
			return err
		}
		return s.append(ctx, t, a, Event{
			Kind: UserChanged, Object: user,
			Changes: changes(value("role", u.Role, role)),
		})
	})
	if err != nil {
		return fmt.Errorf("setting the role of user %q: %w", user, err)
	}
	return nil
}

const userColumns = `u.id, u.issuer, u.subject, u.name, u.role, u.created`

func (u *User) columns() []any {
	return []any{&u.ID, &u.Issuer, &u.Subject, &u.Name, &u.Role, stored{&u.Created}}
}

func scanUser(r row) (u User, err error) {
	err = r.Scan(u.columns()...)
	return u, err
}

func (s *Store) addUser(ctx context.Context, t *sql.Tx, u User) (User, error) {
	id, err := s.newID()
	if err != nil {
		return User{}, err
	}
	u.ID, u.Created = id, s.now().Truncate(time.Second)
	_, err = t.ExecContext(ctx, `INSERT INTO users (id, issuer, subject, name, role, created) VALUES (?, ?, ?, ?, ?, ?)`,
		u.ID, u.Issuer, u.Subject, u.Name, u.Role, unix(u.Created))
	if isDuplicate(err) {
		return User{}, ErrExists
	}
	if err != nil {
		return User{}, err
	}
	return u, s.append(ctx, t, Actor{User: u.ID, Role: u.Role}, Event{Kind: UserAdded, Object: u.ID})
}
