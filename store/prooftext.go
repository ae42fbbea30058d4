package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// proofTexts are the parts of a proof that are stored as JSON.
type proofTexts struct{ stages, maskinporten, altinn, answer, options string }

type stageText struct {
	Stage   string            `json:"stage"`
	Outcome Outcome           `json:"outcome"`
	Code    string            `json:"code"`
	Took    int64             `json:"took"` // microseconds
	Figures map[string]string `json:"figures"`
	// Written since there is such a thing.
	Possible []possibilityText `json:"possible,omitempty"`
}

type possibilityText struct {
	ID  string   `json:"id"`
	For []string `json:"for,omitempty"`
}

type optionsText struct {
	ConsumerOrg OrgNumber `json:"consumer_org,omitempty"`
	Resource    string    `json:"resource,omitempty"`
	Scopes      []Scope   `json:"scopes,omitempty"`
}

type answerText struct {
	Status      int    `json:"status"`
	Error       string `json:"error"`
	Description string `json:"description"`
	TraceID     string `json:"trace_id"`
	Body        string `json:"body"`
}

func (o ProofOptions) usual() bool {
	return o.ConsumerOrg == "" && o.Resource == "" && len(o.Scopes) == 0
}

// encode makes the JSON, refuses secrets in it, and fills in which stage failed.
func (p *Proof) encode() (texts proofTexts, err error) {
	stages := make([]stageText, len(p.Stages))
	for i, s := range p.Stages {
		stages[i] = stageText{s.Stage, s.Outcome, s.Code, s.Took.Microseconds(), s.Figures, nil}
		for _, possible := range s.Possible {
			stages[i].Possible = append(stages[i].Possible, possibilityText(possible))
		}
		if s.Outcome == Failed && p.FailedStage == "" {
			p.FailedStage = s.Stage
		}
	}
	for _, part := range []struct {
		target *string
		given  bool
		value  func() any
	}{
		{&texts.stages, true, func() any { return stages }},
		{&texts.maskinporten, p.MaskinportenClaims != nil, func() any { return p.MaskinportenClaims }},
		{&texts.altinn, p.AltinnClaims != nil, func() any { return p.AltinnClaims }},
		{&texts.options, !p.Options.usual(), func() any { return optionsText(p.Options) }},
		{&texts.answer, p.Answer != nil, func() any { return answerText(*p.Answer) }},
	} {
		if !part.given {
			continue
		}
		if *part.target, err = encode(part.value()); err != nil {
			return proofTexts{}, fmt.Errorf("writing what was found: %w", err)
		}
		if looksSecret(*part.target) {
			return proofTexts{}, ErrSecret
		}
	}
	return texts, nil
}

const proofColumns = `
	p.id, p.integration, p.key, coalesce(p.made_by, ''), p.started, p.took, p.outcome, p.failed_stage, p.stages,
	p.maskinporten_claims, p.altinn_claims, p.answer, p.nonce, p.options,
	coalesce(p.client_id, '')`

func scanProof(r row) (p Proof, err error) {
	var took int64
	var stages string
	var maskinporten, altinn, answer, options sql.NullString
	err = r.Scan(&p.ID, &p.Integration, &p.Key, &p.By, stored{&p.Started}, &took, &p.Outcome, &p.FailedStage, &stages,
		&maskinporten, &altinn, &answer, &p.Nonce, &options, &p.ClientID)
	if err != nil {
		return Proof{}, err
	}
	p.Took = time.Duration(took) * time.Microsecond
	if err := p.decode(stages, maskinporten, altinn, answer, options); err != nil {
		return Proof{}, fmt.Errorf("reading proof %q: %w", p.ID, err)
	}
	return p, nil
}

func decodeStages(text string) ([]StageResult, error) {
	var list []stageText
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, err
	}
	stages := make([]StageResult, len(list))
	for i, s := range list {
		took := time.Duration(s.Took) * time.Microsecond
		stages[i] = StageResult{Stage: s.Stage, Outcome: s.Outcome, Code: s.Code, Took: took, Figures: s.Figures}
		for _, possible := range s.Possible {
			stages[i].Possible = append(stages[i].Possible, Possibility(possible))
		}
	}
	return stages, nil
}

func (p *Proof) decode(stages string, maskinporten, altinn, answer, options sql.NullString) (err error) {
	if p.Stages, err = decodeStages(stages); err != nil {
		return err
	}
	if options.Valid {
		var o optionsText
		if err := json.Unmarshal([]byte(options.String), &o); err != nil {
			return err
		}
		p.Options = ProofOptions(o)
	}
	if err := decodeClaims(maskinporten, &p.MaskinportenClaims); err != nil {
		return err
	}
	if err := decodeClaims(altinn, &p.AltinnClaims); err != nil {
		return err
	}
	if !answer.Valid {
		return nil
	}
	var a answerText
	if err := json.Unmarshal([]byte(answer.String), &a); err != nil {
		return err
	}
	p.Answer = (*Answer)(&a)
	return nil
}

// decodeClaims keeps numbers as they were written: as floats, times would be
// shown as 1.7e+09.
func decodeClaims(text sql.NullString, claims *map[string]any) error {
	if !text.Valid {
		return nil
	}
	decoder := json.NewDecoder(strings.NewReader(text.String))
	decoder.UseNumber()
	return decoder.Decode(claims)
}
