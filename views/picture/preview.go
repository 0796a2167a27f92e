// The selected picture at the pane's width.

package picture

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
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

	loader  *Loader
	onOpen  func(id string)
	id      string
	px      int
	request *Request
	back    *kit.Plate
	picture *canvas.Image
}

var _ fyne.DoubleTappable = (*Preview)(nil)

func NewPreview(loader *Loader, onOpen func(id string)) *Preview {
	p := &Preview{loader: loader, onOpen: onOpen, back: kit.NewPlate(kit.ColorMat, "", 4)}
	p.picture = &canvas.Image{FillMode: canvas.ImageFillContain, ScaleMode: canvas.ImageScaleFastest}
	p.ExtendBaseWidget(p)
	return p
}

// SetPicture shows a picture; "" shows none and gives up what is loading.
func (p *Preview) SetPicture(id string) {
	if id == p.id {
		return
	}
	p.id, p.px = id, 0
	p.request.Cancel()
	p.draw(nil)
	p.load()
}

func (p *Preview) load() {
	size := p.Size()
	if p.id == "" || size.Width <= 0 {
		return
	}
	edge := max(size.Width, size.Height) * CanvasScale(p)
	px := (int(edge)/previewStep + 1) * previewStep
	if px == p.px {
		return
	}
	p.px = px
	p.request.Cancel()
	if img, known, _ := p.loader.Cached(p.id, px); known {
		p.draw(img)
		return
	}
	p.request = p.loader.Request(p.id, px, func(img *image.RGBA, _ error) { p.draw(img) })
}

func (p *Preview) draw(img *image.RGBA) {
	p.picture.Image = nil
	if img != nil {
		p.picture.Image = img
	}
	p.picture.Refresh()
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
	return widget.NewSimpleRenderer(container.NewStack(p.back, p.picture))
}
