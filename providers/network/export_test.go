package network

import (
	"crypto/tls"
	"crypto/x509"
)

// Trust has a transport take these certificates instead of the system's.
func (t *Transport) Trust(roots *x509.CertPool) {
	t.direct.TLSClientConfig = &tls.Config{RootCAs: roots}
	t.proxied.TLSClientConfig = &tls.Config{RootCAs: roots}
}
