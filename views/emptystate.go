// What an empty place says: what is missing, and what to do next.

package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// emptyState fills a place that has nothing to show.
type emptyState struct {
	widget.BaseWidget

	title   *widget.Label
	hint    *mutedText
	button  *widget.Button
	content fyne.CanvasObject
}

func newEmptyState(icon fyne.Resource) *emptyState {
	e := &emptyState{title: widget.NewLabel(""), hint: newMutedText(""), button: widget.NewButton("", nil)}
	e.title.Alignment, e.title.TextStyle = fyne.TextAlignCenter, fyne.TextStyle{Bold: true}
	e.title.SizeName = theme.SizeNameSubHeadingText
	e.button.Importance = widget.HighImportance
	sign := container.NewGridWrap(fyne.NewSquareSize(44), widget.NewIcon(theme.NewDisabledResource(icon)))
	e.content = container.NewVBox(
		layout.NewSpacer(),
		container.NewCenter(sign), e.title, container.New(columnLayout{most: 420, centred: true}, e.hint), container.NewCenter(e.button),
		layout.NewSpacer(), layout.NewSpacer(),
	)
	e.ExtendBaseWidget(e)
	e.Hide()
	return e
}

// Say shows what is missing and what to do; without a button text there is no
// button.
func (e *emptyState) Say(title, hint, button string, do func()) {
	e.title.SetText(title)
	e.hint.SetText(hint)
	e.hint.Segments[0].(*widget.TextSegment).Style.Alignment = fyne.TextAlignCenter
	e.hint.Refresh()
	e.button.SetText(button)
	e.button.OnTapped = do
	setVisible(button != "", e.button)
	e.Show()
	e.Refresh()
}

// CreateRenderer centres the words.
func (e *emptyState) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(e.content)
}

// columnLayout stacks its objects in one column, no wider than most, so that
// lines stay readable in a wide window.
type columnLayout struct {
	most    float32
	gap     float32
	centred bool
}

// MinSize is as high as all objects together.
func (l columnLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, object := range objects {
		if !object.Visible() {
			continue
		}
		least := object.MinSize()
		size.Width = max(size.Width, least.Width)
		size.Height += least.Height + l.gap
	}
	size.Height = max(0, size.Height-l.gap)
	return size
}

// Layout gives every object the column's width.
func (l columnLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := min(size.Width, l.most)
	at := fyne.Position{}
	if l.centred {
		at.X = (size.Width - width) / 2
	}
	for _, object := range objects {
		if !object.Visible() {
			continue
		}
		object.Move(at)
		object.Resize(fyne.NewSize(width, object.MinSize().Height))
		height := object.MinSize().Height // wrapped text knows its height once it knows its width
		object.Resize(fyne.NewSize(width, height))
		at.Y += height + l.gap
	}
}
