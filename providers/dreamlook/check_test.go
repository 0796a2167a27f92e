// Every rule, at its field and with its limit in words.

package dreamlook_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/dreamlook"
)

func TestRules(t *testing.T) {
	service := dreamlook.Service()
	both := func(item string) map[string]any { return map[string]any{"image_gen": "[" + item + "]"} }
	picture := func(key string, value any) map[string]any { return map[string]any{"prompt": "x", key: value} }
	for _, row := range []struct {
		name, task string
		values     map[string]any
		field      string // of the one problem, or none
		says       string
	}{
		{"the defaults", trainID, nil, "", ""},
		{"a base model", trainID, map[string]any{"base_model": "anything-v9"}, "", ""},
		{"a checkpoint", generateID, picture("checkpoint_id", "ckp_1"), "", ""},
		{"both to train", trainID, map[string]any{"base_model": "stable-diffusion-v1-5", "checkpoint_id": "ckp_1"}, "checkpoint_id", "leave base_model empty"},
		{
			"both to generate", generateID,
			map[string]any{"prompt": "x", "base_model": "stable-diffusion-v1-5", "checkpoint_id": "ckp_1"},
			"checkpoint_id", "leave base_model empty",
		},
		{"checkpoints on the way", trainID, map[string]any{"save_checkpoints_at": "400,800"}, "", ""},
		{"one at the end", trainID, map[string]any{"save_checkpoints_at": "400, 1200"}, "", ""},
		{
			"one that is no number", bothID,
			map[string]any{"image_gen": `[{"prompt":"x"}]`, "save_checkpoints_at": "400;800"},
			"save_checkpoints_at", `"400;800" isn't one`,
		},
		{"one at half a step", trainID, map[string]any{"save_checkpoints_at": "0.5"}, "save_checkpoints_at", `"0.5" isn't one`},
		{"a trailing comma", trainID, map[string]any{"save_checkpoints_at": "400,"}, "save_checkpoints_at", `"" isn't one`},
		{"no prompt", generateID, nil, "prompt", "required"},
		{"a width of no round number", generateID, picture("width", 700), "", ""},
		{"no pictures after a training", bothID, nil, "image_gen", "required"},
		{"pictures without a prompt", bothID, both(`{"seed":1}`), "image_gen[0].prompt", "required"},
		{"a callback", trainID, map[string]any{"callback": "https://example.com/hook?token=1"}, "", ""},
		{"a callback in words", trainID, map[string]any{"callback": "my server"}, "callback", "such as https://example.com/hook"},
		{"a callback without encryption", generateID, picture("callback", "http://example.com/hook"), "callback", "https://"},
		{"a callback elsewhere", bothID, map[string]any{"image_gen": `[{"prompt":"x"}]`, "callback": "ftp://example.com"}, "callback", "https://"},
	} {
		t.Run(row.name, func(t *testing.T) {
			task, _ := service.FindTask(row.task)
			_, problems := task.Validate(row.values)
			conformance.WantProblem(t, problems, row.field, row.says)
		})
	}
}

func listOf(n int, item string) string {
	return "[" + strings.TrimSuffix(strings.Repeat(item+",", n), ",") + "]"
}

