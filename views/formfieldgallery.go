// Choosing a picture from the gallery, for a slot of a form.

package views

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// galleryPicker lies over the window until a picture is chosen or Escape pressed.
type galleryPicker struct {
	window  *Window
	chosen  func(id string)
	search  *pickerEntry
	grid    *pictureGrid
	notice  *widget.Label
	choose  *pickerButton
	overlay *pickerOverlay
	turn    int
	closed  bool
	keys    func(*fyne.KeyEvent) // the window's own, while the picker has them
}

// showGalleryPicker lets a person choose one of the library's pictures.
func showGalleryPicker(w *Window, chosen func(id string)) *galleryPicker {
	p := &galleryPicker{window: w, chosen: chosen}
	p.build()
	c := w.Canvas()
	p.keys = c.OnTypedKey()
	c.SetOnTypedKey(func(event *fyne.KeyEvent) { p.key(event) })
	c.Overlays().Add(p.overlay)
	c.Focus(p.grid)
	p.find("")
	return p
}

func (p *galleryPicker) build() {
	p.search = newPickerEntry(p.key)
	p.search.SetPlaceHolder(lang.L("Search prompts, models and services"))
	p.search.OnChanged = p.find
	p.search.OnSubmitted = func(string) { p.window.Canvas().Focus(p.grid) }
	p.grid = newPictureGrid(p.window.loader)
	p.grid.OnOpen = p.finish
	p.grid.OnKey = func(event *fyne.KeyEvent) { p.key(event) }
	p.grid.OnSelect = func(ids []string) { setEnabled(len(ids) == 1, p.choose) }
	p.notice = widget.NewLabelWithStyle("", fyne.TextAlignCenter, fyne.TextStyle{})
	p.choose = newPickerButton(lang.L("Choose picture"), p.key, func() {
		if ids := p.grid.Selected(); len(ids) > 0 {
			p.finish(ids[0])
		}
	})
	p.choose.Importance = widget.HighImportance
	p.choose.Disable()
	cancel := newPickerButton(lang.L("Cancel"), p.key, p.Close)
	heading := widget.NewLabelWithStyle(lang.L("Choose from the gallery"), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	heading.SizeName = theme.SizeNameSubHeadingText
	p.overlay = newPickerOverlay(container.NewBorder(
		container.NewVBox(container.NewBorder(nil, nil, heading, nil, p.search), widget.NewSeparator()),
		container.NewVBox(widget.NewSeparator(), container.NewPadded(container.NewHBox(layout.NewSpacer(), cancel, p.choose))),
		nil, nil,
		container.NewStack(container.NewPadded(p.grid), container.NewVBox(layout.NewSpacer(), p.notice, layout.NewSpacer()))))
}

// find shows the pictures that a search finds, the last one asked for.
func (p *galleryPicker) find(query string) {
	p.turn++
	turn := p.turn
	work(p.window, func(context.Context) []gridItem {
		ids := p.window.studio.SearchIDs(query)
		items := make([]gridItem, len(ids))
		for i, id := range ids {
			items[i] = gridItem{ID: id}
		}
		return items
	}, func(items []gridItem) {
		if turn != p.turn || p.closed {
			return
		}
		p.grid.SetItems(items)
		p.notice.SetText("")
		if len(items) == 0 {
			p.notice.SetText(lang.L("No pictures here yet"))
		}
	})
}

func (p *galleryPicker) finish(id string) {
	p.Close()
	p.chosen(id)
}

// Close takes the picker away.
func (p *galleryPicker) Close() {
	if p.closed {
		return
	}
	p.closed = true
	c := p.window.Canvas()
	c.SetOnTypedKey(p.keys)
	c.Overlays().Remove(p.overlay)
}

func (p *galleryPicker) key(event *fyne.KeyEvent) bool {
	if event.Name != fyne.KeyEscape {
		return false
	}
	p.Close()
	return true
}
