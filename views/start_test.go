package views

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

func TestTheWindowIsThereBeforeTheStudio(t *testing.T) {
	ui := viewtest.Start(t)
	opening, dir := make(chan struct{}), t.TempDir()
	s := newStart(fyne.CurrentApp(), t.TempDir(), func(Opening) (*app.Studio, error) {
		<-opening
		return app.Open(app.Config{Dir: dir, Demo: true, SandboxPace: 0.05, SandboxMaxEdge: 96, Tempo: 0.05})
	})
	defer s.window.Close()
	if err := s.show(); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(viewtest.Labels(s.window.Content()), "Opening your studio…") {
		t.Error("nothing says that the studio is being opened")
	}
	close(opening)
	ui.Until("the tabs", func() bool { return len(viewtest.Find[*container.AppTabs](s.window.Content())) == 1 })
	if err := s.close(); err != nil {
		t.Fatal(err)
	}
}

func TestWhyTheStudioCannotOpenIsSaidInTheWindow(t *testing.T) {
	ui := viewtest.Start(t)
	s := newStart(fyne.CurrentApp(), t.TempDir(), func(Opening) (*app.Studio, error) { return nil, errors.New("the database is damaged") })
	if err := s.show(); err != nil {
		t.Fatal(err)
	}
	ui.Until("the reason", func() bool {
		return slices.ContainsFunc(viewtest.Labels(s.window.Content()), func(text string) bool { return strings.Contains(text, "the database is damaged") })
	})
	for _, button := range viewtest.Find[*widget.Button](s.window.Content()) {
		if button.Text == "Quit" {
			test.Tap(button)
		}
	}
	if err := s.close(); err == nil {
		t.Error("the program's end doesn't tell why")
	}
}

func TestAWindowTheSystemCouldNotMakeIsRecognised(t *testing.T) {
	for _, context := range []any{driver.X11WindowContext{}, driver.WaylandWindowContext{}, driver.WindowsWindowContext{}, driver.MacWindowContext{}} {
		if !noNativeWindow(context) {
			t.Errorf("%T without a window counts as made", context)
		}
	}
	for _, context := range []any{driver.X11WindowContext{WindowHandle: 7}, driver.WaylandWindowContext{WaylandSurface: 7}, driver.WindowsWindowContext{HWND: 7}, driver.MacWindowContext{NSWindow: 7}, nil} {
		if noNativeWindow(context) {
			t.Errorf("%T counts as not made", context)
		}
	}
}
