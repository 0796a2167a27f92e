// Fault rules: their grammar, and each action as a client meets it.

package sandbox_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/providers/sandbox"
)

func TestParseFaultNamesTheMistake(t *testing.T) {
	t.Parallel()
	for rule, mistake := range map[string]string{
		"":                                 `no ": "`,
		"luma":                             `no ": "`,
		"bing: reset":                      "service",
		": reset":                          "service",
		"luma get: reset":                  `"get"`,
		"luma POST images: reset":          `"images"`,
		"luma POST /a b: reset":            `"b"`,
		"luma: ":                           "no action",
		"luma: explode":                    `"explode"`,
		"luma: status":                     "code",
		"luma: status 99":                  `"99"`,
		"luma: status 429 retry-after":     "retry-after",
		"luma: status 429 retry-after two": `"two"`,
		"bria: limit":                      "number",
		"bria: limit 0":                    `"0"`,
		"bria: limit 10 a minute":          "limit",
		"luma: stall":                      "duration",
		"luma: stall 5":                    `"5"`,
		"luma: stall -1s":                  `"-1s"`,
		"luma: redirect":                   "URL",
		"luma: redirect here":              `"here"`,
		"luma: reset now":                  `"now"`,
		"luma: reset x0":                   `"x0"`,
		"luma: reset xx":                   `"xx"`,
		"luma: reset x1 after0":            `"after0"`,
	} {
		_, err := sandbox.ParseFault(rule)
		if err == nil || !strings.Contains(err.Error(), mistake) {
			t.Errorf("%q: %v, want it to name %s", rule, err, mistake)
		}
	}
	if _, err := sandbox.Start(t.Context(), sandbox.Config{Dir: t.TempDir(), Faults: []string{"luma: explode"}}); err == nil {
		t.Error("a sandbox starts with a wrong rule")
	}
}

const dog = `{"model":"photon-1","prompt":"a dog"}`

func TestFaults(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		action   string
		accepted int // submissions counted
		check    func(*testing.T, reply, error)
	}{
		{"status 503", 0, func(t *testing.T, r reply, err error) {
			if err != nil || r.status != 503 || r.object(t)["detail"] == nil {
				t.Errorf("%v %v", r, err)
			}
		}},
		{"status 429 retry-after 2", 0, func(t *testing.T, r reply, err error) {
			if err != nil || r.status != 429 || r.header.Get("Retry-After") != "2" {
				t.Errorf("%v %v", r, err)
			}
		}},
		{"reset", 0, wantBroken},
		{"lost", 1, wantBroken},
		{"cut", 1, func(t *testing.T, r reply, err error) {
			if err == nil || r.status != 201 || len(r.body) < 10 {
				t.Errorf("%v %v", r, err)
			}
		}},
		{"stall 10ms", 1, func(t *testing.T, r reply, err error) {
			if err != nil || r.status != 201 || r.object(t)["id"] == nil {
				t.Errorf("%v %v", r, err)
			}
		}},
		{"garble", 1, func(t *testing.T, r reply, err error) {
			if err != nil || r.status != 201 || strings.Contains(string(r.body), `"id"`) {
				t.Errorf("%v %v", r, err)
			}
		}},
		{"html", 0, func(t *testing.T, r reply, err error) {
			if err != nil || r.status != 200 || !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") {
				t.Errorf("%v %v", r, err)
			}
		}},
		{"null", 0, func(t *testing.T, r reply, err error) {
			if err != nil || r.status != 200 || string(r.body) != "null" {
				t.Errorf("%v %v", r, err)
			}
		}},
		{"redirect http://127.0.0.1:1/away", 0, func(t *testing.T, r reply, err error) {
			if err != nil || r.status != 307 || r.header.Get("Location") != "http://127.0.0.1:1/away" {
				t.Errorf("%v %v", r, err)
			}
		}},
		{"endless", 0, func(t *testing.T, r reply, err error) {
			if err != nil || len(r.body) < maxRead {
				t.Errorf("%d bytes, %v", len(r.body), err)
			}
		}},
	} {
		t.Run(row.action, func(t *testing.T) {
			s := start(t, "luma POST /generations/image: "+row.action+" x1")
			r, err := try("POST", s.URL("luma")+"/generations/image", s.Key("luma"), dog)
			row.check(t, r, err)
			if n := s.Submissions("luma"); n != row.accepted {
				t.Errorf("%d submissions counted, want %d", n, row.accepted)
			}
			call(t, s, "luma", "POST", "/generations/image", dog).want(t, 201)
		})
	}
}

func wantBroken(t *testing.T, r reply, err error) {
	t.Helper()
	if err == nil {
		t.Errorf("an answer came: %v", r)
	}
}

func TestFaultsApplyWhereTheyShould(t *testing.T) {
	t.Parallel()
	s := start(t, "luma POST: status 503 x2 after1")
	for i, want := range []int{201, 503, 503, 201} {
		if r := call(t, s, "luma", "POST", "/generations/image", dog); r.status != want {
			t.Errorf("request %d: %d, want %d", i, r.status, want)
		}
		call(t, s, "luma", "GET", "/ping", "").want(t, 200)
	}
	if err := s.AddFault("luma GET /credits: status 500"); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		call(t, s, "luma", "GET", "/credits", "").want(t, 500)
	}
	call(t, s, "dreamlook", "GET", "/jobs/image-gen", "").want(t, 200)
	if err := s.AddFault("nonsense"); err == nil {
		t.Error("a wrong rule is taken")
	}
}

func TestFaultsOnFilesAndBucket(t *testing.T) {
	t.Parallel()
	s := start(t, "assets GET /luma: cut x1", "bucket GET /maquette-sandbox/a: status 503 x1")
	link := imageURL(t, generate(t, s, dog))
	if _, err := try("GET", link, "", ""); err == nil {
		t.Error("the first download is whole")
	}
	get(t, link).want(t, 200)
	put(t, s.Bucket(), "a", "text")
	object := presign(t, s.Bucket(), "a", time.Minute)
	if r := get(t, object).want(t, 503); !strings.Contains(string(r.body), "<Error><Code>") {
		t.Errorf("not S3's XML: %s", r.body)
	}
	get(t, object).want(t, 200)
}

func TestCloseEndsAStall(t *testing.T) {
	t.Parallel()
	s := start(t, "luma: stall 1h")
	req, err := http.NewRequest("GET", s.URL("luma")+"/ping", nil)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		resp, err := client.Do(req)
		if err == nil {
			_, err = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
		ended <- err
	}()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; err == nil {
		t.Error("the stalled request was answered")
	}
}
