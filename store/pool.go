package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// readers is how many queries can run beside each other.
const readers = 4

func pool(dsn string, connections int) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	// Idle ones are kept, and with them the statements prepared on them.
	db.SetMaxIdleConns(connections)
	return db, nil
}

func writeDSN(c Config) string {
	v := url.Values{"_txlock": {"immediate"}}
	if c.MaxPages > 0 {
		v.Set("_pragma", fmt.Sprintf("max_page_count(%d)", c.MaxPages))
	}
	if c.ReadOnly {
		v.Set("_query_only", "1")
	}
	return dsn(c, v)
}

func readDSN(c Config) string {
	return dsn(c, url.Values{"_query_only": {"1"}})
}

// dsn uses the keys whose values the driver checks. It ignores a key that it
// does not know, so checkPragmas reads them back.
func dsn(c Config, v url.Values) string {
	v.Set("_busy_timeout", strconv.FormatInt(c.BusyTimeout.Milliseconds(), 10))
	v.Set("_journal_mode", "WAL")
	v.Set("_synchronous", "FULL") // what was answered with "saved" survives a power cut
	v.Set("_foreign_keys", "1")
	v.Set("_dqs", "0")
	v.Set("_defensive", "1")

	path, err := filepath.Abs(c.Path)
	if err != nil {
		path = c.Path
	}
	// Without file: the driver drops what is meant for SQLite. The path begins
	// with a slash also where it has the letter of a drive.
	path = "/" + strings.TrimPrefix(filepath.ToSlash(path), "/")
	u := url.URL{Scheme: "file", Path: path, RawQuery: v.Encode()}
	return u.String()
}

// ensureFile makes the file before SQLite would, which lets everybody read it.
func ensureFile(c Config) error {
	flags := os.O_RDWR | os.O_CREATE
	if c.ReadOnly {
		flags = os.O_RDONLY
	}
	f, err := os.OpenFile(c.Path, flags, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func (s *Store) checkPragmas(ctx context.Context) error {
	for _, p := range []struct {
		pool      *sql.DB
		queryOnly bool
	}{{s.write, s.config.ReadOnly}, {s.read, true}} {
		want := map[string]string{
			"busy_timeout": strconv.FormatInt(s.config.BusyTimeout.Milliseconds(), 10),
			"journal_mode": "wal",
			"synchronous":  "2",
			"foreign_keys": "1",
			"query_only":   map[bool]string{false: "0", true: "1"}[p.queryOnly],
		}
		for name, want := range want {
			var got string
			if err := p.pool.QueryRowContext(ctx, "PRAGMA "+name).Scan(&got); err != nil {
				return fmt.Errorf("reading back setting %q: %w", name, err)
			}
			if got != want {
				return fmt.Errorf("setting %q is %q, not %q", name, got, want)
			}
		}
	}
	return nil
}
