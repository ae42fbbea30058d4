package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/pressly/goose/v3"
)

func (s *Store) migrate(ctx context.Context, schema fs.FS) error {
	provider, err := goose.NewProvider(goose.DialectSQLite3, s.write, schema)
	if err != nil {
		return fmt.Errorf("reading migrations: %w", err)
	}
	// Not provider.Close, which would close the pool.
	current, err := s.version(ctx)
	if err != nil {
		return err
	}
	sources := provider.ListSources()
	newest := sources[len(sources)-1].Version

	switch {
	case current == newest:
		return nil
	case current > newest:
		return fmt.Errorf("%w: schema %d, known is %d", ErrNewer, current, newest)
	case s.config.ReadOnly:
		return fmt.Errorf("%w: schema %d, needed is %d", ErrOlder, current, newest)
	case current > 0:
		if err := s.backUp(ctx, current); err != nil {
			return err
		}
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrating from schema %d: %w", current, err)
	}
	return nil
}

// version is the schema's, 0 of an empty database. Goose's own function would
// make its table where there is none.
func (s *Store) version(ctx context.Context) (int64, error) {
	var tables int
	err := s.write.QueryRowContext(ctx,
		`SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'goose_db_version'`).Scan(&tables)
	if err != nil || tables == 0 {
		return 0, err
	}
	var version int64
	err = s.write.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version`).Scan(&version)
	return version, err
}

// backUp writes a copy of the database beside it, since a migration cannot be
// taken back once new data has come in.
func (s *Store) backUp(ctx context.Context, version int64) error {
	stamp := fmt.Sprintf("%s.schema-%d-%s", s.config.Path, version, s.now().Format("20060102T150405Z"))
	path := stamp
	for n := 2; ; n++ {
		// SQLite writes into an empty file; made here, nobody else can read it.
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err == nil {
			f.Close()
			break
		}
		if !errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("making a copy before migrating: %w", err)
		}
		path = fmt.Sprintf("%s-%d", stamp, n)
	}
	if _, err := s.write.ExecContext(ctx, `VACUUM INTO ?`, path); err != nil {
		os.Remove(path)
		return fmt.Errorf("making a copy before migrating: %w", err)
	}
	return nil
}
