// How the picture picker is laid out: lists and path, the grid, the buttons.

package views

import (
	"fyne.io/fyne/v2"
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
	placeBox *fyne.Container
	side     *fyne.Container
	bottom   *fyne.Container
	grid     *pictureGrid
	total    *widget.Label
	choose   *pickerButton
	whole    *pickerButton
}

func (p *picturePicker) build() {
	parts := &p.parts
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
	p.path.OnSubmitted = func(typed string) {
		p.open(tidyPath(typed))
		p.window.Canvas().Focus(parts.grid)
	}
	parts.total = widget.NewLabel("")
	parts.choose = newPickerButton(chooseText(0), p.commonKey, p.chooseSelected)
	parts.choose.Importance = widget.HighImportance
	parts.whole = newPickerButton(lang.L("Choose whole folder"), p.commonKey, p.chooseFolder)
	parts.overlay = newPickerOverlay(p.layOut())
	p.count(nil)
}

func (p *picturePicker) layOut() fyne.CanvasObject {
	parts := &p.parts
	cancel := newPickerButton(lang.L("Cancel"), p.commonKey, p.Close)
	top := container.NewBorder(nil, nil, heading(lang.L("Choose photos")), nil, container.NewBorder(nil, nil, p.above, nil, p.path))
	parts.placeBox = container.New(&fixedHeight{}, p.places)
	parts.side = container.NewBorder(
		container.NewVBox(sideHeading(lang.L("Places")), parts.placeBox, sideHeading(lang.L("Folders"))),
		nil, nil, nil, p.folders)
	split := container.NewHSplit(parts.side, container.NewPadded(container.NewStack(parts.grid, p.notices())))
	split.Offset = float64(min(0.3, pickerSide/max(1, p.window.Canvas().Size().Width)))
	parts.bottom = container.NewHBox(parts.total, layout.NewSpacer(), cancel, parts.whole, parts.choose)
	return container.NewBorder(
		container.NewVBox(top, widget.NewSeparator()),
		container.NewVBox(widget.NewSeparator(), container.NewPadded(parts.bottom)),
		nil, nil, split)
}

// notices lie over what the folder holds.
func (b *folderBrowser) notices() fyne.CanvasObject {
	activity := container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(32), b.activity))
	return container.NewVBox(layout.NewSpacer(), activity, b.notice, layout.NewSpacer())
}

func sideHeading(text string) fyne.CanvasObject {
	style := widget.RichTextStyle{ColorName: colorMuted, SizeName: theme.SizeNameCaptionText}
	return widget.NewRichText(&widget.TextSegment{Text: text, Style: style})
}

// sizePlaces gives the list of places the height of its rows.
func (parts *pickerParts) sizePlaces(places *pickerList, rows int) {
	row := places.CreateItem().MinSize().Height + theme.Padding()
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
