package handlers_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portvakt/store"
	"portvakt/store/storetest"
)

// visitor sends requests straight into the handlers, without a network.
type visitor struct {
	site   *site
	actor  store.Actor
	cookie *http.Cookie
}

func newVisitor(b *testing.B, s *site) visitor {
	b.Helper()
	ctx, org := context.Background(), store.OrgNumber(orgs[0].Number)
	_, token, err := s.store.StartSignIn(ctx, s.local.User, org, store.SignInMeta{Issuer: store.LocalIssuer, AuthTime: s.Now()})
	if err != nil {
		b.Fatal(err)
	}
	return visitor{
		site: s, actor: store.Actor{User: s.local.User.ID, Organisation: org},
		cookie: &http.Cookie{Name: "portvakt_" + portOf(s.portal.URL), Value: token},
	}
}

// send fails the benchmark unless the answer is a whole page that has the mark.
func (v visitor) send(b *testing.B, method, path string, form url.Values, mark string) {
	b.Helper()
	r := httptest.NewRequest(method, v.site.portal.URL+path, strings.NewReader(form.Encode()))
	r.RequestURI = path
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	r.Header.Set("Accept-Language", "nn-NO,nn;q=0.9,nb;q=0.8,no;q=0.7,en-US;q=0.6,en;q=0.5")
	r.AddCookie(v.cookie)
	w := httptest.NewRecorder()
	v.site.portal.Config.Handler.ServeHTTP(w, r)
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), mark) {
		b.Fatalf("got %d without %q: %s", w.Code, mark, w.Body)
	}
}

// describe makes an integration and returns its path.
func (v visitor) describe(b *testing.B, name string) string {
	b.Helper()
	i, _, err := v.site.store.AddIntegration(context.Background(), v.actor, store.NewIntegration{
		Organisation: v.actor.Organisation, Environment: store.Sandbox, Nonce: name,
		Details: store.Details{Name: store.Name(name), Purpose: "notifications", Wanted: []store.Scope{"altinn:serviceowner/notifications.create"}},
	})
	if err != nil {
		b.Fatal(err)
	}
	return "/integrations/" + i.ID
}

// BenchmarkHome is the list page: 25 of 100,000 integrations, from a random place.
func BenchmarkHome(b *testing.B) {
	s := newSite(b)
	v := newVisitor(b, s)
	db := (&storetest.Bench{Path: filepath.Join(s.dir, "portvakt.db")}).SQL(b)
	_, err := db.Exec(`
		WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 100000)
		INSERT INTO integrations (id, organisation, name, description, purpose, environment, wanted, recorded, version,
			created, nonce, state, key_expires, key_unknown, proof_started, proof_outcome, derived_until)
		SELECT printf('%026d', n), ?1, 'Integrasjon ' || n, printf('%.200c', 'x'),
			'notifications', 'sandbox', 'altinn:serviceowner/notifications.create', '', 1, ?2, n, 'proved',
			?3, 0, ?2, 'passed', ?3
		FROM n`, orgs[0].Number, s.Now().Unix(), s.Now().Add(300*24*time.Hour).Unix())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		v.send(b, http.MethodGet, fmt.Sprintf("/?after=%d", 1000+rand.IntN(99000)), nil, `rel="next"`)
	}
}

// BenchmarkIntegrationShow is the page of steps 2 to 6 with a key on record.
func BenchmarkIntegrationShow(b *testing.B) {
	v := newVisitor(b, newSite(b))
	path := v.describe(b, "Varsling")
	v.send(b, http.MethodPost, path+"/keys", url.Values{"bits": {"2048"}}, `name="sealed"`)
	b.ReportAllocs()
	for b.Loop() {
		v.send(b, http.MethodGet, path, nil, "</html>")
	}
}

// BenchmarkKeyCreate makes a key and shows it. Nearly all of it is the search for
// two primes, which takes a different time for each key.
func BenchmarkKeyCreate(b *testing.B) {
	v := newVisitor(b, newSite(b))
	n := 0
	for b.Loop() {
		// One integration for each key: the page of one that has many is longer.
		b.StopTimer()
		n++
		path := v.describe(b, fmt.Sprint("Varsling ", n))
		b.StartTimer()
		v.send(b, http.MethodPost, path+"/keys", url.Values{"bits": {"2048"}}, `name="sealed"`)
	}
}
