// The bar that says what was just done, and offers what follows from it.

package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// NoticeBar says what was done, with a button that undoes it or leads to it,
// until it is dismissed or something else is done.
type NoticeBar struct {
	widget.BaseWidget

	text    *widget.Label
	button  *widget.Button
	back    *Plate
	content fyne.CanvasObject
}

// NewNoticeBar is hidden until it has something to say.
func NewNoticeBar() *NoticeBar {
	b := &NoticeBar{text: widget.NewLabel(""), button: widget.NewButton("", nil), back: NewPlate(theme.ColorNameHeaderBackground, "", 5)}
	b.text.Truncation = fyne.TextTruncateEllipsis
	dismiss := widget.NewButtonWithIcon("", theme.CancelIcon(), b.Hide)
	dismiss.Importance = widget.LowImportance
	b.content = container.NewPadded(container.NewBorder(nil, nil, nil, container.NewHBox(b.button, dismiss), b.text))
	b.ExtendBaseWidget(b)
	b.Hide()
	return b
}

// OfferUndo says what was done; undo undoes it.
func (b *NoticeBar) OfferUndo(text string, undo func()) {
	b.offer(text, lang.L("Undo"), theme.ContentUndoIcon(), undo)
}

// OfferFolder says what was done; look shows it.
func (b *NoticeBar) OfferFolder(text string, look func()) {
	b.offer(text, lang.L("Show folder"), theme.FolderOpenIcon(), look)
}

func (b *NoticeBar) offer(text, button string, icon fyne.Resource, do func()) {
	b.text.SetText(text)
	b.button.OnTapped = func() {
		b.Hide()
		do()
	}
	b.button.SetIcon(icon)
	b.button.SetText(button)
	b.Show()
	b.Refresh()
}

// CreateRenderer lays the text on a plate.
func (b *NoticeBar) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(b.back, b.content))
}
