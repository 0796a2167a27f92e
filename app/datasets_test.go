package app_test

import (
	"bytes"
	"image"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
)

// addSamples puts n sample photos into the current dataset.
func addSamples(t *testing.T, studio *app.Studio, n int) {
	t.Helper()
	rejected, err := studio.Datasets.AddPhotos(t.Context(), samplePhotos(t, n), nil)
	if err != nil || len(rejected) > 0 {
		t.Fatal(err, rejected)
	}
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestPhotosOfDeletedDatasetsOutliveTheTrash(t *testing.T) {
	w := newWorld(t)
	studio, _ := w.open()
	wantState(t, run(t, studio, fox()), providers.Done)
	picture := studio.Library.Search("")[0]
	path := filepath.Join(t.TempDir(), "fox."+picture.Ext)
	content, err := os.ReadFile(studio.Library.Path(picture.ID))
	noError(t, err)
	noError(t, os.WriteFile(path, content, 0o600))
	_, err = studio.Datasets.AddPhotos(t.Context(), []string{path}, nil)
	noError(t, err)
	deleted := studio.Datasets.Current()
	noError(t, studio.Datasets.Delete(deleted.ID))
	noError(t, studio.Library.Delete(picture.ID))
	noError(t, studio.Library.EmptyTrash(time.Now().Add(time.Hour)))
	noError(t, studio.Datasets.Restore(deleted.ID))
	if _, err := studio.Library.Thumbnail(t.Context(), studio.Datasets.Photos()[0].Ref(), 32); err != nil {
		t.Error(err)
	}
}

func TestEditsShapeTheCopyAndLeaveTheOriginal(t *testing.T) {
	w := newWorld(t, "dreamlook POST /dreambooth: status 429 retry-after 60")
	studio, _ := w.open()
	addSamples(t, studio, 1)
	p := studio.Datasets.Photos()[0]
	crop := photo.Crop{X: 10, Y: 20, W: 200, H: 100}
	before, err := studio.Datasets.SetEdits(map[string]photo.Edit{p.Hash: {Crop: crop, MinEdge: 120}})
	noError(t, err)
	if !maps.Equal(before, map[string]photo.Edit{p.Hash: {}}) {
		t.Errorf("before, the edits were %v", before)
	}
	p = studio.Datasets.Photos()[0]
	if width, height := p.Size(); width != 240 || height != 120 {
		t.Errorf("the photo leaves as %d × %d", width, height)
	}
	thumb, err := studio.Library.Thumbnail(t.Context(), p.EditedRef(), 60)
	noError(t, err)
	whole, err := studio.Library.Thumbnail(t.Context(), p.Ref(), 60)
	noError(t, err)
	if thumb.Bounds().Dx() != 60 || thumb.Bounds().Dy() != 30 || whole.Bounds() == thumb.Bounds() {
		t.Errorf("the thumbnails are %v and, of the whole, %v", thumb.Bounds(), whole.Bounds())
	}
	job := start(t, studio, jobs.Order{
		Task: "dreamlook/dreambooth", Photos: studio.Datasets.Photos(), Consent: true, Values: map[string]any{"instance_prompt": "a fox"},
	})
	until(t, studio, job.ID, func(j jobs.Job) bool { return j.State == providers.Waiting })
	for key, content := range w.hosted() {
		sent, _, err := image.DecodeConfig(bytes.NewReader(content))
		if err != nil || sent.Width != 240 || sent.Height != 120 {
			t.Errorf("%s is %d × %d, %v", key, sent.Width, sent.Height, err)
		}
	}
	noError(t, studio.Jobs.Cancel(job.ID))
	_, err = studio.Datasets.SetEdits(before)
	noError(t, err)
	if studio.Datasets.Photos()[0].EditedRef() != p.Ref() {
		t.Error("the edit can't be taken back")
	}
	if kept, _ := studio.Jobs.Job(job.ID); kept.Photos[0].Edit.Crop != crop {
		t.Error("the job doesn't keep the crop it was given")
	}
}

func TestTheCommandLineOfAnOrderKeepsEachPhotosEditAndCaption(t *testing.T) {
	studio, _ := newWorld(t).open()
	addSamples(t, studio, 1)
	hash := studio.Datasets.Photos()[0].Hash
	edit := photo.Edit{Crop: photo.Crop{X: 1, Y: 2, W: 200, H: 150}, MinEdge: 160, Background: "#a0b0c0"}
	_, err := studio.Datasets.SetEdits(map[string]photo.Edit{hash: edit})
	noError(t, err)
	noError(t, studio.Datasets.SetCaption(studio.Datasets.Current().ID, hash, "a fox"))
	p := studio.Datasets.Photos()[0]
	command, problems, err := studio.Recorder.AsCommand(t.Context(), parsed(jobs.Order{
		Task: "dreamlook/dreambooth", Photos: studio.Datasets.Photos(), Consent: true, Values: map[string]any{"instance_prompt": "a fox"},
	}))
	if err != nil || len(problems) > 0 || !strings.Contains(command, "'"+p.EditedRef()+"' --caption 'a fox'") {
		t.Fatal(command, problems, err)
	}
	_, err = studio.Datasets.New("Another")
	noError(t, err)
	taken, rejected, err := studio.Intake.Photos(t.Context(), []string{p.EditedRef()})
	if err != nil || len(rejected) > 0 || taken[0].Edit != edit || taken[0].Caption != "" {
		t.Errorf("taken in: %+v, %v, %v", taken, rejected, err)
	}
	if taken, _, err := studio.Intake.Photos(t.Context(), []string{p.Ref()}); err != nil || taken[0].Edit != (photo.Edit{}) {
		t.Errorf("without an edit: %+v, %v", taken, err)
	}
	if _, rejected, _ := studio.Intake.Photos(t.Context(), []string{p.Ref() + "?1,2"}); len(rejected) != 1 {
		t.Error("a broken edit is taken")
	}
}
