package store

import (
	"context"
	"database/sql"
	"io/fs"
)

// OpenWith is Open with other migrations.
func OpenWith(ctx context.Context, c Config, schema fs.FS) (*Store, error) {
	return open(ctx, c, schema)
}

// Pools are the two pools.
func (s *Store) Pools() (write, read *sql.DB) { return s.write, s.read }

// LooksSecret is the last fence.
var LooksSecret = looksSecret

// ListQueries are the queries of the lists, which must not grow with the table.
var ListQueries = []string{rowsOfQuery, rowsAllQuery, eventsQuery, eventsOfQuery, signInQuery, toldQuery, sightingsQuery, proofsQuery}
