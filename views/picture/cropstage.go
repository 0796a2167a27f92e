// The part of the crop editor that shows the photo and takes mouse and keys.

package picture

import (
	"image"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/views/kit"
)

// Measures in density-independent pixels.
const (
	cropHandle float32 = 10 // edge of a handle
	cropReach  float32 = 12 // how near to a handle is on it
	cropMargin float32 = 14 // around the photo
)

// cropSides are the handles: -1 the left or top side, 1 the right or bottom
// one, 0 the middle. Corners come first: near one, the corner is meant.
var cropSides = [8][2]int{{-1, -1}, {1, -1}, {-1, 1}, {1, 1}, {-1, 0}, {1, 0}, {0, -1}, {0, 1}}

// cropStage shows the photo with the part that stays. Its owner changes shape
// and calls changed.
type cropStage struct {
	widget.BaseWidget

	shape     cropShape
	OnChanged func()
	keys      func(*fyne.KeyEvent) bool // those that are not for the part
	modifiers func() fyne.KeyModifier   // held now; TypedKey isn't told

	drag    func(x, y int) // what the mouse drags, in pixels of the photo; nil for nothing
	back    *kit.Plate
	picture *canvas.Image
	shades  [4]*canvas.Rectangle
	frame   *canvas.Rectangle
	handles [8]*canvas.Rectangle
	layers  *fyne.Container
}

var (
	_ fyne.Focusable     = (*cropStage)(nil)
	_ fyne.Draggable     = (*cropStage)(nil)
	_ desktop.Cursorable = (*cropStage)(nil)
)

func newCropStage(shape cropShape, keys func(*fyne.KeyEvent) bool) *cropStage {
	s := &cropStage{shape: shape, keys: keys, modifiers: heldModifiers, back: kit.NewPlate(kit.ColorMat, "", 4)}
	s.picture = &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScaleFastest}
	s.layers = container.NewWithoutLayout(s.picture)
	for i := range s.shades {
		s.shades[i] = canvas.NewRectangle(nil)
		s.layers.Add(s.shades[i])
	}
	s.frame = canvas.NewRectangle(nil)
	s.layers.Add(s.frame)
	for i := range s.handles {
		s.handles[i] = canvas.NewRectangle(nil)
		s.layers.Add(s.handles[i])
	}
	s.ExtendBaseWidget(s)
	return s
}

// CreateRenderer lays the part over the photo.
func (s *cropStage) CreateRenderer() fyne.WidgetRenderer {
	s.paint()
	return widget.NewSimpleRenderer(container.NewStack(s.back, s.layers))
}

// MinSize leaves room to work in.
func (s *cropStage) MinSize() fyne.Size { return fyne.NewSize(240, 200) }

// Resize fits the photo anew.
func (s *cropStage) Resize(size fyne.Size) {
	s.BaseWidget.Resize(size)
	s.arrange()
}

// Refresh follows a change of theme.
func (s *cropStage) Refresh() {
	s.paint()
	s.BaseWidget.Refresh()
}

func (s *cropStage) paint() {
	for _, shade := range s.shades {
		shade.FillColor = theme.Color(kit.ColorScrim)
	}
	s.frame.StrokeColor, s.frame.StrokeWidth = theme.Color(theme.ColorNamePrimary), 2
	for _, handle := range s.handles {
		handle.FillColor = theme.Color(theme.ColorNameBackground)
		handle.StrokeColor, handle.StrokeWidth = theme.Color(theme.ColorNamePrimary), 2
	}
}

func (s *cropStage) setPicture(img *image.RGBA) {
	s.picture.Image = img
	s.picture.Refresh()
}

// area is where the whole photo lies, and how large a pixel of it is.
func (s *cropStage) area() (at fyne.Position, perPixel float32) {
	room := s.Size().SubtractWidthHeight(2*cropMargin, 2*cropMargin)
	w, h := float32(s.shape.width), float32(s.shape.height)
	perPixel = max(0.001, min(room.Width/w, room.Height/h))
	return fyne.NewPos((s.Size().Width-w*perPixel)/2, (s.Size().Height-h*perPixel)/2), perPixel
}

// arrange puts everything where the part is.
func (s *cropStage) arrange() {
	at, scale := s.area()
	w, h := float32(s.shape.width)*scale, float32(s.shape.height)*scale
	c := s.shape.crop
	left, top := at.X+float32(c.X)*scale, at.Y+float32(c.Y)*scale
	cw, ch := float32(c.W)*scale, float32(c.H)*scale
	kit.Place(s.picture, at, fyne.NewSize(w, h))
	kit.Place(s.shades[0], at, fyne.NewSize(w, top-at.Y))
	kit.Place(s.shades[1], fyne.NewPos(at.X, top+ch), fyne.NewSize(w, at.Y+h-top-ch))
	kit.Place(s.shades[2], fyne.NewPos(at.X, top), fyne.NewSize(left-at.X, ch))
	kit.Place(s.shades[3], fyne.NewPos(left+cw, top), fyne.NewSize(at.X+w-left-cw, ch))
	kit.Place(s.frame, fyne.NewPos(left, top), fyne.NewSize(cw, ch))
	for i := range s.handles {
		kit.Place(s.handles[i], s.handleAt(i).SubtractXY(cropHandle/2, cropHandle/2), fyne.NewSquareSize(cropHandle))
		kit.SetVisible(i < 4 || !s.shape.square, s.handles[i])
	}
}

