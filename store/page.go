package store

import (
	"fmt"
	"math"
	"strconv"
)

// The number of rows of a page when none was asked for, and the most there can be.
const (
	defaultLimit = 25
	maxLimit     = 200
)

// Cursor says where a page of a list begins: after what. The empty one is the
// beginning, and as an answer it says that there is no more.
type Cursor string

// Page asks for a part of a list.
type Page struct {
	After Cursor // as the page before gave it
	Limit int    // 25 when zero, 200 at most
}

// before is the sequence number that the page's rows are below: lists are newest
// first.
func (p Page) before() (int64, error) {
	if p.After == "" {
		return math.MaxInt64, nil
	}
	seq, err := strconv.ParseInt(string(p.After), 10, 64)
	if err != nil || seq < 1 {
		return 0, fmt.Errorf("reading cursor: %w", ErrSyntax)
	}
	return seq, nil
}

func (p Page) limit() int {
	switch {
	case p.Limit <= 0:
		return defaultLimit
	case p.Limit > maxLimit:
		return maxLimit
	}
	return p.Limit
}

// cut takes off the row that was read beyond the limit, if there is one, and
// says where the next page begins.
func cut[T any](rows []T, limit int, seq func(T) int64) ([]T, Cursor) {
	if len(rows) <= limit {
		return rows, ""
	}
	rows = rows[:limit]
	return rows, Cursor(strconv.FormatInt(seq(rows[limit-1]), 10))
}
