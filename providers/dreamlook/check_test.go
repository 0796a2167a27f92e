package dreamlook_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/dreamlook"
)

func TestDeclaration(t *testing.T) { conformance.Service(t, dreamlook.Service()) }

func TestTrainingAlwaysAsksForConsent(t *testing.T) {
	for _, task := range dreamlook.Service().Tasks {
		trains := task.Kind != providers.Generate
		if asks := task.Person != nil && task.Person(providers.Values{}); asks != trains {
			t.Errorf("%s: asks for consent: %v", task.ID, asks)
		}
	}
}

func TestRulesAcrossFields(t *testing.T) {
	service := dreamlook.Service()
	for _, row := range []struct {
		name, task string
		values     map[string]any
		field      string // of the one problem, or none
	}{
		{"the defaults", trainID, nil, ""},
		{"a base model", trainID, map[string]any{"base_model": "anything-v9"}, ""},
		{"a checkpoint", generateID, map[string]any{"prompt": "x", "checkpoint_id": "ckp_1"}, ""},
		{"both to train", trainID, map[string]any{"base_model": "stable-diffusion-v1-5", "checkpoint_id": "ckp_1"}, "checkpoint_id"},
		{"both to generate", generateID, map[string]any{"prompt": "x", "base_model": "stable-diffusion-v1-5", "checkpoint_id": "ckp_1"}, "checkpoint_id"},
		{"checkpoints on the way", trainID, map[string]any{"save_checkpoints_at": "400,800"}, ""},
		{"one at the end", trainID, map[string]any{"save_checkpoints_at": "400, 1200"}, "save_checkpoints_at"},
		{"one that is no number", bothID, map[string]any{"image_gen": `[{"prompt":"x"}]`, "save_checkpoints_at": "400;800"}, "save_checkpoints_at"},
		{"one at zero", trainID, map[string]any{"save_checkpoints_at": "0"}, "save_checkpoints_at"},
		{"a trailing comma", trainID, map[string]any{"save_checkpoints_at": "400,"}, "save_checkpoints_at"},
		{"no prompt", generateID, nil, "prompt"},
		{"a learning rate of one", trainID, map[string]any{"learning_rate": 1}, "learning_rate"},
		{"too many pictures", generateID, map[string]any{"prompt": "x", "num_samples": 51}, "num_samples"},
		{"too wide", generateID, map[string]any{"prompt": "x", "width": 2048}, "width"},
		{"no pictures after a training", bothID, nil, "image_gen"},
		{"pictures without a prompt", bothID, map[string]any{"image_gen": `[{"seed":1}]`}, "image_gen[0].prompt"},
	} {
		t.Run(row.name, func(t *testing.T) {
			task, _ := service.FindTask(row.task)
			_, problems := task.Validate(row.values)
			if row.field == "" && len(problems) > 0 || row.field != "" && (len(problems) != 1 || problems[0].Field != row.field) {
				t.Errorf("the problems are %v, want one of %q", problems, row.field)
			}
		})
	}
}

func TestPicturesToExpect(t *testing.T) {
	service := dreamlook.Service()
	for _, row := range []struct {
		task   string
		values map[string]any
		want   int
	}{
		{generateID, map[string]any{"prompt": "x"}, 4},
		{generateID, map[string]any{"prompt": "x", "num_samples": 7}, 7},
		{generateID, map[string]any{"prompt": "x", "dry_run": true}, 0},
		{bothID, map[string]any{"image_gen": `[{"prompt":"x"},{"prompt":"y","num_samples":2}]`}, 6},
		{bothID, map[string]any{"image_gen": `[{"prompt":"x"}]`, "dry_run": true}, 0},
	} {
		task, _ := service.FindTask(row.task)
		values, _ := task.Validate(row.values)
		if got := task.Pictures(values); got != row.want {
			t.Errorf("%s with %v makes %d pictures, want %d", row.task, row.values, got, row.want)
		}
	}
}

