package storage_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/storage"
	"github.com/maquette-studio/maquette/storage/realparts"
)

func TestABucketIsCreatedOnARealStore(t *testing.T) {
	t.Parallel()
	config, folder := versitygw(t)
	config.Name = "new-photos"
	bucket := openBucket(t, config)
	for _, want := range []bool{true, false} { // the second time it is there
		if made, err := bucket.Create(t.Context()); err != nil || made != want {
			t.Fatal(made, err)
		}
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(folder), "new-photos")); err != nil {
		t.Error(err)
	}
	if err := bucket.MakePrivate(t.Context()); err != nil && !storage.IsUnknownRequest(err) {
		t.Error("setting it private:", err)
	}
	if _, err := bucket.Expire(t.Context()); err != nil && !storage.IsUnknownRequest(err) {
		t.Error("adding the rule:", err)
	}
	if err := try(t, bucket); err != nil {
		t.Error("what jobs do with it:", err)
	}
}

// lifecycleStore knows a bucket's rules, and remembers what was asked of it.
type lifecycleStore struct {
	rules   string
	written []string
	refuse  func(r *http.Request) http.HandlerFunc
}

func (s *lifecycleStore) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if answer := s.refuse(r); answer != nil {
		answer(w, r)
		return
	}
	switch {
	case r.Method == http.MethodPut:
		s.written = append(s.written, r.URL.RawQuery+" "+string(body))
	case r.URL.Query().Has("lifecycle") && s.rules == "":
		refuses(404, "NoSuchLifecycleConfiguration")(w, r)
	case r.URL.Query().Has("lifecycle"):
		_, _ = io.WriteString(w, s.rules)
	}
}

func storeOf(t *testing.T, store *lifecycleStore) *storage.Bucket {
	t.Helper()
	if store.refuse == nil {
		store.refuse = func(*http.Request) http.HandlerFunc { return nil }
	}
	server := httptest.NewServer(store)
	t.Cleanup(server.Close)
	return openBucket(t, storage.BucketConfig{Endpoint: server.URL, Region: realparts.Region, Name: realparts.Bucket, AccessKey: "id", SecretKey: "hush-hush"})
}

// The rule is for Maquette's own copies, and the rules that are there stay.
func TestTheRuleTouchesNobodyElsesObjects(t *testing.T) {
	t.Parallel()
	store := &lifecycleStore{rules: `<LifecycleConfiguration><Rule><ID>theirs</ID><Status>Enabled</Status><Filter><Prefix>logs/</Prefix></Filter><Expiration><Days>30</Days></Expiration></Rule></LifecycleConfiguration>`}
	bucket := storeOf(t, store)
	if added, err := bucket.Expire(t.Context()); err != nil || !added || len(store.written) != 1 {
		t.Fatal(added, err, store.written)
	}
	for _, part := range []string{"<ID>theirs</ID>", "<Prefix>logs/</Prefix>", "<Prefix>maquette-</Prefix>", "<Days>2</Days>"} {
		if !strings.Contains(store.written[0], part) {
			t.Errorf("%s isn't in %s", part, store.written[0])
		}
	}
	if name := storage.CopyName("jpg"); !strings.HasPrefix(name, "maquette-") || len(name) < 32+len("maquette-.jpg") {
		t.Errorf("a copy is named %s", name)
	}
	store.rules = strings.TrimPrefix(store.written[0], "lifecycle= ")
	if added, err := bucket.Expire(t.Context()); err != nil || added || len(store.written) != 1 {
		t.Error("the second time it is", added, err, store.written)
	}
}

func TestPublicAccessIsBlockedWhereTheStoreKnowsHow(t *testing.T) {
	t.Parallel()
	store := &lifecycleStore{}
	if err := storeOf(t, store).MakePrivate(t.Context()); err != nil || len(store.written) != 1 || !strings.Contains(store.written[0], "<RestrictPublicBuckets>true</RestrictPublicBuckets>") {
		t.Error(err, store.written)
	}
}

// What the keys may not do, or the store doesn't know, is told apart; rules that can't be seen are never written over.
func TestWhatTheKeysMayNotDoIsTold(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		status  int
		code    string
		unknown bool
	}{{403, "AccessDenied", false}, {501, "NotImplemented", true}, {405, "MethodNotAllowed", true}} {
		store := &lifecycleStore{refuse: func(r *http.Request) http.HandlerFunc { return refuses(row.status, row.code) }}
		bucket := storeOf(t, store)
		_, createErr := bucket.Create(t.Context())
		_, ruleErr := bucket.Expire(t.Context())
		for what, err := range map[string]error{"create": createErr, "private": bucket.MakePrivate(t.Context()), "rule": ruleErr} {
			if !errors.Is(err, storage.ErrBucketDenied) || storage.IsUnknownRequest(err) != row.unknown {
				t.Errorf("%s, %s: %v", row.code, what, err)
			}
			if err != nil && (strings.Contains(err.Error(), "hush-hush") || strings.Contains(err.Error(), "X-Amz-")) {
				t.Errorf("a secret is in %v", err)
			}
		}
		if len(store.written) > 0 {
			t.Errorf("%s: %q was written", row.code, store.written)
		}
	}
	taken := storeOf(t, &lifecycleStore{refuse: func(r *http.Request) http.HandlerFunc {
		if r.Method == http.MethodPut {
			return refuses(409, "BucketAlreadyExists")
		}
		return refuses(404, "NoSuchBucket")
	}})
	if _, err := taken.Create(t.Context()); !errors.Is(err, storage.ErrBucketTaken) {
		t.Error(err)
	}
}
