package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// tx runs f in a transaction that holds the only write connection from the
// start. It commits when f returns nil and leaves nothing behind when not. In f
// there is no method of Store: on a pool of one connection it would wait for
// itself.
func (s *Store) tx(ctx context.Context, f func(*sql.Tx) error) error {
	t, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return failure(err)
	}
	defer t.Rollback() // of no effect after the commit

	if err := f(t); err != nil {
		return failure(err)
	}
	return failure(t.Commit())
}

// failure gives an error of the driver the sentinel of its code. The wording
// differs from one version of SQLite to the next; the codes do not.
func failure(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	sentinel := error(nil)
	switch primary := e.Code() & 0xff; {
	case primary == sqlite3.SQLITE_FULL:
		sentinel = ErrFull
	case primary == sqlite3.SQLITE_BUSY, primary == sqlite3.SQLITE_LOCKED:
		sentinel = ErrBusy
	case primary == sqlite3.SQLITE_READONLY:
		sentinel = ErrReadOnly
	case e.Code() == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		sentinel = ErrNotFound // what was referred to is not on record
	}
	if sentinel == nil || errors.Is(err, sentinel) {
		return err
	}
	return fmt.Errorf("%w: %w", sentinel, err)
}

func isDuplicate(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE
}

// unix is a time as it is stored: in seconds, NULL when it is zero. The driver
// would store a time.Time as text for debugging.
func unix(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Unix()
}

// stored scans what unix stored.
type stored struct{ t *time.Time }

func (s stored) Scan(value any) error {
	switch v := value.(type) {
	case nil:
		*s.t = time.Time{}
	case int64:
		*s.t = time.Unix(v, 0).UTC()
	default:
		return fmt.Errorf("%T is no time", value)
	}
	return nil
}

// text is NULL when it is empty.
func text[T ~string](s T) any {
	if s == "" {
		return nil
	}
	return string(s)
}
