package store_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portvakt/store"
)

func TestEvents(t *testing.T) {
	t.Parallel()
	b, a, k := withKey(t)
	a.SignIn, a.Request, a.From = "s1", "r1", "192.0.2.0"
	b.Clock.Add(time.Minute)
	must(t, b.SetInUse(ctx, a, a.Organisation, k.Integration, true))

	events, next, err := b.Events(ctx, store.Page{Limit: 1})
	must(t, err)
	want := store.Event{
		Seq: int64(eventCount(t, b)), At: b.Clock.Now(), Actor: a.User, ActorName: "kari", Organisation: a.Organisation,
		Integration: k.Integration, Kind: store.IntegrationInUse, Outcome: store.Done,
		Changes: []store.Change{{Field: "in_use", After: "2026-11-22T12:01:00Z"}}, Detail: map[string]string{},
		SignIn: "s1", Request: "r1", From: "192.0.2.0", Hash: events[0].Hash,
	}
	if diff := cmp.Diff([]store.Event{want}, events); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	rest, last, err := b.Events(ctx, store.Page{After: next, Limit: 200})
	must(t, err)
	if int64(len(rest)) != want.Seq-1 || last != "" {
		t.Errorf("got %d more, want %d; next %q", len(rest), want.Seq-1, last)
	}
	t.Run("names are not in the trail", func(t *testing.T) {
		var found int
		must(t, b.SQL(t).QueryRow(`SELECT count(*) FROM events WHERE body LIKE '%kari%'`).Scan(&found))
		if found != 0 {
			t.Errorf("in %d rows", found)
		}
	})
	t.Run("a person is deleted, the trail stays", func(t *testing.T) {
		db := b.SQL(t)
		db.SetMaxOpenConns(1)
		_, err := db.Exec(`PRAGMA foreign_keys = 1; DELETE FROM users`)
		must(t, err)
		must(t, b.VerifyEvents(ctx))
		events, _, err := b.Events(ctx, store.Page{Limit: 1})
		must(t, err)
		if events[0].Actor != a.User || events[0].ActorName != "" {
			t.Errorf("got actor %q %q", events[0].Actor, events[0].ActorName)
		}
	})
}

// TestChain computes the chain by its description, with nothing of the store's.
func TestChain(t *testing.T) {
	t.Parallel()
	b, _, _ := withKey(t)
	rows, err := b.SQL(t).Query(`SELECT seq, prev, body, hash FROM events ORDER BY seq`)
	must(t, err)
	defer rows.Close()
	prev, n := strings.Repeat("0", 64), 0
	for rows.Next() {
		n++
		var seq int
		var gotPrev, body, hash string
		must(t, rows.Scan(&seq, &gotPrev, &body, &hash))
		sum := sha256.Sum256([]byte(fmt.Sprintf("portvakt-audit/v1\n%d\n%s\n%s", n, prev, body)))
		if seq != n || gotPrev != prev || hash != hex.EncodeToString(sum[:]) {
			t.Fatalf("row %d (%d) does not follow", n, seq)
		}
		prev = hash
	}
	if n < 4 {
		t.Errorf("only %d rows", n)
	}
}

func TestTrailIsAppendOnly(t *testing.T) {
	t.Parallel()
	b, _, _ := withKey(t)
	for _, statement := range []string{
		`UPDATE events SET body = '{}' WHERE seq = 2`,
		`UPDATE events SET seq = 99 WHERE seq = 2`,
		`DELETE FROM events WHERE seq = 2`,
		`DELETE FROM events`,
		`INSERT OR REPLACE INTO events (seq, prev, body, hash) SELECT seq, prev, '{}', hash FROM events WHERE seq = 2`,
		`REPLACE INTO events (seq, prev, body, hash) SELECT seq, prev, '{}', hash FROM events ORDER BY seq DESC LIMIT 1`,
		`INSERT INTO events (seq, prev, body, hash) SELECT max(seq) + 2, hash, '{}', hash FROM events`,
		`INSERT INTO events (seq, prev, body, hash) SELECT max(seq) + 1, prev, '{}', hash FROM events`,
		`INSERT INTO events (prev, body, hash) SELECT hash, '{}', hash FROM events ORDER BY seq DESC LIMIT 1`,
		`INSERT INTO events (seq, prev, body, hash) SELECT 0, prev, '{}', hash FROM events WHERE seq = 1`,
		`INSERT INTO events (seq, prev, body, hash) SELECT max(seq) + 1, hash, 'no json', hash FROM events`,
	} {
		if _, err := b.SQL(t).Exec(statement); err == nil {
			t.Errorf("done: %s", statement)
		}
	}
	must(t, b.VerifyEvents(ctx))
}

