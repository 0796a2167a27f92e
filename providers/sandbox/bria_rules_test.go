// Every rule Bria's document sets, and the status and body shape that break it.

package sandbox_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/gif"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/providers/sandbox"
)

// refusal is a row of a strictness table: a request, the status it gets, and words of the answer.
type refusal struct {
	name, method, path, body string
	status                   int
	says                     string
}

func wantRefusals(t *testing.T, s *sandbox.Sandbox, rows []refusal) {
	t.Helper()
	before := s.Submissions("bria")
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			r := bria(t, s, row.method, row.path, row.body).want(t, row.status)
			if !strings.Contains(errorText(t, r), row.says) {
				t.Errorf("nothing of %q in %s", row.says, r.body)
			}
		})
	}
	if n := s.Submissions("bria") - before; n != 0 {
		t.Errorf("%d refused requests were counted", n)
	}
}

// errorText reads any of Bria's four error shapes, and fails the test on another.
func errorText(t *testing.T, r reply) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(r.body, &v); err != nil {
		t.Fatalf("no JSON: %s", r.body)
	}
	switch v := v.(type) {
	case string:
		return v
	case object:
		if text, ok := v["message"].(string); ok {
			return text
		}
		switch e := v["error"].(type) {
		case string:
			return e
		case object:
			return fmt.Sprint(e["message"], e["details"])
		}
	}
	t.Fatalf("none of Bria's error shapes: %s", r.body)
	return ""
}

// changed is a JSON object with some fields changed; a null removes one.
func changed(body, change string) string {
	var o, c object
	if json.Unmarshal([]byte(body), &o) != nil || json.Unmarshal([]byte(change), &c) != nil {
		panic("no JSON: " + body + change)
	}
	for key, v := range c {
		o[key] = v
	}
	out, _ := json.Marshal(o)
	return string(out)
}

func TestBriaProjectRules(t *testing.T) {
	t.Parallel()
	s := start(t)
	scene := `{"project_name":"p","ip_medium":"illustration","ip_type":"stylized_scene"}`
	post := func(name, body, says string) refusal {
		return refusal{name, "POST", "/tailored-gen/projects", body, 400, says}
	}
	rows := []refusal{
		post("nothing", ``, "field required"),
		post("no JSON", `{`, "JSON"),
		post("a list", `[]`, "dict"),
		post("no name", changed(scene, `{"project_name":null}`), "project_name: field required"),
		post("no medium", changed(scene, `{"ip_medium":null}`), "ip_medium: field required"),
		post("an unknown medium", changed(scene, `{"ip_medium":"oil"}`), "ip_medium"),
		post("no type", changed(scene, `{"ip_type":null}`), "ip_type: field required"),
		post("an unknown type", changed(scene, `{"ip_type":"scene"}`), "ip_type"),
		post("an unknown field", changed(scene, `{"ip_nam":"x"}`), "ip_nam"),
		post("a name for a scene", changed(scene, `{"ip_name":"Lora"}`), "ip_name: only for"),
		post("a description for a scene", changed(scene, `{"ip_description":"a wood"}`), "ip_description: only for"),
		post("a character without name", changed(`{`+lora+`}`, `{"ip_name":null}`), "ip_name: required"),
		post("a character without description", changed(`{`+lora+`}`, `{"ip_description":" "}`), "ip_description: required"),
		post("a name of four words", changed(`{`+lora+`}`, `{"ip_name":"The Good Captain Smith"}`), "at most 3 words"),
		post("a description of seven words", changed(`{`+lora+`}`, `{"ip_description":"a tall female character with purple hair"}`), "at most 6 words"),
		post("variants without description", changed(scene, `{"ip_type":"object_variants"}`), "ip_description: required"),
		post("variants with a name", changed(scene, `{"ip_type":"object_variants","ip_description":"a vase","ip_name":"Vase"}`), "ip_name: only for"),
		{"an unknown project", "GET", "/tailored-gen/projects/99", ``, 404, "Project not found"},
		{"a project of letters", "GET", "/tailored-gen/projects/abc", ``, 404, "Project not found"},
		{"updating an unknown project", "PUT", "/tailored-gen/projects/99", `{}`, 404, "Project not found"},
		{"deleting an unknown project", "DELETE", "/tailored-gen/projects/99", ``, 404, "Project not found"},
	}
	for _, kind := range []string{"multi_object_set", "object_variants", "icons", "character_variants"} {
		rows = append(rows, post("photographed "+kind, changed(scene, `{"ip_medium":"photography","ip_type":"`+kind+`"}`), "illustration"))
	}
	character := newProject(t, s, lora)
	path := fmt.Sprintf("/tailored-gen/projects/%d", character)
	rows = append(rows,
		refusal{"another type", "PUT", path, `{"ip_type":"icons"}`, 400, "ip_type"},
		refusal{"a longer name", "PUT", path, `{"ip_name":"a b c d"}`, 400, "at most 3 words"},
		refusal{"no name any more", "PUT", path, `{"ip_name":""}`, 400, "ip_name: required"},
	)
	wantRefusals(t, s, rows)
	for _, kind := range []string{"defined_character", "stylized_scene", "other"} {
		change := `{"ip_medium":"photography","ip_type":"` + kind + `"}`
		if kind == "defined_character" {
			change = changed(change, `{"ip_name":"Captain Smith","ip_description":"a man with a beard"}`)
		}
		bria(t, s, "POST", "/tailored-gen/projects", changed(scene, change)).want(t, 201)
	}
}

