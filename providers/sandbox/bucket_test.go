// The bucket: what it keeps, and what it refuses without a right signature.

package sandbox_test

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/maquette-studio/maquette/providers/sandbox"
)

func s3(t *testing.T, b sandbox.Bucket) *minio.Client {
	t.Helper()
	transport := &http.Transport{DisableKeepAlives: true}
	c, err := minio.New(strings.TrimPrefix(b.Endpoint, "http://"), &minio.Options{
		Creds: credentials.NewStaticV4(b.AccessKey, b.SecretKey, ""), Region: b.Region, Transport: transport, MaxRetries: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func put(t *testing.T, b sandbox.Bucket, name, text string) {
	t.Helper()
	_, err := s3(t, b).PutObject(t.Context(), b.Name, name, strings.NewReader(text), int64(len(text)), minio.PutObjectOptions{ContentType: "text/plain"})
	if err != nil {
		t.Fatal(err)
	}
}

func presign(t *testing.T, b sandbox.Bucket, name string, valid time.Duration) string {
	t.Helper()
	u, err := s3(t, b).PresignedGetObject(t.Context(), b.Name, name, valid, nil)
	if err != nil {
		t.Fatal(err)
	}
	return u.String()
}

func TestBucketKeepsObjects(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := startIn(t, dir)
	b := s.Bucket()
	for _, text := range []string{"", "short", strings.Repeat("long ", 50_000)} {
		put(t, b, "photos/a b+c.txt", text)
		o, err := s3(t, b).GetObject(t.Context(), b.Name, "photos/a b+c.txt", minio.GetObjectOptions{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(o)
		if err != nil || string(got) != text {
			t.Errorf("read back %d bytes of %d: %v", len(got), len(text), err)
		}
		o.Close()
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	b2 := startIn(t, dir).Bucket()
	if b2 != b {
		t.Errorf("after a restart the bucket is %+v, before %+v", b2, b)
	}
	get(t, presign(t, b2, "photos/a b+c.txt", time.Minute)).want(t, 200)
	if err := s3(t, b2).RemoveObject(t.Context(), b2.Name, "photos/a b+c.txt", minio.RemoveObjectOptions{}); err != nil {
		t.Fatal(err)
	}
	get(t, presign(t, b2, "photos/a b+c.txt", time.Minute)).want(t, 404)
}

func TestBucketAnswersWhatClientsAsk(t *testing.T) {
	t.Parallel()
	b := start(t).Bucket()
	c := s3(t, b)
	if ok, err := c.BucketExists(t.Context(), b.Name); !ok || err != nil {
		t.Errorf("the bucket exists: %v, %v", ok, err)
	}
	if ok, err := c.BucketExists(t.Context(), "another-bucket"); ok || err != nil {
		t.Errorf("another bucket exists: %v, %v", ok, err)
	}
	put(t, b, "m/a.txt", "1")
	put(t, b, "m/b c.txt", "22")
	put(t, b, "other", "3")
	var keys []string
	for o := range c.ListObjects(t.Context(), b.Name, minio.ListObjectsOptions{Prefix: "m/", Recursive: true}) {
		keys = append(keys, o.Key)
	}
	if !slices.Equal(keys, []string{"m/a.txt", "m/b c.txt"}) {
		t.Errorf("listed %q", keys)
	}
	about, err := c.StatObject(t.Context(), b.Name, "m/b c.txt", minio.StatObjectOptions{})
	if err != nil || about.Size != 2 || about.ContentType != "text/plain" {
		t.Errorf("stat: %+v, %v", about, err)
	}
	link, err := c.PresignedPutObject(t.Context(), b.Name, "put.txt", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	send(t, "PUT", link.String(), "", "hello").want(t, 200)
	if r := get(t, presign(t, b, "put.txt", time.Minute)).want(t, 200); string(r.body) != "hello" {
		t.Errorf("got %q", r.body)
	}
}

func TestBucketTakesUploadsInParts(t *testing.T) {
	t.Parallel()
	b := start(t).Bucket()
	data := bytes.Repeat([]byte("0123456789abcdef"), 700_000)
	_, err := s3(t, b).PutObject(t.Context(), b.Name, "big", bytes.NewReader(data), int64(len(data)), minio.PutObjectOptions{PartSize: 5 << 20})
	if err != nil {
		t.Fatal(err)
	}
	if got := get(t, presign(t, b, "big", time.Minute)).want(t, 200); !bytes.Equal(got.body, data) {
		t.Errorf("got %d bytes back, sent %d", len(got.body), len(data))
	}
}

func TestBucketRefusesWhatIsNotSigned(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := startAt(t, t.TempDir(), clock)
	b := s.Bucket()
	put(t, b, "a.txt", "hello")
	link := presign(t, b, "a.txt", time.Hour)
	changed := func(key, value string) string {
		u, err := url.Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		q.Set(key, value)
		u.RawQuery = q.Encode()
		return u.String()
	}
	for _, row := range []struct{ name, url, code string }{
		{"unsigned", b.Endpoint + "/" + b.Name + "/a.txt", "AccessDenied"},
		{"listing unsigned", b.Endpoint + "/" + b.Name, "AccessDenied"},
		{"another object", strings.Replace(link, "a.txt", "b.txt", 1), "SignatureDoesNotMatch"},
		{"a longer life", changed("X-Amz-Expires", "7200"), "SignatureDoesNotMatch"},
		{"a forged signature", changed("X-Amz-Signature", strings.Repeat("0", 64)), "SignatureDoesNotMatch"},
		{"another access key", strings.Replace(link, b.AccessKey, "somebody", 1), "InvalidAccessKeyId"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if r := get(t, row.url).want(t, 403); !bytes.Contains(r.body, []byte("<Code>"+row.code+"</Code>")) {
				t.Errorf("want %s: %s", row.code, r.body)
			}
		})
	}
	get(t, link).want(t, 200)
	clock.advance(61 * time.Minute)
	if r := get(t, link).want(t, 403); !bytes.Contains(r.body, []byte("expired")) {
		t.Errorf("an expired link: %s", r.body)
	}
}

func TestBucketRefusesWrongKeys(t *testing.T) {
	t.Parallel()
	b := start(t).Bucket()
	for name, wrong := range map[string]func(*sandbox.Bucket){
		"access key": func(b *sandbox.Bucket) { b.AccessKey = "wrong" },
		"secret key": func(b *sandbox.Bucket) { b.SecretKey = "wrong" },
	} {
		t.Run(name, func(t *testing.T) {
			b := b
			wrong(&b)
			_, err := s3(t, b).StatObject(t.Context(), b.Name, "a", minio.StatObjectOptions{})
			if minio.ToErrorResponse(err).StatusCode != 403 {
				t.Errorf("want 403, got %v", err)
			}
		})
	}
}
