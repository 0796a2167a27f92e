//go:build !race

package app_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/maquette-studio/maquette/app"
)

// The program that dies importing a folder, or adding its photos to a dataset, once so many photos were looked at.
const (
	importAtVariable   = "MAQUETTE_TEST_IMPORT_AT"
	importDirVariable  = "MAQUETTE_TEST_IMPORT_DIR"
	importFromVariable = "MAQUETTE_TEST_IMPORT_FROM"
	importHowVariable  = "MAQUETTE_TEST_IMPORT_HOW"
)

func init() {
	before := instead
	instead = func() bool {
		if os.Getenv(importAtVariable) == "" {
			return before != nil && before()
		}
		importAndDie()
		return true
	}
}

func importAndDie() {
	at, err := strconv.Atoi(os.Getenv(importAtVariable))
	must(err)
	studio, err := app.Open(app.Config{Dir: os.Getenv(importDirVariable), Env: func(string) string { return "" }})
	must(err)
	die := func(done, _ int) {
		if done == at {
			killThis()
		}
	}
	folder := os.Getenv(importFromVariable)
	if os.Getenv(importHowVariable) == "add" {
		_, err = studio.Datasets.AddPhotos(context.Background(), []string{folder}, die)
	} else {
		_, _, err = studio.Datasets.ImportFolder(context.Background(), folder, die)
	}
	must(err)
}

// A kill at any photo leaves the datasets as they were, and the next try makes the whole one.
func TestAKilledImportLeavesNoPartOfADataset(t *testing.T) {
	const photos = 7
	folder := filepath.Dir(samplePhotos(t, photos)[0])
	for _, how := range []string{"import", "add"} {
		w := newWorld(t)
		studio, closeStudio := w.open()
		before := studio.Datasets.List()
		closeStudio()
		for at := range photos + 1 {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), importAtVariable+"="+strconv.Itoa(at), importDirVariable+"="+w.dir, importFromVariable+"="+folder, importHowVariable+"="+how)
			if err := cmd.Run(); err == nil {
				t.Fatalf("it wasn't killed at photo %d", at)
			}
			studio, closeStudio = w.open()
			if now := studio.Datasets.List(); len(now) != len(before) || len(studio.Datasets.Photos()) != 0 {
				t.Errorf("%s, killed at photo %d: %d datasets, the current one with %d photos", how, at, len(now), len(studio.Datasets.Photos()))
			}
			closeStudio()
		}
		studio, closeStudio = w.open()
		_, rejected, err := studio.Datasets.ImportFolder(t.Context(), folder, nil)
		if err != nil || len(rejected) > 0 || len(studio.Datasets.Photos()) != photos {
			t.Errorf("the next try gives %d photos, %v, %v", len(studio.Datasets.Photos()), rejected, err)
		}
		closeStudio()
	}
}
