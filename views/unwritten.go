// Ids of paid work that the disk had no room for: they can be copied, and the
// window asks before it closes over them.

package views

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/views/kit"
)

// unwrittenBehind is the id that a trouble is about, "" for none.
func unwrittenBehind(studio *app.Studio, trouble app.Trouble) string {
	for _, held := range studio.Jobs.Unwritten() {
		if trouble.Code == held.Trouble() {
			return held.ID
		}
	}
	return ""
}

func copyButton(text string) *widget.Button {
	return widget.NewButtonWithIcon(lang.L("Copy the id"), theme.ContentCopyIcon(), func() {
		fyne.CurrentApp().Clipboard().SetContent(text)
	})
}

// end is the window's button: it closes the window, or hides it in the tray where
// a person wants that while jobs run.
func (w *Window) end() {
	if w.tray.hides() {
		w.place.note()
		w.Hide()
		return
	}
	w.quit()
}

// quit closes the window, whether by its button or by a menu, unless a person
// wants to keep it open over an id, or until a photo is up.
func (w *Window) quit() {
	closing := func() {
		kit.WindowEnds.Store(true)
		w.place.note()
		w.Close()
	}
	if held := w.studio.Jobs.Unwritten(); len(held) > 0 {
		askUnwritten(w.Window, held, closing)
		return
	}
	if w.uploads() {
		askUpload(w.Window, closing)
		return
	}
	if w.serving() {
		askServing(w.Window, closing)
		return
	}
	closing()
}

// askUnwritten asks before the window closes over ids that are only in memory.
func askUnwritten(w fyne.Window, held []jobs.Unwritten, closeAnyway func()) {
	var ids, lines []string
	for _, u := range held {
		ids = append(ids, u.ID)
		lines = append(lines, fmt.Sprintf(lang.L("The id %s from %s could not be written down."), u.ID, u.Service))
	}
	lines = append(lines, lang.L("Free some space on the disk, then close; or note it: nothing else will tell what was paid."))
	text := kit.WrappedLabel()
	text.SetText(strings.Join(lines, "\n"))
	p := &kit.Panel{}
	stay := kit.NewButton(lang.L("Keep open"), p.Escape, p.Close)
	anyway := kit.NewButton(lang.L("Close anyway"), p.Escape, func() {
		p.Close()
		closeAnyway()
	})
	anyway.Importance = widget.WarningImportance
	p.ShowFitting(w, container.NewVBox(
		kit.Heading(lang.L("Close without writing it down?")), container.New(&kit.FixedWidth{Width: 460}, text),
		container.NewHBox(copyButton(strings.Join(ids, "\n"))), kit.ButtonRow(stay, anyway),
	), stay)
}
