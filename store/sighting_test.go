package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portvakt/store"
	"portvakt/store/storetest"
)

func sighting(nonce string) store.NewSighting {
	return store.NewSighting{Step: "add", Saw: "Knappen heter noe annet", LabelsChecked: storetest.Start, Nonce: nonce}
}

func TestSightings(t *testing.T) {
	t.Parallel()
	b, a, k := withKey(t)
	admin := b.NewUser(t, "ada", store.RoleAdmin)
	first, err := b.AddSighting(ctx, a, a.Organisation, k.Integration, sighting("n1"))
	must(t, err)
	before := dump(t, b)
	again, err := b.AddSighting(ctx, a, a.Organisation, k.Integration, sighting("n1"))
	must(t, err)
	if after := dump(t, b); again.ID != first.ID || after != before {
		t.Error("the same form told it twice")
	}
	second, err := b.AddSighting(ctx, a, a.Organisation, k.Integration, sighting("n2"))
	must(t, err)

	list, next, err := b.Sightings(ctx, store.Page{Limit: 1})
	must(t, err)
	want := store.SightingRow{
		Sighting: store.Sighting{
			ID: second.ID, Organisation: a.Organisation, Integration: k.Integration, Environment: store.Sandbox, Step: "add",
			Saw: "Knappen heter noe annet", LabelsChecked: storetest.Start, By: a.User, Made: storetest.Start,
		},
		OrganisationName: "Organisation 0", IntegrationName: "one", ByName: "kari",
	}
	if diff := cmp.Diff([]store.SightingRow{want}, list); diff != "" || next == "" {
		t.Errorf("next %q; -want +got\n%s", next, diff)
	}
	rest, end, err := b.Sightings(ctx, store.Page{After: next, Limit: 1})
	must(t, err)
	if len(rest) != 1 || rest[0].ID != first.ID || end != "" {
		t.Errorf("the rest: got %v, next %q", rest, end)
	}

	must(t, b.SettleSighting(ctx, admin, first.ID))
	before = dump(t, b)
	must(t, b.SettleSighting(ctx, admin, first.ID))
	wantErr(t, b.SettleSighting(ctx, admin, strings.Repeat("a", 26)), store.ErrNotFound)
	if after := dump(t, b); after != before {
		t.Error("settling it again wrote something")
	}
	list, _, err = b.Sightings(ctx, store.Page{})
	must(t, err)
	if got := list[1]; !got.Settled.Equal(storetest.Start) || got.SettledByName != "ada" || !list[0].Settled.IsZero() {
		t.Errorf("got settled %v by %q, and the other %v", got.Settled, got.SettledByName, list[0].Settled)
	}
}

func TestSightingEvents(t *testing.T) {
	t.Parallel()
	b, a, k := withKey(t)
	told, err := b.AddSighting(ctx, a, a.Organisation, k.Integration, sighting("n"))
	must(t, err)
	must(t, b.SettleSighting(ctx, b.NewUser(t, "ada", store.RoleAdmin), told.ID))
	events, _, err := b.EventsOf(ctx, a.Organisation, k.Integration, store.Page{Limit: 2})
	must(t, err)
	for n, kind := range []store.Kind{store.SightingSettled, store.SightingAdded} {
		if e := events[n]; e.Kind != kind || e.Object != told.ID || e.Organisation != a.Organisation {
			t.Errorf("got %q about %q of %q, want %q", e.Kind, e.Object, e.Organisation, kind)
		}
	}
	var bodies string
	must(t, b.SQL(t).QueryRow(`SELECT group_concat(body) FROM events`).Scan(&bodies))
	if strings.Contains(bodies, "heter noe annet") {
		t.Error("what the person wrote stands in the trail")
	}
}

func TestSightingRefused(t *testing.T) {
	t.Parallel()
	b, a, k := withKey(t)
	strange := b.NewUser(t, "ola", store.RoleNone, b.NewOrganisation(t, 1))
	before := dump(t, b)
	_, err := b.AddSighting(ctx, strange, strange.Organisation, k.Integration, sighting("n"))
	wantErr(t, err, store.ErrNotFound)
	_, err = b.AddSighting(ctx, a, a.Organisation, k.Integration, sighting(""))
	wantErr(t, err, store.ErrEmpty)
	if after := dump(t, b); after != before {
		t.Error("something was written")
	}
}

// An organisation can tell 20 in a day; those that are settled do not count.
func TestSightingsOfADay(t *testing.T) {
	t.Parallel()
	b, a, k := withKey(t)
	var last store.Sighting
	for n := range 20 {
		var err error
		last, err = b.AddSighting(ctx, a, a.Organisation, k.Integration, sighting(fmt.Sprint("n", n)))
		must(t, err)
	}
	add := func(nonce string) error {
		_, err := b.AddSighting(ctx, a, a.Organisation, k.Integration, sighting(nonce))
		return err
	}
	before := dump(t, b)
	wantErr(t, add("x"), store.ErrTooMany)
	if after := dump(t, b); after != before {
		t.Error("something was written")
	}
	must(t, b.SettleSighting(ctx, a, last.ID))
	must(t, add("y"))
	wantErr(t, add("z"), store.ErrTooMany)
	b.Clock.Add(24 * time.Hour)
	must(t, add("the next day"))
}

func TestParseSaw(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		text string
		want store.Saw
		err  error
	}{
		{" en\r\nto\ttre ", "en\nto tre", nil},
		{strings.Repeat("ø", 500), store.Saw(strings.Repeat("ø", 500)), nil},
		{strings.Repeat("ø", 501), "", store.ErrTooLong},
		{" \n ", "", store.ErrEmpty},
		{"\u200b\u200d", "", store.ErrEmpty},
		{"a\u202eb", "", store.ErrControl},
		{"a\x00b", "", store.ErrControl},
		{"\xff\xfea", "", store.ErrSyntax},
		{"det sto " + aJWS, "", store.ErrSecret},
	} {
		got, err := store.ParseSaw(row.text)
		if got != row.want {
			t.Errorf("%q: got %q, want %q", row.text, got, row.want)
		}
		wantErr(t, err, row.err)
	}
}

func TestProofOfOthers(t *testing.T) {
	t.Parallel()
	b, a, k := withKey(t)
	p, _, err := b.AddProof(ctx, a, a.Organisation, storetest.Proof(k, store.Failed, "n"))
	must(t, err)
	got, err := b.Proof(ctx, a.Organisation, k.Integration, p.ID)
	must(t, err)
	if got.ID != p.ID || got.Answer == nil {
		t.Errorf("got %q with the answer %v", got.ID, got.Answer)
	}
	strange := b.NewOrganisation(t, 1)
	sibling := b.NewIntegration(t, a, "two")
	for _, row := range []struct {
		org             store.OrgNumber
		integration, id string
	}{{strange, k.Integration, p.ID}, {a.Organisation, sibling.ID, p.ID}, {a.Organisation, k.Integration, "x"}} {
		_, err := b.Proof(ctx, row.org, row.integration, row.id)
		wantErr(t, err, store.ErrNotFound)
	}
	list, _, err := b.Proofs(ctx, a.Organisation, k.Integration, store.Page{})
	must(t, err)
	want := []store.ProofRow{{
		ID: p.ID, Key: k.ID, Kid: k.Kid, By: a.User, ByName: "kari", Started: storetest.Start,
		Outcome: store.Failed, FailedStage: "token", Code: "token.unknown-kid",
	}}
	if diff := cmp.Diff(want, list); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
