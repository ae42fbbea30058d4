package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"portvakt/store"
	"portvakt/store/storetest"
)

func TestDatabaseLocked(t *testing.T) {
	t.Parallel()
	b := storetest.New(t, storetest.Impatient)
	org := b.NewOrganisation(t, 0)
	a := b.NewUser(t, "kari", store.RoleNone, org)
	i := b.NewIntegration(t, a, "one")
	before := dump(t, b)

	unlock := b.Lock(t)
	wantErr(t, b.SetInUse(ctx, a, org, i.ID, true), store.ErrBusy)
	if _, err := b.Integration(ctx, org, i.ID); err != nil {
		t.Errorf("reading while locked: %v", err)
	}
	unlock()
	if after := dump(t, b); after != before {
		t.Error("something was written")
	}
	must(t, b.SetInUse(ctx, a, org, i.ID, true))
}

func TestDatabaseReadOnly(t *testing.T) {
	t.Parallel()
	b := storetest.New(t)
	org := b.NewOrganisation(t, 0)
	a := b.NewUser(t, "kari", store.RoleNone, org)
	i := b.NewIntegration(t, a, "one")
	before := dump(t, b)

	s := b.Open(t, storetest.ReadOnly)
	wantErr(t, s.SetInUse(ctx, a, org, i.ID, true), store.ErrReadOnly)
	if _, err := s.Integration(ctx, org, i.ID); err != nil {
		t.Errorf("reading: %v", err)
	}
	if after := dump(t, b); after != before {
		t.Error("something was written")
	}
}

func TestDatabaseFull(t *testing.T) {
	t.Parallel()
	b := storetest.New(t)
	org := b.NewOrganisation(t, 0)
	a := b.NewUser(t, "kari", store.RoleNone, org)
	s := b.Open(t, storetest.Full)

	for n := range 100 {
		before := dump(t, b)
		_, _, err := s.AddIntegration(ctx, a, store.NewIntegration{
			Organisation: org, Environment: store.Sandbox, Nonce: fmt.Sprint(n),
			Details: store.Details{Name: "x", Description: store.Description(strings.Repeat("y", 1000))},
		})
		if err == nil {
			continue
		}
		wantErr(t, err, store.ErrFull)
		if after := dump(t, b); after != before {
			t.Error("something was written")
		}
		must(t, b.VerifyEvents(ctx))
		// With room again, the same store goes on.
		must(t, b.EnsureOrganisation(ctx, store.Organisation{Number: storetest.Number(1), Name: "x"}))
		return
	}
	t.Error("a hundred integrations went into one page")
}

func TestReadOnlyOlder(t *testing.T) {
	t.Parallel()
	c := config(t)
	s, err := store.Open(ctx, c)
	must(t, err)
	must(t, s.Close())
	c.ReadOnly = true
	_, err = store.OpenWith(ctx, c, part(t, "99999", "00099_later.sql"))
	wantErr(t, err, store.ErrOlder)
	if got := copies(t, c.Path); len(got) != 0 {
		t.Errorf("copies of a database opened for reading: %q", got)
	}
}

func TestNotingLastSeenWaitsForNobody(t *testing.T) {
	t.Parallel()
	b := storetest.New(t, func(c *store.Config) { c.BusyTimeout = time.Minute })
	a := b.NewUser(t, "kari", store.RoleNone, b.NewOrganisation(t, 0))
	i, _, err := b.StartSignIn(ctx, store.User{ID: a.User, Issuer: "x"}, a.Organisation, store.SignInMeta{})
	must(t, err)
	b.Clock.Add(time.Hour)

	b.Lock(t)
	start := time.Now()
	wantErr(t, b.SeenSignIn(ctx, i), store.ErrBusy)
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("waited %v", took)
	}
}
