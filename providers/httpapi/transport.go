// The connections that clients share, and which addresses a service may have.

package httpapi

import (
	"context"
	"net/url"
	"strings"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/network"
)

const userAgent = "Maquette"

// shared is the transport of every Client whose Conn brings no HTTP client of
// its own, so that jobs at one service share connections.
var shared = NewTransport()

// NewTransport is a transport with the clients' limits, for those who look at
// requests on their way; whoever makes it closes its idle connections.
func NewTransport() *network.Transport { return network.Here().NewTransport(network.Options{}) }

// CloseIdleConnections closes the clients' connections that are not in use.
func CloseIdleConnections() { shared.CloseIdleConnections() }

// CheckBaseURL reports why a service can't be reached at this address: only
// https is allowed (plain http on this computer itself), without user name,
// query or fragment. The error never repeats the address.
func CheckBaseURL(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "":
		return providers.Errorf("the service's address is not a URL such as https://api.example.com/v1")
	case u.User != nil:
		return providers.Errorf("the service's address must not hold a user name or password")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.Contains(address, "#"):
		return providers.Errorf("the service's address must not hold a query or a fragment")
	case u.Scheme == "http" && !network.IsThisComputer(u.Hostname()):
		return providers.Errorf("the service's address must begin with https://; plain http would show the key to the network")
	case u.Scheme != "https" && u.Scheme != "http":
		return providers.Errorf("the service's address must begin with https://")
	}
	return nil
}

// CheckCallback reports why a service can't call back at this address: only
// https is allowed, plain http on this computer itself. The error never
// repeats the address, whose query may be secret.
func CheckCallback(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "https" && (u.Scheme != "http" || !network.IsThisComputer(u.Hostname())) {
		return providers.Errorf("must be an address such as https://example.com/hook")
	}
	return nil
}

// IsLocal reports whether a service is on this computer itself, as the sandbox
// is; only then may its links lead here. It may resolve the service's name:
// never call it on the UI goroutine.
func IsLocal(conn providers.Conn) bool {
	u, err := url.Parse(conn.BaseURL)
	return err == nil && network.Here().ResolvesHere(context.Background(), u.Hostname())
}

// IsLoopbackURL reports whether an address is spelled as this computer itself.
func IsLoopbackURL(address string) bool {
	u, err := url.Parse(address)
	return err == nil && network.IsThisComputer(u.Hostname())
}
