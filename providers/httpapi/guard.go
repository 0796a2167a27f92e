// Which addresses a bare link may lead to.

package httpapi

import (
	"context"
	"net"
	"net/netip"
	"syscall"
	"time"
)

// notPublic is the error of a connection to an address that is not on the
// public internet.
type notPublic struct{}

// Error says so.
func (notPublic) Error() string { return "not an address on the public internet" }

// dialer connects to public addresses only. The address is checked after its
// name was resolved, so that a name can't be pointed inside.
type dialer struct{ allowLoopback bool }

func (d dialer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	allowed := isPublic
	if d.allowLoopback && isLoopback(host) {
		allowed = func(a netip.Addr) bool { return a.Unmap().IsLoopback() }
	}
	plain := net.Dialer{Timeout: 15 * time.Second, Control: func(_, resolved string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(resolved)
		if err != nil || !allowed(at.Addr()) {
			return notPublic{}
		}
		return nil
	}}
	return plain.DialContext(ctx, network, address)
}

// reserved are the ranges that netip doesn't already tell apart (IANA's
// special-purpose address registries), and the metadata addresses of clouds
// that look public.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"), // carrier-grade NAT
	netip.MustParsePrefix("168.63.129.16/32"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("::/96"),
	netip.MustParsePrefix("64:ff9b::/96"), // NAT64, hides an IPv4 address
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("2001::/23"), // Teredo and others
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"), // 6to4, hides an IPv4 address
	netip.MustParsePrefix("3fff::/20"),
	netip.MustParsePrefix("5f00::/16"),
	netip.MustParsePrefix("fec0::/10"),
}

func isPublic(addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	if !addr.IsGlobalUnicast() || addr.IsPrivate() {
		return false
	}
	for _, prefix := range reserved {
		if prefix.Contains(addr) {
			return false
		}
	}
	return true
}
