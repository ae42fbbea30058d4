package store

import (
	"context"
	"fmt"
	"time"
)

// ProofRow is a run in a list: how it ended, and not what was found.
type ProofRow struct {
	ID          string
	Key         string // key id
	Kid         string // as Maskinporten knows the key now
	By          string // user id; empty when the person is gone
	ByName      string // what the person is called now; empty when gone
	Started     time.Time
	Took        time.Duration
	Outcome     Outcome
	FailedStage string // empty when it passed
	Code        string // what that stage found
}

// The claims of 25 runs would be megabytes: a list leaves them where they are.
const proofsQuery = `
	SELECT p.seq, p.id, p.key, coalesce(k.registered_kid, k.kid), coalesce(p.made_by, ''), coalesce(u.name, ''),
		p.started, p.took, p.outcome, p.failed_stage, p.stages
	FROM integrations i JOIN proofs p ON p.integration = i.id JOIN keys k ON k.id = p.key
	LEFT JOIN users u ON u.id = p.made_by
	WHERE i.organisation = ? AND i.id = ? AND p.seq < ? ORDER BY p.seq DESC LIMIT ? + 1`

// Proofs lists an integration's runs, newest first. It is empty for another
// organisation's integration.
func (s *Store) Proofs(ctx context.Context, org OrgNumber, integration string, p Page) ([]ProofRow, Cursor, error) {
	before, err := p.before()
	if err != nil {
		return nil, "", err
	}
	type numbered struct {
		ProofRow
		seq int64
	}
	rows, err := s.read.QueryContext(ctx, proofsQuery, org, integration, before, p.limit())
	all, err := collect(rows, err, func(r row) (n numbered, err error) {
		var took int64
		var stages string
		err = r.Scan(&n.seq, &n.ID, &n.Key, &n.Kid, &n.By, &n.ByName, stored{&n.Started}, &took, &n.Outcome, &n.FailedStage, &stages)
		if err != nil {
			return n, err
		}
		n.Took = time.Duration(took) * time.Microsecond
		n.Code, err = codeOf(stages, n.FailedStage)
		return n, err
	})
	if err != nil {
		return nil, "", fmt.Errorf("listing proofs of integration %q: %w", integration, err)
	}
	all, next := cut(all, p.limit(), func(n numbered) int64 { return n.seq })
	list := make([]ProofRow, len(all))
	for i, n := range all {
		list[i] = n.ProofRow
	}
	return list, next, nil
}

// codeOf is what the stage at which a run stopped has found.
func codeOf(stages, failed string) (string, error) {
	if failed == "" {
		return "", nil
	}
	results, err := decodeStages(stages)
	if err != nil {
		return "", err
	}
	for _, s := range results {
		if s.Stage == failed {
			return s.Code, nil
		}
	}
	return "", nil
}

// Proof is one run of an integration; ErrNotFound for other organisations' and
// for other integrations'.
func (s *Store) Proof(ctx context.Context, org OrgNumber, integration, id string) (Proof, error) {
	p, err := scanProof(s.read.QueryRowContext(ctx, `
		SELECT `+proofColumns+` FROM proofs p JOIN integrations i ON i.id = p.integration
		WHERE i.organisation = ? AND i.id = ? AND p.id = ?`, org, integration, id))
	if err != nil {
		return Proof{}, fmt.Errorf("reading proof %q of integration %q: %w", id, integration, failure(err))
	}
	return p, nil
}

// NewestProof is an integration's last run; ErrNotFound when there is none.
func (s *Store) NewestProof(ctx context.Context, org OrgNumber, integration string) (Proof, error) {
	p, err := scanProof(s.read.QueryRowContext(ctx, `
		SELECT `+proofColumns+` FROM proofs p JOIN integrations i ON i.id = p.integration
		WHERE i.organisation = ? AND p.integration = ? ORDER BY p.seq DESC LIMIT 1`, org, integration))
	if err != nil {
		return Proof{}, fmt.Errorf("reading the newest proof of integration %q: %w", integration, failure(err))
	}
	return p, nil
}
