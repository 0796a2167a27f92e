// Choosing a picture from the gallery, for a slot of a form.

package picker

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picture"
)

// galleryPicker lies over the window until a picture is chosen or Escape pressed.
type galleryPicker struct {
	kit.Panel

	studio *app.Studio
	chosen func(id string)
	search *kit.Entry
	grid   *picture.Grid
	notice *widget.Label
	choose *kit.Button
}

// ChooseFromGallery lets a person choose one of the library's pictures, which loader loads. It searches as a part of work.
func ChooseFromGallery(w fyne.Window, studio *app.Studio, loader *picture.Loader, work *kit.Work, chosen func(id string)) {
	p := &galleryPicker{studio: studio, chosen: chosen}
	p.Work = work.Part()
	p.Show(w, p.build(loader), fyne.Size{}, p.grid)
	p.find("")
}

func (p *galleryPicker) build(loader *picture.Loader) fyne.CanvasObject {
	p.search = kit.NewEntry(p.Escape)
	p.search.SetPlaceHolder(lang.L("Search prompts, models and services"))
	p.search.OnChanged = p.find
	p.search.OnSubmitted = func(string) { p.Focus(p.grid) }
	p.grid = picture.NewGrid(loader)
	p.grid.OnOpen = p.finish
	p.grid.OnKey = func(event *fyne.KeyEvent) { p.Escape(event) }
	p.grid.OnSelect = func(ids []string) { kit.SetEnabled(len(ids) == 1, p.choose) }
	p.notice = widget.NewLabelWithStyle("", fyne.TextAlignCenter, fyne.TextStyle{})
	p.choose = kit.NewButton(lang.L("Choose picture"), p.Escape, func() {
		if ids := p.grid.Selected(); len(ids) > 0 {
			p.finish(ids[0])
		}
	})
	p.choose.Importance = widget.HighImportance
	p.choose.Disable()
	cancel := kit.NewButton(lang.L("Cancel"), p.Escape, p.Close)
	return container.NewBorder(
		container.NewVBox(container.NewBorder(nil, nil, kit.Heading(lang.L("Choose from the gallery")), nil, p.search), widget.NewSeparator()),
		container.NewVBox(widget.NewSeparator(), container.NewPadded(kit.ButtonRow(cancel, p.choose))),
		nil, nil,
		container.NewStack(container.NewPadded(p.grid), container.NewVBox(layout.NewSpacer(), p.notice, layout.NewSpacer())))
}

// find shows the pictures that a search finds, the last one asked for.
func (p *galleryPicker) find(query string) {
	kit.Begin(p.Work, "find", func(context.Context) []picture.Item {
		ids := p.studio.Library.SearchIDs(query)
		items := make([]picture.Item, len(ids))
		for i, id := range ids {
			items[i] = picture.Item{ID: id}
		}
		return items
	}, func(items []picture.Item) {
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
