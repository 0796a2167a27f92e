// What is declared, and the check of the key.

package dreamlook_test

import (
	"fmt"
	"strings"
	"testing"

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

func TestSDXLAsksForLargerPhotos(t *testing.T) {
	for _, task := range dreamlook.Service().Tasks {
		if task.Kind == providers.Generate {
			continue
		}
		for base, want := range map[string]int{"": 512, "realistic-vision-v5-1": 512, "stable-diffusion-xl-v1-0": 1024, "realism-engine-sdxl-v3-0": 1024} {
			rules := task.PhotoRules(providers.Values{"base_model": base})
			if rules.AdvisedEdge != want || rules.CaptionTokens != 77 {
				t.Errorf("%s on %q asks for %+v, want %d pixels and 77 tokens", task.ID, base, rules, want)
			}
		}
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
		if got, err := dreamlook.Service().CheckKey(t.Context(), conn); got.String() != want || err != nil {
			t.Errorf("got %q, %v; want %q", got, err, want)
		}
	}
	conn, _ := conformance.Answering(t, 401, `{"detail":"Invalid API key"}`)
	_, err := dreamlook.Service().CheckKey(t.Context(), conn)
	if f := conformance.WantFailure(t, err); f.Kind != providers.BadKey || strings.Contains(fmt.Sprint(f), conn.Key) {
		t.Errorf("got %+v", f)
	}
}
