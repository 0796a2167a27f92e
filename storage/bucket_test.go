package storage_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/maquette-studio/maquette/storage"
	"github.com/maquette-studio/maquette/storage/realparts"
)

// plainNetwork is a way out without proxies.
type plainNetwork struct{}

func (plainNetwork) Transport() storage.Transport { return &http.Transport{MaxIdleConnsPerHost: 8} }

func (plainNetwork) Read(ctx context.Context, link string, limit int64) (storage.LinkAnswer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return storage.LinkAnswer{}, err
	}
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(request)
	if err != nil {
		return storage.LinkAnswer{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, limit))
	return storage.LinkAnswer{Status: response.StatusCode, Type: response.Header.Get("Content-Type"), Body: body}, err
}

// try does with a small file what the check of a bucket does.
func try(t *testing.T, bucket *storage.Bucket) error {
	t.Helper()
	return bucket.Try(t.Context(), storage.Trial{Key: storage.UnguessableName("png"), ContentType: "image/png", Content: []byte("a file"), Life: 48 * time.Hour})
}

func openBucket(t *testing.T, c storage.BucketConfig) *storage.Bucket {
	t.Helper()
	b, err := storage.OpenBucket(c, plainNetwork{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

func TestABucketOnARealServer(t *testing.T) {
	config, _ := versitygw(t)
	bucket := openBucket(t, config)
	ctx := t.Context()
	key, content := storage.UnguessableName("jpg"), bytes.Repeat([]byte("photo"), 50_000)
	size := int64(len(content))

	for name, r := range map[string]io.Reader{
		"a reader that can be sent again": bytes.NewReader(content),
		"a stream":                        iotest.OneByteReader(bytes.NewReader(content)),
	} {
		if err := bucket.Put(ctx, key, r, size, "image/jpeg"); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, found, err := bucket.Stat(ctx, key)
		if err != nil || !found || got != size {
			t.Fatalf("%s: %d, %v, %v", name, got, found, err)
		}
	}

	t.Run("anyone reads it by its link", func(t *testing.T) {
		link, err := bucket.Link(ctx, key, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(link, "/photos/"+key+"?") {
			t.Errorf("the link is %s", link)
		}
		status, body := fetchAnonymously(t, link)
		if status != http.StatusOK || !bytes.Equal(body, content) {
			t.Errorf("got %d, %d bytes", status, len(body))
		}
		if kind := kindOf(t, link); kind != "image/jpeg" {
			t.Errorf("a store that keeps no types serves it as %q", kind)
		}
		if status, _ := fetchAnonymously(t, strings.Split(link, "?")[0]); status != http.StatusForbidden {
			t.Errorf("without the signature: %d", status)
		}
	})
	t.Run("it is gone after Remove", func(t *testing.T) {
		for range 2 {
			if err := bucket.Remove(ctx, key); err != nil {
				t.Fatal(err)
			}
		}
		if _, found, err := bucket.Stat(ctx, key); found || err != nil {
			t.Errorf("got %v, %v", found, err)
		}
	})
	t.Run("too few bytes are no upload", func(t *testing.T) {
		for _, r := range []io.Reader{strings.NewReader("short"), io.LimitReader(strings.NewReader("short"), 100)} {
			if err := bucket.Put(ctx, key, r, 100, "image/jpeg"); !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("got %v", err)
			}
			if _, found, _ := bucket.Stat(ctx, key); found {
				t.Error("it was kept")
			}
		}
	})
	t.Run("a photo that cannot be read is no trouble of the bucket's", func(t *testing.T) {
		unplugged := errors.New("the camera was unplugged")
		for _, r := range []io.Reader{iotest.ErrReader(unplugged), &unpluggedFile{SectionReader: io.NewSectionReader(bytes.NewReader(content), 0, size), err: unplugged}} {
			err := bucket.Put(ctx, key, r, size, "image/jpeg")
			if !errors.Is(err, unplugged) || errors.Is(err, storage.ErrBucketUnreachable) {
				t.Errorf("got %v", err)
			}
		}
	})
	t.Run("a file is sent from where it stands, and stays open", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "photo.jpg")
		if err := os.WriteFile(path, []byte("skipped,sent,left"), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Seek(8, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		if err := bucket.Put(ctx, "part.jpg", f, 4, "image/jpeg"); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Errorf("it was closed: %v", err)
		}
		link, err := bucket.Link(ctx, "part.jpg", time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		if _, got := fetchAnonymously(t, link); string(got) != "sent" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("a cancelled upload says so", func(t *testing.T) {
		ctx, cancel := context.WithCancel(ctx)
		cancel()
		if err := bucket.Put(ctx, key, bytes.NewReader(content), size, "image/jpeg"); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

// unpluggedFile fails in its second half, all but the last byte.
type unpluggedFile struct {
	*io.SectionReader
	err error
}

func (f *unpluggedFile) ReadAt(b []byte, at int64) (int, error) {
	if at > f.Size()/2 && at < f.Size()-1 {
		return 0, f.err
	}
	return f.SectionReader.ReadAt(b, at)
}

func fetchAnonymously(t *testing.T, link string) (status int, body []byte) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get(link)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, body
}

// kindOf is the Content-Type that is seen without credentials.
func kindOf(t *testing.T, link string) string {
	t.Helper()
	answer, err := http.Get(link)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer.Header.Get("Content-Type")
}

func TestCheckSaysWhatToChange(t *testing.T) {
	good, _ := versitygw(t)
	rows := map[string]struct {
		change func(c *storage.BucketConfig)
		kind   error
		says   string
	}{
		"all is well":      {func(*storage.BucketConfig) {}, nil, ""},
		"region unknown":   {func(c *storage.BucketConfig) { c.Region = "" }, nil, ""},
		"wrong secret":     {func(c *storage.BucketConfig) { c.SecretKey = "wrong" }, storage.ErrBucketDenied, "secret key does not belong"},
		"wrong access key": {func(c *storage.BucketConfig) { c.AccessKey = "nobody" }, storage.ErrBucketDenied, "does not know this access key"},
		"wrong region":     {func(c *storage.BucketConfig) { c.Region = "eu-west-9" }, storage.ErrBucketDenied, "region"},
		"missing bucket":   {func(c *storage.BucketConfig) { c.Name = "elsewhere" }, storage.ErrBucketMissing, "create it"},
		"nobody there":     {func(c *storage.BucketConfig) { c.Endpoint = "http://" + realparts.FreeAddress(t) }, storage.ErrBucketUnreachable, "check the endpoint"},
		"not public":       {func(c *storage.BucketConfig) { c.PublicURL = c.Endpoint + "/" + c.Name }, storage.ErrBucketDenied, "public reading"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			config := good
			row.change(&config)
			err := try(t, openBucket(t, config))
			if row.kind == nil {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if !errors.Is(err, row.kind) || !strings.Contains(err.Error(), row.says) {
				t.Errorf("got %v", err)
			}
			if strings.Contains(err.Error(), config.SecretKey) || strings.Contains(err.Error(), "X-Amz-Signature") {
				t.Errorf("a secret is in %v", err)
			}
		})
	}
}

func TestCheckLeavesNothingBehind(t *testing.T) {
	config, folder := versitygw(t)
	if err := try(t, openBucket(t, config)); err != nil {
		t.Fatal(err)
	}
	config.PublicURL = config.Endpoint + "/" + config.Name
	if err := try(t, openBucket(t, config)); err == nil {
		t.Fatal("an unreadable bucket passed")
	}
	left, err := filepath.Glob(filepath.Join(folder, "[^.]*")) // not versitygw's own .sgwtmp
	if err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

// A store answers in every way it should not.
func TestAnswersThatAreNotFromAStore(t *testing.T) {
	rows := map[string]struct {
		handler http.HandlerFunc
		kind    error
	}{
		"trouble": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }, storage.ErrBucketUnreachable},
		"a web page": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			io.WriteString(w, "<html><body>Sign in to the hotel's network</body></html>")
		}, storage.ErrBucketDenied},
		"a wrong clock": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/xml")
			w.WriteHeader(http.StatusForbidden)
			io.WriteString(w, `<?xml version="1.0"?><Error><Code>RequestTimeTooSkewed</Code><Message>too far</Message></Error>`)
		}, storage.ErrBucketDenied},
		"a reset": {func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }, storage.ErrBucketUnreachable},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(row.handler)
			defer server.Close()
			bucket := openBucket(t, storage.BucketConfig{
				Endpoint: server.URL, Region: "us-east-1", Name: realparts.Bucket, AccessKey: realparts.Access, SecretKey: testSecret,
			})
			err := bucket.Put(t.Context(), "a.png", strings.NewReader("x"), 1, "image/png")
			if !errors.Is(err, row.kind) {
				t.Errorf("got %v", err)
			}
			var explained *storage.BucketError
			if !errors.As(err, &explained) || explained.Advice == "" {
				t.Errorf("no advice in %v", err)
			}
		})
	}
}

func TestUploadsAreTriedAFewTimesOnly(t *testing.T) {
	var mu sync.Mutex
	tries := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		tries++
		body, _ := io.ReadAll(r.Body)
		if string(body) != "photo" {
			t.Errorf("try %d sent %q", tries, body)
		}
		if tries < 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer server.Close()
	bucket := openBucket(t, storage.BucketConfig{
		Endpoint: server.URL, Region: "us-east-1", Name: realparts.Bucket, AccessKey: realparts.Access, SecretKey: testSecret,
	})
	if err := bucket.Put(t.Context(), "a.png", strings.NewReader("photo"), 5, "image/png"); err != nil {
		t.Error(err)
	}
	if tries != 3 {
		t.Errorf("%d tries", tries)
	}
}
