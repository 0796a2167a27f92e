package views

import (
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/maquette-studio/maquette/app/datasets"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
	"github.com/maquette-studio/maquette/views/kit"
)

// pick does what an item of the datasets' menu does.
func (c *datasetChooser) pick(t *testing.T, label string) {
	t.Helper()
	for _, item := range c.menu().Items {
		if item.Label == label {
			if item.Disabled {
				t.Fatalf("the item %q can't be chosen", label)
			}
			item.Action()
			return
		}
	}
	t.Fatalf("there is no item %q", label)
}

// panelOf is the panel that lies over the window.
func panelOf(t *testing.T, w *Window) fyne.CanvasObject {
	t.Helper()
	top := w.Canvas().Overlays().Top()
	if top == nil {
		t.Fatal("no panel is shown")
	}
	return top
}

// answer types a name into the panel that asks for one.
func answer(t *testing.T, w *Window, name, yes string) {
	t.Helper()
	panel := panelOf(t, w)
	viewtest.Find[*kit.Entry](panel)[0].SetText(name)
	viewtest.TapPanelButton(t, panel, yes)
}

func TestDatasetsAreMadeChosenRenamedAndDeleted(t *testing.T) {
	ui, w := openTrain(t)
	d := w.train.dataset
	d.chooser.pick(t, "New dataset…")
	answer(t, w, "Cats", "Create")
	ui.Until("the new dataset", func() bool { return d.chooser.choice.Selected == "Cats" && len(d.photos) == 0 })
	if !d.hint.Visible() {
		t.Error("the empty dataset doesn't say what to do")
	}
	dropOnTrain(t, w, writeFile(t, "cat.jpg", jpegOf(t, 600, color.Black)))
	ui.Until("the photo", func() bool { return len(d.photos) == 1 })

	d.chooser.choice.SetSelectedIndex(0)
	ui.Until("the first dataset", func() bool { return len(d.photos) == 8 })
	d.chooser.pick(t, "Duplicate…")
	answer(t, w, "Foxes", "Duplicate")
	ui.Until("the copy", func() bool { return d.chooser.choice.Selected == "Foxes" && len(d.photos) == 8 })
	d.chooser.pick(t, "Rename…")
	answer(t, w, "Paper foxes", "Rename")
	ui.Until("the new name", func() bool { return d.chooser.choice.Selected == "Paper foxes" })
	ui.Until("the offer to undo", func() bool { return viewtest.Says(w.train.content, "was renamed") })
	viewtest.TapButton(t, w.train.content, "Undo")
	ui.Until("the old name", func() bool { return d.chooser.choice.Selected == "Foxes" })

	d.chooser.pick(t, "Delete dataset")
	ui.Until("another dataset", func() bool { return d.chooser.choice.Selected == "Cats" && len(d.photos) == 1 })
	ui.Until("the offer to undo", func() bool { return viewtest.Says(w.train.content, "Foxes was deleted") })
	viewtest.TapButton(t, w.train.content, "Undo")
	ui.Until("the deleted one", func() bool { return d.chooser.choice.Selected == "Foxes" && len(d.photos) == 8 })
	if got := d.chooser.choice.Options; !slices.Equal(got, []string{"Paper fox", "Cats", "Foxes"}) {
		t.Errorf("the datasets are %q", got)
	}
}

func TestAnUnsavedCaptionGoesToItsOwnDataset(t *testing.T) {
	ui, w := openTrain(t)
	d := w.train.dataset
	first := w.studio.Datasets.Current().ID
	d.grid.Select(w.studio.Datasets.Photos()[0].Ref())
	d.captions.entry.SetText("typed just now")
	d.chooser.pick(t, "New dataset…")
	answer(t, w, "Other", "Create")
	ui.Until("the new dataset", func() bool { return w.studio.Datasets.Current().ID != first })
	if err := w.studio.Datasets.Choose(first); err != nil {
		t.Fatal(err)
	}
	if got := w.studio.Datasets.Photos()[0].Caption; got != "typed just now" {
		t.Errorf("the caption is %q", got)
	}
}

func TestAFolderGoesOutAndComesInAgain(t *testing.T) {
	ui, w := openTrain(t)
	d := w.train.dataset
	dir := filepath.Join(t.TempDir(), "foxes")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := w.rememberFolder(dir); err != nil {
		t.Fatal(err)
	}
	before := w.studio.Datasets.Photos()
	place := func(yes string) {
		ui.Until("the folder to be read", func() bool {
			path := viewtest.Find[*kit.Entry](panelOf(t, w))[0]
			return path.Text == dir && viewtest.Says(panelOf(t, w), "No folders in here")
		})
		viewtest.TapPanelButton(t, panelOf(t, w), yes)
	}
	d.chooser.pick(t, "Export edited copies…")
	place("Export here")
	ui.Until("the export", func() bool { return viewtest.Says(w.train.content, "were exported") })
	d.chooser.pick(t, "Import folder…")
	place("Import this folder")
	ui.Until("the dataset", func() bool { return d.chooser.choice.Selected == "foxes" && len(d.photos) == 8 && !d.intake.checking() })
	for i, p := range w.studio.Datasets.Photos() {
		if p.Name != before[i].Name || p.Caption != before[i].Caption {
			t.Errorf("%s, %q came in as %s, %q", before[i].Name, before[i].Caption, p.Name, p.Caption)
		}
	}
}

