package app_test

import (
	"os"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
)

func TestADamagedPictureIsReported(t *testing.T) {
	w := newWorld(t)
	studio, _ := w.open()
	job := run(t, studio, fox())
	wantState(t, job, providers.Done)
	path := studio.Library.Path(job.Images[0])
	if err := os.WriteFile(path, []byte("rot"), 0o600); err != nil {
		t.Fatal(err)
	}
	report, err := studio.Check(t.Context(), app.Checking{})
	if err != nil || len(report.Remaining()) != 1 {
		t.Errorf("the check says %+v, %v", report, err)
	}
}

func TestAResultIsUsedAsReference(t *testing.T) {
	w := newWorld(t)
	studio, _ := w.open()
	first := run(t, studio, fox())
	wantState(t, first, providers.Done)
	order := fox()
	order.Values["image_ref"] = []map[string]any{{"image": first.Images[0], "weight": 0.5}}
	second := run(t, studio, order)
	wantState(t, second, providers.Done)
	if err := studio.Library.Delete(first.Images[0]); err != nil {
		t.Fatal(err)
	}
	if err := studio.Library.EmptyTrash(time.Now()); err != nil {
		t.Fatal(err)
	}
	wantState(t, run(t, studio, jobs.Order{Task: "luma/image", Values: second.Values}), providers.Done)
}
