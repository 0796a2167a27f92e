// Inspecting one photo: what it is, how large and how sharp it is, and what a
// person should know about it.

package photo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"io"
	"path/filepath"
	"strings"

	"github.com/maquette-studio/maquette/providers"
)

// Info is what Inspect found out about a photo that can be used.
type Info struct {
	Format         string // "jpeg", "png", "webp", "heic", "avif" or "tiff"
	Ext            string // "jpg", "png", "webp", "heic", "avif" or "tif", by content
	Width, Height  int    // pixels, after orientation
	Bytes          int64
	Hash           string               // SHA-256 of the file, hex
	Orientation    int                  // EXIF orientation, 1 to 8
	HasAlpha       bool                 // at least one pixel is not opaque
	PerceptualHash uint64               // of the upright picture; see NearDuplicates
	Sharpness      float64              // variance of the Laplacian; below about 20 a photo looks blurred
	Notes          []providers.Sentence // worth telling: "named .jpg but is a PNG"
}

// Inspect reads and decodes all of the photo that r holds. Name is used in
// words only, and only its base. It fails with a *Rejected when the photo cannot
// be used, and with the context's error when ctx ends first.
func Inspect(ctx context.Context, r io.ReadSeeker, name string) (Info, error) {
	if name != "" {
		name = filepath.Base(name)
	}
	info, err := inspect(ctx, r, name)
	if err != nil {
		return Info{}, failed("looking at "+name, err, name)
	}
	return info, nil
}

func inspect(ctx context.Context, r io.ReadSeeker, name string) (Info, error) {
	p, err := open(ctx, r)
	if err != nil {
		return Info{}, err
	}
	defer p.release()
	img, err := p.pixels(ctx)
	if err != nil {
		return Info{}, err
	}
	sum := sha256.Sum256(p.data)
	info := Info{
		Format:      p.format,
		Ext:         extensionOf[p.format],
		Bytes:       int64(len(p.data)),
		Hash:        hex.EncodeToString(sum[:]),
		Orientation: p.exif.orientation,
		HasAlpha:    !isOpaque(img),
		Notes:       p.notes(name, !isOpaque(img)),
	}
	info.Width, info.Height = p.uprightSize()
	grey := greyCopy(img, p.exif.orientation)
	info.Sharpness = sharpness(grey)
	info.PerceptualHash = perceptualHash(grey)
	return info, ctx.Err()
}

func isOpaque(img image.Image) bool {
	o, ok := img.(interface{ Opaque() bool })
	return ok && o.Opaque()
}

func (p *picture) notes(name string, transparent bool) []providers.Sentence {
	var notes []providers.Sentence
	ext := strings.ToLower(strings.TrimPrefix(filepath.Ext(name), "."))
	if ext != "" && formatOf[ext] != p.format {
		notes = append(notes, providers.Say("named .%s but is a %s", ext, formatNames[p.format]))
	}
	if p.exif.hasLocation {
		notes = append(notes, providers.Say("tells where it was taken; that is removed before it is sent"))
	}
	if sentAs := extensionOf[p.format]; sentAs != "jpg" && sentAs != "png" && sentAs != "webp" {
		if transparent {
			notes = append(notes, providers.Say("%s: will be sent as PNG", formatNames[p.format]))
		} else {
			notes = append(notes, providers.Say("%s: will be sent as JPEG", formatNames[p.format]))
		}
	}
	if _, err := p.colours(); err != nil {
		notes = append(notes, noteProfileLost)
	}
	if p.coded.isHDR() || p.png.coded.isHDR() {
		notes = append(notes, providers.Say("has a high dynamic range; its brightest parts are made less bright"))
	}
	if p.transparencyLost {
		notes = append(notes, providers.Say("has transparent parts, which are not read of a HEIC; it will be sent without them"))
	}
	if p.textDamaged {
		notes = append(notes, providers.Say("has a wrong checksum beside its pixels; the pixels themselves are whole"))
	}
	return notes
}
