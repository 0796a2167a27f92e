package views

import (
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"fyne.io/fyne/v2/test"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

func TestTheFitnessFollowsTheFormsValues(t *testing.T) {
	ui, w := openTrain(t)
	w.train.fill("bria/train", map[string]any{"training_version": "light"})
	ui.Until("the advice for the light version", func() bool { return viewtest.Says(w.train.content, "15 or more give better results") })
	w.train.order.form.SetValue("training_version", "max")
	w.train.order.changed()
	ui.Until("the advice to go with the max version", func() bool { return !viewtest.Says(w.train.content, "15 or more give better results") })
}

func TestTheConsentEndsWithItsDataset(t *testing.T) {
	ui, w := openTrain(t)
	order := w.train.order
	test.Tap(order.consent)
	if !order.order().Consent {
		t.Fatal("the statement isn't given")
	}
	if _, err := w.studio.Datasets.New("Somebody else"); err != nil {
		t.Fatal(err)
	}
	if order.order().Consent {
		t.Error("the statement is taken for another dataset's photos")
	}
	ui.Until("the statement to be withdrawn", func() bool { return !order.consent.Checked() })
	test.Tap(order.consent)
	dropOnTrain(t, w, writeFile(t, "new.jpg", jpegOf(t, 600, color.Black)))
	ui.Until("the photo", func() bool { return len(w.train.dataset.photos) == 1 })
	ui.Drain()
	if !order.order().Consent {
		t.Error("a new photo takes the statement away")
	}
}

func TestWhatIsWrongIsToldBesideTheTaskThatWasStarted(t *testing.T) {
	ui, w := openTrain(t)
	order := w.train.order
	w.train.fill("bria/train", nil)
	w.train.start(t)
	order.choice.SetSelected("dreamlook.ai · Train a Stable Diffusion model")
	if order.task.ID == "bria/train" {
		t.Fatalf("the tasks are %q", order.choice.Options)
	}
	ui.Until("the start to end", func() bool { return !order.button.Disabled() })
	if order.consentProblem.Visible() || order.tried || !viewtest.Says(w.train.content, "“Train a tailored model” was not started") {
		t.Errorf("the other task says %q", viewtest.LabelTexts(w.train.content))
	}
	order.choice.SetSelected("Bria · Train a tailored model")
	w.train.start(t)
	ui.Until("the problems at the task itself", order.consentProblem.Visible)
}

func TestImportingAFolderSavesTheCaptionBeingTyped(t *testing.T) {
	ui, w := openTrain(t)
	d := w.train.dataset
	before := w.studio.Datasets.Current()
	folder := filepath.Join(t.TempDir(), "Foxes")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "fox.jpg"), jpegOf(t, 600, color.Black), 0o600); err != nil {
		t.Fatal(err)
	}
	d.grid.Select(before.Photos[0].Ref())
	d.captions.entry.SetText("typed a moment ago")
	d.intake.importFolder(folder)
	ui.Until("the folder's dataset", func() bool { return w.studio.Datasets.Current().Name == "Foxes" && !d.intake.checking() })
	if err := w.studio.Datasets.Choose(before.ID); err != nil {
		t.Fatal(err)
	}
	if got := w.studio.Datasets.Photos()[0].Caption; got != "typed a moment ago" {
		t.Errorf("the caption is %q", got)
	}
}

func TestAModelThatNothingHereGeneratesWithIsNotOfferedForIt(t *testing.T) {
	ui, w := openTrain(t)
	var files []string
	for i := range 5 {
		path := filepath.Join(t.TempDir(), fmt.Sprintf("%d.jpg", i))
		if err := os.WriteFile(path, jpegOf(t, 1100, color.Gray{Y: uint8(40 * i)}), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, path)
	}
	photos, _, err := w.studio.Intake.Photos(t.Context(), files)
	if err != nil {
		t.Fatal(err)
	}
	job := startJob(t, w.studio, jobs.Order{
		Task: "lucydream/train", Photos: photos, Consent: true, Values: map[string]any{"title": "Paper fox", "name": "woman"},
	})
	w.train.progress.follow(job)
	ui.Until("the model", func() bool {
		job, _ = w.studio.Jobs.Job(job.ID)
		return job.State == providers.Done && viewtest.Says(w.train.progress, "Done")
	})
	if len(job.Models) == 0 {
		t.Fatal("there is no model")
	}
	if slices.Contains(viewtest.ButtonTexts(w.train.progress), "Generate with this") {
		t.Error("Generate is offered")
	}
}
