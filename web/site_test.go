package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"portvakt/handlers/handlerstest"
	"portvakt/internal/sandbox"
	"portvakt/store"
	"portvakt/views"
)

// siteT is the whole program inside a test: put together as the command does it,
// behind two real listeners. Everything that passes is witnessed, and when the
// test ends, every answer must have had the headers of siteTHeaderFaults.
type siteT struct {
	house *house
	// portal and sandbox are the addresses, without a slash at the end.
	portal, sandbox string
	data            string
	log             *siteTBuffer
	seen            *siteTWitness

	mu sync.Mutex
	// links are the paths of the one-time links that were printed.
	links []string
	// ahead is how far the clock of the one-time links is ahead.
	ahead time.Duration
	// imposter answers in the sandbox's place; nil lets the sandbox answer.
	imposter http.HandlerFunc
}

var siteTOrgs = sandbox.Organisations()

// siteTWord is a message of the pages, siteTLabel a label of the practice site,
// as the browsers of these tests see them.
func siteTWord(id string) string  { return views.In(views.Bokmal).S(id) }
func siteTLabel(id string) string { return views.In(views.Bokmal).Label(id, true).Name }

// newSiteT starts a site. change may alter the configuration before that.
func newSiteT(t *testing.T, change ...func(*config)) *siteT {
	t.Helper()
	s := &siteT{data: filepath.Join(t.TempDir(), "data"), log: &siteTBuffer{}, seen: &siteTWitness{}}
	if err := os.Mkdir(s.data, 0o700); err != nil {
		t.Fatal(err)
	}
	portal, practice := siteTListen(t), siteTListen(t)
	c := config{Data: s.data, Address: "given", SandboxAddress: "given", URL: addressOf(nil, portal), SandboxURL: addressOf(nil, practice)}
	for _, f := range change {
		f(&c)
	}
	s.portal, s.sandbox = "http://"+portal.Addr().String(), "http://"+practice.Addr().String()
	log := slog.New(slog.NewJSONHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	s.house, err = build(context.Background(), c, log, s.print)
	if err != nil {
		t.Fatal(err)
	}
	s.house.local.Now = s.linkClock
	servers := []*http.Server{newServer(s.seen.watch("portal", s.house.portal), log)}
	go servers[0].Serve(portal) // ends with Close
	if s.house.sandbox != nil {
		servers = append(servers, newServer(s.maybe(s.seen.watch("sandbox", s.house.sandbox)), log))
		go servers[1].Serve(practice) // ends with Close
	}
	t.Cleanup(func() {
		for _, server := range servers {
			server.Close()
		}
		s.house.store.Close()
		s.seen.checkHeaders(t)
	})
	return s
}

// instead lets somebody else answer the portal's calls; nil ends that.
func (s *siteT) instead(f http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.imposter = f
}

func (s *siteT) maybe(sandbox http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		f := s.imposter
		s.mu.Unlock()
		if f != nil {
			f(w, r)
			return
		}
		sandbox.ServeHTTP(w, r)
	})
}

func siteTListen(t testing.TB) net.Listener {
	t.Helper()
	var c net.ListenConfig
	l, err := c.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func (s *siteT) print(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.links = append(s.links, path)
}

func (s *siteT) printed() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.links
}

func (s *siteT) linkClock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Now().Add(s.ahead)
}

// pass lets time go by for the one-time links.
func (s *siteT) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead += d
}

// person puts somebody on record, as a member of the organisation unless that is empty.
func (s *siteT) person(t testing.TB, name string, role store.Role, org string) store.User {
	t.Helper()
	u, err := s.house.store.AddUser(context.Background(), store.User{Issuer: "test", Subject: name, Name: name, Role: role})
	if err != nil {
		t.Fatal(err)
	}
	if org != "" {
		if err := s.house.store.AddMember(context.Background(), store.Actor{}, u.ID, store.OrgNumber(org)); err != nil {
			t.Fatal(err)
		}
	}
	return u
}

