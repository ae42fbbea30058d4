package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"portvakt/handlers/handlerstest"
)

// siteTHeaders are on every answer of both listeners, whatever it is.
var siteTHeaders = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
		"font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; " +
		"require-trusted-types-for 'script'; trusted-types 'none'",
	"X-Content-Type-Options":       "nosniff",
	"Referrer-Policy":              "no-referrer",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
}

const siteTForEver = "public, max-age=31536000, immutable"

// siteTHeaderFaults says what is wrong with the headers of an answer.
func siteTHeaderFaults(e siteTExchange) []string {
	var faults []string
	for name, want := range siteTHeaders {
		if got := e.header.Values(name); len(got) != 1 || got[0] != want {
			faults = append(faults, fmt.Sprintf("%s: got %q, want %q", name, got, want))
		}
	}
	if got := e.header.Get("Permissions-Policy"); !strings.Contains(got, "camera=()") {
		faults = append(faults, fmt.Sprintf("Permissions-Policy: got %q", got))
	}
	want := "no-store"
	if strings.HasPrefix(e.uri, "/static/") && e.status == http.StatusOK {
		want = siteTForEver
	}
	if got := e.header.Values("Cache-Control"); len(got) != 1 || got[0] != want {
		faults = append(faults, fmt.Sprintf("Cache-Control: got %q, want %q", got, want))
	}
	if want == "no-store" {
		for _, name := range []string{"Etag", "Last-Modified", "Content-Encoding"} {
			if got := e.header.Get(name); got != "" {
				faults = append(faults, fmt.Sprintf("%s: got %q, want none", name, got))
			}
		}
	}
	for _, name := range []string{"Server", "X-Powered-By", "Access-Control-Allow-Origin"} {
		if got := e.header.Get(name); got != "" {
			faults = append(faults, fmt.Sprintf("%s: got %q, want none", name, got))
		}
	}
	if len(e.body) > 0 && e.header.Get("Content-Type") == "" {
		faults = append(faults, "a body without a Content-Type")
	}
	return append(faults, siteTCookieFaults(e)...)
}

// siteTCookieFaults looks at the cookies of an answer over plain HTTP.
func siteTCookieFaults(e siteTExchange) []string {
	var faults []string
	_, port, _ := strings.Cut(e.host, ":")
	known := []string{"portvakt_language"}
	if e.site == "portal" {
		known = append(known, "portvakt_"+port)
	}
	for _, c := range (&http.Response{Header: e.header}).Cookies() {
		if !slices.Contains(known, c.Name) {
			faults = append(faults, fmt.Sprintf("cookie %q is none of %q", c.Name, known))
		}
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			faults = append(faults, fmt.Sprintf("cookie %q: want HttpOnly, SameSite=Lax, Path=/ and no Domain, got %q", c.Name, c.Raw))
		}
	}
	return faults
}

func (s *siteTWitness) checkHeaders(t testing.TB) {
	t.Helper()
	for _, e := range s.exchanges() {
		for _, fault := range siteTHeaderFaults(e) {
			t.Errorf("%s (%d): %s", e, e.status, fault)
		}
	}
}

// siteTRaw sends a request as it is, through the real listener, and does not
// follow a redirect.
func siteTRaw(t testing.TB, method, address, host string, header http.Header) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	for name, values := range header {
		r.Header[name] = values
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer
}

