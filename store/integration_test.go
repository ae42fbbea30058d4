package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portvakt/store"
	"portvakt/store/storetest"
)

func TestAddIntegration(t *testing.T) {
	t.Parallel()
	b := storetest.New(t)
	org := b.NewOrganisation(t, 0)
	a := b.NewUser(t, "kari", store.RoleNone, org)

	n := store.NewIntegration{
		Organisation: org, Environment: store.Test, Nonce: "n1",
		Details: store.Details{
			Name: "Varsling", Description: "to\nlinjer", Purpose: "notifications",
			Wanted: []store.Scope{"altinn:serviceowner/notifications.create", "krr:global/kontaktinformasjon.read"},
		},
	}
	i, again, err := b.AddIntegration(ctx, a, n)
	if err != nil || again {
		t.Fatalf("again %v, %v", again, err)
	}
	want := store.Integration{
		ID: i.ID, Organisation: org, Name: "Varsling", Description: "to\nlinjer", Purpose: "notifications",
		Environment: store.Test, Wanted: n.Wanted, Version: 1, Created: storetest.Start, CreatedBy: a.User,
		State: store.Described,
	}
	got, err := b.Integration(ctx, org, i.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("read back: -want +got\n%s", diff)
	}
	if diff := cmp.Diff(want, i); diff != "" {
		t.Errorf("returned: -want +got\n%s", diff)
	}
	t.Run("the same form again", func(t *testing.T) {
		before := eventCount(t, b)
		got, again, err := b.AddIntegration(ctx, a, n)
		if err != nil || !again {
			t.Fatalf("again %v, %v", again, err)
		}
		if got.ID != i.ID {
			t.Errorf("got %q, want the first one", got.ID)
		}
		if after := eventCount(t, b); after != before {
			t.Errorf("%d events more", after-before)
		}
	})
	t.Run("another organisation's nonce", func(t *testing.T) {
		other := n
		other.Organisation = b.NewOrganisation(t, 1)
		if _, again, err := b.AddIntegration(ctx, a, other); err != nil || again {
			t.Errorf("again %v, %v", again, err)
		}
	})
}

func TestAddIntegrationRefused(t *testing.T) {
	t.Parallel()
	b := storetest.New(t)
	org := b.NewOrganisation(t, 0)
	a := b.NewUser(t, "kari", store.RoleNone, org)
	practice := storetest.Number(1)
	must(t, b.EnsureOrganisation(ctx, store.Organisation{Number: practice, Name: "Øving", Practice: true}))
	good := store.NewIntegration{
		Organisation: org, Environment: store.Sandbox, Nonce: "n", Details: store.Details{Name: "x"},
	}
	before := dump(t, b)

	for name, c := range map[string]struct {
		change func(*store.NewIntegration)
		want   error
	}{
		"practice organisation in a real environment": {func(n *store.NewIntegration) {
			n.Organisation, n.Environment = practice, store.Prod
		}, store.ErrPractice},
		"organisation not on record": {func(n *store.NewIntegration) {
			n.Organisation = storetest.Number(9)
		}, store.ErrNotFound},
		"no such purpose": {func(n *store.NewIntegration) { n.Purpose = "other" }, store.ErrUnknown},
		"no nonce":        {func(n *store.NewIntegration) { n.Nonce = "" }, store.ErrEmpty},
	} {
		t.Run(name, func(t *testing.T) {
			n := good
			c.change(&n)
			_, _, err := b.AddIntegration(ctx, a, n)
			wantErr(t, err, c.want)
		})
	}
	if after := dump(t, b); after != before {
		t.Error("something was written")
	}
	good.Organisation = practice
	_, _, err := b.AddIntegration(ctx, a, good)
	must(t, err)
}

