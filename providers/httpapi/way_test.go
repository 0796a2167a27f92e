package httpapi_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/httpapi"
	"github.com/maquette-studio/maquette/providers/network"
)

// somewhere is a network with these names, where nothing but the proxy can be
// connected to; "" for none.
func somewhere(proxy string, names map[string]string) *network.Network {
	env := func(name string) string { return map[string]string{"HTTPS_PROXY": proxy}[name] }
	lookup := func(_ context.Context, _, host string) ([]netip.Addr, error) {
		if a, err := netip.ParseAddr(names[host]); err == nil {
			return []netip.Addr{a}, nil
		}
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	connect := func(ctx context.Context, kind, address string, judge network.Judge) (net.Conn, error) {
		host, _, _ := net.SplitHostPort(address)
		if found, err := lookup(ctx, "ip", host); err == nil && judge != nil {
			if err := judge(ctx, found[0]); err != nil {
				return nil, err
			}
		}
		if proxy == "" || !strings.HasSuffix(proxy, address) {
			return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "unreachable", Name: host, IsTimeout: true}}
		}
		return (&net.Dialer{}).DialContext(ctx, kind, address)
	}
	return network.New(env, lookup, connect)
}

// refusing is a proxy that answers CONNECT with these statuses, by host.
func refusing(t *testing.T, statuses map[string]int) (address string, asked func() string) {
	t.Helper()
	var mu sync.Mutex
	var all []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		all = append(all, r.Host)
		mu.Unlock()
		status := statuses[r.Host]
		if status == 0 {
			status = http.StatusBadGateway
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	return server.URL, func() string { mu.Lock(); defer mu.Unlock(); return strings.Join(all, " ") }
}

func TestAPaidRequestThatAProxyRefusesWasNotSent(t *testing.T) {
	for status, says := range map[int]string{407: "wants a user name and password", 403: "doesn't let anything through to api.acme.example", 502: "could not reach api.acme.example"} {
		proxy, _ := refusing(t, map[string]int{"api.acme.example:443": status})
		withPassword := strings.Replace(proxy, "://", "://anna:hidden@", 1)
		transport := somewhere(withPassword, nil)
		conn := providers.Conn{BaseURL: "https://api.acme.example", HTTP: &http.Client{Transport: transport.NewTransport(network.Options{})}}
		err := httpapi.New(httpapi.Options{Service: "Acme", Conn: conn}).Post(t.Context(), "items", nil, &item{})
		failure := conformance.WantFailure(t, err)
		shown := failure.Error() + failure.Advice.String()
		if failure.Outcome != providers.NotSent || failure.Kind != providers.NoNetwork || !strings.Contains(shown, says) ||
			!strings.Contains(shown, strings.TrimPrefix(proxy, "http://")) || strings.Contains(shown, "hidden") {
			t.Errorf("%d: %q %q: %s", status, failure.Kind, failure.Outcome, shown)
		}
	}
}

func TestResultsAreProvenBeforePaying(t *testing.T) {
	service := &providers.Service{ID: "acme", Title: "Acme", BaseURL: "https://api.acme.example/v1", Results: []string{"cdn.acme.example"}}
	public := map[string]string{"api.acme.example": "93.184.216.34", "cdn.acme.example": "93.184.216.35"}
	for _, row := range []struct {
		name    string
		proxies map[string]int // what the proxy answers, by host; nil for none
		names   map[string]string
		base    string
		note    string
		refused string // "" where it is proven, or nothing speaks against it
	}{
		{"no answer just now", nil, public, service.BaseURL, "", ""},
		{"no such name any more", nil, map[string]string{"api.acme.example": "93.184.216.34"}, service.BaseURL, "", ""},
		{"a VPN", nil, map[string]string{"api.acme.example": "198.18.0.3", "cdn.acme.example": "198.18.0.4"}, service.BaseURL, "198.18.0.0/15", ""},
		{"NAT64", nil, map[string]string{"api.acme.example": "64:ff9b::808:808", "cdn.acme.example": "64:ff9b::808:404"}, service.BaseURL, "", ""},
		{"a filter that points inside", nil, map[string]string{"api.acme.example": "93.184.216.34", "cdn.acme.example": "192.168.1.2"}, service.BaseURL, "", "not on the public internet"},
		{"the same at another address", nil, map[string]string{"api.acme.example": "93.184.216.34", "gateway.example": "93.184.216.36", "cdn.acme.example": "192.168.1.2"}, "https://gateway.example", "", ""},
		{"a proxy that refuses results", map[string]int{"cdn.acme.example:443": 403}, nil, service.BaseURL, "", "doesn't let anything through to cdn.acme.example"},
		{"one that wants a password", map[string]int{"cdn.acme.example:443": 407}, nil, service.BaseURL, "", "wants a user name"},
		{"one whose results have no answer now", map[string]int{"cdn.acme.example:443": 504}, nil, service.BaseURL, "through the proxy at 127.0.0.1", ""},
		{"the sandbox", map[string]int{}, nil, "http://127.0.0.1:1", "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			proxy := ""
			if row.proxies != nil {
				proxy, _ = refusing(t, row.proxies)
			}
			note, err := httpapi.ProveOver(t.Context(), somewhere(proxy, row.names), service, providers.Conn{BaseURL: row.base})
			if row.refused == "" {
				if err != nil || !strings.Contains(note.String(), row.note) || row.note == "" && !note.IsZero() {
					t.Errorf("got %q, %v", note, err)
				}
				return
			}
			failure := conformance.WantFailure(t, err)
			if failure.Outcome != providers.NotSent || failure.Money != providers.NotSpent || failure.Advice.IsZero() || !strings.Contains(failure.Message.String(), row.refused) {
				t.Errorf("got %+v", failure)
			}
		})
	}
}

