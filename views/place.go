// The window's place: its size, where it stands and whether it fills the
// screen, as it was left. A window that couldn't be reached is brought back.

package views

import (
	"time"

	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.4/glfw"

	"github.com/maquette-studio/maquette/app/windowstate"
	"github.com/maquette-studio/maquette/views/kit"
)

// usualSize is the window's at a first start, in density-independent pixels.
var usualSize = fyne.NewSize(1180, 760)

// placeRest is how long a window must not have been resized for its place to
// be noted.
const placeRest = 400 * time.Millisecond

// place notes where the window is. Its methods belong to the UI goroutine.
type place struct {
	window fyne.Window
	state  *windowstate.Store
	work   *kit.Work
	size   fyne.Size
	ended  bool
}

// newPlace is the layout of the window's content: it hears when the window is
// resized.
func newPlace(window fyne.Window, state *windowstate.Store, work *kit.Work) *place {
	p := &place{window: window, state: state, work: work}
	fyne.CurrentApp().Lifecycle().SetOnExitedForeground(p.note)
	return p
}

// MinSize is the content's.
func (p *place) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

// Layout fills the window.
func (p *place) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size)
	if size == p.size || p.ended {
		return
	}
	p.size = size
	p.work.After("place", placeRest, p.note)
}

// end is for when the window has closed or is built anew.
func (p *place) end() {
	p.ended = true
	p.work.End()
}

// note remembers the place as it is now. One that fills the screen, or none of
// it, keeps the place that the window goes back to.
func (p *place) note() {
	if p.ended || p.window.FullScreen() {
		return
	}
	size := p.window.Canvas().Size()
	now, hidden := windowstate.Place{Width: size.Width, Height: size.Height}, false
	native(p.window, func(w *glfw.Window) {
		hidden = w.GetAttrib(glfw.Iconified) == glfw.True || w.GetAttrib(glfw.Visible) == glfw.False
		now.Maximized = w.GetAttrib(glfw.Maximized) == glfw.True
		if glfw.GetPlatform() != glfw.PlatformWayland { // which tells no program where it is
			now.X, now.Y = w.GetPos()
			now.Placed = true
		}
	})
	kept := p.state.Now().Window
	if now.Maximized {
		kept.Maximized = true
		now = kept
	}
	if hidden || now == p.state.Now().Window || now.Width == 0 && !now.Maximized {
		return
	}
	p.state.Change(func(state *windowstate.State) { state.Window = now })
}

// native lends the system's window, where there is one.
func native(window fyne.Window, do func(*glfw.Window)) {
	drawn, there := window.(interface{ RunWithContext(do func()) })
	if !there {
		return
	}
	drawn.RunWithContext(func() {
		if w := glfw.GetCurrentContext(); w != nil {
			do(w)
		}
	})
}

// sizeKept is the size that the window opens with.
func sizeKept(kept windowstate.Place) fyne.Size {
	if !(kept.Width > 0 && kept.Height > 0) {
		return usualSize
	}
	return fyne.NewSize(kept.Width, kept.Height)
}

// restorePlace puts a window that was just shown where it was left.
func restorePlace(window fyne.Window, kept windowstate.Place) {
	var to area
	var move, resize bool
	scale := window.Canvas().Scale()
	native(window, func(w *glfw.Window) {
		size := sizeKept(kept)
		wanted := area{kept.X, kept.Y, int(size.Width * scale), int(size.Height * scale)}
		left, top, right, bottom := w.GetFrameSize()
		to, move = reachable(wanted, kept.Placed, screens(left, top, right, bottom))
		resize = to.width != wanted.width || to.height != wanted.height
		if move && glfw.GetPlatform() != glfw.PlatformWayland {
			w.SetPos(to.x, to.y)
		}
	})
	if resize {
		window.Resize(fyne.NewSize(float32(to.width)/scale, float32(to.height)/scale))
	}
	if kept.Maximized {
		native(window, func(w *glfw.Window) { w.Maximize() })
	}
}

// screens are what a window's content may cover of each screen, when its frame
// is that wide; the main screen is first.
func screens(left, top, right, bottom int) []area {
	var all []area
	for _, monitor := range glfw.GetMonitors() {
		x, y, width, height := monitor.GetWorkarea()
		all = append(all, area{x + left, y + top, width - left - right, height - top - bottom})
	}
	return all
}

// area is a part of the desktop, in the screen's own units.
type area struct{ x, y, width, height int }

// holds reports whether a point lies in it.
func (a area) holds(x, y int) bool {
	return x >= a.x && y >= a.y && x < a.x+a.width && y < a.y+a.height
}

// grip is how much of a window's upper edge has to be on a screen for a person
// to get hold of it, in the screen's own units.
const grip = 80

// reachable is the place nearest to the one wanted that is all on one screen,
// and whether the window has to be moved there; else the system places it.
func reachable(wanted area, placed bool, screens []area) (to area, move bool) {
	if len(screens) == 0 {
		return wanted, false
	}
	on := screens[0]
	known := false
	for _, screen := range screens {
		for _, x := range []int{wanted.x, wanted.x + grip, wanted.x + wanted.width - grip} {
			if placed && !known && screen.holds(x, max(wanted.y, screen.y)) {
				on, known = screen, true
			}
		}
	}
	to = wanted
	to.width, to.height = min(to.width, on.width), min(to.height, on.height)
	if !known {
		to.x, to.y = on.x, on.y
		return to, to.width < wanted.width || to.height < wanted.height
	}
	to.x = max(on.x, min(to.x, on.x+on.width-to.width))
	to.y = max(on.y, min(to.y, on.y+on.height-to.height))
	return to, true
}
