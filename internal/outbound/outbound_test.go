package outbound_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"portvakt/internal/outbound"
)

func client(t *testing.T, l outbound.Limits) *http.Client {
	t.Helper()
	c, err := outbound.Client(l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func forbidden(err error) bool {
	var f interface{ Forbidden() bool }
	return errors.As(err, &f) && f.Forbidden()
}

func TestConfiguredAddressIsCalled(t *testing.T) {
	t.Parallel()
	address := serve(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.URL.Path) })
	answer, err := client(t, outbound.Limits{Addresses: []string{address + "/base/"}}).Get(address + "/elsewhere")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	if got, want := string(body), "/elsewhere"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestOtherAddressesAreForbidden(t *testing.T) {
	t.Parallel()
	c := client(t, outbound.Limits{Addresses: []string{"https://maskinporten.no/", "http://127.0.0.1:8081"}})
	for _, address := range []string{
		"https://maskinporten.no.evil.example/token",
		"https://maskinporten.no@evil.example/token",
		"https://user@maskinporten.no/token",
		"https://:secret@maskinporten.no/token",
		"http://maskinporten.no/token",
		"https://maskinporten.no:8443/token",
		"https://test.maskinporten.no/token",
		"https://maskinporten.no./token",
		"https://[::1]/token",
		"https://127.0.0.1:8081/token",
		"http://127.0.0.1:8082/token",
		"http://127.0.0.1/token",
		"http://localhost:8081/token",
		"http://169.254.169.254/latest/meta-data",
		"file:///etc/passwd",
		"ftp://maskinporten.no/",
	} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			answer, err := c.Get(address)
			if err == nil {
				answer.Body.Close()
			}
			if !forbidden(err) {
				t.Errorf("got %v, want a forbidden call", err)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the error repeats the password: %v", err)
			}
		})
	}
}

func TestHostHeaderOfAnotherIsForbidden(t *testing.T) {
	t.Parallel()
	address := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the call was made") })
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "maskinporten.no"
	if _, err := client(t, outbound.Limits{Addresses: []string{address}}).Do(r); !forbidden(err) {
		t.Errorf("got %v, want a forbidden call", err)
	}
}

func TestAddressesOfTheConfiguration(t *testing.T) {
	t.Parallel()
	for address, ok := range map[string]bool{
		"https://maskinporten.no/":         true,
		"https://MASKINPORTEN.no:443":      true,
		"http://127.0.0.1:8081":            true,
		"http://[::1]:8081/altinn":         true,
		"https://127.0.0.1:8443":           true,
		"http://maskinporten.no/":          false,
		"http://localhost:8081":            false,
		"http://127.0.0.1.evil.example/":   false,
		"https://user:secret@maskinporten": false,
		"maskinporten.no":                  false,
		"https://":                         false,
		"":                                 false,
		"ftp://maskinporten.no":            false,
		"https://masking\x00porten.no":     false,
	} {
		_, err := outbound.Client(outbound.Limits{Addresses: []string{address}})
		if got := err == nil; got != ok {
			t.Errorf("%q: got error %v, want accepted %v", address, err, ok)
		}
		if err != nil && (!errors.Is(err, outbound.ErrAddress) || strings.Contains(err.Error(), "secret")) {
			t.Errorf("%q: got error %v", address, err)
		}
	}
	for _, proxy := range []string{"proxy:3128", "socks5://proxy", "http://", "http://u:secret@\x7f"} {
		_, err := outbound.Client(outbound.Limits{Proxy: proxy})
		if !errors.Is(err, outbound.ErrAddress) || strings.Contains(err.Error(), "secret") {
			t.Errorf("proxy %q: got error %v", proxy, err)
		}
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		http.Redirect(w, r, "/other", http.StatusFound)
	})
	answer, err := client(t, outbound.Limits{Addresses: []string{address}}).Get(address)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if got, want := answer.StatusCode, http.StatusFound; got != want {
		t.Errorf("got status %d, want %d", got, want)
	}
	if got, want := calls.Load(), int32(1); got != want {
		t.Errorf("got %d calls, want %d", got, want)
	}
}

