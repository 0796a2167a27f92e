// A small picture beside a row's words.

package picture

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/views/kit"
)

// Thumb shows one small picture after another, as rows are reused; where there
// is none, a sign. It belongs to the UI goroutine.
type Thumb struct {
	widget.BaseWidget

	edge    float32 // in density-independent pixels
	slot    *Slot
	none    fyne.Resource
	picture *canvas.Image
	sign    *widget.Icon
}

// NewThumb is empty; edge is in density-independent pixels.
func NewThumb(loader *Loader, edge float32) *Thumb {
	t := &Thumb{edge: edge, sign: widget.NewIcon(nil)}
	t.picture = &canvas.Image{FillMode: canvas.ImageFillContain, ScaleMode: canvas.ImageScaleFastest}
	t.slot = NewSlot(loader, t.draw)
	t.ExtendBaseWidget(t)
	return t
}

// SetPicture shows the picture of id; none is the sign for "" and until it is there.
func (t *Thumb) SetPicture(id string, none fyne.Resource) {
	changed := t.slot.Set(id, Pixels(t, t.edge))
	if changed || none != t.none {
		t.none = none
		t.draw()
	}
}

// draw shows what is known of the picture by now.
func (t *Thumb) draw() {
	t.picture.Image = t.slot.Image()
	t.picture.Refresh()
	sign := t.none
	if t.slot.Err != nil {
		sign = theme.BrokenImageIcon()
	}
	t.sign.SetResource(theme.NewDisabledResource(sign))
	kit.SetVisible(t.slot.Picture == nil, t.sign)
}

// MinSize is the edge in both directions.
func (t *Thumb) MinSize() fyne.Size { return fyne.NewSquareSize(t.edge) }

// CreateRenderer lays the picture on its mat.
func (t *Thumb) CreateRenderer() fyne.WidgetRenderer {
	sign := container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(theme.IconInlineSize()), t.sign))
	return widget.NewSimpleRenderer(container.NewStack(kit.NewPlate(kit.ColorMat, "", 4), t.picture, sign))
}
