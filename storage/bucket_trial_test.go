// Stores that misbehave at one step of what jobs do with a bucket.

package storage_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/storage"
	"github.com/maquette-studio/maquette/storage/realparts"
)

// refuses answers with an error of S3's.
func refuses(status int, code string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(status)
		fmt.Fprintf(w, `<?xml version="1.0"?><Error><Code>%s</Code><Message>no</Message></Error>`, code)
	}
}

// isLink reports whether a request has no credentials but those in its link.
func isLink(r *http.Request) bool { return r.Header.Get("Authorization") == "" }

func TestTheCheckNamesTheStepThatFails(t *testing.T) {
	t.Parallel()
	puts := func(r *http.Request) bool { return r.Method == http.MethodPut }
	reads := func(r *http.Request) bool { return r.Method == http.MethodGet && isLink(r) && r.URL.Path != "/" }
	deletes := func(r *http.Request) bool { return r.Method == http.MethodDelete }
	all := func(*http.Request) bool { return true }
	for name, row := range map[string]struct {
		at      func(*http.Request) bool
		answers http.HandlerFunc
		kind    error
		says    []string
	}{
		"may not write":                 {puts, refuses(403, "AccessDenied"), storage.ErrBucketDenied, []string{"uploading", "these keys may not do this"}},
		"may not write, without a code": {puts, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) }, storage.ErrBucketDenied, []string{"uploading", "keys"}},
		"links are refused":             {reads, refuses(403, "AccessDenied"), storage.ErrBucketDenied, []string{"by its link", "presigned links are refused"}},
		"links are redirected away":     {reads, redirects(302, "/elsewhere.html"), storage.ErrBucketDenied, []string{"by its link"}},
		"links are a web page":          {reads, page, storage.ErrBucketDenied, []string{"by its link", "something else came back"}},
		"links name another kind":       {reads, asKind("text/html"), storage.ErrBucketDenied, []string{"by its link", "another kind of file"}},
		"may not delete":                {deletes, refuses(403, "AccessDenied"), storage.ErrBucketDenied, []string{"deleting", "these keys may not do this"}},
		"deleting does nothing":         {deletes, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, storage.ErrBucketDenied, []string{"deleting", "still there"}},
		"objects are locked":            {deletes, refuses(403, "ObjectLocked"), storage.ErrBucketDenied, []string{"deleting"}},
		"the clock":                     {all, refuses(403, "RequestTimeTooSkewed"), storage.ErrBucketDenied, []string{"clock"}},
		"another region":                {all, refuses(400, "AuthorizationHeaderMalformed"), storage.ErrBucketDenied, []string{"another region"}},
		"another region, redirected":    {all, refuses(301, "PermanentRedirect", "x-amz-bucket-region", "eu-west-9"), storage.ErrBucketDenied, []string{"another region"}},
		"another region, for now":       {all, refuses(307, "TemporaryRedirect"), storage.ErrBucketDenied, []string{"another region"}},
		"another address":               {all, redirects(301, "https://bucket.example.com/"), storage.ErrBucketDenied, []string{"redirects", "bucket.example.com"}},
		"another address, for now":      {all, redirects(307, "https://bucket.example.com/photos"), storage.ErrBucketDenied, []string{"redirects", "bucket.example.com"}},
		"a web page":                    {all, page, storage.ErrBucketDenied, []string{"web page"}},
		"MinIO's console":               {all, console, storage.ErrBucketDenied, []string{"web page", "9000"}},
		"MinIO's console, refusing":     {all, refusingConsole, storage.ErrBucketDenied, []string{"web page", "9000"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := &keyStore{objects: map[string][]byte{}, tokens: map[string]bool{}}
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case row.at(r):
					row.answers(w, r)
				case r.URL.Query().Has("list-type"):
					w.Header().Set("Content-Type", "application/xml")
					fmt.Fprint(w, `<ListBucketResult><Name>photos</Name></ListBucketResult>`)
				default:
					store.ServeHTTP(w, r)
				}
			}))
			t.Cleanup(server.Close)
			config := storage.BucketConfig{Endpoint: server.URL, Region: realparts.Region, Name: realparts.Bucket, AccessKey: "id", SecretKey: "hush-hush"}
			err := try(t, openBucket(t, config))
			if !errors.Is(err, row.kind) {
				t.Fatalf("got %v", err)
			}
			for _, words := range row.says {
				if !strings.Contains(err.Error(), words) {
					t.Errorf("%q isn't in %v", words, err)
				}
			}
			if said := err.Error(); strings.Contains(said, "hush-hush") || strings.Contains(said, "X-Amz-") {
				t.Errorf("a secret is in %v", err)
			}
		})
	}
}

func redirects(status int, to string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if r.URL.Path == to {
			page(w, r)
			return
		}
		w.Header().Set("Location", to)
		w.WriteHeader(status)
	}
}

func page(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprint(w, "<!doctype html><html><title>Welcome</title></html>")
}

// console is MinIO's of before 2024, a web page for every path.
func console(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Server", "MinIO Console")
	page(w, r)
}

// refusingConsole is MinIO's that knows S3's requests.
func refusingConsole(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	w.Header().Set("Server", "MinIO Console")
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(http.StatusForbidden)
	fmt.Fprint(w, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>S3 API Requests must be made to API port.</Message></Error>`)
}

func asKind(kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		fmt.Fprint(w, "a file")
	}
}

// What a check that was killed left is deleted by the next one; what is young,
// or anybody else's, stays.
func TestWhatAKilledCheckLeftIsSwept(t *testing.T) {
	config, folder := versitygw(t)
	bucket := openBucket(t, config)
	old, young := storage.TrialName("png"), storage.TrialName("safetensors")
	others := []string{storage.UnguessableName("png"), "maquette-check-list.txt", "maquette-check-/" + storage.UnguessableName("png")}
	for _, key := range append([]string{old, young}, others...) {
		if err := bucket.Put(t.Context(), key, strings.NewReader("a file"), 6, "image/png"); err != nil {
			t.Fatal(err)
		}
		if key == young {
			continue
		}
		yesterday := time.Now().Add(-24 * time.Hour)
		if err := os.Chtimes(filepath.Join(folder, key), yesterday, yesterday); err != nil {
			t.Fatal(err)
		}
	}
	bucket.SweepTrials(t.Context())
	for _, key := range append([]string{old, young}, others...) {
		if _, found, err := bucket.Stat(t.Context(), key); err != nil || found != (key != old) {
			t.Errorf("%s is there: %v, %v", key, found, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	bucket.SweepTrials(ctx) // ends
}
