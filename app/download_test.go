package app_test

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/models"
	"github.com/maquette-studio/maquette/providers"
)

func TestAModelComesWholeThroughInterruptions(t *testing.T) {
	for _, row := range []struct {
		name   string
		faults []string
		state  providers.State
	}{
		{"cut in the middle, twice", []string{"assets /dreamlook/models: cut x2"}, providers.Done},
		{"reset", []string{"assets /dreamlook/models: reset x1"}, providers.Done},
		{"cut again and again", []string{"assets /dreamlook/models: cut x9"}, providers.Done},
		{"a web page instead, once", []string{"assets /dreamlook/models: html x1"}, providers.Done},
		{"garbled, twice", []string{"assets /dreamlook/models: garble x2"}, providers.Done},
		{"a web page instead", []string{"assets /dreamlook/models: html"}, providers.Failed},
		{"the link was refused once", []string{"assets /dreamlook/models: status 403 x1"}, providers.Done},
		{"the link stays refused", []string{"assets /dreamlook/models: status 403"}, providers.Failed},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t, row.faults...)
			studio, _ := w.open()
			job := run(t, studio, training(t, studio))
			wantState(t, job, row.state)
			if len(job.Models) != 1 || w.Submissions("dreamlook") != 1 {
				t.Fatalf("%d models, %d paid requests", len(job.Models), w.Submissions("dreamlook"))
			}
			model, _ := studio.Models.Model(job.Models[0])
			if row.state == providers.Failed {
				if model.File != "" || job.Error.Money != providers.Spent || job.Error.Advice.IsZero() {
					t.Fatalf("%+v, file %q", job.Error, model.File)
				}
				return
			}
			wholeModel(t, studio, model)
		})
	}
}

func TestARetryFetchesWhatWasPaid(t *testing.T) {
	w := newWorld(t, "assets /dreamlook/models: status 403 x12")
	studio, _ := w.open()
	job := run(t, studio, training(t, studio))
	wantState(t, job, providers.Failed)
	for range 3 { // the link works again at some point
		if _, _, err := studio.Jobs.Retry(t.Context(), job.ID); err != nil {
			t.Fatal(err)
		}
		if job = wait(t, studio, job.ID); job.State == providers.Done {
			break
		}
	}
	wantState(t, job, providers.Done)
	if w.Submissions("dreamlook") != 1 {
		t.Errorf("%d paid requests", w.Submissions("dreamlook"))
	}
}

func TestAForgottenFileIsDownloadedAgain(t *testing.T) {
	w := newWorld(t)
	studio, _ := w.open()
	job := run(t, studio, training(t, studio))
	wantState(t, job, providers.Done)
	model, _ := studio.Models.Model(job.Models[0])
	if err := os.Remove(studio.Models.Path(model)); err != nil {
		t.Fatal(err)
	}
	if _, err := studio.Models.Download(t.Context(), model.ID); err != nil {
		t.Fatal(err)
	}
	wholeModel(t, studio, model)
	if err := studio.Models.Forget(model.ID); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(studio.Dir(), "models", "*")); len(left) > 0 || len(studio.Models.List()) > 0 {
		t.Errorf("forgetting left %v", left)
	}
}

// wholeModel reads the downloaded file by the format's own rules.
func wholeModel(t *testing.T, studio *app.Studio, model models.Model) {
	t.Helper()
	content, err := os.ReadFile(studio.Models.Path(model))
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(content)) != model.Size {
		t.Fatalf("%d bytes instead of %d", len(content), model.Size)
	}
	header := binary.LittleEndian.Uint64(content)
	if header == 0 || header > uint64(len(content)) || !strings.Contains(string(content[8:8+header]), "data_offsets") {
		t.Error("the file is not safetensors")
	}
}
