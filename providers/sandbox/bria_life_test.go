// What Bria keeps, shows and draws over a model's life, also across a restart.

package sandbox_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image/color"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/maquette-studio/maquette/providers/sandbox"
)

func TestBriaCaptions(t *testing.T) {
	t.Parallel()
	s, clock := startFrozen(t)
	dataset := newDataset(t, s, newProject(t, s, lora))
	path := datasetPath(dataset)
	image := fmt.Sprintf("%s/images/%d", path, upload(t, s, dataset, redGreen()))
	clock.advance(time.Minute)
	first := bria(t, s, "GET", image, "").want(t, 200).object(t)["caption"]
	byHand := bria(t, s, "PUT", image, `{"caption":"waving"}`).want(t, 200).object(t)
	if byHand["caption"] != "waving" || byHand["caption_source"] != "manual" {
		t.Errorf("by hand: %v", byHand)
	}
	again := bria(t, s, "PUT", image, `{"regenerate_caption":true}`).want(t, 200).object(t)
	if again["caption"] != first || again["caption_source"] != "automatic" {
		t.Errorf("regenerated: %v, first %v", again, first)
	}
	bria(t, s, "PUT", image, `{"caption":"waving"}`).want(t, 200)
	bria(t, s, "PUT", path, `{"caption_prefix":"A drawing of Lora,"}`).want(t, 200)
	if kept := bria(t, s, "GET", image, "").object(t); kept["caption"] != "waving" {
		t.Errorf("a new prefix alone changes a caption: %v", kept)
	}
	started := bria(t, s, "PUT", path+"/images/", "").want(t, 202).object(t)
	if started["captions_update_status"] != "in_progress" {
		t.Errorf("regenerating all: %v", started)
	}
	if waiting := bria(t, s, "GET", image, "").object(t); waiting["caption"] != nil || waiting["caption_source"] != "pending" {
		t.Errorf("meanwhile: %v", waiting)
	}
	clock.advance(time.Minute)
	if all := bria(t, s, "GET", image, "").object(t); all["caption_source"] != "automatic" || all["caption"] == nil {
		t.Errorf("afterwards: %v", all)
	}
}

func TestBriaCloneStandsAlone(t *testing.T) {
	t.Parallel()
	s := start(t)
	dataset := newDataset(t, s, newProject(t, s, lora))
	image := upload(t, s, dataset, redGreen())
	bria(t, s, "PUT", fmt.Sprintf("%s/images/%d", datasetPath(dataset), image), `{"caption":"waving"}`).want(t, 200)
	complete(t, s, dataset)
	clone := bria(t, s, "POST", datasetPath(dataset)+"/clone", "").want(t, 201).object(t)
	if clone["name"] != "Copy of dataset v1" || clone["status"] != "draft" || clone["images_count"] != 1.0 {
		t.Errorf("clone %v", clone)
	}
	copied := clone["images"].([]any)[0].(object)
	if copied["caption"] != "waving" || id(copied) == image || copied["dataset_id"] != clone["id"] {
		t.Errorf("its image %v", copied)
	}
	bria(t, s, "DELETE", datasetPath(dataset), "").want(t, 204)
	decode(t, get(t, copied["image_url"].(string)).want(t, 200).body)
	bria(t, s, "DELETE", fmt.Sprintf("%s/images/%d", datasetPath(id(clone)), id(copied)), "").want(t, 204)
	get(t, copied["thumbnail_url"].(string)).want(t, 404)
}

func TestBriaTurnsTransparencyBlack(t *testing.T) {
	t.Parallel()
	s := start(t)
	dataset := newDataset(t, s, newProject(t, s, lora))
	file := base64.StdEncoding.EncodeToString(bigPhoto(color.NRGBA{255, 255, 255, 0}, red))
	image := bria(t, s, "POST", datasetPath(dataset)+"/images", `{"file":"`+file+`"}`).want(t, 201).object(t)
	for _, key := range []string{"image_url", "thumbnail_url"} {
		kept, _ := decode(t, get(t, image[key].(string)).want(t, 200).body)
		if top := kept.At(kept.Bounds().Dx()/2, 5); !near(top, color.Black) {
			t.Errorf("%s: transparency became %v", key, top)
		}
	}
}