// localhost stands for a public name whose owner, or whose resolver, points it
// at the machine itself.
func TestNameThatResolvesToLoopbackIsForbidden(t *testing.T) {
	t.Parallel()
	for _, private := range []bool{false, true} {
		s := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the call was made") }))
		t.Cleanup(s.Close)
		_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
		address := "https://localhost:" + port
		_, err := client(t, outbound.Limits{Addresses: []string{address}, Private: private}).Get(address)
		if !forbidden(err) {
			t.Errorf("private %v: got %v, want a forbidden call", private, err)
		}
	}
}

func TestLimitsOfTime(t *testing.T) {
	t.Parallel()
	hang := serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	drip := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			io.WriteString(w, " ")
			w.(http.Flusher).Flush()
		}
	})
	for name, address := range map[string]string{"hangs": hang, "drips": drip} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := client(t, outbound.Limits{Addresses: []string{address}, Call: 50 * time.Millisecond})
			answer, err := c.Get(address)
			if err == nil {
				_, err = io.Copy(io.Discard, answer.Body)
				answer.Body.Close()
			}
			var timeout net.Error
			if !errors.As(err, &timeout) || !timeout.Timeout() {
				t.Errorf("got %v, want a timeout", err)
			}
		})
	}
}

func TestLargeHeaderIsRefused(t *testing.T) {
	t.Parallel()
	address := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Large", strings.Repeat("x", 200<<10))
	})
	answer, err := client(t, outbound.Limits{Addresses: []string{address}}).Get(address)
	if err == nil {
		answer.Body.Close()
		t.Error("an answer with a header of 200 KiB was accepted")
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	start := func(max uint16) *httptest.Server {
		s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		s.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: max}
		s.Config.ErrorLog = log.New(io.Discard, "", 0)
		s.StartTLS()
		t.Cleanup(s.Close)
		return s
	}
	for _, test := range []struct {
		name    string
		max     uint16
		trusted bool
		ok      bool
	}{
		{"TLS 1.1 is refused", tls.VersionTLS11, true, false},
		{"TLS 1.2 is accepted", tls.VersionTLS12, true, true},
		{"TLS 1.3 is accepted", tls.VersionTLS13, true, true},
		{"unknown certificate is refused", tls.VersionTLS13, false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := start(test.max)
			roots := x509.NewCertPool()
			if test.trusted {
				roots.AddCert(s.Certificate())
			}
			answer, err := client(t, outbound.Limits{Addresses: []string{s.URL}, Roots: roots}).Get(s.URL)
			if err == nil {
				answer.Body.Close()
			}
			if got := err == nil; got != test.ok {
				t.Errorf("got %v, want accepted %v", err, test.ok)
			}
		})
	}
}

// Not parallel: it sets environment variables.
func TestProxyOnlyWhenConfigured(t *testing.T) {
	asked := make(chan string, 10)
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked <- r.Method + " " + r.Host
		w.WriteHeader(http.StatusForbidden)
	})
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"} {
		t.Setenv(name, proxy)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	get := func(c *http.Client, address string) error {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := c.Do(r)
		if err == nil {
			answer.Body.Close()
		}
		return err
	}

	const outside = "https://portvakt.invalid/token"
	// A forbidden call would mean that it was on its way to a proxy on loopback.
	if err := get(client(t, outbound.Limits{Addresses: []string{outside}}), outside); err == nil || forbidden(err) {
		t.Errorf("a host that does not exist: got error %v, want it not found", err)
	}
	if got := len(asked); got != 0 {
		t.Fatalf("got %d calls of a proxy that is not configured: %s", got, <-asked)
	}

	if err := get(client(t, outbound.Limits{Addresses: []string{outside}, Proxy: proxy}), outside); err == nil {
		t.Error("the proxy's refusal was taken for an answer")
	}
	if got, want := <-asked, "CONNECT portvakt.invalid:443"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}

	local := serve(t, func(http.ResponseWriter, *http.Request) {})
	if err := get(client(t, outbound.Limits{Addresses: []string{local}, Proxy: proxy}), local); err != nil {
		t.Errorf("calling loopback beside a proxy: %v", err)
	}
	if u, _ := url.Parse(local); len(asked) != 0 {
		t.Errorf("loopback %s was called through the proxy", u.Host)
	}
}
