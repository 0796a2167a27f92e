package storage_test

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/storage"
)

// lateReader is a connection that breaks, and whose client goes on reading what
// it was to send while the next request already does.
type lateReader struct {
	plainNetwork

	broken io.Reader // the first request's body
	late   int       // how much of it was read too late, bytes
	got    []byte
}

func (l *lateReader) Transport() storage.Transport { return l }

func (l *lateReader) CloseIdleConnections() {}

func (l *lateReader) RoundTrip(r *http.Request) (*http.Response, error) {
	if l.broken == nil {
		l.broken = r.Body
		_, _ = io.CopyN(io.Discard, r.Body, 3)
		return nil, io.ErrUnexpectedEOF
	}
	half := make([]byte, 4)
	if _, err := io.ReadFull(r.Body, half); err != nil {
		return nil, err
	}
	l.late, _ = l.broken.Read(make([]byte, 5))
	rest, err := io.ReadAll(r.Body)
	l.got = slices.Concat(half, rest)
	answer := &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Etag": {`"1"`}}, Body: io.NopCloser(strings.NewReader("")), Request: r}
	return answer, err
}

// The client may read a broken request's body for a while after its end
// (net/http, RoundTripper).
func TestABrokenUploadTakesNothingFromTheNext(t *testing.T) {
	network := &lateReader{}
	bucket, err := storage.OpenBucket(storage.BucketConfig{Endpoint: "http://127.0.0.1:9", Region: "us-east-1", Name: "photos", AccessKey: "id", SecretKey: "hush-hush"}, network)
	if err != nil {
		t.Fatal(err)
	}
	content := "all of a photo's bytes"
	if err := bucket.Put(t.Context(), "photo.jpg", bytes.NewReader([]byte(content)), int64(len(content)), "image/jpeg"); err != nil {
		t.Fatal(err)
	}
	if network.late != 0 || string(network.got) != content {
		t.Errorf("%d bytes were read too late, and %q arrived of %q", network.late, network.got, content)
	}
}