func TestBriaImageRules(t *testing.T) {
	t.Parallel()
	s := start(t)
	var moving bytes.Buffer
	if err := gif.Encode(&moving, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	big := bigPhoto(red, green)
	at := host(t, map[string][]byte{"/a.png": big, "/small.png": photo(red, white), "/a.gif": moving.Bytes(), "/page": []byte("<html>")})
	in64 := base64.StdEncoding.EncodeToString
	project := newProject(t, s, lora)
	dataset := datasetPath(newDataset(t, s, project))
	post := func(name, body string, status int, says string) refusal {
		return refusal{name, "POST", dataset + "/images", body, status, says}
	}
	wantRefusals(t, s, []refusal{
		post("nothing", `{}`, 400, "exactly one"),
		post("file and link", `{"file":"AA==","image_url":"https://e.com/a.png"}`, 400, "exactly one"),
		post("a data URL", `{"file":"data:image/png;base64,AA=="}`, 400, "base64"),
		post("no link", `{"image_url":"a.png"}`, 400, "image_url"),
		post("an unknown field", `{"file":"AA==","caption":"x"}`, 400, "caption"),
		post("a text file", `{"file":"`+in64([]byte("text"))+`"}`, 415, "Unsupported Media Type"),
		post("a GIF", `{"file":"`+in64(moving.Bytes())+`"}`, 415, "Unsupported Media Type"),
		post("a linked GIF", fill(`{"image_url":"$1/a.gif"}`, at), 415, "Unsupported Media Type"),
		post("half a PNG", `{"file":"`+in64(big[:len(big)/2])+`"}`, 422, "damaged"),
		post("a small image", `{"file":"`+in64(photo(red, white))+`"}`, 422, "1024x1024"),
		post("a narrow image", `{"file":"`+in64(pngOf(1023, 2000, red, green))+`"}`, 422, "1024x1024"),
		post("a linked small image", fill(`{"image_url":"$1/small.png"}`, at), 422, "1024x1024"),
		post("a page", fill(`{"image_url":"$1/page"}`, at), 422, "URL"),
		post("a forbidden link", `{"image_url":"`+forbidding(t)+`"}`, 422, "URL"),
		post("a dead link", fill(`{"image_url":"$1/gone.png"}`, at), 422, "URL"),
		{"to an unknown dataset", "POST", datasetPath(99) + "/images", `{"file":"AA=="}`, 404, "Dataset not found"},
		{"an unknown image", "GET", dataset + "/images/99", ``, 404, "Image not found"},
		{"images of an unknown dataset", "GET", datasetPath(99) + "/images", ``, 404, "Dataset not found"},
		{"deleting an unknown image", "DELETE", dataset + "/images/99", ``, 404, "Image not found"},
		{"all captions of an unknown dataset", "PUT", datasetPath(99) + "/images", ``, 404, "Dataset not found"},
	})
	linked := bria(t, s, "POST", dataset+"/images", fill(`{"image_url":"$1/a.png"}`, at)).want(t, 201).object(t)
	if linked["image_name"] != "a.png" {
		t.Errorf("named %v", linked["image_name"])
	}
	caption := fmt.Sprintf("%s/images/%d", dataset, id(linked))
	wantRefusals(t, s, []refusal{
		{"no caption", "PUT", caption, `{}`, 400, "either"},
		{"an unregenerated caption", "PUT", caption, `{"regenerate_caption":false}`, 400, "either"},
		{"two captions", "PUT", caption, `{"caption":"a","regenerate_caption":true}`, 400, "both"},
		{"a caption for an unknown image", "PUT", dataset + "/images/99", `{"caption":"a"}`, 404, "Image not found"},
		{"a caption in an unknown dataset", "PUT", datasetPath(99) + "/images/1", `{"caption":"a"}`, 404, "Dataset not found"},
	})
	bria(t, s, "PUT", dataset, `{"status":"completed"}`).want(t, 200)
	wantRefusals(t, s, []refusal{
		{"upload to a completed", "POST", dataset + "/images", `{"file":"AA=="}`, 409, "completed"},
		{"caption in a completed", "PUT", caption, `{"caption":"a"}`, 409, "Cannot update caption in a completed dataset"},
		{"captions in a completed", "PUT", dataset + "/images", ``, 409, "completed"},
		{"delete from a completed", "DELETE", caption, ``, 409, "Cannot delete an image from a completed dataset"},
		{"prefix of a completed", "PUT", dataset, `{"caption_prefix":"A"}`, 409, "caption_prefix"},
		{"a completed as draft", "PUT", dataset, `{"status":"draft"}`, 409, "clone"},
	})
	bria(t, s, "PUT", dataset, `{"name":"renamed"}`).want(t, 200)
	bria(t, s, "DELETE", dataset, "").want(t, 204)
	wantRefusals(t, s, []refusal{
		{"a caption in a deleted dataset", "PUT", caption, `{"caption":"a"}`, 410, "Dataset deleted"},
		{"a deleted dataset", "GET", dataset, ``, 404, "Dataset not found"},
		{"cloning a deleted dataset", "POST", dataset + "/clone", ``, 404, "Dataset not found"},
	})
	get(t, linked["image_url"].(string)).want(t, 404)
}

func TestBriaDatasetAndModelRules(t *testing.T) {
	t.Parallel()
	s, clock := startFrozen(t)
	project := newProject(t, s, lora)
	dataset := newDataset(t, s, project)
	model := fmt.Sprintf(`{"name":"m","dataset_id":%d,"training_version":"light"}`, dataset)
	photographed := newDataset(t, s, newProject(t, s, `"project_name":"p","ip_medium":"photography","ip_type":"other"`))
	post := func(name, body string, status int, says string) refusal {
		return refusal{name, "POST", "/tailored-gen/models", body, status, says}
	}
	waiting := modelPath(newModel(t, s, dataset, "light"))
	wantRefusals(t, s, []refusal{
		{"a dataset without project", "POST", "/tailored-gen/datasets", `{"name":"d"}`, 400, "project_id"},
		{"a dataset without name", "POST", "/tailored-gen/datasets", `{"project_id":101}`, 400, "name"},
		{"a project id in words", "POST", "/tailored-gen/datasets", `{"project_id":"101","name":"d"}`, 400, "project_id"},
		{"a dataset of an unknown project", "POST", "/tailored-gen/datasets", `{"project_id":99,"name":"d"}`, 404, "Project not found"},
		{"completing an empty dataset", "PUT", datasetPath(dataset), `{"status":"completed"}`, 400, "at least 1 image"},
		{"an unknown status", "PUT", datasetPath(dataset), `{"status":"done"}`, 400, "status"},
		{"datasets of an unknown project", "GET", "/tailored-gen/projects/99/datasets", ``, 404, "Project not found"},
		{"a flag in words", "GET", fmt.Sprintf("/tailored-gen/projects/%d/datasets?include_models=maybe", project), ``, 400, "include_models"},
		{"models of an unknown project", "GET", "/tailored-gen/projects/99/models", ``, 404, "Project not found"},
		post("a model without name", changed(model, `{"name":null}`), 400, "name"),
		post("a model without dataset", changed(model, `{"dataset_id":null}`), 400, "dataset_id"),
		post("a model of an unknown dataset", changed(model, `{"dataset_id":99}`), 404, "Dataset not found"),
		post("a model without version", changed(model, `{"training_version":null}`), 400, "training_version"),
		post("an unknown version", changed(model, `{"training_version":"Max"}`), 400, "training_version"),
		post("max of photographs", changed(model, fmt.Sprintf(`{"dataset_id":%d,"training_version":"max"}`, photographed)), 400, "photography"),
		{"an unknown model", "GET", modelPath(99), ``, 404, "Model not found"},
		{"another version", "PUT", waiting, `{"training_version":"max"}`, 400, "training_version"},
		{"training with a draft", "POST", waiting + "/start_training", ``, 412, "completed"},
		{"stopping what never began", "POST", waiting + "/stop_training", ``, 409, "not in training"},
		{"training an unknown model", "POST", modelPath(99) + "/start_training", ``, 404, "Model not found"},
	})
	upload(t, s, dataset, redGreen())
	complete(t, s, dataset)
	if n := s.Submissions("bria"); n != 0 {
		t.Errorf("%d submissions before any training", n)
	}
	bria(t, s, "POST", waiting+"/start_training", "").want(t, 200)
	wantRefusals(t, s, []refusal{
		{"starting twice", "POST", waiting + "/start_training", ``, 409, "already started"},
		{"deleting in training", "DELETE", waiting, ``, 409, "in training"},
		{"deleting the dataset in training", "DELETE", datasetPath(dataset), ``, 409, "in training"},
		{"deleting the project in training", "DELETE", fmt.Sprintf("/tailored-gen/projects/%d", project), ``, 409, "in training"},
	})
	bria(t, s, "POST", waiting+"/stop_training", "").want(t, 200)
	wantRefusals(t, s, []refusal{
		{"stopping twice", "POST", waiting + "/stop_training", ``, 409, "already stopped"},
		{"resuming", "POST", waiting + "/start_training", ``, 409, "cannot be resumed"},
	})
	clock.advance(time.Minute)
	bria(t, s, "DELETE", waiting, "").want(t, 204)
	bria(t, s, "GET", waiting, "").want(t, 404)
	if n := s.Submissions("bria"); n != 1 {
		t.Errorf("%d submissions, want the one training", n)
	}
}

func TestBriaTakes200Images(t *testing.T) {
	t.Parallel()
	s := start(t)
	dataset := newDataset(t, s, newProject(t, s, lora))
	upload(t, s, dataset, redGreen())
	s.FillBriaDataset(dataset, 199)
	last := upload(t, s, dataset, redGreen())
	wantRefusals(t, s, []refusal{{"the 201st", "POST", datasetPath(dataset) + "/images", `{"file":"` + redGreen() + `"}`, 412, "200 images"}})
	bria(t, s, "DELETE", fmt.Sprintf("%s/images/%d", datasetPath(dataset), last), "").want(t, 204)
	upload(t, s, dataset, redGreen())
}

func TestBriaGenerationRules(t *testing.T) {
	t.Parallel()
	s := start(t)
	light, top := trainedModel(t, s, lora, "light"), trainedModel(t, s, lora, "max")
	photographed := trainedModel(t, s, `"project_name":"p","ip_medium":"photography","ip_type":"other"`, "light")
	untrained := newModel(t, s, newDataset(t, s, newProject(t, s, lora)), "light")
	square := base64.StdEncoding.EncodeToString(photo(red, white))
	wide := base64.StdEncoding.EncodeToString(pngOf(800, 400, red, white))
	deny := forbidding(t)
	row := func(name, route string, model int, change string, status int, says string) refusal {
		return refusal{name, "POST", fmt.Sprintf("/%s/tailored/%d", route, model), changed(`{"prompt":"a dog"}`, change), status, says}
	}
	guided := func(change string) string {
		return changed(`{"guidance_method_1":"controlnet_canny","guidance_method_1_image_file":"`+square+`"}`, change)
	}
	const image, vector, again = "text-to-image", "text-to-vector", "reimagine"
	wantRefusals(t, s, []refusal{
		row("no prompt", image, light, `{"prompt":null}`, 400, "prompt"),
		row("a prompt in Greek", image, light, `{"prompt":"ένας σκύλος"}`, 400, "English"),
		row("a blank prompt", image, light, `{"prompt":" \n\t"}`, 400, "prompt"),
		row("a prompt with a pictogram", image, light, `{"prompt":"a dog ☃"}`, 400, "special characters"),
		row("a prompt with a control character", vector, light, `{"prompt":"a dog\u0007"}`, 400, "special characters"),
		row("an unknown field", image, light, `{"negative_prompt":"cat"}`, 400, "negative_prompt"),
		row("an unknown ratio", image, light, `{"aspect_ratio":"21:9"}`, 400, "aspect_ratio"),
		row("no results", image, light, `{"num_results":0}`, 400, "num_results"),
		row("five results", image, light, `{"num_results":5}`, 400, "num_results"),
		row("three results slowly", image, light, `{"num_results":3,"fast":false}`, 400, "num_results"),
		row("three steps", image, light, `{"steps_num":3}`, 400, "steps_num"),
		row("21 steps fast", image, light, `{"steps_num":21}`, 400, "steps_num"),
		row("19 steps slowly", image, light, `{"steps_num":19,"fast":false}`, 400, "steps_num"),
		row("51 steps slowly", image, light, `{"steps_num":51,"fast":false}`, 400, "steps_num"),
		row("a strong model", image, light, `{"model_influence":1.1}`, 400, "model_influence"),
		row("a seed in words", image, light, `{"seed":"7"}`, 400, "seed"),
		row("fast with max", image, top, `{"fast":true}`, 400, "fast"),
		row("8 steps with max", image, top, `{"steps_num":8}`, 400, "steps_num"),
		row("guidance with max", image, top, guided(`{}`), 400, "Max"),
		row("an image prompt with max", image, top, `{"image_prompt_file":"`+square+`"}`, 400, "Max"),
		row("two results guided", image, light, guided(`{"num_results":2}`), 400, "num_results"),
		row("two results with an image prompt", image, light, `{"num_results":2,"image_prompt_file":"`+square+`"}`, 400, "num_results"),
		row("guidance without image", image, light, guided(`{"guidance_method_1_image_file":null}`), 400, "image must be provided"),
		row("an image without guidance", image, light, guided(`{"guidance_method_1":null}`), 400, "guidance_method_1"),
		row("an unknown guidance", image, light, guided(`{"guidance_method_1":"canny"}`), 400, "guidance_method_1"),
		row("a strong guidance", image, light, guided(`{"guidance_method_1_scale":2}`), 400, "guidance_method_1_scale"),
		row("the second guidance alone", image, light, `{"guidance_method_2":"controlnet_canny","guidance_method_2_image_file":"`+square+`"}`, 400, "guidance_method_1"),
		row("a fifth guidance", image, light, guided(`{"guidance_method_5":"controlnet_canny"}`), 400, "guidance_method_5"),
		row("guidance of two shapes", image, light, guided(`{"guidance_method_2":"controlnet_depth","guidance_method_2_image_file":"`+wide+`"}`), 400, "same aspect ratio"),
		row("a guidance data URL", image, light, guided(`{"guidance_method_1_image_file":"data:image/png;base64,AA=="}`), 400, "base64"),
		row("a guidance of text", image, light, guided(`{"guidance_method_1_image_file":"dGV4dA=="}`), 400, "Unsupported"),
		{"a guidance above 12 MB", "POST", fmt.Sprintf("/text-to-image/tailored/%d", light), `{"prompt":"a","guidance_method_1":"controlnet_canny","guidance_method_1_image_file":"` + strings.Repeat("AAAA", 4<<20+1) + `"}`, 400, "12MB"},
		row("an unknown image prompt mode", image, light, `{"image_prompt_mode":"style","image_prompt_file":"`+square+`"}`, 400, "image_prompt_mode"),
		row("an image prompt without link", image, light, `{"image_prompt_urls":[]}`, 400, "image_prompt_urls"),
		row("an unknown model", image, 99, `{}`, 400, "does not exist"),
		row("an untrained model", image, untrained, `{}`, 400, "Created"),
		row("vectors of photographs", vector, photographed, `{}`, 400, "illustrative"),
		row("a vector guided by text", vector, light, guided(`{"guidance_method_1_image_file":"dGV4dA=="}`), 415, "Unsupported Media Type"),
		row("a vector's forbidden link", vector, light, `{"image_prompt_urls":["`+deny+`"]}`, 403, "Forbidden"),
		row("a vector's dead link", vector, light, `{"image_prompt_urls":["`+deny+`/gone"]}`, 422, "URL"),
		row("nothing to reimagine", again, light, `{}`, 400, "structure_image"),
		row("two to reimagine", again, light, `{"structure_image_file":"AA==","structure_image_url":"https://e.com/a"}`, 400, "exactly one"),
		row("reimagined with max", again, top, `{"structure_image_file":"`+square+`"}`, 400, "Max"),
		row("a ratio to reimagine", again, light, `{"aspect_ratio":"1:1","structure_image_file":"`+square+`"}`, 400, "aspect_ratio"),
		row("a dead link to reimagine", again, light, `{"structure_image_url":"`+deny+`/gone"}`, 422, "URL"),
	})
}

// forbidding hosts nothing: it answers 403, and 404 below /gone.
func forbidding(t *testing.T) string {
	t.Helper()
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/gone" {
			http.NotFound(w, r)
			return
		}
		w.WriteHeader(http.StatusForbidden)
	})
}

