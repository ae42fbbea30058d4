package store

import (
	"context"
	"database/sql"
)

// queryer is the read pool or a transaction.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// row is one row of a result: *sql.Row or *sql.Rows.
type row interface{ Scan(targets ...any) error }

// collect reads all rows of a query, whose error it takes over.
func collect[T any](rows *sql.Rows, err error, scan func(row) (T, error)) ([]T, error) {
	return collectInto(nil, rows, err, scan)
}

// collectInto is collect with room that was made before.
func collectInto[T any](all []T, rows *sql.Rows, err error, scan func(row) (T, error)) ([]T, error) {
	if err != nil {
		return nil, failure(err)
	}
	defer rows.Close()

	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, failure(err)
		}
		all = append(all, one)
	}
	return all, failure(rows.Err())
}
