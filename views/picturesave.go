// Copies of pictures outside the library: one under a chosen name, or several into a folder.

package views

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"fyne.io/fyne/v2/lang"

	"github.com/maquette-studio/maquette/app/settings"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picker"
)

// savePictureAs asks where a copy of the picture is to go and writes it there,
// never over another file. done is called on the UI goroutine with where it
// lies or what went wrong.
func (d desk) savePictureAs(id string, done func(path string, err error)) {
	request := picker.SaveRequest{Title: lang.L("Save picture"), Yes: lang.L("Save"), Name: d.studio.Library.ExportName(id)}
	d.askPlace(request, func(folder, name string) {
		type copied struct {
			path string
			err  error
		}
		kit.Do(d.work, func(context.Context) (c copied) {
			if c.path, c.err = d.studio.Library.ExportAs(id, folder, name); c.err == nil {
				c.err = d.rememberFolder(folder)
			}
			return c
		}, func(c copied) { done(c.path, c.err) })
	})
}

// exportPictures asks for a folder and writes copies of the pictures into it.
// done is called on the UI goroutine with how many were written.
func (d desk) exportPictures(ids []string, done func(folder string, written int, err error)) {
	request := picker.SaveRequest{
		Title: fmt.Sprintf(lang.L("Export %s into a folder"), pictureCount(len(ids))), Yes: lang.L("Export here"),
	}
	d.askPlace(request, func(folder, _ string) {
		d.exportInto(ids, folder, func(written int, err error) { done(folder, written, err) })
	})
}

// askPlace asks for a place, beginning with the last one.
func (d desk) askPlace(request picker.SaveRequest, then func(folder, name string)) {
	request.Folder = d.studio.Settings.Now().LastFolder
	picker.ChoosePlace(d.window, d.work, request, then)
}

// rememberFolder makes the next question begin there. It writes to the disk.
func (d desk) rememberFolder(folder string) error {
	return d.studio.Settings.Change(func(s *settings.Settings) { s.LastFolder = folder })
}

// exportInto writes the copies, showing how far it is; it can be cancelled.
// done is told how many were written, and which not.
func (d desk) exportInto(ids []string, dir string, done func(written int, err error)) {
	if len(ids) == 0 {
		return
	}
	progress := newExportProgress(len(ids))
	written := 0
	cancel := kit.Do(d.work, func(ctx context.Context) (err error) {
		written, err = d.studio.Library.ExportAll(ctx, ids, dir, func(done int) { kit.OnUI(func() { progress.step(done) }) })
		if errors.Is(err, context.Canceled) {
			err = nil // how many were written is told
		}
		return errors.Join(err, d.rememberFolder(dir))
	}, func(err error) {
		progress.Close()
		done(written, err)
	})
	progress.show(d.window, cancel)
}

// saveAs saves the picture shown.
func (p *picturePage) saveAs() {
	p.savePictureAs(p.Shown(), p.saved)
}

func (p *picturePage) saved(path string, err error) {
	if p.Closed() {
		return
	}
	p.failure.SetFailure(err, "", nil)
	p.say("")
	if err == nil {
		p.say(fmt.Sprintf(lang.L("Saved as %s"), filepath.Base(path)))
	}
}
