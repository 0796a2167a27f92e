package network_test

import (
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/maquette-studio/maquette/providers/network"
)

// proxy is a proxy that connects whatever it is asked for to one server, by
// CONNECT or by SOCKS 5.
type proxy struct {
	address  string
	password string // "user:password" that it wants; "" for none
	refuses  int    // the status, or SOCKS reply, of its refusal; 0 for none

	mu    sync.Mutex
	asked []string // "host:port"
}

func (p *proxy) note(host string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, host)
}

func (p *proxy) wasAsked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.asked)
}

func newConnectProxy(t *testing.T, server string) *proxy {
	t.Helper()
	p := &proxy{}
	listening := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.note(r.Host)
		given, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(r.Header.Get("Proxy-Authorization"), "Basic "))
		switch {
		case p.password != "" && string(given) != p.password:
			w.WriteHeader(http.StatusProxyAuthRequired)
		case p.refuses != 0:
			w.WriteHeader(p.refuses)
		default:
			tunnel(w, server)
		}
	}))
	t.Cleanup(listening.Close)
	p.address = listening.Listener.Addr().String()
	return p
}

func tunnel(w http.ResponseWriter, server string) {
	there, err := net.Dial("tcp", server)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	w.WriteHeader(http.StatusOK)
	here, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		_ = there.Close()
		return
	}
	join(here, buffered, there)
}

// join carries bytes both ways until either side is through.
func join(here net.Conn, from io.Reader, there net.Conn) {
	var both sync.WaitGroup
	both.Go(func() { _, _ = io.Copy(there, from); _ = there.Close() })
	both.Go(func() { _, _ = io.Copy(here, there); _ = here.Close() })
	both.Wait()
}

func newSocksProxy(t *testing.T, server string) *proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{address: listener.Addr().String()}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { defer conn.Close(); p.socks(conn, server) })
		}
	})
	t.Cleanup(func() { _ = listener.Close(); serving.Wait() })
	return p
}

// socks serves one connection (RFC 1928, RFC 1929).
func (p *proxy) socks(conn net.Conn, server string) {
	read := func(n int) []byte {
		b := make([]byte, n)
		_, _ = io.ReadFull(conn, b)
		return b
	}
	methods := read(int(read(2)[1]))
	want := byte(0)
	if p.password != "" {
		want = 2
	}
	if !slices.Contains(methods, want) {
		_, _ = conn.Write([]byte{5, 0xff})
		return
	}
	_, _ = conn.Write([]byte{5, want})
	if want == 2 {
		user := read(int(read(2)[1]))
		password := read(int(read(1)[0]))
		if string(user)+":"+string(password) != p.password {
			_, _ = conn.Write([]byte{1, 1})
			return
		}
		_, _ = conn.Write([]byte{1, 0})
	}
	var host string
	switch kind := read(4)[3]; kind {
	case 3:
		host = string(read(int(read(1)[0])))
	case 1:
		host = net.IP(read(4)).String()
	default:
		host = net.IP(read(16)).String()
	}
	read(2)
	p.note(host)
	_, _ = conn.Write([]byte{5, byte(p.refuses), 0, 1, 0, 0, 0, 0, 0, 0})
	if there, err := net.Dial("tcp", server); err == nil && p.refuses == 0 {
		join(conn, conn, there)
	}
}

