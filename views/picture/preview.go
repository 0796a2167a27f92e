// The selected picture at the pane's width.

package picture

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/views/kit"
)

const (
	previewHeight = 210
	// previewStep is how far sizes asked of the loader lie apart, device
	// pixels, so that moving the divider doesn't decode at every step.
	previewStep = 128
)

// Preview shows one picture, loaded in a worker at about the size shown.
type Preview struct {
	widget.BaseWidget

	onOpen func(id string)
	id     string
	slot   *Slot
	back   *kit.Plate
	image  *canvas.Image
	none   *kit.EmptyState // in place of a picture that can't be shown
}

var _ fyne.DoubleTappable = (*Preview)(nil)

// NewPreview is empty; onOpen is told of a double click.
func NewPreview(loader *Loader, onOpen func(id string)) *Preview {
	p := &Preview{onOpen: onOpen, back: kit.NewPlate(kit.ColorMat, "", 4)}
	p.image = &canvas.Image{FillMode: canvas.ImageFillContain, ScaleMode: canvas.ImageScaleFastest}
	p.none = kit.NewEmptyState(theme.FileImageIcon())
	p.slot = NewSlot(loader, p.draw)
	p.ExtendBaseWidget(p)
	return p
}

// SetPicture shows a picture; "" shows none and gives up what is loading.
func (p *Preview) SetPicture(id string) {
	if id == p.id {
		return
	}
	p.id = id
	if p.slot.Set("", 0) {
		p.draw()
	}
	p.load()
}

func (p *Preview) load() {
	size := p.Size()
	if p.id == "" || size.Width <= 0 {
		return
	}
	if px := (Pixels(p, max(size.Width, size.Height))/previewStep + 1) * previewStep; p.slot.Set(p.id, px) {
		p.draw()
	}
}

func (p *Preview) draw() {
	p.image.Image = p.slot.Image()
	p.image.Refresh()
	showUnshown(p.none, UnshownOf(p.slot.Err), false)
}

// Resize may ask for a larger picture.
func (p *Preview) Resize(size fyne.Size) {
	p.BaseWidget.Resize(size)
	p.load()
}

// MinSize is a fixed height at any width.
func (p *Preview) MinSize() fyne.Size { return fyne.NewSize(120, previewHeight) }

// DoubleTapped opens the picture large.
func (p *Preview) DoubleTapped(*fyne.PointEvent) { p.onOpen(p.id) }

// CreateRenderer shows the picture on its mat.
func (p *Preview) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(p.back, p.image, p.none))
}
