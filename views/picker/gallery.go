// Choosing a picture from the gallery, for a slot of a form.

package picker

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picture"
)

// galleryPicker lies over the window until a picture is chosen or Escape pressed.
type galleryPicker struct {
	window  fyne.Window
	studio  *app.Studio
	workers *kit.Workers
	chosen  func(id string)
	search  *kit.Entry
	grid    *picture.Grid
	notice  *widget.Label
	choose  *kit.Button
	overlay *kit.Overlay
	turn    int
	closed  bool
	keys    func(*fyne.KeyEvent) // the window's own, while the picker has them
}

// ChooseFromGallery lets a person choose one of the library's pictures.
func ChooseFromGallery(w fyne.Window, studio *app.Studio, loader *picture.Loader, ws *kit.Workers, chosen func(id string)) *galleryPicker {
	p := &galleryPicker{window: w, studio: studio, workers: ws, chosen: chosen}
	p.build(loader)
	c := w.Canvas()
	p.keys = c.OnTypedKey()
	c.SetOnTypedKey(func(event *fyne.KeyEvent) { p.key(event) })
	c.Overlays().Add(p.overlay)
	c.Focus(p.grid)
	p.find("")
	return p
}

func (p *galleryPicker) build(loader *picture.Loader) {
	p.search = kit.NewEntry(p.key)
	p.search.SetPlaceHolder(lang.L("Search prompts, models and services"))
	p.search.OnChanged = p.find
	p.search.OnSubmitted = func(string) { p.window.Canvas().Focus(p.grid) }
	p.grid = picture.NewGrid(loader)
	p.grid.OnOpen = p.finish
	p.grid.OnKey = func(event *fyne.KeyEvent) { p.key(event) }
	p.grid.OnSelect = func(ids []string) { kit.SetEnabled(len(ids) == 1, p.choose) }
	p.notice = widget.NewLabelWithStyle("", fyne.TextAlignCenter, fyne.TextStyle{})
	p.choose = kit.NewButton(lang.L("Choose picture"), p.key, func() {
		if ids := p.grid.Selected(); len(ids) > 0 {
			p.finish(ids[0])
		}
	})
	p.choose.Importance = widget.HighImportance
	p.choose.Disable()
	cancel := kit.NewButton(lang.L("Cancel"), p.key, p.Close)
	heading := widget.NewLabelWithStyle(lang.L("Choose from the gallery"), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	heading.SizeName = theme.SizeNameSubHeadingText
	p.overlay = kit.NewOverlay(container.NewBorder(
		container.NewVBox(container.NewBorder(nil, nil, heading, nil, p.search), widget.NewSeparator()),
		container.NewVBox(widget.NewSeparator(), container.NewPadded(container.NewHBox(layout.NewSpacer(), cancel, p.choose))),
		nil, nil,
		container.NewStack(container.NewPadded(p.grid), container.NewVBox(layout.NewSpacer(), p.notice, layout.NewSpacer()))))
}

// find shows the pictures that a search finds, the last one asked for.
func (p *galleryPicker) find(query string) {
	p.turn++
	turn := p.turn
	kit.Work(p.workers, func(context.Context) []picture.Item {
		ids := p.studio.SearchIDs(query)
		items := make([]picture.Item, len(ids))
		for i, id := range ids {
			items[i] = picture.Item{ID: id}
		}
		return items
	}, func(items []picture.Item) {
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
