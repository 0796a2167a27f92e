// Which proxy a request takes, by the environment.

package network

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/http/httpproxy"
)

// ProxyError is that the proxy, not the host behind it, stands in the way. The
// request never reached the host.
type ProxyError struct {
	Proxy  string // its host and port, "" where its address can't be read
	Host   string // where the request was to go
	Status int    // its answer to CONNECT; 0 where it gave none
	Err    error
}

// Error names the proxy, never its password.
func (p *ProxyError) Error() string {
	if p.Status != 0 {
		return fmt.Sprintf("the proxy at %s answered %d", p.Proxy, p.Status)
	}
	return fmt.Sprintf("the proxy at %s: %v", p.Proxy, p.Err)
}

// Unwrap returns the cause.
func (p *ProxyError) Unwrap() error { return p.Err }

// ErrProxyAddress is that the environment's proxy can't be used.
var ErrProxyAddress = errors.New("HTTPS_PROXY, HTTP_PROXY or ALL_PROXY is not a proxy's address such as http://proxy.example.com:3128")

// proxy is the proxy that requests to a URL take; nil for none. As with curl,
// HTTPS_PROXY and HTTP_PROXY win over ALL_PROXY, lower case over upper;
// NO_PROXY lists names, addresses, networks and ports. Nothing for this
// computer itself goes to a proxy, whatever its name.
func (n *Network) proxy(ctx context.Context, target *url.URL) (*url.URL, error) {
	all := n.variable("all_proxy")
	value := cmp.Or(n.variable(target.Scheme+"_proxy"), all)
	if value == "" {
		return nil, nil
	}
	host, ok := spell(target.Hostname())
	if !ok || IsThisComputer(host) {
		return nil, nil
	}
	chosen, err := parseProxy(value)
	if err != nil {
		return nil, &ProxyError{Host: target.Host, Err: err}
	}
	config := httpproxy.Config{HTTPProxy: chosen.String(), HTTPSProxy: chosen.String(), NoProxy: noProxy(n.variable("no_proxy"))}
	plain := url.URL{Scheme: target.Scheme, Host: hostPort(host, target.Port())}
	if via, err := config.ProxyFunc()(&plain); via == nil || err != nil {
		return nil, err
	}
	// With socks5h a name is the proxy's to resolve, and nobody else's to know.
	if chosen.Scheme != "socks5h" && n.ResolvesHere(ctx, host) {
		return nil, nil
	}
	return chosen, nil
}

// ProxyPasswords are the passwords in the environment's addresses of proxies:
// what comes over a proxy may repeat them.
func (n *Network) ProxyPasswords() []string {
	var all []string
	for _, name := range []string{"http_proxy", "https_proxy", "all_proxy"} {
		for _, value := range []string{n.env(name), n.env(strings.ToUpper(name))} {
			chosen, err := parseProxy(strings.TrimSpace(value))
			if err != nil || chosen.User == nil {
				continue
			}
			if password, set := chosen.User.Password(); set && !slices.Contains(all, password) {
				all = append(all, password)
			}
		}
	}
	return all
}

func (n *Network) variable(name string) string {
	return strings.TrimSpace(cmp.Or(n.env(name), n.env(strings.ToUpper(name))))
}

// parseProxy reads a proxy's address; one without a scheme speaks HTTP.
func parseProxy(value string) (*url.URL, error) {
	if !strings.Contains(value, "://") {
		value = "http://" + value
	}
	u, err := url.Parse(value)
	if err != nil || u.Hostname() == "" {
		return nil, ErrProxyAddress
	}
	u.Scheme = strings.ToLower(u.Scheme)
	if u.Scheme == "socks" { // as GNOME writes it
		u.Scheme = "socks5"
	}
	if !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme) {
		return nil, ErrProxyAddress
	}
	return &url.URL{Scheme: u.Scheme, User: u.User, Host: u.Host}, nil
}

// noProxy is NO_PROXY with commas only: curl takes spaces as well.
func noProxy(value string) string {
	return strings.Join(strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' }), ",")
}

func hostPort(host, port string) string {
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port == "" {
		return host
	}
	return host + ":" + port
}

// ResolvesHere reports whether a host is this computer itself: by its spelling,
// or by what its name resolves to, as with one in the hosts file. A name that
// only the proxy can resolve is not.
func (n *Network) ResolvesHere(ctx context.Context, host string) bool {
	canonical, ok := spell(host)
	if !ok || IsThisComputer(canonical) {
		return ok
	}
	if _, literal := literalAddress(canonical); literal {
		return false
	}
	found := n.addresses(ctx, "ip", canonical)
	return len(found) > 0 && !slices.ContainsFunc(found, func(a netip.Addr) bool { return !isThisComputer(a) })
}

// judgeUnresolved reports why a link's host may not be asked of a proxy, which
// resolves names where we can't look: an address that is not public, or a name
// that the internet doesn't have.
func (n *Network) judgeUnresolved(ctx context.Context, host string) error {
	if address, literal := literalAddress(host); literal {
		return n.judge(ctx, address)
	}
	if isLocalName(host) {
		return NotPublicError{}
	}
	return nil
}
