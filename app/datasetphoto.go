// One photo of a dataset, and the edits that the copies of it get.

package app

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image/color"
	"strconv"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
)

// DatasetPhoto is one photo of a dataset: its original bytes lie in the
// library's files under their content hash and are never changed.
type DatasetPhoto struct {
	Hash      string    `json:"hash"`
	Ext       string    `json:"ext"`
	Name      string    `json:"name"` // the file's base name, for a person's eyes
	Caption   string    `json:"caption,omitempty"`
	Edit      Edit      `json:"edit,omitzero"`
	Width     int       `json:"width"` // pixels of the original, after orientation
	Height    int       `json:"height"`
	Bytes     int64     `json:"bytes"`
	HasAlpha  bool      `json:"has_alpha,omitempty"` // some of it is transparent
	Look      uint64    `json:"look,omitempty"`      // perceptual hash
	Sharpness float64   `json:"sharpness,omitempty"`
	Notes     []string  `json:"notes,omitempty"`
	Added     time.Time `json:"added"`
}

// Crop is a rectangle in pixels of the upright photo; the zero Crop is all of
// it.
type Crop = photo.Crop

// Edit is what is done to each copy of a photo that leaves this computer; the
// original stays as it is. The zero Edit is nothing.
type Edit struct {
	Crop Crop `json:"crop,omitzero"`
	// Background is laid under transparent parts: "#rrggbb", or "" to leave
	// them transparent.
	Background string `json:"background,omitempty"`
	// MinEdge is what the shorter edge is enlarged to where it has fewer
	// pixels; 0 means it isn't.
	MinEdge int `json:"min_edge,omitempty"`
}

// Ref names the original photo for Thumbnail.
func (p DatasetPhoto) Ref() string { return contentRef(p.Hash, p.Ext) }

// EditedRef names the photo as it leaves for Thumbnail.
func (p DatasetPhoto) EditedRef() string {
	if p.Edit == (Edit{}) {
		return p.Ref()
	}
	return p.Ref() + editMark + p.Edit.String()
}

// Size is the width and height in pixels of the photo as it leaves.
func (p DatasetPhoto) Size() (width, height int) { return p.Edit.options().Size(p.Width, p.Height) }

// Cropped is the photo's edit with another crop. Enlarging is given up where
// the new crop would need too much of it.
func (p DatasetPhoto) Cropped(crop Crop) Edit {
	edit := p.Edit
	edit.Crop = crop
	if enlarging(edit, p) > photo.MaxEnlarge {
		edit.MinEdge = 0
	}
	return edit.tidy(p)
}

// editedBytes is about the size of the file that leaves: the original's, as
// far as its area is kept.
func (p DatasetPhoto) editedBytes() int64 {
	if p.Edit == (Edit{}) || p.Width <= 0 || p.Height <= 0 {
		return p.Bytes
	}
	width, height := p.Size()
	return int64(float64(p.Bytes) * float64(width) / float64(p.Width) * float64(height) / float64(p.Height))
}

// editedID tells the photo from others and from itself with another edit.
func (p DatasetPhoto) editedID() string {
	if p.Edit == (Edit{}) {
		return p.Hash
	}
	sum := sha256.Sum256([]byte(p.Edit.String()))
	return p.Hash + "-" + hex.EncodeToString(sum[:6])
}

// leavesAs is the extension of the copy: see photo.Prepare.
func (p DatasetPhoto) leavesAs() string {
	switch {
	case p.Ext != "webp":
		return p.Ext
	case p.HasAlpha && p.Edit.Background == "":
		return "png"
	}
	return "jpg"
}

// editMark parts a content reference from the edit.
const editMark = "?"

// String is the edit as it stands in a reference: "x,y,w,h,edge,#rrggbb".
func (e Edit) String() string {
	return fmt.Sprintf("%d,%d,%d,%d,%d,%s", e.Crop.X, e.Crop.Y, e.Crop.W, e.Crop.H, e.MinEdge, e.Background)
}

// editOf reads the edit of a reference; one without is no error.
func editOf(ref string) (Edit, error) {
	_, text, edited := strings.Cut(ref, editMark)
	if !edited || !strings.HasPrefix(ref, contentPrefix) {
		return Edit{}, nil
	}
	parts := strings.Split(text, ",")
	if len(parts) != 6 {
		return Edit{}, fmt.Errorf("%q is no edit of a photo", text)
	}
	var n [5]int
	for i := range n {
		var err error
		if n[i], err = strconv.Atoi(parts[i]); err != nil {
			return Edit{}, fmt.Errorf("%q is no edit of a photo: %w", text, err)
		}
	}
	return Edit{Crop: Crop{X: n[0], Y: n[1], W: n[2], H: n[3]}, MinEdge: n[4], Background: parts[5]}, nil
}

func (e Edit) options() photo.Options {
	options := photo.Options{Crop: e.Crop, MinEdge: e.MinEdge}
	if c, ok := colour(e.Background); ok {
		options.Background = c
	}
	return options
}

// colour reads "#rrggbb".
func colour(text string) (color.NRGBA, bool) {
	hexed, ok := strings.CutPrefix(text, "#")
	b, err := hex.DecodeString(hexed)
	if !ok || err != nil || len(b) != 3 {
		return color.NRGBA{}, false
	}
	return color.NRGBA{R: b[0], G: b[1], B: b[2], A: 0xff}, true
}

// check says why the edit makes no sense for a photo.
func (e Edit) check(p DatasetPhoto) error {
	refused := func(format string, args ...any) error {
		return &providers.Failure{
			Kind: providers.InvalidInput, Message: p.Name + " " + fmt.Sprintf(format, args...), Outcome: providers.NotSent,
		}
	}
	if _, ok := colour(e.Background); !ok && e.Background != "" {
		return refused("can't be laid onto %q, which is no colour such as #ffffff", e.Background)
	}
	if c := e.Crop; c != (Crop{}) && (c.X < 0 || c.Y < 0 || c.W < 1 || c.H < 1 || c.X > p.Width-c.W || c.Y > p.Height-c.H) {
		return refused("is %d × %d pixels; the crop does not lie within it", p.Width, p.Height)
	}
	if e.MinEdge < 0 || enlarging(e, p) > photo.MaxEnlarge {
		return refused("would have to be enlarged more than %g times", photo.MaxEnlarge)
	}
	return nil
}

// enlarging is how many times the edit enlarges the photo; 1 for not at all.
func enlarging(e Edit, p DatasetPhoto) float64 {
	width, height := photo.Options{Crop: e.Crop}.Size(p.Width, p.Height)
	return max(1, float64(e.MinEdge)/float64(max(1, min(width, height))))
}

// tidy is the edit without what it doesn't need to say.
func (e Edit) tidy(p DatasetPhoto) Edit {
	if e.Crop == (Crop{W: p.Width, H: p.Height}) {
		e.Crop = Crop{}
	}
	return e
}
