// A small mark that can be pressed.

package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// LeastTarget is the least edge of what can be pressed, in density-independent pixels (WCAG 2.2, 2.5.8).
const LeastTarget float32 = 24

// IconButton is a small mark that can be pressed. It doesn't take the keyboard, so that Tab goes from field to field:
// whatever it does can be done by a key or another button too.
type IconButton struct {
	widget.BaseWidget

	icon   fyne.Resource
	tapped func()
}

var (
	_ fyne.Tappable      = (*IconButton)(nil)
	_ desktop.Cursorable = (*IconButton)(nil)
)

// NewIconButton is a mark that does something when it is pressed.
func NewIconButton(icon fyne.Resource, tapped func()) *IconButton {
	b := &IconButton{icon: icon, tapped: tapped}
	b.ExtendBaseWidget(b)
	return b
}

// NewInfoButton is the mark that explains something.
func NewInfoButton(tapped func()) *IconButton {
	return NewIconButton(theme.NewDisabledResource(theme.InfoIcon()), tapped)
}

// CreateRenderer puts the mark into the middle of what can be pressed.
func (b *IconButton) CreateRenderer() fyne.WidgetRenderer {
	mark := container.NewGridWrap(fyne.NewSquareSize(theme.IconInlineSize()), widget.NewIcon(b.icon))
	return widget.NewSimpleRenderer(container.NewCenter(mark))
}

// MinSize is what a finger or an unsteady hand can hit.
func (b *IconButton) MinSize() fyne.Size { return fyne.NewSquareSize(LeastTarget) }

// Tapped presses it.
func (b *IconButton) Tapped(*fyne.PointEvent) { b.tapped() }

// Cursor shows that it can be pressed.
func (b *IconButton) Cursor() desktop.Cursor { return desktop.PointerCursor }
