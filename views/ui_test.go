// What the tests of this package share: the window's goroutine, pictures, and looking for widgets.

package views

import (
	"image"
	"image/color"
	"os"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		if demoFilled != "" {
			_ = os.RemoveAll(demoFilled)
		}
		os.Exit(code)
	}))
}

// testUI plays the window's goroutine: what workers hand to onUI runs when the test waits for something.
type testUI struct {
	t      testing.TB
	posted chan func()
	canvas fyne.Canvas
}

// startUI begins a test with an app of its own. One window a test: Fyne's test driver knows only the last.
func startUI(t testing.TB) *testUI {
	t.Helper()
	app := test.NewTempApp(t)
	if t, ok := t.(*testing.T); ok {
		test.ApplyTheme(t, newTheme(appearanceLight))
	} else {
		app.Settings().SetTheme(newTheme(appearanceLight))
	}
	ui := &testUI{t: t, posted: make(chan func(), 1<<16)}
	before := onUI
	onUI = func(f func()) { ui.posted <- f }
	t.Cleanup(func() { onUI = before })
	return ui
}

// window shows content in the given size.
func (ui *testUI) window(content fyne.CanvasObject, width, height float32) fyne.Window {
	ui.t.Helper()
	w := test.NewTempWindow(ui.t, content)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(width, height))
	ui.canvas = w.Canvas()
	return w
}

// until runs what workers post until done; it fails the test when that takes unreasonably long.
func (ui *testUI) until(what string, done func() bool) {
	ui.t.Helper()
	deadline := time.After(time.Minute)
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	for !done() {
		select {
		case f := <-ui.posted:
			f()
		case <-look.C:
		case <-deadline:
			ui.t.Fatalf("waited in vain for: %s", what)
		}
	}
}

// drain runs what is posted by now.
func (ui *testUI) drain() {
	for {
		select {
		case f := <-ui.posted:
			f()
		default:
			return
		}
	}
}

// plain is a picture of one colour.
func plain(width, height int, c color.Color) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	r, g, b, a := c.RGBA()
	for i := 0; i < len(img.Pix); i += 4 {
		img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = uint8(r>>8), uint8(g>>8), uint8(b>>8), uint8(a>>8)
	}
	return img
}

// find returns all objects of type T that are visible under root. (test.LaidOutObjects makes new renderers, which a
// grid doesn't survive.)
func find[T fyne.CanvasObject](root fyne.CanvasObject) []T {
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
		found = append(found, find[T](child)...)
	}
	return found
}

func key(name fyne.KeyName) *fyne.KeyEvent { return &fyne.KeyEvent{Name: name} }
