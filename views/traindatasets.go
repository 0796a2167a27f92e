// The datasets of the Train tab: which one is shown, new ones, copies, folders in and out.

package views

import (
	"context"
	"errors"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picker"
)

// datasetNameShown is how much of a dataset's name is shown, in characters.
const datasetNameShown = 48

// datasetChooser shows the current dataset's name and leads to the others.
type datasetChooser struct {
	dataset *datasetPane
	ids     []string // as they stand in the list
	filling bool     // the list is being filled, nobody chose

	choice  *widget.Select
	more    *widget.Button
	content fyne.CanvasObject
}

func newDatasetChooser(d *datasetPane) *datasetChooser {
	c := &datasetChooser{dataset: d}
	c.choice = widget.NewSelect(nil, func(string) { c.chosen() })
	c.choice.PlaceHolder = lang.L("Dataset")
	c.more = widget.NewButtonWithIcon("", theme.MoreHorizontalIcon(), c.showMenu)
	c.content = container.NewBorder(nil, nil, nil, c.more, c.choice)
	return c
}

// refresh shows the datasets as they are.
func (c *datasetChooser) refresh() {
	studio := c.dataset.studio
	current := studio.Datasets.Current().ID
	c.ids = nil
	var names []string
	at := -1
	for i, d := range studio.Datasets.List() {
		c.ids = append(c.ids, d.ID)
		names = append(names, kit.Shortened(d.Name, datasetNameShown))
		if d.ID == current {
			at = i
		}
	}
	c.filling = true
	c.choice.SetOptions(names)
	c.choice.SetSelectedIndex(at)
	c.filling = false
}

func (c *datasetChooser) chosen() {
	at := c.choice.SelectedIndex()
	if c.filling || at < 0 || at >= len(c.ids) {
		return
	}
	id, studio := c.ids[at], c.dataset.studio
	c.change(func(context.Context) error { return studio.Datasets.Choose(id) }, nil)
}

// change does something to the datasets once what was typed is saved; then, on
// success, what follows.
func (c *datasetChooser) change(do func(context.Context) error, then func()) {
	d := c.dataset
	d.notice.Hide()
	kit.Do(d.work, func(ctx context.Context) error {
		if err := d.captions.saver.save(); err != nil {
			return err
		}
		return do(ctx)
	}, func(err error) {
		d.failure.SetFailure(err, "", nil)
		d.refresh()
		if err == nil {
			kit.Call(then)
		}
	})
}

// menu is what can be done with the dataset shown.
func (c *datasetChooser) menu() *fyne.Menu {
	d := c.dataset
	best := fyne.NewMenuItem(lang.L("Pick best…"), d.pickBest)
	captions := fyne.NewMenuItem(lang.L("Change captions…"), d.changeCaptions)
	originals := fyne.NewMenuItem(lang.L("Export originals…"), func() { c.export(d.studio.Datasets.ExportOriginals) })
	edited := fyne.NewMenuItem(lang.L("Export edited copies…"), func() { c.export(d.studio.Datasets.ExportEdited) })
	for _, item := range []*fyne.MenuItem{best, captions, originals, edited} {
		item.Disabled = len(d.photos) == 0
	}
	return fyne.NewMenu(
		"",
		fyne.NewMenuItem(lang.L("New dataset…"), c.makeNew),
		fyne.NewMenuItem(lang.L("Rename…"), c.rename),
		fyne.NewMenuItem(lang.L("Duplicate…"), c.duplicate),
		fyne.NewMenuItem(lang.L("Delete dataset"), c.delete),
		fyne.NewMenuItemSeparator(),
		best, captions,
		fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(lang.L("Import folder…"), c.importFolder),
		originals, edited,
	)
}

func (c *datasetChooser) showMenu() {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(c.more)
	widget.ShowPopUpMenuAtPosition(c.menu(), c.dataset.window.Canvas(), at.AddXY(0, c.more.Size().Height))
}

func (c *datasetChooser) makeNew() {
	w := c.dataset
	kit.AskName(w.window, lang.L("New dataset"), lang.L("Create"), "", func(name string) {
		c.change(func(context.Context) error {
			_, err := w.studio.Datasets.New(name)
			return err
		}, nil)
	})
}

func (c *datasetChooser) rename() {
	w := c.dataset
	now := w.studio.Datasets.Current()
	kit.AskName(w.window, lang.L("Rename the dataset"), lang.L("Rename"), now.Name, func(name string) {
		c.change(func(context.Context) error { return w.studio.Datasets.Rename(now.ID, name) }, func() {
			c.dataset.notice.OfferUndo(lang.L("The dataset was renamed."), func() {
				c.change(func(context.Context) error { return w.studio.Datasets.Rename(now.ID, now.Name) }, nil)
			})
		})
	})
}

func (c *datasetChooser) duplicate() {
	w := c.dataset
	now := w.studio.Datasets.Current()
	kit.AskName(w.window, lang.L("Duplicate the dataset"), lang.L("Duplicate"), now.Name, func(name string) {
		c.change(func(context.Context) error {
			_, err := w.studio.Datasets.Duplicate(now.ID, name)
			return err
		}, nil)
	})
}

func (c *datasetChooser) delete() {
	studio := c.dataset.studio
	now := studio.Datasets.Current()
	c.change(func(context.Context) error { return studio.Datasets.Delete(now.ID) }, func() {
		text := fmt.Sprintf(lang.L("The dataset %s was deleted."), kit.Shortened(now.Name, datasetNameShown))
		c.dataset.notice.OfferUndo(text, func() {
			c.change(func(context.Context) error { return studio.Datasets.Restore(now.ID) }, nil)
		})
	})
}

// importFolder makes a dataset of a folder's photos and captions.
func (c *datasetChooser) importFolder() {
	d := c.dataset
	request := picker.SaveRequest{Title: lang.L("Import a folder of photos and captions"), Yes: lang.L("Import this folder")}
	d.askPlace(request, func(folder, _ string) {
		d.notice.Hide()
		d.intake.importFolder(folder)
	})
}

// export writes the photos and their captions into a folder.
func (c *datasetChooser) export(write func(ctx context.Context, photos []photo.Photo, dir string, progress func(done, of int)) (int, error)) {
	d := c.dataset
	request := picker.SaveRequest{Title: lang.L("Export photos and captions into a folder"), Yes: lang.L("Export here")}
	d.askPlace(request, func(folder, _ string) {
		shown := newExportProgress(len(d.photos))
		written, cancelled := 0, false
		cancel := kit.Do(d.work, func(ctx context.Context) error {
			if err := d.captions.saver.save(); err != nil {
				return err
			}
			var err error
			written, err = write(ctx, d.studio.Datasets.Photos(), folder, func(done, _ int) { kit.OnUI(func() { shown.step(done) }) })
			if cancelled = errors.Is(err, context.Canceled); cancelled {
				err = nil
			}
			return errors.Join(err, d.rememberFolder(folder))
		}, func(err error) {
			shown.Close()
			d.failure.SetFailure(err, "", nil)
			words := lang.L("The photos and their captions were exported.")
			if cancelled {
				words = fmt.Sprintf(lang.L("Cancelled; photos that were exported before, with their captions: %d"), written)
			}
			if err == nil {
				d.notice.OfferFolder(words, func() { d.openFolder(folder) })
			}
		})
		shown.show(d.window, cancel)
	})
}
