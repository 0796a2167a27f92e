// The place of one picture: what is known of it at once, else asked for, else nothing yet.

package picture

import "image"

// Slot holds one picture after another and gives up what is loading when it is
// given the next: what arrives for an earlier one is never shown. It belongs to
// the UI goroutine.
type Slot struct {
	Picture *image.RGBA // nil while there is none
	Err     error       // why there is none, where that is known

	loader  *Loader
	arrived func()
	id      string
	px      int
	request *Request
}

// NewSlot is empty. arrived is called when a picture that Set didn't know, or
// the reason why there is none, has arrived.
func NewSlot(loader *Loader, arrived func()) *Slot {
	return &Slot{loader: loader, arrived: arrived}
}

// ID is whose picture is in the slot or awaited, "" for none.
func (s *Slot) ID() string { return s.id }

// Set makes the slot that of id's picture, no edge longer than px device
// pixels; "" empties it. It reports whether that changed anything.
func (s *Slot) Set(id string, px int) (changed bool) {
	if id == s.id && (px == s.px || id == "") {
		return false
	}
	s.request.Cancel()
	s.id, s.px, s.request, s.Picture, s.Err = id, px, nil, nil, nil
	if id == "" {
		return true
	}
	if img, known, err := s.loader.Cached(id, px); known {
		s.Picture, s.Err = img, err
		return true
	}
	s.request = s.loader.Request(id, px, func(img *image.RGBA, err error) {
		s.request, s.Picture, s.Err = nil, img, err
		s.arrived()
	})
	return true
}

// Image is the picture for a canvas, nil while there is none: a nil *image.RGBA
// must not become a non-nil image.Image.
func (s *Slot) Image() image.Image {
	if s.Picture == nil {
		return nil
	}
	return s.Picture
}
