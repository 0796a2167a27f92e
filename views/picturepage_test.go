package views

import (
	"testing"

	"fyne.io/fyne/v2"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

// makePictures generates pictures in the sandbox and returns the job that made them.
func makePictures(t *testing.T, ui *viewtest.UI, w *Window, values map[string]any) jobs.Job {
	t.Helper()
	job := startJob(t, w.studio, jobs.Order{Task: "luma/image", Values: values})
	ui.Until("the pictures", func() bool {
		job, _ = w.studio.Jobs.Job(job.ID)
		return job.State.Ended()
	})
	if len(job.Images) == 0 {
		t.Fatalf("the job is %s: %v", job.State, job.Error)
	}
	return job
}

func TestAPictureLargeSaysWhatMadeItAndTurnsToTheNext(t *testing.T) {
	ui, w := openDemo(t)
	job := makePictures(t, ui, w, map[string]any{"prompt": "a paper fox", "count": 2})
	w.showPicture(job.Images, 0)
	page := w.page
	ui.Until("the picture", func() bool { return viewtest.ShowsPicture(page.Object()) })
	for _, words := range []string{"a paper fox", "photon-1", "1 of 2", "Luma Dream Machine · Picture"} {
		if !viewtest.Says(page.Object(), words) {
			t.Errorf("the page doesn't say %q but %q", words, viewtest.LabelTexts(page.Object()))
		}
	}
	w.Canvas().Focused().TypedKey(viewtest.Key(fyne.KeyRight))
	if !viewtest.Says(page.Object(), "2 of 2") {
		t.Error("the right arrow doesn't lead to the second picture")
	}
	w.Canvas().Focused().TypedKey(viewtest.Key(fyne.KeyEscape))
	if w.page != nil || w.Canvas().Overlays().Top() != nil {
		t.Error("Escape doesn't close the page")
	}
}
