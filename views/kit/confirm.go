// Asking before something costs or destroys, and saying something until it is closed.

package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"
)

// questionWidth is the width of a question's text, in density-independent pixels.
const questionWidth float32 = 380

// Question is what a person is asked before something happens.
type Question struct {
	Title, Text string
	Consent     string // a statement that has to be ticked before yes can be said; "" for none
	Yes, No     string // what the buttons do, in words
}

// Confirm asks; do runs on yes. Escape means no, and the keyboard is on no.
func Confirm(w fyne.Window, ask Question, do func()) {
	p := &Panel{}
	text := widget.NewLabel(ask.Text)
	text.Wrapping = fyne.TextWrapWord
	no := NewButton(ask.No, p.Escape, p.Close)
	yes := NewButton(ask.Yes, p.Escape, func() {
		p.Close()
		do()
	})
	yes.Importance = widget.WarningImportance
	said := []fyne.CanvasObject{wrappedHeading(ask.Title), container.New(&FixedWidth{questionWidth}, text)}
	if ask.Consent != "" {
		yes.Disable()
		var box *ConsentBox
		box = NewConsentBox(ask.Consent, func() { SetEnabled(box.Checked(), yes) })
		box.Fit(questionWidth)
		said = append(said, container.New(&FixedWidth{questionWidth}, box))
	}
	p.ShowFitting(w, container.NewVBox(append(said, ButtonRow(no, yes))...), no)
}

// wrappedHeading is a title with a name in it, which may be long.
func wrappedHeading(text string) fyne.CanvasObject {
	heading := Heading(text)
	heading.Wrapping = fyne.TextWrapWord
	return container.New(&FixedWidth{questionWidth}, heading)
}

// Inform shows something until Close or Escape.
func Inform(w fyne.Window, title string, content fyne.CanvasObject) {
	p := &Panel{}
	closing := NewButton(lang.L("Close"), p.Escape, p.Close)
	p.ShowFitting(w, container.NewVBox(wrappedHeading(title), container.New(&FixedWidth{questionWidth}, content), container.NewCenter(closing)), closing)
}