// A host of results that keeps silent is waited for once, not before each
// payment; on a network that refuses it, it is refused all the same.
func TestASilentHostOfResultsIsWaitedForOnce(t *testing.T) {
	service := &providers.Service{ID: "acme", Title: "Acme", BaseURL: "https://api.silent.example/v1", Results: []string{"cdn.silent.example"}}
	var asked atomic.Int32
	at := func(cdn string) *network.Network {
		names := map[string]string{"api.silent.example": "93.184.216.34", "cdn.silent.example": cdn}
		lookup := func(_ context.Context, _, host string) ([]netip.Addr, error) {
			return []netip.Addr{netip.MustParseAddr(names[host])}, nil
		}
		connect := func(ctx context.Context, _, address string, judge network.Judge) (net.Conn, error) {
			host, _, _ := net.SplitHostPort(address)
			if err := judge(ctx, netip.MustParseAddr(names[host])); err != nil {
				return nil, err
			}
			asked.Add(1)
			return nil, &net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}
		}
		return network.New(func(string) string { return "" }, lookup, connect)
	}
	prove := func(over *network.Network) error {
		_, err := httpapi.ProveOver(t.Context(), over, service, providers.Conn{BaseURL: service.BaseURL})
		return err
	}
	outside := at("93.184.216.35")
	for range 3 {
		if err := prove(outside); err != nil {
			t.Fatal(err)
		}
	}
	if asked.Load() != 1 {
		t.Errorf("it was asked %d times", asked.Load())
	}
	if err := prove(at("192.168.1.2")); err == nil {
		t.Error("it isn't refused where it leads inside")
	}
}

func TestABucketInsideTheNetworkIsSaid(t *testing.T) {
	inside := somewhere("", map[string]string{"nas.example.com": "192.168.1.5", "s3.example.com": "93.184.216.34"})
	for address, fine := range map[string]bool{
		"https://s3.example.com": true, "https://nas.example.com:9000/photos": false, "https://192.168.1.5": false, "http://127.0.0.1:9000": true,
	} {
		if err := httpapi.CheckPlaceOver(t.Context(), inside, address); (err == nil) != fine {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// A link goes through the proxy that the paid request went through, and where
// it may not lead is not asked of it.
func TestLinksTakeTheProxy(t *testing.T) {
	proxy, asked := refusing(t, nil)
	fetcher := httpapi.NewFetcherOver(somewhere(proxy, nil), true, network.Pace{})
	defer fetcher.CloseIdleConnections()
	for _, link := range []string{"https://only.there.example/a.png?sig=" + secret, "https://10.0.0.1/", "https://router/", "https://169.254.169.254/", "http://127.0.0.1:1/"} {
		if err := fetcher.Check(t.Context(), link); err == nil {
			t.Errorf("%s answered", link)
		} else if strings.Contains(link, "there") {
			failure := wantLinkFailure(t, err)
			if failure.Kind != providers.NoNetwork || !strings.Contains(failure.Message.String(), "the proxy at") {
				t.Errorf("got %v", failure)
			}
		}
	}
	if asked() != "only.there.example:443" {
		t.Errorf("the proxy was asked for %s", asked())
	}
}
