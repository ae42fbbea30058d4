package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portvakt/store"
	"portvakt/store/storetest"
)

// withKey is a bench with one integration and its one key.
func withKey(t *testing.T) (*storetest.Bench, store.Actor, store.Key) {
	t.Helper()
	b := storetest.New(t)
	a := b.NewUser(t, "kari", store.RoleNone, b.NewOrganisation(t, 0))
	i := b.NewIntegration(t, a, "one")
	k, err := b.AddKey(ctx, a, a.Organisation, i.ID, storetest.Key(0))
	must(t, err)
	return b, a, k
}

func keyOf(t *testing.T, b *storetest.Bench, a store.Actor, k store.Key) store.Key {
	t.Helper()
	keys, err := b.Keys(ctx, a.Organisation, k.Integration)
	must(t, err)
	for _, found := range keys {
		if found.ID == k.ID {
			return found
		}
	}
	t.Fatalf("key %q is not listed", k.ID)
	return store.Key{}
}

func TestAddKey(t *testing.T) {
	t.Parallel()
	b, a, k := withKey(t)
	n := storetest.Key(0)
	want := store.Key{
		ID: k.ID, Integration: k.Integration, Kid: n.Kid, Thumbprint: n.Thumbprint, PublicJWK: n.PublicJWK,
		Bits: 2048, Alg: "RS256", Custody: store.CustodyServer, Made: storetest.Start,
	}
	if diff := cmp.Diff(want, keyOf(t, b, a, k)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}

	t.Run("the same again", func(t *testing.T) {
		before := eventCount(t, b)
		again, err := b.AddKey(ctx, a, a.Organisation, k.Integration, n)
		must(t, err)
		if again.ID != k.ID || eventCount(t, b) != before {
			t.Errorf("got key %q, want %q and no event", again.ID, k.ID)
		}
	})
	t.Run("the same with another kid", func(t *testing.T) {
		n := n
		n.PublicJWK = strings.Replace(n.PublicJWK, n.Kid, "other", 1)
		n.Kid = "other"
		_, err := b.AddKey(ctx, a, a.Organisation, k.Integration, n)
		wantErr(t, err, store.ErrExists)
	})
	t.Run("brought from elsewhere", func(t *testing.T) {
		n := storetest.Key(1)
		n.Custody = store.CustodyElsewhere
		got, err := b.AddKey(ctx, a, a.Organisation, k.Integration, n)
		must(t, err)
		if got.Named.IsZero() {
			t.Error("it will be dropped, though its owner has it")
		}
	})
	t.Run("newest first", func(t *testing.T) {
		keys, err := b.Keys(ctx, a.Organisation, k.Integration)
		must(t, err)
		if len(keys) != 2 || keys[1].ID != k.ID {
			t.Errorf("got %d keys", len(keys))
		}
	})
}

func TestPrivateKeyHasNoPlace(t *testing.T) {
	t.Parallel()
	b, a, k := withKey(t)
	before := dump(t, b)
	good := storetest.Key(1)
	for name, jwk := range map[string]string{
		"d":                strings.Replace(good.PublicJWK, `{`, `{"d":"AQAB",`, 1),
		"d escaped":        strings.Replace(good.PublicJWK, `{`, `{"\u0064":"AQAB",`, 1),
		"p":                strings.Replace(good.PublicJWK, `{`, `{"p":"AQAB",`, 1),
		"oth":              strings.Replace(good.PublicJWK, `{`, `{"oth":[],`, 1),
		"x5c":              strings.Replace(good.PublicJWK, `{`, `{"x5c":[],`, 1),
		"n twice":          strings.Replace(good.PublicJWK, `{`, `{"n":"AQAB",`, 1),
		"a long use":       strings.Replace(good.PublicJWK, `"sig"`, `"`+strings.Repeat("x", 342)+`"`, 1),
		"a nested use":     strings.Replace(good.PublicJWK, `"sig"`, `{"d":"`+strings.Repeat("x", 342)+`"}`, 1),
		"another exponent": strings.Replace(good.PublicJWK, `"AQAB"`, `"`+strings.Repeat("x", 100)+`"`, 1),
		"a longer n":       strings.Replace(good.PublicJWK, `"n":"`, `"n":"`+strings.Repeat("x", 342), 1),
		"no object":        `[` + good.PublicJWK + `]`,
	} {
		n := good
		n.PublicJWK = jwk
		if _, err := b.AddKey(ctx, a, a.Organisation, k.Integration, n); err == nil {
			t.Errorf("%s: taken", name)
		}
		// The table itself, too: whoever writes past AddKey is refused.
		_, err := b.SQL(t).Exec(`UPDATE keys SET public_jwk = ?`, jwk)
		if err == nil {
			t.Errorf("%s: the table took it", name)
		}
	}
	n := good
	n.PublicJWK = strings.Replace(good.PublicJWK, `{`, `{"d":"AQAB",`, 1)
	_, err := b.AddKey(ctx, a, a.Organisation, k.Integration, n)
	wantErr(t, err, store.ErrSecret)
	if strings.Contains(err.Error(), "AQAB") {
		t.Errorf("the error quotes the key: %v", err)
	}
	if after := dump(t, b); after != before {
		t.Error("something was written")
	}
}

