// dreamlook.ai: documented requests and answers, and every rule it enforces.

package sandbox_test

import (
	"encoding/binary"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestDreamlookKnowsItsKey(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, key := range []string{"", "wrong"} {
		if r := send(t, "GET", s.URL("dreamlook")+"/jobs/dreambooth", key, "").want(t, 401); r.object(t)["detail"] == nil {
			t.Errorf("no detail: %s", r.body)
		}
	}
	for _, path := range []string{"/nowhere", "/jobs/images", "/jobs/dreambooth/db_00000000", "/jobs/image_gen/ig_1", "/jobs/images/ig_1"} {
		call(t, s, "dreamlook", "GET", path, "").want(t, 404)
	}
}

func TestDreamlookReadsJobsUnderEverySpelling(t *testing.T) {
	t.Parallel()
	s := start(t)
	both := `{"dreambooth":{"image_urls":["http://127.0.0.1:1/a.png"],"instance_prompt":"ukj","steps":10,"base_model":"sd"},"image_gen":[{"prompt":"a"}]}`
	for _, row := range []struct {
		path, body string
		spellings  []string
	}{
		{"/image_gen", `{"prompt":"a","base_model":"sd"}`, []string{"image-gen", "image_gen"}},
		{"/dreambooth_image_gen", both, []string{"dreambooth_image_gen", "dreambooth-image-gen"}},
	} {
		id := submitJob(t, s, row.path, row.body)
		for _, spelling := range row.spellings {
			if job := call(t, s, "dreamlook", "GET", "/jobs/"+spelling+"/"+id, "").want(t, 200).object(t); job["job_type"] != row.spellings[0] {
				t.Errorf("%s: a job of type %v", spelling, job["job_type"])
			}
			if list := call(t, s, "dreamlook", "GET", "/jobs/"+spelling, "").want(t, 200); !strings.Contains(string(list.body), id) {
				t.Errorf("%s lists %s", spelling, list.body)
			}
		}
		call(t, s, "dreamlook", "GET", "/jobs/dreambooth/"+id, "").want(t, 404)
	}
}

func TestDreamlookIsPaidInTokens(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.SetDreamlookTokens(5)
	submitJob(t, s, "/image_gen", `{"prompt":"a","base_model":"sd","num_samples":3}`)
	r := call(t, s, "dreamlook", "POST", "/image_gen", `{"prompt":"a","base_model":"sd","num_samples":3}`).want(t, 403)
	if detail, _ := r.object(t)["detail"].(string); !strings.Contains(detail, "not enough quota (tokens)") {
		t.Errorf("got %s", r.body)
	}
	submitJob(t, s, "/image_gen", `{"prompt":"a","base_model":"sd","num_samples":3,"dry_run":true}`)
	if n := s.Submissions("dreamlook"); n != 1 {
		t.Errorf("%d submissions counted", n)
	}
}

func TestDreamlookTakesTheDocumentedDryRun(t *testing.T) {
	t.Parallel()
	s := start(t)
	body, err := json.Marshal(documented(t, "dreamlook_dreambooth_request.json"))
	if err != nil {
		t.Fatal(err)
	}
	if id := submitJob(t, s, "/dreambooth", string(body)); !strings.HasPrefix(id, "TEST_") {
		t.Errorf("id %s", id)
	}
}

func TestDreamlookTrainsAsDocumented(t *testing.T) {
	t.Parallel()
	s := start(t)
	job := train(t, s, `,"extract_lora":"original","save_checkpoints_at":[40,0,101,-3]`)
	sameKeys(t, "", documented(t, "dreamlook_dreambooth_job.json"), job)
	var got []string
	for _, c := range checkpoints(job) {
		c := c.(object)
		got = append(got, c["checkpoint_type"].(string)+" "+string(rune('0'+int(c["training_step"].(float64))/20)))
		data := get(t, c["url"].(string)).want(t, 200).body
		if float64(len(data)) != c["size_bytes"] {
			t.Errorf("%d bytes, announced %v", len(data), c["size_bytes"])
		}
		wantSafetensors(t, data)
		u, _ := url.Parse(c["url"].(string))
		if u.Query().Get("X-Goog-Expires") != "172800" {
			t.Errorf("link lives for %s s", u.Query().Get("X-Goog-Expires"))
		}
	}
	if strings.Join(got, ", ") != "checkpoint 2, lora 2, checkpoint 5, lora 5" {
		t.Errorf("checkpoints: %v", got)
	}
	if _, err := time.Parse("2006-01-02T15:04:05.000000", job["state_updated"].(string)); err != nil {
		t.Error(err)
	}
	if n := s.Submissions("dreamlook"); n != 1 {
		t.Errorf("%d submissions counted", n)
	}
}

// wantSafetensors checks the format's own rules: the header's length, and offsets that cover the data without gaps.
func wantSafetensors(t *testing.T, data []byte) {
	t.Helper()
	n := binary.LittleEndian.Uint64(data)
	var header map[string]json.RawMessage
	if err := json.Unmarshal(data[8:8+n], &header); err != nil {
		t.Fatal(err)
	}
	if header["__metadata__"] == nil || len(header) < 3 {
		t.Errorf("header holds too little: %s", data[8:8+n])
	}
	delete(header, "__metadata__")
	total := 0
	for name, raw := range header {
		var tensor struct {
			Shape   []int  `json:"shape"`
			Dtype   string `json:"dtype"`
			Offsets [2]int `json:"data_offsets"`
		}
		if err := json.Unmarshal(raw, &tensor); err != nil {
			t.Fatal(err)
		}
		size := 2
		for _, side := range tensor.Shape {
			size *= side
		}
		if tensor.Offsets[1]-tensor.Offsets[0] != size || tensor.Dtype != "F16" {
			t.Errorf("%s: shape %v, offsets %v", name, tensor.Shape, tensor.Offsets)
		}
		total += size
	}
	if total != len(data)-8-int(n) {
		t.Errorf("tensors hold %d bytes, the file %d", total, len(data)-8-int(n))
	}
}

func TestDreamlookModelIsServedInRanges(t *testing.T) {
	t.Parallel()
	s := start(t)
	link := checkpoints(train(t, s, ``))[0].(object)["url"].(string)
	whole := get(t, link).want(t, 200).body
	req, _ := http.NewRequest("GET", link, nil)
	req.Header.Set("Range", "bytes=1000-")
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != 206 || resp.ContentLength != int64(len(whole)-1000) {
		t.Errorf("status %d, %d bytes", resp.StatusCode, resp.ContentLength)
	}
}

func TestDreamlookLinksAreCheckedAndExpire(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := startAt(t, t.TempDir(), clock)
	job := train(t, s, ``)
	model := checkpoints(job)[0].(object)
	link := model["url"].(string)
	bare, _, _ := strings.Cut(link, "?")
	get(t, bare).want(t, 403)
	get(t, strings.Replace(link, "X-Goog-Expires=172800", "X-Goog-Expires=999999", 1)).want(t, 403)
	if r := get(t, link[:len(link)-2]).want(t, 403); !strings.Contains(string(r.body), "<Error><Code>") {
		t.Errorf("not Google's XML: %s", r.body)
	}

	ig := submitJob(t, s, "/image_gen", fill(`{"prompt":"photo of ukj person","checkpoint_id":"$1"}`, model["checkpoint_id"].(string)))
	path := "/jobs/image-gen/" + ig
	picture := images(poll(t, s, "dreamlook", path, "success", "failure"))[0]["url"].(string)
	clock.advance(61 * time.Minute)
	get(t, picture).want(t, 403)
	get(t, images(call(t, s, "dreamlook", "GET", path, "").object(t))[0]["url"].(string)).want(t, 200)
	get(t, link).want(t, 200)

	clock.advance(48 * time.Hour)
	get(t, link).want(t, 403)
	model = checkpoints(call(t, s, "dreamlook", "GET", "/jobs/dreambooth/"+job["job_id"].(string), "").object(t))[0].(object)
	if model["is_available"] != false || model["url"] != nil {
		t.Errorf("after 48 hours: %v", model)
	}
	r := call(t, s, "dreamlook", "POST", "/image_gen", fill(`{"prompt":"a","checkpoint_id":"$1"}`, model["checkpoint_id"].(string))).want(t, 422)
	wantProblem(t, r, "checkpoint_id")
}

func TestDreamlookGeneratesAsDocumented(t *testing.T) {
	t.Parallel()
	s := start(t)
	id := submitJob(t, s, "/image_gen", `{"prompt":"silk","base_model":"stable-diffusion-v1-5","model_type":"sd-v1","num_samples":3,"width":640,"height":768,"seed":7,"enable_hrf":true,"denoising_strength":0.6,"negative_prompt":"blurry","guidance_scale":7,"output_format":"png"}`)
	job := poll(t, s, "dreamlook", "/jobs/image-gen/"+id, "success", "failure")
	sameKeys(t, "", documented(t, "dreamlook_image_gen_job.json"), job)
	for i, img := range images(job) {
		if img["seed"] != float64(7+i) || img["generation_idx"] != float64([]int{0, 2, 3}[i]) {
			t.Errorf("image %d: %v", i, img)
		}
	}
	picture, format := decode(t, get(t, images(job)[2]["url"].(string)).want(t, 200).body)
	if b := picture.Bounds(); b.Dx() != 640 || b.Dy() != 768 || format != "png" {
		t.Errorf("a %v %s", b, format)
	}
	decode(t, get(t, job["thumbnails"].([]any)[0].(string)).want(t, 200).body)
}

func TestDreamlookTrainsAndGenerates(t *testing.T) {
	t.Parallel()
	s := start(t)
	at := host(t, map[string][]byte{"/a.png": photo(red, white)})
	id := submitJob(t, s, "/dreambooth_image_gen", fill(`{"dreambooth":{"image_urls":["$1/a.png"],"instance_prompt":"ukj","steps":50,"base_model":"stable-diffusion-xl-v1-0"},
		"image_gen":[{"prompt":"ukj on the moon"},{"prompt":"ukj at sea","num_samples":2}],"tags":[{"key":"a","value":"b"}],"priority":50}`, at))
	job := poll(t, s, "dreamlook", "/jobs/dreambooth_image_gen/"+id, "success", "failure")
	results := job["image_gen_results"].([]any)
	if len(results) != 2 || results[1].(object)["config_idx"] != 1.0 || len(images(job)) != 3 {
		t.Errorf("results %v", results)
	}
	model := checkpoints(job)[0].(object)
	if model["model_type"] != "sdxl-v1" || results[0].(object)["checkpoint_id"] != model["checkpoint_id"] {
		t.Errorf("model %v", model)
	}
	if len(job["tags"].([]any)) != 1 {
		t.Errorf("tags %v", job["tags"])
	}
	decode(t, get(t, images(job)[2]["url"].(string)).want(t, 200).body)
}

func TestDreamlookRefuses(t *testing.T) {
	t.Parallel()
	s := start(t)
	db := func(change string) string {
		o := object{"image_urls": []string{"https://e.com/a.jpg"}, "instance_prompt": "ukj", "steps": 100, "base_model": "sd", "learning_rate": 1e-6}
		_ = json.Unmarshal([]byte(change), &o)
		body, _ := json.Marshal(o)
		return string(body)
	}
	ig := func(change string) string {
		o := object{"prompt": "ukj", "base_model": "sd"}
		_ = json.Unmarshal([]byte(change), &o)
		body, _ := json.Marshal(o)
		return string(body)
	}
	for _, row := range []struct{ name, path, body, at string }{
		{"nothing", "/dreambooth", ``, "body"},
		{"no JSON", "/dreambooth", `{`, "body"},
		{"no photos", "/dreambooth", db(`{"image_urls":[]}`), "image_urls"},
		{"null photos", "/dreambooth", db(`{"image_urls":null}`), "image_urls"},
		{"a photo that is no link", "/dreambooth", db(`{"image_urls":["a.jpg"]}`), "image_urls"},
		{"no instance prompt", "/dreambooth", db(`{"instance_prompt":null}`), "instance_prompt"},
		{"no model", "/dreambooth", db(`{"base_model":null}`), "base_model"},
		{"no steps", "/dreambooth", db(`{"steps":null}`), "steps"},
		{"zero steps", "/dreambooth", db(`{"steps":0}`), "steps"},
		{"half a step", "/dreambooth", db(`{"steps":1.5}`), "steps"},
		{"a learning rate of zero", "/dreambooth", db(`{"learning_rate":0}`), "learning_rate"},
		{"a learning rate in words", "/dreambooth", db(`{"learning_rate":"low"}`), "learning_rate"},
		{"half a checkpoint", "/dreambooth", db(`{"save_checkpoints_at":[1.5]}`), "save_checkpoints_at"},
		{"an unknown checkpoint", "/dreambooth", db(`{"checkpoint_id":"ckp_0"}`), "checkpoint_id"},
		{"an unknown field", "/dreambooth", db(`{"stepz":1}`), "stepz"},
		{"a switch in words", "/dreambooth", db(`{"dry_run":"yes"}`), "dry_run"},
		{"no prompt", "/image_gen", ig(`{"prompt":null}`), "prompt"},
		{"two models", "/image_gen", ig(`{"checkpoint_id":"ckp_0"}`), "checkpoint_id"},
		{"no model to draw with", "/image_gen", ig(`{"base_model":null}`), "body"},
		{"no samples", "/image_gen", ig(`{"num_samples":0}`), "num_samples"},
		{"half of two", "/dreambooth_image_gen", `{"dreambooth":` + db(`{}`) + `}`, "image_gen"},
		{"a bad half", "/dreambooth_image_gen", `{"dreambooth":` + db(`{"steps":0}`) + `,"image_gen":[{"prompt":"a"}]}`, "steps"},
		{"a model beside the trained", "/dreambooth_image_gen", `{"dreambooth":` + db(`{}`) + `,"image_gen":[{"prompt":"a","base_model":"sd"}]}`, "image_gen"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := call(t, s, "dreamlook", "POST", row.path, row.body).want(t, 422)
			wantProblem(t, r, row.at)
		})
	}
	if n := s.Submissions("dreamlook"); n != 0 {
		t.Errorf("%d refused requests were counted", n)
	}
}

