// What Bria's tests share, and its whole way: a project, a dataset, a model, pictures.

package sandbox_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/providers/sandbox"
)

func bria(t *testing.T, s *sandbox.Sandbox, method, path, body string) reply {
	t.Helper()
	r, err := tryWith(method, s.URL("bria")+path, http.Header{"Api_token": {s.Key("bria")}}, body)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// bigPhoto is a PNG of Bria's least size: an upper half of one colour, a lower of another.
func bigPhoto(upper, lower color.Color) []byte { return pngOf(1024, 1024, upper, lower) }

func pngOf(w, h int, upper, lower color.Color) []byte {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Rect, image.NewUniform(upper), image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(0, h/2, w, h), image.NewUniform(lower), image.Point{}, draw.Src)
	var out bytes.Buffer
	_ = (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, img)
	return out.Bytes()
}

// redGreen is what most tests train on.
var redGreen = sync.OnceValue(func() string {
	return base64.StdEncoding.EncodeToString(bigPhoto(red, green))
})

const lora = `"project_name":"Branded Character","ip_name":"Lora","ip_description":"A female character with purple hair","ip_medium":"illustration","ip_type":"defined_character"`

func newProject(t *testing.T, s *sandbox.Sandbox, fields string) int {
	t.Helper()
	return id(bria(t, s, "POST", "/tailored-gen/projects", `{`+fields+`}`).want(t, 201).object(t))
}

func id(o object) int { n, _ := o["id"].(float64); return int(n) }

func newDataset(t *testing.T, s *sandbox.Sandbox, project int) int {
	t.Helper()
	return id(bria(t, s, "POST", "/tailored-gen/datasets", fmt.Sprintf(`{"project_id":%d,"name":"dataset v1"}`, project)).want(t, 201).object(t))
}

func upload(t *testing.T, s *sandbox.Sandbox, dataset int, file string) int {
	t.Helper()
	body := `{"file":"` + file + `","image_name":"lora.png"}`
	return id(bria(t, s, "POST", datasetPath(dataset)+"/images", body).want(t, 201).object(t))
}

func datasetPath(id int) string { return fmt.Sprintf("/tailored-gen/datasets/%d", id) }
func modelPath(id int) string   { return fmt.Sprintf("/tailored-gen/models/%d", id) }

func complete(t *testing.T, s *sandbox.Sandbox, dataset int) {
	t.Helper()
	bria(t, s, "PUT", datasetPath(dataset), `{"status":"completed"}`).want(t, 200)
}

func newModel(t *testing.T, s *sandbox.Sandbox, dataset int, version string) int {
	t.Helper()
	body := fmt.Sprintf(`{"name":"Lora Character Model","dataset_id":%d,"training_version":"%s"}`, dataset, version)
	return id(bria(t, s, "POST", "/tailored-gen/models", body).want(t, 201).object(t))
}

// trainedModel goes the whole way and returns a model that can be used.
func trainedModel(t *testing.T, s *sandbox.Sandbox, project, version string) int {
	t.Helper()
	dataset := newDataset(t, s, newProject(t, s, project))
	upload(t, s, dataset, redGreen())
	complete(t, s, dataset)
	model := newModel(t, s, dataset, version)
	bria(t, s, "POST", modelPath(model)+"/start_training", "").want(t, 200)
	waitFor(t, s, modelPath(model), "status", "Completed")
	return model
}

