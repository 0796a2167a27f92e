// Which addresses are on the public internet, and which hide another one.

package network

import (
	"net/netip"
)

// NotPublicError is that a link leads to an address that is not on the public
// internet.
type NotPublicError struct{}

// Error says so.
func (NotPublicError) Error() string { return "not an address on the public internet" }

func prefixes(texts ...string) []netip.Prefix {
	all := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		all[i] = netip.MustParsePrefix(text)
	}
	return all
}

// reserved are the ranges that netip doesn't already tell apart (IANA's
// special-purpose address registries).
var reserved = prefixes(
	"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
	"::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
)

// metadata are the addresses at which clouds tell a machine its secrets.
var metadata = prefixes(
	"169.254.0.0/16", "100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32", "fd00:ec2::/32", "fd20:ce::254/128",
)

// standIns are the ranges out of which VPNs, proxies and carriers give names
// addresses of their own. A range counts as one where public names are
// answered out of it.
var standIns = prefixes(
	"198.18.0.0/15",                                     // Clash, Surge, sing-box, Xray
	"100.64.0.0/10",                                     // Zscaler, carriers
	"240.0.0.0/4",                                       // transparent proxies of routers
	"192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", // documentation, used as stand-ins
	"192.0.0.0/24", // DS-Lite and 464XLAT
)

// standInV6 is how much of fc00::/7 one resolver gives out: sing-box and Xray
// use fc00::/18, Clash fdfe:dcba:9876::/64.
const standInV6 = 18

// privateV4 are the ranges of inner networks.
var privateV4 = prefixes("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")

func within(address netip.Addr, ranges []netip.Prefix) (netip.Prefix, bool) {
	for _, r := range ranges {
		if r.Contains(address) {
			return r, true
		}
	}
	return netip.Prefix{}, false
}

// isPublic reports whether an address that hides no other is on the internet.
func isPublic(address netip.Addr) bool {
	if !address.IsGlobalUnicast() || address.IsPrivate() {
		return false
	}
	_, special := within(address, reserved)
	return !special && !isMetadata(address)
}

func isMetadata(address netip.Addr) bool {
	_, yes := within(address, metadata)
	return yes
}

var (
	wellKnownNAT64 = netip.MustParsePrefix("64:ff9b::/96")    // RFC 6052
	sixToFour      = netip.MustParsePrefix("2002::/16")       // RFC 3056
	teredo         = netip.MustParsePrefix("2001::/32")       // RFC 4380
	translatedV4   = netip.MustParsePrefix("::ffff:0:0:0/96") // RFC 7915
)

// embedded are the IPv4 addresses that an IPv6 address stands for; nil for one
// that stands for itself. nat64 are the prefixes of this network's own
// translators.
func embedded(address netip.Addr, nat64 []netip.Prefix) []netip.Addr {
	if !address.Is6() {
		return nil
	}
	bytes := address.As16()
	switch {
	case wellKnownNAT64.Contains(address), translatedV4.Contains(address):
		return []netip.Addr{netip.AddrFrom4([4]byte(bytes[12:]))}
	case sixToFour.Contains(address):
		return []netip.Addr{netip.AddrFrom4([4]byte(bytes[2:6]))}
	case teredo.Contains(address):
		client := [4]byte{^bytes[12], ^bytes[13], ^bytes[14], ^bytes[15]}
		return []netip.Addr{netip.AddrFrom4([4]byte(bytes[4:8])), netip.AddrFrom4(client)}
	}
	for _, prefix := range nat64 {
		if prefix.Contains(address) {
			return []netip.Addr{afterPrefix(bytes, prefix.Bits())}
		}
	}
	return nil
}

// prefixLengths are those that a NAT64 prefix may have (RFC 6052, 2.2).
var prefixLengths = []int{96, 64, 56, 48, 40, 32}

// afterPrefix is the IPv4 address behind a NAT64 prefix; bits 64 to 71 are
// left out (RFC 6052, 2.2).
func afterPrefix(address [16]byte, bits int) netip.Addr {
	var inner [4]byte
	from := bits / 8
	for i := range inner {
		if from == 8 {
			from++
		}
		inner[i] = address[from]
		from++
	}
	return netip.AddrFrom4(inner)
}
