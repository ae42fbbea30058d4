// Package outbound makes the calls of the portal to the world outside:
// Maskinporten, Altinn, Samarbeidsportalen. It promises that nothing but the
// configured addresses is ever called, that no answer can take longer, be
// larger or send the caller elsewhere, that a public name cannot lead into the
// operator's own network, and that each failure has a Kind, fine enough to
// tell a proxy from a firewall from a name that is not found. What it keeps of
// an answer (Quote) holds no token and nothing of the request. It also keeps
// lists for a while (Kept), so that nobody is asked more often than needed.
// What the answers mean is not its business, and it knows none of the packages
// that call through it.
package outbound

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"time"
)

const (
	connectLimit = 2 * time.Second
	callLimit    = 10 * time.Second
	headerLimit  = 32 << 10
	// Enough for the few calls of some simultaneous proofs; more would only
	// queue up at the other end.
	connectionLimit = 8
)

// Limits says whom a client may call and for how long. One client serves one
// environment, so that the loopback address of the sandbox opens nothing for
// the real ones.
type Limits struct {
	// Addresses are the configured base addresses. Only their scheme, host
	// and port count, and a call must match one of them exactly. Plain http
	// is accepted for a loopback literal (127.0.0.1, [::1]) only.
	Addresses []string

	// Proxy is the address of an HTTP proxy, empty for none. The environment
	// variables HTTP_PROXY and HTTPS_PROXY are not looked at. Loopback
	// addresses are never called through it.
	Proxy string

	// Private allows addresses that lie in a private network. Without it a
	// configured name that resolves there is refused.
	Private bool

	// Roots are the certificate authorities to trust, nil for the system's.
	Roots *x509.CertPool

	// Connect and Call limit the time for connecting and for the whole call,
	// the reading of the answer included. Zero means 2 and 10 seconds.
	Connect, Call time.Duration
}

// Client makes the client. It is safe for concurrent use and follows no
// redirect: a redirect is returned as the answer that it is.
func Client(l Limits) (*http.Client, error) {
	origins, err := parseOrigins(l.Addresses)
	if err != nil {
		return nil, err
	}
	proxy, err := parseProxy(l.Proxy)
	if err != nil {
		return nil, err
	}
	if l.Connect == 0 {
		l.Connect = connectLimit
	}
	if l.Call == 0 {
		l.Call = callLimit
	}

	d := newDialer(l, origins, proxy)
	transport := &http.Transport{
		Proxy:                  proxy.choose(),
		DialContext:            d.dial,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: l.Roots},
		TLSHandshakeTimeout:    l.Call / 2,
		MaxResponseHeaderBytes: headerLimit,
		MaxConnsPerHost:        connectionLimit,
		MaxIdleConnsPerHost:    connectionLimit,
		IdleConnTimeout:        time.Minute,
		ForceAttemptHTTP2:      true,
		GetProxyConnectHeader:  askingProxy,
		OnProxyConnectResponse: askedProxy,
	}
	return &http.Client{
		Transport:     gate{origins: origins, next: transport},
		Timeout:       l.Call,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, nil
}

// Forbidden is the error of a call that was stopped before anything was sent.
type Forbidden struct {
	// Why says in a few words what the call was stopped for.
	Why string
}

// Error describes the call that was stopped.
func (f *Forbidden) Error() string { return "forbidden call: " + f.Why }

// Forbidden reports true. Errors of this behaviour are recognised whoever made
// them, as with the Timeout method of package net.
func (f *Forbidden) Forbidden() bool { return true }

// gate lets pass what goes to one of the origins. It stands in front of the
// transport since an address in a request may come from an outside answer.
type gate struct {
	origins map[origin]bool
	next    http.RoundTripper
}

// RoundTrip stops a request to an address that is not configured.
func (g gate) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.User != nil {
		return nil, &Forbidden{Why: "the address carries a user name"}
	}
	o := originOf(r.URL)
	if !g.origins[o] {
		return nil, &Forbidden{Why: o.String() + " is not a configured address"}
	}
	// The transport would send this one instead of the address's own host.
	if r.Host != "" && r.Host != r.URL.Host {
		return nil, &Forbidden{Why: "the Host header differs from the address"}
	}
	return g.next.RoundTrip(r)
}

// CloseIdleConnections is what http.Client.CloseIdleConnections looks for.
func (g gate) CloseIdleConnections() {
	if t, ok := g.next.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}
