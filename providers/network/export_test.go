package network

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net/url"
)

// Trust has a transport take these certificates instead of the system's.
func (t *Transport) Trust(roots *x509.CertPool) {
	t.direct.TLSClientConfig = &tls.Config{RootCAs: roots}
	t.proxied.TLSClientConfig = &tls.Config{RootCAs: roots}
}

// ProxyTo is the proxy that requests to a URL take, "" for none.
func (n *Network) ProxyTo(ctx context.Context, link string) (string, error) {
	target, err := url.Parse(link)
	if err != nil {
		return "", nil //nolint:nilerr // what is no URL goes nowhere
	}
	via, err := n.proxy(ctx, target)
	if via == nil {
		return "", err
	}
	return via.String(), err
}