func TestBriaListsByProject(t *testing.T) {
	t.Parallel()
	s := start(t)
	model := trainedModel(t, s, lora, "light")
	newDataset(t, s, newProject(t, s, lora))
	about := bria(t, s, "GET", modelPath(model), "").object(t)
	project := fmt.Sprintf("/tailored-gen/projects/%v", about["project_id"])
	list := func(path string) []object {
		var all []object
		if err := json.Unmarshal(bria(t, s, "GET", path, "").want(t, 200).body, &all); err != nil {
			t.Fatal(err)
		}
		return all
	}
	for path, n := range map[string]int{"/tailored-gen/projects": 2, "/tailored-gen/datasets": 2, "/tailored-gen/models": 1, project + "/datasets": 1, project + "/models": 1} {
		if all := list(path); len(all) != n {
			t.Errorf("%s lists %d, want %d", path, len(all), n)
		}
	}
	plain := list(project + "/datasets")[0]
	if plain["models"] != nil || plain["model_ids"] != nil {
		t.Errorf("models unasked: %v", plain)
	}
	withIDs := list(project + "/datasets?include_models_ids=true")[0]
	if ids, _ := withIDs["model_ids"].([]any); len(ids) != 1 || ids[0] != float64(model) || withIDs["models"] != nil {
		t.Errorf("ids: %v", withIDs)
	}
	withModels := list(project + "/datasets?include_models=true")[0]
	sameKeys(t, "models", documented(t, "bria_model.json"), withModels["models"].([]any)[0])

	bria(t, s, "DELETE", project, "").want(t, 204)
	for _, path := range []string{"/tailored-gen/datasets", "/tailored-gen/models"} {
		if all := list(path); slices.ContainsFunc(all, func(o object) bool { return o["project_id"] == about["project_id"] }) {
			t.Errorf("%s still lists what the project held: %v", path, all)
		}
	}
	bria(t, s, "GET", modelPath(model), "").want(t, 404)
}

func TestBriaTrainingTakesItsStates(t *testing.T) {
	t.Parallel()
	s, clock := startFrozen(t)
	dataset := newDataset(t, s, newProject(t, s, lora))
	upload(t, s, dataset, redGreen())
	complete(t, s, dataset)
	states := func(model int) string { return bria(t, s, "GET", modelPath(model), "").object(t)["status"].(string) }
	trains, stops := newModel(t, s, dataset, "light"), newModel(t, s, dataset, "max")
	fails := id(bria(t, s, "POST", "/tailored-gen/models", fmt.Sprintf(`{"name":"forbidden","dataset_id":%d,"training_version":"light"}`, dataset)).want(t, 201).object(t))
	if states(trains) != "Created" {
		t.Errorf("new: %s", states(trains))
	}
	for _, model := range []int{trains, stops, fails} {
		bria(t, s, "POST", modelPath(model)+"/start_training", "").want(t, 200)
	}
	if stopping := bria(t, s, "POST", modelPath(stops)+"/stop_training", "").want(t, 200).object(t); stopping["status"] != "Stopping" {
		t.Errorf("stopping answers %v", stopping)
	}
	clock.advance(time.Minute)
	for model, state := range map[int]string{trains: "Completed", stops: "Stopped", fails: "Failed"} {
		if states(model) != state {
			t.Errorf("model %d is %s, want %s", model, states(model), state)
		}
	}
}

