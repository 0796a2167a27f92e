// The statement of consent, with its tick box.

package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// ConsentBox is a tick box with a sentence that may be long: it wraps, and a
// click on it ticks the box.
type ConsentBox struct {
	widget.BaseWidget

	box     *widget.Check
	text    *widget.Label
	content fyne.CanvasObject
}

// NewConsentBox shows the statement; changed is called when it is given or withdrawn.
func NewConsentBox(statement string, changed func()) *ConsentBox {
	c := &ConsentBox{box: widget.NewCheck("", func(bool) { changed() }), text: widget.NewLabel(Local(statement))}
	c.text.Wrapping = fyne.TextWrapWord
	c.content = container.NewBorder(nil, nil, container.NewVBox(c.box), nil, c.text)
	c.ExtendBaseWidget(c)
	return c
}

// Checked reports whether the statement was given.
func (c *ConsentBox) Checked() bool { return c.Visible() && c.box.Checked }

// SetChecked ticks the box, or not.
func (c *ConsentBox) SetChecked(checked bool) { c.box.SetChecked(checked) }

// Tapped ticks the box by its sentence.
func (c *ConsentBox) Tapped(*fyne.PointEvent) { c.box.SetChecked(!c.box.Checked) }

// Fit lets the sentence know its lines before it is shown at this width.
func (c *ConsentBox) Fit(width float32) {
	c.text.Resize(fyne.NewSize(width-c.box.MinSize().Width-theme.Padding(), 1))
}

// Parts are the box and its sentence.
func (c *ConsentBox) Parts() fyne.CanvasObject { return c.content }

// CreateRenderer puts the box before its sentence.
func (c *ConsentBox) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(c.content)
}
