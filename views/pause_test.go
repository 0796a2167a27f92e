package views

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/app/windowstate"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

// shownTray is a tray that shows the last menu it was given.
type shownTray struct{ menu *fyne.Menu }

func (s *shownTray) SetSystemTrayMenu(menu *fyne.Menu) { s.menu = menu }
func (s *shownTray) SetSystemTrayIcon(fyne.Resource)   {}
func (s *shownTray) SetSystemTrayWindow(fyne.Window)   {}
func (s *shownTray) says(at int) string                { return s.menu.Items[at].Label }
func (s *shownTray) choose(t *testing.T, label string) {
	t.Helper()
	for _, item := range s.menu.Items {
		if item.Label == label {
			item.Action()
			return
		}
	}
	t.Fatalf("the tray doesn't offer %q", label)
}

func TestAPauseIsSaidAndEndedInTheWindowAndTheTray(t *testing.T) {
	before := trayShown
	trayShown = func(context.Context) bool { return true }
	defer func() { trayShown = before }()
	ui, w := openDemo(t)
	tray := &shownTray{}
	w.tray.system = tray
	w.tray.follow()
	if w.tray.hides() || tray.menu != nil {
		t.Error("it is in the tray though nobody wants it there")
	}
	w.state.Change(func(state *windowstate.State) { state.Tray = true })
	w.followTray()
	ui.Until("the tray", func() bool { return tray.menu != nil })
	if tray.says(0) != "No job runs" || w.tray.hides() || w.pause.shown.Visible() {
		t.Errorf("at rest the tray says %q, hides: %v", tray.says(0), w.tray.hides())
	}

	tray.choose(t, "Pause")
	ui.Until("the bar", w.pause.shown.Visible)
	job, problems, err := w.studio.Jobs.Start(t.Context(), jobs.NewOrder(w.studio.Services(), "luma/image", map[string]any{"prompt": "a paper fox"}))
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	w.showJob(job.ID)
	ui.Until("the job", func() bool { return viewtest.Says(w.jobs.content, "Waiting (paused)") })
	ui.Until("the tray's words", func() bool { return tray.says(0) == "1 job runs" })
	if !w.tray.hides() {
		t.Error("closing would end it though a job runs")
	}
	w.end()
	if w.covered() {
		t.Error("closing into the tray asks")
	}
	tray.choose(t, "Show window")
	viewtest.TapButton(t, w.pause.shown, "Resume")
	ui.Until("the end of the pause", func() bool { return !w.pause.shown.Visible() })
	ui.Until("the picture", func() bool { now, _ := w.studio.Jobs.Job(job.ID); return now.State == providers.Done })
	ui.Until("the tray's words", func() bool { return tray.says(0) == "No job runs" })
}
