package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"portvakt/store"
	"portvakt/store/storetest"
)

func TestCircumstances(t *testing.T) {
	t.Parallel()
	b, a, k := withKey(t)
	got, err := b.CircumstancesOf(ctx, a.Organisation, k.Integration, k.ID)
	must(t, err)
	if got.GotToken || got.Elsewhere || got.Shared {
		t.Errorf("of a new integration: got %+v", got)
	}
	must(t, b.SetRecord(ctx, a, a.Organisation, k.Integration, 1, store.Record{ClientID: "c-1", Key: k.ID}))
	twin, _, err := b.AddIntegration(ctx, a, store.NewIntegration{
		Organisation: a.Organisation, Environment: store.Sandbox, Nonce: "twin", Details: store.Details{Name: "Tvilling"},
	})
	must(t, err)
	must(t, b.SetRecord(ctx, a, a.Organisation, twin.ID, 1, store.Record{ClientID: "c-1"}))
	for i, stage := range []string{"token", "scopes"} {
		_, _, err := b.AddProof(ctx, a, a.Organisation, store.Proof{
			Integration: k.Integration, Key: k.ID, ClientID: "c-1", Started: storetest.Start, Outcome: store.Failed, Nonce: stage,
			Stages: []store.StageResult{{Stage: stage, Outcome: store.Failed, Code: stage + ".x"}},
		})
		must(t, err)
		if got, err = b.CircumstancesOf(ctx, a.Organisation, k.Integration, k.ID); err != nil || got.GotToken != (i == 1) {
			t.Errorf("after a failure at %s: got %+v, %v", stage, got, err)
		}
	}
	if !got.Shared || got.Elsewhere {
		t.Errorf("with a twin: got %+v", got)
	}
	if _, err := b.CircumstancesOf(ctx, "999999999", k.Integration, k.ID); err == nil {
		t.Error("another organisation may read them")
	}
}

// A green proof says nothing of a client id that was noted after it.
func TestCircumstancesOfAnotherClient(t *testing.T) {
	t.Parallel()
	b, a, k := withKey(t)
	version := 0
	check := func(client store.ClientID, got, changed bool) {
		t.Helper()
		version++
		must(t, b.SetRecord(ctx, a, a.Organisation, k.Integration, version, store.Record{ClientID: client, Key: k.ID}))
		c, err := b.CircumstancesOf(ctx, a.Organisation, k.Integration, k.ID)
		must(t, err)
		if c.GotToken != got || c.ClientChanged != changed {
			t.Errorf("with client %q: got %+v, want a token %t, changed %t", client, c, got, changed)
		}
	}
	proved := func(nonce string, client store.ClientID, claims map[string]any) {
		t.Helper()
		p := storetest.Proof(k, store.Passed, nonce)
		p.ClientID, p.MaskinportenClaims = client, claims
		kept, _, err := b.AddProof(ctx, a, a.Organisation, p)
		must(t, err)
		if read, err := b.Proof(ctx, a.Organisation, k.Integration, kept.ID); err != nil || read.ClientID != client {
			t.Errorf("read back: got client %q, %v, want %q", read.ClientID, err, client)
		}
	}
	check("c-1", false, false)
	proved("n-1", "c-1", nil)
	check("c-2", false, true)
	check("c-1", true, false)
	// A run from before the client id was kept: the token tells it, or nothing does.
	proved("n-2", "", map[string]any{"client_id": "c-3"})
	check("c-3", true, false)
	check("c-1", true, true)
	proved("n-3", "", nil)
	check("c-4", false, false)
}

// Only what the organisation itself got a token with, in another environment that
// is no practice, counts as granted there.
func TestGrantedElsewhere(t *testing.T) {
	t.Parallel()
	b := storetest.New(t)
	a := b.NewUser(t, "kari", store.RoleNone, b.NewOrganisation(t, 0))
	stranger := b.NewUser(t, "per", store.RoleNone, b.NewOrganisation(t, 1))
	in := func(a store.Actor, e store.Environment) store.Key {
		t.Helper()
		i, _, err := b.AddIntegration(ctx, a, store.NewIntegration{
			Organisation: a.Organisation, Environment: e, Nonce: string(e), Details: store.Details{Name: "x"},
		})
		must(t, err)
		k, err := b.AddKey(ctx, a, a.Organisation, i.ID, storetest.Key(0))
		must(t, err)
		return k
	}
	run := func(a store.Actor, k store.Key, scope string, outcome store.Outcome, o store.ProofOptions) {
		t.Helper()
		p := storetest.Proof(k, outcome, scope)
		p.MaskinportenClaims, p.Options = map[string]any{"scope": scope}, o
		_, _, err := b.AddProof(ctx, a, a.Organisation, p)
		must(t, err)
	}
	here, test, sandbox := in(a, store.Prod), in(a, store.Test), in(a, store.Sandbox)
	run(a, test, "a:one a:two", store.Passed, store.ProofOptions{})
	run(a, test, "a:red", store.Failed, store.ProofOptions{})
	run(a, test, "a:customer", store.Passed, store.ProofOptions{ConsumerOrg: "310330035"})
	run(a, test, "a:resource", store.Passed, store.ProofOptions{Resource: "https://api.example.no"})
	run(a, sandbox, "a:practice", store.Passed, store.ProofOptions{})
	run(a, here, "a:here", store.Passed, store.ProofOptions{})
	run(stranger, in(stranger, store.Test), "a:stranger", store.Passed, store.ProofOptions{})
	got, err := b.CircumstancesOf(ctx, a.Organisation, here.Integration, here.ID)
	must(t, err)
	if diff := cmp.Diff([]string{"a:resource", "a:one", "a:two"}, got.GrantedElsewhere); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
