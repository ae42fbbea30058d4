package door_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"portvakt/internal/door"
)

// log is a log that may be written to and read at once.
type log struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// open starts a server with a door. public is the address that it answers for;
// empty is the server's own.
func open(t *testing.T, local bool, public string, next http.HandlerFunc) (*httptest.Server, *log) {
	t.Helper()
	l := &log{}
	server := httptest.NewUnstartedServer(nil)
	if public == "" {
		public = "http://" + server.Listener.Addr().String()
	}
	u, err := url.Parse(public)
	if err != nil {
		t.Fatal(err)
	}
	tick := time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)
	server.Config.Handler = door.New(door.Config{
		URL: u, Local: local, Log: slog.New(slog.NewTextHandler(l, nil)), Now: func() time.Time { return tick },
		Refuse: func(w http.ResponseWriter, r *http.Request, status int) {
			w.WriteHeader(status)
			fmt.Fprintf(w, "refused %d %s", status, door.VisitOf(r.Context()).ID)
		},
	}, next)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.Start()
	t.Cleanup(server.Close)
	return server, l
}

type answer struct {
	*http.Response
	text string
}

// ask sends a request; headers are names and values in turn.
func ask(t *testing.T, server *httptest.Server, method, path string, headers ...string) (answer, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	a, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return answer{}, err
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	return answer{a, string(b)}, err
}

func ok(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "hello") }

func TestHosts(t *testing.T) {
	t.Parallel()
	const lan, site = "http://127.0.0.1:8080", "https://portvakt.example"
	for _, c := range []struct {
		public string
		local  bool
		host   string
		status int
	}{
		{lan, true, "127.0.0.1:8080", 200},
		{lan, true, "localhost:8080", 307},
		{lan, true, "LocalHost:8080", 307},
		{lan, true, "localhost", 421},
		{lan, true, "localhost.:8080", 421},
		{lan, true, "localhost:8081", 421},
		{lan, true, "127.0.0.1", 421},
		{lan, true, "127.0.0.1:8081", 421},
		{lan, true, "127.0.0.1:80800", 421},
		{lan, true, "evil.example:8080", 421},
		{lan, true, "evil.127.0.0.1:8080", 421},
		{"http://127.0.0.1", true, "localhost", 307},
		{site, false, "portvakt.example", 200},
		{site, false, "PORTVAKT.example", 200},
		{site, false, "portvakt.example:443", 421},
		{site, false, "www.portvakt.example", 421},
		{site, false, "localhost", 421},
		{site, false, "127.0.0.1", 421},
	} {
		server, _ := open(t, c.local, c.public, ok)
		a, err := ask(t, server, "GET", "/a%2Fb?c=d", "Host", c.host)
		if err != nil {
			t.Fatal(err)
		}
		if a.StatusCode != c.status {
			t.Errorf("%s, Host %q: got %d, want %d", c.public, c.host, a.StatusCode, c.status)
		}
		if got, want := a.Header.Get("Location"), c.public+"/a%2Fb?c=d"; c.status == 307 && got != want {
			t.Errorf("Host %q: got a redirect to %q, want %q", c.host, got, want)
		}
		if c.status == 421 && !strings.HasPrefix(a.text, "refused 421 ") {
			t.Errorf("Host %q: got %q, want the page of a refusal", c.host, a.text)
		}
	}
}

// What a proxy has forwarded is refused in local mode, and the rule there: a
// proxy would carry strangers in.
func TestForwarded(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Forwarded", "forwarded", "X-Forwarded-For", "x-forwarded-host", "X-Forwarded-Proto", "X-Forwarded-Anything"} {
		for local, want := range map[bool]int{true: 400, false: 200} {
			server, _ := open(t, local, "", ok)
			a, err := ask(t, server, "GET", "/", name, "x")
			if err != nil {
				t.Fatal(err)
			}
			if a.StatusCode != want {
				t.Errorf("%s, local %v: got %d, want %d", name, local, a.StatusCode, want)
			}
		}
	}
}

