// Asking before something costs or destroys.

package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// confirmWidth is the width of a question's text, in density-independent pixels.
const confirmWidth float32 = 380

// Question is what a person is asked before something happens.
type Question struct {
	Title, Text string
	Yes, No     string // what the buttons do, in words
}

// Confirm asks; do runs on yes. Escape means no, and the keyboard is on no.
func Confirm(w fyne.Window, ask Question, do func()) {
	text := widget.NewLabel(ask.Text)
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
	no := NewButton(ask.No, keys, func() { shown.Hide() })
	yes := NewButton(ask.Yes, keys, func() {
		shown.Hide()
		do()
	})
	yes.Importance = widget.WarningImportance
	content := container.NewVBox(
		container.NewGridWrap(fyne.NewSize(confirmWidth, text.MinSize().Height), text),
		container.NewHBox(layout.NewSpacer(), no, yes),
	)
	shown = dialog.NewCustomWithoutButtons(ask.Title, content, w)
	escapes(w, shown, keys)
	shown.Show()
	w.Canvas().Focus(no)
}

// Inform shows something until Close or Escape.
func Inform(w fyne.Window, title string, content fyne.CanvasObject) {
	var shown *dialog.CustomDialog
	keys := func(event *fyne.KeyEvent) bool {
		if event.Name == fyne.KeyEscape {
			shown.Hide()
		}
		return event.Name == fyne.KeyEscape
	}
	closing := NewButton(lang.L("Close"), keys, func() { shown.Hide() })
	body := container.NewBorder(nil, container.NewCenter(closing), nil, nil, content)
	shown = dialog.NewCustomWithoutButtons(title, body, w)
	escapes(w, shown, keys)
	shown.Resize(fyne.NewSize(confirmWidth+40, 0))
	shown.Show()
	w.Canvas().Focus(closing)
}

// escapes gives a dialog the keys while nothing has the keyboard.
func escapes(w fyne.Window, shown dialog.Dialog, keys func(*fyne.KeyEvent) bool) {
	canvas := w.Canvas()
	before := canvas.OnTypedKey()
	canvas.SetOnTypedKey(func(event *fyne.KeyEvent) { keys(event) })
	shown.SetOnClosed(func() { canvas.SetOnTypedKey(before) })
}
