package app_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
)

func TestResultsAreFoundTrashedRestoredAndExported(t *testing.T) {
	w := newWorld(t)
	studio, closeStudio := w.open()
	wantState(t, run(t, studio, foxes()), providers.Done)
	wantState(t, run(t, studio, fox()), providers.Done)

	for query, want := range map[string]int{"": 3, "fox": 3, "HILL": 2, "sea fox": 1, "luma": 3, "photon-1": 3, "badger": 0} {
		if got := len(studio.Library.Search(query)); got != want {
			t.Errorf("search %q finds %d instead of %d", query, got, want)
		}
	}
	all := studio.Library.Search("")
	if all[0].Prompt != "a paper fox by the sea" {
		t.Errorf("the newest is %q", all[0].Prompt)
	}

	if err := studio.Library.Delete(all[0].ID, all[1].ID); err != nil {
		t.Fatal(err)
	}
	if len(studio.Library.Search("")) != 1 || len(studio.Library.Trash()) != 2 {
		t.Fatal("deleting didn't move two pictures to the trash")
	}
	if err := studio.Library.Restore(all[1].ID); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for range 2 {
		if _, err := studio.Library.Export(all[1].ID, dir); err != nil {
			t.Fatal(err)
		}
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "a-paper-fox-on-a-hill-*.jpg")); len(files) != 2 {
		t.Errorf("two exports made %v", files)
	}
	closeStudio()

	again, _ := w.open()
	if len(again.Library.Search("")) != 2 || len(again.Library.Trash()) != 1 {
		t.Errorf("after a restart: %d pictures, %d in the trash", len(again.Library.Search("")), len(again.Library.Trash()))
	}
	path := again.Library.Path(all[0].ID)
	if err := again.Library.EmptyTrash(time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the file outlived the emptied trash: %v", err)
	}
	if report, err := again.Verify(t.Context()); err != nil || len(report.Damaged) > 0 || report.Pictures != 2 {
		t.Errorf("the check says %+v, %v", report, err)
	}
}

func TestADamagedPictureIsReported(t *testing.T) {
	w := newWorld(t)
	studio, _ := w.open()
	job := run(t, studio, fox())
	wantState(t, job, providers.Done)
	path := studio.Library.Path(job.Images[0])
	if err := os.WriteFile(path, []byte("rot"), 0o600); err != nil {
		t.Fatal(err)
	}
	report, err := studio.Verify(t.Context())
	if err != nil || len(report.Damaged) != 1 {
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
