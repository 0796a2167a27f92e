package access_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/access"
	"github.com/maquette-studio/maquette/app/settings"
)

// Each step says what it did, or that the keys may not and what to do by hand.
func TestMakingABucketSaysWhatWasDone(t *testing.T) {
	t.Parallel()
	refuse := func(status int, code string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/xml")
			w.WriteHeader(status)
			fmt.Fprintf(w, `<Error><Code>%s</Code><Message>no</Message></Error>`, code)
		}
	}
	for name, row := range map[string]struct {
		bucket, private, rule http.HandlerFunc // nil for yes
		says                  [3]string
		fails                 bool
	}{
		"all may be done":        {says: [3]string{"there already", "blocked", "deleted after two days"}},
		"a store without blocks": {private: refuse(501, "NotImplemented"), says: [3]string{"there already", "private unless", "deleted after two days"}},
		"keys for objects only": {
			bucket: refuse(403, "AccessDenied"), private: refuse(403, "AccessDenied"), rule: refuse(403, "AccessDenied"),
			says: [3]string{"on the store's own page, unless it is there", "Leave the bucket private", "begin with “maquette-” after two days. Maquette also removes"}, fails: true,
		},
		"a store without rules": {rule: refuse(501, "NotImplemented"), says: [3]string{"there already", "blocked", "On the store's own page, add a lifecycle rule"}, fails: true},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			answer := row.bucket
			switch {
			case r.URL.Query().Has("publicAccessBlock"):
				answer = row.private
			case r.URL.Query().Has("lifecycle") && row.rule == nil && r.Method == http.MethodGet:
				answer = refuse(404, "NoSuchLifecycleConfiguration")
			case r.URL.Query().Has("lifecycle"):
				answer = row.rule
			}
			if answer != nil {
				answer(w, r)
			}
		}))
		t.Cleanup(server.Close)
		a := open(t, nil)
		bucket := access.NewBucket(a, settings.Bucket{})
		set := settings.Bucket{Endpoint: server.URL, Region: "us-east-1", Name: "photos", AccessKey: "id"}
		if _, err := bucket.Set(t.Context(), set, access.BucketSecrets{Key: "hush-hush"}); err != nil {
			t.Fatal(err)
		}
		steps, err := bucket.Create(t.Context())
		if err != nil || len(steps) != 3 {
			t.Fatal(name, steps, err)
		}
		for i, step := range steps {
			if said := step.Text().String(); !strings.Contains(said, row.says[i]) || strings.Contains(said, "hush-hush") {
				t.Errorf("%s: %s says %q", name, step.Step, said)
			}
		}
		if trouble := access.Trouble(steps); (trouble != nil) != row.fails {
			t.Errorf("%s: %v", name, trouble)
		}
	}
}
