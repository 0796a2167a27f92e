// A line of text that may be taken away where it is kept, which is not the same as leaving it as it is.

package form

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/views/kit"
)

// emptiedInput is one line, and a tick that takes away what is there.
type emptiedInput struct {
	*textInput

	empty *widget.Check
	box   fyne.CanvasObject
}

func newEmptiedInput(keys func(*fyne.KeyEvent) bool, edited func()) *emptiedInput {
	e := &emptiedInput{textInput: newTextInput(keys, edited)}
	e.empty = widget.NewCheck(lang.L("Take it away"), func(taken bool) {
		kit.SetEnabled(!taken, e.entry)
		edited()
	})
	e.box = container.NewBorder(nil, nil, nil, e.empty, e.entry)
	return e
}

func (e *emptiedInput) object() fyne.CanvasObject { return e.box }

func (e *emptiedInput) value() any {
	if e.empty.Checked {
		return ""
	}
	return e.textInput.value()
}

func (e *emptiedInput) set(value any) {
	e.textInput.set(value)
	e.empty.SetChecked(value == "")
}