// waitFor reads a path until a field has a value.
func waitFor(t *testing.T, s *sandbox.Sandbox, path, field string, value any) object {
	t.Helper()
	deadline := time.Now().Add(15 * time.Second)
	for time.Now().Before(deadline) {
		if o := bria(t, s, "GET", path, "").want(t, 200).object(t); o[field] == value {
			return o
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%s of %s never became %v", field, path, value)
	return nil
}

// result is one element of a generation's answer.
type result struct {
	URLs []string `json:"urls"`
	Seed int      `json:"seed"`
	UUID string   `json:"uuid"`
}

func results(t *testing.T, r reply) []result {
	t.Helper()
	var all struct{ Result []result }
	if err := json.Unmarshal(r.want(t, 200).body, &all); err != nil {
		t.Fatal(err)
	}
	return all.Result
}

// download polls a link until something is there.
func download(t *testing.T, link string) []byte {
	t.Helper()
	deadline := time.Now().Add(15 * time.Second)
	for time.Now().Before(deadline) {
		r := get(t, link)
		if r.status == 200 && len(r.body) > 0 {
			return r.body
		}
		if r.status != 200 {
			r.want(t, 404)
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%s never led anywhere", link)
	return nil
}

func wantSVG(t *testing.T, data []byte) {
	t.Helper()
	dec, shapes := xml.NewDecoder(bytes.NewReader(data)), 0
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("not XML: %v", err)
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local != "svg" {
			shapes++
		}
	}
	if shapes < 10 || !bytes.HasPrefix(data, []byte("<svg xmlns=")) {
		t.Errorf("%d shapes: %.200s", shapes, data)
	}
}

// like compares an answer with a document's example: the same keys, and the same values but for ids, times
// and links.
func like(t *testing.T, name string, got object) {
	t.Helper()
	want := documented(t, name)
	sameKeys(t, name, want, got)
	for key, v := range want {
		if strings.HasSuffix(key, "id") || strings.HasSuffix(key, "_at") || strings.HasSuffix(key, "_url") || key == "images" || key == "images_count" {
			continue
		}
		if !reflect.DeepEqual(got[key], v) {
			t.Errorf("%s: %s is %v, documented %v", name, key, got[key], v)
		}
	}
}

func TestBriaGoesItsWholeWayAsDocumented(t *testing.T) {
	t.Parallel()
	s, clock := startFrozen(t)
	made := bria(t, s, "POST", "/tailored-gen/projects", `{`+lora+`}`).want(t, 201).object(t)
	like(t, "bria_project.json", made)
	project := fmt.Sprintf("/tailored-gen/projects/%d", id(made))
	like(t, "bria_project_updated.json", bria(t, s, "PUT", project, `{"ip_description":"A girl with purple hair"}`).want(t, 200).object(t))
	like(t, "bria_project.json", bria(t, s, "PUT", project, `{"ip_description":"A female character with purple hair"}`).want(t, 200).object(t))

	made = bria(t, s, "POST", "/tailored-gen/datasets", fmt.Sprintf(`{"project_id":%d,"name":"dataset v1"}`, id(made))).want(t, 201).object(t)
	like(t, "bria_dataset_created.json", made)
	dataset := id(made)
	sent := bria(t, s, "POST", datasetPath(dataset)+"/images", `{"file":"`+redGreen()+`","image_name":"lora.png"}`).want(t, 201).object(t)
	like(t, "bria_image.json", sent)
	clock.advance(time.Minute)
	img := bria(t, s, "GET", fmt.Sprintf("%s/images/%d", datasetPath(dataset), id(sent)), "").want(t, 200).object(t)
	if caption, _ := img["caption"].(string); !strings.Contains(caption, "red") || !strings.Contains(caption, "green") {
		t.Errorf("caption %v", img["caption"])
	}
	like(t, "bria_captions_regenerating.json", bria(t, s, "PUT", datasetPath(dataset)+"/images", "").want(t, 202).object(t))
	clock.advance(time.Minute)
	if whole := bria(t, s, "GET", datasetPath(dataset), "").object(t); whole["captions_update_status"] != "completed" {
		t.Errorf("captions are %v", whole["captions_update_status"])
	}

	other := newDataset(t, s, id(bria(t, s, "GET", project, "").want(t, 200).object(t)))
	upload(t, s, other, redGreen())
	like(t, "bria_dataset_updated.json", bria(t, s, "PUT", datasetPath(other), `{"status":"completed"}`).want(t, 200).object(t))
	whole := bria(t, s, "GET", datasetPath(other), "").want(t, 200).object(t)
	like(t, "bria_dataset.json", whole)
	sameKeys(t, "image", documented(t, "bria_image.json"), whole["images"].([]any)[0])
	like(t, "bria_dataset_cloned.json", bria(t, s, "POST", datasetPath(other)+"/clone", `{"name":"Copy of dataset v1 - modified version","description":""}`).want(t, 201).object(t))
	like(t, "bria_image_not_deleted.json", bria(t, s, "DELETE", fmt.Sprintf("%s/images/%d", datasetPath(other), id(whole["images"].([]any)[0].(object))), "").want(t, 409).object(t))

	made = bria(t, s, "POST", "/tailored-gen/models", fmt.Sprintf(`{"name":"Lora Character Model","description":"A model trained on Lora character illustrations","dataset_id":%d,"training_version":"max"}`, other)).want(t, 201).object(t)
	like(t, "bria_model_created.json", made)
	model := modelPath(id(made))
	like(t, "bria_training_started.json", bria(t, s, "POST", model+"/start_training", "").want(t, 200).object(t))
	like(t, "bria_model_not_deleted.json", bria(t, s, "DELETE", model, "").want(t, 409).object(t))
	clock.advance(time.Minute)
	like(t, "bria_model.json", bria(t, s, "GET", model, "").want(t, 200).object(t))
	like(t, "bria_model_updated.json", bria(t, s, "PUT", model, `{"name":"Updated Lora Character Model","description":"An updated model trained on Lora character illustrations"}`).want(t, 200).object(t))

	answer := bria(t, s, "POST", fmt.Sprintf("/text-to-image/tailored/%d", id(made)), `{"prompt":"on the beach","num_results":1,"seed":123}`).want(t, 200)
	sameKeys(t, "", documented(t, "bria_generation.json"), answer.object(t))
	all := results(t, answer)
	if len(all) != 1 || all[0].Seed != 123 {
		t.Fatalf("got %v", all)
	}
	clock.advance(time.Minute)
	decode(t, get(t, all[0].URLs[0]).want(t, 200).body)
	if n := s.Submissions("bria"); n != 2 {
		t.Errorf("%d submissions counted, want the training and the generation", n)
	}
}

func TestBriaKnowsItsToken(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, header := range []http.Header{{}, {"Api_token": {"wrong"}}, {"Authorization": {"Bearer " + s.Key("bria")}}} {
		r, err := tryWith("GET", s.URL("bria")+"/tailored-gen/projects", header, "")
		if err != nil {
			t.Fatal(err)
		}
		r.want(t, 401).object(t)
	}
	bria(t, s, "GET", "/nowhere", "").want(t, 404).object(t)
	if r := bria(t, s, "GET", "/text-to-image/tailored/701", "").want(t, 405); r.header.Get("Allow") != "POST" || r.object(t)["message"] == nil {
		t.Errorf("405 answers %v %s", r.header, r.body)
	}
	for path := range map[string]bool{"projects": true, "datasets": true, "models": true} {
		if r := bria(t, s, "GET", "/tailored-gen/"+path, "").want(t, 200); string(r.body) != "[]" {
			t.Errorf("%s: %s", path, r.body)
		}
	}
}
