//go:build !race

// Like the other kills, without the race detector.

package app_test

import (
	"encoding/json"
	"errors"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
)

// Wherever the program is killed, nothing exists twice at Bria afterwards.
func TestATrainingKilledAnywhereLeavesNoSecondProject(t *testing.T) {
	for at := 3; ; at += 5 {
		w := newWorld(t)
		studio, closeStudio := w.open()
		order := briaTraining(t, studio)
		closeStudio()
		if w.crash(order, at) {
			return
		}
		job := w.finish(at)
		if job == nil {
			continue
		}
		wantState(t, *job, providers.Done)
		again, closeAgain := w.open()
		dataset := ""
		for call, want := range map[string]int{"bria/projects": 1, "bria/datasets": 1, "bria/models": 1} {
			list := listed(t, again, call, nil)
			if len(list) != want {
				t.Errorf("killed at write %d: %s lists %d instead of %d", at, call, len(list), want)
			}
			if call == "bria/datasets" {
				dataset = list[0].ID.String()
			}
		}
		if pictures := listed(t, again, "bria/images", map[string]any{"dataset_id": dataset}); len(pictures) != 2 {
			t.Errorf("killed at write %d: the dataset has %d pictures instead of 2", at, len(pictures))
		}
		closeAgain()
	}
}

// Bria offers no way to look up a generation: a kill while the request was out
// is a question, anywhere else nothing is lost; a closing waits for the answer.
// Nothing is sent a second time.
func TestAGenerationKilledOrClosedAnywhereIsPaidOnceOrAsked(t *testing.T) {
	picture := filepath.Join(t.TempDir(), "fox.png")
	file, err := os.Create(picture)
	must(err)
	must(errors.Join(png.Encode(file, image.NewNRGBA(image.Rect(0, 0, 64, 64))), file.Close()))
	for task, row := range map[string]struct {
		values   map[string]any
		pictures int
	}{
		"bria/text-to-image":  {map[string]any{"num_results": 2}, 2},
		"bria/text-to-vector": {map[string]any{"num_results": 1, "guidance": []map[string]any{{"method": "controlnet_canny", "image": picture}}}, 1},
		"bria/reimagine":      {map[string]any{"num_results": 1, "structure_image_file": picture}, 1},
	} {
		t.Run(task, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			studio, closeStudio := w.open()
			trained := run(t, studio, briaTraining(t, studio))
			wantState(t, trained, providers.Done)
			model, _ := studio.Models.Model(trained.Models[0])
			closeStudio()
			order := jobs.Order{Task: task, Values: row.values}
			order.Values["model_id"], order.Values["prompt"] = model.RemoteID, "a paper fox"
			asked, done := w.endGenerations(t, row.pictures, 1, func(at int) bool { return w.crash(order, at) })
			if asked == 0 || done == 0 {
				t.Errorf("killed, %d times a person was asked, %d times it went on by itself", asked, done)
			}
			asked, done = w.endGenerations(t, row.pictures, 3, func(at int) bool {
				return w.closeAt(func(*testing.T, *app.Studio) jobs.Order { return order }, at)
			})
			if asked > 0 || done == 0 {
				t.Errorf("closed, %d times a person was asked, %d times it went on by itself", asked, done)
			}
		})
	}
}

// endGenerations ends the program at every stride-th durable write, each time
// in a studio of its own, until the job ended before, which end reports. It
// returns how often a person was asked and how often the job was done.
func (w *world) endGenerations(t *testing.T, pictures, stride int, end func(at int) bool) (asked, done int) {
	t.Helper()
	for at := 1; ; at += stride {
		w.dir = t.TempDir()
		before := w.Submissions("bria")
		if end(at) {
			return asked, done
		}
		job := w.finish(at)
		paid := w.Submissions("bria") - before
		switch {
		case job == nil:
			if paid != 0 {
				t.Fatalf("ended at write %d: paid without a job", at)
			}
		case job.State == providers.NeedsYou:
			asked++
			if paid > 1 || job.Ask.Look.IsZero() || job.Error.Money != providers.MoneyUnknown {
				t.Fatalf("ended at write %d: %d paid requests, %+v", at, paid, job.Ask)
			}
		case job.State == providers.Done:
			done++
			if paid != 1 || len(job.Images) != pictures {
				t.Fatalf("ended at write %d: %d paid requests, %d pictures", at, paid, len(job.Images))
			}
		default:
			t.Fatalf("ended at write %d: %s: %v", at, job.State, job.Error)
		}
	}
}

// idOnly is what the lists have in common.
type idOnly struct{ ID json.Number }

func listed(t *testing.T, studio *app.Studio, call string, values map[string]any) []idOnly {
	t.Helper()
	answer, problems, err := studio.Call(t.Context(), jobs.NewOrder(registry.All(), call, values))
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	text, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	var list []idOnly
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return list
}
