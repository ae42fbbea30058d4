package handlers_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"portvakt/handlers"
	"portvakt/handlers/handlerstest"
	"portvakt/internal/altinn"
	"portvakt/internal/maskinporten"
	"portvakt/internal/outbound"
	"portvakt/internal/proof"
	"portvakt/internal/sandbox"
	"portvakt/jwk"
	"portvakt/store"
	"portvakt/views"
)

// site is a whole portal with a sandbox, each behind a listener of its own.
type site struct {
	portal, box *httptest.Server
	sandbox     *sandbox.Sandbox
	store       *store.Store
	local       *handlers.Local
	log         *lockedBuffer
	dir         string
	// printed are the paths of the one-time links.
	printed []string

	// alter changes the environment before the portal starts.
	alter func(*handlers.Environment)

	mu      sync.Mutex
	now     time.Time
	instead map[string]http.HandlerFunc
}

// Now is the portal's clock; the sandbox has the same.
func (s *site) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// pass lets time go by.
func (s *site) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

var orgs = sandbox.Organisations()

// newSite starts a site; change may alter its configuration before that.
func newSite(t testing.TB, change ...func(*store.Config)) *site {
	t.Helper()
	return newSiteWith(t, func(*site) {}, change...)
}

// newSiteWith starts a site that was prepared.
func newSiteWith(t testing.TB, prepare func(*site), change ...func(*store.Config)) *site {
	t.Helper()
	s := &site{log: &lockedBuffer{}, dir: t.TempDir(), now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	config := store.Config{Path: filepath.Join(s.dir, "portvakt.db"), Now: s.Now, Random: rand.Reader}
	for _, c := range change {
		c(&config)
	}
	var err error
	if s.store, err = store.Open(context.Background(), config); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.store.Close() })
	s.furnish(t)
	prepare(s)
	s.open(t)
	return s
}

// newSiteOver starts a second portal that may only read the first one's database.
func newSiteOver(t testing.TB, first *site) *site {
	t.Helper()
	s := &site{log: &lockedBuffer{}, dir: first.dir, now: first.now, local: first.local}
	var err error
	s.store, err = store.Open(context.Background(), store.Config{
		Path: filepath.Join(s.dir, "portvakt.db"), Now: s.Now, Random: rand.Reader, ReadOnly: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.store.Close() })
	s.open(t)
	return s
}

// open starts the listeners of the sandbox and of the portal.
func (s *site) open(t testing.TB) {
	t.Helper()
	var err error
	s.box = httptest.NewUnstartedServer(nil)
	base := "http://" + s.box.Listener.Addr().String()
	if s.sandbox, err = sandbox.New(sandbox.Config{URL: base, Dir: s.dir, Now: s.Now}); err != nil {
		t.Fatal(err)
	}
	s.box.Config.Handler = http.HandlerFunc(s.serveSandbox)
	s.box.Start()
	t.Cleanup(s.box.Close)
	environment := s.environment(t, outbound.Limits{Addresses: []string{base}})
	if s.alter != nil {
		s.alter(&environment)
	}

	s.portal = httptest.NewUnstartedServer(nil)
	u := &url.URL{Scheme: "http", Host: s.portal.Listener.Addr().String()}
	s.portal.Config.Handler = handlers.New(handlers.Config{
		Store: s.store, Prover: proof.New(proof.Config{Now: s.Now, Random: rand.Reader}), Rate: proof.NewRate(s.Now),
		Sealer: jwk.NewSealer(), URL: u, Local: s.local, Sandbox: base + "/", Version: "a-build",
		Limits:       store.Limits{Idle: 30 * time.Minute, Absolute: 8 * time.Hour},
		Environments: []handlers.Environment{environment},
		Log:          slog.New(slog.NewTextHandler(s.log, nil)), Now: s.Now, Random: rand.Reader,
	})
	s.portal.Start()
	t.Cleanup(s.portal.Close)
}

