// The bar that says what was just done, and offers what follows from it.

package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
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
	frame   *fyne.Container // the bar and what it lies under; nil before Below
}

// NewNoticeBar is hidden until it has something to say.
func NewNoticeBar() *NoticeBar {
	b := &NoticeBar{text: widget.NewLabel(""), button: widget.NewButton("", nil), back: NewPlate(theme.ColorNameHeaderBackground, "", 5)}
	b.text.Wrapping = fyne.TextWrapWord
	dismiss := widget.NewButtonWithIcon("", theme.CancelIcon(), b.Hide)
	dismiss.Importance = widget.LowImportance
	buttons := container.NewVBox(layout.NewSpacer(), container.NewHBox(b.button, dismiss), layout.NewSpacer())
	text := container.NewVBox(layout.NewSpacer(), b.text, layout.NewSpacer())
	b.content = container.NewPadded(container.NewBorder(nil, nil, nil, buttons, text))
	b.ExtendBaseWidget(b)
	b.Hide()
	return b
}

// Below puts the bar under what it speaks of, and gives it room there while it has something to say.
func (b *NoticeBar) Below(content fyne.CanvasObject) fyne.CanvasObject {
	b.frame = container.New(belowLayout{}, content, b)
	return b.frame
}

// Show makes room for the bar.
func (b *NoticeBar) Show() {
	b.BaseWidget.Show()
	b.makeRoom()
}

// Hide gives the room back.
func (b *NoticeBar) Hide() {
	b.BaseWidget.Hide()
	b.makeRoom()
}

func (b *NoticeBar) makeRoom() {
	if b.frame != nil {
		Arrange(b.frame)
	}
}

// Say says what was done, where there is nothing to do about it.
func (b *NoticeBar) Say(text string) {
	b.offer(text, "", nil, nil)
	b.button.Hide()
	b.makeRoom()
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
	b.button.Show()
	b.Show()
	b.Refresh()
	b.makeRoom() // the text may need more lines than the one before
}

// CreateRenderer lays the text on a plate.
func (b *NoticeBar) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(b.back, b.content))
}

// belowLayout has a bar under a content; the bar is as high as its text at this width.
type belowLayout struct{}

// MinSize has room for both.
func (belowLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size, bar := objects[0].MinSize(), objects[1]
	if bar.Visible() {
		least := bar.MinSize()
		size = fyne.NewSize(max(size.Width, least.Width), size.Height+theme.Padding()+least.Height)
	}
	return size
}

// Layout leaves the content what the bar doesn't need.
func (belowLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	content, bar := objects[0], objects[1]
	room := size
	if bar.Visible() {
		bar.Resize(fyne.NewSize(size.Width, bar.MinSize().Height))
		height := bar.MinSize().Height // wrapped text knows its height once it knows its width
		Place(bar, fyne.NewPos(0, size.Height-height), fyne.NewSize(size.Width, height))
		room.Height -= height + theme.Padding()
	}
	Place(content, fyne.Position{}, room)
}
