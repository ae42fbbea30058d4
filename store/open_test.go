package store_test

import (
	"crypto/rand"
	"database/sql"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"portvakt/migrations"
	"portvakt/store"
	"portvakt/store/storetest"
)

func config(t *testing.T) store.Config {
	t.Helper()
	return store.Config{
		Path: filepath.Join(t.TempDir(), "with space & æ.db"),
		Now:  func() time.Time { return storetest.Start }, Random: rand.Reader,
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()

	t.Run("the file is for its owner only", func(t *testing.T) {
		t.Parallel()
		c := config(t)
		s, err := store.Open(ctx, c)
		must(t, err)
		defer s.Close()
		for _, suffix := range []string{"", "-wal", "-shm"} {
			info, err := os.Stat(c.Path + suffix)
			must(t, err)
			if got, want := info.Mode().Perm(), os.FileMode(0o600); got != want {
				t.Errorf("%q: got %v, want %v", suffix, got, want)
			}
		}
	})
	t.Run("without clock or randomness", func(t *testing.T) {
		t.Parallel()
		c := config(t)
		c.Now = nil
		if _, err := store.Open(ctx, c); err == nil {
			t.Error("opened without a clock")
		}
		c = config(t)
		c.Random = nil
		if _, err := store.Open(ctx, c); err == nil {
			t.Error("opened without randomness")
		}
	})
	t.Run("no folder", func(t *testing.T) {
		t.Parallel()
		c := config(t)
		c.Path = filepath.Join(filepath.Dir(c.Path), "missing", "portvakt.db")
		_, err := store.Open(ctx, c)
		wantErr(t, err, os.ErrNotExist)
	})
	t.Run("no database", func(t *testing.T) {
		t.Parallel()
		c := config(t)
		must(t, os.WriteFile(c.Path, []byte(strings.Repeat("no database ", 1000)), 0o600))
		if s, err := store.Open(ctx, c); err == nil {
			s.Close()
			t.Error("opened a file that is no database")
		}
	})
}

func TestPragmas(t *testing.T) {
	t.Parallel()
	b := storetest.New(t)
	write, read := b.Pools()

	for _, pragma := range []struct{ name, write, read string }{
		{"journal_mode", "wal", "wal"},
		{"synchronous", "2", "2"},
		{"foreign_keys", "1", "1"},
		{"busy_timeout", "1000", "1000"},
		{"query_only", "0", "1"},
	} {
		if got := everyConnection(t, write, 1, pragma.name); got != pragma.write {
			t.Errorf("write pool, %s: got %q, want %q", pragma.name, got, pragma.write)
		}
		if got := everyConnection(t, read, 4, pragma.name); got != pragma.read {
			t.Errorf("read pool, %s: got %q, want %q", pragma.name, got, pragma.read)
		}
	}
}

// everyConnection is a pragma's value on n connections held at the same time, or
// what differs.
func everyConnection(t *testing.T, pool *sql.DB, n int, pragma string) string {
	t.Helper()
	values := map[string]bool{}
	for range n {
		c, err := pool.Conn(ctx)
		must(t, err)
		defer c.Close()
		var value string
		must(t, c.QueryRowContext(ctx, "PRAGMA "+pragma).Scan(&value))
		values[value] = true
	}
	return strings.Join(slices.Collect(maps.Keys(values)), " and ")
}

func TestReadPoolCannotWrite(t *testing.T) {
	t.Parallel()
	b := storetest.New(t)
	_, read := b.Pools()
	if _, err := read.Exec(`DELETE FROM members`); err == nil {
		t.Error("the read pool wrote")
	}
}

// TestWritersQueueAtTheStart: a transaction that got its lock only when it first
// writes may fail at once, after it has read.
func TestWritersQueueAtTheStart(t *testing.T) {
	t.Parallel()
	b := storetest.New(t, storetest.Impatient)
	write, _ := b.Pools()
	b.Lock(t)
	if tx, err := write.Begin(); err == nil {
		tx.Rollback()
		t.Error("the transaction began without the lock")
	}
}

func TestDoubleQuotedTextIsNoText(t *testing.T) {
	t.Parallel()
	b := storetest.New(t)
	_, read := b.Pools()
	if _, err := read.Query(`SELECT "no column"`); err == nil {
		t.Error("a misspelt column is taken for a text")
	}
}

// part is the migrations up to the version, and more after them.
func part(t *testing.T, version string, more ...string) fstest.MapFS {
	t.Helper()
	entries, err := migrations.FS.ReadDir(".")
	must(t, err)
	files := fstest.MapFS{}
	for _, e := range entries {
		if e.Name()[:5] > version {
			continue
		}
		data, err := migrations.FS.ReadFile(e.Name())
		must(t, err)
		files[e.Name()] = &fstest.MapFile{Data: data}
	}
	for _, name := range more {
		files[name] = &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE later (a INTEGER) STRICT;\n")}
	}
	return files
}

// newest is the number of the last migration.
func newest(t *testing.T) string {
	t.Helper()
	files, err := fs.Glob(migrations.FS, "*.sql")
	must(t, err)
	number, _, _ := strings.Cut(files[len(files)-1], "_")
	return strings.TrimLeft(number, "0")
}

func TestMigrateExistingData(t *testing.T) {
	t.Parallel()
	c := config(t)

	old, err := store.OpenWith(ctx, c, part(t, "99999"))
	must(t, err)
	must(t, old.EnsureOrganisation(ctx, store.Organisation{Number: storetest.Number(0), Name: "Før"}))
	must(t, old.Close())
	if got := copies(t, c.Path); len(got) != 0 {
		t.Fatalf("copies of a new database: %q", got)
	}

	newer := part(t, "99999", "00099_later.sql")
	s, err := store.OpenWith(ctx, c, newer)
	must(t, err)
	must(t, s.EnsureOrganisation(ctx, store.Organisation{Number: storetest.Number(1), Name: "Etter"}))
	must(t, s.Close())

	found := copies(t, c.Path)
	if want := ".schema-" + newest(t) + "-20261122T120000Z"; len(found) != 1 || !strings.HasSuffix(found[0], want) {
		t.Fatalf("got copies %q, want one that ends in %q", found, want)
	}
	info, err := os.Stat(found[0])
	must(t, err)
	if got, want := info.Mode().Perm(), os.FileMode(0o600); got != want {
		t.Errorf("copy's mode: got %v, want %v", got, want)
	}

	t.Run("the copy has the old data", func(t *testing.T) {
		c := c
		c.Path = found[0]
		s, err := store.Open(ctx, c)
		must(t, err)
		defer s.Close()
		events, _, err := s.Events(ctx, store.Page{})
		must(t, err)
		if got, want := len(events), 1; got != want {
			t.Errorf("got %d events, want %d", got, want)
		}
	})
	t.Run("the older program refuses the newer database", func(t *testing.T) {
		before, err := os.ReadFile(c.Path)
		must(t, err)
		_, err = store.Open(ctx, c)
		wantErr(t, err, store.ErrNewer)
		after, err := os.ReadFile(c.Path)
		must(t, err)
		if string(before) != string(after) {
			t.Error("the file was changed")
		}
	})
	t.Run("a second start makes no second copy", func(t *testing.T) {
		s, err := store.OpenWith(ctx, c, newer)
		must(t, err)
		must(t, s.Close())
		if got := copies(t, c.Path); len(got) != 1 {
			t.Errorf("got copies %q", got)
		}
	})
}

func TestCopyWritesNothingOver(t *testing.T) {
	t.Parallel()
	c := config(t)
	s, err := store.Open(ctx, c)
	must(t, err)
	must(t, s.Close())
	inTheWay := c.Path + ".schema-" + newest(t) + "-20261122T120000Z"
	must(t, os.WriteFile(inTheWay, []byte("mine"), 0o600))

	s, err = store.OpenWith(ctx, c, part(t, "99999", "00099_later.sql"))
	must(t, err)
	must(t, s.Close())

	data, err := os.ReadFile(inTheWay)
	must(t, err)
	if got, want := string(data), "mine"; got != want {
		t.Errorf("the file in the way has %d bytes now", len(data))
	}
	if _, err := os.Stat(inTheWay + "-2"); err != nil {
		t.Error(err)
	}
}

func copies(t *testing.T, path string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	must(t, err)
	var found []string
	for _, e := range entries {
		if strings.Contains(e.Name(), ".schema-") {
			found = append(found, filepath.Join(filepath.Dir(path), e.Name()))
		}
	}
	return found
}
