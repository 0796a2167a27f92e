// Saving a picture to a place of one's choice.

package views

import (
	"context"
	"fmt"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/storage"

	"github.com/maquette-studio/maquette/app"
)

// saveAs asks where to save the picture shown, beginning in the folder last saved to.
func (p *picturePage) saveAs() {
	id := p.ids[p.at]
	folder := p.window.studio.Settings().LastFolder
	work(p.window, func(context.Context) fyne.ListableURI { return listable(folder) }, func(start fyne.ListableURI) {
		if !p.closed {
			p.askWhere(id, start)
		}
	})
}

// listable is the folder as dialogs take it; nil when it is gone. It reads the disk.
func listable(folder string) fyne.ListableURI {
	if folder == "" {
		return nil
	}
	uri, err := storage.ListerForURI(storage.NewFileURI(folder))
	if err != nil {
		return nil
	}
	return uri
}

func (p *picturePage) askWhere(id string, start fyne.ListableURI) {
	ask := dialog.NewFileSave(func(file fyne.URIWriteCloser, err error) {
		p.takeKeys(p.viewer.TypedKey)
		if err != nil {
			p.saved(err, "")
			return
		}
		if file != nil {
			p.save(id, file)
		}
	}, p.window.Window)
	ask.SetFileName(p.window.studio.ExportName(id))
	ask.SetTitleText(lang.L("Save picture"))
	if start != nil {
		ask.SetLocation(start)
	}
	p.takeKeys(func(event *fyne.KeyEvent) {
		if event.Name == fyne.KeyEscape {
			ask.Hide()
			p.takeKeys(p.viewer.TypedKey)
		}
	})
	ask.Resize(p.window.Canvas().Size().SubtractWidthHeight(80, 80))
	ask.Show()
}

// takeKeys says what keys do that no widget wants.
func (p *picturePage) takeKeys(do func(*fyne.KeyEvent)) {
	if !p.closed {
		p.window.Canvas().SetOnTypedKey(do)
	}
}

// save writes the picture in a worker and remembers the folder.
func (p *picturePage) save(id string, file fyne.URIWriteCloser) {
	studio, uri := p.window.studio, file.URI()
	work(p.window, func(context.Context) error {
		err := studio.ExportTo(id, file)
		if closing := file.Close(); err == nil {
			err = closing
		}
		if err != nil {
			return err
		}
		parent, err := storage.Parent(uri)
		if err != nil || parent.Scheme() != "file" {
			return nil //nolint:nilerr // the picture is saved; only the folder can't be remembered
		}
		return studio.ChangeSettings(func(s *app.Settings) { s.LastFolder = filepath.Clean(parent.Path()) })
	}, func(err error) { p.saved(err, uri.Name()) })
}

func (p *picturePage) saved(err error, name string) {
	if p.closed {
		return
	}
	p.failure.SetFailure(err, "", nil)
	p.say("")
	if err == nil {
		p.say(fmt.Sprintf(lang.L("Saved as %s"), name))
	}
}
