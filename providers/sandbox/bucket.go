// The S3-compatible bucket: gofakes3 over bbolt, behind a check of every request's signature.

package sandbox

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3bolt"
	"go.etcd.io/bbolt"
)

const (
	bucketRegion = "auto"
	bucketName   = "maquette-sandbox"
)

type bucket struct {
	about    Bucket
	listener net.Listener
	db       *bbolt.DB
	backend  gofakes3.Backend
	next     http.Handler
	now      func() time.Time
}

// openBucket opens the bucket on a loopback address, on the port used last time if that is free.
func openBucket(s *Sandbox) (*bucket, error) {
	db, err := bbolt.Open(filepath.Join(s.dir, "bucket.db"), 0o600, &bbolt.Options{Timeout: 2 * time.Second})
	if err != nil {
		return nil, err
	}
	backend := s3bolt.New(db)
	b := &bucket{db: db, backend: backend, now: s.now}
	exists, err := backend.BucketExists(bucketName)
	if err == nil && !exists {
		err = backend.CreateBucket(bucketName)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if b.listener, err = s.listen("bucket port", ""); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	// The signature check judges the time; gofakes3's own clock would disagree with a test's.
	b.next = gofakes3.New(backend, gofakes3.WithTimeSkewLimit(0)).Server()
	b.about = Bucket{
		Endpoint:  "http://" + b.listener.Addr().String(),
		Region:    bucketRegion,
		Name:      bucketName,
		AccessKey: s.keys.BucketAccess,
		SecretKey: s.keys.BucketSecret,
	}
	return b, nil
}

func (b *bucket) close() error {
	b.listener.Close()
	return b.db.Close()
}

// store keeps an object as a service with the bucket's own credentials would.
func (b *bucket) store(name, contentType string, data []byte) error {
	meta := map[string]string{"Content-Type": contentType, "Last-Modified": b.now().UTC().Format(http.TimeFormat)}
	_, err := b.backend.PutObject(bucketName, name, meta, bytes.NewReader(data), int64(len(data)), nil)
	if err != nil {
		return fmt.Errorf("storing %s in the bucket: %w", name, err)
	}
	return nil
}

func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if refused := verifySigV4(r, b.about, b.now()); refused != nil {
		storageError(w, refused.status, refused.code, refused.message)
		return
	}
	if refused := plainBody(r); refused != nil {
		storageError(w, refused.status, refused.code, refused.message)
		return
	}
	b.next.ServeHTTP(w, r)
}
