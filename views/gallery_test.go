package views

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/app/library"
	"github.com/maquette-studio/maquette/storage"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

// openLibrary opens a window over a studio whose library holds so many made-up
// pictures; they have no files.
func openLibrary(t *testing.T, count int) (*viewtest.UI, *Window) {
	t.Helper()
	dir := t.TempDir()
	fillLibrary(t, dir, count)
	return openStudio(t, app.Config{Dir: dir, Env: func(string) string { return "" }})
}

func fillLibrary(t testing.TB, dir string, count int) {
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
	table := storage.NewTable[library.Picture]("pictures")
	subjects := []string{"a fox in the snow", "a paper boat at dusk", "the harbour from above", "portrait of ohwx"}
	err = db.Update(func(tx *storage.Tx) error {
		for i := range count {
			seed := int64(i)
			p := library.Picture{
				ID: fmt.Sprintf("j%09d-01", i), Job: "j1", Task: "luma/image", Service: "luma", Model: "photon-1",
				Hash: fmt.Sprintf("%064x", i), Ext: "png", Width: 1024, Height: 1024, Bytes: 1 << 20, Seed: &seed,
				Prompt:  fmt.Sprintf("%s, take %d", subjects[i%len(subjects)], i),
				Created: time.Unix(1_700_000_000+int64(i), 0),
			}
			if err := table.Put(tx, p.ID, p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// openGallery shows the Gallery tab, filled.
func openGallery(t *testing.T, count int) (*viewtest.UI, *Window, *galleryTab) {
	t.Helper()
	ui, w := openLibrary(t, count)
	w.tabs.SelectIndex(tabGallery)
	ui.Until("the pictures are listed", func() bool { return len(w.gallery.grid.Items()) == count })
	return ui, w, w.gallery
}

func TestTheGalleryFindsWhileTyping(t *testing.T) {
	ui, w, gallery := openGallery(t, 1204)
	if !viewtest.Says(gallery.content, "1,204 pictures") {
		t.Errorf("the gallery says %q", viewtest.LabelTexts(gallery.content))
	}
	if first := gallery.grid.Items()[0].Title; !strings.HasSuffix(first, "take 1203") {
		t.Errorf("the first picture is %q, not the newest", first)
	}
	w.find()
	rows := []struct {
		typed string
		count int
	}{{"fox", 301}, {" take", 301}, {" 1200", 1}}
	for _, row := range rows {
		test.Type(gallery.search, row.typed)
		ui.Until("typing "+row.typed+" narrows", func() bool { return len(gallery.grid.Items()) == row.count })
	}
	if !viewtest.Says(gallery.content, "1 of 1,204 pictures") {
		t.Errorf("the gallery says %q", viewtest.LabelTexts(gallery.content))
	}
	test.Type(gallery.search, " nowhere")
	ui.Until("nothing is found", func() bool { return viewtest.Says(gallery.content, "Nothing matches") })
	viewtest.TapButton(t, gallery.content, "Clear the search")
	ui.Until("all are back", func() bool { return len(gallery.grid.Items()) == 1204 })
}

func TestOnlyTheLastSearchCounts(t *testing.T) {
	ui, _, gallery := openGallery(t, 400)
	for range 20 {
		gallery.search.SetText("fox")
		gallery.search.SetText("boat take 1")
	}
	ui.Until("the last search is shown", func() bool { return gallery.shown.query.words == "boat take 1" })
	want := len(gallery.grid.Items())
	ui.Drain()
	if got := gallery.grid.Items(); len(got) != want || !strings.Contains(got[0].Title, "boat") {
		t.Errorf("an older search came through: %d pictures, first %q", len(got), got[0].Title)
	}
}

func TestDeletedPicturesComeBackByUndo(t *testing.T) {
	ui, w, gallery := openGallery(t, 10)
	ids := []string{gallery.grid.Items()[0].ID, gallery.grid.Items()[3].ID}
	gallery.grid.Select(ids...)
	if !viewtest.Says(gallery.content, "2 pictures selected") {
		t.Errorf("of two selected pictures it says %q", viewtest.LabelTexts(gallery.content))
	}
	gallery.grid.TypedKey(viewtest.Key(fyne.KeyDelete))
	ui.Until("two are gone", func() bool { return len(gallery.grid.Items()) == 8 })
	if !viewtest.Says(gallery.content, "2 pictures moved to the trash") {
		t.Errorf("after deleting it says %q", viewtest.LabelTexts(gallery.content))
	}
	viewtest.TapButton(t, gallery.content, "Undo")
	ui.Until("they are back", func() bool { return len(gallery.grid.Items()) == 10 })
	if got := len(w.studio.Library.Trash()); got != 0 {
		t.Errorf("%d pictures are still in the trash", got)
	}
}

func TestTheTrashGivesBackAndIsEmptied(t *testing.T) {
	ui, w, gallery := openGallery(t, 5)
	first, second := gallery.grid.Items()[0].ID, gallery.grid.Items()[1].ID
	gallery.delete([]string{first, second})
	ui.Until("the trash is offered", func() bool { return slices.Contains(viewtest.ButtonTexts(gallery.content), "Trash (2)") })
	viewtest.TapButton(t, gallery.content, "Trash (2)")
	ui.Until("the trash is shown", func() bool { return gallery.shown.query.trash })
	if got := len(gallery.grid.Items()); got != 2 {
		t.Fatalf("the trash shows %d pictures", got)
	}
	gallery.grid.Select(first)
	viewtest.TapButton(t, gallery.content, "Restore")
	ui.Until("one is left", func() bool { return len(gallery.grid.Items()) == 1 })
	viewtest.TapButton(t, gallery.content, "Empty the trash…")
	viewtest.TapPanelButton(t, w.Canvas().Overlays().Top(), "Empty the trash")
	ui.Until("the trash is empty", func() bool { return viewtest.Says(gallery.content, "The trash is empty") })
	viewtest.TapButton(t, gallery.content, "Back to the pictures")
	ui.Until("the rest is shown", func() bool { return len(gallery.grid.Items()) == 4 })
}

func TestTheTrashIsGoneThroughPictureByPicture(t *testing.T) {
	dir := t.TempDir()
	fillLibrary(t, dir, 4)
	fillJobs(t, dir, 4)
	ui, w := openStudio(t, app.Config{Dir: dir, Env: func(string) string { return "" }})
	w.tabs.SelectIndex(tabGallery)
	gallery := w.gallery
	ui.Until("the pictures are listed", func() bool { return len(gallery.grid.Items()) == 4 })
	var ids []string
	for _, item := range gallery.grid.Items() {
		ids = append(ids, item.ID)
	}
	gallery.delete(ids[3:])
	ui.Until("one is deleted", func() bool { return len(gallery.grid.Items()) == 3 })
	gallery.delete(ids[:3])
	ui.Until("the gallery says where all are", func() bool { return viewtest.Says(gallery.content, "What you deleted is in the trash") })
	viewtest.TapButton(t, gallery.content, "Open the trash")
	ui.Until("the trash is shown", func() bool { return gallery.shown.query.trash })
	for i, item := range gallery.grid.Items() {
		if item.ID != ids[i] {
			t.Errorf("the trash shows %q at place %d, not what was deleted last", item.ID, i)
		}
	}
	gallery.grid.Select(ids[0], ids[2])
	viewtest.TapButton(t, gallery.content, "Delete for good…")
	if asked := dialogOf(t, w); !viewtest.Says(asked, "2 pictures will be removed") {
		t.Errorf("it is asked %q", viewtest.LabelTexts(asked))
	}
	viewtest.TapPanelButton(t, dialogOf(t, w), "Delete for good")
	ui.Until("two are left", func() bool { return len(gallery.grid.Items()) == 2 })
	gallery.grid.Select(ids[1])
	if !gallery.details.deleted.Visible() {
		t.Errorf("when it was deleted isn't said: %q", viewtest.LabelTexts(gallery.details))
	}
	gallery.grid.TypedKey(viewtest.Key(fyne.KeyDelete))
	viewtest.TapPanelButton(t, dialogOf(t, w), "Delete for good")
	ui.Until("one is left", func() bool { return len(gallery.grid.Items()) == 1 })
	gallery.search.SetText("nowhere")
	ui.Until("a search in the trash finds nothing", func() bool { return viewtest.Says(gallery.content, "Nothing matches") })
	viewtest.TapButton(t, gallery.content, "Clear the search")
	viewtest.TapButton(t, gallery.content, "Empty the trash…")
	viewtest.TapPanelButton(t, dialogOf(t, w), "Empty the trash")
	ui.Until("the trash is empty", func() bool { return viewtest.Says(gallery.content, "The trash is empty") })
	viewtest.TapButton(t, gallery.nothing, "Back to the pictures")
	ui.Until("the gallery knows that there were some", func() bool { return viewtest.Says(gallery.content, "What was made here was deleted for good") })
}

func TestTheSelectedPictureSaysWhatMadeIt(t *testing.T) {
	_, _, gallery := openGallery(t, 3)
	gallery.grid.Select(gallery.grid.Items()[1].ID)
	wanted := []string{"a paper boat at dusk, take 1", "photon-1", "1", "Luma Dream Machine", "1024 × 1024, 1.0 MB PNG"}
	if got := viewtest.LabelTexts(gallery.content); !viewtest.ContainsAll(got, wanted) {
		t.Errorf("the details say %q, wanted %q", got, wanted)
	}
	viewtest.TapButton(t, gallery.content, "Copy prompt")
	if got := fyne.CurrentApp().Clipboard().Content(); got != "a paper boat at dusk, take 1" {
		t.Errorf("the clipboard holds %q", got)
	}
	if got := viewtest.ButtonTexts(gallery.details); !viewtest.ContainsAll(got, []string{"Open", "Save as…", "Use as reference", "Modify", "Delete"}) {
		t.Errorf("the actions are %q", got)
	}
}

func TestAnEmptyGalleryLeadsToGenerate(t *testing.T) {
	ui, w, gallery := openGallery(t, 0)
	ui.Until("it says so", func() bool { return viewtest.Says(gallery.content, "No pictures yet") })
	viewtest.TapButton(t, gallery.content, "Generate a picture")
	if got := w.tabs.SelectedIndex(); got != tabGenerate {
		t.Errorf("the button leads to tab %d", got)
	}
}

func TestPicturesAreExportedUnderReadableNames(t *testing.T) {
	ui, w := openDemo(t)
	job := generateDemo(t, w, 2)
	ui.Until("both are in the gallery", func() bool { return len(w.gallery.grid.Items()) == 2 })
	dir := t.TempDir()
	var failure error
	done := false
	w.exportInto(job.Images, dir, func(written int, err error) { failure, done = err, written == 2 })
	ui.Until("they are exported", func() bool { return done })
	if failure != nil {
		t.Fatal(failure)
	}
	files, err := filepath.Glob(filepath.Join(dir, "a-red-kite-*"))
	if err != nil || len(files) != 2 {
		t.Errorf("the folder holds %q (%v)", files, err)
	}
}

// generateDemo makes pictures in the demo's sandbox.
func generateDemo(t *testing.T, w *Window, count int) jobs.Job {
	t.Helper()
	job := startJob(t, w.studio, jobs.Order{
		Task: "luma/image", Values: map[string]any{"prompt": "a red kite over the sea", "count": count},
	})
	job, err := w.studio.Jobs.Wait(t.Context(), job.ID)
	if err != nil || len(job.Images) != count {
		t.Fatalf("the job ended with %d pictures: %v %v", len(job.Images), job.Error, err)
	}
	return job
}

func BenchmarkGalleryList100000(b *testing.B) {
	dir := b.TempDir()
	fillLibrary(b, dir, 100_000)
	studio, err := app.Open(app.Config{Dir: dir, Env: func(string) string { return "" }})
	if err != nil {
		b.Fatal(err)
	}
	defer studio.Close()
	for _, words := range []string{"", "fox", "fox take 99"} {
		b.Run(fmt.Sprintf("%q", words), func(b *testing.B) {
			for b.Loop() {
				listPictures(b.Context(), studio, galleryQuery{words: words})
			}
		})
	}
}
