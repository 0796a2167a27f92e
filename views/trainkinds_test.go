package views

import (
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

func TestWhatBecomesOfAPhonesPhotoIsSaid(t *testing.T) {
	ui, w := openBare(t)
	w.Resize(fyne.NewSize(1100, 760))
	path, err := filepath.Abs("../app/photo/testdata/picture.heic")
	if err != nil {
		t.Fatal(err)
	}
	dropOnTrain(t, w, storage.NewFileURI(path), storage.NewFileURI(filepath.Join(filepath.Dir(path), "picture.png")))
	ui.Until("what is sent of the HEIC", func() bool {
		return viewtest.Says(w.train.content, "HEIC (1): the originals stay here as they are. Services get JPEG copies")
	})
	ui.Until("both photos", func() bool { return len(w.train.dataset.grid.Items()) == 2 })
	kinds := map[string]string{"heic": "HEIC, sent as JPEG", "png": "PNG"}
	for _, p := range w.train.dataset.photos {
		w.train.dataset.grid.Select(p.Ref())
		if facts := w.train.dataset.captions.facts.Text(); !viewtest.Says(w.train.dataset.captions, kinds[p.Ext]) {
			t.Errorf("of %s it says %q", p.Name, facts)
		}
	}
}
