// Which addresses a bare link may lead to on this network.

package network

import (
	"context"
	"net/netip"
	"net/url"
	"slices"
	"sync"
)

// judge reports why a link may not lead to an address.
//
// Allowed is:
//
//   - An address of the public internet.
//   - One that stands for such an IPv4 address: NAT64 of the well-known prefix
//     or of this network's own (found as in RFC 7050), 6to4, Teredo, IPv4-mapped.
//     It is judged by the address it stands for, and by nothing else, so that a
//     translator is no way inside.
//   - One out of a range from which this network's resolver, a VPN's or a
//     proxy's, answers names that are known to be public, the paid service's own
//     above all: 198.18.0.0/15, 100.64.0.0/10 and the like, and the neighbourhood
//     in fc00::/7. There every name has such an address, and what it leads to is
//     chosen by the VPN by name, as a proxy would. Without that evidence, as with
//     Tailscale's own names or a carrier's NAT, the range is refused.
//   - In 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16: the very address that a
//     known public name has here, as with a transparent proxy or a service's
//     private endpoint. The request reaches the machine that the service's own
//     requests reach. The whole range only where all known public names, and at
//     least two, are answered out of it with addresses of their own.
//
// Never allowed are this computer itself, link-local addresses, multicast and
// the metadata addresses of clouds, whatever names resolve to. Links are https
// only, so that even an address allowed in error answers nothing without a
// certificate for the link's name.
func (n *Network) judge(ctx context.Context, address netip.Addr) error {
	address = address.Unmap().WithZone("")
	var nat64 []netip.Prefix
	if address.Is6() && !address.IsLoopback() && !address.IsLinkLocalUnicast() {
		nat64 = n.nat64(ctx)
	}
	if inner := embedded(address, nat64); inner != nil {
		if slices.ContainsFunc(inner, func(a netip.Addr) bool { return !isPublic(a) }) {
			return NotPublicError{}
		}
		return nil
	}
	if isPublic(address) {
		return nil
	}
	if _, mapped := n.standIn(ctx, address); mapped {
		return nil
	}
	return NotPublicError{}
}

// KnowPublic says that these hosts are names of the internet: what they
// resolve to here is evidence of what this network does to public names.
// Addresses and local names are no evidence.
func (n *Network) KnowPublic(hosts ...string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, host := range hosts {
		canonical, ok := spell(host)
		if _, literal := literalAddress(canonical); ok && !literal && !isLocalName(canonical) {
			n.public[canonical] = true
		}
	}
}

// standIn reports whether an address that is not public stands for a public
// one on this network, and out of which range.
func (n *Network) standIn(ctx context.Context, address netip.Addr) (netip.Prefix, bool) {
	if isMetadata(address) || isThisComputer(address) || address.IsMulticast() || address == netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
		return netip.Prefix{}, false
	}
	if r, special := within(address, standIns); special {
		return r, n.anyPublic(ctx, r.Contains)
	}
	if address.Is6() && address.IsPrivate() {
		r, _ := address.Prefix(standInV6)
		return r, n.anyPublic(ctx, r.Contains)
	}
	r, private := within(address, privateV4)
	if !private {
		return netip.Prefix{}, false
	}
	if n.anyPublic(ctx, func(a netip.Addr) bool { return a == address }) {
		return netip.PrefixFrom(address, address.BitLen()), true
	}
	return r, n.allPublic(ctx, r)
}

func (n *Network) anyPublic(ctx context.Context, is func(netip.Addr) bool) bool {
	for _, found := range n.publicAddresses(ctx) {
		if slices.ContainsFunc(found, is) {
			return true
		}
	}
	return false
}

// allPublic reports whether every known public name, and at least two, is
// answered out of a range, each with an address of its own.
func (n *Network) allPublic(ctx context.Context, r netip.Prefix) bool {
	own := map[netip.Addr]bool{}
	all := n.publicAddresses(ctx)
	for _, found := range all {
		if len(found) == 0 || slices.ContainsFunc(found, func(a netip.Addr) bool { return a.Is4() && !r.Contains(a) || own[a] }) {
			return false
		}
		for _, a := range found {
			own[a] = true
		}
	}
	return len(all) > 1
}

// publicAddresses are what the known public names resolve to now, a list each.
func (n *Network) publicAddresses(ctx context.Context) [][]netip.Addr {
	n.mu.Lock()
	var hosts []string
	for host := range n.public {
		hosts = append(hosts, host)
	}
	n.mu.Unlock()
	all := make([][]netip.Addr, len(hosts))
	var asking sync.WaitGroup
	for i, host := range hosts {
		asking.Go(func() { all[i] = n.addresses(ctx, "ip", host) })
	}
	asking.Wait()
	return all
}

// nat64 are the prefixes of this network's translators to IPv4: those in which
// a name that has IPv4 addresses only is answered (RFC 7050).
func (n *Network) nat64(ctx context.Context) []netip.Prefix {
	var found []netip.Prefix
	only4 := []netip.Addr{netip.AddrFrom4([4]byte{192, 0, 0, 170}), netip.AddrFrom4([4]byte{192, 0, 0, 171})}
	for _, address := range n.addresses(ctx, "ip6", "ipv4only.arpa") {
		if !address.Is6() {
			continue
		}
		for _, bits := range prefixLengths {
			if slices.Contains(only4, afterPrefix(address.As16(), bits)) {
				prefix, _ := address.Prefix(bits)
				found = append(found, prefix)
				break
			}
		}
	}
	return found
}

// Way is how a URL is reached on this network.
type Way struct {
	Proxy string // the proxy's host and port; "" for none
	// StandIn is the range out of which this network answers the name, instead
	// of its own address; the zero Prefix where it doesn't.
	StandIn netip.Prefix
}

// WayTo tells how a URL is reached, or why a link may not lead there, as far
// as that is known without asking it.
func (n *Network) WayTo(ctx context.Context, target *url.URL) (Way, error) {
	via, err := n.proxy(ctx, target)
	if err != nil {
		return Way{}, err
	}
	host, ok := spell(target.Hostname())
	if !ok || IsThisComputer(host) {
		return Way{}, NotPublicError{}
	}
	if via != nil {
		return Way{Proxy: via.Host}, n.judgeUnresolved(ctx, host)
	}
	found := n.addresses(ctx, "ip", host)
	if address, literal := literalAddress(host); literal {
		found = []netip.Addr{address}
	}
	for _, address := range found {
		if err = n.judge(ctx, address); err != nil {
			continue
		}
		way := Way{}
		if !isPublic(address) && embedded(address, n.nat64(ctx)) == nil {
			way.StandIn, _ = n.standIn(ctx, address)
		}
		return way, nil
	}
	return Way{}, err
}