func TestDreamlookTakesWhatNoDocumentLimits(t *testing.T) {
	t.Parallel()
	s := start(t)
	id := submitJob(t, s, "/image_gen", `{"prompt":"a","base_model":"sd","width":448,"height":-3,"num_samples":51,"seed":-2,"num_inference_steps":900,"guidance_scale":99,"priority":-1,"denoising_strength":1.5}`)
	job := poll(t, s, "dreamlook", "/jobs/image-gen/"+id, "success", "failure")
	if got := images(job); len(got) != 51 {
		t.Fatalf("%d pictures", len(got))
	}
	decode(t, get(t, images(job)[50]["url"].(string)).want(t, 200).body)
}

func TestDreamlookTakesOpenValuesAsTheyAre(t *testing.T) {
	t.Parallel()
	s := start(t)
	long := strings.Repeat("a", 6000)
	for path, body := range map[string]string{
		"/dreambooth": `{"image_urls":["https://e.com/a.jpg"],"instance_prompt":"` + long + `","steps":10,"base_model":"next-model","dry_run":true,
			"saved_model_format":"next","saved_model_weights_format":"next","crop_method":"next","extract_lora":"next","checkpoint_availability_mode":"next"}`,
		"/image_gen": `{"prompt":"` + long + `","negative_prompt":"` + long + `","base_model":"next-model","width":700,"dry_run":true,
			"output_format":"next","scheduler_type":"next","model_type":"next"}`,
	} {
		submitJob(t, s, path, body)
	}
}

