package store

import (
	"context"
	"fmt"
)

// Circumstances are what else is on record about an integration and one of its
// keys: what helps to tell causes apart when a proof fails.
type Circumstances struct {
	// GotToken is true when a proof with the key has got a token.
	GotToken bool
	// Elsewhere is true when the organisation has the client id on record in
	// another environment too, and Shared when for another integration in this one.
	Elsewhere, Shared bool
	// Practice is true for an organisation that does not exist.
	Practice bool
}

// CircumstancesOf reads them. ErrNotFound for another organisation's integration.
func (s *Store) CircumstancesOf(ctx context.Context, org OrgNumber, integration, key string) (c Circumstances, err error) {
	err = s.read.QueryRowContext(ctx, `
		SELECT
			EXISTS (SELECT 1 FROM proofs p WHERE p.integration = i.id AND p.key = ?
				AND p.failed_stage NOT IN ('key', 'metadata', 'clock', 'grant', 'token')),
			EXISTS (SELECT 1 FROM integrations x WHERE x.organisation = i.organisation AND x.client_id = i.client_id
				AND x.environment <> i.environment),
			EXISTS (SELECT 1 FROM integrations x WHERE x.organisation = i.organisation AND x.client_id = i.client_id
				AND x.environment = i.environment AND x.id <> i.id),
			o.practice
		FROM integrations i JOIN organisations o ON o.number = i.organisation
		WHERE i.organisation = ? AND i.id = ?`, key, org, integration).
		Scan(&c.GotToken, &c.Elsewhere, &c.Shared, &c.Practice)
	if err != nil {
		return Circumstances{}, fmt.Errorf("reading the circumstances of integration %q: %w", integration, failure(err))
	}
	return c, nil
}