// What no document limits is told and sent.
func TestUnusualValuesAreToldAndSent(t *testing.T) {
	service := dreamlook.Service()
	picture := func(key string, value any) map[string]any { return map[string]any{"prompt": "x", key: value} }
	for _, row := range []struct {
		task        string
		values      map[string]any
		field, says string
	}{
		{trainID, map[string]any{"steps": 0}, "steps", "1 to 100000"},
		{trainID, map[string]any{"steps": 100_001}, "steps", "1 to 100000"},
		{trainID, map[string]any{"learning_rate": 1}, "learning_rate", "0.0000001 to 0.001"},
		{trainID, map[string]any{"learning_rate_te2": -1}, "learning_rate_te2", "0 to 0.001"},
		{trainID, map[string]any{"tags": listOf(51, `{"key":"a","value":"b"}`)}, "tags", "0 to 50"},
		{trainID, map[string]any{"save_checkpoints_at": "400, 1200"}, "save_checkpoints_at", "isn't below the 1200 steps"},
		{trainID, map[string]any{"save_checkpoints_at": "5000"}, "save_checkpoints_at", "step 5000"},
		{bothID, map[string]any{"image_gen": `[{"prompt":"x"}]`, "save_checkpoints_at": "0, 400"}, "save_checkpoints_at", "before the training's first"},
		{trainID, map[string]any{"save_checkpoints_at": "-7"}, "save_checkpoints_at", "step -7"},
		{generateID, picture("num_samples", 0), "num_samples", "1 to 50"},
		{generateID, picture("num_samples", 51), "num_samples", "1 to 50"},
		{generateID, picture("width", 448), "width", "512 to 1024"},
		{generateID, picture("height", 2048), "height", "512 to 1024"},
		{generateID, picture("seed", -2), "seed", "-1 to 4294967295"},
		{generateID, picture("num_inference_steps", 151), "num_inference_steps", "1 to 150"},
		{generateID, picture("guidance_scale", 51), "guidance_scale", "0 to 50"},
		{generateID, map[string]any{"prompt": "x", "enable_hrf": true, "denoising_strength": 1.5}, "denoising_strength", "0 to 1"},
		{generateID, picture("priority", 1001), "priority", "0 to 1000"},
		{bothID, map[string]any{"image_gen": listOf(51, `{"prompt":"x"}`)}, "image_gen", "1 to 50"},
	} {
		t.Run(row.field, func(t *testing.T) {
			task, _ := service.FindTask(row.task)
			values, problems := task.Validate(row.values)
			conformance.WantProblem(t, problems, "", "")
			conformance.WantProblem(t, task.Unusual(values), row.field, row.says)
		})
	}
}

// What the form sends although no document says that it works, the sandbox takes.
func TestTheSandboxTakesWhatTheFormTakes(t *testing.T) {
	t.Parallel()
	_, conn := conformance.Simulate(t, "dreamlook")
	training := `"image_urls":["https://e.com/a.jpg"],"instance_prompt":"ukj","base_model":"sd","dry_run":true`
	service := dreamlook.Service()
	for _, row := range []struct{ task, path, body, key string }{
		{trainID, "/dreambooth", `{` + training + `,"steps":%v}`, "steps"},
		{trainID, "/dreambooth", `{` + training + `,"steps":1,"priority":%v}`, "priority"},
		{generateID, "/image_gen", `{"prompt":"x","base_model":"sd","dry_run":true,"guidance_scale":%v}`, "guidance_scale"},
		{generateID, "/image_gen", `{"prompt":"x","base_model":"sd","dry_run":true,"num_inference_steps":%v}`, "num_inference_steps"},
		{generateID, "/image_gen", `{"prompt":"x","base_model":"sd","dry_run":true,"num_samples":%v}`, "num_samples"},
		{generateID, "/image_gen", `{"prompt":"x","base_model":"sd","dry_run":true,"width":%v}`, "width"},
		{generateID, "/image_gen", `{"prompt":"x","base_model":"sd","dry_run":true,"seed":%v}`, "seed"},
	} {
		task, _ := service.FindTask(row.task)
		for _, field := range task.Fields {
			if field.Key != row.key {
				continue
			}
			for _, value := range []float64{field.Min, field.Max, field.Min - 1, field.Max + 1} {
				want := 200
				if value == 0 && (row.key == "steps" || row.key == "num_samples") {
					want = 422 // there is nothing to make
				}
				if got := post(t, conn, row.path, fmt.Sprintf(row.body, json.Number(fmt.Sprintf("%.0f", value)))); got != want {
					t.Errorf("%s of %.0f: status %d, want %d", row.key, value, got, want)
				}
			}
		}
	}
	for _, row := range []struct{ path, body, item string }{
		{"/image_gen", `{"prompt":"x","base_model":"sd","dry_run":true,"tags":%s}`, `{"key":"a","value":"b"}`},
		{"/dreambooth_image_gen", `{"dreambooth":{"steps":1,` + strings.TrimSuffix(training, `,"dry_run":true`) + `},"dry_run":true,"image_gen":%s}`, `{"prompt":"x"}`},
	} {
		for _, n := range []int{50, 51} {
			if got := post(t, conn, row.path, fmt.Sprintf(row.body, listOf(n, row.item))); got != 200 {
				t.Errorf("%d of %s: status %d", n, row.item, got)
			}
		}
	}
}

func post(t *testing.T, conn providers.Conn, path, body string) (status int) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, conn.BaseURL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+conn.Key)
	client := conn.HTTP
	if client == nil {
		client = http.DefaultClient
		defer client.CloseIdleConnections()
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode
}
