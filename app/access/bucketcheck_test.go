// What the check of the bucket says of each service.

package access_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/access"
	"github.com/maquette-studio/maquette/app/settings"
	"github.com/maquette-studio/maquette/providers/registry"
	"github.com/maquette-studio/maquette/storage/realparts"
)

// before puts a handler before a store, that answers a request or leaves it to the store.
func before(t *testing.T, endpoint string, answers func(w http.ResponseWriter, r *http.Request) (done bool)) string {
	t.Helper()
	store, err := url.Parse(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	pass := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(store)
		r.Out.Host = r.In.Host // signed
	}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !answers(w, r) {
			pass.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// check is what the check says of a bucket at an endpoint, by service id.
func check(t *testing.T, set settings.Bucket) (said map[string]string, err error) {
	t.Helper()
	a := open(t, map[string]string{access.BucketSecretEnv: "a-secret"})
	a.Services = registry.All()
	bucket := access.NewBucket(a, settings.Bucket{})
	t.Cleanup(bucket.Close)
	if _, err := bucket.Set(t.Context(), set, access.BucketSecrets{Key: "a-secret"}); err != nil {
		t.Fatal(err)
	}
	proofs, err := bucket.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	said = map[string]string{}
	for _, p := range proofs {
		said[p.Service.ID] = p.Words().String()
	}
	return said, proofs.Err()
}

func TestTheCheckProvesWhatEachServiceDoes(t *testing.T) {
	t.Parallel()
	endpoint, folder := realparts.S3(t, "a-secret")
	ends := func(r *http.Request, ext string) bool { return strings.HasSuffix(r.URL.Path, "."+ext) }
	for name, row := range map[string]struct {
		answers func(w http.ResponseWriter, r *http.Request) bool
		works   map[string]string
		fails   []string // what the error says
	}{
		"a store as it should be": {
			func(http.ResponseWriter, *http.Request) bool { return false },
			map[string]string{"luma": "works", "dreamlook": "works", "lucydream": "works"},
			nil,
		},
		"one without parts of files": {
			func(_ http.ResponseWriter, r *http.Request) bool { r.Header.Del("Range"); return false },
			map[string]string{"luma": "works", "dreamlook": "works", "lucydream": "starts anew"},
			nil,
		},
		"one that keeps captions from being read": {
			func(w http.ResponseWriter, r *http.Request) bool {
				if denied := ends(r, "json") && r.Header.Get("Authorization") == "" && r.Method == http.MethodGet; denied {
					w.WriteHeader(http.StatusForbidden)
					return true
				}
				return false
			},
			map[string]string{"luma": "works", "dreamlook": "doesn't work", "lucydream": "works"},
			[]string{"dreamlook.ai: ", "presigned links are refused"},
		},
		"one that takes no large files of others' kinds": {
			func(w http.ResponseWriter, r *http.Request) bool {
				if denied := ends(r, "safetensors") && r.Method == http.MethodPut; denied {
					w.WriteHeader(http.StatusForbidden)
					return true
				}
				return false
			},
			map[string]string{"luma": "works", "dreamlook": "works", "lucydream": "doesn't work"},
			[]string{"LucyDream: ", "uploading"},
		},
		"one that has every link refused": {
			func(w http.ResponseWriter, r *http.Request) bool {
				if denied := r.Header.Get("Authorization") == ""; denied {
					w.WriteHeader(http.StatusForbidden)
					return true
				}
				return false
			},
			map[string]string{"luma": "doesn't work", "dreamlook": "doesn't work", "lucydream": "doesn't work"},
			[]string{"presigned links are refused"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			said, err := check(t, settings.Bucket{
				Endpoint: before(t, endpoint, row.answers), Region: realparts.Region, Name: realparts.Bucket, AccessKey: realparts.Access,
			})
			for service, words := range row.works {
				if !strings.Contains(said[service], words) {
					t.Errorf("of %s it says %q, want %q", service, said[service], words)
				}
			}
			if _, others := said["bria"]; others || (err != nil) != (len(row.fails) > 0) {
				t.Errorf("it says %v, %v", said, err)
			}
			for _, words := range row.fails {
				if err != nil && !strings.Contains(err.Error(), words) {
					t.Errorf("%q isn't in %v", words, err)
				}
			}
			if left, _ := filepath.Glob(filepath.Join(folder, "[^.]*")); len(left) > 0 {
				t.Errorf("left there: %v", left)
			}
		})
	}
}