func TestCrossSite(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	server, _ := open(t, true, "", func(http.ResponseWriter, *http.Request) { calls.Add(1) })
	for _, c := range []struct {
		headers []string
		status  int
	}{
		{[]string{"Sec-Fetch-Site", "cross-site"}, 403},
		{[]string{"Sec-Fetch-Site", "same-site"}, 403},
		{[]string{"Sec-Fetch-Site", "nonsense"}, 403},
		{[]string{"Sec-Fetch-Site", "same-origin"}, 200},
		{[]string{"Sec-Fetch-Site", "none"}, 200},
		{[]string{"Origin", "https://evil.example"}, 403},
		{[]string{"Origin", "null"}, 403},
		{[]string{"Origin", server.URL}, 200},
		{[]string{"Origin", server.URL, "Sec-Fetch-Site", "cross-site"}, 403},
		{nil, 200},
	} {
		for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "BREW"} {
			before := calls.Load()
			a, err := ask(t, server, method, "/", c.headers...)
			if err != nil {
				t.Fatal(err)
			}
			if called := calls.Load() > before; a.StatusCode != c.status || called != (c.status == 200) {
				t.Errorf("%s %v: got %d, want %d; called %v", method, c.headers, a.StatusCode, c.status, called)
			}
		}
		if a, err := ask(t, server, "GET", "/", c.headers...); err != nil || a.StatusCode != 200 {
			t.Errorf("GET %v: got %d, %v", c.headers, a.StatusCode, err)
		}
	}
}

// No response leaves without the headers, whoever wrote it; only the caching may
// be decided by who answers.
func TestHeaders(t *testing.T) {
	t.Parallel()
	next := func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/panic":
			panic("x")
		case "/asset":
			w.Header().Set("Cache-Control", "public")
		case "/silent":
			return
		case "/error":
			http.Error(w, "no", http.StatusTeapot)
			return
		}
		fmt.Fprint(w, "hello")
	}
	for _, public := range []string{"", "https://portvakt.example"} {
		server, _ := open(t, false, public, next)
		host := strings.TrimPrefix(server.URL, "http://")
		if public != "" {
			host = "portvakt.example"
		}
		for _, c := range []struct{ path, host, cache string }{
			{"/", host, "no-store"}, {"/silent", host, "no-store"}, {"/panic", host, "no-store"},
			{"/asset", host, "public"}, {"/", "evil.example", "no-store"}, {"/asset", "evil.example", "no-store"},
		} {
			a, err := ask(t, server, "GET", c.path, "Host", c.host)
			if err != nil {
				t.Fatal(err)
			}
			if got := a.Header.Get("Cache-Control"); got != c.cache {
				t.Errorf("%s%s: Cache-Control %q, want %q", c.host, c.path, got, c.cache)
			}
			checkHeaders(t, a, public != "")
		}
		if a, err := ask(t, server, "GET", "/error", "Host", host); err != nil || a.StatusCode != http.StatusTeapot {
			t.Errorf("got %d, %v", a.StatusCode, err)
		} else {
			checkHeaders(t, a, public != "")
		}
	}
}

func checkHeaders(t *testing.T, a answer, tls bool) {
	t.Helper()
	csp := a.Header.Get("Content-Security-Policy")
	for _, want := range []string{
		"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'", "connect-src 'self'",
		"form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
	} {
		if !strings.Contains("; "+csp+";", "; "+want+";") {
			t.Errorf("Content-Security-Policy %q, want %q in it", csp, want)
		}
	}
	if got := strings.Contains(csp, "upgrade-insecure-requests"); got != tls {
		t.Errorf("upgrade-insecure-requests: got %v, want %v", got, tls)
	}
	if got := a.Header.Get("Strict-Transport-Security") != ""; got != tls {
		t.Errorf("Strict-Transport-Security: got %v, want %v", got, tls)
	}
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
	} {
		if got := a.Header.Values(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if a.Header.Get("Permissions-Policy") == "" {
		t.Error("no Permissions-Policy")
	}
}

// A response that changes a header changes it for itself only.
func TestHeadersAreNotShared(t *testing.T) {
	t.Parallel()
	server, _ := open(t, true, "", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Referrer-Policy", "origin")
		w.Header().Set("X-Content-Type-Options", "x")
	})
	for range 3 {
		a, err := ask(t, server, "GET", "/")
		if err != nil {
			t.Fatal(err)
		}
		if got := a.Header.Values("Referrer-Policy"); len(got) != 2 {
			t.Errorf("got %q", got)
		}
	}
	a, err := ask(t, server, "GET", "/", "Host", "evil.example")
	if err != nil {
		t.Fatal(err)
	}
	checkHeaders(t, a, false)
}

