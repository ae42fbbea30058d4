package store_test

import (
	"database/sql"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"portvakt/migrations"
	"portvakt/store"
	"portvakt/store/storetest"
)

var update = flag.Bool("update", false, "write migrations/testdata/schema.sql")

// schema is what the database is made of, without what goose and SQLite add.
func schema(t *testing.T, db *sql.DB) string {
	t.Helper()
	rows, err := db.Query(`
		SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'goose%' AND name NOT LIKE 'sqlite%'
		ORDER BY rowid`)
	must(t, err)
	defer rows.Close()
	var all strings.Builder
	for rows.Next() {
		var statement string
		must(t, rows.Scan(&statement))
		all.WriteString(statement + ";\n\n")
	}
	must(t, rows.Err())
	return strings.TrimSuffix(all.String(), "\n")
}

func TestSchema(t *testing.T) {
	t.Parallel()
	b := storetest.New(t)
	golden := filepath.Join("..", "migrations", "testdata", "schema.sql")
	got := schema(t, b.SQL(t))
	if *update {
		must(t, os.MkdirAll(filepath.Dir(golden), 0o777))
		must(t, os.WriteFile(golden, []byte(got), 0o666))
	}
	want, err := os.ReadFile(golden)
	must(t, err)
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s is not the schema (go test ./store -run TestSchema -update): -want +got\n%s", golden, diff)
	}
}

func TestUpDownUp(t *testing.T) {
	t.Parallel()
	b := storetest.New(t)
	write, _ := b.Pools()
	first := schema(t, write)

	provider, err := goose.NewProvider(goose.DialectSQLite3, write, migrations.FS)
	must(t, err)
	_, err = provider.DownTo(ctx, 0)
	must(t, err)
	if left := schema(t, write); left != "" {
		t.Errorf("left after all the way down:\n%s", left)
	}
	_, err = provider.Up(ctx)
	must(t, err)
	if diff := cmp.Diff(first, schema(t, write)); diff != "" {
		t.Errorf("up again: -first +second\n%s", diff)
	}
}

func TestEveryTableIsStrict(t *testing.T) {
	t.Parallel()
	b := storetest.New(t)
	rows, err := b.SQL(t).Query(`SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
		AND name NOT LIKE 'goose%' AND name NOT LIKE 'sqlite%'`)
	must(t, err)
	defer rows.Close()
	n := 0
	for rows.Next() {
		var name string
		var strict bool
		must(t, rows.Scan(&name, &strict))
		if !strict {
			t.Errorf("table %q is not strict", name)
		}
		n++
	}
	if n != 10 {
		t.Errorf("got %d tables", n)
	}
}

// TestListsGoByAnIndex: none reads a whole table or sorts it.
func TestListsGoByAnIndex(t *testing.T) {
	t.Parallel()
	b := storetest.New(t)
	_, read := b.Pools()
	for _, query := range store.ListQueries {
		arguments := make([]any, strings.Count(query, "?"))
		rows, err := read.Query("EXPLAIN QUERY PLAN "+query, arguments...)
		must(t, err)
		for rows.Next() {
			var id, parent, unused int
			var step string
			must(t, rows.Scan(&id, &parent, &unused, &step))
			if strings.HasPrefix(step, "SCAN") && step != "SCAN CONSTANT ROW" || strings.Contains(step, "TEMP B-TREE") {
				t.Errorf("%s:%s", step, query)
			}
		}
		must(t, rows.Err())
	}
}
