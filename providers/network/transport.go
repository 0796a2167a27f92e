// The transport that all requests share: one proxy policy, one dial policy,
// one floor of speed.

package network

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// Reach says which addresses a transport may reach.
type Reach int

// The reaches.
const (
	Anywhere     Reach = iota // what a person set: a service's address, a bucket's
	Public                    // links: the public internet, as judge has it
	PublicOrHere              // links of a service on this computer itself
)

// Options say what a transport is for.
type Options struct {
	Reach Reach
	// HeaderTimeout bounds the time from the request to the end of the answer's
	// header; 0 leaves it to the request's context.
	HeaderTimeout time.Duration
	// Once closes each connection after its request.
	Once bool
	// Floor is the slowest a body may be; zero fields mean those of Floor.
	Floor Pace
}

// Transport makes requests over this network. It sends no Accept-Encoding and
// decodes nothing: see Decode. Its errors hold a *ProxyError, a *SlowError or
// a NotPublicError where it was one of these.
type Transport struct {
	network *Network
	options Options
	direct  *http.Transport
	proxied *http.Transport
}

// NewTransport is a transport over this network; whoever makes it closes its
// idle connections.
func (n *Network) NewTransport(options Options) *Transport {
	t := &Transport{network: n, options: options}
	t.direct = newHTTPTransport(options, t.dial)
	t.proxied = newHTTPTransport(options, t.dialProxy)
	t.proxied.Proxy = func(r *http.Request) (*url.URL, error) { return viaOf(r.Context()), nil }
	t.proxied.OnProxyConnectResponse = refusal
	return t
}

func newHTTPTransport(options Options, dial func(ctx context.Context, network, address string) (net.Conn, error)) *http.Transport {
	return &http.Transport{
		DialContext:            dial,
		TLSHandshakeTimeout:    15 * time.Second,
		ResponseHeaderTimeout:  options.HeaderTimeout,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           16,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        60 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		DisableCompression:     true,
		DisableKeepAlives:      options.Once,
	}
}

// CloseIdleConnections closes the connections that are not in use.
func (t *Transport) CloseIdleConnections() {
	t.direct.CloseIdleConnections()
	t.proxied.CloseIdleConnections()
}

// RoundTrip makes a request. Both bodies have the floor of speed.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	via, err := t.network.proxy(r.Context(), r.URL)
	if err == nil {
		err = t.refuses(r.Context(), r.URL, via != nil)
	}
	if err != nil {
		if r.Body != nil {
			_ = r.Body.Close()
		}
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(r.Context())
	over := t.direct
	var stage stage
	if via != nil {
		ctx, over = stage.trace(context.WithValue(ctx, viaKey{}, via)), t.proxied
		patience := time.AfterFunc(proxyTimeout, func() {
			if stage.atProxy(via) {
				cancel(&ProxyError{Proxy: via.Host, Host: r.URL.Host, Err: errProxySilent})
			}
		})
		defer patience.Stop()
	}
	watched := r.WithContext(ctx)
	t.watchUpload(watched, cancel)
	response, err := over.RoundTrip(watched)
	if err != nil {
		err = explain(ctx, via, r.URL, &stage, err)
		cancel(nil)
		return nil, err
	}
	response.Request = r
	response.Body = watchDownload(ctx, cancel, response.Body, t.options.Floor)
	return response, nil
}

// refuses says why a link is not asked for, as far as its spelling tells.
func (t *Transport) refuses(ctx context.Context, target *url.URL, proxied bool) error {
	if t.options.Reach == Anywhere || t.options.Reach == PublicOrHere && IsThisComputer(target.Hostname()) {
		return nil
	}
	host, ok := spell(target.Hostname())
	if !ok || IsThisComputer(host) {
		return NotPublicError{}
	}
	if proxied {
		return t.network.judgeUnresolved(ctx, host)
	}
	return nil
}

// dial connects without a proxy.
func (t *Transport) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	canonical, ok := spell(host)
	if !ok {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	judge := Judge(nil)
	switch {
	case t.options.Reach == PublicOrHere && IsThisComputer(canonical):
		judge = onlyHere
	case t.options.Reach == PublicOrHere:
		judge = t.judgeOrHere
	case t.options.Reach == Public:
		judge = t.network.judge
	}
	if strings.HasSuffix(canonical, ".localhost") { // this computer (RFC 6761), which resolvers needn't know
		canonical = "localhost"
	}
	return t.network.connect(ctx, network, net.JoinHostPort(canonical, port), judge)
}

func onlyHere(_ context.Context, address netip.Addr) error {
	if !isThisComputer(address) {
		return NotPublicError{}
	}
	return nil
}

func (t *Transport) judgeOrHere(ctx context.Context, address netip.Addr) error {
	if isThisComputer(address) {
		return nil
	}
	return t.network.judge(ctx, address)
}

// dialProxy connects to the proxy, wherever that is.
func (t *Transport) dialProxy(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := t.network.connect(ctx, network, address, nil)
	if err != nil {
		return nil, &ProxyError{Proxy: address, Err: err}
	}
	return conn, nil
}

// proxyTimeout is how long a proxy may take to connect to a host.
const proxyTimeout = 20 * time.Second

var errProxySilent = errors.New("no answer in time")

type viaKey struct{}

func viaOf(ctx context.Context) *url.URL {
	via, _ := ctx.Value(viaKey{}).(*url.URL)
	return via
}

// refusal is a proxy's answer to CONNECT other than its consent.
func refusal(_ context.Context, proxy *url.URL, connect *http.Request, response *http.Response) error {
	if response.StatusCode == http.StatusOK {
		return nil
	}
	return &ProxyError{Proxy: proxy.Host, Host: connect.URL.Host, Status: response.StatusCode, Err: errors.New(http.StatusText(response.StatusCode))}
}

// stage is how far a connection through a proxy came.
type stage struct {
	handshakes atomic.Int32
	connected  atomic.Bool
}

func (s *stage) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		TLSHandshakeStart: func() { s.handshakes.Add(1) },
		GotConn:           func(httptrace.GotConnInfo) { s.connected.Store(true) },
	})
}

// atProxy reports whether it came no further than the proxy: the handshake
// with the host behind it is the last thing before a connection is there.
func (s *stage) atProxy(via *url.URL) bool {
	own := int32(0)
	if via.Scheme == "https" {
		own = 1
	}
	return !s.connected.Load() && s.handshakes.Load() <= own
}

// explain tells a proxy's trouble and a slow upload from trouble with the host.
func explain(ctx context.Context, via, target *url.URL, at *stage, err error) error {
	if slow := (*SlowError)(nil); errors.As(context.Cause(ctx), &slow) {
		return slow
	}
	var known *ProxyError
	switch {
	case errors.As(context.Cause(ctx), &known):
		return known
	case errors.As(err, &known):
		known.Host = target.Host
		return known
	case via != nil && ctx.Err() == nil && at.atProxy(via):
		return &ProxyError{Proxy: via.Host, Host: target.Host, Err: err}
	}
	return err
}