// signedIn returns a new browser in which the person is signed in.
func (s *siteT) signedIn(t testing.TB, u store.User, org string) *handlerstest.Browser {
	t.Helper()
	_, token, err := s.house.store.StartSignIn(context.Background(), u, store.OrgNumber(org),
		store.SignInMeta{Issuer: "test", AuthTime: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	b := handlerstest.New(s.portal)
	b.SetCookie(&http.Cookie{Name: s.cookieName(), Value: token, Path: "/"})
	return b
}

func (s *siteT) cookieName() string {
	return "portvakt_" + s.portal[strings.LastIndex(s.portal, ":")+1:]
}

// member is a browser of a member of the practice organisation that has everything.
func (s *siteT) member(t testing.TB) *handlerstest.Browser {
	t.Helper()
	return s.signedIn(t, s.person(t, "Kari Medlem", store.RoleNone, siteTOrgs[0].Number), siteTOrgs[0].Number)
}

// describe walks step 1 and returns the page of the new integration.
func siteTDescribe(t testing.TB, b *handlerstest.Browser, name string) *handlerstest.Page {
	t.Helper()
	p := b.Get(t, "/integrations/new").Form(t, "describe").Fill(t, siteTWord("describe.name"), name).Press(t, siteTWord("describe.create"))
	siteTWants(t, p, 200)
	return p
}

// register does on the practice page what the guide on p tells, as a person
// would, and returns the client id.
func (s *siteT) register(t testing.TB, p *handlerstest.Page) string {
	t.Helper()
	b := handlerstest.New(s.sandbox)
	clients := "/samarbeidsportalen/" + siteTOrgs[0].Number + "/clients"
	form := b.Get(t, clients+"/new").Form(t, "typed").
		Fill(t, siteTLabel("name"), p.Text("#site-name")).Fill(t, siteTLabel("description"), "Prøve")
	form.Values.Set("scopes", p.Text("#describe .scopes"))
	client := form.Press(t, siteTLabel("save-client"))
	siteTWants(t, client, 200)
	id := client.Text("#client-id")
	keys := b.Get(t, client.URL.Path+"/keys").Form(t, "typed").
		Fill(t, siteTLabel("key-field"), p.Find("#site-jwk").Text()).Press(t, siteTLabel("save"))
	siteTWants(t, keys, 200)
	return id
}

// proved walks the journey until all lights are green. The page still carries the key.
func (s *siteT) proved(t testing.TB, b *handlerstest.Browser, name string) *handlerstest.Page {
	t.Helper()
	p := siteTDescribe(t, b, name).Form(t, "journey").Press(t, siteTWord("key.make"))
	siteTWants(t, p, 200)
	p = p.Form(t, "journey").Fill(t, siteTWord("record.client_id"), s.register(t, p)).Press(t, siteTWord("prove.button"))
	siteTGreen(t, p)
	return p
}

func siteTGreen(t testing.TB, p *handlerstest.Page) {
	t.Helper()
	if got := p.Find(".light.passed").Length(); got != 9 {
		t.Fatalf("got %d green lights, want 9\n%s", got, p.Text("#prove"))
	}
}

func siteTWants(t testing.TB, p *handlerstest.Page, status int) {
	t.Helper()
	if p.Status != status {
		t.Fatalf("%s: got status %d, want %d\n%s", p.URL, p.Status, status, p.Text("main"))
	}
}

// siteTBuffer is a log that may be written to and read at once.
type siteTBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *siteTBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *siteTBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// siteTExchange is one request and its answer, as they were at the listener.
type siteTExchange struct {
	site, method, uri, host string
	request                 http.Header
	sent                    []byte
	status                  int
	header                  http.Header
	body                    []byte
}

func (e siteTExchange) String() string { return e.site + " " + e.method + " " + e.uri }

// form is what the request sent, as a form.
func (e siteTExchange) form(t testing.TB) url.Values {
	t.Helper()
	r, err := http.NewRequest(e.method, "http://x/", bytes.NewReader(e.sent))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = e.request
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		err = r.ParseMultipartForm(1 << 20)
	} else {
		err = r.ParseForm()
	}
	if err != nil {
		return nil
	}
	return r.PostForm
}

// siteTWitness remembers every exchange.
type siteTWitness struct {
	mu  sync.Mutex
	all []siteTExchange
}

// watch puts the witness between the listener and the handler.
func (s *siteTWitness) watch(site string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e := siteTExchange{site: site, method: r.Method, uri: r.RequestURI, host: r.Host, request: r.Header.Clone()}
		var sent bytes.Buffer
		r.Body = &siteTTee{ReadCloser: r.Body, copy: &sent}
		out := &siteTCopy{ResponseWriter: w}
		defer func() {
			e.sent, e.status, e.header, e.body = sent.Bytes(), out.status, out.header, out.body.Bytes()
			s.mu.Lock()
			defer s.mu.Unlock()
			s.all = append(s.all, e)
		}()
		next.ServeHTTP(out, r)
	})
}

func (s *siteTWitness) exchanges() []siteTExchange {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]siteTExchange(nil), s.all...)
}

type siteTTee struct {
	io.ReadCloser
	copy *bytes.Buffer
}

func (r *siteTTee) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	r.copy.Write(p[:n])
	return n, err
}

type siteTCopy struct {
	http.ResponseWriter
	status int
	header http.Header
	body   bytes.Buffer
}

func (w *siteTCopy) WriteHeader(status int) {
	if w.status == 0 {
		w.status, w.header = status, w.Header().Clone()
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *siteTCopy) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status, w.header = http.StatusOK, w.Header().Clone()
	}
	w.body.Write(p)
	return w.ResponseWriter.Write(p)
}

func (w *siteTCopy) Unwrap() http.ResponseWriter { return w.ResponseWriter }
