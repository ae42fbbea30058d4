package proof

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// The causes that look alike in the network.
var (
	nameServer      = Possible{ID: "name-server"}
	addressMistyped = Possible{ID: "address-mistyped", evidence: []evidence{
		{"address-changed", func(f *flow) bool { return f.subject.Environment.Changed }},
	}}.unless(func(f *flow) bool { return !f.subject.Environment.Changed })
	proxyNeeded = Possible{ID: "proxy-needed", evidence: []evidence{
		// A call that got out without one speaks against it.
		{"no-proxy", func(f *flow) bool { return !f.subject.Environment.Proxied && f.metadata.Issuer == "" }},
	}}.unless(func(f *flow) bool {
		return f.subject.Environment.Proxied || f.loopback() || f.answeredBefore()
	})
	firewallDrops   = Possible{ID: "firewall-drops"}
	firewallRejects = Possible{ID: "firewall-rejects"}
	proxyForbids    = Possible{ID: "proxy-forbids"}
	proxyDown       = Possible{ID: "proxy-down"}
	proxyAnswers    = Possible{ID: "proxy-answers", evidence: []evidence{
		{"proxied", func(f *flow) bool { return f.subject.Environment.Proxied }},
	}}.unless((*flow).loopback)
	otherEndDown = Possible{ID: "other-end-down", evidence: []evidence{
		{"answered-before", (*flow).answeredBefore},
	}}
)

// addressOf is the address that a stage with a call asks.
func (f *flow) addressOf(s Stage) string {
	e := f.subject.Environment
	switch {
	case s == StageMetadata || s == StageToken:
		return e.Maskinporten.Issuer
	case e.Altinn != nil:
		return e.Altinn.Platform
	}
	return ""
}

// answeredBefore reports whether an earlier call of this run, to the same origin
// as the one at which it stopped, was answered.
func (f *flow) answeredBefore() bool {
	red, _ := f.run.Failed()
	for _, r := range f.run.Results {
		if r.Stage == red.Stage {
			return false
		}
		if slices.Contains(Calls, r.Stage) && r.Outcome == Passed &&
			origin(f.addressOf(r.Stage)) == origin(f.addressOf(red.Stage)) {
			return true
		}
	}
	return false
}

// loopback reports whether the call at which the run stopped stays on this
// machine, as those to the sandbox do: it never goes through a proxy.
func (f *flow) loopback() bool {
	red, _ := f.run.Failed()
	u, err := url.Parse(f.addressOf(red.Stage))
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return err == nil && ip.Unmap().IsLoopback()
}

// origin is scheme, host and port of an address.
func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[strings.ToLower(u.Scheme)]
	}
	return strings.ToLower(u.Scheme) + "://" + net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}
