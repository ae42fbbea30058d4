package main

import (
	"context"
	"database/sql"
	"strconv"
	"time"
)

// query reads the columns that the page shows, by the same index as the portal's.
const query = `
	SELECT seq, id, name, environment, state, key_expires, key_unknown, proof_started, proof_outcome
	FROM integrations WHERE organisation = ? AND seq < ? ORDER BY seq DESC LIMIT 26`

// page is what the templates show.
type page struct {
	Rows []row
	// Next is where the list goes on.
	Next string
}

// row has finished texts, as both templates want them.
type row struct {
	ID, Name, Environment   string
	State, StateColour      string
	KeyExpires, Alarm       string
	Proof, Outcome, Success string
}

func read(ctx context.Context, stmt *sql.Stmt, organisation string, before int64) (p page, err error) {
	found, err := stmt.QueryContext(ctx, organisation, before)
	if err != nil {
		return page{}, err
	}
	defer found.Close()
	now := time.Now()
	for found.Next() {
		var seq int64
		var unknown bool
		var expires, started sql.NullInt64
		var outcome sql.NullString
		var r row
		if err := found.Scan(&seq, &r.ID, &r.Name, &r.Environment, &r.State, &expires, &unknown, &started, &outcome); err != nil {
			return page{}, err
		}
		if len(p.Rows) == 25 {
			break
		}
		p.Next = strconv.FormatInt(seq, 10)
		p.Rows = append(p.Rows, finish(r, now, expires, unknown, started, outcome))
	}
	return p, found.Err()
}

func finish(r row, now time.Time, expires sql.NullInt64, unknown bool, started sql.NullInt64, outcome sql.NullString) row {
	r.Environment = "Sandkasse (øving)"
	switch r.State {
	case "proved", "in-use":
		r.StateColour = "success"
	case "recorded", "registered":
		r.StateColour = "info"
	default:
		r.StateColour = "neutral"
	}
	r.State = states[r.State]
	if expires.Valid {
		at := time.Unix(expires.Int64, 0)
		r.KeyExpires = date(at)
		if at.Sub(now) < 60*24*time.Hour {
			r.Alarm = "Går snart ut"
		}
	}
	if unknown {
		r.Alarm = "Utløp ukjent"
	}
	if started.Valid {
		r.Proof = date(time.Unix(started.Int64, 0))
		r.Outcome, r.Success = "Feilet", "danger"
		if outcome.String == "passed" {
			r.Outcome, r.Success = "Bestått", "success"
		}
	}
	return r
}

var states = map[string]string{
	"described": "Beskrevet", "key-made": "Nøkkel laget", "registered": "Registrert",
	"recorded": "Klient-ID lagret", "proved": "Bevist", "in-use": "I bruk",
}

var months = [...]string{"januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september",
	"oktober", "november", "desember"}

func date(at time.Time) string {
	at = at.In(time.UTC)
	return strconv.Itoa(at.Day()) + ". " + months[at.Month()-1] + " " + strconv.Itoa(at.Year())
}
