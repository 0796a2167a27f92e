// Asking before something costs or destroys.

package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// confirmWidth is the width of a question's text, in density-independent pixels.
const confirmWidth float32 = 380

// question is what a person is asked before something happens.
type question struct {
	title, text string
	yes, no     string // what the buttons do, in words
}

// confirm asks; do runs on yes. Escape means no, and the keyboard is on no.
func confirm(w *Window, ask question, do func()) {
	text := widget.NewLabel(ask.text)
	text.Wrapping = fyne.TextWrapWord
	text.Resize(fyne.NewSize(confirmWidth, 1))
	var shown *dialog.CustomDialog
	keys := func(event *fyne.KeyEvent) bool {
		if event.Name != fyne.KeyEscape {
			return false
		}
		shown.Hide()
		return true
	}
	no := newPickerButton(ask.no, keys, func() { shown.Hide() })
	yes := newPickerButton(ask.yes, keys, func() {
		shown.Hide()
		do()
	})
	yes.Importance = widget.WarningImportance
	content := container.NewVBox(
		container.NewGridWrap(fyne.NewSize(confirmWidth, text.MinSize().Height), text),
		container.NewHBox(layout.NewSpacer(), no, yes),
	)
	shown = dialog.NewCustomWithoutButtons(ask.title, content, w.Window)
	w.escapes(shown, keys)
	shown.Show()
	w.Canvas().Focus(no)
}
