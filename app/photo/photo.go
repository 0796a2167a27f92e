// A photo as datasets and jobs keep it, the edits that the copies of it get,
// and the references that name both.

package photo

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image/color"
	"strconv"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/providers"
)

// Photo is one photo of a dataset or a job: its original bytes lie in the
// library's files under their content hash and are never changed.
type Photo struct {
	Hash           string               `json:"hash"`
	Ext            string               `json:"ext"`
	Name           string               `json:"name"` // the file's base name, for a person's eyes
	Caption        string               `json:"caption,omitempty"`
	Edit           Edit                 `json:"edit,omitzero"`
	Width          int                  `json:"width"` // pixels of the original, after orientation
	Height         int                  `json:"height"`
	Bytes          int64                `json:"bytes"`
	HasAlpha       bool                 `json:"has_alpha,omitempty"` // some of it is transparent
	PerceptualHash uint64               `json:"look,omitempty"`
	Sharpness      float64              `json:"sharpness,omitempty"`
	Notes          []providers.Sentence `json:"notes,omitempty"`
	Added          time.Time            `json:"added"`
}

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
func (p Photo) Ref() string { return Ref(p.Hash, p.Ext) }

// EditedRef names the photo as it leaves for Thumbnail.
func (p Photo) EditedRef() string {
	if p.Edit == (Edit{}) {
		return p.Ref()
	}
	return p.Ref() + editMark + p.Edit.String()
}

// Size is the width and height in pixels of the photo as it leaves.
func (p Photo) Size() (width, height int) { return p.Edit.Options().Size(p.Width, p.Height) }

// Cropped is the photo's edit with another crop. Enlarging is given up where
// the new crop would need too much of it.
func (p Photo) Cropped(crop Crop) Edit {
	edit := p.Edit
	edit.Crop = crop
	if edit.Enlarging(p) > MaxEnlarge {
		edit.MinEdge = 0
	}
	return edit.Tidy(p)
}

// EditedBytes is about the size of the file that leaves: the original's, as
// far as its area is kept.
func (p Photo) EditedBytes() int64 {
	if p.Edit == (Edit{}) || p.Width <= 0 || p.Height <= 0 {
		return p.Bytes
	}
	width, height := p.Size()
	return int64(float64(p.Bytes) * float64(width) / float64(p.Width) * float64(height) / float64(p.Height))
}

// EditedID tells the photo from others and from itself with another edit.
func (p Photo) EditedID() string {
	if p.Edit == (Edit{}) {
		return p.Hash
	}
	sum := sha256.Sum256([]byte(p.Edit.String()))
	return p.Hash + "-" + hex.EncodeToString(sum[:6])
}

// EditedExt is the extension of the copy that leaves: see Prepare.
func (p Photo) EditedExt() string {
	switch {
	case p.Ext == "jpg", p.Ext == "png":
		return p.Ext
	case p.HasAlpha && p.Edit.Background == "":
		return "png"
	}
	return "jpg"
}

// contentPrefix marks a reference to bytes in the library's files that aren't
// a result: a photo, or a reference picture given to a job.
const contentPrefix = "content:"

// Ref names a stored photo by its content hash and extension.
func Ref(hash, ext string) string { return contentPrefix + hash + "." + ext }

// IsRef reports whether text is a reference, whatever it refers to.
func IsRef(text string) bool { return strings.HasPrefix(text, contentPrefix) }

// SplitRef is the content hash and the extension in a reference, as Ref writes
// them, however it is spelt; !ok where it is none.
func SplitRef(ref string) (hash, ext string, ok bool) {
	rest, ok := strings.CutPrefix(ref, contentPrefix)
	if !ok {
		return "", "", false
	}
	rest, _, _ = strings.Cut(rest, editMark)
	hash, ext, ok = strings.Cut(rest, ".")
	return hash, strings.ToLower(ext), ok && !strings.Contains(ext, ".")
}

// editMark parts a content reference from the edit.
const editMark = "?"

// String is the edit as it stands in a reference: "x,y,w,h,edge,#rrggbb".
func (e Edit) String() string {
	return fmt.Sprintf("%d,%d,%d,%d,%d,%s", e.Crop.X, e.Crop.Y, e.Crop.W, e.Crop.H, e.MinEdge, e.Background)
}

// EditOf reads the edit of a reference; one without is no error.
func EditOf(ref string) (Edit, error) {
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

// Options are the edit as Prepare takes it.
func (e Edit) Options() Options {
	o := Options{Crop: e.Crop, MinEdge: e.MinEdge}
	if c, ok := colour(e.Background); ok {
		o.Background = c
	}
	return o
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

// Check says why the edit makes no sense for a photo: nil or an *Rejected.
func (e Edit) Check(p Photo) error {
	refused := func(english string, args ...any) error {
		return &Rejected{Name: p.Name, Reason: providers.Say(english, args...)}
	}
	if _, ok := colour(e.Background); !ok && e.Background != "" {
		return refused("can't be laid onto %q, which is no colour such as #ffffff", e.Background)
	}
	if c := e.Crop; c != (Crop{}) && (c.X < 0 || c.Y < 0 || c.W < 1 || c.H < 1 || c.X > p.Width-c.W || c.Y > p.Height-c.H) {
		return refused("is %d × %d pixels; the crop does not lie within it", p.Width, p.Height)
	}
	if e.MinEdge < 0 || e.Enlarging(p) > MaxEnlarge {
		return refused("would have to be enlarged more than %g times", MaxEnlarge)
	}
	return nil
}

// Enlarging is how many times the edit enlarges the photo; 1 for not at all.
func (e Edit) Enlarging(p Photo) float64 {
	width, height := Options{Crop: e.Crop}.Size(p.Width, p.Height)
	return max(1, float64(e.MinEdge)/float64(max(1, min(width, height))))
}

// Tidy is the edit without what it doesn't need to say.
func (e Edit) Tidy(p Photo) Edit {
	if e.Crop == (Crop{W: p.Width, H: p.Height}) {
		e.Crop = Crop{}
	}
	return e
}

// ContentType is the MIME type of a copy, by its extension.
func ContentType(ext string) string {
	switch strings.ToLower(ext) {
	case "jpg", "jpeg":
		return "image/jpeg"
	case "webp":
		return "image/webp"
	}
	return "image/png"
}