// handleAt is the middle of a handle.
func (s *cropStage) handleAt(i int) fyne.Position {
	at, scale := s.area()
	c := s.shape.crop
	x := float32(c.X) + float32(c.W)*float32(cropSides[i][0]+1)/2
	y := float32(c.Y) + float32(c.H)*float32(cropSides[i][1]+1)/2
	return at.AddXY(x*scale, y*scale)
}

// changed shows the part as it is now.
func (s *cropStage) changed() {
	s.arrange()
	canvas.Refresh(s)
	kit.Call(s.OnChanged)
}

// pixel is the photo's pixel under a point.
func (s *cropStage) pixel(point fyne.Position) (x, y int) {
	at, scale := s.area()
	return int(math.Round(float64((point.X - at.X) / scale))), int(math.Round(float64((point.Y - at.Y) / scale)))
}

// grip is what dragging from a point does: a handle changes the part, its
// inside moves it, and anywhere else begins a new one.
func (s *cropStage) grip(point fyne.Position) func(x, y int) {
	c := s.shape.crop
	for i, side := range cropSides {
		if !s.handles[i].Visible() || !s.near(i, point) {
			continue
		}
		if i >= 4 {
			return func(x, y int) { s.shape.pull(side[0], side[1], x, y) }
		}
		cornerX, cornerY := c.X+c.W*(1-side[0])/2, c.Y+c.H*(1-side[1])/2
		return func(x, y int) { s.shape.stretch(cornerX, cornerY, x, y) }
	}
	fromX, fromY := s.pixel(point)
	inside := fromX >= c.X && fromY >= c.Y && fromX < c.X+c.W && fromY < c.Y+c.H
	if inside && s.shape.result() != (photo.Crop{}) {
		return func(x, y int) { s.shape.moveTo(c.X+x-fromX, c.Y+y-fromY) }
	}
	fromX, fromY = min(max(fromX, 0), s.shape.width), min(max(fromY, 0), s.shape.height)
	return func(x, y int) { s.shape.stretch(fromX, fromY, x, y) }
}

// near reports whether a point is on a handle; a side can be taken anywhere
// along it.
func (s *cropStage) near(i int, point fyne.Position) bool {
	off := s.handleAt(i).Subtract(point)
	_, scale := s.area()
	reachX, reachY := cropReach, cropReach
	if cropSides[i][0] == 0 {
		reachX = float32(s.shape.crop.W) * scale / 2
	}
	if cropSides[i][1] == 0 {
		reachY = float32(s.shape.crop.H) * scale / 2
	}
	return max(off.X, -off.X) <= reachX && max(off.Y, -off.Y) <= reachY
}

// Dragged changes the part.
func (s *cropStage) Dragged(event *fyne.DragEvent) {
	if s.drag == nil {
		s.drag = s.grip(event.Position.SubtractXY(event.Dragged.DX, event.Dragged.DY))
	}
	s.drag(s.pixel(event.Position))
	s.changed()
}

// DragEnd lets go.
func (s *cropStage) DragEnd() { s.drag = nil }

// Tapped takes the keyboard back from the buttons.
func (s *cropStage) Tapped(*fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(s); c != nil {
		c.Focus(s)
	}
}

// TypedKey moves the part by a hundredth of the photo, or, with Shift, its
// bottom right corner.
func (s *cropStage) TypedKey(event *fyne.KeyEvent) {
	step := max(1, max(s.shape.width, s.shape.height)/100)
	dx, dy := 0, 0
	switch event.Name {
	case fyne.KeyLeft:
		dx = -step
	case fyne.KeyRight:
		dx = step
	case fyne.KeyUp:
		dy = -step
	case fyne.KeyDown:
		dy = step
	default:
		s.keys(event)
		return
	}
	if s.modifiers()&fyne.KeyModifierShift != 0 {
		s.shape.grow(dx, dy)
	} else {
		s.shape.moveTo(s.shape.crop.X+dx, s.shape.crop.Y+dy)
	}
	s.changed()
}

// TypedRune has no use for letters.
func (s *cropStage) TypedRune(rune) {}

// FocusGained needs no mark: the part is always marked.
func (s *cropStage) FocusGained() {}

// FocusLost needs none either.
func (s *cropStage) FocusLost() {}

// Cursor says that parts are drawn here.
func (s *cropStage) Cursor() desktop.Cursor { return desktop.CrosshairCursor }