func TestWhichProxyIsTaken(t *testing.T) {
	names := map[string]string{"photos.example.com": "93.184.216.34", "mine.example.com": "127.0.0.1", "half.example.com": "127.0.0.1,93.184.216.34"}
	for _, row := range []struct {
		name    string
		env     map[string]string // HTTP and SOCKS stand for the proxies' addresses
		link    string
		proxied bool
	}{
		{"none", nil, "https://photos.example.com/", false},
		{"HTTPS_PROXY", map[string]string{"HTTPS_PROXY": "http://HTTP"}, "https://photos.example.com/", true},
		{"a name that only the proxy can resolve", map[string]string{"HTTPS_PROXY": "http://HTTP"}, "https://only.there.example.com/", true},
		{"https_proxy", map[string]string{"https_proxy": "http://HTTP"}, "https://photos.example.com/", true},
		{"without a scheme", map[string]string{"HTTPS_PROXY": "HTTP"}, "https://photos.example.com/", true},
		{"lower case wins", map[string]string{"https_proxy": "http://HTTP", "HTTPS_PROXY": "http://127.0.0.1:1"}, "https://photos.example.com/", true},
		{"ALL_PROXY", map[string]string{"ALL_PROXY": "http://HTTP"}, "https://photos.example.com/", true},
		{"all_proxy after HTTPS_PROXY", map[string]string{"all_proxy": "http://127.0.0.1:1", "HTTPS_PROXY": "http://HTTP"}, "https://photos.example.com/", true},
		{"HTTP_PROXY is not for https", map[string]string{"HTTP_PROXY": "http://127.0.0.1:1"}, "https://photos.example.com/", false},
		{"socks5", map[string]string{"ALL_PROXY": "socks5://SOCKS"}, "https://only.there.example.com/", true},
		{"socks5h", map[string]string{"ALL_PROXY": "socks5h://SOCKS"}, "https://only.there.example.com/", true},
		{"socks as GNOME has it", map[string]string{"ALL_PROXY": "socks://SOCKS/"}, "https://only.there.example.com/", true},
		{"with a password", map[string]string{"HTTPS_PROXY": "http://anna:s%40cret@HTTP"}, "https://photos.example.com/", true},
		{"socks5 with a password", map[string]string{"HTTPS_PROXY": "socks5://anna:s%40cret@SOCKS"}, "https://photos.example.com/", true},
		{"NO_PROXY by name", map[string]string{"HTTPS_PROXY": "http://HTTP", "NO_PROXY": "photos.example.com"}, "https://photos.example.com/", false},
		{"by domain, after a space", map[string]string{"HTTPS_PROXY": "http://HTTP", "no_proxy": "a.test .example.com"}, "https://photos.example.com/", false},
		{"by the name in capitals and a dot", map[string]string{"HTTPS_PROXY": "http://HTTP", "no_proxy": "photos.example.com"}, "https://PHOTOS.example.com./", false},
		{"by another port", map[string]string{"HTTPS_PROXY": "http://HTTP", "no_proxy": "photos.example.com:8443"}, "https://photos.example.com/", true},
		{"by its port", map[string]string{"HTTPS_PROXY": "http://HTTP", "no_proxy": "photos.example.com:443"}, "https://photos.example.com/", false},
		{"by network", map[string]string{"HTTPS_PROXY": "http://HTTP", "no_proxy": "8.8.0.0/16"}, "https://8.8.8.8/", false},
		{"an address outside it", map[string]string{"HTTPS_PROXY": "http://HTTP", "no_proxy": "8.9.0.0/16"}, "https://8.8.8.8/", true},
		{"NO_PROXY for all", map[string]string{"HTTPS_PROXY": "http://HTTP", "no_proxy": "*"}, "https://photos.example.com/", false},
		{"a name of this computer's", map[string]string{"HTTPS_PROXY": "http://HTTP"}, "https://mine.example.com/", false},
		{"a name that is only partly", map[string]string{"HTTPS_PROXY": "http://HTTP"}, "https://half.example.com/", true},
		{"this computer", map[string]string{"HTTPS_PROXY": "http://HTTP"}, "https://127.0.0.1/", false},
		{"shortened", map[string]string{"ALL_PROXY": "http://HTTP"}, "https://127.1/", false},
		{"in IPv6", map[string]string{"ALL_PROXY": "http://HTTP"}, "https://[::1]/", false},
		{"by name", map[string]string{"ALL_PROXY": "socks5h://SOCKS"}, "https://LOCALHOST/", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			server := serveTLS(t, func(http.ResponseWriter, *http.Request) {})
			http, socks := newConnectProxy(t, server), newSocksProxy(t, server)
			place := &place{names: names, server: server, env: map[string]string{}}
			for name, value := range row.env {
				if strings.Contains(value, "anna") {
					http.password, socks.password = "anna:s@cret", "anna:s@cret"
				}
				place.env[name] = strings.NewReplacer("HTTP", http.address, "SOCKS", socks.address).Replace(value)
			}
			place.proxies = []string{http.address, socks.address}
			if _, err := ask(t, place.network(), network.Anywhere, row.link); err != nil {
				t.Fatal(err)
			}
			if asked := append(http.wasAsked(), socks.wasAsked()...); len(asked) > 0 != row.proxied {
				t.Errorf("the proxies were asked for %v", asked)
			}
			if strings.Contains(row.link, "only.there") && place.asked["only.there.example.com"] && strings.Contains(row.name, "socks5h") {
				t.Error("a name was resolved that is the proxy's to resolve")
			}
		})
	}
}

