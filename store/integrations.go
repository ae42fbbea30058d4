package store

import (
	"context"
	"fmt"
	"time"
)

// IntegrationRow is an integration in a list.
type IntegrationRow struct {
	ID               string
	Organisation     OrgNumber
	OrganisationName Name // in Integrations only
	Name             Name
	Environment      Environment
	Created          time.Time
	Summary
}

// The lists go by an index and stop at the limit, so a page costs the same
// however many integrations there are. With a mere LIMIT ? SQLite would plan a
// prepared query anew each time, for the sake of the value.
const (
	rowsOfQuery = `
	SELECT ` + rowColumns + `
	FROM integrations i WHERE i.organisation = ? AND i.seq < ? ORDER BY i.seq DESC LIMIT ? + 1`

	rowsAllQuery = `
	SELECT ` + rowColumns + `, i.organisation, o.name
	FROM integrations i JOIN organisations o ON o.number = i.organisation
	WHERE i.seq < ? ORDER BY i.seq DESC LIMIT ? + 1`

	rowColumns = `i.seq, i.id, i.name, i.environment, i.created, i.state, i.key_expires, i.key_unknown, i.key_leaked, i.proof_started,
		coalesce(i.proof_outcome, ''), i.derived_until`
)

// IntegrationsOf lists an organisation's integrations, newest first. The cursor
// is that of the next page, empty at the end. ErrSyntax for a cursor that no page
// gave.
func (s *Store) IntegrationsOf(ctx context.Context, org OrgNumber, p Page) ([]IntegrationRow, Cursor, error) {
	before, err := p.before()
	if err != nil {
		return nil, "", err
	}
	rows, err := s.rowsOf.QueryContext(ctx, org, before, p.limit())
	// One row's memory serves them all: a scan fills in every column.
	i := storedRow{IntegrationRow: IntegrationRow{Organisation: org}}
	columns := i.columns()
	found, err := collectInto(make([]storedRow, 0, p.limit()+1), rows, err, func(r row) (storedRow, error) {
		err := r.Scan(columns...)
		return i, err
	})
	return s.integrationPage(ctx, found, err, p.limit())
}

// Integrations lists every organisation's integrations, newest first. It is for
// auditors and administrators.
func (s *Store) Integrations(ctx context.Context, p Page) ([]IntegrationRow, Cursor, error) {
	before, err := p.before()
	if err != nil {
		return nil, "", err
	}
	rows, err := s.rowsAll.QueryContext(ctx, before, p.limit())
	found, err := collect(rows, err, func(r row) (i storedRow, err error) {
		err = r.Scan(append(i.columns(), &i.Organisation, &i.OrganisationName)...)
		return i, err
	})
	return s.integrationPage(ctx, found, err, p.limit())
}

// storedRow is a row with what only the store needs to know.
type storedRow struct {
	IntegrationRow
	seq   int64
	until time.Time // when what is derived is out of date
}

func (i *storedRow) columns() []any {
	return []any{
		&i.seq, &i.ID, &i.Name, &i.Environment, stored{&i.Created}, &i.State, stored{&i.KeyExpires}, &i.KeyUnknown, &i.KeyLeaked,
		stored{&i.ProofStarted}, &i.ProofOutcome, stored{&i.until},
	}
}

func (s *Store) integrationPage(ctx context.Context, found []storedRow, err error, limit int) ([]IntegrationRow, Cursor, error) {
	if err != nil {
		return nil, "", fmt.Errorf("listing integrations: %w", err)
	}
	found, next := cut(found, limit, func(i storedRow) int64 { return i.seq })

	now := s.now()
	list := make([]IntegrationRow, len(found))
	for n, i := range found {
		if passed(i.until, now) {
			i.Summary, _, err = derived(ctx, s.read, i.ID, now)
			if err != nil {
				return nil, "", fmt.Errorf("listing integrations: %w", err)
			}
		}
		list[n] = i.IntegrationRow
	}
	return list, next, nil
}