func TestSomebodyElsesIntegration(t *testing.T) {
	t.Parallel()
	b := storetest.New(t)
	a := b.NewUser(t, "kari", store.RoleNone, b.NewOrganisation(t, 0))
	i := b.NewIntegration(t, a, "mine")
	k, err := b.AddKey(ctx, a, a.Organisation, i.ID, storetest.Key(0))
	must(t, err)
	_, _, err = b.AddProof(ctx, a, a.Organisation, storetest.Proof(k, store.Passed, "p"))
	must(t, err)

	strange := storetest.Number(1)
	must(t, b.EnsureOrganisation(ctx, store.Organisation{Number: strange, Name: "Fremmed"}))
	before := dump(t, b)
	other := store.Actor{User: a.User, Organisation: strange}
	_, err = b.Integration(ctx, strange, i.ID)
	wantErr(t, err, store.ErrNotFound)
	wantErr(t, b.SetDescription(ctx, other, strange, i.ID, 1, store.Details{Name: "x"}), store.ErrNotFound)
	wantErr(t, b.SetRecord(ctx, other, strange, i.ID, 1, store.Record{ClientID: "x", Key: k.ID}), store.ErrNotFound)
	wantErr(t, b.SetInUse(ctx, other, strange, i.ID, true), store.ErrNotFound)
	wantErr(t, b.SetPosted(ctx, other, strange, i.ID, k.ID, storetest.Start), store.ErrNotFound)
	_, err = b.AddKey(ctx, other, strange, i.ID, storetest.Key(1))
	wantErr(t, err, store.ErrNotFound)
	_, err = b.NameKey(ctx, other, strange, i.ID, k.Thumbprint)
	wantErr(t, err, store.ErrNotFound)
	_, _, err = b.AddProof(ctx, other, strange, storetest.Proof(k, store.Passed, "q"))
	wantErr(t, err, store.ErrNotFound)
	_, err = b.NewestProof(ctx, strange, i.ID)
	wantErr(t, err, store.ErrNotFound)

	keys, err := b.Keys(ctx, strange, i.ID)
	must(t, err)
	proofs, _, err := b.Proofs(ctx, strange, i.ID, store.Page{})
	must(t, err)
	rows, _, err := b.IntegrationsOf(ctx, strange, store.Page{})
	must(t, err)
	events, _, err := b.EventsOf(ctx, strange, i.ID, store.Page{})
	must(t, err)
	if n := len(keys) + len(proofs) + len(rows) + len(events); n != 0 {
		t.Errorf("%d things of another organisation were listed", n)
	}
	if after := dump(t, b); after != before {
		t.Error("something was written")
	}
}

