// dreamlook.ai: dry runs and callbacks, at each of its endpoints.

package sandbox_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// receiver is a server that is called back; the first call is answered with a status of its own.
func receiver(t *testing.T, first int) (address string, calls chan object) {
	t.Helper()
	calls = make(chan object, 10)
	told := false
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		var body object
		_ = json.NewDecoder(r.Body).Decode(&body)
		if !told {
			told = true
			w.WriteHeader(first)
		}
		calls <- body
	}), calls
}

// dreamlookRequests are a request for each endpoint, with photos at an address and something more.
func dreamlookRequests(at, more string) map[string]string {
	training := fill(`"image_urls":["$1/a.png"],"instance_prompt":"ukj","steps":10,"base_model":"stable-diffusion-v1-5"`, at)
	return map[string]string{
		"/dreambooth":           "{" + training + more + "}",
		"/image_gen":            `{"prompt":"a fox","base_model":"sd","num_samples":2` + more + "}",
		"/dreambooth_image_gen": `{"dreambooth":{` + training + `},"image_gen":[{"prompt":"a fox"}]` + more + "}",
	}
}

func TestDreamlookDryRunTracksNothingAndItsSamplesCanBeRead(t *testing.T) {
	t.Parallel()
	s := start(t)
	for path, body := range dreamlookRequests("http://127.0.0.1:1", `,"dry_run":true,"callback":"$1"`) {
		at, calls := receiver(t, 200)
		id := submitJob(t, s, path, fill(body, at))
		if !strings.HasPrefix(id, "TEST_") {
			t.Errorf("id %s", id)
		}
		for _, kind := range []string{"dreambooth", "image-gen", "dreambooth_image_gen"} {
			call(t, s, "dreamlook", "GET", "/jobs/"+kind+"/"+id, "").want(t, 404)
			if list := call(t, s, "dreamlook", "GET", "/jobs/"+kind, "").want(t, 200); string(list.body) != "[]" {
				t.Errorf("listed: %s", list.body)
			}
		}
		job := <-calls
		if job["job_id"] != id || job["state"] != "success" {
			t.Errorf("%s: the callback got %v", path, job)
		}
		if path != "/image_gen" {
			wantSafetensors(t, get(t, checkpoints(job)[0].(object)["url"].(string)).want(t, 200).body)
		}
		if path != "/dreambooth" {
			decode(t, get(t, images(job)[0]["url"].(string)).want(t, 200).body)
			decode(t, get(t, job["thumbnails"].([]any)[0].(string)).want(t, 200).body)
		}
	}
	if n := s.Submissions("dreamlook"); n != 0 {
		t.Errorf("%d submissions counted", n)
	}
}

func TestDreamlookCallsBackOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	photos := host(t, map[string][]byte{"/a.png": photo(red, white)})
	all := map[string]chan object{}
	for path, body := range dreamlookRequests(photos, `,"callback":"$1"`) {
		at, calls := receiver(t, 502) // no document says that it is told again
		all[path] = calls
		id := submitJob(t, s, path, fill(body, at))
		if job := <-calls; job["job_id"] != id || job["state"] != "success" {
			t.Errorf("%s: the callback got %v", path, job)
		}
	}
	train(t, s, ``) // time enough for another call
	for path, calls := range all {
		if n := len(calls); n != 0 {
			t.Errorf("%s: it was called %d times more", path, n)
		}
	}
}
