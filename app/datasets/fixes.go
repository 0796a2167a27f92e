// What makes a photo fit a task better, and which photos of many to take.

package datasets

import (
	"context"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
)

// FixKind is a way to make a photo fit.
type FixKind string

// The ways to make a photo fit.
const (
	FixResize  FixKind = "resize"  // enlarge it to the service's minimum
	FixFlatten FixKind = "flatten" // lay a colour under its transparent parts
	FixSquare  FixKind = "square"  // crop it to the square in its middle
)

// Fix is one thing that can be done to a photo's copies.
type Fix struct {
	Kind FixKind
	Edit photo.Edit // the photo's edit with this in it, for SetEdits
	Edge int        // pixels of the shorter edge afterwards
	// Reason says why it isn't sensible, continuing a sentence that starts
	// with the photo's name; zero where it is.
	Reason providers.Sentence
}

// white is what transparent parts are laid onto unless told otherwise.
const white = "#ffffff"

// Fixes lists what can be done about a photo under a task's rules, the most
// needed first. Near-duplicates and blurred photos have no fix: Fitness points
// them out.
func Fixes(rules providers.PhotoRules, p photo.Photo) []Fix {
	var fixes []Fix
	width, height := p.Size()
	if edge := min(width, height); rules.MinEdge > 0 && edge < rules.MinEdge {
		fixes = append(fixes, resizing(rules.MinEdge, p))
	}
	if rules.Flatten && p.HasAlpha && p.Edit.Background == "" {
		flat := p.Edit
		flat.Background = white
		fixes = append(fixes, Fix{Kind: FixFlatten, Edit: flat, Edge: min(width, height)})
	}
	if width != height {
		square := p.Cropped(SquareCrop(p))
		w, h := square.Options().Size(p.Width, p.Height)
		fixes = append(fixes, Fix{Kind: FixSquare, Edit: square, Edge: min(w, h)})
	}
	return fixes
}

func resizing(edge int, p photo.Photo) Fix {
	fix := Fix{Kind: FixResize, Edit: p.Edit, Edge: edge}
	fix.Edit.MinEdge = edge
	if times := fix.Edit.Enlarging(p); times > photo.MaxEnlarge {
		fix.Reason = providers.Say("would have to be enlarged %.1f times, and beyond %g times a photo only gets blurred; use a larger original",
			times, photo.MaxEnlarge)
	}
	return fix
}

// SquareCrop is the largest square in the middle of what is kept of a photo.
func SquareCrop(p photo.Photo) photo.Crop {
	c := p.Edit.Crop
	if c == (photo.Crop{}) {
		c = photo.Crop{W: p.Width, H: p.Height}
	}
	edge := min(c.W, c.H)
	return photo.Crop{X: c.X + (c.W-edge)/2, Y: c.Y + (c.H-edge)/2, W: edge, H: edge}
}

// SuggestCrop looks at a photo and returns the largest square around its most
// detailed part. It reads the disk and decodes.
func (d *Datasets) SuggestCrop(ctx context.Context, p photo.Photo) (photo.Crop, error) {
	file, err := d.files.Open(p.Hash, p.Ext)
	if err != nil {
		return photo.Crop{}, failure.Storage("opening a photo", err)
	}
	defer file.Close()
	crop, err := photo.SuggestCrop(ctx, file)
	if err != nil {
		return photo.Crop{}, providers.Errorf("looking for the best part of %s: %v", p.Name, err)
	}
	return crop, nil
}

// PickBest returns the hashes of the n photos that are sharpest and most
// different from each other, in the order of photos.
func PickBest(photos []photo.Photo, n int) []string {
	picked := photo.PickBest(infosOf(photos), n)
	hashes := make([]string, len(picked))
	for i, at := range picked {
		hashes[i] = photos[at].Hash
	}
	return hashes
}
