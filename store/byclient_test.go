package store_test

import (
	"testing"

	"portvakt/store"
	"portvakt/store/storetest"
)

func TestIntegrationByClient(t *testing.T) {
	t.Parallel()
	b := storetest.New(t)
	org, other := b.NewOrganisation(t, 0), b.NewOrganisation(t, 1)
	a := b.NewUser(t, "kari", store.RoleNone, org, other)
	const client = store.ClientID("0a1b2c3d-1111-2222-3333-444455556666")

	recorded := func(owner store.OrgNumber, e store.Environment, nonce string) store.Integration {
		t.Helper()
		i, _, err := b.AddIntegration(ctx, a, store.NewIntegration{
			Organisation: owner, Environment: e, Nonce: nonce, Details: store.Details{Name: store.Name(nonce)},
		})
		must(t, err)
		must(t, b.SetRecord(ctx, a, owner, i.ID, i.Version, store.Record{ClientID: client}))
		return i
	}
	_, err := b.IntegrationByClient(ctx, org, client, store.Test)
	wantErr(t, err, store.ErrNotFound)

	recorded(org, store.Test, "old")
	test, prod := recorded(org, store.Test, "new"), recorded(org, store.Prod, "prod")
	b.NewIntegration(t, a, "without a client")
	for e, want := range map[store.Environment]string{store.Test: test.ID, store.Prod: prod.ID, store.Sandbox: prod.ID, "": prod.ID} {
		got, err := b.IntegrationByClient(ctx, org, client, e)
		must(t, err)
		if got.ID != want {
			t.Errorf("in %q: got %q, want that of %q", e, got.Name, want)
		}
	}

	// Another organisation's is nobody else's to find, nor is one without a client.
	_, err = b.IntegrationByClient(ctx, other, client, store.Test)
	wantErr(t, err, store.ErrNotFound)
	_, err = b.IntegrationByClient(ctx, org, "", store.Sandbox)
	wantErr(t, err, store.ErrNotFound)
}
