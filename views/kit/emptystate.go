// What an empty place says: what is missing, and what to do next.

package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// EmptyState fills a place that has nothing to show.
type EmptyState struct {
	widget.BaseWidget

	title   *widget.Label
	hint    *MutedText
	button  *widget.Button
	content fyne.CanvasObject
}

// NewEmptyState is hidden until Say.
func NewEmptyState(icon fyne.Resource) *EmptyState {
	e := &EmptyState{title: widget.NewLabel(""), hint: NewMutedText(""), button: widget.NewButton("", nil)}
	e.title.Alignment, e.title.TextStyle = fyne.TextAlignCenter, fyne.TextStyle{Bold: true}
	e.title.SizeName = theme.SizeNameSubHeadingText
	e.button.Importance = widget.HighImportance
	sign := container.NewGridWrap(fyne.NewSquareSize(44), widget.NewIcon(theme.NewDisabledResource(icon)))
	e.content = container.NewVBox(
		layout.NewSpacer(),
		container.NewCenter(sign), e.title, container.New(Column{Most: 420, Centred: true}, e.hint), container.NewCenter(e.button),
		layout.NewSpacer(), layout.NewSpacer(),
	)
	e.ExtendBaseWidget(e)
	e.Hide()
	return e
}

// Say shows what is missing and what to do; without a button text there is no
// button.
func (e *EmptyState) Say(title, hint, button string, do func()) {
	e.title.SetText(title)
	e.hint.SetText(hint)
	e.hint.Segments[0].(*widget.TextSegment).Style.Alignment = fyne.TextAlignCenter
	e.hint.Refresh()
	e.button.SetText(button)
	e.button.OnTapped = do
	SetVisible(button != "", e.button)
	e.Show()
	e.Refresh()
}

// CreateRenderer centres the words.
func (e *EmptyState) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(e.content)
}
