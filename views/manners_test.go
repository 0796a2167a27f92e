package views

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/settings"
	"github.com/maquette-studio/maquette/app/windowstate"
	"github.com/maquette-studio/maquette/assets"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

// started opens the window over the state that lies in dir.
func started(t *testing.T, dir string) (*viewtest.UI, *start) {
	t.Helper()
	ui, data := viewtest.Start(t), t.TempDir()
	s := newStart(fyne.CurrentApp(), dir, func(Opening) (*app.Studio, error) {
		studio, err := app.Open(app.Config{Dir: data, Env: func(string) string { return "" }})
		if err == nil {
			err = studio.Settings.Change(func(s *settings.Settings) { s.Welcomed = true })
		}
		return studio, err
	})
	if err := s.show(); err != nil {
		t.Fatal(err)
	}
	ui.Until("the tabs", func() bool { return s.built != nil })
	return ui, s
}

// finish closes a window and writes its state.
func finish(t *testing.T, s *start) {
	t.Helper()
	s.built.place.note()
	if err := s.close(); err != nil {
		t.Error(err)
	}
	if err := s.state.Close(); err != nil {
		t.Error(err)
	}
	s.window.Close()
}

func TestTheWindowComesBackAsItWasLeft(t *testing.T) {
	dir := t.TempDir()
	_, s := started(t, dir)
	s.window.Resize(fyne.NewSize(1400, 880))
	s.built.openTab(tabGallery)
	for _, slider := range viewtest.Find[*widget.Slider](s.built.selected().content) {
		slider.SetValue(2)
	}
	s.built.openTab(tabJobs)
	split := viewtest.Find[*container.Split](s.built.selected().content)[0]
	split.SetOffset(0.6)
	finish(t, s)

	_, s = started(t, dir)
	defer finish(t, s)
	if s.window.Canvas().Size() != fyne.NewSize(1400, 880) || !s.built.inSight(tabJobs) {
		t.Errorf("it is %v large and opens on tab %d", s.window.Canvas().Size(), s.built.tabs.SelectedIndex())
	}
	if split := viewtest.Find[*container.Split](s.built.selected().content)[0]; split.Offset != 0.6 {
		t.Errorf("the divider stands at %v", split.Offset)
	}
	s.built.openTab(tabGallery)
	if slider := viewtest.Find[*widget.Slider](s.built.selected().content)[0]; slider.Value != 2 {
		t.Errorf("the thumbnails are of size %v", slider.Value)
	}
}

func TestAWindowIsAlwaysWithinReach(t *testing.T) {
	one := []area{{0, 20, 1920, 1060}}
	two := append(slices.Clone(one), area{1920, 20, 1280, 1004})
	for _, row := range []struct {
		name       string
		wanted, to area
		placed     bool
		screens    []area
		move       bool
	}{
		{"as it was", area{200, 150, 1300, 800}, area{200, 150, 1300, 800}, true, one, true},
		{"larger than the screen", area{200, 150, 4000, 3000}, area{0, 20, 1920, 1060}, true, one, true},
		{"above the screen", area{200, -300, 1300, 800}, area{200, 20, 1300, 800}, true, one, true},
		{"half beside it", area{1800, 150, 1300, 800}, area{620, 150, 1300, 800}, true, one, true},
		{"on a screen that is gone", area{2000, 150, 1200, 800}, area{0, 20, 1200, 800}, true, one, false},
		{"on the second screen", area{2000, 150, 1200, 800}, area{2000, 150, 1200, 800}, true, two, true},
		{"a first start", area{0, 0, 1180, 760}, area{0, 20, 1180, 760}, false, one, false},
		{"a first start on a small screen", area{0, 0, 1180, 760}, area{0, 20, 1024, 560}, false, []area{{0, 20, 1024, 560}}, true},
		{"no screen known", area{5, 5, 10, 10}, area{5, 5, 10, 10}, true, nil, false},
	} {
		if to, move := reachable(row.wanted, row.placed, row.screens); to != row.to || move != row.move {
			t.Errorf("%s: %v, %v", row.name, to, move)
		}
	}
}

func TestTheSizeOfEverythingIsChosen(t *testing.T) {
	t.Setenv(scaleVariable, "")
	_, w := openBare(t)
	w.openTab(tabSettings)
	var choice *widget.Select
	for _, sel := range viewtest.Find[*widget.Select](w.settings.content) {
		if slices.Contains(sel.Options, "150 %") {
			choice = sel
		}
	}
	if choice == nil {
		t.Fatal("no size can be chosen")
	}
	choice.SetSelected("150 %")
	if os.Getenv(scaleVariable) != "1.5" || w.state.Now().Scale != 1.5 {
		t.Errorf("Fyne is told %q, and %v is kept", os.Getenv(scaleVariable), w.state.Now().Scale)
	}
	choice.SetSelectedIndex(0)
	if value, set := os.LookupEnv(scaleVariable); set {
		t.Errorf("as the system is %q", value)
	}
}

func TestAScaleOfTheEnvironmentWins(t *testing.T) {
	scaleGiven = "1.7"
	defer func() { scaleGiven = "" }()
	_, w := openBare(t)
	w.openTab(tabSettings)
	if !viewtest.Says(w.settings.content, "FYNE_SCALE=1.7 was set when Maquette was started") {
		t.Error("nothing says that the environment's scale wins")
	}
}

func TestFilesOfAnotherStartArriveInTheDataset(t *testing.T) {
	ui, s := started(t, t.TempDir())
	defer finish(t, s)
	s.built.openTab(tabJobs)
	photo := filepath.Join(t.TempDir(), "photo.jpg")
	if err := os.WriteFile(photo, assets.Samples(1)[0].JPEG, 0o600); err != nil {
		t.Fatal(err)
	}
	s.arrive([]string{photo})
	if !s.built.inSight(tabTrain) {
		t.Error("Train isn't in sight")
	}
	ui.Until("the photo", func() bool { return len(s.studio.Datasets.Photos()) == 1 })
	ui.Until("it is checked", func() bool { return !s.built.train.dataset.intake.checking() })
}

func TestClosingAsksOnlyWhenAnUploadWouldBeCut(t *testing.T) {
	_, w := openBare(t)
	w.models.bria.adding.Add(1)
	w.end()
	top := w.Canvas().Overlays().Top()
	if top == nil || !viewtest.Says(top, "What is on its way now is cut.") {
		t.Fatal("nothing asks")
	}
	viewtest.TapPanelButton(t, top, "Keep open")
	if w.covered() {
		t.Fatal("it doesn't stay open")
	}
	w.models.bria.adding.Add(-1)
	if w.uploads() {
		t.Error("it would ask though nothing is cut")
	}
}

func TestAMaximisedWindowKeepsTheSizeItGoesBackTo(t *testing.T) {
	if got := sizeKept(windowstate.Place{}); got != usualSize {
		t.Errorf("a first start opens in %v", got)
	}
	if got := sizeKept(windowstate.Place{Width: 900, Height: 700, Maximized: true}); got != fyne.NewSize(900, 700) {
		t.Errorf("it goes back to %v", got)
	}
	native(test.NewTempWindow(t, widget.NewLabel("")), nil) // which has no native window
}
