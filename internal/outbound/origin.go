package outbound

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// ErrAddress is the sentence behind each configured address that is refused.
var ErrAddress = errors.New("not an address that may be called")

// origin is what of an address decides whether it may be called.
type origin struct {
	scheme, host, port string
}

// String writes the origin as an address without a path.
func (o origin) String() string {
	return o.scheme + "://" + net.JoinHostPort(o.host, o.port)
}

// dialed is the form in which the transport asks for a connection.
func (o origin) dialed() string { return net.JoinHostPort(o.host, o.port) }

// loopback reports whether the host is written as a loopback address. A name
// such as localhost is not: what it resolves to is for others to decide.
func (o origin) loopback() bool {
	ip, err := netip.ParseAddr(o.host)
	return err == nil && ip.Unmap().IsLoopback()
}

func originOf(u *url.URL) origin {
	o := origin{scheme: strings.ToLower(u.Scheme), host: strings.ToLower(u.Hostname()), port: u.Port()}
	if o.port == "" {
		o.port = map[string]string{"http": "80", "https": "443"}[o.scheme]
	}
	return o
}

func parseOrigins(addresses []string) (map[origin]bool, error) {
	origins := map[origin]bool{}
	var problems []error
	for _, address := range addresses {
		o, err := parseOrigin(address)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		origins[o] = true
	}
	return origins, errors.Join(problems...)
}

func parseOrigin(address string) (origin, error) {
	u, err := url.Parse(address)
	if err != nil {
		return origin{}, fmt.Errorf("reading address %q: %w: it cannot be read", address, ErrAddress)
	}
	o := originOf(u)
	switch {
	case u.User != nil:
		return origin{}, fmt.Errorf("reading address of %q: %w: it carries a user name", o.host, ErrAddress)
	case o.scheme != "http" && o.scheme != "https":
		return origin{}, fmt.Errorf("reading address %q: %w: it must begin with https://", address, ErrAddress)
	case o.host == "":
		return origin{}, fmt.Errorf("reading address %q: %w: it has no host", address, ErrAddress)
	case o.scheme == "http" && !o.loopback():
		return origin{}, fmt.Errorf("reading address %q: %w: plain http is for 127.0.0.1 and [::1] only", address, ErrAddress)
	}
	return o, nil
}

// proxy is the configured HTTP proxy; its zero value means none.
type proxy struct {
	url  *url.URL
	host string
}

func parseProxy(address string) (proxy, error) {
	if address == "" {
		return proxy{}, nil
	}
	// The address may carry a password, so the error does not repeat it.
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return proxy{}, fmt.Errorf("reading the address of the proxy: %w: it must look like http://host:port", ErrAddress)
	}
	return proxy{url: u, host: originOf(u).dialed()}, nil
}

// choose gives the transport its proxy function: nil without a proxy, which
// to the transport means none at all.
func (p proxy) choose() func(*http.Request) (*url.URL, error) {
	if p.url == nil {
		return nil
	}
	return func(r *http.Request) (*url.URL, error) {
		if originOf(r.URL).loopback() {
			return nil, nil
		}
		return p.url, nil
	}
}
