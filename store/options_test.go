package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"portvakt/store"
	"portvakt/store/storetest"
)

// A run with options is read back with them; one of some scopes only leaves the
// state of the integration as it was.
func TestProofOptions(t *testing.T) {
	t.Parallel()
	b, a, k := withKey(t)
	must(t, b.SetRecord(ctx, a, a.Organisation, k.Integration, 1, store.Record{ClientID: "c-1", Key: k.ID}))
	run := func(nonce string, o store.ProofOptions) store.Proof {
		t.Helper()
		p, _, err := b.AddProof(ctx, a, a.Organisation, store.Proof{
			Integration: k.Integration, Key: k.ID, Started: storetest.Start, Outcome: store.Passed, Nonce: nonce, Options: o,
			Stages: []store.StageResult{{Stage: "token", Outcome: store.Passed, Possible: []store.Possibility{{ID: "x", For: []string{"y"}}}}},
		})
		must(t, err)
		got, err := b.Proof(ctx, a.Organisation, k.Integration, p.ID)
		must(t, err)
		if diff := cmp.Diff(p, got); diff != "" {
			t.Errorf("%s: read back: -want +got\n%s", nonce, diff)
		}
		return got
	}
	state := func() store.State {
		t.Helper()
		i, err := b.Integration(ctx, a.Organisation, k.Integration)
		must(t, err)
		return i.State
	}

	run("part", store.ProofOptions{Scopes: []store.Scope{"a:b"}})
	if got := state(); got != store.Recorded {
		t.Errorf("after a proof of some scopes: got %q, want %q", got, store.Recorded)
	}
	run("whole", store.ProofOptions{ConsumerOrg: "310330035", Resource: "https://api.example.no"})
	if got := state(); got != store.Proved {
		t.Errorf("after a proof of all scopes: got %q, want %q", got, store.Proved)
	}
	run("part again", store.ProofOptions{Scopes: []store.Scope{"a:b"}})
	if got := state(); got != store.Proved {
		t.Errorf("after another proof of some scopes: got %q, want %q", got, store.Proved)
	}
}
