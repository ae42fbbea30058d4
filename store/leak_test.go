package store_test

import (
	"testing"
	"time"

	"portvakt/store"
	"portvakt/store/storetest"
)

func TestMarkLeaked(t *testing.T) {
	t.Parallel()
	b, a, k := withKey(t)
	second := b.NewIntegration(t, a, "two")
	_, err := b.AddKey(ctx, a, a.Organisation, second.ID, storetest.Key(0))
	must(t, err)
	stranger := b.NewUser(t, "per", store.RoleNone, b.NewOrganisation(t, 1))
	theirs := b.NewIntegration(t, stranger, "theirs")
	_, err = b.AddKey(ctx, stranger, stranger.Organisation, theirs.ID, storetest.Key(0))
	must(t, err)

	leaks, err := b.MarkLeaked(ctx, a, a.Organisation, storetest.Key(1).Thumbprint)
	if must(t, err); len(leaks) != 0 {
		t.Errorf("a key that is nobody's: got %v", leaks)
	}
	before := eventCount(t, b)
	leaks, err = b.MarkLeaked(ctx, a, a.Organisation, k.Thumbprint)
	must(t, err)
	if len(leaks) != 2 || leaks[0] != (store.Leak{Integration: k.Integration, Name: "one", Kid: k.Kid, New: true}) || leaks[1].Integration != second.ID {
		t.Errorf("got %v, want both integrations with the key", leaks)
	}
	if got := eventCount(t, b) - before; got != 2 {
		t.Errorf("got %d events, want one for each", got)
	}
	if got := keyOf(t, b, a, k).Leaked; !got.Equal(storetest.Start) {
		t.Errorf("leaked: got %v, want %v", got, storetest.Start)
	}
	keys, err := b.Keys(ctx, stranger.Organisation, theirs.ID)
	if must(t, err); !keys[0].Leaked.IsZero() {
		t.Error("another organisation's key is marked")
	}

	// Seen again it is no news: nobody can fill the trail by pasting a key.
	b.Clock.Add(time.Hour)
	before = eventCount(t, b)
	leaks, err = b.MarkLeaked(ctx, a, a.Organisation, k.Thumbprint)
	must(t, err)
	if len(leaks) != 2 || leaks[0].New || leaks[1].New {
		t.Errorf("seen again: got %v, want both, not new", leaks)
	}
	if got := eventCount(t, b) - before; got != 0 {
		t.Errorf("seen again: got %d events", got)
	}
	if got := keyOf(t, b, a, k).Leaked; !got.Equal(storetest.Start) {
		t.Errorf("seen again: got %v, want the first time", got)
	}
	events, _, err := b.EventsOf(ctx, a.Organisation, k.Integration, store.Page{Limit: 1})
	must(t, err)
	if first := events[0]; first.Kind != store.KeyPrivate || first.Object != k.ID || len(first.Changes) != 1 || first.Changes[0].Field != "leaked" {
		t.Errorf("the event: got %+v", first)
	}
}

// The list says so until a newer key was posted.
func TestLeakEndsWithANewKey(t *testing.T) {
	t.Parallel()
	b, a, k := withKey(t)
	_, err := b.MarkLeaked(ctx, a, a.Organisation, k.Thumbprint)
	must(t, err)
	newer, err := b.AddKey(ctx, a, a.Organisation, k.Integration, storetest.Key(1))
	must(t, err)
	for _, want := range []bool{true, false} {
		rows, _, err := b.IntegrationsOf(ctx, a.Organisation, store.Page{})
		if must(t, err); rows[0].KeyLeaked != want {
			t.Errorf("with a newer key: got %t, want %t", rows[0].KeyLeaked, want)
		}
		must(t, b.SetPosted(ctx, a, a.Organisation, k.Integration, newer.ID, storetest.Start))
	}
}

// The list says so while the key lives, and no longer.
func TestLeakInTheList(t *testing.T) {
	t.Parallel()
	b, a, k := withKey(t)
	leaked := func() bool {
		rows, _, err := b.IntegrationsOf(ctx, a.Organisation, store.Page{})
		must(t, err)
		return rows[0].KeyLeaked
	}
	if leaked() {
		t.Error("leaked before it was")
	}
	must(t, b.SetPosted(ctx, a, a.Organisation, k.Integration, k.ID, storetest.Start))
	_, err := b.MarkLeaked(ctx, a, a.Organisation, k.Thumbprint)
	must(t, err)
	if !leaked() {
		t.Error("the list does not say it")
	}
	b.Clock.Add(366 * 24 * time.Hour)
	if leaked() {
		t.Error("the list says it of a key that has expired")
	}
}
