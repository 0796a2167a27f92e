// What can be done with pictures: the same actions as buttons and as a menu.

package views

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/views/kit"
)

// referencesMost is how many pictures at once are offered as references; no
// service takes more.
const referencesMost = 8

// galleryAction is one thing to do with the selected pictures.
type galleryAction struct {
	title string
	icon  fyne.Resource
	do    func()
	wide  bool // its button needs a line of its own
}

// actions are those that make sense for ids, the likeliest first.
func (t *galleryTab) actions(ids []string) []galleryAction {
	switch {
	case len(ids) == 0:
		return nil
	case t.trash:
		return []galleryAction{
			{lang.L("Restore"), theme.ContentUndoIcon(), func() { t.restore(ids) }, true},
			{lang.L("Delete for good…"), theme.DeleteIcon(), func() { t.askRemove(ids) }, true},
		}
	case len(ids) > 1:
		actions := []galleryAction{{lang.L("Export selected…"), theme.FolderIcon(), func() { t.export(ids) }, true}}
		if len(ids) <= referencesMost {
			actions = append(actions, galleryAction{lang.L("Use as references"), theme.MediaPhotoIcon(), func() { t.useAsReferences(ids) }, true})
		}
		return append(actions, galleryAction{lang.L("Delete"), theme.DeleteIcon(), func() { t.delete(ids) }, true})
	}
	id := ids[0]
	picture, _ := t.studio.Library.Picture(id)
	actions := []galleryAction{{lang.L("Open"), theme.ZoomInIcon(), func() { t.open(id) }, true}}
	switch {
	case !picture.Unreadable.IsZero():
		open := func() { t.openFile(t.studio.Library.Path(id)) }
		actions = append(actions, galleryAction{lang.L("Open with another program"), theme.ComputerIcon(), open, true})
	case picture.Damaged.IsZero():
		actions = append(
			actions,
			galleryAction{lang.L("Use as reference"), theme.MediaPhotoIcon(), func() { t.host.useAsReference(id) }, true},
			galleryAction{lang.L("Modify"), theme.DocumentCreateIcon(), func() { t.host.modify(id) }, false},
		)
	}
	if job, ok := t.studio.Jobs.Job(picture.Job); ok {
		actions = append(actions, galleryAction{useSettings(), theme.DocumentCreateIcon(), func() { t.host.fill(job.Task, job.Values) }, true})
	}
	return append(
		actions,
		galleryAction{lang.L("Save as…"), theme.DocumentSaveIcon(), func() { t.saveAs(id) }, false},
		galleryAction{lang.L("Delete"), theme.DeleteIcon(), func() { t.delete(ids) }, false},
	)
}

// menu shows the actions where the mouse is.
func (t *galleryTab) menu(ids []string, pos fyne.Position) {
	menu := fyne.NewMenu("")
	for _, action := range t.actions(ids) {
		if action.title == lang.L("Delete") {
			menu.Items = append(menu.Items, fyne.NewMenuItemSeparator())
		}
		item := fyne.NewMenuItem(action.title, action.do)
		item.Icon = action.icon
		menu.Items = append(menu.Items, item)
	}
	if len(menu.Items) > 0 {
		widget.ShowPopUpMenuAtPosition(menu, t.window.Canvas(), pos)
	}
}

func (t *galleryTab) useAsReferences(ids []string) {
	for _, id := range ids {
		t.host.useAsReference(id)
	}
}

// failed shows what went wrong with an action; nil when nothing did.
func (t *galleryTab) failed(err error) { t.failure.SetFailure(err, "", nil) }

// saveAs saves one picture under a name of its own.
func (t *galleryTab) saveAs(id string) {
	t.savePictureAs(id, func(path string, err error) {
		t.exported(fmt.Sprintf(lang.L("Saved as %s"), filepath.Base(path)), filepath.Dir(path), err)
	})
}

// export writes copies of pictures into a folder.
func (t *galleryTab) export(ids []string) {
	t.exportPictures(ids, func(folder string, written int, err error) {
		t.exported(fmt.Sprintf(lang.L("%s exported"), pictureCount(written)), folder, err)
	})
}

func (t *galleryTab) exported(text, folder string, err error) {
	t.failed(err)
	if err == nil {
		t.notice.OfferFolder(text, func() { t.openFolder(folder) })
	}
}

// delete moves pictures to the trash and offers to undo that.
func (t *galleryTab) delete(ids []string) {
	if t.trash || len(ids) == 0 {
		return
	}
	studio := t.studio
	kit.Do(t.work, func(context.Context) error { return studio.Library.Delete(ids...) }, func(err error) {
		t.failed(err)
		if err == nil {
			said := kit.CountOf(len(ids), lang.L("1 picture moved to the trash"), lang.L("%d pictures moved to the trash"))
			t.notice.OfferUndo(said, func() { t.restore(ids) })
		}
		t.list()
	})
}

// restore takes pictures out of the trash.
func (t *galleryTab) restore(ids []string) {
	studio := t.studio
	kit.Do(t.work, func(context.Context) error { return studio.Library.Restore(ids...) }, func(err error) {
		t.failed(err)
		t.list()
	})
}

// deleteKey is what the Delete key does: pictures go to the trash, and from
// there for good.
func (t *galleryTab) deleteKey(ids []string) {
	if t.trash {
		t.askRemove(ids)
		return
	}
	t.delete(ids)
}

// askRemove says what removing pictures from the trash does, and does it when
// told to.
func (t *galleryTab) askRemove(ids []string) {
	if len(ids) == 0 {
		return
	}
	studio := t.studio
	t.askForGood(kit.Question{Title: lang.L("Delete for good?"), Yes: lang.L("Delete for good"), No: lang.L("Cancel")}, len(ids), func() error {
		return studio.Library.Remove(ids...)
	})
}

// askEmptyTrash is askRemove for what is in the trash now.
func (t *galleryTab) askEmptyTrash() {
	studio, asked := t.studio, time.Now()
	t.askForGood(kit.Question{Title: lang.L("Empty the trash?"), Yes: lang.L("Empty the trash"), No: lang.L("Cancel")}, t.shown.trashed, func() error {
		return studio.Library.EmptyTrash(asked)
	})
}

// askForGood asks before so many pictures are removed from this computer.
func (t *galleryTab) askForGood(question kit.Question, count int, remove func() error) {
	question.Text = fmt.Sprintf(lang.L("%s will be removed from this computer for good. This can't be undone."), pictureCount(count))
	kit.Confirm(t.window, question, func() {
		kit.Do(t.work, func(context.Context) error { return remove() }, func(err error) {
			t.failed(err)
			t.list()
		})
	})
}