func TestNameKey(t *testing.T) {
	t.Parallel()
	b, a, k := withKey(t)
	_, err := b.NameKey(ctx, a, a.Organisation, k.Integration, storetest.Key(1).Thumbprint)
	wantErr(t, err, store.ErrNotFound)

	b.Clock.Add(time.Minute)
	named, err := b.NameKey(ctx, a, a.Organisation, k.Integration, k.Thumbprint)
	must(t, err)
	k.Named = b.Clock.Now()
	if diff := cmp.Diff(k, named); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	b.Clock.Add(time.Minute)
	before := dump(t, b)
	again, err := b.NameKey(ctx, a, a.Organisation, k.Integration, k.Thumbprint)
	must(t, err)
	if diff := cmp.Diff(k, again); diff != "" {
		t.Errorf("again: -want +got\n%s", diff)
	}
	if after := dump(t, b); after != before {
		t.Error("named twice")
	}
	t.Run("needs no lock the second time", func(t *testing.T) {
		b.Lock(t)
		_, err := b.NameKey(ctx, a, a.Organisation, k.Integration, k.Thumbprint)
		must(t, err)
	})
}

func TestDropUnnamedKeys(t *testing.T) {
	t.Parallel()
	b, a, unnamed := withKey(t)
	org, id := a.Organisation, unnamed.Integration
	add := func(n int, custody store.Custody) store.Key {
		t.Helper()
		key := storetest.Key(n)
		key.Custody = custody
		k, err := b.AddKey(ctx, a, org, id, key)
		must(t, err)
		return k
	}
	named, posted, elsewhere := add(1, store.CustodyServer), add(2, store.CustodyServer), add(3, store.CustodyElsewhere)
	_, err := b.NameKey(ctx, a, org, id, named.Thumbprint)
	must(t, err)
	must(t, b.SetPosted(ctx, a, org, id, posted.ID, storetest.Start))
	b.Clock.Add(5 * time.Hour)
	young := add(4, store.CustodyBrowser)
	before := eventCount(t, b)

	count, err := b.DropUnnamedKeys(ctx, storetest.Start.Add(time.Hour))
	must(t, err)
	if got, want := count, 1; got != want {
		t.Errorf("dropped %d, want %d", got, want)
	}
	for _, k := range []store.Key{named, posted, elsewhere, young} {
		if got := keyOf(t, b, a, k); !got.Dropped.IsZero() {
			t.Errorf("key %q was dropped", got.Kid)
		}
	}
	got := keyOf(t, b, a, unnamed)
	if !got.Dropped.Equal(b.Clock.Now()) || got.Live(b.Clock.Now()) {
		t.Errorf("the key that nobody named: dropped %v, live %v", got.Dropped, got.Live(b.Clock.Now()))
	}
	if n := eventCount(t, b) - before; n != 1 {
		t.Errorf("%d events", n)
	}
	count, err = b.DropUnnamedKeys(ctx, storetest.Start.Add(time.Hour))
	must(t, err)
	if count != 0 {
		t.Errorf("dropped %d again", count)
	}

	t.Run("a page that still has it brings it back", func(t *testing.T) {
		k, err := b.NameKey(ctx, a, org, id, unnamed.Thumbprint)
		must(t, err)
		if !k.Dropped.IsZero() || !k.Live(b.Clock.Now()) {
			t.Errorf("dropped %v", k.Dropped)
		}
		events, _, err := b.EventsOf(ctx, org, id, store.Page{Limit: 1})
		must(t, err)
		if got, want := events[0].Kind, store.KeyRevived; got != want {
			t.Errorf("got event %q, want %q", got, want)
		}
	})
}

func TestSetPosted(t *testing.T) {
	t.Parallel()
	b, a, k := withKey(t)
	now := b.Clock.Now()
	set := func(at time.Time) error {
		return b.SetPosted(ctx, a, a.Organisation, k.Integration, k.ID, at)
	}
	wantErr(t, set(now.Add(24*time.Hour+time.Second)), store.ErrDate)
	wantErr(t, set(now.AddDate(-2, 0, -1)), store.ErrDate)
	wantErr(t, set(time.Time{}), store.ErrDate)
	wantErr(t, b.SetPosted(ctx, a, a.Organisation, k.Integration, "other", now), store.ErrNotFound)

	for _, at := range []time.Time{now.AddDate(-2, 0, 0), now.AddDate(0, -3, 0), now.Add(24 * time.Hour)} {
		must(t, set(at))
		got := keyOf(t, b, a, k)
		if !got.Posted.Equal(at) || !got.Expires.Equal(at.AddDate(1, 0, 0)) {
			t.Errorf("%v: posted %v, expires %v", at, got.Posted, got.Expires)
		}
	}
	before := eventCount(t, b)
	must(t, set(now.Add(24*time.Hour)))
	if got := eventCount(t, b); got != before {
		t.Error("the same date twice is two events")
	}
	t.Run("live until it expires", func(t *testing.T) {
		got := keyOf(t, b, a, k)
		if !got.Live(got.Expires.Add(-time.Second)) || got.Live(got.Expires) {
			t.Error("the end is wrong")
		}
	})
}
