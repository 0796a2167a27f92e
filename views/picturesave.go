// Saving the picture that is shown large.

package views

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/storage"
)

// saveAs asks where to save the picture shown, beginning in the folder last saved to.
func (p *picturePage) saveAs() {
	id := p.ids[p.at]
	p.window.inLastFolder(func(start fyne.ListableURI) {
		if p.window.Canvas().Overlays().Top() != p.overlay {
			return
		}
		ask := dialog.NewFileSave(func(file fyne.URIWriteCloser, err error) {
			switch {
			case err != nil:
				p.saved(err, "")
			case file != nil:
				p.save(id, file)
			}
		}, p.window.Window)
		ask.SetFileName(p.window.studio.ExportName(id))
		ask.SetTitleText(lang.L("Save picture"))
		p.window.showFileDialog(ask, start)
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

// save writes the picture in a worker and remembers the folder.
func (p *picturePage) save(id string, file fyne.URIWriteCloser) {
	work(p.window, func(context.Context) error { return p.window.writePicture(id, file) }, func(err error) {
		p.saved(err, file.URI().Name())
	})
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