func TestBriaRefusesLargeBodiesReadably(t *testing.T) {
	t.Parallel()
	s := start(t)
	dataset := newDataset(t, s, newProject(t, s, lora))
	upload(t, s, dataset, redGreen())
	complete(t, s, dataset)
	body := `{"file":"` + strings.Repeat("AAAA", 2<<20) + `"}`
	for range 3 {
		bria(t, s, "POST", datasetPath(dataset)+"/images", body).want(t, 409)
		if err := s.AddFault("bria POST: status 429 x1"); err != nil {
			t.Fatal(err)
		}
		bria(t, s, "POST", datasetPath(dataset)+"/images", body).want(t, 429)
	}
}

func TestBriaFaultsTakeItsErrorShapes(t *testing.T) {
	t.Parallel()
	s := start(t, "bria GET: status 429 retry-after 3 x1", "bria GET: status 403 x1", "bria GET: status 500 x1", "bria GET: status 503 x1")
	shapes := map[string]bool{}
	for _, status := range []int{429, 403, 500, 503} {
		r := bria(t, s, "GET", "/tailored-gen/projects", "").want(t, status)
		errorText(t, r)
		shapes[strings.Join(keysOf(r.body), ",")] = true
		if status == 429 && r.header.Get("Retry-After") != "3" {
			t.Errorf("no Retry-After: %v", r.header)
		}
	}
	if len(shapes) != 4 {
		t.Errorf("the four shapes are %v", shapes)
	}
}

// keysOf names a body's shape.
func keysOf(body []byte) []string {
	var o object
	if json.Unmarshal(body, &o) != nil {
		return []string{"bare"}
	}
	if o["message"] != nil {
		return []string{"message"}
	}
	if _, text := o["error"].(string); text {
		return []string{"error text"}
	}
	return []string{"error object"}
}
