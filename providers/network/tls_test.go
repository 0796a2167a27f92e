package network_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"sync"
	"time"
)

// authority is a tests' own, which vouches for any name that is asked for.
var (
	authority = sync.OnceValue(newAuthority)
	roots     = authority().pool
)

type issuer struct {
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
	pool *x509.CertPool
}

func newAuthority() *issuer {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "tests"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return &issuer{key, cert, pool}
}

// forAnyName is the side of a server that has a certificate for whatever name
// or address it is asked for.
func forAnyName() *tls.Config {
	forAny := &tls.Config{GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		ca := authority()
		template := &x509.Certificate{
			SerialNumber: big.NewInt(2), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
			DNSNames: []string{hello.ServerName},
		}
		if hello.ServerName == "" { // an address
			template.DNSNames = nil
			for _, text := range []string{"127.0.0.1", "::1", "8.8.8.8", "1.1.1.1", "2606:4700::1111", "64:ff9b::808:808", "198.18.0.9"} {
				template.IPAddresses = append(template.IPAddresses, net.ParseIP(text))
			}
		}
		der, err := x509.CreateCertificate(rand.Reader, template, ca.cert, &ca.key.PublicKey, ca.key)
		if err != nil {
			return nil, err
		}
		return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: ca.key}, nil
	}}
	// httptest adds a certificate of its own to what it is given.
	return &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return forAny, nil }}
}
