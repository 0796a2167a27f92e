package views

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/storage"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

// startDamaged shows the window over a data directory whose database is lost, with a backup or without.
func startDamaged(t *testing.T, backup bool) (*viewtest.UI, *start, string) {
	t.Helper()
	ui := viewtest.Start(t)
	dir := t.TempDir()
	cfg := app.Config{Dir: dir, Env: func(string) string { return "" }}
	studio, err := app.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := studio.Datasets.New("Foxes"); err != nil {
		t.Fatal(err)
	}
	if err := studio.Close(); err != nil {
		t.Fatal(err)
	}
	l := storage.LayoutAt(dir)
	if err := os.RemoveAll(l.Backups); err != nil {
		t.Fatal(err)
	}
	if backup {
		content, err := os.ReadFile(l.DB)
		if err == nil {
			err = os.MkdirAll(l.Backups, 0o700)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(l.Backups, "maquette-20260102-030405.000.db"), content, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(l.DB, []byte("no database"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := newStart(fyne.CurrentApp(), t.TempDir(), func(Opening) (*app.Studio, error) { return app.Open(cfg) })
	if err := s.show(); err != nil {
		t.Fatal(err)
	}
	ui.Until("the choices", func() bool { return viewtest.Says(s.window.Content(), "The database can't be opened") })
	return ui, s, dir
}

func (s *start) opens(t *testing.T, ui *viewtest.UI) {
	t.Helper()
	ui.Until("the tabs, or the welcome where there is nothing", func() bool {
		return s.page != nil || len(viewtest.Find[*container.AppTabs](s.window.Content())) == 1
	})
}

func TestADamagedDatabaseIsRestoredFromTheWindow(t *testing.T) {
	ui, s, dir := startDamaged(t, true)
	defer s.window.Close()
	if !viewtest.Says(s.window.Content(), "1 dataset") {
		t.Error("what the backup holds isn't said")
	}
	viewtest.TapButton(t, s.window.Content(), "Restore the backup")
	s.opens(t, ui)
	if list := s.studio.Datasets.List(); len(list) == 0 || list[len(list)-1].Name != "Foxes" {
		t.Errorf("there are %+v", list)
	}
	if aside, _ := filepath.Glob(filepath.Join(dir, "maquette.db.damaged-*")); len(aside) != 1 {
		t.Errorf("the damaged file is in %v", aside)
	}
	if err := s.close(); err != nil {
		t.Fatal(err)
	}
}

func TestADatabaseIsRebuiltFromTheWindow(t *testing.T) {
	ui, s, _ := startDamaged(t, false)
	defer s.window.Close()
	for _, text := range viewtest.ButtonTexts(s.window.Content()) {
		if strings.Contains(text, "Restore") {
			t.Error("a backup is offered that isn't there")
		}
	}
	viewtest.TapButton(t, s.window.Content(), "Rebuild from the files")
	s.opens(t, ui)
	if err := s.close(); err != nil {
		t.Fatal(err)
	}
}