func TestVerifyEvents(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ statement, row string }{
		"changed":      {`UPDATE events SET body = replace(body, 'done', 'Done') WHERE seq = 3`, "row 3"},
		"taken out":    {`DELETE FROM events WHERE seq = 3`, "row 3"},
		"first gone":   {`DELETE FROM events WHERE seq = 1`, "row 1"},
		"swapped":      {`UPDATE events SET seq = CASE seq WHEN 2 THEN -3 ELSE -2 END WHERE seq IN (2, 3); UPDATE events SET seq = -seq WHERE seq < 0`, "row 2"},
		"hash changed": {`UPDATE events SET hash = prev WHERE seq = 2`, "row 2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, _, _ := withKey(t)
			must(t, b.VerifyEvents(ctx))
			_, err := b.SQL(t).Exec(`DROP TRIGGER events_no_update; DROP TRIGGER events_no_delete;` + c.statement)
			must(t, err)
			err = b.VerifyEvents(ctx)
			wantErr(t, err, store.ErrChain)
			if !strings.Contains(err.Error(), c.row) {
				t.Errorf("got %v, want %s", err, c.row)
			}
		})
	}
}

func TestRecord(t *testing.T) {
	t.Parallel()
	b, a, k := withKey(t)

	t.Run("every time", func(t *testing.T) {
		before := eventCount(t, b)
		n := store.Note{
			Kind: store.KeyPrivate, Outcome: store.Refused, Integration: k.Integration,
			Detail: map[string]string{"thumbprint": k.Thumbprint},
		}
		must(t, b.Record(ctx, a, n))
		must(t, b.Record(ctx, a, n))
		if got, want := eventCount(t, b)-before, 2; got != want {
			t.Errorf("got %d events, want %d", got, want)
		}
	})
	t.Run("once an hour", func(t *testing.T) {
		n := store.Note{Kind: store.EventsRead, Hourly: true}
		other := a
		other.User = b.NewUser(t, "ola", store.RoleAuditor).User
		before := eventCount(t, b)
		for range 3 {
			must(t, b.Record(ctx, a, n))
			must(t, b.Record(ctx, other, n))
		}
		if got, want := eventCount(t, b)-before, 2; got != want {
			t.Errorf("within the hour: got %d events, want %d", got, want)
		}
		b.Clock.Add(time.Hour)
		must(t, b.Record(ctx, a, n))
		if got, want := eventCount(t, b)-before, 3; got != want {
			t.Errorf("an hour later: got %d events, want %d", got, want)
		}
	})
	t.Run("another organisation's integration", func(t *testing.T) {
		stranger := b.NewUser(t, "per", store.RoleNone, b.NewOrganisation(t, 1))
		before := eventCount(t, b)
		must(t, b.RecordForeign(ctx, stranger, k.Integration))
		must(t, b.RecordForeign(ctx, stranger, k.Integration))
		must(t, b.RecordForeign(ctx, stranger, "no such id"))
		must(t, b.RecordForeign(ctx, a, k.Integration))
		if got, want := eventCount(t, b)-before, 1; got != want {
			t.Errorf("got %d events, want %d", got, want)
		}
		events, _, err := b.EventsOf(ctx, a.Organisation, k.Integration, store.Page{})
		must(t, err)
		for _, e := range events {
			if e.Kind == store.IntegrationForeign {
				t.Error("the owner reads who asked")
			}
		}
	})
	t.Run("a token in the detail", func(t *testing.T) {
		before := dump(t, b)
		err := b.Record(ctx, a, store.Note{Kind: store.SignInRefused, Detail: map[string]string{"x": aJWS}})
		wantErr(t, err, store.ErrSecret)
		if after := dump(t, b); after != before {
			t.Error("something was written")
		}
	})
}
