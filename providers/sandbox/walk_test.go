// Every request that the services' documents give as an example, as it stands.

package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestTheDocumentsOwnRequestsAreTaken(t *testing.T) {
	t.Parallel()
	s := start(t)
	picture := photo(red, white)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(picture) }))
	t.Cleanup(web.Close)
	luma := func(body string) reply { return call(t, s, "luma", "POST", "/generations/image", body).want(t, 201) }
	dreamlook := func(body string) reply { return call(t, s, "dreamlook", "POST", "/dreambooth", body).want(t, 200) }
	lucy := func(body string) reply { return tune(t, s, body).want(t, 200) }
	files, err := filepath.Glob(filepath.Join("testdata", "*_request*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no requests: %v", err)
	}
	for _, file := range files {
		service, _, _ := strings.Cut(filepath.Base(file), "_")
		row, ok := map[string]struct {
			sends func(body string) reply
			like  object
		}{
			"luma":      {luma, documented(t, "luma_generation.json")},
			"dreamlook": {dreamlook, object{"job_id": "db_1ccb410f"}},
			"lucydream": {lucy, documented(t, "lucydream_answer.json")},
		}[service]
		if !ok {
			t.Fatalf("%s is nobody's request", file)
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			body := regexp.MustCompile(`https://[a-z.-]+`).ReplaceAllString(string(content), web.URL) // the pictures' hosts aren't reached in tests
			sameKeys(t, "", row.like, row.sends(body).object(t))
		})
	}
}

func TestTheDocumentsOwnReadsAreTaken(t *testing.T) {
	t.Parallel()
	s := start(t)
	made := generate(t, s, `{"prompt":"man as a warrior"}`)
	id, _ := made["id"].(string)
	if found := call(t, s, "luma", "GET", "/generations/"+id, "").want(t, 200).object(t); found["id"] != id {
		t.Errorf("read is %v", found)
	}
	call(t, s, "luma", "GET", "/generations?limit=10&offset=10", "").want(t, 200)
	call(t, s, "luma", "DELETE", "/generations/"+id, "").want(t, 204)
	for _, path := range []string{"/jobs/dreambooth", "/jobs/image_gen", "/jobs/dreambooth_image_gen"} {
		call(t, s, "dreamlook", "GET", path, "").want(t, 200)
	}
}

func TestAReframePromptMayBeEmpty(t *testing.T) {
	t.Parallel()
	s, _ := startFrozen(t)
	for _, prompt := range []string{``, `"prompt":"",`, `"prompt":null,`} {
		call(t, s, "luma", "POST", "/generations/image/reframe",
			`{`+prompt+`"generation_type":"reframe_image","model":"photon-1","aspect_ratio":"16:9","media":{"url":"http://127.0.0.1:1/a.jpg"}}`).want(t, 201)
	}
}

func TestLucydreamRefusesWhatItsDocumentDoesNotKnow(t *testing.T) {
	t.Parallel()
	s := start(t)
	body := fivePhotos(t)
	for _, extra := range []string{
		strings.Replace(body, `"tune":{`, `"tune":{"steps":100,`, 1), strings.Replace(body, `{"tune"`, `{"callback":"x","tune"`, 1),
	} {
		if extra == body {
			t.Fatal("nothing was added")
		}
		said, _ := tune(t, s, extra).want(t, 400).object(t)["error"].(string)
		if !slices.ContainsFunc([]string{"steps", "callback"}, func(name string) bool { return strings.Contains(said, name) }) {
			t.Errorf("told %q", said)
		}
	}
}
