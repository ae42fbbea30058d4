package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Integration is what the portal keeps track of: one client of an organisation
// in one environment.
type Integration struct {
	ID           string
	Organisation OrgNumber
	Name         Name
	Description  Description
	Purpose      string // the id of one of Purposes, or empty
	Environment  Environment
	ClientID     ClientID  // empty until it was recorded
	Wanted       []Scope   // what it shall be able to ask for
	Recorded     []Scope   // what was added in Samarbeidsportalen, as a person said
	InUse        time.Time // since when, as a person said; zero when not
	Version      int       // counts the changes of description and record
	Created      time.Time
	CreatedBy    string // user id; empty when the person is gone
	State        State  // derived
}

// Details are what describes an integration and may change.
type Details struct {
	Name        Name
	Description Description
	Purpose     string
	Wanted      []Scope
}

// NewIntegration is an integration to be.
type NewIntegration struct {
	Organisation OrgNumber
	Environment  Environment
	Details
	Nonce string // of the form: a second post of the same form makes no second one
}

// AddIntegration makes an integration. When the organisation has used the nonce
// before, it returns the one made then, again is true, and nothing happens.
// ErrPractice when a practice organisation asks for a real environment,
// ErrUnknown when there is no such purpose, ErrEmpty when the nonce is missing.
func (s *Store) AddIntegration(ctx context.Context, a Actor, n NewIntegration) (i Integration, again bool, err error) {
	if n.Nonce == "" {
		return Integration{}, false, fmt.Errorf("adding an integration: nonce: %w", ErrEmpty)
	}
	err = s.tx(ctx, func(t *sql.Tx) (err error) {
		i, err = s.integration(ctx, t, `i.organisation = ? AND i.nonce = ?`, n.Organisation, n.Nonce)
		if !errors.Is(err, ErrNotFound) {
			again = err == nil
			return err
		}
		i, err = s.addIntegration(ctx, t, a, n)
		return err
	})
	if err != nil {
		return Integration{}, false, fmt.Errorf("adding an integration: %w", err)
	}
	return i, again, nil
}

func (s *Store) addIntegration(ctx context.Context, t *sql.Tx, a Actor, n NewIntegration) (Integration, error) {
	o, err := organisation(ctx, t, n.Organisation)
	if err != nil {
		return Integration{}, err
	}
	if o.Practice && n.Environment != Sandbox {
		return Integration{}, ErrPractice
	}
	if !isPurpose(n.Purpose) {
		return Integration{}, fmt.Errorf("purpose: %w", ErrUnknown)
	}
	id, err := s.newID()
	if err != nil {
		return Integration{}, err
	}
	i := Integration{
		ID: id, Organisation: n.Organisation, Name: n.Name, Description: n.Description, Purpose: n.Purpose,
		Environment: n.Environment, Wanted: n.Wanted, Version: 1, Created: s.now().Truncate(time.Second),
		CreatedBy: a.User, State: Described,
	}
	_, err = t.ExecContext(ctx, `
		INSERT INTO integrations (id, organisation, name, description, purpose, environment, wanted, recorded,
			version, created, created_by, nonce, state, key_unknown)
		VALUES (?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?, 0)`,
		i.ID, i.Organisation, i.Name, i.Description, i.Purpose, i.Environment, joinScopes(i.Wanted),
		i.Version, unix(i.Created), text(i.CreatedBy), n.Nonce, i.State)
	if err != nil {
		return Integration{}, err
	}
	return i, s.append(ctx, t, a, Event{
		Kind: IntegrationAdded, Organisation: i.Organisation, Integration: i.ID,
		Changes: changes(
			value("environment", "", i.Environment),
			value("purpose", "", i.Purpose),
			value("wanted", "", joinScopes(i.Wanted))),
	})
}

// Integration is one of the organisation's; ErrNotFound for others'.
func (s *Store) Integration(ctx context.Context, org OrgNumber, id string) (Integration, error) {
	i, err := s.integration(ctx, s.read, `i.organisation = ? AND i.id = ?`, org, id)
	if err != nil {
		return Integration{}, fmt.Errorf("reading integration %q: %w", id, err)
	}
	return i, nil
}

// IntegrationByClient is the organisation's integration with the client id:
// where several have it, the newest, before all one in the environment.
// ErrNotFound when there is none.
func (s *Store) IntegrationByClient(ctx context.Context, org OrgNumber, client ClientID, e Environment) (Integration, error) {
	i, err := s.integration(ctx, s.read,
		`i.organisation = ? AND i.client_id = ? ORDER BY i.environment = ? DESC, i.seq DESC LIMIT 1`, org, client, e)
	if err != nil {
		return Integration{}, fmt.Errorf("reading the integration of client %q: %w", client, err)
	}
	return i, nil
}

// integration reads the one that the condition finds.
func (s *Store) integration(ctx context.Context, q queryer, where string, args ...any) (Integration, error) {
	var i Integration
	var wanted, recorded string
	var until time.Time
	err := q.QueryRowContext(ctx, `
		SELECT i.id, i.organisation, i.name, i.description, i.purpose, i.environment, coalesce(i.client_id, ''),
			i.wanted, i.recorded, i.in_use, i.version, i.created, coalesce(i.created_by, ''), i.state, i.derived_until
		FROM integrations i WHERE `+where, args...).
		Scan(&i.ID, &i.Organisation, &i.Name, &i.Description, &i.Purpose, &i.Environment, &i.ClientID,
			&wanted, &recorded, stored{&i.InUse}, &i.Version, stored{&i.Created}, &i.CreatedBy, &i.State, stored{&until})
	if err != nil {
		return Integration{}, failure(err)
	}
	i.Wanted, i.Recorded = splitScopes(wanted), splitScopes(recorded)
	if now := s.now(); passed(until, now) {
		summary, _, err := derived(ctx, q, i.ID, now)
		if err != nil {
			return Integration{}, err
		}
		i.State = summary.State
	}
	return i, nil
}

func joinScopes(scopes []Scope) string {
	texts := make([]string, len(scopes))
	for i, scope := range scopes {
		texts[i] = string(scope)
	}
	return strings.Join(texts, " ")
}

func splitScopes(text string) []Scope {
	var scopes []Scope
	for item := range strings.FieldsSeq(text) {
		scopes = append(scopes, Scope(item))
	}
	return scopes
}
