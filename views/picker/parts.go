// How the picture picker is laid out: lists and path, the grid, the buttons.

package picker

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picture"
)

// Measures in density-independent pixels.
const (
	pickerSide    float32 = 220 // width of the lists, at first
	pickerMaxRows int     = 8   // of places, before they scroll
)

type pickerParts struct {
	content  fyne.CanvasObject
	placeBox *fyne.Container
	side     *fyne.Container
	bottom   *fyne.Container
	grid     *picture.Grid
	split    *container.Split
	keepSide func() // remembers how wide the lists are
	total    *widget.Label
	choose   *kit.Button
	whole    *kit.Button
}

// build makes the picker for a window of a width.
func (p *PicturePicker) build(width float32) {
	parts := &p.parts
	parts.grid = picture.NewGrid(p.loader)
	parts.grid.OnSelect = p.count
	parts.grid.OnOpen = func(id string) {
		if len(parts.grid.Selected()) > 0 {
			p.chooseSelected()
			return
		}
		p.finish([]string{id})
	}
	parts.grid.OnKey = func(event *fyne.KeyEvent) { p.Escape(event) }
	p.path.OnSubmitted = func(typed string) {
		if !p.takePaths(typed) {
			p.open(tidyPath(typed))
		}
		p.Focus(parts.grid)
	}
	p.path.OnPaste = p.takePaths
	parts.total = widget.NewLabel("")
	parts.choose = kit.NewButton(chooseText(0), p.Escape, p.chooseSelected)
	parts.choose.Importance = widget.HighImportance
	parts.whole = kit.NewButton(lang.L("Choose whole folder"), p.Escape, p.chooseFolder)
	parts.content = p.layOut(width)
	p.count(nil)
}

func (p *PicturePicker) layOut(width float32) fyne.CanvasObject {
	parts := &p.parts
	cancel := kit.NewButton(lang.L("Cancel"), p.Escape, p.Close)
	top := container.NewBorder(nil, nil, kit.Heading(lang.L("Choose photos")), nil, container.NewBorder(nil, nil, p.above, nil, p.path))
	parts.placeBox = container.New(&kit.FixedHeight{}, p.places)
	parts.side = container.NewBorder(
		container.NewVBox(kit.SideHeading(lang.L("Places")), parts.placeBox, kit.SideHeading(lang.L("Folders"))),
		nil, nil, nil, p.folders)
	parts.split = container.NewHSplit(parts.side, container.NewPadded(container.NewStack(parts.grid, p.notices())))
	parts.keepSide = keepSide(parts.split, "picker.side", float64(min(0.3, pickerSide/max(1, width))))
	parts.bottom = container.NewHBox(p.system, parts.total, layout.NewSpacer(), cancel, parts.whole, parts.choose)
	return container.NewBorder(
		container.NewVBox(top, widget.NewSeparator()),
		container.NewVBox(widget.NewSeparator(), container.NewPadded(parts.bottom)),
		nil, nil, parts.split)
}

// keepSide puts the divider behind the lists where it was left, or else at usual.
// The returned function remembers where it stands, unless that is there.
func keepSide(split *container.Split, key string, usual float64) (keep func()) {
	kept := fyne.CurrentApp().Preferences().FloatWithFallback(key, usual)
	split.Offset = max(0, min(kept, 1))
	begun := split.Offset
	return func() {
		if split.Offset != begun {
			fyne.CurrentApp().Preferences().SetFloat(key, split.Offset)
		}
	}
}

// notices lie over what the folder holds.
func (b *folderBrowser) notices() fyne.CanvasObject {
	activity := container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(32), b.activity))
	return container.NewVBox(layout.NewSpacer(), activity, b.notice, layout.NewSpacer())
}

// sizePlaces gives the list of places the height of its rows.
func (parts *pickerParts) sizePlaces(places *kit.List, rows int) {
	row := places.CreateItem().MinSize().Height + theme.Padding()
	parts.placeBox.Layout = &kit.FixedHeight{Height: float32(min(rows, pickerMaxRows)) * row}
	parts.side.Refresh()
}

// offer says how many pictures there are, and on the button how many of them it would choose.
func (parts *pickerParts) offer(chosen, pictures, folders int) {
	parts.choose.SetText(chooseText(chosen))
	kit.SetEnabled(chosen > 0, parts.choose)
	kit.SetEnabled(pictures+folders > 0, parts.whole)
	parts.total.SetText(tally(pictures))
	parts.bottom.Refresh() // makes room for the texts
}

func chooseText(n int) string {
	return kit.CountOf(max(1, n), lang.L("Choose photo"), lang.L("Choose %d photos"))
}

func tally(pictures int) string {
	if pictures == 0 {
		return ""
	}
	return kit.CountOf(pictures, lang.L("1 picture"), lang.L("%d pictures"))
}
