// A small mark that can be pressed.

package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// IconButton is a small mark that can be pressed. It doesn't take the keyboard, so that Tab goes from field to field:
// whatever it does can be done by a key or another button too.
type IconButton struct {
	widget.Icon

	tapped func()
}

var (
	_ fyne.Tappable      = (*IconButton)(nil)
	_ desktop.Cursorable = (*IconButton)(nil)
)

// NewIconButton is a mark that does something when it is pressed.
func NewIconButton(icon fyne.Resource, tapped func()) *IconButton {
	b := &IconButton{tapped: tapped}
	b.Resource = icon
	b.ExtendBaseWidget(b)
	return b
}

// NewInfoButton is the mark that explains something.
func NewInfoButton(tapped func()) *IconButton {
	return NewIconButton(theme.NewDisabledResource(theme.InfoIcon()), tapped)
}

// Tapped presses it.
func (b *IconButton) Tapped(*fyne.PointEvent) { b.tapped() }

// Cursor shows that it can be pressed.
func (b *IconButton) Cursor() desktop.Cursor { return desktop.PointerCursor }
