package views

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

func TestLongNamesMakeNothingWider(t *testing.T) {
	ui, w := openTrain(t)
	w.Resize(fyne.NewSize(1000, 700))
	long := strings.TrimSpace(strings.Repeat("Wonderful", 10) + strings.Repeat(" fox", 27))
	before := make([]float32, len(w.parts))
	for i, part := range w.parts {
		before[i] = part.content.MinSize().Width
	}
	if err := w.studio.Datasets.Rename(w.studio.Datasets.Current().ID, long[:80]); err != nil {
		t.Fatal(err)
	}
	job := startJob(t, w.studio, jobs.Order{
		Task: "dreamlook/dreambooth", Values: map[string]any{"steps": 400, "instance_prompt": long}, Photos: w.studio.Datasets.Photos(), Consent: true,
	})
	w.showJob(job.ID)
	ui.Until("the model is listed", func() bool { return len(w.models.shown) == 1 })
	ui.Until("the dataset is renamed", func() bool { return strings.HasPrefix(w.train.dataset.chooser.choice.Selected, "Wonderful") })
	ui.Until("the model is in the job's details", func() bool { return len(w.jobs.details.models.Objects) == 1 })
	w.generateWith(w.models.shown[0].ID)
	for i, part := range w.parts {
		if now := part.content.MinSize().Width; now > max(before[i], 900) {
			t.Errorf("tab %d needs %v instead of %v", i, now, before[i])
		}
	}
	w.models.askForget(w.models.shown[0])
	for _, label := range viewtest.Labels(dialogOf(t, w)) {
		if strings.Contains(label, long) && dialogOf(t, w).MinSize().Width > 500 {
			t.Errorf("the question needs %v", dialogOf(t, w).MinSize())
		}
	}
}