func TestBriaDrawsEveryWay(t *testing.T) {
	t.Parallel()
	s := start(t)
	model := trainedModel(t, s, `"project_name":"p","ip_medium":"illustration","ip_type":"stylized_scene"`, "light")
	wide := base64.StdEncoding.EncodeToString(pngOf(800, 400, red, white))
	guidance := `"guidance_method_1":"controlnet_canny","guidance_method_1_image_file":"` + wide + `","guidance_method_2":"controlnet_depth","guidance_method_2_scale":0.5,"guidance_method_2_image_file":"` + wide +
		`","guidance_method_3":"controlnet_recoloring","guidance_method_3_image_file":"` + wide + `","guidance_method_4":"controlnet_color_grid","guidance_method_4_image_file":"` + wide + `"`
	at := host(t, map[string][]byte{"/a.png": photo(green, white)})
	for _, row := range []struct {
		path, body string
		n, w, h    int // without a size the picture is not looked at: drawing takes its time
	}{
		{"text-to-image", `"aspect_ratio":"16:9","num_results":2`, 2, 1376, 774},
		{"text-to-image", `"fast":false,"steps_num":50,"sync":true`, 2, 0, 0},
		{"text-to-image", guidance, 1, 1448, 728},
		{"text-to-image", `"image_prompt_mode":"style_only","image_prompt_scale":0.4,"image_prompt_urls":["` + at + `/a.png"],"image_prompt_file":"` + wide + `"`, 1, 1024, 1024},
		{"reimagine", `"num_results":1,"structure_image_file":"` + wide + `","structure_ref_influence":0.9,"tailored_model_influence":0.5,"steps_num":20`, 1, 1448, 728},
		{"reimagine", `"num_results":1,"structure_image_url":"` + at + `/a.png","include_generation_prefix":false`, 1, 0, 0},
		{"text-to-vector", `"num_results":1,"sync":false`, 1, 0, 0},
		{"text-to-vector", guidance, 1, 0, 0},
	} {
		all := results(t, bria(t, s, "POST", fmt.Sprintf("/%s/tailored/%d", row.path, model), `{"prompt":"a valley",`+row.body+`}`))
		if len(all) != row.n {
			t.Errorf("%s: %d results, want %d", row.path, len(all), row.n)
			continue
		}
		if row.path == "text-to-vector" {
			wantSVG(t, download(t, all[0].URLs[0]))
			continue
		}
		if row.w == 0 {
			continue
		}
		picture, format := decode(t, download(t, all[0].URLs[0]))
		if b := picture.Bounds(); b.Dx() != row.w || b.Dy() != row.h || format != "png" {
			t.Errorf("%s %.60s: a %v %s", row.path, row.body, b, format)
		}
	}
}

func TestBriaSyncAnswersWhenTheImageIsThere(t *testing.T) {
	t.Parallel()
	s := start(t)
	model := trainedModel(t, s, lora, "light")
	for path, body := range map[string]string{
		"text-to-image":  `{"prompt":"a valley","num_results":1,"sync":true}`,
		"text-to-vector": `{"prompt":"a valley","num_results":1}`,
	} {
		all := results(t, bria(t, s, "POST", fmt.Sprintf("/%s/tailored/%d", path, model), body))
		if r := get(t, all[0].URLs[0]).want(t, 200); len(r.body) == 0 {
			t.Errorf("%s: the file is empty", path)
		}
	}
}

func TestBriaLinksLeadNowhereAtFirst(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := startAt(t, t.TempDir(), clock)
	model := trainedModel(t, s, lora, "light")
	clock.freeze()
	var links []string
	for range 4 {
		for _, r := range results(t, bria(t, s, "POST", fmt.Sprintf("/text-to-vector/tailored/%d", model), `{"prompt":"a valley","sync":false}`)) {
			links = append(links, r.URLs[0])
		}
	}
	for _, link := range links {
		get(t, link).want(t, 404)
	}
	clock.advance(30 * time.Millisecond) // the queue takes 25 ms at this pace, the work 50 at least
	empty := 0
	for _, link := range links {
		r := get(t, link)
		if r.status != 404 && len(r.body) > 0 {
			t.Errorf("status %d and %d bytes before its time", r.status, len(r.body))
		}
		if r.status == 200 {
			empty++
		}
	}
	if empty == 0 || empty == len(links) {
		t.Errorf("%d of %d links lead to an empty file, want some", empty, len(links))
	}
	clock.advance(time.Minute)
	get(t, links[0]).want(t, 200)
}

