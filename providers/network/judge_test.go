package network_test

import (
	"context"
	"errors"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/maquette-studio/maquette/providers/network"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// place is a network that a test makes up: its names, its environment, and
// what was connected to in it. Whatever is connected to is the same server.
type place struct {
	names   map[string]string // addresses with commas between
	env     map[string]string
	server  string   // "host:port"
	proxies []string // likewise; these are really connected to

	mu    sync.Mutex
	asked map[string]bool
}

func (p *place) network() *network.Network {
	p.asked = map[string]bool{}
	return network.New(func(name string) string { return p.env[name] }, p.lookup, p.connect)
}

func (p *place) lookup(_ context.Context, kind, host string) ([]netip.Addr, error) {
	p.mu.Lock()
	p.asked[host] = true
	p.mu.Unlock()
	var found []netip.Addr
	for text := range strings.SplitSeq(p.names[host], ",") {
		if a, err := netip.ParseAddr(text); err == nil && (kind == "ip" || a.Is6() == (kind == "ip6")) {
			found = append(found, a)
		}
	}
	if found == nil {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return found, nil
}

func (p *place) connect(ctx context.Context, kind, address string, judge network.Judge) (net.Conn, error) {
	if slices.Contains(p.proxies, address) {
		return (&net.Dialer{}).DialContext(ctx, kind, address)
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	at, err := netip.ParseAddr(host)
	found := []netip.Addr{at}
	if err != nil && host == "localhost" {
		found = []netip.Addr{netip.MustParseAddr("127.0.0.1")}
	} else if err != nil {
		if found, err = p.lookup(ctx, "ip", host); err != nil {
			return nil, err
		}
	}
	if judge != nil {
		if err := judge(ctx, found[0]); err != nil {
			return nil, err
		}
	}
	return (&net.Dialer{}).DialContext(ctx, kind, p.server)
}

// ask makes a request over the network, through a transport of this reach.
// Certificates are those of httptest.
func ask(t *testing.T, n *network.Network, reach network.Reach, link string) (*http.Response, error) {
	t.Helper()
	transport := n.NewTransport(network.Options{Reach: reach})
	transport.Trust(roots)
	client := http.Client{Transport: transport, Timeout: 20 * time.Second}
	response, err := client.Get(link)
	t.Cleanup(transport.CloseIdleConnections)
	if err == nil {
		t.Cleanup(func() { _ = response.Body.Close() })
	}
	return response, err
}

// serveTLS is a server whose certificate is for example.com and everything that
// a test asks for.
func serveTLS(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.TLS = forAnyName()
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes are what is tested
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// What real networks answer, and where a link may lead then.
func TestWhereLinksMayLead(t *testing.T) {
	fake := map[string]string{"api.example.com": "198.18.0.4", "cdn.example.net": "198.18.0.9"}
	for _, row := range []struct {
		name    string
		names   map[string]string
		link    string
		allowed bool
	}{
		{"the internet", map[string]string{"api.example.com": "93.184.216.34", "cdn.example.net": "93.184.216.35"}, "cdn.example.net", true},
		{"the internet, IPv6", map[string]string{"api.example.com": "2606:4700::1", "cdn.example.net": "2606:4700::2"}, "cdn.example.net", true},
		{"a VPN that gives out 198.18.0.0/15", fake, "cdn.example.net", true},
		{"the same range without a VPN", map[string]string{"api.example.com": "93.184.216.34", "cdn.example.net": "198.18.0.9"}, "cdn.example.net", false},
		{"one that gives out 100.64.0.0/10", map[string]string{"api.example.com": "100.64.3.4", "cdn.example.net": "100.127.0.1"}, "cdn.example.net", true},
		{"Tailscale's own names beside the internet", map[string]string{"api.example.com": "93.184.216.34", "cdn.example.net": "100.101.102.103"}, "cdn.example.net", false},
		{"one that gives out 240.0.0.0/4", map[string]string{"api.example.com": "240.0.0.4", "cdn.example.net": "241.0.0.9"}, "cdn.example.net", true},
		{"one that gives out fc00::/18", map[string]string{"api.example.com": "198.18.0.4,fc00::4", "cdn.example.net": "fc00::9"}, "cdn.example.net", true},
		{"an inner network beside fc00::/18", map[string]string{"api.example.com": "fc00::4", "cdn.example.net": "fd12:3456::1"}, "cdn.example.net", false},
		{"another range than the names have", map[string]string{"api.example.com": "198.18.0.4", "cdn.example.net": "100.64.0.1"}, "cdn.example.net", false},
		{"metadata where everything is 100.64.0.0/10", map[string]string{"api.example.com": "100.64.0.4", "cdn.example.net": "100.100.100.200"}, "cdn.example.net", false},
		{"metadata where that is what names have", map[string]string{"api.example.com": "169.254.169.254", "cdn.example.net": "169.254.169.254"}, "cdn.example.net", false},
		{"this computer, as the service's own name", map[string]string{"api.example.com": "127.0.0.1", "cdn.example.net": "127.0.0.1"}, "cdn.example.net", false},
		{"a transparent proxy", map[string]string{"api.example.com": "10.1.2.3", "cdn.example.net": "10.1.2.3"}, "cdn.example.net", true},
		{"an inner machine beside a transparent proxy", map[string]string{"api.example.com": "10.1.2.3", "cdn.example.net": "10.1.2.4"}, "cdn.example.net", false},
		{"an inner machine", map[string]string{"api.example.com": "93.184.216.34", "cdn.example.net": "192.168.1.1"}, "cdn.example.net", false},
		{
			"stand-ins out of 10.0.0.0/8",
			map[string]string{"api.example.com": "10.1.0.2", "other.example.org": "10.1.0.3", "cdn.example.net": "10.1.0.9"},
			"cdn.example.net", true,
		},
		{"NAT64 of a public address", map[string]string{"api.example.com": "64:ff9b::808:808", "cdn.example.net": "64:ff9b::5db8:d822"}, "cdn.example.net", true},
		{"NAT64 of an inner address", map[string]string{"api.example.com": "64:ff9b::808:808", "cdn.example.net": "64:ff9b::a00:1"}, "cdn.example.net", false},
		{"NAT64 of this computer", map[string]string{"api.example.com": "64:ff9b::808:808", "cdn.example.net": "64:ff9b::7f00:1"}, "cdn.example.net", false},
		{
			"NAT64 of the network's own, to the internet",
			map[string]string{"ipv4only.arpa": "fd00:64::c000:aa", "api.example.com": "fd00:64::808:808", "cdn.example.net": "fd00:64::5db8:d822"},
			"cdn.example.net", true,
		},
		{
			"NAT64 of the network's own, inside, in a public prefix",
			map[string]string{"ipv4only.arpa": "2a01:4f8:0:64::c000:ab", "cdn.example.net": "2a01:4f8:0:64::a00:1"},
			"cdn.example.net", false,
		},
		{
			"NAT64 with a short prefix",
			map[string]string{"ipv4only.arpa": "2a01:4f8:c0:a:0:0:0:0,2a01:4f8:c000:aa::", "cdn.example.net": "2a01:4f8:a00:1::"},
			"cdn.example.net", false,
		},
		{"6to4 of an inner address", map[string]string{"cdn.example.net": "2002:a00:1::1"}, "cdn.example.net", false},
		{"6to4 of a public address", map[string]string{"cdn.example.net": "2002:808:808::1"}, "cdn.example.net", true},
		{"Teredo to an inner address", map[string]string{"cdn.example.net": "2001:0:808:808:0:0:f5ff:fffe"}, "cdn.example.net", false},
		{"an IPv4-mapped inner address", map[string]string{"cdn.example.net": "::ffff:10.0.0.1"}, "cdn.example.net", false},
		{"link-local with a zone", map[string]string{}, "[fe80::1%25eth0]", false},
		{"an address of a VPN's, written out", fake, "198.18.0.9", true},
		{"this computer, written out", fake, "127.0.0.1", false},
		{"the same in decimal", fake, "2130706433", false},
		{"in octal", fake, "0177.0.0.1", false},
		{"in hexadecimal", fake, "0x7f.1", false},
		{"shortened", fake, "127.1", false},
		{"with a dot behind", fake, "127.0.0.1.", false},
		{"in fullwidth digits", fake, "１２７.0.0.1", false},
		{"by name", fake, "LOCALHOST.", false},
		{"by a name below it", fake, "a.localhost", false},
		{"unspecified", fake, "0", false},
		{"an inner address in decimal", fake, "167772161", false},
		{"another public address in decimal", fake, "134744072", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			p := &place{names: maps.Clone(row.names), server: serveTLS(t, func(http.ResponseWriter, *http.Request) {})}
			n := p.network()
			n.KnowPublic("api.example.com")
			if row.names["other.example.org"] != "" {
				n.KnowPublic("other.example.org")
			}
			_, err := ask(t, n, network.Public, "https://"+row.link+"/picture.png")
			refused := errors.As(err, new(network.NotPublicError))
			if err == nil != row.allowed || refused == row.allowed {
				t.Errorf("allowed: %v (%v), want %v", err == nil, err, row.allowed)
			}
		})
	}
}

// Public and special addresses by themselves, where nothing is known of the
// network.
func TestPublicAddresses(t *testing.T) {
	p := &place{server: serveTLS(t, func(http.ResponseWriter, *http.Request) {})}
	n := p.network()
	for address, public := range map[string]bool{
		"8.8.8.8": true, "1.1.1.1": true, "2606:4700::1111": true, "::ffff:8.8.8.8": true, "64:ff9b::808:808": true,
		"127.0.0.1": false, "::1": false, "0.0.0.0": false, "::": false, "10.1.2.3": false, "172.16.0.1": false,
		"192.168.1.1": false, "169.254.169.254": false, "fe80::1": false, "fd00:ec2::254": false,
		"100.64.0.1": false, "100.100.100.200": false, "168.63.129.16": false, "224.0.0.1": false, "ff02::1": false,
		"255.255.255.255": false, "240.0.0.1": false, "198.18.0.1": false, "::ffff:10.0.0.1": false, "::ffff:127.0.0.1": false,
		"64:ff9b::a00:1": false, "2002:a00:1::": false, "2001::1": false, "::10.0.0.1": false, "fec0::1": false, "64:ff9b:1::808:808": false,
		"192.0.0.192": false, "fd20:ce::254": false, "::ffff:0:10.0.0.1": false,
	} {
		_, err := ask(t, n, network.Public, "https://"+net.JoinHostPort(address, "443")+"/")
		if (err == nil) != public {
			t.Errorf("%s public: %v, want %v", address, err, public)
		}
	}
}
