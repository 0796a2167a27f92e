package app_test

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app"
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
		{"a web page instead", []string{"assets /dreamlook/models: html x1"}, providers.Failed},
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
			model, _ := studio.Model(job.Models[0])
			if row.state == providers.Failed {
				if model.File != "" || job.Error.Money != providers.Spent || job.Error.Advice == "" {
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
		if _, _, err := studio.Retry(t.Context(), job.ID); err != nil {
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
	model, _ := studio.Model(job.Models[0])
	if err := os.Remove(studio.ModelPath(model)); err != nil {
		t.Fatal(err)
	}
	if _, err := studio.DownloadModel(t.Context(), model.ID); err != nil {
		t.Fatal(err)
	}
	wholeModel(t, studio, model)
	if err := studio.ForgetModel(model.ID); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(studio.Dir(), "models", "*")); len(left) > 0 || len(studio.Models()) > 0 {
		t.Errorf("forgetting left %v", left)
	}
}

// wholeModel reads the downloaded file by the format's own rules.
func wholeModel(t *testing.T, studio *app.Studio, model app.Model) {
	t.Helper()
	content, err := os.ReadFile(studio.ModelPath(model))
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

func TestDamagedModelsAreRecognised(t *testing.T) {
	file := func(header string, data int) []byte {
		b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
		return append(append(b, header...), make([]byte, data)...)
	}
	good := `{"__metadata__":{"a":"b"},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`
	for _, row := range []struct {
		name    string
		content []byte
		says    string
	}{
		{"whole", file(good, 8), ""},
		{"empty", nil, "too short"},
		{"seven bytes", []byte("1234567"), "too short"},
		{"a web page", []byte("<!DOCTYPE html><html><body>Forbidden</body></html>"), "no safetensors header"},
		{"a header that is no JSON", file("not json at all!", 8), "not JSON"},
		{"cut tensors", file(good, 4), "promises"},
		{"bytes too many", file(good, 16), "promises"},
		{"no tensors", file(`{}`, 0), "promises"},
		{"offsets backwards", file(`{"w":{"data_offsets":[8,0]}}`, 8), "wrongly"},
		{"negative offsets", file(`{"w":{"data_offsets":[-8,8]}}`, 8), "wrongly"},
	} {
		t.Run(row.name, func(t *testing.T) {
			err := app.CheckSafetensors(strings.NewReader(string(row.content)), int64(len(row.content)))
			if row.says == "" && err != nil || row.says != "" && (err == nil || !strings.Contains(err.Error(), row.says)) {
				t.Errorf("got %v, want it to say %q", err, row.says)
			}
		})
	}
}
