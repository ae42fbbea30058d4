package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

const (
	// maxSaw is the longest text of a sighting, in runes.
	maxSaw = 500
	// maxSightings is how many sightings of one organisation can wait that were
	// told within a day: nobody shall fill the administrator's list.
	maxSightings = 20
)

// Saw is what a person saw, in a few lines. Only ParseSaw makes one.
type Saw string

// ParseSaw reads a text of 1 to 500 characters. The problems are ErrEmpty,
// ErrTooLong, ErrSyntax (no UTF-8), ErrControl and ErrSecret.
func ParseSaw(text string) (Saw, error) {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ").Replace(text)
	text = strings.TrimSpace(text)
	if !strings.ContainsFunc(text, visible) {
		return "", fmt.Errorf("reading what was seen: %w", ErrEmpty)
	}
	if err := checkText(text, maxSaw, true); err != nil {
		return "", fmt.Errorf("reading what was seen: %w", err)
	}
	return Saw(text), nil
}

// Sighting is that somebody saw something else in Samarbeidsportalen than the
// guide says.
type Sighting struct {
	ID            string
	Organisation  OrgNumber
	Integration   string
	Environment   Environment // the integration's
	Step          string      // of the numbered guide
	Saw           Saw
	LabelsChecked time.Time // when the guide's labels had last been compared
	By            string    // user id; empty when the person is gone
	Made          time.Time
	Settled       time.Time // zero until an administrator has dealt with it
	SettledBy     string    // user id
}

// NewSighting is a sighting to be.
type NewSighting struct {
	Step          string
	Saw           Saw
	LabelsChecked time.Time
	Nonce         string // of the form: a second post of the same form tells nothing new
}

// AddSighting puts a sighting on record. When the integration has seen the nonce
// before, it returns the one told then and nothing happens. ErrTooMany when the
// organisation has told enough for a day; ErrNotFound when the integration is not
// the organisation's; ErrEmpty when the nonce is missing.
func (s *Store) AddSighting(ctx context.Context, a Actor, org OrgNumber, integration string, n NewSighting) (Sighting, error) {
	if n.Nonce == "" {
		return Sighting{}, fmt.Errorf("adding a sighting: nonce: %w", ErrEmpty)
	}
	var told Sighting
	err := s.tx(ctx, func(t *sql.Tx) error {
		i, err := s.integration(ctx, t, `i.organisation = ? AND i.id = ?`, org, integration)
		if err != nil {
			return err
		}
		told, err = scanSighting(t.QueryRowContext(ctx,
			`SELECT `+sightingColumns+` FROM sightings s WHERE s.integration = ? AND s.nonce = ?`, i.ID, n.Nonce))
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		told, err = s.addSighting(ctx, t, a, i, n)
		return err
	})
	if err != nil {
		return Sighting{}, fmt.Errorf("adding a sighting: %w", err)
	}
	return told, nil
}

