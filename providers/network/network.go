// Package network is the one way out of this computer: which proxy a request
// takes, which addresses it may reach, how slow it may be, and how what comes
// back is coded. Requests, downloads, uploads and checks of links all go
// through a Transport of it. It knows nothing of services or money.
package network

import (
	"context"
	"net"
	"net/netip"
	"os"
	"sync"
	"syscall"
	"time"
)

// Network is what this computer is connected to, as far as requests depend on
// it. It is safe for concurrent use. The zero value is not ready: see Here and
// New.
type Network struct {
	env     func(string) string
	lookup  Lookup
	connect Connect

	mu     sync.Mutex
	public map[string]bool // hosts that are known to be on the internet
	cache  map[string]answer
}

// Lookup resolves a name; network is "ip", "ip4" or "ip6". net.Resolver's
// LookupNetIP is one.
type Lookup func(ctx context.Context, network, host string) ([]netip.Addr, error)

// Judge reports why an address may not be connected to.
type Judge func(ctx context.Context, address netip.Addr) error

// Connect connects to a "host:port" and has each address judged after its name
// was resolved and before anything is sent to it; a nil judge allows all.
type Connect func(ctx context.Context, network, address string, judge Judge) (net.Conn, error)

// answer is what a name, or a question about this network, came to.
type answer struct {
	at        time.Time
	addresses []netip.Addr
}

// answerLife is how long an answer about this network holds: a VPN may be
// switched on or off at any time.
const answerLife = 30 * time.Second

var here = New(os.Getenv, net.DefaultResolver.LookupNetIP, connect)

// Here is the network this computer is really on.
func Here() *Network { return here }

// New is a network with these environment variables, names and connections.
func New(env func(string) string, lookup Lookup, connect Connect) *Network {
	return &Network{env: env, lookup: lookup, connect: connect, public: map[string]bool{}, cache: map[string]answer{}}
}

const (
	dialTimeout   = 15 * time.Second
	lookupTimeout = 3 * time.Second
)

// connect is a Connect of the system's own resolver and sockets.
func connect(ctx context.Context, network, address string, judge Judge) (net.Conn, error) {
	dialer := net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}
	if judge != nil {
		dialer.ControlContext = func(ctx context.Context, _, resolved string, _ syscall.RawConn) error {
			at, err := netip.ParseAddrPort(resolved)
			if err != nil {
				return NotPublicError{}
			}
			return judge(ctx, at.Addr())
		}
	}
	return dialer.DialContext(ctx, network, address)
}

// addresses resolves a name, of either family; what it came to, nothing
// included, is kept for half a minute.
func (n *Network) addresses(ctx context.Context, network, host string) []netip.Addr {
	key := network + " " + host
	n.mu.Lock()
	known, ok := n.cache[key]
	n.mu.Unlock()
	if ok && time.Since(known.at) < answerLife {
		return known.addresses
	}
	limited, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	found, _ := n.lookup(limited, network, host) // a name that isn't found has no addresses
	if ctx.Err() != nil {
		return found // what was broken off says nothing of the name
	}
	for i, address := range found {
		found[i] = address.Unmap().WithZone("")
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.cache) >= 256 {
		clear(n.cache)
	}
	n.cache[key] = answer{time.Now(), found}
	return found
}
