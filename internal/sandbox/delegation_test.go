package sandbox_test

import (
	"net/http"
	"testing"

	"portvakt/jwk"
)

// The accountant acts for the directorate, which has delegated to it, all the way to Notifications: the service owner
// is the customer, though the accountant itself is none.
func TestDelegation(t *testing.T) {
	t.Parallel()
	f := start(t)
	supplier := f.addClient(t, accountant, ownerScope, notifyScope, "altinn:serviceowner/instances.read")
	own := with(f.claims("own"), "iss", supplier.ID)
	token := f.token(t, with(f.claims("for another"), "iss", supplier.ID, "consumer_org", directorate))

	exchanged := f.exchange(t, token)
	_, claims, err := jwk.Inspect(exchanged.body)
	if err != nil || claims["urn:altinn:org"] != "ovd" || claims["urn:altinn:orgNumber"] != directorate {
		t.Errorf("got %v (%v), want the customer as service owner", claims, err)
	}
	if claims["delegation_source"] != "https://tt02.altinn.no/" || claims["supplier"] == nil {
		t.Errorf("got %v, want supplier and delegation_source as in the token", claims)
	}
	if got := f.request(t, "GET", shipment, "", "Authorization", "Bearer "+exchanged.body); got.object(t)["code"] != "NOT-00003" {
		t.Errorf("got %d %s from Notifications, want access", got.status, got.body)
	}
	alone := f.exchange(t, f.token(t, own)).body
	if got := f.request(t, "GET", shipment, "", "Authorization", "Bearer "+alone).status; got != http.StatusForbidden {
		t.Errorf("got %d to the accountant on its own behalf, want 403", got)
	}

	const instances = "altinn:serviceowner/instances.read"
	for consumer, scope := range map[string]string{inspection: notifyScope, directorate: instances} {
		want := refusal{"", "", 403, "forbidden", "MP-251",
			"Consumer " + consumer + " has not delegated access to the scope " + scope + " to supplier " + accountant + "."}
		f.checkRefusal(t, want, f.post(t, f.grant(t, with(own, "jti", consumer, "scope", scope, "consumer_org", consumer))))
	}
}
