// Package viewtest is what the tests of views share: the window's goroutine, pictures, looking for widgets, and services to
// talk to.
package viewtest

import (
	"image"
	"image/color"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/maquette-studio/maquette/views/kit"
)

// UI plays the window's goroutine: what workers hand to kit.OnUI runs when the test waits for something.
type UI struct {
	T      testing.TB
	posted chan func()
	Canvas fyne.Canvas
}

// Start begins a test with an app of its own. One window a test: Fyne's test driver knows only the last.
func Start(t testing.TB) *UI {
	t.Helper()
	fyneApp := test.NewTempApp(t)
	if t, ok := t.(*testing.T); ok {
		test.ApplyTheme(t, kit.NewTheme(kit.AppearanceLight))
	} else {
		fyneApp.Settings().SetTheme(kit.NewTheme(kit.AppearanceLight))
	}
	ui := &UI{T: t, posted: make(chan func(), 1<<16)}
	before := kit.OnUI
	kit.OnUI = func(f func()) { ui.posted <- f }
	t.Cleanup(func() { kit.OnUI = before })
	return ui
}

// Window shows content in the given size.
func (ui *UI) Window(content fyne.CanvasObject, width, height float32) fyne.Window {
	ui.T.Helper()
	w := test.NewTempWindow(ui.T, content)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(width, height))
	ui.Canvas = w.Canvas()
	return w
}

// Until runs what workers post until done; it fails the test when that takes unreasonably long.
func (ui *UI) Until(what string, done func() bool) {
	ui.T.Helper()
	deadline := time.After(time.Minute)
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	for !done() {
		select {
		case f := <-ui.posted:
			f()
		case <-look.C:
		case <-deadline:
			ui.T.Fatalf("waited in vain for: %s", what)
		}
	}
}

// Drain runs what is posted by now.
func (ui *UI) Drain() {
	for {
		select {
		case f := <-ui.posted:
			f()
		default:
			return
		}
	}
}

// Plain is a picture of one colour.
func Plain(width, height int, c color.Color) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	r, g, b, a := c.RGBA()
	for i := 0; i < len(img.Pix); i += 4 {
		img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = uint8(r>>8), uint8(g>>8), uint8(b>>8), uint8(a>>8)
	}
	return img
}

// Find returns all objects of type T that are visible under root. (test.LaidOutObjects makes new renderers, which a
// grid doesn't survive.)
func Find[T fyne.CanvasObject](root fyne.CanvasObject) []T {
	if root == nil || !root.Visible() {
		return nil
	}
	var found []T
	if hit, ok := root.(T); ok {
		found = append(found, hit)
	}
	var children []fyne.CanvasObject
	switch parent := root.(type) {
	case fyne.Widget:
		children = test.WidgetRenderer(parent).Objects()
	case *fyne.Container:
		children = parent.Objects
	}
	for _, child := range children {
		found = append(found, Find[T](child)...)
	}
	return found
}

// Key is a key that is typed.
func Key(name fyne.KeyName) *fyne.KeyEvent { return &fyne.KeyEvent{Name: name} }
