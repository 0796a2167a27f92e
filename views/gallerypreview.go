// The selected picture at the pane's width.

package views

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

const (
	previewHeight = 210
	// previewStep is how far sizes asked of the loader lie apart, device
	// pixels, so that moving the divider doesn't decode at every step.
	previewStep = 128
)

// picturePreview shows one picture, loaded in a worker at about the size shown.
type picturePreview struct {
	widget.BaseWidget

	loader  *thumbLoader
	onOpen  func(id string)
	id      string
	px      int
	request *thumbRequest
	back    *plate
	picture *canvas.Image
}

var _ fyne.DoubleTappable = (*picturePreview)(nil)

func newPicturePreview(loader *thumbLoader, onOpen func(id string)) *picturePreview {
	p := &picturePreview{loader: loader, onOpen: onOpen, back: newPlate(colorMat, "", 4)}
	p.picture = &canvas.Image{FillMode: canvas.ImageFillContain, ScaleMode: canvas.ImageScaleFastest}
	p.ExtendBaseWidget(p)
	return p
}

// setPicture shows a picture; "" shows none and gives up what is loading.
func (p *picturePreview) setPicture(id string) {
	if id == p.id {
		return
	}
	p.id, p.px = id, 0
	p.request.Cancel()
	p.draw(nil)
	p.load()
}

func (p *picturePreview) load() {
	size := p.Size()
	if p.id == "" || size.Width <= 0 {
		return
	}
	edge := max(size.Width, size.Height) * canvasScale(p)
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

func (p *picturePreview) draw(img *image.RGBA) {
	p.picture.Image = nil
	if img != nil {
		p.picture.Image = img
	}
	p.picture.Refresh()
}

// Resize may ask for a larger picture.
func (p *picturePreview) Resize(size fyne.Size) {
	p.BaseWidget.Resize(size)
	p.load()
}

// MinSize is a fixed height at any width.
func (p *picturePreview) MinSize() fyne.Size { return fyne.NewSize(120, previewHeight) }

// DoubleTapped opens the picture large.
func (p *picturePreview) DoubleTapped(*fyne.PointEvent) { p.onOpen(p.id) }

// CreateRenderer shows the picture on its mat.
func (p *picturePreview) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(p.back, p.picture))
}
