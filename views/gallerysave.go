// Copies of pictures outside the library: one under a chosen name, or several into a folder.

package views

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"

	"github.com/maquette-studio/maquette/app"
)

// savePictureAs asks where a copy of the picture is to go, beginning in the
// folder last used, and writes it there. done is called on the UI goroutine
// with what went wrong, or nil.
func (w *Window) savePictureAs(id string, done func(error)) {
	w.inLastFolder(func(start fyne.ListableURI) {
		save := dialog.NewFileSave(func(file fyne.URIWriteCloser, err error) {
			if err != nil || file == nil {
				done(err)
				return
			}
			work(w, func(context.Context) error { return w.writePicture(id, file) }, done)
		}, w)
		save.SetFileName(w.studio.ExportName(id))
		save.SetTitleText(lang.L("Save picture"))
		w.showFileDialog(save, start)
	})
}

func (w *Window) writePicture(id string, file fyne.URIWriteCloser) error {
	err := w.studio.ExportTo(id, file)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("writing the copy: %w", err)
	}
	return w.rememberFolder(filepath.Dir(file.URI().Path()))
}

// exportPictures asks for a folder and writes copies of the pictures into it.
func (w *Window) exportPictures(ids []string, done func(error)) {
	w.inLastFolder(func(start fyne.ListableURI) {
		open := dialog.NewFolderOpen(func(folder fyne.ListableURI, err error) {
			if err != nil || folder == nil {
				done(err)
				return
			}
			w.exportInto(ids, folder.Path(), done)
		}, w)
		open.SetTitleText(fmt.Sprintf(lang.L("Export %s into a folder"), pictureCount(len(ids))))
		open.SetConfirmText(lang.L("Export here"))
		w.showFileDialog(open, start)
	})
}

// inLastFolder goes on with the folder last saved to; nil when it is gone.
func (w *Window) inLastFolder(then func(fyne.ListableURI)) {
	folder := w.studio.Settings().LastFolder
	work(w, func(context.Context) fyne.ListableURI { return listable(folder) }, then)
}

func (w *Window) rememberFolder(folder string) error {
	return w.studio.ChangeSettings(func(s *app.Settings) { s.LastFolder = folder })
}

// showFileDialog shows a file dialog over most of the window; Escape closes it.
func (w *Window) showFileDialog(d *dialog.FileDialog, start fyne.ListableURI) {
	if start != nil {
		d.SetLocation(start)
	}
	before := w.Canvas().OnTypedKey()
	w.Canvas().SetOnTypedKey(func(event *fyne.KeyEvent) {
		if event.Name == fyne.KeyEscape {
			d.Hide()
		}
	})
	d.SetOnClosed(func() { w.Canvas().SetOnTypedKey(before) })
	size := w.Canvas().Size()
	d.Show() // first: a file dialog that isn't shown can't be resized
	d.Resize(fyne.NewSize(min(920, size.Width-80), min(640, size.Height-80)))
}

// exportInto writes the copies, showing how far it is; it can be cancelled.
func (w *Window) exportInto(ids []string, dir string, done func(error)) {
	if len(ids) == 0 {
		return
	}
	progress := newExportProgress(w, len(ids))
	cancel := work(w, func(ctx context.Context) error {
		for i, id := range ids {
			if ctx.Err() != nil {
				return nil
			}
			if _, err := w.studio.Export(id, dir); err != nil {
				return fmt.Errorf(lang.L("%d of %d pictures were exported, then: %w"), i, len(ids), err)
			}
			onUI(func() { progress.step(i + 1) })
		}
		return w.rememberFolder(dir)
	}, func(err error) {
		progress.hide()
		done(err)
	})
	progress.show(cancel)
}