func TestHost(t *testing.T) {
	t.Parallel()
	s := newSiteT(t)
	for name, address := range map[string]string{"portal": s.portal, "sandbox": s.sandbox} {
		u, _ := url.Parse(address)
		for _, c := range []struct {
			host   string
			header http.Header
			status int
		}{
			{u.Host, nil, 200},
			{"localhost:" + u.Port(), nil, 307},
			{"LOCALHOST:" + u.Port(), nil, 307},
			{"localhost", nil, 421},
			{"localhost:1", nil, 421},
			{"evil.example", nil, 421},
			{"evil.example:" + u.Port(), nil, 421},
			{"127.0.0.1.evil.example:" + u.Port(), nil, 421},
			{"127.0.0.1", nil, 421},
			{"127.0.0.2:" + u.Port(), nil, 421},
			{"[::1]:" + u.Port(), nil, 421},
			{u.Host, http.Header{"Forwarded": {"for=1.2.3.4"}}, 400},
			{u.Host, http.Header{"X-Forwarded-For": {"1.2.3.4"}}, 400},
			{u.Host, http.Header{"X-Forwarded-Host": {"evil.example"}}, 400},
			{u.Host, http.Header{"X-Forwarded-Proto": {"https"}}, 400},
			{"localhost:" + u.Port(), http.Header{"X-Forwarded-For": {"1.2.3.4"}}, 400},
			// Names that no rule here looks at have no effect.
			{u.Host, http.Header{"X-Http-Method-Override": {"POST"}, "X-Original-Url": {"/admin/events"}}, 200},
		} {
			for _, path := range []string{"/", "/?a=b%2Fc"} {
				answer := siteTRaw(t, "GET", address+path, c.host, c.header)
				if got, want := answer.StatusCode, c.status; got != want {
					t.Errorf("%s, Host %q, %v: got %d, want %d", name, c.host, c.header, got, want)
				}
				if got, want := answer.Header.Get("Location"), address+path; c.status == 307 && got != want {
					t.Errorf("%s, Host %q: got a redirect to %q, want %q", name, c.host, got, want)
				}
			}
		}
	}
}

// A refusal is a page in the reader's language, and nothing in it comes from the Host.
func TestHostPage(t *testing.T) {
	t.Parallel()
	s := newSiteT(t)
	for _, address := range []string{s.portal, s.sandbox} {
		siteTRaw(t, "GET", address+"/", "evil.example", http.Header{"Accept-Language": {"en"}})
	}
	for _, e := range s.seen.exchanges() {
		page := string(e.body)
		if !strings.Contains(page, `<html lang="en"`) || !strings.Contains(page, "<h1") || strings.Contains(page, "evil.example") {
			t.Errorf("%s: got no page in English, or one that names the Host:\n%s", e, page)
		}
	}
}

// The sign-in's cookie is for the whole site, goes with the browser, and goes to
// nobody else's port. The language's stays.
func TestCookies(t *testing.T) {
	t.Parallel()
	s := newSiteT(t)
	s.house.local.NewLink()
	b := handlerstest.New(s.portal)
	p := b.Do(t, "GET", s.printed()[0], nil)
	siteTWants(t, p, 303)
	c := (&http.Response{Header: p.Header}).Cookies()
	if len(c) != 1 || c[0].Name != s.cookieName() || c[0].MaxAge != 0 || !c[0].Expires.IsZero() || len(c[0].Value) < 26 {
		t.Errorf("signing in: got cookies %v, want one for the session, named %q", c, s.cookieName())
	}
	p = b.Do(t, "POST", "/language", url.Values{"language": {"en"}})
	c = (&http.Response{Header: p.Header}).Cookies()
	if len(c) != 1 || c[0].Name != "portvakt_language" || c[0].Value != "en" || c[0].MaxAge < 3600 {
		t.Errorf("choosing a language: got cookies %v", c)
	}
	p = b.Do(t, "POST", "/signout", url.Values{})
	c = (&http.Response{Header: p.Header}).Cookies()
	if len(c) != 1 || c[0].Name != s.cookieName() || c[0].MaxAge >= 0 || c[0].Value != "" {
		t.Errorf("signing out: got cookies %v, want the sign-in's to be removed", c)
	}
}

