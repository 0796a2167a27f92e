// What makes a photo fit a task better, and which photos of many to take.

package app

import (
	"context"
	"fmt"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
)

// MendKind is a way to make a photo fit.
type MendKind string

// The ways to make a photo fit.
const (
	MendResize  MendKind = "resize"  // enlarge it to the service's minimum
	MendFlatten MendKind = "flatten" // lay a colour under its transparent parts
	MendSquare  MendKind = "square"  // crop it to the square in its middle
)

// Mend is one thing that can be done to a photo's copies.
type Mend struct {
	Kind MendKind
	Edit Edit // the photo's edit with this in it, for SetEdits
	Edge int  // pixels of the shorter edge afterwards
	// Reason says why it isn't sensible, continuing a sentence that starts
	// with the photo's name; "" where it is.
	Reason string
}

// white is what transparent parts are laid onto unless told otherwise.
const white = "#ffffff"

// Mends lists what can be done about a photo under a task's rules, the most
// needed first. Near-duplicates and blurred photos have no mend: Fitness points
// them out.
func Mends(rules providers.PhotoRules, p DatasetPhoto) []Mend {
	var mends []Mend
	width, height := p.Size()
	if edge := min(width, height); rules.MinEdge > 0 && edge < rules.MinEdge {
		mends = append(mends, resizing(rules.MinEdge, p))
	}
	if rules.Flatten && p.HasAlpha && p.Edit.Background == "" {
		flat := p.Edit
		flat.Background = white
		mends = append(mends, Mend{Kind: MendFlatten, Edit: flat, Edge: min(width, height)})
	}
	if width != height {
		square := p.Cropped(SquareCrop(p))
		w, h := square.options().Size(p.Width, p.Height)
		mends = append(mends, Mend{Kind: MendSquare, Edit: square, Edge: min(w, h)})
	}
	return mends
}

func resizing(edge int, p DatasetPhoto) Mend {
	mend := Mend{Kind: MendResize, Edit: p.Edit, Edge: edge}
	mend.Edit.MinEdge = edge
	if times := enlarging(mend.Edit, p); times > photo.MaxEnlarge {
		mend.Reason = fmt.Sprintf("would have to be enlarged %.1f times, and beyond %g times a photo only gets blurred; use a larger original",
			times, photo.MaxEnlarge)
	}
	return mend
}

// SquareCrop is the largest square in the middle of what is kept of a photo.
func SquareCrop(p DatasetPhoto) Crop {
	c := p.Edit.Crop
	if c == (Crop{}) {
		c = Crop{W: p.Width, H: p.Height}
	}
	edge := min(c.W, c.H)
	return Crop{X: c.X + (c.W-edge)/2, Y: c.Y + (c.H-edge)/2, W: edge, H: edge}
}

// SuggestCrop looks at a photo and returns the largest square around its most
// detailed part. It reads the disk and decodes.
func (s *Studio) SuggestCrop(ctx context.Context, p DatasetPhoto) (Crop, error) {
	file, err := s.files.Open(p.Hash, p.Ext)
	if err != nil {
		return Crop{}, storageFailure("opening a photo", err)
	}
	defer file.Close()
	crop, err := photo.SuggestCrop(ctx, file)
	if err != nil {
		return Crop{}, fmt.Errorf("looking for the best part of %s: %w", p.Name, err)
	}
	return crop, nil
}

// PickBest returns the hashes of the n photos that are sharpest and most
// different from each other, in the order of photos.
func PickBest(photos []DatasetPhoto, n int) []string {
	picked := photo.PickBest(infosOf(photos), n)
	hashes := make([]string, len(picked))
	for i, at := range picked {
		hashes[i] = photos[at].Hash
	}
	return hashes
}
