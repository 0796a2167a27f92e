package views

import (
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/app/windowstate"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

func TestAJobRowShowsWhatTheJobIsAboutAndItsPicture(t *testing.T) {
	ui, w := openJobs(t)
	order := foxOrder
	order.Values = map[string]any{"prompt": "a fox\n  in the snow", "num_samples": 1, "base_model": "stable-diffusion-v1-5"}
	job := startJob(t, w.studio, order)
	ui.Until("the prompt in the row", func() bool { return viewtest.Says(w.jobs.list, "a fox in the snow") })
	ui.Until("the job's picture in the row", func() bool { return viewtest.ShowsPicture(w.jobs.list) })
	job, _ = w.studio.Jobs.Job(job.ID)
	if err := w.studio.Library.Delete(job.Images...); err != nil {
		t.Fatal(err)
	}
	ui.Until("what is in the trash isn't shown", func() bool { return !viewtest.ShowsPicture(w.jobs.list) })

	photos := w.studio.Datasets.Photos()
	training := startJob(t, w.studio, jobs.Order{
		Task: "dreamlook/dreambooth", Values: map[string]any{"steps": 400, "instance_prompt": "ohwx fox"}, Photos: photos, Consent: true,
	})
	ui.Until("the words of the training in its row", func() bool { return viewtest.Says(w.jobs.list, "ohwx fox") })
	ui.Until("the training's first photo in its row", func() bool { return viewtest.ShowsPicture(w.jobs.list) })
	if got := jobPicture(w.studio, training); got != photos[0].EditedRef() {
		t.Errorf("the training is known by %q", got)
	}
}

// BenchmarkJobList100000 is a change of one among 100,000 jobs, as the window shows it.
func BenchmarkJobList100000(b *testing.B) {
	dir := b.TempDir()
	fillJobs(b, dir, 100_000)
	ui := viewtest.Start(b)
	studio, err := app.Open(app.Config{Dir: dir, Env: func(string) string { return "" }})
	if err != nil {
		b.Fatal(err)
	}
	defer studio.Close()
	fyneApp := test.NewTempApp(b)
	w := build(fyneApp, fyneApp.NewWindow(windowTitle), studio, windowstate.Open(b.TempDir()), windowLeads{})
	defer w.Shutdown()
	w.tabs.SelectIndex(tabJobs)
	w.Show()
	w.Resize(fyne.NewSize(1100, 760))
	ui.Drain()
	ids := []string{w.jobs.jobs[0].ID}
	for b.Loop() {
		w.jobs.refresh(ids)
	}
}

// fillJobs puts ended jobs into a data directory.
func fillJobs(t testing.TB, dir string, count int) {
	t.Helper()
	layout := storage.LayoutAt(dir)
	if err := layout.Make(); err != nil {
		t.Fatal(err)
	}
	db, err := storage.Open(layout.DB)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	table := storage.NewTable[jobs.Job]("jobs")
	err = db.Update(func(tx *storage.Tx) error {
		for i := range count {
			id := fmt.Sprintf("j%09d", i)
			job := jobs.Job{
				ID: id, Task: "luma/image", State: providers.Done, Created: time.Unix(1_700_000_000+int64(i), 0),
				Images: []string{id + "-01"},
				Values: providers.Values{"prompt": fmt.Sprintf("a fox, take %d", i)},
			}
			if err := table.Put(tx, id, job); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
