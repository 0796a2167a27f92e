// The overlay, lists, entries and buttons of pickers; each lets Escape through.

package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// pickerOverlay fills the window, dims it, and grows with it; the panel lies in the middle.
type pickerOverlay struct {
	widget.BaseWidget

	most         fyne.Size // of the panel; zero for as large as the window lets it be
	scrim, panel *canvas.Rectangle
	content      fyne.CanvasObject
}

func newPickerOverlay(content fyne.CanvasObject) *pickerOverlay {
	o := &pickerOverlay{
		scrim: canvas.NewRectangle(nil), panel: canvas.NewRectangle(nil), content: container.NewPadded(content),
	}
	o.ExtendBaseWidget(o)
	return o
}

// newPickerPanel is an overlay whose panel grows up to a size.
func newPickerPanel(content fyne.CanvasObject, most fyne.Size) *pickerOverlay {
	o := newPickerOverlay(content)
	o.most = most
	return o
}

// CreateRenderer stacks scrim, panel and content.
func (o *pickerOverlay) CreateRenderer() fyne.WidgetRenderer {
	o.paint()
	return widget.NewSimpleRenderer(container.NewStack(o.scrim, container.New(&pickerPlace{o.most}, o.panel, o.content)))
}

// pickerPlace puts everything in it into the middle, in the same size.
type pickerPlace struct{ most fyne.Size }

// MinSize leaves the margin around what is in it.
func (p *pickerPlace) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.Size{}
	for _, object := range objects {
		size = size.Max(object.MinSize())
	}
	return size.AddWidthHeight(2*pickerMargin, 2*pickerMargin)
}

// Layout grows with the window up to most.
func (p *pickerPlace) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	room := size.SubtractWidthHeight(2*pickerMargin, 2*pickerMargin)
	if p.most != (fyne.Size{}) {
		room = room.Min(p.most)
	}
	at := fyne.NewPos((size.Width-room.Width)/2, (size.Height-room.Height)/2)
	for _, object := range objects {
		place(object, at, room)
	}
}

// Refresh follows a change of theme.
func (o *pickerOverlay) Refresh() {
	o.paint()
	o.BaseWidget.Refresh()
}

func (o *pickerOverlay) paint() {
	o.scrim.FillColor = theme.Color(colorScrim)
	o.panel.FillColor, o.panel.CornerRadius = theme.Color(theme.ColorNameOverlayBackground), 8
	o.panel.StrokeColor, o.panel.StrokeWidth = theme.Color(theme.ColorNameSeparator), 1
}

// pickerList is a list of folders that opens one on Enter too.
type pickerList struct {
	widget.List

	keys    func(*fyne.KeyEvent) bool
	current widget.ListItemID
}

func newPickerList(
	keys func(*fyne.KeyEvent) bool, length func() int, text func(row int) string, open func(row widget.ListItemID),
) *pickerList {
	l := &pickerList{keys: keys}
	l.HideSeparators = true
	l.Length = length
	l.CreateItem = func() fyne.CanvasObject {
		label := widget.NewLabel("")
		label.Truncation = fyne.TextTruncateEllipsis
		return container.NewBorder(nil, nil, widget.NewIcon(theme.FolderIcon()), nil, label)
	}
	l.UpdateItem = func(row widget.ListItemID, object fyne.CanvasObject) {
		if row < length() {
			object.(*fyne.Container).Objects[0].(*widget.Label).SetText(text(row))
		}
	}
	l.OnSelected = open
	l.OnHighlighted = func(row widget.ListItemID) { l.current = row }
	l.ExtendBaseWidget(l)
	return l
}

// TypedKey opens the row under the cursor on Enter.
func (l *pickerList) TypedKey(event *fyne.KeyEvent) {
	switch {
	case event.Name == fyne.KeyReturn || event.Name == fyne.KeyEnter:
		l.Select(l.current)
	case !l.keys(event):
		l.List.TypedKey(event)
	}
}

// pickerEntry is where a path can be typed.
type pickerEntry struct {
	widget.Entry

	keys func(*fyne.KeyEvent) bool
}

func newPickerEntry(keys func(*fyne.KeyEvent) bool) *pickerEntry {
	e := &pickerEntry{keys: keys}
	e.ExtendBaseWidget(e)
	return e
}

// TypedKey leaves everything but Escape to the text.
func (e *pickerEntry) TypedKey(event *fyne.KeyEvent) {
	if event.Name == fyne.KeyEscape {
		e.keys(event)
		return
	}
	e.Entry.TypedKey(event)
}

type pickerButton struct {
	widget.Button

	keys func(*fyne.KeyEvent) bool
}

func newPickerButton(text string, keys func(*fyne.KeyEvent) bool, tapped func()) *pickerButton {
	b := &pickerButton{keys: keys}
	b.Text, b.OnTapped = text, tapped
	b.ExtendBaseWidget(b)
	return b
}

// TypedKey presses on Enter as on Space.
func (b *pickerButton) TypedKey(event *fyne.KeyEvent) {
	switch {
	case event.Name == fyne.KeyReturn || event.Name == fyne.KeyEnter:
		if !b.Disabled() {
			b.OnTapped()
		}
	case !b.keys(event):
		b.Button.TypedKey(event)
	}
}
