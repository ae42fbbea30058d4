package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"portvakt/store"
	"portvakt/store/storetest"
)

// crowded is a store with 100,000 integrations of two organisations in turn.
func crowded(b *testing.B) (*storetest.Bench, store.Actor) {
	b.Helper()
	s := storetest.New(b)
	a := s.NewUser(b, "kari", store.RoleNone, s.NewOrganisation(b, 0), s.NewOrganisation(b, 1))
	_, err := s.SQL(b).Exec(`
		WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 100000)
		INSERT INTO integrations (id, organisation, name, description, purpose, environment, wanted, recorded, version,
			created, created_by, nonce, state, key_expires, key_unknown, proof_started, proof_outcome, derived_until)
		SELECT printf('%026d', n), CASE n % 2 WHEN 0 THEN ?1 ELSE ?2 END, 'Integrasjon ' || n, printf('%.200c', 'x'),
			'notifications', 'sandbox', 'altinn:serviceowner/notifications.create', '', 1, 1763812800, ?3, n, 'proved',
			2000000000, 0, 1763812800, 'passed', 2000000000
		FROM n`, storetest.Number(0), storetest.Number(1), a.User)
	must(b, err)
	return s, a
}

func BenchmarkIntegrationsOf(b *testing.B) {
	s, a := crowded(b)
	c, cancel := context.WithCancel(ctx) // as a request's
	defer cancel()
	b.ReportAllocs()
	for b.Loop() {
		p := store.Page{After: store.Cursor(fmt.Sprint(1000 + rand.IntN(99000)))}
		rows, _, err := s.IntegrationsOf(c, a.Organisation, p)
		if err != nil || len(rows) != 25 {
			b.Fatal(len(rows), err)
		}
	}
}

func BenchmarkSignIn(b *testing.B) {
	s := storetest.New(b)
	a := s.NewUser(b, "kari", store.RoleNone, s.NewOrganisation(b, 0))
	var token string
	for range 1000 {
		var err error
		_, token, err = s.StartSignIn(ctx, store.User{ID: a.User, Issuer: "x"}, a.Organisation, store.SignInMeta{})
		must(b, err)
	}
	c, cancel := context.WithCancel(ctx)
	defer cancel()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.SignIn(c, token, limits); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSetInUse(b *testing.B) {
	s := storetest.New(b)
	a := s.NewUser(b, "kari", store.RoleNone, s.NewOrganisation(b, 0))
	i := s.NewIntegration(b, a, "one")
	on := false
	b.ReportAllocs()
	for b.Loop() {
		on = !on
		must(b, s.SetInUse(ctx, a, a.Organisation, i.ID, on))
	}
}

// BenchmarkOpen is what the store takes of the program's start with a database
// that exists.
func BenchmarkOpen(b *testing.B) {
	s := storetest.New(b)
	c := store.Config{Path: s.Path, Now: s.Clock.Now, Random: rand.NewChaCha8([32]byte{})}
	b.ReportAllocs()
	for b.Loop() {
		s, err := store.Open(ctx, c)
		must(b, err)
		must(b, s.Close())
	}
}