// environment is the sandbox as the portal calls it, within the limits.
func (s *site) environment(t testing.TB, l outbound.Limits) handlers.Environment {
	t.Helper()
	client, err := outbound.Client(l)
	if err != nil {
		t.Fatal(err)
	}
	issuer, platform := s.sandbox.Issuer(), s.sandbox.Platform()
	e := handlers.Environment{
		Name: store.Sandbox,
		Proof: proof.Environment{
			Name:         "sandbox",
			Maskinporten: &maskinporten.Client{HTTP: client, Issuer: issuer, Now: s.Now},
			Altinn:       &altinn.Client{HTTP: client, Platform: platform, OrgsURL: platform + "/orgs/altinn-orgs.json"},
		},
		Issuer: issuer, TokenEndpoint: issuer + "token", Platform: platform,
		SelfService: "http://" + s.box.Listener.Addr().String() + "/samarbeidsportalen/", Library: "test", Exchange: "tt02",
	}
	e.Proof.Keys = maskinporten.NewKeys(e.Proof.Maskinporten)
	e.Proof.Directory = altinn.NewDirectory(e.Proof.Altinn, s.Now)
	return e
}

// serveSandbox is the sandbox, unless something stands in for the call.
func (s *site) serveSandbox(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	instead := s.instead
	s.mu.Unlock()
	for part, answer := range instead {
		if strings.Contains(r.URL.Path, part) {
			answer(w, r)
			return
		}
	}
	s.sandbox.ServeHTTP(w, r)
}

// stand puts answers in the place of the sandbox's, by a part of the path.
func (s *site) stand(instead map[string]http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.instead = instead
}

// furnish puts the practice organisations and the local user on record.
func (s *site) furnish(t testing.TB) {
	t.Helper()
	ctx := context.Background()
	user, err := s.store.EnsureLocalUser(ctx, handlers.LocalName)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range orgs {
		err := s.store.EnsureOrganisation(ctx, store.Organisation{Number: store.OrgNumber(o.Number), Name: store.Name(o.Name), Practice: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.store.AddMember(ctx, store.Actor{}, user.ID, store.OrgNumber(o.Number)); err != nil {
			t.Fatal(err)
		}
	}
	s.local = &handlers.Local{
		User: user, Organisation: store.OrgNumber(orgs[0].Number), Now: s.Now,
		Print: func(path string) { s.printed = append(s.printed, path) },
	}
}

// browser returns a browser in which the person is signed in for the
// organisation (which may be empty).
func (s *site) browser(t testing.TB, name string, role store.Role, org string) *handlerstest.Browser {
	t.Helper()
	ctx := context.Background()
	u, err := s.store.AddUser(ctx, store.User{Issuer: "test", Subject: name + org, Name: name, Role: role})
	if err != nil {
		t.Fatal(err)
	}
	if org != "" {
		if err := s.store.AddMember(ctx, store.Actor{}, u.ID, store.OrgNumber(org)); err != nil {
			t.Fatal(err)
		}
	}
	_, token, err := s.store.StartSignIn(ctx, u, store.OrgNumber(org), store.SignInMeta{Issuer: "test", AuthTime: s.Now()})
	if err != nil {
		t.Fatal(err)
	}
	b := handlerstest.New(s.portal.URL)
	b.SetCookie(&http.Cookie{Name: "portvakt_" + portOf(s.portal.URL), Value: token, Path: "/"})
	return b
}

// member is signed in for the practice organisation that has everything.
func (s *site) member(t testing.TB) *handlerstest.Browser {
	t.Helper()
	return s.browser(t, "Kari Medlem", store.RoleNone, orgs[0].Number)
}

func portOf(address string) string {
	return address[strings.LastIndex(address, ":")+1:]
}

// nb is a message in bokmål, so that tests name what is said and not how.
func nb(id string) string { return views.In(views.Bokmal).S(id) }