func (s *Store) addSighting(ctx context.Context, t *sql.Tx, a Actor, i Integration, n NewSighting) (Sighting, error) {
	now := s.now().UTC().Truncate(time.Second)
	var waiting int
	err := t.QueryRowContext(ctx,
		`SELECT count(*) FROM sightings WHERE organisation = ? AND settled IS NULL AND made > ?`,
		i.Organisation, unix(now.Add(-24*time.Hour))).Scan(&waiting)
	if err != nil {
		return Sighting{}, err
	}
	if waiting >= maxSightings {
		return Sighting{}, ErrTooMany
	}
	id, err := s.newID()
	if err != nil {
		return Sighting{}, err
	}
	told := Sighting{
		ID: id, Organisation: i.Organisation, Integration: i.ID, Environment: i.Environment, Step: n.Step, Saw: n.Saw,
		LabelsChecked: n.LabelsChecked.UTC().Truncate(time.Second), By: a.User, Made: now,
	}
	_, err = t.ExecContext(ctx, `
		INSERT INTO sightings (id, organisation, integration, environment, step, saw, labels_checked, made_by, made, nonce)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		told.ID, told.Organisation, told.Integration, told.Environment, told.Step, told.Saw,
		unix(told.LabelsChecked), text(told.By), unix(told.Made), n.Nonce)
	if err != nil {
		return Sighting{}, err
	}
	// What the person wrote stays out of the trail.
	return told, s.append(ctx, t, a, Event{
		Kind: SightingAdded, Organisation: i.Organisation, Integration: i.ID, Object: told.ID,
		Detail: map[string]string{"guide_step": told.Step},
	})
}

// SettleSighting says that a sighting has been dealt with. A second time changes
// nothing. ErrNotFound when there is none. It is for administrators.
func (s *Store) SettleSighting(ctx context.Context, a Actor, id string) error {
	err := s.tx(ctx, func(t *sql.Tx) error {
		told, err := scanSighting(t.QueryRowContext(ctx, `SELECT `+sightingColumns+` FROM sightings s WHERE s.id = ?`, id))
		if err != nil || !told.Settled.IsZero() {
			return err
		}
		_, err = t.ExecContext(ctx, `UPDATE sightings SET settled = ?, settled_by = ? WHERE id = ?`,
			unix(s.now()), text(a.User), id)
		if err != nil {
			return err
		}
		return s.append(ctx, t, a, Event{
			Kind: SightingSettled, Organisation: told.Organisation, Integration: told.Integration, Object: id,
		})
	})
	if err != nil {
		return fmt.Errorf("settling sighting %q: %w", id, err)
	}
	return nil
}

// SightingRow is a sighting in a list. Names are as they are now, and empty when
// the person is gone.
type SightingRow struct {
	Sighting
	OrganisationName Name
	IntegrationName  Name
	ByName           string
	SettledByName    string
}

const (
	sightingColumns = `s.id, s.organisation, s.integration, s.environment, s.step, s.saw, s.labels_checked,
		coalesce(s.made_by, ''), s.made, s.settled, coalesce(s.settled_by, '')`

	sightingsQuery = `
	SELECT s.seq, o.name, i.name, coalesce(u.name, ''), coalesce(v.name, ''), ` + sightingColumns + `
	FROM sightings s JOIN organisations o ON o.number = s.organisation JOIN integrations i ON i.id = s.integration
	LEFT JOIN users u ON u.id = s.made_by LEFT JOIN users v ON v.id = s.settled_by
	WHERE s.seq < ? ORDER BY s.seq DESC LIMIT ? + 1`
)

// Sightings lists what all organisations have told, newest first. It is for
// auditors and administrators.
func (s *Store) Sightings(ctx context.Context, p Page) ([]SightingRow, Cursor, error) {
	before, err := p.before()
	if err != nil {
		return nil, "", err
	}
	type numbered struct {
		SightingRow
		seq int64
	}
	rows, err := s.read.QueryContext(ctx, sightingsQuery, before, p.limit())
	all, err := collect(rows, err, func(r row) (n numbered, err error) {
		targets := []any{&n.seq, &n.OrganisationName, &n.IntegrationName, &n.ByName, &n.SettledByName}
		err = r.Scan(append(targets, n.columns()...)...)
		return n, err
	})
	if err != nil {
		return nil, "", fmt.Errorf("listing sightings: %w", err)
	}
	all, next := cut(all, p.limit(), func(n numbered) int64 { return n.seq })
	list := make([]SightingRow, len(all))
	for i, n := range all {
		list[i] = n.SightingRow
	}
	return list, next, nil
}

func (g *Sighting) columns() []any {
	return []any{
		&g.ID, &g.Organisation, &g.Integration, &g.Environment, &g.Step, &g.Saw, stored{&g.LabelsChecked},
		&g.By, stored{&g.Made}, stored{&g.Settled}, &g.SettledBy,
	}
}

func scanSighting(r row) (g Sighting, err error) {
	err = r.Scan(g.columns()...)
	return g, err
}
