// What makes a photo of the Train tab fit: crops, enlarging, a background; each can be undone.

package views

import (
	"context"
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/datasets"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picture"
)

// fixBar offers what can be done about the photo shown.
type fixBar struct {
	dataset *datasetPane
	photo   photo.Photo
	shown   string // which buttons there are, so that they are made anew only when they change
	buttons *fyne.Container
	reason  *kit.MutedText
	content *fyne.Container
}

func newFixBar(d *datasetPane) *fixBar {
	b := &fixBar{dataset: d, buttons: container.New(layout.NewRowWrapLayoutWithCustomPadding(4, 4)), reason: kit.NewMutedText("")}
	b.content = container.NewVBox(b.reason, b.buttons)
	return b
}

// show offers the fixes of a photo.
func (b *fixBar) show(p photo.Photo) {
	b.photo = p
	fixes := b.dataset.fixes(p)
	key := p.EditedRef() + fmt.Sprint(fixes)
	if key == b.shown {
		return
	}
	b.shown = key
	reason := ""
	b.buttons.Objects = []fyne.CanvasObject{widget.NewButton(lang.L("Crop…"), func() { b.dataset.crop(b.photo) })}
	for _, fix := range fixes {
		if !fix.Reason.IsZero() {
			reason = kit.Ended(kit.SaidOf(lang.L("This photo"), say(fix.Reason)))
			continue
		}
		b.buttons.Add(widget.NewButton(fixTitle(fix), func() { b.dataset.fix([]photo.Photo{b.photo}, fix.Kind) }))
	}
	if p.Edit != (photo.Edit{}) {
		b.buttons.Add(widget.NewButton(lang.L("As it was"), func() {
			b.dataset.edit(map[string]photo.Edit{b.photo.Hash: {}}, lang.L("The photo is as it was."))
		}))
	}
	b.reason.SetText(reason)
	kit.SetVisible(reason != "", b.reason)
	b.buttons.Refresh()
	b.content.Refresh()
}

func fixTitle(fix datasets.Fix) string {
	switch fix.Kind {
	case datasets.FixResize:
		return fmt.Sprintf(lang.L("Resize to %d"), fix.Edge)
	case datasets.FixFlatten:
		return lang.L("Flatten…")
	}
	return lang.L("Crop square")
}

// fixes are those of a photo for the chosen task.
func (d *datasetPane) fixes(p photo.Photo) []datasets.Fix {
	rules := d.rules()
	if rules == nil {
		rules = &providers.PhotoRules{}
	}
	return datasets.Fixes(*rules, p)
}

// fix makes one kind of fix for all photos that can have it.
func (d *datasetPane) fix(photos []photo.Photo, kind datasets.FixKind) {
	edits := map[string]photo.Edit{}
	for _, p := range photos {
		for _, fix := range d.fixes(p) {
			if fix.Kind == kind && fix.Reason.IsZero() {
				edits[p.Hash] = fix.Edit
			}
		}
	}
	switch kind {
	case datasets.FixResize:
		d.edit(edits, kit.CountOf(len(edits), lang.L("1 photo will be enlarged."), lang.L("%d photos will be enlarged.")))
	case datasets.FixFlatten:
		d.chooseBackground(edits)
	default:
		d.edit(edits, kit.CountOf(len(edits), lang.L("1 photo cropped."), lang.L("%d photos cropped.")))
	}
}

// chooseBackground asks for the colour that transparent parts are laid onto.
func (d *datasetPane) chooseBackground(edits map[string]photo.Edit) {
	onto := func(hex string) {
		for hash, edit := range edits {
			edit.Background = hex
			edits[hash] = edit
		}
		d.edit(edits, kit.CountOf(len(edits), lang.L("1 photo flattened."), lang.L("%d photos flattened.")))
	}
	menu := fyne.NewMenu(
		"",
		fyne.NewMenuItem(lang.L("Flatten on white"), func() { onto("#ffffff") }),
		fyne.NewMenuItem(lang.L("Flatten on grey"), func() { onto("#808080") }),
		fyne.NewMenuItem(lang.L("Flatten on black"), func() { onto("#000000") }),
		fyne.NewMenuItem(lang.L("Another colour…"), func() {
			dialog.ShowColorPicker(lang.L("Background"), lang.L("Transparent parts are laid onto this colour."), func(c color.Color) {
				r, g, b, _ := c.RGBA()
				onto(fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8))
			}, d.window)
		}),
	)
	var place fyne.CanvasObject = d.grid
	if d.captions.Visible() {
		place = d.captions.fixes.buttons
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(place)
	widget.ShowPopUpMenuAtPosition(menu, d.window.Canvas(), at)
}

// fixMenu is what the grid's menu offers for the selected photos.
func (d *datasetPane) fixMenu(refs []string) []*fyne.MenuItem {
	var photos []photo.Photo
	possible := map[datasets.FixKind]datasets.Fix{}
	for _, ref := range refs {
		p, at := d.photo(ref)
		if at < 0 {
			continue
		}
		photos = append(photos, p)
		for _, fix := range d.fixes(p) {
			if fix.Reason.IsZero() {
				possible[fix.Kind] = fix
			}
		}
	}
	var items []*fyne.MenuItem
	if len(photos) == 1 {
		items = append(items, fyne.NewMenuItem(lang.L("Crop…"), func() { d.crop(photos[0]) }))
	}
	for _, kind := range []datasets.FixKind{datasets.FixSquare, datasets.FixResize, datasets.FixFlatten} {
		if fix, ok := possible[kind]; ok {
			items = append(items, fyne.NewMenuItem(fixTitle(fix), func() { d.fix(photos, kind) }))
		}
	}
	return items
}

// crop opens the crop editor.
func (d *datasetPane) crop(p photo.Photo) {
	least := 0
	if rules := d.rules(); rules != nil {
		least = rules.MinEdge
	}
	picture.ShowCropEditor(d.window, d.studio, d.work, p, least, func(crop photo.Crop) {
		d.edit(map[string]photo.Edit{p.Hash: p.Cropped(crop)}, lang.L("1 photo cropped."))
	})
}

// edit changes edits and offers to change them back; done says what was done.
func (d *datasetPane) edit(edits map[string]photo.Edit, done string) {
	if len(edits) == 0 {
		return
	}
	d.setEdits(edits, func(before map[string]photo.Edit) {
		d.notice.OfferUndo(done, func() { d.setEdits(before, nil) })
	})
}

func (d *datasetPane) setEdits(edits map[string]photo.Edit, then func(before map[string]photo.Edit)) {
	studio := d.studio
	var before map[string]photo.Edit
	kit.Do(d.work, func(context.Context) (err error) {
		before, err = studio.Datasets.SetEdits(edits)
		return err
	}, func(err error) {
		d.failure.SetFailure(err, "", nil)
		if err == nil && then != nil {
			then(before)
		}
	})
}
