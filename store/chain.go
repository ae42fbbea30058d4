package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// firstPrev stands where the first event has no hash before it.
var firstPrev = strings.Repeat("0", 64)

// eventBody is the JSON of an event. Its members stand in alphabetical order and
// none is ever left out, so that there is one way to write an event only.
type eventBody struct {
	Actor        string                `json:"actor"`
	At           int64                 `json:"at"`
	Changes      map[string]bodyChange `json:"changes"`
	Detail       map[string]string     `json:"detail"`
	From         string                `json:"from"`
	Integration  string                `json:"integration"`
	Kind         Kind                  `json:"kind"`
	Object       string                `json:"object"`
	Organisation OrgNumber             `json:"organisation"`
	Outcome      Outcome               `json:"outcome"`
	Request      string                `json:"request"`
	Role         Role                  `json:"role"`
	SignIn       string                `json:"sign_in"`
}

type bodyChange struct {
	After  string `json:"after"`
	Before string `json:"before"`
}

const (
	lastEventQuery = `SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1`
	addEventQuery  = `INSERT INTO events (seq, prev, body, hash) VALUES (?, ?, ?, ?)`
)

// append adds an event to the trail, in the transaction of what it tells of. Of
// the event, who, when and the place in the chain are filled in; the outcome is
// Done when none is given.
func (s *Store) append(ctx context.Context, t *sql.Tx, a Actor, e Event) error {
	if e.Outcome == "" {
		e.Outcome = Done
	}
	body, err := encodeEvent(a, e, s.now())
	if err != nil {
		return err
	}
	seq, prev := int64(0), firstPrev
	err = t.StmtContext(ctx, s.lastEvent).QueryRowContext(ctx).Scan(&seq, &prev)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("reading the end of the audit trail: %w", err)
	}
	seq++
	_, err = t.StmtContext(ctx, s.addEvent).ExecContext(ctx, seq, prev, body, link(seq, prev, body))
	if err != nil {
		return fmt.Errorf("writing event %q: %w", e.Kind, err)
	}
	return nil
}

func encodeEvent(a Actor, e Event, at time.Time) (string, error) {
	b := eventBody{
		Actor: a.User, At: at.Unix(), Changes: map[string]bodyChange{}, Detail: e.Detail, From: a.From,
		Integration: e.Integration, Kind: e.Kind, Object: e.Object, Organisation: e.Organisation,
		Outcome: e.Outcome, Request: a.Request, Role: a.Role, SignIn: a.SignIn,
	}
	for _, c := range e.Changes {
		b.Changes[c.Field] = bodyChange{Before: c.Before, After: c.After}
	}
	if b.Detail == nil {
		b.Detail = map[string]string{}
	}
	body, err := encode(b)
	if err != nil {
		return "", fmt.Errorf("writing event %q: %w", e.Kind, err)
	}
	if looksSecret(body) {
		return "", fmt.Errorf("writing event %q: %w", e.Kind, ErrSecret)
	}
	return body, nil
}

// encode is JSON as it is stored: in one line, < and & left as they are.
func encode(value any) (string, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return "", err
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

func link(seq int64, prev, body string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "portvakt-audit/v1\n%d\n%s\n%s", seq, prev, body))
	return hex.EncodeToString(sum[:])
}

func decodeEvent(e Event, body string) (Event, error) {
	var b eventBody
	if err := json.Unmarshal([]byte(body), &b); err != nil {
		return Event{}, fmt.Errorf("reading event %d: %w", e.Seq, err)
	}
	e.At, e.Actor, e.Role, e.Organisation = time.Unix(b.At, 0).UTC(), b.Actor, b.Role, b.Organisation
	e.Integration, e.Object, e.Kind, e.Outcome = b.Integration, b.Object, b.Kind, b.Outcome
	e.Detail, e.SignIn, e.Request, e.From = b.Detail, b.SignIn, b.Request, b.From
	for field, c := range b.Changes {
		e.Changes = append(e.Changes, Change{Field: field, Before: c.Before, After: c.After})
	}
	slices.SortFunc(e.Changes, func(x, y Change) int { return strings.Compare(x.Field, y.Field) })
	return e, nil
}

// VerifyEvents recomputes the whole chain. ErrChain, with the first row that is
// wrong, when a row was changed, taken out or put in. What was cut off at the
// end it cannot see.
func (s *Store) VerifyEvents(ctx context.Context) error {
	rows, err := s.read.QueryContext(ctx, `SELECT seq, prev, body, hash FROM events ORDER BY seq`)
	if err != nil {
		return fmt.Errorf("verifying the audit trail: %w", failure(err))
	}
	defer rows.Close()

	last, lastHash := int64(0), firstPrev
	for rows.Next() {
		var seq int64
		var prev, body, hash string
		if err := rows.Scan(&seq, &prev, &body, &hash); err != nil {
			return fmt.Errorf("verifying the audit trail: %w", failure(err))
		}
		if seq != last+1 || prev != lastHash || hash != link(seq, prev, body) {
			return fmt.Errorf("verifying the audit trail: %w at row %d", ErrChain, last+1)
		}
		last, lastHash = seq, hash
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("verifying the audit trail: %w", failure(err))
	}
	return nil
}
