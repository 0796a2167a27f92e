// The arithmetic of choosing a part of a photo, in its pixels.

package picture

import (
	"github.com/maquette-studio/maquette/app/photo"
)

// cropLeast is the shortest edge of a part, in pixels.
const cropLeast = 16

// cropShape is a part of a photo that never leaves it and is never empty.
type cropShape struct {
	width, height int // of the photo
	square        bool
	crop          photo.Crop
}

// newCropShape begins with a crop; the zero one is the whole photo.
func newCropShape(width, height int, crop photo.Crop) cropShape {
	s := cropShape{width: max(1, width), height: max(1, height)}
	s.set(crop)
	s.square = crop != (photo.Crop{}) && crop.W == crop.H
	return s
}

// set takes a crop as it is; the zero one is the whole photo.
func (s *cropShape) set(crop photo.Crop) {
	s.crop = crop
	if crop == (photo.Crop{}) {
		s.crop = photo.Crop{W: s.width, H: s.height}
	}
}

// result is the crop; the zero one for the whole photo.
func (s *cropShape) result() photo.Crop {
	if s.crop == (photo.Crop{W: s.width, H: s.height}) {
		return photo.Crop{}
	}
	return s.crop
}

// least is the shortest edge that this photo allows: from any of its pixels
// there is room for so much to one side.
func (s *cropShape) least() int { return min(cropLeast, (min(s.width, s.height)+1)/2) }

// setSquare makes the part square about its middle, and keeps it so.
func (s *cropShape) setSquare(square bool) {
	s.square = square
	if !square || s.crop.W == s.crop.H {
		return
	}
	edge := min(s.crop.W, s.crop.H)
	s.crop.X += (s.crop.W - edge) / 2
	s.crop.Y += (s.crop.H - edge) / 2
	s.crop.W, s.crop.H = edge, edge
}

// moveTo puts the top left corner somewhere.
func (s *cropShape) moveTo(x, y int) {
	s.crop.X = min(max(x, 0), s.width-s.crop.W)
	s.crop.Y = min(max(y, 0), s.height-s.crop.H)
}

// grow moves the bottom right corner; a square grows by whichever is not 0.
func (s *cropShape) grow(dx, dy int) {
	if s.square {
		by := dx
		if by == 0 {
			by = dy
		}
		dx, dy = by, by
	}
	s.stretch(s.crop.X, s.crop.Y, s.crop.X+max(s.crop.W+dx, s.least()), s.crop.Y+max(s.crop.H+dy, s.least()))
}

// stretch spans the part between a corner that stays and a point; near an edge
// of the photo that leaves no room, it turns to the other side.
func (s *cropShape) stretch(cornerX, cornerY, x, y int) {
	left, width, roomX := span(cornerX, x, s.width, s.least())
	up, height, roomY := span(cornerY, y, s.height, s.least())
	if s.square {
		width = min(max(width, height), roomX, roomY)
		height = width
	}
	s.crop = photo.Crop{X: cornerX, Y: cornerY, W: width, H: height}
	if left {
		s.crop.X -= width
	}
	if up {
		s.crop.Y -= height
	}
}

// span is one axis of stretch: towards which side, how long, and how much room
// there is.
func span(from, to, most, least int) (back bool, length, room int) {
	to = min(max(to, 0), most)
	back, length = to < from, max(to-from, from-to)
	room = most - from
	if back {
		room = from
	}
	if room < least {
		back, room = !back, most-room
	}
	return back, min(max(length, least), room), room
}

// pull moves one edge; dx and dy say which: -1 the left or top one, 1 the right
// or bottom one, 0 none. A square isn't pulled by its edges.
func (s *cropShape) pull(dx, dy, x, y int) {
	least := s.least()
	right, bottom := s.crop.X+s.crop.W, s.crop.Y+s.crop.H
	switch {
	case dx < 0:
		s.crop.X = min(max(x, 0), right-least)
		s.crop.W = right - s.crop.X
	case dx > 0:
		s.crop.W = min(max(x, s.crop.X+least), s.width) - s.crop.X
	case dy < 0:
		s.crop.Y = min(max(y, 0), bottom-least)
		s.crop.H = bottom - s.crop.Y
	case dy > 0:
		s.crop.H = min(max(y, s.crop.Y+least), s.height) - s.crop.Y
	}
}