func TestSetDescription(t *testing.T) {
	t.Parallel()
	b := storetest.New(t)
	org := b.NewOrganisation(t, 0)
	a := b.NewUser(t, "kari", store.RoleNone, org)
	i := b.NewIntegration(t, a, "one")
	d := store.Details{Name: "Nytt navn", Description: "ny", Purpose: "", Wanted: []store.Scope{"altinn:serviceowner"}}

	must(t, b.SetDescription(ctx, a, org, i.ID, i.Version, d))
	got, err := b.Integration(ctx, org, i.ID)
	must(t, err)
	i.Name, i.Description, i.Purpose, i.Wanted, i.Version = d.Name, d.Description, d.Purpose, d.Wanted, 2
	if diff := cmp.Diff(i, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	t.Run("the event has no free text", func(t *testing.T) {
		events, _, err := b.EventsOf(ctx, org, i.ID, store.Page{Limit: 1})
		must(t, err)
		want := []store.Change{
			{Field: "description"}, {Field: "name"}, {Field: "purpose", Before: "notifications"},
			{Field: "wanted", Before: "altinn:serviceowner/notifications.create", After: "altinn:serviceowner"},
		}
		if diff := cmp.Diff(want, events[0].Changes); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	})
	t.Run("the second post of a double click", func(t *testing.T) {
		before := dump(t, b)
		must(t, b.SetDescription(ctx, a, org, i.ID, 1, d))
		if after := dump(t, b); after != before {
			t.Error("something was written")
		}
	})
	t.Run("another tab was first", func(t *testing.T) {
		before := dump(t, b)
		d := d
		d.Name = "Fra en annen fane"
		wantErr(t, b.SetDescription(ctx, a, org, i.ID, 1, d), store.ErrConflict)
		if after := dump(t, b); after != before {
			t.Error("something was written")
		}
	})
	t.Run("no such purpose", func(t *testing.T) {
		d := d
		d.Purpose = "other"
		wantErr(t, b.SetDescription(ctx, a, org, i.ID, 2, d), store.ErrUnknown)
	})
}

func TestSetRecord(t *testing.T) {
	t.Parallel()
	b := storetest.New(t)
	org := b.NewOrganisation(t, 0)
	a := b.NewUser(t, "kari", store.RoleNone, org)
	i := b.NewIntegration(t, a, "one")
	k, err := b.AddKey(ctx, a, org, i.ID, storetest.Key(0))
	must(t, err)
	b.Clock.Add(time.Hour)
	now := b.Clock.Now()
	r := store.Record{
		ClientID: "0e0c5a6e-9f3b-4f0e-8b53-0a3f8f4c1c11", Key: k.ID, RegisteredKid: "other-kid",
		Recorded: []store.Scope{"altinn:serviceowner"},
	}

	must(t, b.SetRecord(ctx, a, org, i.ID, 1, r))
	got, err := b.Integration(ctx, org, i.ID)
	must(t, err)
	i.ClientID, i.Recorded, i.Version, i.State = r.ClientID, r.Recorded, 2, store.Recorded
	if diff := cmp.Diff(i, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	keys, err := b.Keys(ctx, org, i.ID)
	must(t, err)
	k.RegisteredKid, k.Named, k.Posted, k.Expires = "other-kid", now, now, now.AddDate(1, 0, 0)
	if diff := cmp.Diff([]store.Key{k}, keys); diff != "" {
		t.Errorf("key: -want +got\n%s", diff)
	}
	if got, want := keys[0].UsedKid(), "other-kid"; got != want {
		t.Errorf("used kid: got %q, want %q", got, want)
	}

	t.Run("the second post of a double click", func(t *testing.T) {
		b.Clock.Add(time.Second)
		before := dump(t, b)
		must(t, b.SetRecord(ctx, a, org, i.ID, 1, r))
		if after := dump(t, b); after != before {
			t.Error("something was written")
		}
	})
	t.Run("another tab was first", func(t *testing.T) {
		r := r
		r.ClientID = "another"
		wantErr(t, b.SetRecord(ctx, a, org, i.ID, 1, r), store.ErrConflict)
	})
	t.Run("the posted time stays, the kid goes back", func(t *testing.T) {
		r := r
		r.ClientID, r.RegisteredKid = "another", k.Kid
		must(t, b.SetRecord(ctx, a, org, i.ID, 2, r))
		keys, err := b.Keys(ctx, org, i.ID)
		must(t, err)
		if got, want := keys[0].Posted, now; !got.Equal(want) {
			t.Errorf("posted: got %v, want %v", got, want)
		}
		if got, want := keys[0].UsedKid(), k.Kid; got != want || keys[0].RegisteredKid != "" {
			t.Errorf("used kid: got %q, want %q", got, want)
		}
	})
	t.Run("a key of another integration", func(t *testing.T) {
		j := b.NewIntegration(t, a, "two")
		wantErr(t, b.SetRecord(ctx, a, org, j.ID, 1, store.Record{ClientID: "x", Key: k.ID}), store.ErrNotFound)
	})
	t.Run("a kid that is a token", func(t *testing.T) {
		r := r
		r.RegisteredKid = aJWS
		wantErr(t, b.SetRecord(ctx, a, org, i.ID, 3, r), store.ErrSecret)
	})
	t.Run("no client id yet", func(t *testing.T) {
		j := b.NewIntegration(t, a, "three")
		k, err := b.AddKey(ctx, a, org, j.ID, storetest.Key(0))
		must(t, err)
		must(t, b.SetRecord(ctx, a, org, j.ID, 1, store.Record{Key: k.ID, Recorded: r.Recorded}))
		keys, err := b.Keys(ctx, org, j.ID)
		must(t, err)
		if !keys[0].Posted.IsZero() {
			t.Errorf("posted at %v", keys[0].Posted)
		}
	})
}

func TestSetInUse(t *testing.T) {
	t.Parallel()
	b := storetest.New(t)
	org := b.NewOrganisation(t, 0)
	a := b.NewUser(t, "kari", store.RoleNone, org)
	i := b.NewIntegration(t, a, "one")

	for _, on := range []bool{true, true, false, false} {
		b.Clock.Add(time.Minute)
		must(t, b.SetInUse(ctx, a, org, i.ID, on))
	}
	got, err := b.Integration(ctx, org, i.ID)
	must(t, err)
	if diff := cmp.Diff(i, got); diff != "" {
		t.Errorf("after on and off: -want +got\n%s", diff)
	}
	events, _, err := b.EventsOf(ctx, org, i.ID, store.Page{})
	must(t, err)
	if got, want := len(events), 3; got != want {
		t.Errorf("got %d events, want %d", got, want)
	}
}

func TestIntegrationsOf(t *testing.T) {
	t.Parallel()
	b := storetest.New(t)
	a := b.NewUser(t, "kari", store.RoleNone, b.NewOrganisation(t, 0))
	other := b.NewUser(t, "ola", store.RoleNone, b.NewOrganisation(t, 1))
	var want []string // newest first
	for n := range 7 {
		name := string(rune('a' + n))
		b.NewIntegration(t, a, name)
		b.NewIntegration(t, other, name)
		want = append([]string{name}, want...)
	}

	var got []string
	var pages int
	for p := (store.Page{Limit: 3}); ; pages++ {
		rows, next, err := b.IntegrationsOf(ctx, a.Organisation, p)
		must(t, err)
		for _, row := range rows {
			got = append(got, string(row.Name))
		}
		if next == "" {
			break
		}
		p.After = next
	}
	if diff := cmp.Diff(want, got); diff != "" || pages != 2 {
		t.Errorf("%d pages before the last; -want +got\n%s", pages, diff)
	}
	all, _, err := b.Integrations(ctx, store.Page{})
	must(t, err)
	if len(all) != 14 || all[0].OrganisationName != "Organisation 1" || all[1].OrganisationName != "Organisation 0" {
		t.Errorf("of all: got %d, first %+v", len(all), all[0])
	}
	for _, cursor := range []store.Cursor{"x", "-1", "0", "9223372036854775808"} {
		_, _, err := b.IntegrationsOf(ctx, a.Organisation, store.Page{After: cursor})
		wantErr(t, err, store.ErrSyntax)
	}
}
