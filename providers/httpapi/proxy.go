// What stands between this computer and a host: proxies, and networks that
// answer names with addresses of their own.

package httpapi

import (
	"errors"
	"net"
	"net/http"
	"strings"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/network"
)

// proxyTrouble says what the proxy did and what to do about it; ok is false
// when it wasn't the proxy.
func proxyTrouble(err error) (what, advice providers.Sentence, ok bool) {
	var proxy *network.ProxyError
	if !errors.As(err, &proxy) {
		return what, advice, false
	}
	reply := socksReply(proxy.Err)
	switch {
	case errors.Is(proxy.Err, network.ErrProxyAddress):
		return providers.Say("the proxy's address in HTTPS_PROXY, HTTP_PROXY or ALL_PROXY can't be read"),
			providers.Say("Set it as in http://proxy.example.com:3128 or socks5://127.0.0.1:1080."), true
	case proxy.Status == http.StatusProxyAuthRequired, strings.Contains(reply, "authentication"):
		return providers.Say("the proxy at %s wants a user name and password", proxy.Proxy),
			providers.Say("Put them into HTTPS_PROXY, as in http://user:password@%s.", proxy.Proxy), true
	case proxy.Status >= 400 && proxy.Status < 500, strings.Contains(reply, "not allowed"):
		return numbered(providers.Say("the proxy at %s doesn't let anything through to %s", proxy.Proxy, proxy.Host), proxy.Status),
			providers.Say("Ask who runs the proxy to allow %s, or name it in NO_PROXY if it can be reached without.", proxy.Host), true
	case proxy.Status != 0, reply != "":
		return numbered(providers.Say("the proxy at %s could not reach %s", proxy.Proxy, proxy.Host), proxy.Status),
			providers.Say("Try again later; if it stays, ask who runs the proxy."), true
	}
	return providers.Say("the proxy at %s can't be reached", proxy.Proxy),
		providers.Say("Check that it runs, or take it out of HTTPS_PROXY, HTTP_PROXY and ALL_PROXY."), true
}

// numbered adds the status of a proxy that gave one.
func numbered(what providers.Sentence, status int) providers.Sentence {
	if status == 0 {
		return what
	}
	return providers.Say("%s (%d)", what, status)
}

// socksReply is what a SOCKS proxy answered instead of connecting.
func socksReply(err error) string {
	var op *net.OpError
	if !errors.As(err, &op) || !strings.HasPrefix(op.Op, "socks") || op.Err == nil {
		return ""
	}
	if dial := (*net.OpError)(nil); errors.As(op.Err, &dial) {
		return "" // it never answered
	}
	return op.Err.Error()
}

// isRefusal reports whether a failure says that results would be refused for
// good: by the judgement of addresses, or by the proxy.
func isRefusal(err error) bool {
	var proxy *network.ProxyError
	if errors.As(err, &proxy) {
		return proxy.Status >= 400 && proxy.Status < 500
	}
	return errors.As(err, &network.NotPublicError{})
}
