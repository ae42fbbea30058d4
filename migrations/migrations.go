// Package migrations is the database's schema and its history: numbered SQL,
// embedded. A file that has landed is never edited. The whole schema, as people
// read it, is testdata/schema.sql.
package migrations

import "embed"

// FS has the migrations, in goose's format.
//
//go:embed *.sql
var FS embed.FS
