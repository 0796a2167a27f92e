package views

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/maquette-studio/maquette/views/picture"
)

// selectionInSight reports whether the one selected picture of a grid lies within the grid.
func selectionInSight(grid *picture.Grid, edge float32) bool {
	at := slices.IndexFunc(grid.Items(), func(item picture.Item) bool { return item.ID == grid.Selected()[0] })
	row := picture.CellSize(edge).Height
	top := float32(at/grid.ColumnCount())*(row+4) - grid.GetScrollOffset()
	return top >= -1 && top+row <= grid.Size().Height+1
}

func TestASelectedPhotoStaysInSightAsItsCaptionOpens(t *testing.T) {
	ui, w := openTrain(t)
	for _, size := range []fyne.Size{{Width: 1000, Height: 700}, {Width: 860, Height: 620}, {Width: 1920, Height: 1080}} {
		w.Resize(size)
		grid := w.train.dataset.grid
		grid.Select()
		ui.Drain()
		last := len(grid.Items()) - 1
		grid.ScrollTo(last)
		grid.Select(grid.Items()[last].ID)
		ui.Drain()
		if !w.train.dataset.captions.Visible() || !selectionInSight(grid, photoEdge) {
			t.Errorf("%v: the photo is hidden behind its caption: scrolled to %v of %v", size, grid.GetScrollOffset(), grid.Size())
		}
	}
}

func TestASelectedPictureStaysInSightAsTheWindowNarrows(t *testing.T) {
	_, w, gallery := openGallery(t, 200)
	w.Resize(fyne.NewSize(1900, 900))
	gallery.selectPicture(gallery.grid.Items()[150].ID)
	if !selectionInSight(gallery.grid, picture.CellMedium) {
		t.Error("its details hide it as they open")
	}
	for _, width := range []float32{1300, 900, 1700} {
		w.Resize(fyne.NewSize(width, 640))
		if !selectionInSight(gallery.grid, picture.CellMedium) {
			t.Errorf("at %v the picture is out of sight", width)
		}
	}
	gallery.grid.ScrollToTop()
	w.Resize(fyne.NewSize(1000, 640))
	if gallery.grid.GetScrollOffset() != 0 {
		t.Error("who scrolled away from the selection is brought back to it")
	}
}
