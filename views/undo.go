// The bar that offers to undo what was just removed.

package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// undoBar says what was done and undoes it, until it is dismissed or something
// else is done.
type undoBar struct {
	widget.BaseWidget

	text    *widget.Label
	undo    func()
	back    *canvas.Rectangle
	content fyne.CanvasObject
}

func newUndoBar() *undoBar {
	b := &undoBar{text: widget.NewLabel(""), back: canvas.NewRectangle(nil)}
	b.text.Truncation = fyne.TextTruncateEllipsis
	undo := widget.NewButtonWithIcon(lang.L("Undo"), theme.ContentUndoIcon(), func() {
		b.Hide()
		b.undo()
	})
	dismiss := widget.NewButtonWithIcon("", theme.CancelIcon(), b.Hide)
	dismiss.Importance = widget.LowImportance
	b.content = container.NewPadded(container.NewBorder(nil, nil, nil, container.NewHBox(undo, dismiss), b.text))
	b.ExtendBaseWidget(b)
	b.Hide()
	return b
}

// offer says what was done; undo undoes it.
func (b *undoBar) offer(text string, undo func()) {
	b.text.SetText(text)
	b.undo = undo
	b.Show()
}

// CreateRenderer lays the text on a plate.
func (b *undoBar) CreateRenderer() fyne.WidgetRenderer {
	b.paint()
	return widget.NewSimpleRenderer(container.NewStack(b.back, b.content))
}

// Refresh follows a change of theme.
func (b *undoBar) Refresh() {
	b.paint()
	b.BaseWidget.Refresh()
}

func (b *undoBar) paint() {
	b.back.FillColor = theme.Color(theme.ColorNameHeaderBackground)
	b.back.CornerRadius = 5
}
