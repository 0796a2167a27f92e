// Making the copy of a photo that may leave this computer: upright, edited as
// asked, in plain sRGB, and with nothing in it but pixels.

package photo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"

	"github.com/maquette-studio/maquette/providers"
)

// jpegQuality keeps a re-encoded photo visually the same as its original.
const jpegQuality = 95

var noteProfileLost = providers.Say("has a colour profile that cannot be converted; its colours may shift a little")

// Crop is a rectangle in pixels of the upright picture. The zero Crop is the
// whole picture.
type Crop struct {
	X int `json:"x"`
	Y int `json:"y"`
	W int `json:"w"`
	H int `json:"h"`
}

// Options are the edits that the copy gets; the zero Options are none.
type Options struct {
	Crop Crop
	// Background is laid under transparent parts; nil leaves them transparent.
	Background color.Color
	// MinEdge enlarges the cropped picture until its shorter edge has so many
	// pixels; one that has them stays as it is.
	MinEdge int
}

// Prepared is a copy of a photo that carries no metadata of any kind.
type Prepared struct {
	Bytes         []byte
	Ext           string // "jpg" or "png"
	Width, Height int    // pixels
	Hash          string // SHA-256 of Bytes, hex
	Notes         []providers.Sentence
}

// Prepare makes the copy of the photo in r that may be uploaded: turned
// upright, edited, its colours converted to sRGB, and encoded anew from its
// pixels alone, so that no EXIF, location, XMP, IPTC, comment, profile or
// trailing data remains. A JPEG stays a JPEG and a PNG stays a PNG, with 8 bits
// a channel; what else is read becomes a JPEG, or a PNG when any of the photo is
// transparent and no background is given. It fails like Inspect, and with an
// *Rejected when the crop lies outside the picture or the copy would be too large.
func Prepare(ctx context.Context, r io.ReadSeeker, edit Options) (Prepared, error) {
	p, err := open(ctx, r)
	if err != nil {
		return Prepared{}, err
	}
	defer p.release()
	area, err := edit.area(p)
	if err != nil {
		return Prepared{}, err
	}
	img, err := p.pixels(ctx)
	if err != nil {
		return Prepared{}, err
	}
	format := p.format
	if format != formatJPEG && format != formatPNG {
		format = formatPNG
		if edit.Background != nil || isOpaque(img) {
			format = formatJPEG
		}
	}
	img, notes := p.toSRGB(crop(upright(img, p.exif.orientation), area))
	if err := ctx.Err(); err != nil {
		return Prepared{}, err
	}
	out, err := encode(enlarge(flatten(img, edit.Background), edit.MinEdge), format)
	if err != nil {
		return Prepared{}, err
	}
	out.Notes = notes
	return out, ctx.Err()
}

// rectangle is the crop as a rectangle in a picture of w × h pixels.
func (c Crop) rectangle(w, h int) (image.Rectangle, *Rejected) {
	whole := image.Rect(0, 0, w, h)
	if c == (Crop{}) {
		return whole, nil
	}
	// Compared one by one: adding could overflow.
	if c.X < 0 || c.Y < 0 || c.W <= 0 || c.H <= 0 || c.W > w || c.H > h || c.X > w-c.W || c.Y > h-c.H {
		return image.Rectangle{}, rejected("is %d × %d pixels; the crop of %d × %d at %d, %d does not lie within it",
			w, h, c.W, c.H, c.X, c.Y)
	}
	return image.Rect(c.X, c.Y, c.X+c.W, c.Y+c.H), nil
}

// toSRGB converts img by the picture's colour profile, if it has one.
func (p *picture) toSRGB(img image.Image) (image.Image, []providers.Sentence) {
	profile, err := p.colours()
	switch {
	case err != nil:
		return img, []providers.Sentence{noteProfileLost}
	case profile == nil:
		return img, nil
	}
	return profile.convert(img), nil
}

func encode(img image.Image, format string) (Prepared, error) {
	var buf bytes.Buffer
	out := Prepared{Width: img.Bounds().Dx(), Height: img.Bounds().Dy()}
	var err error
	if format == formatPNG {
		out.Ext = "png"
		err = png.Encode(&buf, forPNG(img))
	} else {
		out.Ext = "jpg"
		err = jpeg.Encode(&buf, forJPEG(img), &jpeg.Options{Quality: jpegQuality})
	}
	if err != nil {
		return Prepared{}, fmt.Errorf("encoding the photo: %w", err)
	}
	out.Bytes = buf.Bytes()
	sum := sha256.Sum256(out.Bytes)
	out.Hash = hex.EncodeToString(sum[:])
	return out, nil
}

// forPNG makes palettes and 16-bit channels plain 8-bit colour, which every
// service reads.
func forPNG(img image.Image) image.Image {
	switch img.(type) {
	case *image.RGBA, *image.NRGBA, *image.Gray:
		return img
	}
	if isOpaque(img) {
		return ToRGBA(img)
	}
	return copyNRGBA(img)
}

// forJPEG hands the encoder a kind of picture it is fast with.
func forJPEG(img image.Image) image.Image {
	switch img := img.(type) {
	case *image.YCbCr, *image.Gray, *image.RGBA:
		return img
	case *image.NRGBA:
		// Opaque pixels are the same in both.
		return &image.RGBA{Pix: img.Pix, Stride: img.Stride, Rect: img.Rect}
	}
	return ToRGBA(img)
}
