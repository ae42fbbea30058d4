package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Outcome is how something ended.
type Outcome string

// The outcomes of a proof and of a stage.
const (
	Passed        Outcome = "passed"
	Failed        Outcome = "failed"
	NotApplicable Outcome = "not-applicable" // of a stage only
	NotReached    Outcome = "not-reached"    // of a stage only
)

// Proof is one run of the staged test with one of an integration's keys. It has
// the decoded claims, never a token or a grant.
type Proof struct {
	ID                 string // made by AddProof when empty
	Integration        string
	Key                string   // key id
	ClientID           ClientID // that it was made for; empty for runs from before it was kept
	By                 string   // user id; set by AddProof
	Started            time.Time
	Took               time.Duration
	Outcome            Outcome // Passed or Failed
	FailedStage        string  // empty when it passed; AddProof takes it from Stages
	Stages             []StageResult
	Options            ProofOptions
	MaskinportenClaims map[string]any // numbers are read back as json.Number
	AltinnClaims       map[string]any
	Answer             *Answer // the answer that made it fail; nil when there was none
	Nonce              string  // of the form
}

// StageResult is what one stage found.
type StageResult struct {
	Stage   string
	Outcome Outcome
	Code    string // what was found; empty when it passed
	Took    time.Duration
	Figures map[string]string
	// Possible are the causes that remain when several look alike.
	Possible []Possibility
}

// Possibility is a cause that remains, by its id, with the ids of what speaks
// for it.
type Possibility struct {
	ID  string
	For []string
}

// ProofOptions are what a run asked for otherwise than usual. With some of the
// scopes only, it proves less than the integration, and its state stays.
type ProofOptions struct {
	ConsumerOrg OrgNumber // the customer; empty for one's own
	Resource    string
	Scopes      []Scope // empty: all that are wanted
}

// Answer is a remote refusal as it was received, with everything that looks like
// a token cut out.
type Answer struct {
	Status      int
	Error       string
	Description string
	TraceID     string
	Body        string
}

// AddProof puts a run on record. When the integration has seen the nonce before,
// it returns the run recorded then, again is true, and nothing happens.
// ErrSecret, with nothing written, when something in it looks like a token or a
// private key; ErrNotFound when the key is not one of the organisation's
// integration; ErrEmpty when the nonce is missing.
func (s *Store) AddProof(ctx context.Context, a Actor, org OrgNumber, p Proof) (q Proof, again bool, err error) {
	if p.Nonce == "" {
		return Proof{}, false, fmt.Errorf("adding a proof: nonce: %w", ErrEmpty)
	}
	if p.ID == "" {
		if p.ID, err = s.newID(); err != nil {
			return Proof{}, false, err
		}
	}
	p.By, p.Started = a.User, p.Started.UTC().Truncate(time.Second)
	texts, err := p.encode()
	if err != nil {
		return Proof{}, false, fmt.Errorf("adding a proof: %w", err)
	}
	err = s.change(ctx, org, p.Integration, func(t *sql.Tx, i Integration) (err error) {
		q, err = scanProof(t.QueryRowContext(ctx,
			`SELECT `+proofColumns+` FROM proofs p WHERE p.integration = ? AND p.nonce = ?`, i.ID, p.Nonce))
		if !errors.Is(err, sql.ErrNoRows) {
			again = err == nil
			return err
		}
		q = p
		return s.addProof(ctx, t, a, i, p, texts)
	})
	if err != nil {
		return Proof{}, false, fmt.Errorf("adding a proof: %w", err)
	}
	return q, again, nil
}

func (s *Store) addProof(ctx context.Context, t *sql.Tx, a Actor, i Integration, p Proof, texts proofTexts) error {
	k, err := key(ctx, t, i.ID, `id = ?`, p.Key)
	if err != nil {
		return err
	}
	// Whoever proved with a key has it.
	if _, err := s.nameKey(ctx, t, a, i, k); err != nil {
		return err
	}
	_, err = t.ExecContext(ctx, `
		INSERT INTO proofs (id, integration, key, made_by, started, took, outcome, failed_stage, stages,
			maskinporten_claims, altinn_claims, answer, nonce, options, part, client_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		p.ID, p.Integration, p.Key, text(p.By), unix(p.Started), p.Took.Microseconds(), p.Outcome, p.FailedStage,
		texts.stages, text(texts.maskinporten), text(texts.altinn), text(texts.answer), p.Nonce, text(texts.options),
		len(p.Options.Scopes) > 0, text(p.ClientID))
	if err != nil {
		return err
	}
	detail := map[string]string{"thumbprint": k.Thumbprint}
	for _, stage := range p.Stages {
		if stage.Outcome == Failed {
			detail["stage"], detail["code"] = stage.Stage, stage.Code
		}
	}
	return s.append(ctx, t, a, Event{
		Kind: ProofRun, Outcome: p.Outcome, Organisation: i.Organisation, Integration: i.ID, Object: p.ID, Detail: detail,
	})
}
