package outbound

import (
	"context"
	"net"
	"net/netip"
	"syscall"
)

// dialer makes the connections. Names are judged by what they resolve to at
// the moment of connecting, since a check made earlier can be outlived by the
// name's next answer.
type dialer struct {
	open, guarded net.Dialer
	// plain are the host:port pairs that need no guarding: the configured
	// loopback literals and the proxy.
	plain map[string]bool
}

func newDialer(l Limits, origins map[origin]bool, p proxy) *dialer {
	d := &dialer{
		open:    net.Dialer{Timeout: l.Connect},
		guarded: net.Dialer{Timeout: l.Connect, Control: control(l.Private)},
		plain:   map[string]bool{},
	}
	for o := range origins {
		if o.loopback() {
			d.plain[o.dialed()] = true
		}
	}
	if p.url != nil {
		d.plain[p.host] = true
	}
	return d
}

func (d *dialer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if d.plain[address] {
		return d.open.DialContext(ctx, network, address)
	}
	return d.guarded.DialContext(ctx, network, address)
}

// control is called with the resolved address just before each connection.
func control(private bool) func(network, address string, c syscall.RawConn) error {
	return func(_, address string, _ syscall.RawConn) error {
		ap, err := netip.ParseAddrPort(address)
		if err != nil {
			return &Forbidden{Why: "the resolved address cannot be read"}
		}
		ip := embedded(ap.Addr().WithZone(""))
		if public(ip) || private && ip.IsPrivate() {
			return nil
		}
		return &Forbidden{Why: "the name resolves to " + ip.String() + ", which is not a public address"}
	}
}

// nat64 is how a network without IPv4 of its own reaches IPv4 addresses
// (RFC 6052), so it is judged by the address inside.
var nat64 = netip.MustParsePrefix("64:ff9b::/96")

func embedded(ip netip.Addr) netip.Addr {
	if nat64.Contains(ip) {
		b := ip.As16()
		return netip.AddrFrom4([4]byte(b[12:]))
	}
	return ip.Unmap()
}

// special are the ranges that net/netip counts as global but that lead to
// oneself, to neighbours or, wrapped, to any IPv4 address at all (IANA's
// special-purpose registries).
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("fec0::/10"),
}

func public(ip netip.Addr) bool {
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	for _, p := range special {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}
