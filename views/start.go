// From the program's start to its end: the window appears at once, the studio
// is opened behind it, and what keeps it from opening is said where the person
// looks.

package views

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
	"github.com/go-gl/glfw/v3.4/glfw"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/windowstate"
	"github.com/maquette-studio/maquette/assets"
	"github.com/maquette-studio/maquette/views/kit"
)

// start is a window whose studio is being opened.
type start struct {
	app    fyne.App
	window fyne.Window
	open   func(Opening) (*app.Studio, error)
	opened sync.WaitGroup
	work   *kit.Work // of a page that says why the studio doesn't open

	state  *windowstate.Store
	built  *Window
	page   *welcomePage // what the window shows in place of the tabs; nil for nothing
	demo   bool         // the demo is open in place of the person's own studio
	files  []string     // and folders, to be taken in once it is built
	studio *app.Studio
	err    error
}

// Opening says which studio is to be opened.
type Opening struct {
	Dir  string // another data directory than the one known; "" for that one
	Demo bool   // the demo in it, whatever was asked for at the start
}

// ErrElsewhere is what open returns where the studio is open in another window,
// which came to the front: this one closes without a word.
var ErrElsewhere = errors.New("the studio is open in another window")

// Run shows the window as it was left in the data directory dir, opens the
// studio in it and returns when the window is closed and everything has
// stopped. Each arrival brings the window to the front, and files and folders
// into its dataset. open opens what a person chose meanwhile. The error is why
// the studio could not be opened, or what went wrong while closing.
func Run(fyneApp fyne.App, dir string, arrivals <-chan []string, open func(Opening) (*app.Studio, error)) error {
	s := newStart(fyneApp, dir, open)
	err := s.show()
	if err == nil {
		s.heedEnd()
		s.heedArrivals(arrivals)
		fyneApp.Run()
		kit.WindowEnds.Store(true)
	} else {
		kit.Alert(sayError(err))
	}
	return errors.Join(err, s.close(), s.state.Close())
}

// heedEnd notes the window's end as soon as it begins, by its button or by a
// signal; the menu's Quit closes the window too.
func (s *start) heedEnd() {
	s.window.SetCloseIntercept(func() {
		if s.built != nil {
			s.built.end()
			return
		}
		kit.WindowEnds.Store(true)
		s.window.Close()
	})
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		// As long as the program: it ends with it.
		<-signals
		kit.WindowEnds.Store(true)
	}()
}

// Ends reports whether the window closes or has closed: nothing more arrives in
// it. Call it from anywhere.
func Ends() bool { return kit.WindowEnds.Load() }

// heedArrivals waits for further starts of the program.
func (s *start) heedArrivals(arrivals <-chan []string) {
	go func() {
		// As long as the program: it ends with it.
		for paths := range arrivals {
			kit.OnUI(func() { s.arrive(paths) })
		}
	}()
}

// arrive brings the window to the front, and files and folders into it.
func (s *start) arrive(paths []string) {
	native(s.window, func(w *glfw.Window) {
		if w.GetAttrib(glfw.Iconified) == glfw.True {
			w.Restore()
		}
	})
	s.window.Show() // it may be hidden in the tray
	s.window.RequestFocus()
	s.takeFiles(paths)
}

// takeFiles takes files and folders in as if they were dropped on Train, once
// there is a studio.
func (s *start) takeFiles(paths []string) {
	s.files = append(s.files, paths...)
	if s.built == nil || len(s.files) == 0 {
		return
	}
	s.built.closePicture()
	s.built.openTab(tabTrain)
	s.built.train.dataset.intake.add(s.files)
	s.files = nil
}

// ErrNoWindow is that the system offers no window to draw in.
var ErrNoWindow = errors.New("no window can be opened: Maquette needs a display with OpenGL, which some virtual machines and " +
	"remote desktops lack. Without a window, every command works: maquette --help")

// show shows the window, where the system can make one.
func (s *start) show() (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("%w (%v)", ErrNoWindow, cause)
		}
	}()
	s.window.Show()
	restorePlace(s.window, s.state.Now().Window)
	heedWindowKeys(s.window)
	if native, ok := s.window.(driver.NativeWindow); ok {
		native.RunNative(func(context any) {
			if noNativeWindow(context) {
				err = ErrNoWindow
			}
		})
	}
	return err
}

