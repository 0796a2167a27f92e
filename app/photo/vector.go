// SVG graphics, as services make them: kept as they came, drawn only to be
// looked at. Nothing in them is ever run, and no link in them is followed.

package photo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"image"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/fyne-io/oksvg"
	"github.com/srwiley/rasterx"

	"github.com/maquette-studio/maquette/providers"
)

// ExtVector is the extension of an SVG graphic.
const ExtVector = "svg"

const (
	maxVectorEdge  = 4096    // pixels of a drawing
	maxVectorDepth = 256     // elements within each other that are drawn
	maxVectorParts = 500_000 // elements that are drawn
	// What an SVG without a size measures (CSS 2.2, section 10.3.2).
	vectorWidth, vectorHeight = 300, 150
)

// InspectVector is Inspect for an SVG graphic: all of it must be well-formed
// XML with an svg root. Its width and height are those of its view box.
func InspectVector(ctx context.Context, r io.ReadSeeker, name string) (Info, error) {
	data, err := readAll(ctx, r)
	if err != nil {
		return Info{}, withName(err, name)
	}
	v, err := readVector(ctx, data)
	if err != nil {
		return Info{}, withName(err, name)
	}
	sum := sha256.Sum256(data)
	return Info{
		Format: ExtVector, Ext: ExtVector, Width: int(math.Round(v.width)), Height: int(math.Round(v.height)),
		Bytes: int64(len(data)), Hash: hex.EncodeToString(sum[:]), Orientation: 1, HasAlpha: true,
	}, ctx.Err()
}

// VectorThumbnail draws the SVG graphic that r holds so that its longer edge
// has edge pixels, 4096 at most. What can't be drawn is left out; a graphic
// that isn't fit to be drawn at all is a *Rejected.
func VectorThumbnail(ctx context.Context, r io.ReadSeeker, edge int) (*image.RGBA, error) {
	data, err := readAll(ctx, r)
	if err != nil {
		return nil, err
	}
	v, err := readVector(ctx, data)
	if err != nil {
		return nil, err
	}
	if !v.unsafe.IsZero() {
		return nil, rejected("can't be shown: it %s", v.unsafe)
	}
	scale := float64(max(1, min(edge, maxVectorEdge))) / max(v.width, v.height)
	w, h := max(1, int(math.Round(v.width*scale))), max(1, int(math.Round(v.height*scale)))
	// The shapes, the picture, and the mask of one shape.
	release, err := weigh(ctx, vectorParsed*int64(len(data))+8*int64(w)*int64(h))
	if err != nil {
		return nil, err
	}
	defer release()
	img, err := recovered(func() (*image.RGBA, error) { return drawVector(ctx, data, v, w, h) })
	var why *Rejected
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.As(err, &why):
		return nil, why
	case err != nil:
		return nil, rejected("can't be shown; another program may show it")
	}
	return img, nil
}

// vectorParsed is how many bytes a byte of SVG becomes at most, about.
const vectorParsed = 16

// drawVector draws shape by shape, until all its work is spent or ctx ends.
func drawVector(ctx context.Context, data []byte, v graphic, w, h int) (img *image.RGBA, err error) {
	defer func() {
		switch cause := recover().(type) {
		case nil:
		case stopped:
			img, err = nil, cause.err
		default:
			err = rejected("can't be shown; another program may show it")
		}
	}()
	icon, err := oksvg.ReadIconStream(&untilDone{ctx, bytes.NewReader(data)})
	if err != nil {
		return nil, err
	}
	if icon.ViewBox.W <= 0 || icon.ViewBox.H <= 0 {
		icon.ViewBox.W, icon.ViewBox.H = v.width, v.height
	}
	icon.SetTarget(0, 0, float64(w), float64(h))
	img = image.NewRGBA(image.Rect(0, 0, w, h))
	budget := int64(vectorWorkMost)
	icon.Draw(rasterx.NewDasher(w, h, newBoundedScanner(ctx, img, &budget)), 1)
	return img, nil
}

// graphic is what is known of an SVG graphic without drawing it.
type graphic struct {
	width, height float64 // its own units, above 0
	// unsafe says why drawing it might never end; empty when it is safe.
	unsafe providers.Sentence

	definitions   int // groups of definitions that are open while it is walked
	defined, uses int // elements within definitions, and those that copy them
}

// readVector walks all of the XML.
func readVector(ctx context.Context, data []byte) (graphic, error) {
	decoder := xml.NewDecoder(&untilDone{ctx, bytes.NewReader(data)})
	decoder.CharsetReader = providers.AsIs
	v, parts, roots := graphic{}, 0, 0
	var path []string
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if ctx.Err() != nil {
			return v, ctx.Err()
		}
		if err != nil {
			return v, rejected("is damaged: it is not well-formed XML")
		}
		switch token := token.(type) {
		case xml.StartElement:
			if len(path) == 0 {
				roots++
				if token.Name.Local != "svg" || roots > 1 {
					return v, rejected("is not an SVG graphic")
				}
				v.width, v.height = vectorSize(token.Attr)
			}
			parts++
			v.checkDrawable(token, len(path), parts)
			path = append(path, token.Name.Local)
			if token.Name.Local == "defs" {
				v.definitions++
			}
		case xml.EndElement:
			path = path[:len(path)-1]
			if token.Name.Local == "defs" {
				v.definitions--
			}
		case xml.CharData:
			if len(path) > 0 && path[len(path)-1] == "style" && bytes.Contains(token, []byte("dasharray")) {
				v.unsafe = providers.Say("has dashed lines")
			}
		}
	}
	if roots == 0 {
		return v, rejected("is not an SVG graphic")
	}
	return v, nil
}

// checkDrawable notes what could keep the drawing library busy for ever:
// definitions that use each other, endless dashes, too many elements.
func (v *graphic) checkDrawable(element xml.StartElement, depth, parts int) {
	switch {
	case depth > maxVectorDepth || parts > maxVectorParts:
		v.unsafe = providers.Say("has too many parts")
	case element.Name.Local == "use" && v.definitions > 0:
		v.unsafe = providers.Say("has definitions that use others")
	}
	if v.definitions > 0 {
		v.defined++
	} else if element.Name.Local == "use" {
		v.uses++
	}
	if v.defined*v.uses > maxVectorParts {
		v.unsafe = providers.Say("has too many parts")
	}
	for _, attr := range element.Attr {
		if strings.Contains(attr.Name.Local, "dasharray") || attr.Name.Local == "style" && strings.Contains(attr.Value, "dasharray") {
			v.unsafe = providers.Say("has dashed lines")
		}
	}
}

// vectorSize reads the view box, or else the width and height.
func vectorSize(attributes []xml.Attr) (width, height float64) {
	for _, attr := range attributes {
		switch attr.Name.Local {
		case "viewBox":
			parts := strings.FieldsFunc(attr.Value, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\n' || r == '\r' })
			if len(parts) == 4 && length(parts[2]) > 0 && length(parts[3]) > 0 {
				return length(parts[2]), length(parts[3])
			}
		case "width":
			width = length(attr.Value)
		case "height":
			height = length(attr.Value)
		}
	}
	if width == 0 || height == 0 {
		return vectorWidth, vectorHeight
	}
	return width, height
}

// length is a number of pixels, 0 where it can't be one.
func length(text string) float64 {
	n, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(text), "px"), 64)
	if err != nil || !(n >= 1 && n <= 1_000_000) {
		return 0
	}
	return n
}
