package main

import (
	"context"
	"net/http"
	"os"
	"testing"

	"portvakt/handlers/handlerstest"
	"portvakt/jwk"
	"portvakt/store"
)

// siteTPeople is a site with one of each of siteTActors.
type siteTPeople struct {
	*siteT
	owner, stranger, alone, auditor, admin store.User
}

func newSiteTPeople(t *testing.T) *siteTPeople {
	t.Helper()
	s := &siteTPeople{siteT: newSiteT(t)}
	s.owner = s.person(t, "Olga Eier", store.RoleNone, siteTOrgs[0].Number)
	if err := s.house.store.AddMember(t.Context(), store.Actor{}, s.owner.ID, store.OrgNumber(siteTOrgs[2].Number)); err != nil {
		t.Fatal(err)
	}
	s.stranger = s.person(t, "Fremad Fremmed", store.RoleNone, siteTOrgs[1].Number)
	s.alone = s.person(t, "Alene Ås", store.RoleNone, "")
	s.auditor = s.person(t, "Revi Sor", store.RoleAuditor, "")
	s.admin = s.person(t, "Ada Admin", store.RoleAdmin, "")
	return s
}

// browser is a new browser of one of siteTActors.
func (s *siteTPeople) browser(t testing.TB, actor string) *handlerstest.Browser {
	t.Helper()
	switch actor {
	case "anonymous":
		return handlerstest.New(s.portal)
	case "owner":
		return s.signedIn(t, s.owner, siteTOrgs[0].Number)
	case "member of another organisation":
		return s.signedIn(t, s.stranger, siteTOrgs[1].Number)
	case "person without organisation":
		return s.signedIn(t, s.alone, "")
	case "auditor":
		return s.signedIn(t, s.auditor, "")
	case "administrator":
		return s.signedIn(t, s.admin, "")
	}
	ended := s.signedIn(t, s.owner, siteTOrgs[0].Number)
	cookie := ended.Cookie(t, s.cookieName())
	siteTWants(t, ended.Do(t, "POST", "/signout", nil), 200)
	ended.SetCookie(&http.Cookie{Name: cookie.Name, Value: cookie.Value, Path: "/"})
	return ended
}

// integration is a new one of the owner's, with a key on record.
func (s *siteTPeople) integration(t testing.TB, nonce string) store.Integration {
	t.Helper()
	actor := store.Actor{User: s.owner.ID, Organisation: store.OrgNumber(siteTOrgs[0].Number)}
	i, _, err := s.house.store.AddIntegration(context.Background(), actor, store.NewIntegration{
		Organisation: actor.Organisation, Environment: store.Sandbox, Nonce: nonce,
		Details: store.Details{Name: "Hemmelig saksystem", Purpose: "notifications", Wanted: []store.Scope{"altinn:serviceowner/notifications.create"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	public := siteTKey(t).Public()
	key, err := s.house.store.AddKey(context.Background(), actor, actor.Organisation, i.ID, store.NewKey{
		Kid: "kid-1", Thumbprint: public.Thumbprint(), PublicJWK: siteTPublic(t), Bits: public.Bits(), Alg: "RS256", Custody: store.CustodyServer,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, end := range []string{"-a", "-b"} {
		_, _, err := s.house.store.AddProof(context.Background(), actor, actor.Organisation, store.Proof{
			ID: i.ID + end, Integration: i.ID, Key: key.ID, Started: s.house.now(), Outcome: store.Passed, Nonce: end,
			Stages: []store.StageResult{{Stage: "key", Outcome: store.Passed}},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return i
}

// siteTKey is a key that nothing depends on.
func siteTKey(t testing.TB) jwk.Private {
	t.Helper()
	data, err := os.ReadFile("../jwk/testdata/rsa2048.json")
	if err != nil {
		t.Fatal(err)
	}
	k, err := jwk.ParsePrivate(data)
	if err != nil {
		t.Fatal(err)
	}
	k, err = k.WithKid("kid-1")
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func siteTPublic(t testing.TB) string {
	t.Helper()
	return siteTKey(t).Public().JSON()
}