// noNativeWindow reports whether the system made no window.
func noNativeWindow(context any) bool {
	switch c := context.(type) {
	case driver.X11WindowContext:
		return c.WindowHandle == 0
	case driver.WaylandWindowContext:
		return c.WaylandSurface == 0
	case driver.WindowsWindowContext:
		return c.HWND == 0
	case driver.MacWindowContext:
		return c.NSWindow == 0
	}
	return false
}

func newStart(fyneApp fyne.App, dir string, open func(Opening) (*app.Studio, error)) *start {
	state := windowstate.Open(dir)
	if err := speak(state.Now().Language); err != nil {
		fyne.LogError("Reading the window's texts", err)
	}
	if err := useScale(state.Now().Scale); err != nil {
		fyne.LogError("Setting the scale", err)
	}
	fyneApp.SetIcon(assets.Icon)
	fyneApp.Settings().SetTheme(kit.NewTheme(kit.AppearanceSystem))
	s := &start{app: fyneApp, window: fyneApp.NewWindow(windowTitle), open: open, work: kit.NewWork(), state: state}
	s.window.SetMaster()
	s.window.Resize(sizeKept(state.Now().Window))
	s.again("")
	return s
}

// again opens the studio, in another data directory than the one known where
// dir names one.
func (s *start) again(dir string) {
	s.window.SetContent(opening())
	s.opened.Go(func() { s.openStudio(dir) })
}

func opening() fyne.CanvasObject {
	bar := widget.NewProgressBarInfinite()
	return container.NewCenter(container.NewVBox(widget.NewLabel(lang.L("Opening your studio…")), bar))
}

// openStudio runs beside the window.
func (s *start) openStudio(dir string) {
	studio, err := s.open(Opening{Dir: dir, Demo: s.demo})
	damage, damaged := app.DamageOf(err)
	first := err == nil && studio.FirstStart(context.Background())
	s.studio, s.err = studio, err
	kit.OnUI(func() {
		if damaged {
			s.window.SetContent(newDamagePage(s, damage).content())
			return
		}
		if errors.Is(s.err, ErrElsewhere) {
			s.err = nil
			kit.WindowEnds.Store(true)
			s.window.Close()
			return
		}
		if s.err != nil {
			s.window.SetContent(cannotOpen(s.err, s.window.Close))
			return
		}
		if first {
			s.welcome()
		} else {
			s.build()
		}
		s.studio.Resume()
	})
}

func (s *start) build() {
	s.built = build(s.app, s.window, s.studio, s.state, windowLeads{reopen: s.reopen, setUp: s.setUp, leaveDemo: s.wayBack()})
	s.takeFiles(nil)
}

// wayBack leads from the demo to the person's own studio; nil where the window
// didn't come from there.
func (s *start) wayBack() func() {
	if !s.demo {
		return nil
	}
	return s.leaveDemo
}

// reopen builds the window anew, in the language that was chosen meanwhile.
// What runs in the studio isn't touched.
func (s *start) reopen() {
	if err := speak(s.state.Now().Language); err != nil {
		fyne.LogError("Reading the window's texts", err)
		return
	}
	s.built.Shutdown()
	s.build()
	s.built.openTab(tabSettings)
}

func cannotOpen(err error, quit func()) fyne.CanvasObject {
	title := widget.NewLabelWithStyle(lang.L("Maquette can't open its data"), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	text := widget.NewLabel(sayError(err))
	text.Wrapping = fyne.TextWrapWord
	text.Selectable = true
	done := widget.NewButton(lang.L("Quit"), quit)
	done.Importance = widget.HighImportance
	return container.NewPadded(container.NewVBox(title, text, container.NewHBox(done, layout.NewSpacer())))
}

// close stops what runs, once the window is gone.
func (s *start) close() error {
	s.work.Close()
	s.opened.Wait()
	if s.page != nil {
		s.endWelcome()
	}
	if s.built != nil {
		s.built.Shutdown()
	}
	if s.studio == nil {
		return s.err
	}
	err := errors.Join(s.err, s.studio.Close())
	for _, held := range s.studio.Jobs.Unwritten() {
		err = errors.Join(err, held.Parting())
	}
	return err
}