// What a proxy can't reach for us, since it might reach it in its own network.
func TestWhatIsNotAskedOfAProxy(t *testing.T) {
	for _, link := range []string{
		"https://10.0.0.1/", "https://0xa000001/", "https://[::ffff:192.168.1.1]/", "https://169.254.169.254/", "https://127.0.0.1/", "https://router/",
		"https://nas.local/", "https://metadata.google.internal/", "https://build.corp./", "https://[fd00::1]/", "https://[64:ff9b::a00:1]/", "https://2852039166/",
	} {
		server := serveTLS(t, func(http.ResponseWriter, *http.Request) {})
		proxy := newConnectProxy(t, server)
		place := &place{server: server, env: map[string]string{"HTTPS_PROXY": "http://" + proxy.address}, proxies: []string{proxy.address}}
		_, err := ask(t, place.network(), network.Public, link)
		if asked := proxy.wasAsked(); !errors.As(err, new(network.NotPublicError)) || len(asked) > 0 {
			t.Errorf("%s: %v, and the proxy was asked for %v", link, err, asked)
		}
	}
}

func TestAProxysTroubleIsSaidAsIts(t *testing.T) {
	server := serveTLS(t, func(http.ResponseWriter, *http.Request) {})
	hangsUp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer hangsUp.Close()
	go func() {
		for conn, err := hangsUp.Accept(); err == nil; conn, err = hangsUp.Accept() {
			_ = conn.Close()
		}
	}()
	for _, row := range []struct {
		name   string
		env    func(connect, socks *proxy) string
		status int
		says   string
	}{
		{"no password", func(c, _ *proxy) string { c.password = "a:b"; return "http://" + c.address }, 407, "407"},
		{"refused", func(c, _ *proxy) string { c.refuses = 403; return "http://" + c.address }, 403, "403"},
		{"unreachable for it", func(c, _ *proxy) string { c.refuses = 502; return "http://" + c.address }, 502, "502"},
		{"hangs up", func(_, _ *proxy) string { return "http://" + hangsUp.Addr().String() }, 0, "127.0.0.1"},
		{"no proxy there", func(_, _ *proxy) string { return "http://127.0.0.1:1" }, 0, "refused"},
		{"socks without a password", func(_, s *proxy) string { s.password = "a:b"; return "socks5://" + s.address }, 0, "authentication"},
		{"refused by socks", func(_, s *proxy) string { s.refuses = 2; return "socks5://" + s.address }, 0, "not allowed"},
		{"not an address", func(_, _ *proxy) string { return "http://[bad" }, 0, network.ErrProxyAddress.Error()},
		{"not a kind that is known", func(_, _ *proxy) string { return "socks4://127.0.0.1:1" }, 0, network.ErrProxyAddress.Error()},
	} {
		t.Run(row.name, func(t *testing.T) {
			connect, socks := newConnectProxy(t, server), newSocksProxy(t, server)
			value := row.env(connect, socks)
			place := &place{env: map[string]string{"https_proxy": value}, proxies: []string{connect.address, socks.address, hangsUp.Addr().String(), "127.0.0.1:1"}}
			_, err := ask(t, place.network(), network.Anywhere, "https://api.example.com/")
			var proxy *network.ProxyError
			if !errors.As(err, &proxy) || proxy.Status != row.status || !strings.Contains(proxy.Error(), row.says) || proxy.Host != "api.example.com" {
				t.Errorf("got %v (%+v)", err, proxy)
			}
		})
	}
}

// Trouble with the host behind a proxy is not the proxy's.
func TestTheHostsOwnTroubleBehindAProxy(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})) // no TLS
	defer server.Close()
	proxy := newConnectProxy(t, server.Listener.Addr().String())
	place := &place{env: map[string]string{"https_proxy": proxy.address}, proxies: []string{proxy.address}}
	if _, err := ask(t, place.network(), network.Anywhere, "https://api.example.com/"); err == nil || errors.As(err, new(*network.ProxyError)) {
		t.Errorf("got %v", err)
	}
}
