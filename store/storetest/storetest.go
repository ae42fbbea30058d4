// Package storetest gives tests a store on a temporary file, opened as in
// production, with a clock that the test sets, and things to put into it.
package storetest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"portvakt/store"
)

// Start is what the clock of a new store shows.
var Start = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// Bench is a store on a file of its own.
type Bench struct {
	*store.Store
	Clock *Clock
	Path  string
}

// New opens a store, which is closed at the end of the test. The options change
// its configuration.
func New(t testing.TB, options ...func(*store.Config)) *Bench {
	t.Helper()
	b := &Bench{Clock: &Clock{now: Start}, Path: filepath.Join(t.TempDir(), "portvakt.db")}
	b.Store = b.Open(t, options...)
	return b
}

// Open opens the same file once more with the same clock, for example with
// another configuration.
func (b *Bench) Open(t testing.TB, options ...func(*store.Config)) *store.Store {
	t.Helper()
	c := store.Config{Path: b.Path, Now: b.Clock.Now, Random: rand.Reader, BusyTimeout: time.Second}
	for _, option := range options {
		option(&c)
	}
	s, err := store.Open(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// ReadOnly is an option: every change answers store.ErrReadOnly.
func ReadOnly(c *store.Config) { c.ReadOnly = true }

// Full is an option for a file that exists: it may not grow, so that sooner or
// later a change answers store.ErrFull.
func Full(c *store.Config) { c.MaxPages = 1 }

// Impatient is an option: a locked database answers store.ErrBusy soon.
func Impatient(c *store.Config) { c.BusyTimeout = 20 * time.Millisecond }

// Lock holds the database as another process would, until unlock is called or
// the test ends.
func (b *Bench) Lock(t testing.TB) (unlock func()) {
	t.Helper()
	db := b.SQL(t)
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`BEGIN IMMEDIATE`); err != nil {
		t.Fatal(err)
	}
	unlock = sync.OnceFunc(func() {
		if _, err := db.Exec(`ROLLBACK`); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(unlock)
	return unlock
}

// SQL is a connection to the file beside the store.
func (b *Bench) SQL(t testing.TB) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file://"+filepath.ToSlash(b.Path)+"?_busy_timeout=1000")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// Clock is set by tests. It is safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is what the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Add moves the clock.
func (c *Clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Number is the n-th of a row of org numbers with right check digits.
func Number(n int) store.OrgNumber {
	for eight := 31000000; ; eight++ {
		for digit := range 10 {
			number, err := store.ParseOrgNumber(fmt.Sprintf("%d%d", eight, digit))
			if err != nil {
				continue
			}
			if n == 0 {
				return number
			}
			n--
		}
	}
}

// Key is the n-th of a row of 2048-bit keys. They look like public keys and have
// right thumbprints, but nobody can sign with them.
func Key(n int) store.NewKey {
	modulus := make([]byte, 0, 256)
	for i := 0; len(modulus) < 256; i++ {
		sum := sha256.Sum256(fmt.Appendf(nil, "%d %d", n, i))
		modulus = append(modulus, sum[:]...)
	}
	modulus[0] |= 0x80
	text := base64.RawURLEncoding.EncodeToString(modulus)
	sum := sha256.Sum256(fmt.Appendf(nil, `{"e":"AQAB","kty":"RSA","n":"%s"}`, text))
	kid := fmt.Sprintf("key-%d", n)
	return store.NewKey{
		Kid: kid, Thumbprint: base64.RawURLEncoding.EncodeToString(sum[:]), Bits: 2048, Alg: "RS256",
		Custody:   store.CustodyServer,
		PublicJWK: fmt.Sprintf(`{"kty":"RSA","use":"sig","alg":"RS256","kid":"%s","n":"%s","e":"AQAB"}`, kid, text),
	}
}
