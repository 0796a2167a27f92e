// Small parts that fields are made of.

package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// captionText is muted text in small letters.
type captionText struct {
	widget.RichText
}

func newCaption(text string) *captionText {
	c := &captionText{}
	c.Scroll = container.ScrollNone
	c.Wrapping = fyne.TextWrapWord
	c.ExtendBaseWidget(c)
	c.SetText(text)
	return c
}

// newCaptionLine is a caption as wide as its text.
func newCaptionLine(text string) *captionText {
	c := newCaption(text)
	c.Wrapping = fyne.TextWrapOff
	return c
}

// SetText changes the text.
func (c *captionText) SetText(text string) {
	c.Segments = []widget.RichTextSegment{&widget.TextSegment{
		Text: text, Style: widget.RichTextStyle{ColorName: colorMuted, SizeName: theme.SizeNameCaptionText},
	}}
	c.Refresh()
}

// iconButton is a small mark that can be pressed. It doesn't take the keyboard, so that Tab goes from field to field:
// whatever it does can be done by a key or another button too.
type iconButton struct {
	widget.Icon

	tapped func()
}

var (
	_ fyne.Tappable      = (*iconButton)(nil)
	_ desktop.Cursorable = (*iconButton)(nil)
)

func newIconButton(icon fyne.Resource, tapped func()) *iconButton {
	b := &iconButton{tapped: tapped}
	b.Resource = icon
	b.ExtendBaseWidget(b)
	return b
}

func newInfoButton(tapped func()) *iconButton {
	return newIconButton(theme.NewDisabledResource(theme.InfoIcon()), tapped)
}

// Tapped presses it.
func (b *iconButton) Tapped(*fyne.PointEvent) { b.tapped() }

// Cursor shows that it can be pressed.
func (b *iconButton) Cursor() desktop.Cursor { return desktop.PointerCursor }

// plate is a rounded area in colours of the theme, behind other things.
type plate struct {
	widget.BaseWidget

	fill, stroke fyne.ThemeColorName // stroke "" for none
	area         *canvas.Rectangle
}

func newPlate(fill, stroke fyne.ThemeColorName, radius float32) *plate {
	p := &plate{fill: fill, stroke: stroke, area: canvas.NewRectangle(nil)}
	p.area.CornerRadius = radius
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer shows the area alone.
func (p *plate) CreateRenderer() fyne.WidgetRenderer {
	p.paint()
	return widget.NewSimpleRenderer(p.area)
}

// Refresh follows a change of theme.
func (p *plate) Refresh() {
	p.paint()
	p.BaseWidget.Refresh()
}

func (p *plate) paint() {
	p.area.FillColor = theme.Color(p.fill)
	if p.stroke != "" {
		p.area.StrokeColor, p.area.StrokeWidth = theme.Color(p.stroke), 1
	}
}

// fixedWidth gives everything in it the same width and its own height.
type fixedWidth struct{ width float32 }

// MinSize is the width, and the height of the highest object.
func (f *fixedWidth) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(f.width, 0)
	for _, object := range objects {
		size.Height = max(size.Height, object.MinSize().Height)
	}
	return size
}

// Layout fills the space.
func (f *fixedWidth) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, object := range objects {
		place(object, fyne.Position{}, size)
	}
}
