package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// Circumstances are what else is on record about an integration and one of its
// keys: what helps to tell causes apart when a proof fails.
type Circumstances struct {
	// GotToken is true when a proof with the key, for the client id that is on
	// record now, has got a token.
	GotToken bool
	// ClientChanged is true when the newest proof of the integration that got a
	// token was for another client id.
	ClientChanged bool
	// Elsewhere is true when the organisation has the client id on record in
	// another environment too, and Shared when for another integration in this one.
	Elsewhere, Shared bool
	// GrantedElsewhere are the scopes with which the organisation has passed proofs
	// in the other environments, for itself and not for a customer. The sandbox is
	// none of them: what is granted there is for practice.
	GrantedElsewhere []string
	// Practice is true for an organisation that does not exist.
	Practice bool
}

const (
	// provedClient is the client id of a proof p that got a token; of an old one the
	// token tells it.
	provedClient = `coalesce(p.client_id, p.maskinporten_claims ->> '$.client_id')`

	gotToken = `p.failed_stage NOT IN ('key', 'metadata', 'clock', 'grant', 'token')`

	circumstancesQuery = `
		SELECT
			EXISTS (SELECT 1 FROM proofs p WHERE p.integration = i.id AND p.key = ?
				AND ` + gotToken + ` AND ` + provedClient + ` = i.client_id),
			coalesce((SELECT ` + provedClient + ` <> i.client_id FROM proofs p
				WHERE p.integration = i.id AND ` + gotToken + ` ORDER BY p.seq DESC LIMIT 1), 0),
			EXISTS (SELECT 1 FROM integrations x WHERE x.organisation = i.organisation AND x.client_id = i.client_id
				AND x.environment <> i.environment),
			EXISTS (SELECT 1 FROM integrations x WHERE x.organisation = i.organisation AND x.client_id = i.client_id
				AND x.environment = i.environment AND x.id <> i.id),
			(SELECT group_concat(scope, ' ') FROM (
				SELECT p.maskinporten_claims ->> '$.scope' AS scope FROM integrations x JOIN proofs p ON p.integration = x.id
				WHERE x.organisation = i.organisation AND x.environment NOT IN ('sandbox', i.environment)
					AND p.outcome = 'passed' AND p.options ->> '$.consumer_org' IS NULL
				ORDER BY p.seq DESC LIMIT 100)),
			o.practice
		FROM integrations i JOIN organisations o ON o.number = i.organisation
		WHERE i.organisation = ? AND i.id = ?`
)

// CircumstancesOf reads them. ErrNotFound for another organisation's integration.
func (s *Store) CircumstancesOf(ctx context.Context, org OrgNumber, integration, key string) (c Circumstances, err error) {
	var scopes sql.NullString
	err = s.read.QueryRowContext(ctx, circumstancesQuery, key, org, integration).
		Scan(&c.GotToken, &c.ClientChanged, &c.Elsewhere, &c.Shared, &scopes, &c.Practice)
	if err != nil {
		return Circumstances{}, fmt.Errorf("reading the circumstances of integration %q: %w", integration, failure(err))
	}
	c.GrantedElsewhere = strings.Fields(scopes.String)
	return c, nil
}