// A panic gives a page, and the log says where it was and nothing of what it held.
func TestPanic(t *testing.T) {
	t.Parallel()
	server, log := open(t, true, "", func(w http.ResponseWriter, r *http.Request) {
		door.VisitOf(r.Context()).Route = "/things/:id"
		panic("the private key is sesame")
	})
	a, err := ask(t, server, "GET", "/things/5")
	if err != nil {
		t.Fatal(err)
	}
	if a.StatusCode != 500 || !strings.HasPrefix(a.text, "refused 500 ") {
		t.Errorf("got %d %q", a.StatusCode, a.text)
	}
	got := log.String()
	for _, want := range []string{"level=ERROR", "status=500", "/things/:id (panic at door_test.TestPanic", "request=" + strings.TrimPrefix(a.text, "refused 500 ")} {
		if !strings.Contains(got, want) {
			t.Errorf("got the log %q, want %q in it", got, want)
		}
	}
	for _, secret := range []string{"sesame", "goroutine", "/things/5"} {
		if strings.Contains(got, secret) {
			t.Errorf("got the log %q with %q in it", got, secret)
		}
	}
}

// After half an answer a panic ends the connection, so that nobody takes the half
// for the whole.
func TestPanicMidway(t *testing.T) {
	t.Parallel()
	server, log := open(t, true, "", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, strings.Repeat("half ", 2000))
		panic(errors.New("sesame"))
	})
	a, err := ask(t, server, "GET", "/")
	if err == nil {
		t.Errorf("got a whole answer of %d bytes", len(a.text))
	}
	if got := log.String(); !strings.Contains(got, "panic at") || strings.Contains(got, "sesame") {
		t.Errorf("got the log %q", got)
	}
}

// The log line has the route, never the path, and nothing that a client made up.
func TestLog(t *testing.T) {
	t.Parallel()
	server, log := open(t, true, "", func(w http.ResponseWriter, r *http.Request) {
		v := door.VisitOf(r.Context())
		v.Route = "/signin/once"
		if r.URL.Path == "/broken" {
			v.Err = errors.New("reading x:\nthe disk is gone")
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		ok(w, r)
	})
	ids := map[string]bool{}
	for _, c := range []struct{ method, path, want string }{
		{"GET", "/signin/once?token=sesame", "level=INFO msg=request request="},
		{"GET", "/signin/once?token=sesame", "method=GET route=/signin/once status=200 took=0s"},
		{"SESAME", "/sesame", "method=other"},
		{"GET", "/broken", `level=ERROR`},
		{"GET", "/broken", `cause="reading x:\nthe disk is gone"`},
		{"GET", "/" + strings.Repeat("sesame", 100), "route=/signin/once"},
	} {
		before := len(log.String())
		if _, err := ask(t, server, c.method, c.path, "X-Request-Id", "sesame", "User-Agent", "sesame"); err != nil {
			t.Fatal(err)
		}
		line := log.String()[before:]
		if !strings.Contains(line, c.want) || strings.Contains(strings.ToLower(line), "sesame") || strings.Count(line, "\n") != 1 {
			t.Errorf("%s %.40s: got the line %q, want %q in it", c.method, c.path, line, c.want)
		}
		_, id, _ := strings.Cut(line, "request=")
		if id = id[:16]; ids[id] {
			t.Errorf("the request id %q comes twice", id)
		}
		ids[id] = true
	}
}

// Without a door there is a visit all the same, which goes nowhere.
func TestVisitOf(t *testing.T) {
	t.Parallel()
	if got := door.VisitOf(t.Context()); got == nil || got.ID != "" {
		t.Errorf("got %v", got)
	}
}
