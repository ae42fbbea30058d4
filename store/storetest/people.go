package storetest

import (
	"context"
	"fmt"
	"testing"

	"portvakt/store"
)

// NewOrganisation puts the n-th organisation on record, which is no practice one.
func (b *Bench) NewOrganisation(t testing.TB, n int) store.OrgNumber {
	t.Helper()
	o := store.Organisation{Number: Number(n), Name: store.Name(fmt.Sprintf("Organisation %d", n))}
	if err := b.EnsureOrganisation(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	return o.Number
}

// NewUser puts a person on record, who is a member of the organisations, and gives
// him as the actor for the first of them.
func (b *Bench) NewUser(t testing.TB, subject string, role store.Role, orgs ...store.OrgNumber) store.Actor {
	t.Helper()
	ctx := context.Background()
	u, err := b.AddUser(ctx, store.User{Issuer: "https://login.example/", Subject: subject, Name: subject, Role: role})
	if err != nil {
		t.Fatal(err)
	}
	a := store.Actor{User: u.ID, Role: role, Request: "test", From: "127.0.0.0"}
	for i, org := range orgs {
		if i == 0 {
			a.Organisation = org
		}
		if err := b.AddMember(ctx, a, u.ID, org); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

// NewIntegration makes an integration of the actor's organisation in the sandbox.
// The name is the form's nonce, too.
func (b *Bench) NewIntegration(t testing.TB, a store.Actor, name string) store.Integration {
	t.Helper()
	i, again, err := b.AddIntegration(context.Background(), a, store.NewIntegration{
		Organisation: a.Organisation, Environment: store.Sandbox, Nonce: name,
		Details: store.Details{
			Name: store.Name(name), Purpose: "notifications",
			Wanted: []store.Scope{"altinn:serviceowner/notifications.create"},
		},
	})
	if err != nil || again {
		t.Fatalf("adding integration: again %v, %v", again, err)
	}
	return i
}

// Proof is a run with the key that ended so, with a stage or two.
func Proof(k store.Key, outcome store.Outcome, nonce string) store.Proof {
	p := store.Proof{
		Integration: k.Integration, Key: k.ID, Started: Start, Outcome: outcome, Nonce: nonce,
		Stages: []store.StageResult{{Stage: "key", Outcome: store.Passed, Figures: map[string]string{"bits": "2048"}}},
	}
	last := store.StageResult{Stage: "token", Outcome: outcome}
	if outcome == store.Failed {
		last.Code = "token.unknown-kid"
		p.Answer = &store.Answer{Status: 400, Error: "invalid_grant", TraceID: "0af7"}
	}
	p.Stages = append(p.Stages, last)
	return p
}
