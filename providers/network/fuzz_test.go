package network_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/providers/network"
	"github.com/maquette-studio/maquette/storage/bounds"
)

// FuzzProxies reads any environment. Nothing for this computer goes to a proxy,
// however it is spelled, and no error repeats a password.
func FuzzProxies(f *testing.F) {
	for _, seed := range []string{"http://proxy.example:3128", "socks5h://me:hush-hush-word@127.0.0.1:1080", "proxy:1", "://", "http://[::1", "ftp://x", "HTTP://%zz@x", " http://a b ", "socks://\x00"} {
		f.Add(seed, "localhost, .example.com,10.0.0.0/8:80 *", "inner.example")
		f.Add(seed, "", "127.1")
	}
	f.Add("http://p:1", "[::ffff:127.0.0.1]:x", "0x7f.1")
	f.Fuzz(func(t *testing.T, proxy, none, host string) {
		bounds.Hold(t, bounds.Text, func() {
			p := place{env: map[string]string{"https_proxy": proxy, "HTTP_PROXY": proxy, "ALL_PROXY": proxy, "NO_PROXY": none}, names: map[string]string{"inner.example": "127.8.8.8"}}
			n := p.network()
			for _, here := range []string{"LOCALHOST", "localhost.", "127.1", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0177.0.0.1", "a.localhost", "0.0.0.0", "inner.example", "１２７.0.0.1"} {
				for _, scheme := range []string{"http://", "https://"} {
					via, err := n.ProxyTo(t.Context(), scheme+here+":80/")
					socks := strings.HasPrefix(via, "socks5h:") && here == "inner.example" // its names are the proxy's
					if via != "" && !socks {
						t.Errorf("%s goes to %s, %v", here, via, err)
					}
				}
			}
			_, err := n.ProxyTo(t.Context(), "https://"+host+"/")
			if failure := (*network.ProxyError)(nil); err != nil && (!errors.As(err, &failure) || strings.Contains(err.Error(), "hush-hush-word")) {
				t.Errorf("said %v", err)
			}
			_ = n.ProxyPasswords()
			_ = network.IsThisComputer(host)
		})
	})
}
