// Datasets written into folders: every photo, under names that any file system takes.

package datasets_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/storage/filename"
)

func TestAnExportFitsEveryFileSystem(t *testing.T) {
	t.Parallel()
	studio, _ := newWorld(t).open()
	addSamples(t, studio, 1)
	var list []photo.Photo
	for _, name := range []string{
		strings.Repeat("a", 251) + ".jpg", "aux.jpg", "Fox.jpg", "fox.jpg", "e\u0301te\u0301.jpg", "ÉTÉ.jpeg", strings.Repeat("é", 120) + ".jpg",
		strings.Repeat("a", 300) + ".jpg", strings.Repeat("b", 300), "CONIN$.jpg", "COM¹.jpg", "nul .tar.jpg", "ends in a dot..jpg", "ends in a space .jpg", " ", "...",
		"bell\x07.jpg", "two\nlines.jpg", "gpj.\u202eexe.jpg", "a/b\\c:d.jpg", "not\xff\xfetext.jpg", "-rf.jpg",
		"straße.jpg", "STRASSE.jpg", "\u0130.jpg", "i\u0307.jpg", "wi\u017fe.jpg", "WISE.jpg", strings.Repeat("x", 245) + "👩\u200d👩\u200d👧.jpg",
	} {
		p := studio.Datasets.Photos()[0]
		p.Name, p.Caption = name, "a fox"
		list = append(list, p)
	}
	dir := t.TempDir()
	noError(t, exported(studio.Datasets.ExportOriginals(t.Context(), list, dir, nil)))
	entries, err := os.ReadDir(dir)
	noError(t, err)
	folded := map[string]bool{}
	for _, e := range entries {
		folded[filename.Fold(e.Name())] = true
		if !utf8.ValidString(e.Name()) || e.Name() != filename.Clean(e.Name(), "") {
			t.Errorf("%q is no valid name", e.Name())
		}
		stem, ext := filename.Split(e.Name())
		if _, err := os.Stat(filepath.Join(dir, stem+".txt")); err != nil {
			t.Errorf("%s (%s) has no caption beside it", e.Name(), ext)
		}
	}
	if len(entries) != 2*len(list) || len(folded) != 2*len(list) {
		t.Errorf("there are %d files, %d where cases aren't told apart", len(entries), len(folded))
	}
}

func TestAPhotoThatCannotBeExportedStopsNoOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	studio, _ := w.open()
	addSamples(t, studio, 3)
	list := studio.Datasets.Photos()
	lost := list[1]
	found, err := filepath.Glob(filepath.Join(w.dir, "library", "*", lost.Hash+"*"))
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	noError(t, os.Remove(found[0]))
	for _, export := range []string{"originals", "edited"} {
		dir := t.TempDir()
		write := studio.Datasets.ExportOriginals
		if export == "edited" {
			write = studio.Datasets.ExportEdited
		}
		_, err = write(t.Context(), list, dir, nil)
		if err == nil || !strings.Contains(err.Error(), "2 of 3") || !strings.Contains(err.Error(), lost.Name) || strings.Contains(err.Error(), w.dir) {
			t.Errorf("%s: told %v", export, err)
		}
		if entries, _ := os.ReadDir(dir); len(entries) != 2 {
			t.Errorf("%s: %d files", export, len(entries))
		}
	}
}

func TestAFolderIsCalledByItsRealName(t *testing.T) {
	studio, _ := newWorld(t).open()
	whole := filepath.Join(t.TempDir(), "Füchse  2026.draft")
	inner := filepath.Join(whole, "inner")
	noError(t, os.MkdirAll(inner, 0o700))
	noError(t, os.Rename(samplePhotos(t, 1)[0], filepath.Join(whole, "photo.jpg")))
	noError(t, os.Symlink(whole, filepath.Join(filepath.Dir(whole), "link")))
	t.Chdir(inner)
	for _, path := range []string{"..", "../", whole + "/", whole + "/.", "../inner/..", "../../link"} {
		made, _, err := studio.Datasets.ImportFolder(t.Context(), path, nil)
		if err != nil || !strings.HasPrefix(made.Name, "Füchse 2026.draft") {
			t.Errorf("%s becomes %q, %v", path, made.Name, err)
		}
	}
	t.Chdir(whole)
	made, _, err := studio.Datasets.ImportFolder(t.Context(), ".", nil)
	if err != nil || !strings.HasPrefix(made.Name, "Füchse 2026.draft") {
		t.Errorf(". becomes %q, %v", made.Name, err)
	}
	// As kohya's trainers name folders: how often, and what.
	for folder, name := range map[string]string{
		"10_fox animal": "fox animal", "1_été_style": "été_style", "2024_Wien": "2024_Wien", "01_intro": "01_intro", "5_12 May": "5_12 May", "7_": "7_", "10 foxes": "10 foxes",
	} {
		path := filepath.Join(filepath.Dir(whole), folder)
		noError(t, os.Rename(whole, path))
		whole = path
		if made, _, err := studio.Datasets.ImportFolder(t.Context(), path, nil); err != nil || made.Name != name {
			t.Errorf("%s becomes %q, %v", folder, made.Name, err)
		}
	}
}

func TestNamesOfDatasetsAreTheSameInAnyCase(t *testing.T) {
	t.Parallel()
	studio, _ := newWorld(t).open()
	for _, name := range []string{"Été", "e\u0301te\u0301", "ÉTÉ"} {
		_, err := studio.Datasets.New(name)
		noError(t, err)
	}
	if got := datasetNames(studio); !slices.Equal(got, []string{"Été", "été (2)", "ÉTÉ (3)"}) && !slices.Equal(got[1:], []string{"Été", "été (2)", "ÉTÉ (3)"}) {
		t.Errorf("they are called %q", got)
	}
}

func TestACancelledExportKeepsWhatItWroteAndSaysSo(t *testing.T) {
	studio, _ := newWorld(t).open()
	addSamples(t, studio, 3)
	for name, write := range map[string]func(context.Context, []photo.Photo, string, func(done, of int)) (int, error){
		"originals": studio.Datasets.ExportOriginals, "edited": studio.Datasets.ExportEdited,
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		tired := errors.New("tired")
		dir := t.TempDir()
		written, err := write(ctx, studio.Datasets.Photos(), dir, func(done, _ int) {
			if done == 2 {
				cancel(tired)
			}
		})
		if left, _ := filepath.Glob(filepath.Join(dir, "*.jpg")); !errors.Is(err, tired) || written != 2 || len(left) != 2 {
			t.Errorf("%s: %d written, %v there, told %v", name, written, left, err)
		}
		cancel(nil)
	}
}
