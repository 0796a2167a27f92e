// What can be done with a trained model.

package views

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/views/kit"
)

// download brings a model's file here; a second wish for the same is one.
func (t *modelsTab) download(id string) {
	if t.loading[id] != nil {
		return
	}
	delete(t.failures, id)
	t.failure.SetFailure(nil, "", nil)
	cancelled := false
	d := &modelDownload{}
	stop := kit.Do(t.work, func(ctx context.Context) error {
		_, err := t.studio.Models.Download(ctx, id)
		return err
	}, func(err error) {
		delete(t.loading, id)
		if err != nil && !cancelled && !errors.Is(err, context.Canceled) {
			t.downloadFailed(id, err)
		}
		t.refresh()
	})
	d.cancel = func() {
		cancelled = true
		stop()
	}
	t.loading[id] = d
	t.list.Refresh()
}

// downloadFailed says so beside the model, and in full above the list.
func (t *modelsTab) downloadFailed(id string, err error) {
	t.failures[id] = err
	service := ""
	if m, ok := t.studio.Models.Model(id); ok {
		service = m.Service
	}
	t.failure.SetFailure(err, service, func() { t.download(id) })
}

// showFile opens the folder that holds the model's file.
func (t *modelsTab) showFile(entry modelEntry) {
	t.openFolder(filepath.Dir(t.studio.Models.Path(entry.Model)))
}

// menu shows everything that can be done with a model.
func (t *modelsTab) menu(entry modelEntry, pos fyne.Position) {
	items := []*fyne.MenuItem{
		iconItem(lang.L("Generate with this"), theme.MediaPhotoIcon(), func() { t.host.generateWith(entry.ID) }),
	}
	switch d := t.loading[entry.ID]; {
	case d != nil:
		items = append(items, iconItem(lang.L("Cancel the download"), theme.CancelIcon(), d.cancel))
	case entry.here:
		items = append(
			items,
			iconItem(lang.L("Show file"), theme.FolderOpenIcon(), func() { t.showFile(entry) }),
			iconItem(lang.L("Copy path"), theme.ContentCopyIcon(), func() {
				t.toClipboard(t.studio.Models.Path(entry.Model))
			}))
	case entry.Downloadable():
		items = append(items, iconItem(lang.L("Download"), theme.DownloadIcon(), func() { t.download(entry.ID) }))
	}
	if _, ok := t.studio.Jobs.Job(entry.Job); ok {
		items = append(items, iconItem(lang.L("Show the training job"), theme.ListIcon(), func() { t.host.showJob(entry.Job) }))
	}
	items = append(items, fyne.NewMenuItemSeparator(), iconItem(lang.L("Forget…"), theme.DeleteIcon(), func() { t.askForget(entry) }))
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", items...), t.window.Canvas(), pos)
}

func iconItem(title string, icon fyne.Resource, do func()) *fyne.MenuItem {
	item := fyne.NewMenuItem(title, do)
	item.Icon = icon
	return item
}

// askForget says what forgetting does, and does it when told to.
func (t *modelsTab) askForget(entry modelEntry) {
	kit.Confirm(t.window, kit.Question{
		Title: fmt.Sprintf(lang.L("Forget %s?"), entry.Title), Text: t.forgetConsequence(entry),
		Yes: lang.L("Forget"), No: lang.L("Cancel"),
	}, func() { t.forget(entry.ID) })
}

func (t *modelsTab) forgetConsequence(entry modelEntry) string {
	file := lang.L("It leaves this list.")
	if entry.here {
		file = fmt.Sprintf(lang.L("Its file (%s) is deleted from this computer."), bytesInWords(entry.Size))
	}
	there := fmt.Sprintf(lang.L("At %s it is gone already."), entry.service)
	switch {
	case entry.Object != "":
		there = lang.L("In your bucket it stays.")
	case entry.Expires.IsZero():
		there = fmt.Sprintf(lang.L("At %s it stays."), entry.service)
	case entry.Expires.After(t.now()):
		there = fmt.Sprintf(lang.L("At %s it stays until it expires, in %s."), entry.service, durationWords(entry.Expires.Sub(t.now())))
	}
	return file + "\n" + there
}

func (t *modelsTab) forget(id string) {
	studio := t.studio
	kit.Do(t.work, func(context.Context) error { return studio.Models.Forget(id) }, func(err error) {
		t.failure.SetFailure(err, "", nil)
		t.refresh()
	})
}
