package store_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portvakt/store"
	"portvakt/store/storetest"
)

// naive derives a summary from what the store says of an integration's facts,
// by the sentences that define the states.
func naive(i store.Integration, keys []store.Key, proofs []store.ProofRow, now time.Time) store.Summary {
	s := store.Summary{State: store.Described}
	var kept, posted []store.Key
	live := map[string]bool{}
	for _, k := range keys {
		if k.Dropped.IsZero() {
			kept = append(kept, k)
			live[k.ID] = k.Expires.IsZero() || k.Expires.After(now)
			if !k.Posted.IsZero() {
				posted = append(posted, k)
			}
		}
	}
	if len(kept) > 0 {
		s.State = store.KeyMade
		s.KeyUnknown = len(posted) == 0
	}
	if len(posted) > 0 {
		s.State = store.Registered
		last := posted[0]
		for _, k := range posted {
			if k.Posted.After(last.Posted) {
				last = k
			}
		}
		s.KeyExpires = last.Expires
	}
	if i.ClientID != "" {
		s.State = store.Recorded
	}
	if len(proofs) > 0 {
		s.ProofStarted, s.ProofOutcome = proofs[0].Started, proofs[0].Outcome
	}
	for _, p := range proofs {
		if live[p.Key] {
			if p.Outcome == store.Passed {
				s.State = store.Proved
			}
			break
		}
	}
	if !i.InUse.IsZero() {
		s.State = store.InUse
	}
	return s
}

// TestSummaries does what people do, at random, and after each step compares the
// lists and the pages with what follows from the facts.
func TestSummaries(t *testing.T) {
	t.Parallel()
	states := map[store.State]int{}
	expired := 0
	for seed := range uint64(6) {
		b := storetest.New(t)
		a := b.NewUser(t, "kari", store.RoleNone, b.NewOrganisation(t, 0))
		r := rand.New(rand.NewPCG(seed, 1))
		var ids []string
		for n := range 3 {
			ids = append(ids, b.NewIntegration(t, a, fmt.Sprint(n)).ID)
		}
		for step := range 60 {
			what := act(t, b, a, r, ids[r.IntN(len(ids))], step)
			rows, _, err := b.IntegrationsOf(ctx, a.Organisation, store.Page{})
			must(t, err)
			all, _, err := b.Integrations(ctx, store.Page{})
			must(t, err)
			for n, row := range rows {
				i, err := b.Integration(ctx, a.Organisation, row.ID)
				must(t, err)
				keys, err := b.Keys(ctx, a.Organisation, row.ID)
				must(t, err)
				proofs, _, err := b.Proofs(ctx, a.Organisation, row.ID, store.Page{Limit: 200})
				must(t, err)
				want := naive(i, keys, proofs, b.Clock.Now())
				if diff := cmp.Diff(want, row.Summary); diff != "" {
					t.Fatalf("seed %d, step %d, %s: list: -want +got\n%s", seed, step, what, diff)
				}
				if all[n].Summary != row.Summary || i.State != want.State {
					t.Fatalf("seed %d, step %d, %s: got %q, in the list of all %q, want %q",
						seed, step, what, i.State, all[n].State, want.State)
				}
				states[want.State]++
				if len(keys) > 0 && !keys[0].Expires.IsZero() && !keys[0].Live(b.Clock.Now()) {
					expired++
				}
			}
		}
	}
	for _, state := range store.States() {
		if states[state] == 0 {
			t.Errorf("state %q never came up", state)
		}
	}
	if expired == 0 {
		t.Error("no key ever expired")
	}
}

// act does one thing and says what.
func act(t *testing.T, b *storetest.Bench, a store.Actor, r *rand.Rand, id string, step int) string {
	t.Helper()
	i, err := b.Integration(ctx, a.Organisation, id)
	must(t, err)
	keys, err := b.Keys(ctx, a.Organisation, id)
	must(t, err)
	if len(keys) == 0 {
		_, err := b.AddKey(ctx, a, a.Organisation, id, storetest.Key(step))
		must(t, err)
		return "first key"
	}
	k := keys[r.IntN(len(keys))]
	switch r.IntN(10) {
	case 0:
		_, err := b.AddKey(ctx, a, a.Organisation, id, storetest.Key(step))
		must(t, err)
		return "key"
	case 1:
		at := b.Clock.Now().Add(-time.Duration(r.IntN(700*24)) * time.Hour)
		must(t, b.SetPosted(ctx, a, a.Organisation, id, k.ID, at))
		return "posted"
	case 2:
		client := store.ClientID([]string{"", "x", "y"}[r.IntN(3)])
		must(t, b.SetRecord(ctx, a, a.Organisation, id, i.Version, store.Record{ClientID: client, Key: k.ID}))
		return "record"
	case 3, 4, 5:
		p := storetest.Proof(k, []store.Outcome{store.Passed, store.Passed, store.Failed}[r.IntN(3)], fmt.Sprint(step))
		p.Started = b.Clock.Now()
		_, _, err := b.AddProof(ctx, a, a.Organisation, p)
		must(t, err)
		return "proof"
	case 6:
		must(t, b.SetInUse(ctx, a, a.Organisation, id, r.IntN(4) == 0))
		return "in use"
	case 7:
		_, err := b.DropUnnamedKeys(ctx, b.Clock.Now())
		must(t, err)
		return "drop"
	case 8:
		b.Clock.Add(time.Duration(r.IntN(200*24)) * time.Hour)
		return "time"
	}
	_, err = b.NameKey(ctx, a, a.Organisation, id, k.Thumbprint)
	must(t, err)
	return "name"
}

func TestRefreshSummaries(t *testing.T) {
	t.Parallel()
	b, a, k := withKey(t)
	must(t, b.SetPosted(ctx, a, a.Organisation, k.Integration, k.ID, storetest.Start))
	_, _, err := b.AddProof(ctx, a, a.Organisation, storetest.Proof(k, store.Passed, "n"))
	must(t, err)

	for _, c := range []struct {
		wait  time.Duration
		count int
		state store.State
	}{
		{0, 0, store.Proved},
		{366 * 24 * time.Hour, 1, store.Registered},
		{0, 0, store.Registered},
	} {
		b.Clock.Add(c.wait)
		count, err := b.RefreshSummaries(ctx)
		must(t, err)
		var state store.State
		must(t, b.SQL(t).QueryRow(`SELECT state FROM integrations`).Scan(&state))
		if count != c.count || state != c.state {
			t.Errorf("after %v: got %d, %q; want %d, %q", c.wait, count, state, c.count, c.state)
		}
	}
}
