// LucyDream: documented requests and answers, every rule it enforces, and the model in the bucket.

package sandbox_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/gif"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/maquette-studio/maquette/providers/sandbox"
)

func tune(t *testing.T, s *sandbox.Sandbox, body string) reply {
	t.Helper()
	return lucydream(t, s, "POST", "/apiservices/v1/generate", s.Key("lucydream"), body)
}

func lucydream(t *testing.T, s *sandbox.Sandbox, method, path, key, body string) reply {
	t.Helper()
	r, err := tryWith(method, s.URL("lucydream")+path, http.Header{"X-Api-Key": {key}}, body)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// fivePhotos hosts photos 1 to 5 and fills their addresses into the documented request.
func fivePhotos(t *testing.T) string {
	t.Helper()
	files := map[string][]byte{}
	for _, name := range []string{"1", "2", "3", "4", "5"} {
		files["/images/"+name+".jpg"] = photo(red, white)
	}
	body, err := json.Marshal(documented(t, "lucydream_request.json"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(body), "https://example.com", host(t, files))
}

// wantDocumented fails the test unless the answer is a testdata file, value by value.
func wantDocumented(t *testing.T, name string, r reply) {
	t.Helper()
	if want, got := documented(t, name), r.object(t); !reflect.DeepEqual(want, got) {
		t.Errorf("got %v, documented in %s: %v", got, name, want)
	}
}

// inBucket waits for an object in the sandbox's bucket.
func inBucket(t *testing.T, s *sandbox.Sandbox, name string) []byte {
	t.Helper()
	link := presign(t, s.Bucket(), name, time.Hour)
	deadline := time.Now().Add(15 * time.Second)
	for time.Now().Before(deadline) {
		if r := get(t, link); r.status != http.StatusNotFound {
			return r.want(t, 200).body
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%s never came into the bucket", name)
	return nil
}

func TestLucydreamPutsTheModelIntoTheBucket(t *testing.T) {
	t.Parallel()
	s := start(t)
	made := tune(t, s, fivePhotos(t)).want(t, 200).object(t)
	id, _ := made["tune_id"].(string)
	want := documented(t, "lucydream_answer.json")
	want["tune_id"] = id
	if id == "" || !reflect.DeepEqual(made, want) {
		t.Errorf("got %v", made)
	}
	name := id + ".safetensors"
	model := inBucket(t, s, name)
	wantSafetensors(t, model)
	b := s.Bucket()
	about, err := s3(t, b).StatObject(t.Context(), b.Name, name, minio.StatObjectOptions{})
	if err != nil || about.Size != int64(len(model)) || time.Since(about.LastModified).Abs() > time.Minute || about.ETag == "" {
		t.Errorf("the bucket says of it %+v, %v", about, err)
	}
	for listed := range s3(t, b).ListObjects(t.Context(), b.Name, minio.ListObjectsOptions{}) {
		if listed.Err != nil || listed.Key != name || listed.Size != about.Size || listed.ETag != about.ETag || time.Since(listed.LastModified).Abs() > time.Minute {
			t.Errorf("the bucket lists %+v", listed)
		}
	}
	if n := s.Submissions("lucydream"); n != 1 {
		t.Errorf("%d submissions counted", n)
	}
}

func TestLucydreamTrainsOnAfterRestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := startIn(t, dir)
	id := tune(t, s, fivePhotos(t)).want(t, 200).object(t)["tune_id"].(string)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = startIn(t, dir)
	model := inBucket(t, s, id+".safetensors")
	if s.Submissions("lucydream") != 1 {
		t.Error("the submission was lost")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = startIn(t, dir)
	if !bytes.Equal(inBucket(t, s, id+".safetensors"), model) {
		t.Error("the model changed")
	}
}

func TestLucydreamLeavesADeletedModelDeleted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := startIn(t, dir)
	name := tune(t, s, fivePhotos(t)).want(t, 200).object(t)["tune_id"].(string) + ".safetensors"
	inBucket(t, s, name)
	if err := s.Close(); err != nil { // so that the storing is noted
		t.Fatal(err)
	}
	s = startIn(t, dir)
	b := s.Bucket()
	if err := s3(t, b).RemoveObject(t.Context(), b.Name, name, minio.RemoveObjectOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = startIn(t, dir)
	get(t, presign(t, s.Bucket(), name, time.Minute)).want(t, 404)
}

func TestLucydreamNeverStoresAForbiddenModel(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := startIn(t, dir)
	name := tune(t, s, strings.Replace(fivePhotos(t), "Test-Model", "Forbidden", 1)).want(t, 200).object(t)["tune_id"].(string) + ".safetensors"
	inBucket(t, s, tune(t, s, fivePhotos(t)).want(t, 200).object(t)["tune_id"].(string)+".safetensors")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = startIn(t, dir)
	inBucket(t, s, tune(t, s, fivePhotos(t)).want(t, 200).object(t)["tune_id"].(string)+".safetensors")
	if err := s.Close(); err != nil { // it waits for what a start resumes
		t.Fatal(err)
	}
	s = startIn(t, dir)
	get(t, presign(t, s.Bucket(), name, time.Minute)).want(t, 404)
	if n := s.Submissions("lucydream"); n != 3 {
		t.Errorf("%d submissions counted", n)
	}
}

func TestLucydreamRefuses(t *testing.T) {
	t.Parallel()
	s := start(t)
	with := func(change string) string {
		o := documented(t, "lucydream_request.json")
		changes := object{}
		_ = json.Unmarshal([]byte(change), &changes)
		for key, v := range changes {
			o["tune"].(object)[key] = v
		}
		body, _ := json.Marshal(o)
		return string(body)
	}
	for _, row := range []struct{ name, body, says string }{
		{"an image generation", `{"prompt":"a woman"}`, "image generation"},
		{"no tune", `{"tune":null}`, "image generation"},
		{"a tune that is no object", `{"tune":"5"}`, "tune parameter"},
		{"no title", with(`{"title":null}`), "tune.title"},
		{"an empty title", with(`{"title":""}`), "tune.title"},
		{"a title of 16 characters", with(`{"title":"abcdefghijklmnöp"}`), "15 characters"},
		{"a title that is no text", with(`{"title":7}`), "tune.title"},
		{"no name", with(`{"name":null}`), "tune.name"},
		{"another name", with(`{"name":"Woman"}`), "tune.name"},
		{"no photos", with(`{"image_urls":null}`), "exactly 5 URLs"},
		{"four photos", with(`{"image_urls":["https://e.com/1","https://e.com/2","https://e.com/3","https://e.com/4"]}`), "exactly 5 URLs"},
		{"six photos", with(`{"image_urls":["https://e.com/1","https://e.com/2","https://e.com/3","https://e.com/4","https://e.com/5","https://e.com/6"]}`), "exactly 5 URLs"},
		{"a photo that is no link", with(`{"image_urls":["https://e.com/1","https://e.com/2","https://e.com/3","https://e.com/4","5.jpg"]}`), "exactly 5 URLs"},
		{"an unknown member of the tune", with(`{"steps":5}`), "tune.steps"},
		{"an unknown member beside it", strings.Replace(with(`{}`), "{", `{"callback":"https://e.com",`, 1), "callback"},
		{"a photo that is a number", with(`{"image_urls":[1,2,3,4,5]}`), "exactly 5 URLs"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := tune(t, s, row.body).want(t, 400)
			if text, _ := r.object(t)["error"].(string); !strings.Contains(text, row.says) {
				t.Errorf("%s says nothing of %s", r.body, row.says)
			}
		})
	}
	wantDocumented(t, "lucydream_error_400.json", tune(t, s, with(`{"image_urls":[]}`)))
	for _, key := range []string{"", "wrong"} {
		wantDocumented(t, "lucydream_error_403.json", lucydream(t, s, "POST", "/apiservices/v1/generate", key, with(`{}`)).want(t, 403))
	}
	if n := s.Submissions("lucydream"); n != 0 {
		t.Errorf("%d refused requests were counted", n)
	}
}

func TestLucydreamLooksAtEveryPhoto(t *testing.T) {
	t.Parallel()
	s := start(t)
	body := fivePhotos(t)
	missing := tune(t, s, strings.Replace(body, "/1.jpg", "/gone.jpg", 1)).want(t, 500)
	wantDocumented(t, "lucydream_error_500.json", missing)
	if r := tune(t, s, strings.Replace(body, "/3.jpg", "/gone.jpg", 1)).want(t, 500); !strings.Contains(string(r.body), "image 3") {
		t.Errorf("third photo: %s", r.body)
	}
	var moving bytes.Buffer
	if err := gif.Encode(&moving, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	at := host(t, map[string][]byte{"/a.gif": moving.Bytes(), "/page.jpg": []byte("<html>")})
	last := body[strings.LastIndex(body, "http://") : strings.LastIndex(body, ".jpg")+4]
	tune(t, s, strings.Replace(body, last, at+"/a.gif", 1)).want(t, 400)
	tune(t, s, strings.Replace(body, last, at+"/page.jpg", 1)).want(t, 500)
	if n := s.Submissions("lucydream"); n != 0 {
		t.Errorf("%d refused requests were counted", n)
	}
}

func TestLucydreamAnswersRouteErrorsAsWordPress(t *testing.T) {
	t.Parallel()
	s := start(t, "lucydream POST: status 503 x1")
	if r := tune(t, s, `{}`).want(t, 503); r.object(t)["error"] == nil {
		t.Errorf("a fault answers %s", r.body)
	}
	for _, row := range []struct {
		method, path, body, code string
		status                   int
	}{
		{"POST", "/apiservices/v2/generate", `{}`, "rest_no_route", 404},
		{"GET", "/apiservices/v1/generate", ``, "rest_no_route", 404},
		{"POST", "/apiservices/v1/generate", `{`, "rest_invalid_json", 400},
	} {
		o := lucydream(t, s, row.method, row.path, s.Key("lucydream"), row.body).want(t, row.status).object(t)
		data, _ := o["data"].(object)
		if o["code"] != row.code || o["message"] == nil || data["status"] != float64(row.status) {
			t.Errorf("%s %s: %v", row.method, row.path, o)
		}
	}
}
