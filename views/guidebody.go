// A page of the guide: its texts and pictures, below each other.

package views

import (
	"bytes"
	"context"
	"image"
	"image/draw"
	"image/jpeg"
	"net/url"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/docs/guide"
	"github.com/maquette-studio/maquette/views/kit"
)

// guideBody shows one page at a time.
type guideBody struct {
	widget.BaseWidget

	work     *kit.Work
	follow   func(*url.URL)
	column   *fyne.Container
	sections []fyne.CanvasObject // the first block of each
}

func newGuideBody(work *kit.Work, follow func(*url.URL)) *guideBody {
	b := &guideBody{work: work, follow: follow, column: container.New(kit.Column{Most: guideColumn, Gap: -4})}
	b.ExtendBaseWidget(b)
	return b
}

// CreateRenderer shows the column alone.
func (b *guideBody) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(b.column) }

func (b *guideBody) empty() bool { return len(b.sections) == 0 }

// show shows a page in place of the one before.
func (b *guideBody) show(page guide.Page) {
	b.column.Objects, b.sections = nil, nil
	for _, section := range page.Sections {
		for i, block := range section.Blocks {
			object := b.block(block)
			if i == 0 {
				b.sections = append(b.sections, object)
			}
			b.column.Objects = append(b.column.Objects, object)
		}
	}
	b.column.Layout.Layout(b.column.Objects, b.Size())
	b.column.Layout.Layout(b.column.Objects, b.Size()) // texts know their height once they know their width
	b.Refresh()
}

func (b *guideBody) block(block guide.Block) fyne.CanvasObject {
	if block.Picture != "" {
		return newGuidePicture(b.work, guide.Picture(block.Picture))
	}
	text := widget.NewRichTextFromMarkdown(block.Text)
	text.Wrapping = fyne.TextWrapWord
	b.lead(text.Segments)
	return text
}

// lead has links lead where follow does.
func (b *guideBody) lead(segments []widget.RichTextSegment) {
	for _, segment := range segments {
		switch segment := segment.(type) {
		case *widget.HyperlinkSegment:
			segment.OnTapped = func() { b.follow(segment.URL) }
		case *widget.ListSegment:
			b.lead(segment.Items)
		case *widget.ParagraphSegment:
			b.lead(segment.Texts)
		}
	}
}

// top is where a section begins.
func (b *guideBody) top(section int) float32 {
	if section <= 0 || section >= len(b.sections) {
		return 0
	}
	return b.sections[section].Position().Y
}

// guidePicture is as wide as it may be, and no wider than the picture.
type guidePicture struct {
	widget.BaseWidget

	size  fyne.Size // of the picture, in pixels
	width float32   // as it is laid out
	shown *canvas.Image
	frame *kit.Plate
}

// newGuidePicture decodes the file off the UI goroutine. One that can't be read stays empty.
func newGuidePicture(work *kit.Work, file []byte) *guidePicture {
	p := &guidePicture{shown: &canvas.Image{FillMode: canvas.ImageFillContain}, frame: kit.NewPlate(kit.ColorMat, theme.ColorNameSeparator, 4)}
	if config, err := jpeg.DecodeConfig(bytes.NewReader(file)); err == nil {
		p.size = fyne.NewSize(float32(config.Width), float32(config.Height))
	}
	p.ExtendBaseWidget(p)
	kit.Do(work, func(context.Context) image.Image {
		decoded, err := jpeg.Decode(bytes.NewReader(file))
		if err != nil {
			return nil
		}
		straight := image.NewRGBA(decoded.Bounds()) // what is uploaded without being drawn again
		draw.Draw(straight, straight.Bounds(), decoded, decoded.Bounds().Min, draw.Src)
		return straight
	}, func(decoded image.Image) {
		p.shown.Image = decoded
		p.shown.Refresh()
	})
	return p
}

// CreateRenderer draws the picture in a thin frame.
func (p *guidePicture) CreateRenderer() fyne.WidgetRenderer { return &guidePictureRenderer{p} }

type guidePictureRenderer struct{ p *guidePicture }

func (r *guidePictureRenderer) Destroy() {}

func (r *guidePictureRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.p.frame, r.p.shown}
}

// MinSize is as high as the width asks for.
func (r *guidePictureRenderer) MinSize() fyne.Size {
	if r.p.size.Width == 0 {
		return fyne.Size{}
	}
	return fyne.NewSize(0, r.p.width*r.p.size.Height/r.p.size.Width)
}

func (r *guidePictureRenderer) Layout(size fyne.Size) {
	r.p.width = size.Width
	kit.Place(r.p.frame, fyne.Position{}, size)
	kit.Place(r.p.shown, fyne.NewPos(1, 1), size.SubtractWidthHeight(2, 2))
}

func (r *guidePictureRenderer) Refresh() {
	r.p.frame.Refresh()
	canvas.Refresh(r.p.shown)
}
