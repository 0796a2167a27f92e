// The S3-compatible store through which services fetch photos by their links.

package storage

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// MaxLinkLife is how long a presigned link can live at most (AWS, Signature
// Version 4 query parameters, X-Amz-Expires).
const MaxLinkLife = 7 * 24 * time.Hour

// bucketAttempts bounds how often one request is sent: all of them may be
// repeated without harm.
const bucketAttempts = 3

// Network is the way out of this computer that a bucket's requests take: the
// same as everything else of the program, with its proxies.
type Network interface {
	// Transport is a bucket's own.
	Transport() Transport
	// Read reads at most limit bytes of a link as one who knows nothing else,
	// over a connection of its own.
	Read(ctx context.Context, link string, limit int64) (LinkAnswer, error)
}

// LinkAnswer is what a link is answered with.
type LinkAnswer struct {
	Status int
	Type   string // Content-Type
	Body   []byte
}

// Transport makes requests and keeps its connections.
type Transport interface {
	http.RoundTripper
	CloseIdleConnections()
}

// Bucket is one bucket of an S3-compatible store. Safe for concurrent use.
type Bucket struct {
	config    BucketConfig
	client    *minio.Client
	network   Network
	transport Transport
}

// OpenBucket prepares to use a bucket; nothing is sent yet. Errors: those of
// c.Validate.
func OpenBucket(c BucketConfig, over Network) (*Bucket, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	endpoint, err := c.endpoint()
	if err != nil {
		return nil, err
	}
	transport := storeTransport{over.Transport()}
	client, err := minio.New(endpoint.Host, &minio.Options{
		Creds:        credentials.NewStaticV4(c.AccessKey, c.SecretKey, c.SessionToken),
		Secure:       endpoint.Scheme == "https",
		Region:       c.region(endpoint),
		Transport:    transport,
		MaxRetries:   bucketAttempts,
		BucketLookup: lookupStyle(endpoint),
	})
	if err != nil {
		return nil, fmt.Errorf("bucket settings: %w", err)
	}
	return &Bucket{config: c, client: client, network: over, transport: transport}, nil
}

// lookupStyle puts the bucket's name into the path, which nearly every store
// understands, except at Amazon, which is ending that, and where it is refused
// (Alibaba Cloud OSS, Tencent COS, Volcengine TOS: virtual-hosted style).
func lookupStyle(endpoint *url.URL) minio.BucketLookupType {
	host := endpoint.Hostname()
	switch {
	case strings.HasSuffix(host, ".amazonaws.com"):
		return minio.BucketLookupAuto
	case strings.HasSuffix(host, ".aliyuncs.com"), strings.HasSuffix(host, ".myqcloud.com"), strings.HasSuffix(host, ".volces.com"):
		return minio.BucketLookupDNS
	}
	return minio.BucketLookupPath
}

// Close lets go of idle connections.
func (b *Bucket) Close() { b.transport.CloseIdleConnections() }

// Put stores size bytes of r under key, all or nothing, replacing what was
// there. Unless r is an io.ReaderAt and io.Seeker (a file), all of it is held in
// memory. Errors: ErrBucketDenied, ErrBucketMissing, ErrBucketUnreachable,
// ctx's own, r's, or io.ErrUnexpectedEOF when r holds less.
func (b *Bucket) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error {
	body, err := newUpload(r, size)
	if err != nil {
		return fmt.Errorf("uploading to the bucket: reading what to upload: %w", err)
	}
	_, err = b.client.PutObject(ctx, b.config.Name, b.fullKey(key), body, size, minio.PutObjectOptions{
		ContentType: contentType,
		// One request: a broken multipart upload leaves hidden parts behind.
		DisableMultipart: true,
		// The store compares it with what arrived.
		SendContentMd5:       true,
		DisableContentSha256: true,
	})
	if readErr := body.source.failed(); err != nil && readErr != nil {
		return fmt.Errorf("uploading to the bucket: reading what to upload: %w", readErr)
	}
	return b.failed("uploading to the bucket", err)
}

// Link returns an address under which anyone can read key: below PublicURL
// when there is one, else presigned and valid for life (1 second to
// MaxLinkLife). It is a secret as long as it lives.
func (b *Bucket) Link(ctx context.Context, key string, life time.Duration) (string, error) {
	if b.config.PublicURL != "" {
		u, err := url.Parse(b.config.PublicURL)
		if err != nil {
			return "", errors.New("making a link: the public URL cannot be read")
		}
		return u.JoinPath(b.fullKey(key)).String(), nil
	}
	if life < time.Second || life > MaxLinkLife {
		return "", fmt.Errorf("making a link: it cannot live for %v; 1 second to 7 days are possible", life)
	}
	// Some stores forget what kind of file an object is; services refuse
	// pictures that don't say so.
	as := url.Values{}
	if kind := mime.TypeByExtension(path.Ext(key)); kind != "" {
		as.Set("response-content-type", kind)
	}
	u, err := b.client.PresignedGetObject(ctx, b.config.Name, b.fullKey(key), life, as)
	if err != nil {
		return "", b.failed("making a link", err)
	}
	return u.String(), nil
}

// Address is what the bucket's links begin with.
func (b *Bucket) Address() string {
	if b.config.PublicURL != "" {
		return b.config.PublicURL
	}
	return b.client.EndpointURL().String()
}

// Stat returns the size of key in bytes and whether it is there.
func (b *Bucket) Stat(ctx context.Context, key string) (size int64, found bool, err error) {
	info, err := b.client.StatObject(ctx, b.config.Name, b.fullKey(key), minio.StatObjectOptions{})
	if isNoSuchKey(err) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, b.failed("looking into the bucket", err)
	}
	return info.Size, true, nil
}

// Remove deletes key. One that is not there is no error.
func (b *Bucket) Remove(ctx context.Context, key string) error {
	err := b.client.RemoveObject(ctx, b.config.Name, b.fullKey(key), minio.RemoveObjectOptions{})
	if isNoSuchKey(err) {
		return nil
	}
	return b.failed("deleting from the bucket", err)
}

func (b *Bucket) fullKey(key string) string {
	return strings.TrimPrefix(path.Join("/", key), "/")
}

// UnguessableName returns a file name of 128 random bits in hex and "." + ext:
// who does not have the link cannot find the photo.
func UnguessableName(ext string) string {
	b := make([]byte, 16)
	rand.Read(b)
	return hex.EncodeToString(b) + "." + strings.TrimPrefix(ext, ".")
}