// Behind a TLS proxy the public address is https: cookies are then bound to the
// host and to TLS, and browsers are told to stay with it.
func TestHTTPS(t *testing.T) {
	t.Parallel()
	c := config{Data: t.TempDir(), URL: &url.URL{Scheme: "https", Host: "portvakt.example"}}
	secure, err := build(t.Context(), c, slog.New(slog.DiscardHandler), func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	defer secure.store.Close()
	l := siteTListen(t)
	server := newServer(secure.portal, slog.New(slog.DiscardHandler))
	go server.Serve(l) // ends with Close
	t.Cleanup(func() { server.Close() })

	r, _ := http.NewRequestWithContext(t.Context(), "POST", "http://"+l.Addr().String()+"/language", strings.NewReader("language=nn"))
	r.Host = "portvakt.example"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "https://portvakt.example")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	cookies := answer.Cookies()
	if answer.StatusCode != 303 || len(cookies) != 1 || cookies[0].Name != "__Host-portvakt_language" || !cookies[0].Secure {
		t.Errorf("got %d and cookies %v, want 303 and one __Host- cookie with Secure", answer.StatusCode, cookies)
	}
	if got := answer.Header.Get("Strict-Transport-Security"); !strings.HasPrefix(got, "max-age=") {
		t.Errorf("Strict-Transport-Security: got %q", got)
	}
	if got := answer.Header.Get("Content-Security-Policy"); !strings.HasSuffix(got, "; upgrade-insecure-requests") {
		t.Errorf("Content-Security-Policy: got %q", got)
	}
}

// Paths and methods that no route answers get a page, never a panic, another
// page or a bare text.
func TestOddRequests(t *testing.T) {
	t.Parallel()
	s := newSiteT(t)
	for _, address := range []string{s.portal, s.sandbox} {
		for request, want := range map[string]int{
			"GET /nowhere":                       404,
			"GET //":                             404,
			"GET //evil.example/":                404,
			"GET /./":                            404,
			"GET /../etc/passwd":                 404,
			"GET /%2e%2e/%2e%2e/etc/passwd":      404,
			"GET /static/":                       404,
			"GET /static/../go.mod":              404,
			"GET /static/app.css":                404,
			"GET /%00":                           404,
			"GET /%0d%0aX-Evil:%20yes":           404,
			"GET /" + strings.Repeat("a", 10000): 404,
			"HEAD /":                             200,
			"POST /":                             405,
			"PUT /":                              405,
			"DELETE /":                           405,
			"TRACE /":                            405,
			"OPTIONS /":                          405,
			"BREW /":                             405,
			"POST /nowhere":                      404,
			"GET /language":                      405,
			"HEAD /nowhere":                      404,
		} {
			method, path, _ := strings.Cut(request, " ")
			u, _ := url.Parse(address)
			answer := siteTOpaque(t, method, u, path)
			if to := answer.Header.Get("Location"); answer.StatusCode == 307 && address == s.sandbox {
				// The sandbox's pages lead a crooked path to the straight one, here and nowhere else.
				if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || want != 404 {
					t.Errorf("%s %s: got a redirect to %q", address, request, to)
				}
				continue
			}
			if method == "OPTIONS" && address == s.portal {
				want = 204
			}
			if got := answer.StatusCode; got != want {
				t.Errorf("%s %.60s: got %d, want %d", address, request, got, want)
			}
			if kind := answer.Header.Get("Content-Type"); want != 204 && kind != "text/html; charset=utf-8" {
				t.Errorf("%s %.60s: got %q, want a page", address, request, kind)
			}
			if want == 405 && answer.Header.Get("Allow") == "" {
				t.Errorf("%s %s: 405 without Allow", address, request)
			}
			if answer.Header.Get("X-Evil") != "" {
				t.Errorf("%s %s: a header came out of the path", address, request)
			}
		}
	}
}

// siteTOpaque sends a path exactly as it is written.
func siteTOpaque(t testing.TB, method string, u *url.URL, path string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, u.String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	r.URL = &url.URL{Scheme: "http", Host: u.Host, Opaque: path}
	if strings.HasPrefix(path, "//") {
		// Opaque would read the second slash as the beginning of a host.
		r.URL = &url.URL{Scheme: "http", Host: u.Host, Path: path}
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer
}
