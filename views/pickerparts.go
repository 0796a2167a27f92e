// What the picture picker is made of: lists, path, grid and buttons, each of which lets Escape through.

package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Measures in density-independent pixels.
const (
	pickerMargin  float32 = 28
	pickerSide    float32 = 220 // width of the lists, at first
	pickerMaxRows int     = 8   // of places, before they scroll
)

type pickerParts struct {
	overlay  *pickerOverlay
	path     *pickerEntry
	places   *pickerList
	placeBox *fyne.Container
	side     *fyne.Container
	bottom   *fyne.Container
	folders  *pickerList
	grid     *pictureGrid
	notice   *widget.Label
	activity *widget.Activity
	total    *widget.Label
	choose   *pickerButton
	whole    *pickerButton
}

func (p *picturePicker) build() {
	parts := &p.parts
	parts.path = newPickerEntry(p.commonKey)
	parts.path.OnSubmitted = func(typed string) {
		p.open(tidyPath(typed))
		p.window.Canvas().Focus(parts.grid)
	}
	parts.places = newPickerList(p.commonKey, func() int { return len(p.places) },
		func(row int) string { return p.places[row].title }, p.openPlace)
	parts.folders = newPickerList(p.commonKey, func() int { return len(p.listing.folders) },
		func(row int) string { return p.listing.folders[row] }, p.openFolder)
	parts.grid = newPictureGrid(p.loader)
	parts.grid.OnSelect = p.count
	parts.grid.OnOpen = func(id string) {
		if len(parts.grid.Selected()) > 0 {
			p.chooseSelected()
			return
		}
		p.finish([]string{id})
	}
	parts.grid.OnKey = func(event *fyne.KeyEvent) { p.commonKey(event) }
	parts.notice = widget.NewLabel("")
	parts.notice.Alignment, parts.notice.Wrapping = fyne.TextAlignCenter, fyne.TextWrapWord
	parts.activity = widget.NewActivity()
	parts.total = widget.NewLabel("")
	parts.choose = newPickerButton(chooseText(0), p.commonKey, p.chooseSelected)
	parts.choose.Importance = widget.HighImportance
	parts.whole = newPickerButton(lang.L("Choose whole folder"), p.commonKey, p.chooseFolder)
	parts.overlay = newPickerOverlay(p.layOut())
	p.count(nil)
}

func (p *picturePicker) layOut() fyne.CanvasObject {
	parts := &p.parts
	up := newPickerButton("", p.commonKey, p.up)
	up.Icon = theme.MoveUpIcon()
	cancel := newPickerButton(lang.L("Cancel"), p.commonKey, p.Close)

	heading := widget.NewLabelWithStyle(lang.L("Choose photos"), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	heading.SizeName = theme.SizeNameSubHeadingText
	top := container.NewBorder(nil, nil, heading, nil, container.NewBorder(nil, nil, up, nil, parts.path))

	parts.placeBox = container.New(&fixedHeight{}, parts.places)
	parts.side = container.NewBorder(
		container.NewVBox(sideHeading(lang.L("Places")), parts.placeBox, sideHeading(lang.L("Folders"))),
		nil, nil, nil, parts.folders)
	main := container.NewStack(
		parts.grid,
		container.NewVBox(
			layout.NewSpacer(),
			container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(32), parts.activity)),
			parts.notice, layout.NewSpacer()))
	split := container.NewHSplit(parts.side, container.NewPadded(main))
	split.Offset = float64(min(0.3, pickerSide/max(1, p.window.Canvas().Size().Width)))
	parts.bottom = container.NewHBox(parts.total, layout.NewSpacer(), cancel, parts.whole, parts.choose)
	return container.NewBorder(
		container.NewVBox(top, widget.NewSeparator()),
		container.NewVBox(widget.NewSeparator(), container.NewPadded(parts.bottom)),
		nil, nil, split)
}

func sideHeading(text string) fyne.CanvasObject {
	style := widget.RichTextStyle{ColorName: colorMuted, SizeName: theme.SizeNameCaptionText}
	return widget.NewRichText(&widget.TextSegment{Text: text, Style: style})
}

// busy shows that a folder is being read.
func (parts *pickerParts) busy(reading bool) {
	setVisible(reading, parts.activity)
	if reading {
		parts.activity.Start()
		return
	}
	parts.activity.Stop()
}

// say puts a sentence where the pictures would be; "" takes it away.
func (parts *pickerParts) say(sentence string) {
	parts.notice.SetText(sentence)
	setVisible(sentence != "", parts.notice)
}

// sizePlaces gives the list of places the height of its rows.
func (parts *pickerParts) sizePlaces(rows int) {
	row := parts.places.CreateItem().MinSize().Height + theme.Padding()
	parts.placeBox.Layout = &fixedHeight{float32(min(rows, pickerMaxRows)) * row}
	parts.side.Refresh()
}

// offer says how many pictures there are, and on the button how many of them it would choose.
func (parts *pickerParts) offer(chosen, pictures, folders int) {
	parts.choose.SetText(chooseText(chosen))
	setEnabled(chosen > 0, parts.choose)
	setEnabled(pictures+folders > 0, parts.whole)
	parts.total.SetText(tally(pictures))
	parts.bottom.Refresh() // makes room for the texts
}

func chooseText(n int) string {
	if n <= 1 {
		return lang.L("Choose photo")
	}
	return lang.N("Choose {{.Count}} photos", n, map[string]any{"Count": n})
}

func tally(pictures int) string {
	switch pictures {
	case 0:
		return ""
	case 1:
		return lang.L("1 picture")
	default:
		return lang.N("{{.Count}} pictures", pictures, map[string]any{"Count": pictures})
	}
}

// fixedHeight gives everything in it the same height.
type fixedHeight struct{ height float32 }

func (f *fixedHeight) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(120, f.height) }

func (f *fixedHeight) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, object := range objects {
		place(object, fyne.Position{}, size)
	}
}

// pickerOverlay fills the window, dims it, and grows with it; the panel lies in the middle.
type pickerOverlay struct {
	widget.BaseWidget

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

// CreateRenderer stacks scrim, panel and content.
func (o *pickerOverlay) CreateRenderer() fyne.WidgetRenderer {
	o.paint()
	inset := layout.NewCustomPaddedLayout(pickerMargin, pickerMargin, pickerMargin, pickerMargin)
	return widget.NewSimpleRenderer(container.NewStack(o.scrim, container.New(inset, o.panel), container.New(inset, o.content)))
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
