package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portvakt/store"
	"portvakt/store/storetest"
)

var limits = store.Limits{Idle: 30 * time.Minute, Absolute: 8 * time.Hour}

func signedIn(t *testing.T, b *storetest.Bench) (u store.User, i store.SignIn, token string) {
	t.Helper()
	number := b.NewOrganisation(t, 0)
	a := b.NewUser(t, "kari", store.RoleAuditor, number)
	u, err := b.User(ctx, a.User)
	must(t, err)
	i, token, err = b.StartSignIn(ctx, u, number, store.SignInMeta{
		Sid: "sid-1", AuthTime: storetest.Start.Add(-time.Minute), Request: "r1", From: "192.0.2.0",
	})
	must(t, err)
	return u, i, token
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	b := storetest.New(t)
	u, i, token := signedIn(t, b)

	got, err := b.SignIn(ctx, token, limits)
	must(t, err)
	want := store.Session{
		SignIn: store.SignIn{
			ID: i.ID, User: u.ID, Organisation: storetest.Number(0), Issuer: u.Issuer, Sid: "sid-1",
			AuthTime: storetest.Start.Add(-time.Minute), Created: storetest.Start, LastSeen: storetest.Start,
		},
		User: u,
		Organisation: store.Organisation{
			Number: storetest.Number(0), Name: "Organisation 0", Created: storetest.Start,
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if diff := cmp.Diff(want.SignIn, i); diff != "" {
		t.Errorf("as returned: -want +got\n%s", diff)
	}
	if all := dump(t, b); strings.Contains(all, token) {
		t.Error("the token itself is stored")
	}
	t.Run("another token", func(t *testing.T) {
		_, err := b.SignIn(ctx, token[1:]+"x", limits)
		wantErr(t, err, store.ErrNotFound)
		_, err = b.SignIn(ctx, "", limits)
		wantErr(t, err, store.ErrNotFound)
	})
	t.Run("a role taken away acts at once", func(t *testing.T) {
		must(t, b.SetRole(ctx, store.Actor{}, u.ID, store.RoleNone))
		got, err := b.SignIn(ctx, token, limits)
		must(t, err)
		if got.User.Role != store.RoleNone {
			t.Errorf("got role %q", got.User.Role)
		}
	})
	t.Run("without an organisation", func(t *testing.T) {
		_, token, err := b.StartSignIn(ctx, u, "", store.SignInMeta{})
		must(t, err)
		got, err := b.SignIn(ctx, token, limits)
		must(t, err)
		if diff := cmp.Diff(store.Organisation{}, got.Organisation); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	})
	t.Run("an organisation or user not on record", func(t *testing.T) {
		_, _, err := b.StartSignIn(ctx, u, storetest.Number(9), store.SignInMeta{})
		wantErr(t, err, store.ErrNotFound)
		_, _, err = b.StartSignIn(ctx, store.User{ID: "abcdefghijklmnopqrstuvwxyz", Issuer: "x"}, "", store.SignInMeta{})
		wantErr(t, err, store.ErrNotFound)
	})
}

func TestSignInLimits(t *testing.T) {
	t.Parallel()

	t.Run("idle", func(t *testing.T) {
		t.Parallel()
		b := storetest.New(t)
		_, _, token := signedIn(t, b)
		b.Clock.Add(30*time.Minute - time.Second)
		_, err := b.SignIn(ctx, token, limits)
		must(t, err)
		b.Clock.Add(time.Second)
		_, err = b.SignIn(ctx, token, limits)
		wantErr(t, err, store.ErrNotFound)
		_, err = b.SignIn(ctx, token, store.Limits{})
		must(t, err)
	})
	t.Run("too old, though never idle", func(t *testing.T) {
		t.Parallel()
		b := storetest.New(t)
		_, _, token := signedIn(t, b)
		for range 8*6 - 1 {
			b.Clock.Add(10 * time.Minute)
			n, err := b.SignIn(ctx, token, limits)
			must(t, err)
			must(t, b.SeenSignIn(ctx, n.SignIn))
		}
		b.Clock.Add(10 * time.Minute)
		_, err := b.SignIn(ctx, token, limits)
		wantErr(t, err, store.ErrNotFound)
	})
}

func TestSeenSignIn(t *testing.T) {
	t.Parallel()
	b := storetest.New(t)
	_, i, token := signedIn(t, b)
	start := i.LastSeen

	b.Clock.Add(59 * time.Second)
	must(t, b.SeenSignIn(ctx, i))
	n, err := b.SignIn(ctx, token, limits)
	must(t, err)
	if got := n.SignIn.LastSeen; !got.Equal(start) {
		t.Errorf("written within the minute: %v", got)
	}
	b.Clock.Add(time.Second)
	must(t, b.SeenSignIn(ctx, n.SignIn))
	n, err = b.SignIn(ctx, token, limits)
	must(t, err)
	if got, want := n.SignIn.LastSeen, start.Add(time.Minute); !got.Equal(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestEndSignIn(t *testing.T) {
	t.Parallel()
	b := storetest.New(t)
	u, i, token := signedIn(t, b)
	a := store.Actor{User: u.ID}

	other := b.NewUser(t, "ola", store.RoleNone)
	wantErr(t, b.EndSignIn(ctx, other, i.ID), store.ErrNotFound)
	must(t, b.EndSignIn(ctx, a, i.ID))
	_, err := b.SignIn(ctx, token, store.Limits{})
	wantErr(t, err, store.ErrNotFound)

	before := eventCount(t, b)
	must(t, b.EndSignIn(ctx, a, i.ID))
	if got := eventCount(t, b); got != before {
		t.Error("ended twice")
	}
	wantErr(t, b.SwitchOrganisation(ctx, a, i.ID, storetest.Number(0)), store.ErrNotFound)
}

func TestSwitchOrganisation(t *testing.T) {
	t.Parallel()
	b := storetest.New(t)
	u, i, token := signedIn(t, b)
	a := store.Actor{User: u.ID, Organisation: i.Organisation, SignIn: i.ID}

	stranger := b.NewOrganisation(t, 1)
	wantErr(t, b.SwitchOrganisation(ctx, a, i.ID, stranger), store.ErrNotFound)

	must(t, b.AddOrganisation(ctx, a, stranger, "Nå kjent"))
	must(t, b.SwitchOrganisation(ctx, a, i.ID, stranger))
	n, err := b.SignIn(ctx, token, limits)
	must(t, err)
	if got, want := n.Organisation.Number, stranger; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := n.Organisation.Name, store.Name("Organisation 1"); got != want {
		t.Errorf("the name on record was changed: %q", got)
	}
}

func TestOrganisations(t *testing.T) {
	t.Parallel()
	b := storetest.New(t)
	u, err := b.EnsureLocalUser(ctx, "root")
	must(t, err)
	a := store.Actor{User: u.ID, Role: u.Role}

	again, err := b.EnsureLocalUser(ctx, "another")
	must(t, err)
	if diff := cmp.Diff(u, again); diff != "" {
		t.Errorf("local user: -first +second\n%s", diff)
	}
	if u.Role != store.RoleAdmin {
		t.Errorf("the local user's role is %q", u.Role)
	}

	for n, name := range []store.Name{"B", "A"} {
		o := store.Organisation{Number: storetest.Number(n), Name: name, Practice: true}
		must(t, b.EnsureOrganisation(ctx, o))
		must(t, b.EnsureOrganisation(ctx, o))
		must(t, b.AddMember(ctx, a, u.ID, o.Number))
		must(t, b.AddMember(ctx, a, u.ID, o.Number))
	}
	must(t, b.AddOrganisation(ctx, a, storetest.Number(2), "C"))
	must(t, b.AddOrganisation(ctx, a, storetest.Number(2), "D"))

	got, err := b.OrganisationsOf(ctx, u.ID)
	must(t, err)
	want := []store.Organisation{
		{Number: storetest.Number(0), Name: "B", Practice: true, Created: storetest.Start},
		{Number: storetest.Number(1), Name: "A", Practice: true, Created: storetest.Start},
		{Number: storetest.Number(2), Name: "C", Created: storetest.Start},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	// The user, then two each of organisation and member for B, A and C.
	if got, want := eventCount(t, b), 1+3*2; got != want {
		t.Errorf("got %d events, want %d", got, want)
	}
	wantErr(t, b.AddMember(ctx, a, u.ID, storetest.Number(9)), store.ErrNotFound)
	wantErr(t, b.AddMember(ctx, a, "abcdefghijklmnopqrstuvwxyz", storetest.Number(0)), store.ErrNotFound)

	t.Run("a correction is an event", func(t *testing.T) {
		before := eventCount(t, b)
		must(t, b.EnsureOrganisation(ctx, store.Organisation{Number: storetest.Number(2), Name: "C2", Practice: true}))
		if got := eventCount(t, b); got != before+1 {
			t.Errorf("%d events more", got-before)
		}
	})
	t.Run("a subject twice", func(t *testing.T) {
		_, err := b.AddUser(ctx, store.User{Issuer: store.LocalIssuer, Subject: "local"})
		wantErr(t, err, store.ErrExists)
	})
}
