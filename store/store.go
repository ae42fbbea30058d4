// Package store is what the portal remembers: organisations, people, sign-ins,
// integrations with their keys and proofs, and the audit trail, in one SQLite
// file. The types of the domain and the functions that parse them live here.
//
// Its promise: a change and its audit event are one transaction, and no column
// can hold a private key, a grant or a token. A method is one use case and at
// most one transaction; what is read or changed for a person takes the owner's
// org number and has it in the WHERE.
//
// It knows nothing of HTTP, forms, wording or the network.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"portvakt/migrations"
)

// Config says where the database lies and gives the store its clock and its
// randomness.
type Config struct {
	// Path is the database file. Its folder must exist; the file is made (0600)
	// when it does not.
	Path string

	// Now is the clock of every time that is stored or judged. Required.
	Now func() time.Time

	// Random makes ids and sign-in tokens. Required; crypto/rand.Reader outside
	// of tests.
	Random io.Reader

	// BusyTimeout is how long to wait for another process that holds the
	// database; zero means five seconds.
	BusyTimeout time.Duration

	// MaxPages caps the size of the file, in SQLite's pages of 4 KiB. Zero means
	// no cap; a cap below the present size means the present size.
	MaxPages int

	// ReadOnly opens an existing database of the present schema for reading;
	// every change answers ErrReadOnly.
	ReadOnly bool
}

// Store is the open database. It is safe for concurrent use. Close it.
type Store struct {
	config Config

	// write has one connection and immediate transactions: with deferred ones,
	// two that read before they write fail at once, whatever the busy timeout.
	write *sql.DB

	// read has several connections that cannot write, so that a write through
	// the wrong pool fails in the first test.
	read *sql.DB

	// seen writes last-seen times, and nothing else, without waiting: the driver
	// waits for a locked database even when the request's time is out, and a page
	// shall not wait for a note that it does not need.
	seen *sql.DB

	signIn          *sql.Stmt // the lookup that every request makes
	organisationsOf *sql.Stmt // the menu of every page
	rowsOf          *sql.Stmt // one page of an organisation's integrations
	rowsAll         *sql.Stmt // one page of everybody's integrations
	lastEvent       *sql.Stmt // the last link of the audit chain
	addEvent        *sql.Stmt // the next one
}

// Open opens the database, makes it when it is missing and brings an older
// schema up to date, having written a copy beside the file first. It answers
// ErrNewer, without having changed anything, when the schema is newer than this
// program.
func Open(ctx context.Context, c Config) (*Store, error) {
	return open(ctx, c, migrations.FS)
}

func open(ctx context.Context, c Config, schema fs.FS) (*Store, error) {
	s, err := connect(c)
	if err == nil {
		err = s.prepare(ctx, schema)
	}
	if err != nil {
		if s != nil {
			s.Close()
		}
		return nil, fmt.Errorf("opening database %q: %w", c.Path, failure(err))
	}
	return s, nil
}

// connect makes the two pools; nothing is read or written but the empty file.
func connect(c Config) (*Store, error) {
	if c.Now == nil || c.Random == nil {
		return nil, errors.New("clock or randomness is missing")
	}
	if c.BusyTimeout == 0 {
		c.BusyTimeout = 5 * time.Second
	}
	if err := ensureFile(c); err != nil {
		return nil, err
	}
	s := &Store{config: c}
	var err error // a pool that was made connects when it is used: nothing to close yet
	if s.write, err = pool(writeDSN(c), 1); err != nil {
		return nil, err
	}
	if s.read, err = pool(readDSN(c), readers); err != nil {
		return nil, err
	}
	c.BusyTimeout = 0
	if s.seen, err = pool(writeDSN(c), 1); err != nil {
		return nil, err
	}
	return s, nil
}

// prepare brings the schema up to date, reads the settings back, and prepares
// the statements of the hot paths.
func (s *Store) prepare(ctx context.Context, schema fs.FS) error {
	if err := s.migrate(ctx, schema); err != nil {
		return err
	}
	if err := s.checkPragmas(ctx); err != nil {
		return err
	}
	for _, p := range []struct {
		stmt  **sql.Stmt
		pool  *sql.DB
		query string
	}{
		{&s.signIn, s.read, signInQuery},
		{&s.organisationsOf, s.read, organisationsOfQuery},
		{&s.rowsOf, s.read, rowsOfQuery},
		{&s.rowsAll, s.read, rowsAllQuery},
		{&s.lastEvent, s.write, lastEventQuery},
		{&s.addEvent, s.write, addEventQuery},
	} {
		stmt, err := p.pool.PrepareContext(ctx, p.query)
		if err != nil {
			return fmt.Errorf("preparing a query: %w", err)
		}
		*p.stmt = stmt
	}
	return nil
}

// Close waits for running queries and closes the database.
func (s *Store) Close() error {
	// The writer last: the last connection moves the log into the file, which one
	// that cannot write could not.
	if err := errors.Join(s.read.Close(), s.seen.Close(), s.write.Close()); err != nil {
		return fmt.Errorf("closing database %q: %w", s.config.Path, err)
	}
	return nil
}

func (s *Store) now() time.Time { return s.config.Now().UTC() }
