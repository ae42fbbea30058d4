package store_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"portvakt/store"
	"portvakt/store/storetest"
)

// change is something that a person or the portal does, and how many events it
// makes.
type change struct {
	name   string
	events int
	do     func() error
}

// changesOf are all methods that change something worth an event, in an order in
// which each has something to change.
func changesOf(t *testing.T, b *storetest.Bench) []change {
	t.Helper()
	number := b.NewOrganisation(t, 0)
	a := b.NewUser(t, "kari", store.RoleNone, number)
	u, err := b.User(ctx, a.User)
	must(t, err)
	i := b.NewIntegration(t, a, "one")
	org := a.Organisation
	k, err := b.AddKey(ctx, a, org, i.ID, storetest.Key(0))
	must(t, err)
	signIn, _, err := b.StartSignIn(ctx, u, org, store.SignInMeta{})
	must(t, err)
	second := storetest.Number(1)

	return []change{
		{"EnsureOrganisation, new", 1, func() error {
			return b.EnsureOrganisation(ctx, store.Organisation{Number: second, Name: "x"})
		}},
		{"EnsureOrganisation, changed", 1, func() error {
			return b.EnsureOrganisation(ctx, store.Organisation{Number: second, Name: "y"})
		}},
		{"AddMember", 1, func() error { return b.AddMember(ctx, a, u.ID, second) }},
		{"AddOrganisation", 2, func() error { return b.AddOrganisation(ctx, a, storetest.Number(2), "z") }},
		{"AddUser", 1, func() error {
			_, err := b.AddUser(ctx, store.User{Issuer: "x", Subject: "y"})
			return err
		}},
		{"EnsureLocalUser", 1, func() error {
			_, err := b.EnsureLocalUser(ctx, "root")
			return err
		}},
		{"SetRole", 1, func() error { return b.SetRole(ctx, a, u.ID, store.RoleAdmin) }},
		{"StartSignIn", 1, func() error {
			_, _, err := b.StartSignIn(ctx, u, org, store.SignInMeta{})
			return err
		}},
		{"SwitchOrganisation", 1, func() error { return b.SwitchOrganisation(ctx, a, signIn.ID, second) }},
		{"EndSignIn", 1, func() error { return b.EndSignIn(ctx, a, signIn.ID) }},
		{"AddIntegration", 1, func() error {
			_, _, err := b.AddIntegration(ctx, a, store.NewIntegration{
				Organisation: org, Environment: store.Sandbox, Nonce: "n", Details: store.Details{Name: "x"},
			})
			return err
		}},
		{"SetDescription", 1, func() error {
			return b.SetDescription(ctx, a, org, i.ID, 1, store.Details{Name: "x"})
		}},
		{"SetRecord", 1, func() error {
			return b.SetRecord(ctx, a, org, i.ID, 2, store.Record{ClientID: "x", Key: k.ID})
		}},
		{"SetPosted", 1, func() error {
			return b.SetPosted(ctx, a, org, i.ID, k.ID, storetest.Start.Add(-time.Hour))
		}},
		{"SetInUse", 1, func() error { return b.SetInUse(ctx, a, org, i.ID, true) }},
		{"AddKey", 1, func() error {
			_, err := b.AddKey(ctx, a, org, i.ID, storetest.Key(1))
			return err
		}},
		{"DropUnnamedKeys", 1, func() error {
			_, err := b.DropUnnamedKeys(ctx, storetest.Start.Add(time.Hour))
			return err
		}},
		{"NameKey, dropped", 1, func() error {
			_, err := b.NameKey(ctx, a, org, i.ID, storetest.Key(1).Thumbprint)
			return err
		}},
		{"AddProof", 1, func() error {
			_, _, err := b.AddProof(ctx, a, org, storetest.Proof(k, store.Passed, "n"))
			return err
		}},
		{"Record", 1, func() error { return b.Record(ctx, a, store.Note{Kind: store.EventsRead}) }},
	}
}

// TestNoChangeWithoutItsEvent makes the writing of events fail and sees that
// nothing else was written; then it lets each change happen.
func TestNoChangeWithoutItsEvent(t *testing.T) {
	t.Parallel()
	b := storetest.New(t)
	db := b.SQL(t)
	for _, c := range changesOf(t, b) {
		_, err := db.Exec(`CREATE TRIGGER fault BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'fault'); END`)
		must(t, err)
		before := dump(t, b)
		if err := c.do(); err == nil || !strings.Contains(err.Error(), "fault") {
			t.Errorf("%s: got %v, want the fault", c.name, err)
		}
		if after := dump(t, b); after != before {
			t.Errorf("%s: changed something without an event", c.name)
		}
		_, err = db.Exec(`DROP TRIGGER fault`)
		must(t, err)

		was := eventCount(t, b)
		if err := c.do(); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if got := eventCount(t, b) - was; got != c.events {
			t.Errorf("%s: got %d events, want %d", c.name, got, c.events)
		}
		if after := dump(t, b); after == before {
			t.Errorf("%s: changed nothing", c.name)
		}
	}
	must(t, b.VerifyEvents(ctx))
}

// TestTogether lets eight people change the same integration, each reading
// before he writes and trying again when another was first.
func TestTogether(t *testing.T) {
	t.Parallel()
	b := storetest.New(t)
	a := b.NewUser(t, "kari", store.RoleNone, b.NewOrganisation(t, 0))
	i := b.NewIntegration(t, a, "one")
	const people, times = 8, 10

	var group sync.WaitGroup
	for person := range people {
		group.Go(func() {
			for n := range times {
				if err := addScope(b, a, i.ID, store.Scope(fmt.Sprintf("p%d:n%d", person, n))); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	group.Wait()

	got, err := b.Integration(ctx, a.Organisation, i.ID)
	must(t, err)
	if got, want := len(got.Wanted), 1+people*times; got != want {
		t.Errorf("got %d scopes, want %d: some were lost", got, want)
	}
	if got, want := got.Version, 1+people*times; got != want {
		t.Errorf("got version %d, want %d", got, want)
	}
	must(t, b.VerifyEvents(ctx))
}

func addScope(b *storetest.Bench, a store.Actor, id string, scope store.Scope) error {
	for {
		i, err := b.Integration(ctx, a.Organisation, id)
		if err != nil {
			return err
		}
		d := store.Details{Name: i.Name, Description: i.Description, Purpose: i.Purpose, Wanted: append(i.Wanted, scope)}
		err = b.SetDescription(ctx, a, a.Organisation, id, i.Version, d)
		if !errors.Is(err, store.ErrConflict) {
			return err
		}
	}
}

func TestOneNonceOneIntegration(t *testing.T) {
	t.Parallel()
	b := storetest.New(t)
	a := b.NewUser(t, "kari", store.RoleNone, b.NewOrganisation(t, 0))
	n := store.NewIntegration{
		Organisation: a.Organisation, Environment: store.Sandbox, Nonce: "n", Details: store.Details{Name: "x"},
	}

	var group sync.WaitGroup
	ids := make([]string, 8)
	for p := range ids {
		group.Go(func() {
			i, _, err := b.AddIntegration(ctx, a, n)
			if err != nil {
				t.Error(err)
			}
			ids[p] = i.ID
		})
	}
	group.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Errorf("got %q and %q", ids[0], id)
		}
	}
	rows, _, err := b.IntegrationsOf(ctx, a.Organisation, store.Page{})
	must(t, err)
	if len(rows) != 1 {
		t.Errorf("got %d integrations", len(rows))
	}
}