func TestBriaForbiddenPictureNeverComes(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := startAt(t, t.TempDir(), clock)
	model := trainedModel(t, s, lora, "light")
	for _, r := range results(t, bria(t, s, "POST", fmt.Sprintf("/text-to-image/tailored/%d", model), `{"prompt":"a forbidden valley"}`)) {
		clock.advance(time.Hour)
		get(t, r.URLs[0]).want(t, 404)
	}
}

func TestBriaTakesUploadsAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	dataset := newDataset(t, s, newProject(t, s, lora))
	var uploads errgroup.Group
	for range 6 {
		uploads.Go(func() error {
			r, err := tryWith("POST", s.URL("bria")+datasetPath(dataset)+"/images", http.Header{"Api_token": {s.Key("bria")}}, `{"file":"`+redGreen()+`"}`)
			if err == nil && r.status != 201 {
				err = fmt.Errorf("status %d: %s", r.status, r.body)
			}
			return err
		})
	}
	if err := uploads.Wait(); err != nil {
		t.Fatal(err)
	}
	whole := bria(t, s, "GET", datasetPath(dataset), "").want(t, 200).object(t)
	ids := map[int]bool{}
	for _, img := range whole["images"].([]any) {
		ids[id(img.(object))] = true
	}
	if len(ids) != 6 || whole["images_count"] != 6.0 {
		t.Errorf("%d ids, count %v", len(ids), whole["images_count"])
	}
}

func TestBriaSeedRecreatesAResult(t *testing.T) {
	t.Parallel()
	s := start(t)
	model := trainedModel(t, s, lora, "light")
	draw := func(body string) []result {
		return results(t, bria(t, s, "POST", fmt.Sprintf("/text-to-vector/tailored/%d", model), body))
	}
	first := draw(`{"prompt":"a valley","num_results":2}`)
	again := draw(fmt.Sprintf(`{"prompt":"a valley","num_results":1,"seed":%d}`, first[1].Seed))
	if first[0].Seed == first[1].Seed || again[0].Seed != first[1].Seed {
		t.Errorf("seeds %v, then %v", first, again)
	}
	if string(download(t, first[1].URLs[0])) != string(download(t, again[0].URLs[0])) {
		t.Error("the same seed draws another picture")
	}
	if n := s.Submissions("bria"); n != 3 {
		t.Errorf("%d submissions, want a training and two generations", n)
	}
}

func TestBriaRestartChangesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := startIn(t, dir)
	model := trainedModel(t, s, lora, "light")
	draft := newDataset(t, s, newProject(t, s, lora))
	image := upload(t, s, draft, redGreen())
	waitFor(t, s, fmt.Sprintf("%s/images/%d", datasetPath(draft), image), "caption_source", "automatic")
	link := results(t, bria(t, s, "POST", fmt.Sprintf("/text-to-vector/tailored/%d", model), `{"prompt":"a valley","sync":true,"num_results":1}`))[0].URLs[0]
	before := everythingAtBria(t, s, draft, link)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = startIn(t, dir)
	if after := everythingAtBria(t, s, draft, link); before != after {
		t.Errorf("it was\n%.2000s\nand is\n%.2000s", before, after)
	}
	if next := upload(t, s, draft, redGreen()); next <= image {
		t.Errorf("image ids went from %d to %d", image, next)
	}
	if n := s.Submissions("bria"); n != 2 {
		t.Errorf("%d submissions counted", n)
	}
}

// everythingAtBria is all that can be read there, and one result's file.
func everythingAtBria(t *testing.T, s *sandbox.Sandbox, dataset int, link string) string {
	t.Helper()
	var all strings.Builder
	for _, path := range []string{"/tailored-gen/projects", "/tailored-gen/datasets", "/tailored-gen/models", datasetPath(dataset)} {
		all.Write(bria(t, s, "GET", path, "").want(t, 200).body)
	}
	all.Write(get(t, link).want(t, 200).body)
	return all.String()
}
