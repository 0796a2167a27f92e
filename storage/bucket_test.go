package storage_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/maquette-studio/maquette/storage"
)

const (
	testAccess = "maquette-test"
	testSecret = "maquette-test-secret"
	testBucket = "photos"
)

// versitygw starts a real S3 server on loopback with one bucket in it and
// returns how to reach that and the folder where its objects lie.
func versitygw(t *testing.T) (config storage.BucketConfig, folder string) {
	t.Helper()
	program := findVersitygw(t)
	root := t.TempDir()
	folder = filepath.Join(root, testBucket)
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	address := freeAddress(t)
	cmd := exec.Command(program, "--port", address, "--access", testAccess, "--secret", testSecret, "--region", "us-east-1", "--quiet", "posix", "--nometa", root)
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan struct{})
	go func() {
		cmd.Wait()
		close(exited)
	}()
	t.Cleanup(func() {
		cmd.Process.Kill()
		<-exited
		if t.Failed() {
			t.Logf("versitygw said:\n%s", output.String())
		}
	})
	assertEventually(t, func() bool {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
	return storage.BucketConfig{
		Endpoint: "http://" + address, Region: "us-east-1", Name: testBucket,
		AccessKey: testAccess, SecretKey: testSecret,
	}, folder
}

func findVersitygw(t *testing.T) string {
	t.Helper()
	if path, err := exec.LookPath("versitygw"); err == nil {
		return path
	}
	out, err := exec.Command("go", "env", "GOPATH").Output()
	if err == nil {
		path := filepath.Join(strings.TrimSpace(string(out)), "bin", "versitygw")
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	missingPart(t, "versitygw, an S3 server: go install github.com/versity/versitygw/cmd/versitygw@v1.8.0")
	return ""
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func openBucket(t *testing.T, c storage.BucketConfig) *storage.Bucket {
	t.Helper()
	b, err := storage.OpenBucket(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

func TestABucketOnARealServer(t *testing.T) {
	config, _ := versitygw(t)
	config.Prefix = "maquette/photos"
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
		if !strings.Contains(link, "/photos/maquette/photos/"+key+"?") {
			t.Errorf("the link is %s", link)
		}
		status, body := fetchAnonymously(t, link)
		if status != http.StatusOK || !bytes.Equal(body, content) {
			t.Errorf("got %d, %d bytes", status, len(body))
		}
		if status, _ := fetchAnonymously(t, strings.Split(link, "?")[0]); status != http.StatusForbidden {
			t.Errorf("without the signature: %d", status)
		}
	})
	t.Run("its owner reads it", func(t *testing.T) {
		body, n, err := bucket.Get(ctx, key)
		if err != nil {
			t.Fatal(err)
		}
		defer body.Close()
		if got, err := io.ReadAll(body); err != nil || n != size || !bytes.Equal(got, content) {
			t.Errorf("got %d of %d bytes, %v", len(got), n, err)
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
		if _, _, err := bucket.Get(ctx, key); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("got %v", err)
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
		body, _, err := bucket.Get(ctx, "part.jpg")
		if err != nil {
			t.Fatal(err)
		}
		defer body.Close()
		if got, _ := io.ReadAll(body); string(got) != "sent" {
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
		"nobody there":     {func(c *storage.BucketConfig) { c.Endpoint = "http://" + freeAddress(t) }, storage.ErrBucketUnreachable, "check the endpoint"},
		"not public":       {func(c *storage.BucketConfig) { c.PublicURL = c.Endpoint + "/" + c.Name }, storage.ErrBucketDenied, "public reading"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			config := good
			row.change(&config)
			err := openBucket(t, config).Check(t.Context())
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
	if err := openBucket(t, config).Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	config.PublicURL = config.Endpoint + "/" + config.Name
	if err := openBucket(t, config).Check(t.Context()); err == nil {
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
				Endpoint: server.URL, Region: "us-east-1", Name: testBucket, AccessKey: testAccess, SecretKey: testSecret,
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
		Endpoint: server.URL, Region: "us-east-1", Name: testBucket, AccessKey: testAccess, SecretKey: testSecret,
	})
	if err := bucket.Put(t.Context(), "a.png", strings.NewReader("photo"), 5, "image/png"); err != nil {
		t.Error(err)
	}
	if tries != 3 {
		t.Errorf("%d tries", tries)
	}
}

func TestBucketSettingsAreCheckedBeforeAnythingIsSent(t *testing.T) {
	good := storage.BucketConfig{Endpoint: "s3.example.com", Name: "photos", AccessKey: "id", SecretKey: "secret"}
	rows := map[string]struct {
		change func(c *storage.BucketConfig)
		says   string
	}{
		"good":                     {func(*storage.BucketConfig) {}, ""},
		"a URL":                    {func(c *storage.BucketConfig) { c.Endpoint = "https://s3.example.com:9000/" }, ""},
		"http on loopback":         {func(c *storage.BucketConfig) { c.Endpoint = "http://localhost:9000" }, ""},
		"http on IPv6 loopback":    {func(c *storage.BucketConfig) { c.Endpoint = "http://[::1]:9000" }, ""},
		"a public URL":             {func(c *storage.BucketConfig) { c.PublicURL = "https://pub.example.com/x" }, ""},
		"no endpoint":              {func(c *storage.BucketConfig) { c.Endpoint = " " }, "endpoint is missing"},
		"http elsewhere":           {func(c *storage.BucketConfig) { c.Endpoint = "http://s3.example.com" }, "use https"},
		"http on a lookalike":      {func(c *storage.BucketConfig) { c.Endpoint = "http://localhost.example.com" }, "use https"},
		"another scheme":           {func(c *storage.BucketConfig) { c.Endpoint = "ftp://s3.example.com" }, "use https"},
		"a path":                   {func(c *storage.BucketConfig) { c.Endpoint = "https://s3.example.com/photos" }, "leave it out"},
		"a user":                   {func(c *storage.BucketConfig) { c.Endpoint = "https://me:pw@s3.example.com" }, "only a host"},
		"not a URL":                {func(c *storage.BucketConfig) { c.Endpoint = "https://%zz" }, "cannot be read"},
		"no name":                  {func(c *storage.BucketConfig) { c.Name = "" }, "bucket name"},
		"no access key":            {func(c *storage.BucketConfig) { c.AccessKey = "" }, "access key is missing"},
		"no secret key":            {func(c *storage.BucketConfig) { c.SecretKey = "\n" }, "secret key is missing"},
		"a plain public URL":       {func(c *storage.BucketConfig) { c.PublicURL = "http://pub.example.com" }, "use https"},
		"a public URL with a ?":    {func(c *storage.BucketConfig) { c.PublicURL = "https://pub.example.com/?a=b" }, "public URL"},
		"a prefix that climbs out": {func(c *storage.BucketConfig) { c.Prefix = "../other" }, "prefix"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			c := good
			row.change(&c)
			_, err := storage.OpenBucket(c)
			if row.says == "" && err != nil {
				t.Error(err)
			}
			if row.says != "" && (err == nil || !strings.Contains(err.Error(), row.says)) {
				t.Errorf("got %v", err)
			}
			if err != nil && strings.Contains(err.Error(), "pw") {
				t.Errorf("a password is in %v", err)
			}
		})
	}
}

func TestLinks(t *testing.T) {
	config := storage.BucketConfig{
		Endpoint: "https://s3.example.com", Region: "us-east-1", Name: "photos", AccessKey: "id", SecretKey: "secret", Prefix: "a b/",
	}
	presigned := openBucket(t, config)
	for _, life := range []time.Duration{0, time.Millisecond, -time.Hour, storage.MaxLinkLife + time.Second} {
		if link, err := presigned.Link(t.Context(), "x.png", life); err == nil {
			t.Errorf("a life of %v gives %s", life, link)
		}
	}
	link, err := presigned.Link(t.Context(), "x.png", storage.MaxLinkLife)
	if err != nil || !strings.Contains(link, "X-Amz-Expires=604800") || strings.Contains(link, "secret") {
		t.Errorf("got %s, %v", link, err)
	}
	config.PublicURL = "https://pub.example.com/mine/"
	public, err := openBucket(t, config).Link(t.Context(), "../x.png", time.Hour)
	if err != nil || public != "https://pub.example.com/mine/a%20b/x.png" {
		t.Errorf("got %s, %v", public, err)
	}
}

func TestUnguessableNames(t *testing.T) {
	shape := regexp.MustCompile(`^[0-9a-f]{32}\.png$`)
	seen := map[string]bool{}
	for range 1000 {
		name := storage.UnguessableName(".png")
		if !shape.MatchString(name) || seen[name] {
			t.Fatalf("got %q", name)
		}
		seen[name] = true
	}
}

func TestTheBucketsSecretIsNeitherStoredNorLogged(t *testing.T) {
	c := storage.BucketConfig{Endpoint: "s3.example.com", Name: "photos", AccessKey: "id", SecretKey: "hush"}
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("bucket", "config", c, "pointer", &c)
	slog.New(slog.NewTextHandler(&out, nil)).Info("bucket", "config", c, "pointer", &c)
	if err := json.NewEncoder(&out).Encode(c); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "hush") || !strings.Contains(out.String(), "photos") {
		t.Error(out.String())
	}
}
