package app_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
)

// fennec is the order of a training at Bria.
func fennec(t *testing.T, studio *app.Studio, version string) jobs.Order {
	t.Helper()
	return jobs.Order{Task: "bria/train", Photos: photos(t, studio, 1), Consent: true, Values: map[string]any{
		"model_name": "Paper fennec", "training_version": version, "project_name": "Fennecs", "ip_name": "Fennec", "ip_description": "a folded fennec",
	}}
}

func TestACancelledTrainingIsStoppedAtItsService(t *testing.T) {
	w := newWorldAt(t, 1) // the training lasts long enough to be stopped
	studio, _ := w.open()
	job := start(t, studio, fennec(t, studio, "light"))
	until(t, studio, job.ID, func(j jobs.Job) bool { return j.Paid })
	if words := studio.Jobs.CancelConsequence(mustJob(t, studio, job.ID)).String(); !strings.Contains(words, "stops the work") {
		t.Errorf("the consequence is told as %q", words)
	}
	if err := studio.Jobs.Cancel(job.ID); err != nil {
		t.Fatal(err)
	}
	job = mustJob(t, studio, job.ID)
	wantState(t, job, providers.Cancelled)
	if job.Error == nil || !job.Error.Ended || job.Resumable() {
		t.Errorf("what became of it isn't told: %+v", job.Error)
	}
	answer, _, err := studio.Call(t.Context(), jobs.NewOrder(registry.All(), "bria/models", nil))
	if text := encodedJSON(t, answer); err != nil || !strings.Contains(text, "Stop") {
		t.Errorf("the training goes on: %s %v", text, err)
	}
}

func TestATrainingThatCannotBeStoppedIsTold(t *testing.T) {
	w := newWorld(t, "bria POST /tailored-gen/models/701/stop_training: status 500")
	studio, _ := w.open()
	job := start(t, studio, fennec(t, studio, "light"))
	until(t, studio, job.ID, func(j jobs.Job) bool { return j.Paid })
	err := studio.Jobs.Cancel(job.ID)
	if err == nil || !strings.Contains(err.Error(), "could not be told to stop") {
		t.Errorf("told as %v", err)
	}
	job = mustJob(t, studio, job.ID)
	wantState(t, job, providers.Cancelled)
	if job.Error == nil || job.Error.Money != providers.MoneyUnknown || !job.Resumable() {
		t.Errorf("kept as %+v", job.Error)
	}
}

func mustJob(t *testing.T, studio *app.Studio, id string) jobs.Job {
	t.Helper()
	job, ok := studio.Jobs.Job(id)
	if !ok {
		t.Fatalf("there is no job %s", id)
	}
	return job
}

func TestVectorGraphicsAreKeptShownAndExportedAsTheyAre(t *testing.T) {
	w := newWorld(t)
	studio, _ := w.open()
	trained := run(t, studio, fennec(t, studio, "light"))
	wantState(t, trained, providers.Done)
	job := run(t, studio, jobs.Order{Task: "bria/text-to-vector", Values: map[string]any{
		"model_id": trained.Models[0], "prompt": "a fennec", "num_results": 1, "aspect_ratio": "16:9",
	}})
	wantState(t, job, providers.Done)
	picture, _ := studio.Library.Picture(job.Images[0])
	if picture.Ext != "svg" || picture.Width <= picture.Height || picture.Seed == nil {
		t.Errorf("kept as %+v", picture)
	}
	for _, px := range []int{160, 2000} {
		img, err := studio.Library.Thumbnail(t.Context(), picture.ID, px)
		if err != nil || img.Bounds().Dx() != px {
			t.Errorf("shown at %d pixels: %v", px, err)
		}
	}
	path, err := studio.Library.Export(picture.ID, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if exported, err := os.ReadFile(path); err != nil || !strings.HasSuffix(path, ".svg") || !bytes.Contains(exported, []byte("<svg")) {
		t.Errorf("exported to %s as %.40q, %v", path, exported, err)
	}
	if report, err := studio.Check(t.Context(), app.Checking{}); err != nil || len(report.Remaining()) > 0 {
		t.Errorf("%+v %v", report, err)
	}
	_, problems, err := studio.Jobs.Start(t.Context(), parsed(jobs.Order{Task: "bria/reimagine", Values: map[string]any{
		"model_id": trained.Models[0], "prompt": "a fennec", "structure_image_file": picture.ID,
	}}))
	if err != nil || len(problems) != 1 || problems[0].Field != "structure_image_file" {
		t.Errorf("as a reference: %v %v", problems, err)
	}
}

func TestWhatTheChosenModelCannotDoIsAProblemAtTheField(t *testing.T) {
	w := newWorld(t)
	studio, _ := w.open()
	trained := run(t, studio, fennec(t, studio, "max"))
	wantState(t, trained, providers.Done)
	_, problems := studio.Jobs.Check(parsed(jobs.Order{Task: "bria/text-to-image", Values: map[string]any{"model_id": trained.Models[0], "prompt": "a fennec"}}))
	if len(problems) != 1 || problems[0].Field != "fast" {
		t.Errorf("problems: %v", problems)
	}
}

func TestADatasetAtBriaNeedsNoPhotosAndACallTakesAPreparedOne(t *testing.T) {
	w := newWorld(t)
	studio, _ := w.open()
	for _, call := range []struct {
		id     string
		values map[string]any
	}{
		{"bria/project-create", map[string]any{"project_name": "Scenes", "ip_type": "stylized_scene"}},
		{"bria/dataset-create", map[string]any{"project_id": "101", "name": "dusk"}},
		{"bria/image-upload", map[string]any{"dataset_id": "401", "file": samplePhotos(t, 1)[0]}},
		{"bria/image-upload", map[string]any{"dataset_id": "401", "file": photos(t, studio, 2)[1].Ref()}},
	} {
		order := jobs.NewOrder(registry.All(), call.id, call.values)
		order.Consent = true
		if _, problems, err := studio.Call(t.Context(), order); err != nil || len(problems) > 0 {
			t.Fatal(call.id, problems, err)
		}
	}
	missing := jobs.NewOrder(registry.All(), "bria/image-upload", map[string]any{"dataset_id": "401", "file": "/nowhere/photo.jpg"})
	missing.Consent = true
	if _, problems, _ := studio.Call(t.Context(), missing); len(problems) != 1 || problems[0].Field != "file" {
		t.Errorf("a photo that isn't there: %v", problems)
	}
	job := run(t, studio, jobs.Order{Task: "bria/train", Consent: true, Values: map[string]any{"model_name": "Dusk", "start_from": "dataset", "dataset_id": "401"}})
	wantState(t, job, providers.Done)
	if len(job.Models) != 1 {
		t.Errorf("the models are %v", job.Models)
	}
}

func encodedJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
