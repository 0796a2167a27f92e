package app_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/providers"
)

// trainedHere is a studio with one downloaded model.
func trainedHere(t *testing.T) (w *world, studio *app.Studio, id string) {
	t.Helper()
	w = newWorld(t)
	studio, _ = w.open()
	job := run(t, studio, training(t, studio))
	wantState(t, job, providers.Done)
	return w, studio, job.Models[0]
}

// Several who find one file damaged bring one whole file here: none of them
// sets aside what another has just fetched.
func TestADamagedModelIsFetchedOnceForAllWhoAsk(t *testing.T) {
	_, studio, id := trainedHere(t)
	for round := range 5 {
		model, _ := studio.Models.Model(id)
		content, err := os.ReadFile(studio.Models.Path(model))
		if err != nil {
			t.Fatal(err)
		}
		content[len(content)-1-round] ^= 0x40
		if err := os.WriteFile(studio.Models.Path(model), content, 0o600); err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for i := range 6 {
			fetch := studio.Models.Download
			if i == 5 {
				fetch = studio.Models.Mend
			}
			all.Go(func() {
				path, err := fetch(t.Context(), id)
				if err != nil {
					t.Error(err)
				} else if _, err := os.Stat(path); err != nil {
					t.Errorf("what was returned isn't there: %v", err)
				}
			})
		}
		all.Wait()
		model, _ = studio.Models.Model(id)
		if err := studio.Models.Check(t.Context(), model); err != nil {
			t.Errorf("afterwards: %v", err)
		}
		if aside, _ := filepath.Glob(filepath.Join(studio.Dir(), "quarantine", "*", "*.safetensors")); len(aside) > round+1 {
			t.Fatalf("%d files were set aside in %d rounds", len(aside), round+1)
		}
	}
}

// A folder, or a pipe, which nobody ever writes to, is no model's file.
func TestAModelIsFetchedWhereSomethingElseLiesInItsPlace(t *testing.T) {
	_, studio, id := trainedHere(t)
	model, _ := studio.Models.Model(id)
	path := studio.Models.Path(model)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, put := range otherThings {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if err := put(path); err != nil {
			t.Fatal(err)
		}
		if model, _ = studio.Models.Model(id); studio.Models.Check(t.Context(), model) == nil {
			t.Errorf("%s counts as whole", name)
		}
		if _, err := studio.Models.Download(t.Context(), id); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != string(whole) {
			t.Errorf("%s: %d bytes instead of %d, %v", name, len(got), len(whole), err)
		}
	}
}

// otherThings puts what is no file in a file's place.
var otherThings = map[string]func(path string) error{
	"a folder":              func(path string) error { return os.Mkdir(path, 0o700) },
	"a folder that is full": func(path string) error { return os.MkdirAll(filepath.Join(path, "more"), 0o700) },
	"a link in circles":     func(path string) error { return os.Symlink(filepath.Base(path), path) },
}

// A file beside a replaced database that is no whole model gets no record.
func TestADamagedFileIsNotTakenForAFoundModel(t *testing.T) {
	_, studio, id := trainedHere(t)
	model, _ := studio.Models.Model(id)
	content, err := os.ReadFile(studio.Models.Path(model))
	if err != nil {
		t.Fatal(err)
	}
	name := "dreamlook-ckp_other.safetensors"
	path := filepath.Join(studio.Dir(), "models", name)
	if err := os.WriteFile(path, content[:len(content)-9], 0o600); err != nil {
		t.Fatal(err)
	}
	if found, err := studio.Models.Found(context.WithoutCancel(t.Context()), name); err == nil {
		t.Errorf("%+v", found)
	}
	if list := studio.Models.List(); len(list) != 1 {
		t.Fatalf("%d models are listed: %+v", len(list), list)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if found, err := studio.Models.Found(t.Context(), name); err != nil || found.SHA256 == "" || len(studio.Models.List()) != 2 {
		t.Errorf("%+v, %v", found, err)
	}
}

// Who checks while a check runs waits for it, and then has one of its own.
func TestTwoChecksAtOnceBothEnd(t *testing.T) {
	w := newWorld(t)
	studio, _ := w.open()
	if _, err := studio.Datasets.AddPhotos(t.Context(), samplePhotos(t, 3), nil); err != nil {
		t.Fatal(err)
	}
	var checks sync.WaitGroup
	second := func() {
		report, err := studio.Check(t.Context(), app.Checking{})
		if err != nil || report.Photos != 3 {
			t.Errorf("the second: %+v, %v", report, err)
		}
	}
	told := false
	_, err := studio.Check(t.Context(), app.Checking{Tell: func(app.CheckProgress) {
		if told {
			return
		}
		told = true
		checks.Go(second)
		stopped, stop := context.WithCancel(t.Context())
		stop()
		if _, err := studio.Check(stopped, app.Checking{}); !errors.Is(err, context.Canceled) {
			t.Errorf("one that is stopped while it waits: %v", err)
		}
	}})
	if err != nil || !told {
		t.Errorf("the first: %v", err)
	}
	checks.Wait()
}

// Where the folder of what is damaged, or of what is set aside, is a file, a
// repair moves that aside too.
func TestARepairIsNotStoppedByAFileInAFoldersPlace(t *testing.T) {
	w, studio, id := trainedHere(t)
	if _, err := studio.Datasets.AddPhotos(t.Context(), samplePhotos(t, 1), nil); err != nil {
		t.Fatal(err)
	}
	job := run(t, studio, fox())
	wantState(t, job, providers.Done)
	picture, _ := studio.Library.Picture(job.Images[0])
	folder := filepath.Join(studio.Dir(), "library", picture.Hash[:2])
	noError(t, os.RemoveAll(folder))
	noError(t, os.WriteFile(folder, []byte("x"), 0o600))
	noError(t, os.WriteFile(filepath.Join(studio.Dir(), "quarantine"), []byte("x"), 0o600))
	model, _ := studio.Models.Model(id)
	noError(t, os.Truncate(studio.Models.Path(model), 100))
	report, err := studio.Check(t.Context(), app.Checking{Repair: true})
	if err != nil || len(report.Remaining()) > 0 || len(report.Findings) < 2 {
		t.Errorf("%+v, %v", report.Findings, err)
	}
	if report, err = studio.Check(t.Context(), app.Checking{}); err != nil || len(report.Remaining()) > 0 {
		t.Errorf("afterwards: %+v, %v", report.Findings, err)
	}
	if w.Submissions("luma") != 1 {
		t.Errorf("paid %d times", w.Submissions("luma"))
	}
}