func TestDreamlookFailsOnWhatItCannotFetch(t *testing.T) {
	t.Parallel()
	s := start(t)
	at := host(t, map[string][]byte{
		"/a.png": photo(red, white), "/x/a.png": photo(red, white), "/page.png": []byte("<html>"),
		"/long.json": []byte(`{"a.png":["one","` + strings.Repeat("ukj ", 78) + `"]}`),
		"/full.json": []byte(`{"a.png":"` + strings.Repeat("ukj ", 77) + `"}`),
		"/good.json": []byte(`{"a.png":["one","two"]}`), "/list.json": []byte(`[]`), "/other.json": []byte(`{"b.png":"x"}`), "/number.json": []byte(`{"a.png":7}`),
	})
	for _, row := range []struct{ photos, captions, reason string }{
		{`"$1/a.png","$1/gone.png"`, ``, "/gone.png: status 404"},
		{`"$1/page.png"`, ``, "/page.png: "},
		{`"$1/a.png"`, `/good.json`, ""},
		{`"$1/a.png"`, `/full.json`, ""},
		{`"$1/a.png"`, `/long.json`, `the caption of "a.png" has 78 words, more than 77 tokens`},
		{`"$1/a.png"`, `/gone.json`, "status 404"},
		{`"$1/a.png"`, `/list.json`, "not a JSON object"},
		{`"$1/a.png"`, `/other.json`, `no image is named "b.png"`},
		{`"$1/a.png"`, `/number.json`, `neither a text nor a list`},
		{`"$1/a.png","$1/x/a.png"`, `/good.json`, "several images are named a.png"},
	} {
		body := `{"image_urls":[` + row.photos + `],"instance_prompt":"ukj","steps":10,"base_model":"sd"`
		if row.captions != "" {
			body += `,"captions_file_url":"$1` + row.captions + `"`
		}
		id := submitJob(t, s, "/dreambooth", fill(body+`}`, at))
		job := poll(t, s, "dreamlook", "/jobs/dreambooth/"+id, "success", "failure")
		got, _ := job["failure_reason"].(string)
		if (row.reason == "") != (job["state"] == "success") || !strings.Contains(got, row.reason) {
			t.Errorf("%s %s: %v, %s", row.photos, row.captions, job["state"], got)
		}
	}
}

func TestDreamlookListsNewestFiftyFirst(t *testing.T) {
	t.Parallel()
	s := start(t)
	var last string
	for range 52 {
		last = submitJob(t, s, "/image_gen", `{"prompt":"a","base_model":"sd"}`)
	}
	var jobs []object
	if err := json.Unmarshal(call(t, s, "dreamlook", "GET", "/jobs/image-gen", "").want(t, 200).body, &jobs); err != nil {
		t.Fatal(err)
	}
	if len(jobs) != 50 || jobs[0]["job_id"] != last {
		t.Errorf("%d jobs, newest %v, want %s", len(jobs), jobs[0]["job_id"], last)
	}
	if r := call(t, s, "dreamlook", "GET", "/jobs/dreambooth", "").want(t, 200); string(r.body) != "[]" {
		t.Errorf("trainings: %s", r.body)
	}
}
