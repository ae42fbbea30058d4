package store_test

import (
	"testing"

	"portvakt/store"
)

func TestSetSaved(t *testing.T) {
	t.Parallel()
	b, a, k := withKey(t)
	for _, step := range []struct {
		how, want store.SavedHow
		events    int
	}{
		{store.SavedResponsibility, store.SavedResponsibility, 1},
		{store.SavedResponsibility, store.SavedResponsibility, 0},
		{store.SavedSignature, store.SavedSignature, 1},
		{store.SavedResponsibility, store.SavedSignature, 0}, // a person's word adds nothing
	} {
		before := eventCount(t, b)
		must(t, b.SetSaved(ctx, a, a.Organisation, k.Integration, k.ID, step.how))
		got := keyOf(t, b, a, k)
		if got.SavedHow != step.want || got.Saved.IsZero() || got.Named.IsZero() {
			t.Errorf("after %s: got %+v", step.how, got)
		}
		if n := eventCount(t, b) - before; n != step.events {
			t.Errorf("after %s: got %d events, want %d", step.how, n, step.events)
		}
	}
	if err := b.SetSaved(ctx, a, "999999999", k.Integration, k.ID, store.SavedSignature); err == nil {
		t.Error("another organisation may say so")
	}
}
