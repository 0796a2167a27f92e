// A panel over the window: Escape closes it, Enter does what it is for.

package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
)

// Panel dims the window behind it. Its owner embeds it, fills it and shows it.
type Panel struct {
	Layer

	OnEnter func()                    // Enter where nothing else takes it; may be nil
	OnKey   func(*fyne.KeyEvent) bool // further keys wherever the focus is; may be nil
	Work    *Work                     // ends with the panel; nil where there is none
}

// Show lays content over the window, at most so large; the zero size means as
// large as the window lets it be. focus gets the keyboard; nil leaves Enter to
// OnEnter.
func (p *Panel) Show(w fyne.Window, content fyne.CanvasObject, most fyne.Size, focus fyne.Focusable) {
	p.Lay(w, newOverlay(content, most), func(event *fyne.KeyEvent) { p.Key(event) }, nil, focus)
}

// ShowFitting lays content over the window in the size it needs.
func (p *Panel) ShowFitting(w fyne.Window, content fyne.CanvasObject, focus fyne.Focusable) {
	content.Resize(content.MinSize()) // wrapped text knows its height once it knows its width
	p.Show(w, content, container.NewPadded(content).MinSize(), focus)
}

// Key is what keys do wherever the focus is in the panel; it answers false for
// those that do nothing.
func (p *Panel) Key(event *fyne.KeyEvent) bool {
	switch event.Name {
	case fyne.KeyEscape:
		p.Close()
		return true
	case fyne.KeyReturn, fyne.KeyEnter:
		Call(p.OnEnter)
		return p.OnEnter != nil
	}
	if p.OnKey != nil && p.OnKey(event) {
		return true
	}
	if event.Name == fyne.KeyF1 {
		p.Below(event)
		return true
	}
	return false
}

// Escape is Key for what has its own use for Enter.
func (p *Panel) Escape(event *fyne.KeyEvent) bool {
	return event.Name != fyne.KeyReturn && event.Name != fyne.KeyEnter && p.Key(event)
}

// Close takes the panel away with nothing done.
func (p *Panel) Close() {
	if p.Work != nil {
		p.Work.End()
	}
	p.Layer.Close()
}

// ButtonRow is a panel's buttons, at the right.
func ButtonRow(buttons ...fyne.CanvasObject) fyne.CanvasObject {
	return container.NewHBox(append([]fyne.CanvasObject{layout.NewSpacer()}, buttons...)...)
}
