// What the check of a bucket finds out, and temporary keys.

package storage_test

import (
	"crypto/md5"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/maquette-studio/maquette/storage"
)

// keyStore keeps whatever is put under a path: a host that is a bucket itself
// does the same with a path that begins with the bucket's name.
type keyStore struct {
	mu      sync.Mutex
	objects map[string][]byte
	tokens  map[string]bool // session tokens seen
}

func (s *keyStore) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if token := r.Header.Get("X-Amz-Security-Token"); token != "" {
		s.tokens[token] = true
	}
	if token := r.URL.Query().Get("X-Amz-Security-Token"); token != "" {
		s.tokens["link:"+token] = true
	}
	content, found := s.objects[r.URL.Path]
	switch {
	case r.Method == http.MethodPut:
		s.objects[r.URL.Path], _ = io.ReadAll(r.Body)
		w.Header().Set("ETag", fmt.Sprintf(`"%x"`, md5.Sum(s.objects[r.URL.Path])))
	case r.Method == http.MethodDelete:
		delete(s.objects, r.URL.Path)
		w.WriteHeader(http.StatusNoContent)
	case !found:
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `<Error><Code>NoSuchKey</Code></Error>`)
	default:
		w.Header().Set("ETag", fmt.Sprintf(`"%x"`, md5.Sum(content)))
		w.Header().Set("Last-Modified", "Mon, 02 Jan 2006 15:04:05 GMT")
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write(content)
	}
}

func TestACheckFindsAnEndpointThatIsTheBucketItself(t *testing.T) {
	t.Parallel()
	store := &keyStore{objects: map[string][]byte{}, tokens: map[string]bool{}}
	server := httptest.NewServer(store)
	t.Cleanup(server.Close)
	config := storage.BucketConfig{Endpoint: server.URL, Region: "us-east-1", Name: "photos", AccessKey: "id", SecretKey: "secret"}
	err := try(t, openBucket(t, config))
	if err == nil || !strings.Contains(err.Error(), "name the bucket already") {
		t.Errorf("told %v", err)
	}
	if len(store.objects) > 0 {
		t.Errorf("left there: %d objects", len(store.objects))
	}
}

func TestTemporaryKeysComeWithTheirToken(t *testing.T) {
	t.Parallel()
	store := &keyStore{objects: map[string][]byte{}, tokens: map[string]bool{}}
	server := httptest.NewServer(store)
	t.Cleanup(server.Close)
	config := storage.BucketConfig{Endpoint: server.URL, Region: "us-east-1", Name: "photos", AccessKey: "ASIAEXAMPLE", SecretKey: "secret"}
	if _, err := storage.OpenBucket(config, plainNetwork{}); err == nil || !strings.Contains(err.Error(), "session token is missing") {
		t.Errorf("without a token: %v", err)
	}
	config.SessionToken = "token-1"
	bucket := openBucket(t, config)
	if err := bucket.Put(t.Context(), "x.png", strings.NewReader("x"), 1, "image/png"); err != nil {
		t.Fatal(err)
	}
	link, err := bucket.Link(t.Context(), "x.png", storage.MaxLinkLife)
	if err != nil {
		t.Fatal(err)
	}
	if status, _ := fetchAnonymously(t, link); status != http.StatusOK || !store.tokens["token-1"] || !store.tokens["link:token-1"] {
		t.Errorf("%d: the store saw %v", status, store.tokens)
	}
	for _, printed := range []string{fmt.Sprint(config), fmt.Sprintf("%+v", config), fmt.Sprintf("%#v", config)} {
		if strings.Contains(printed, "token-1") {
			t.Errorf("the token is printed: %s", printed)
		}
	}
}

func TestAnExpiredTokenIsSaid(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>`)
	}))
	t.Cleanup(server.Close)
	config := storage.BucketConfig{Endpoint: server.URL, Region: "us-east-1", Name: "photos", AccessKey: "ASIAEXAMPLE", SecretKey: "secret", SessionToken: "old"}
	err := openBucket(t, config).Put(t.Context(), "x.png", strings.NewReader("x"), 1, "image/png")
	if err == nil || !strings.Contains(err.Error(), "have expired") {
		t.Errorf("told %v", err)
	}
}

// A store may repeat what it was sent; it isn't told on.
func TestAStoresWordsRepeatNoSecret(t *testing.T) {
	t.Parallel()
	const secret, token = "wJalrXUtnFEMI/K7MDENG", "FwoGZXIv/YXdz+EJr=="
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `<Error><Code>Odd</Code><Message>%s %s %s %s</Message></Error>`, secret, token, url.QueryEscape(secret), url.QueryEscape(token))
	}))
	t.Cleanup(server.Close)
	config := storage.BucketConfig{Endpoint: server.URL, Region: "us-east-1", Name: "photos", AccessKey: "ASIAEXAMPLE", SecretKey: secret, SessionToken: token}
	err := openBucket(t, config).Put(t.Context(), "x.png", strings.NewReader("x"), 1, "image/png")
	if err == nil || strings.Contains(err.Error(), "wJalrXUtnFEMI") || strings.Contains(err.Error(), "FwoGZXIv") {
		t.Errorf("told %v", err)
	}
}