// byRules judges the photos by other rules than the chosen task's.
func byRules(ui *viewtest.UI, w *Window, rules providers.PhotoRules) {
	d := w.train.dataset
	d.rules = func() *providers.PhotoRules { return &rules }
	clear(d.verdicts)
	d.refresh()
	ui.Until("the photos to be judged", func() bool { return len(d.verdicts) == len(w.studio.Datasets.Photos()) })
}

func TestThePhotosWarningsCanBeMended(t *testing.T) {
	ui, w := openTrain(t)
	d := w.train.dataset
	p := w.studio.Datasets.Photos()[0]
	edge := min(p.Width, p.Height)
	byRules(ui, w, providers.PhotoRules{MinEdge: edge + 10})
	d.grid.Select(p.Ref())
	ui.Until("the fix", func() bool {
		return slices.ContainsFunc(viewtest.ButtonTexts(d.captions), func(s string) bool { return strings.HasPrefix(s, "Resize to") })
	})
	d.fix([]photo.Photo{p}, datasets.FixResize)
	ui.Until("the photo to be larger", func() bool {
		width, height := d.photos[0].Size()
		return min(width, height) == edge+10
	})
	ui.Until("the offer to undo", func() bool { return viewtest.Says(w.train.content, "will be enlarged") })
	viewtest.TapButton(t, w.train.content, "Undo")
	ui.Until("the photo as it was", func() bool { return d.photos[0].Edit == (photo.Edit{}) })

	byRules(ui, w, providers.PhotoRules{MinEdge: 3 * edge})
	if !viewtest.Says(w.train.content, "would have to be enlarged") {
		t.Errorf("it isn't said why the photo isn't enlarged: %q", viewtest.LabelTexts(w.train.content))
	}
	d.crop(p)
	e := panelOf(t, w)
	stage := viewtest.Find[interface {
		fyne.CanvasObject
		fyne.Focusable
		fyne.Draggable
	}](e)[0]
	middle := fyne.NewPos(stage.Size().Width/2, stage.Size().Height/2)
	stage.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: middle.AddXY(60, 60)}, Dragged: fyne.NewDelta(60, 60)})
	stage.DragEnd()
	viewtest.TapPanelButton(t, e, "Apply")
	ui.Until("the crop", func() bool { return d.photos[0].Edit.Crop != (photo.Crop{}) })
	if item := d.grid.Items()[0]; item.ID != p.Ref() || item.Picture == p.Ref() {
		t.Errorf("the grid shows %+v", item)
	}
	viewtest.TapButton(t, w.train.content, "As it was")
	ui.Until("the whole photo", func() bool { return d.photos[0].Edit == (photo.Edit{}) })
}

func TestTheBestPhotosStayAndTheRestComesBackByUndo(t *testing.T) {
	ui, w := openTrain(t)
	d := w.train.dataset
	byRules(ui, w, providers.PhotoRules{Min: 5, Max: 5})
	viewtest.TapButton(t, w.train.content, "Pick best 5…")
	panel := panelOf(t, w)
	ui.Until("the proposal", func() bool { return viewtest.Says(panel, "5 of 8 photos stay") })
	viewtest.TapPanelButton(t, panel, "Keep these 5")
	ui.Until("five photos", func() bool { return len(d.photos) == 5 })
	ui.Until("the offer to undo", func() bool { return viewtest.Says(w.train.content, "3 photos removed.") })
	if d.best.Visible() {
		t.Error("with five of five photos the best are still offered")
	}
	viewtest.TapButton(t, w.train.content, "Undo")
	ui.Until("all photos", func() bool { return len(d.photos) == 8 })
}

func TestCaptionsAreChangedAllAtOnceAndBack(t *testing.T) {
	ui, w := openTrain(t)
	d := w.train.dataset
	before := w.studio.Datasets.Photos()
	word := strings.Fields(before[0].Caption)[1]
	captions, times := datasets.CountInCaptions(before, word)
	d.chooser.pick(t, "Change captions…")
	entries := viewtest.Find[*kit.Entry](panelOf(t, w))
	entries[0].SetText("nowhere to be found")
	ui.Until("the count of nothing", func() bool { return viewtest.Says(panelOf(t, w), "In no caption") })
	entries[0].SetText(word)
	entries[1].SetText("zwx")
	want := kit.CountOf(times, "Once", "%d times") + " in " + kit.CountOf(captions, "1 caption", "%d captions")
	ui.Until("the count", func() bool { return viewtest.Says(panelOf(t, w), want) })
	viewtest.TapPanelButton(t, panelOf(t, w), "Replace all")
	ui.Until("the offer to undo", func() bool { return viewtest.Says(w.train.content, "changed.") })
	if got, _ := datasets.CountInCaptions(w.studio.Datasets.Photos(), word); got != 0 {
		t.Errorf("%q is still in %d captions", word, got)
	}
	viewtest.TapButton(t, w.train.content, "Undo")
	ui.Until("the captions as they were", func() bool { return w.studio.Datasets.Photos()[0].Caption == before[0].Caption })

	d.chooser.pick(t, "Change captions…")
	viewtest.Find[*kit.Entry](panelOf(t, w))[2].SetText("ukj,")
	viewtest.TapPanelButton(t, panelOf(t, w), "Put in front of all")
	ui.Until("the word in front", func() bool {
		return !slices.ContainsFunc(w.studio.Datasets.Photos(), func(p photo.Photo) bool { return !strings.HasPrefix(p.Caption, "ukj, ") })
	})
}
