// The tray, where a person wants it: how far the jobs are, the pause, and the
// window, which closing only hides while jobs run.

package views

import (
	"context"
	"fmt"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/app/tray"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// trayShown says whether the desktop shows what lies in its tray; tests put
// another answer in its place.
var trayShown = tray.Shown

// trayMenu is Maquette's entry in the system's tray. Its methods belong to the UI
// goroutine.
type trayMenu struct {
	window *Window
	system desktop.App // nil where there is no tray
	there  bool        // the entry is made: it stays until the program ends
	said   string      // what the entry says now
}

func newTrayMenu(w *Window) *trayMenu {
	system, _ := fyne.CurrentApp().(desktop.App)
	return &trayMenu{window: w, system: system}
}

// follow makes the entry where it is wanted and the desktop shows it.
func (t *trayMenu) follow() {
	if t.system == nil || !t.window.state.Now().Tray {
		t.refresh()
		return
	}
	kit.Begin(t.window.work, "tray", func(ctx context.Context) bool { return trayShown(ctx) }, func(shown bool) {
		t.there = t.there || shown
		t.refresh()
	})
}

// refresh says how far the jobs are.
func (t *trayMenu) refresh() {
	if !t.there {
		return
	}
	words, paused := progressWords(t.window.studio.Jobs.List()), t.window.studio.Paused()
	if now := fmt.Sprint(words, paused); now != t.said {
		t.said = now
		t.system.SetSystemTrayMenu(t.menu(words, paused))
	}
}

func (t *trayMenu) menu(words string, paused bool) *fyne.Menu {
	w := t.window
	progress := fyne.NewMenuItem(words, nil)
	progress.Disabled = true
	hold := fyne.NewMenuItem(lang.L("Pause"), func() { w.setPaused(true) })
	if paused {
		hold = fyne.NewMenuItem(lang.L("Resume"), func() { w.setPaused(false) })
	}
	quit := fyne.NewMenuItem(lang.L("Quit"), func() {
		w.reappear() // it may ask
		w.quit()
	})
	quit.IsQuit = true
	return fyne.NewMenu("", progress, fyne.NewMenuItem(lang.L("Show window"), w.reappear), hold, fyne.NewMenuItemSeparator(), quit)
}

// hides reports whether closing the window leaves it in the tray: while jobs run
// that would stand still.
func (t *trayMenu) hides() bool {
	if !t.there || !t.window.state.Now().Tray {
		return false
	}
	for _, job := range t.window.studio.Jobs.List() {
		if !job.State.Ended() {
			return true
		}
	}
	return t.window.uploads()
}

// progressWords say how many jobs run, and how far they are where that is known,
// in steps of 5 %: each change makes the entry anew.
func progressWords(all []jobs.Job) string {
	running, known, done := 0, 0, 0.0
	for _, job := range all {
		if job.State.Ended() {
			continue
		}
		running++
		if job.State != providers.Queued && job.Progress() >= 0 {
			known++
			done += job.Progress()
		}
	}
	if running == 0 {
		return lang.L("No job runs")
	}
	words := kit.CountOf(running, lang.L("1 job runs"), lang.L("%d jobs run"))
	if known == 0 {
		return words
	}
	return kit.Dotted(words, fmt.Sprintf(lang.L("%d %%"), 5*int(math.Round(20*done/float64(known)))))
}

// reappear shows a window that was hidden, in front.
func (w *Window) reappear() {
	w.Show()
	w.RequestFocus()
}
