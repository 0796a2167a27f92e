// Placing, showing and enabling what is on screen.

package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Place moves and resizes an object.
func Place(object fyne.CanvasObject, at fyne.Position, size fyne.Size) {
	object.Move(at)
	object.Resize(size)
}

// Arrange lays out a container at once, after something in it was shown or hidden. Fyne would in its own time, and not
// at all where something beside it changes its size in the same frame.
func Arrange(c *fyne.Container) {
	if c.Layout != nil {
		c.Layout.Layout(c.Objects, c.Size())
	}
}

// SetVisible shows objects or hides them; those that are so already are left alone.
func SetVisible(visible bool, objects ...fyne.CanvasObject) {
	for _, object := range objects {
		switch {
		case visible && !object.Visible():
			object.Show()
		case !visible && object.Visible():
			object.Hide()
		}
	}
}

// SetEnabled enables or disables; what is so already is left alone.
func SetEnabled(enabled bool, b fyne.Disableable) {
	switch {
	case enabled && b.Disabled():
		b.Enable()
	case !enabled && !b.Disabled():
		b.Disable()
	}
}

// SetText shows a label, or hides it while it has nothing to say.
func SetText(label *widget.Label, text string) {
	label.SetText(text)
	SetVisible(text != "", label)
}

// Call calls f, unless it is nil.
func Call(f func()) {
	if f != nil {
		f()
	}
}
