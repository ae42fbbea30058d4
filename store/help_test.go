package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"portvakt/store/storetest"
)

var ctx = context.Background()

// wantErr says whether the error is the one wanted, which may be none.
func wantErr(t testing.TB, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Fatalf("got error %v, want %v", got, want)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func eventCount(t testing.TB, b *storetest.Bench) (n int) {
	t.Helper()
	must(t, b.SQL(t).QueryRow(`SELECT count(*) FROM events`).Scan(&n))
	return n
}

// dump is everything in the tables that people's actions change.
func dump(t testing.TB, b *storetest.Bench) string {
	t.Helper()
	var all strings.Builder
	for _, table := range []string{
		"organisations", "users", "members", "sign_ins", "integrations", "keys", "proofs", "sightings", "events",
	} {
		rows, err := b.SQL(t).Query(`SELECT * FROM ` + table + ` ORDER BY rowid`)
		must(t, err)
		columns, err := rows.Columns()
		must(t, err)
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			must(t, rows.Scan(values...))
			fmt.Fprint(&all, table)
			for i := range values {
				fmt.Fprintf(&all, " %s=%v", columns[i], *values[i].(*any))
			}
			fmt.Fprintln(&all)
		}
		must(t, rows.Err())
		must(t, rows.Close())
	}
	return all.String()
}