func TestCheckingTheKey(t *testing.T) {
	var page []string
	for i := range 50 {
		page = append(page, fmt.Sprintf(`{"job_id":"db_%d"}`, i))
	}
	for list, want := range map[string]string{
		"[]":                                "Key accepted. 0 trainings known.",
		`[{"job_id":"db_1"}]`:               "Key accepted. 1 training known.",
		"[" + strings.Join(page, ",") + "]": "Key accepted. 50 trainings known, or more.",
		`{"items":[{"job_id":"a"},{"job_id":"b"}]}`: "Key accepted. 2 trainings known.",
	} {
		_, conn := serve(t, map[string][]string{"GET /jobs/dreambooth": {list}})
		if got, err := dreamlook.Service().CheckKey(t.Context(), conn); got != want || err != nil {
			t.Errorf("got %q, %v; want %q", got, err, want)
		}
	}
	_, err := dreamlook.Service().CheckKey(t.Context(), refusing(t, 401, `{"detail":"Invalid API key"}`))
	if f := failure(t, err); f.Kind != providers.BadKey || strings.Contains(fmt.Sprint(f), "dl-test") {
		t.Errorf("got %+v", f)
	}
}

func TestAFreshLinkToAModel(t *testing.T) {
	model := providers.Model{RemoteID: "ckp_12ed2b03", RemoteJob: "db_1ccb410f", Title: "mine", Base: "stable-diffusion-v1-5"}
	expires := time.Date(2023, 6, 7, 14, 1, 16, 0, time.UTC)
	for _, route := range []string{"GET /jobs/dreambooth/db_1ccb410f", "GET /jobs/dreambooth-image-gen/db_1ccb410f", "GET /jobs/dreambooth_image_gen/db_1ccb410f"} {
		_, conn := serve(t, map[string][]string{route: {file(t, "job_training.json")}})
		fresh, err := dreamlook.Service().ModelLink(t.Context(), conn, model)
		if err != nil || !strings.Contains(fresh.URL, "ckp_12ed2b03.safetensors?X-Goog") || !fresh.Expires.Equal(expires) || fresh.Title != "mine" {
			t.Errorf("%s: %+v, %v", route, fresh, err)
		}
	}
}

func TestAModelThatIsGone(t *testing.T) {
	deleted := strings.ReplaceAll(file(t, "job_training.json"), `"is_available": true`, `"is_available": false`)
	for _, row := range []struct {
		name   string
		model  providers.Model
		answer string
	}{
		{"deleted", providers.Model{RemoteID: "ckp_12ed2b03", RemoteJob: "db_1"}, deleted},
		{"not listed", providers.Model{RemoteID: "ckp_other", RemoteJob: "db_1"}, file(t, "job_training.json")},
		{"of an unknown training", providers.Model{RemoteID: "ckp_12ed2b03", RemoteJob: "db_2"}, deleted},
		{"without a training", providers.Model{RemoteID: "ckp_12ed2b03"}, deleted},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, conn := serve(t, map[string][]string{"GET /jobs/dreambooth/db_1": {row.answer}})
			_, err := dreamlook.Service().ModelLink(t.Context(), conn, row.model)
			if f := failure(t, err); f.Kind != providers.NotFound || f.Message == "" || f.Advice == "" {
				t.Errorf("got %+v", f)
			}
		})
	}
}

func TestCalls(t *testing.T) {
	_, conn := serve(t, map[string][]string{
		"GET /jobs/image-gen":             {"[" + file(t, "job_generation.json") + "]"},
		"GET /jobs/image-gen/ig_90c7ebd5": {file(t, "job_generation.json")},
	})
	answer := func(id string, raw map[string]any) string {
		t.Helper()
		service := dreamlook.Service()
		call, _ := service.FindCall(id)
		values, problems := providers.Parse(call.Fields, raw)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		answer, err := call.Do(t.Context(), conn, values)
		if err != nil {
			t.Fatal(err)
		}
		encoded, err := json.Marshal(answer)
		if err != nil {
			t.Fatal(err)
		}
		return string(encoded)
	}
	list := answer("dreamlook/jobs", map[string]any{"type": "image-gen"})
	if !strings.Contains(list, `"job_id":"ig_90c7ebd5","state":"success","percentage_done":100,"started":"2023-06-29T16:25:28.018608Z"`) {
		t.Errorf("the list is %s", list)
	}
	sameJSON(t, answer("dreamlook/job", map[string]any{"type": "image-gen", "id": "ig_90c7ebd5"}), file(t, "job_generation.json"))
}
