// The decoders of what is sent: each stops when its context ends, and holds a
// bounded amount of memory.

package photo

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"io"

	"github.com/maquette-studio/maquette/app/photo/codec"
)

// jpegStep is how many bytes a JPEG's decoder gets at once. It can't be
// stopped while it has any: a few bytes may stand for many blocks.
const jpegStep = 256

// slowReader hands out little at a time, until its context ends.
type slowReader struct {
	untilDone
}

func (s *slowReader) Read(b []byte) (int, error) { return s.untilDone.Read(b[:min(len(b), jpegStep)]) }

func decodeJPEG(ctx context.Context, data []byte) (image.Image, error) {
	img, err := jpeg.Decode(&slowReader{untilDone{ctx, bytes.NewReader(data)}})
	if cmyk, ok := img.(*image.CMYK); ok && err == nil {
		return rgbOf(cmyk), nil
	}
	return img, err
}

// rgbOf converts inks without a profile, the way browsers do.
func rgbOf(img *image.CMYK) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, img.Rect.Dx(), img.Rect.Dy()))
	for y := range out.Rect.Dy() {
		inks := img.Pix[y*img.Stride:]
		row := out.Pix[y*out.Stride : (y+1)*out.Stride]
		for i := 0; i < len(row); i += 4 {
			row[i], row[i+1], row[i+2] = color.CMYKToRGB(inks[i], inks[i+1], inks[i+2], inks[i+3])
			row[i+3] = 0xff
		}
	}
	return out
}

const (
	// jpegScansMost is how many scans a JPEG may have. The standard scripts make
	// 10 of a picture in colours; encoders that search for the smallest make 64.
	jpegScansMost = 100
	// jpegScansAlways is how many it may have at any size.
	jpegScansAlways = 15
	// jpegWorkMost bounds the pixels of all scans together where there are more.
	jpegWorkMost = 15 * MaxPixels
)

func jpegWorkFits(scans, width, height int) bool {
	return scans <= jpegScansAlways || scans <= jpegScansMost && scans*width*height <= jpegWorkMost
}

// countScans counts the heads of scans in coded data: within it, 0xff is
// always followed by something else.
func countScans(data []byte) (n int) {
	for {
		at := bytes.Index(data, []byte{0xff, mSOS})
		if at < 0 {
			return n
		}
		n, data = n+1, data[at+2:]
	}
}

func pngConfig(r io.Reader) (image.Config, error) {
	p, err := openPNG(r)
	if err != nil {
		return image.Config{}, err
	}
	return image.Config{Width: p.width, Height: p.height, ColorModel: color.NRGBAModel}, nil
}

// errChecksum says that what a PNG's pixels are made of was changed.
var errChecksum = errors.New("a checksum of the pixels is wrong")

// decodePNG reads all rows: a picture that isn't whole is an error. What is
// wrong beside the pixels isn't.
func decodePNG(ctx context.Context, data []byte) (image.Image, error) {
	p, err := openPNG(&untilDone{ctx, bytes.NewReader(data)})
	if err != nil {
		return nil, err
	}
	out := image.NewNRGBA(image.Rect(0, 0, p.width, p.height))
	result := p.read(&straight{out})
	switch {
	case result.share < 1:
		return nil, io.ErrUnexpectedEOF
	case !result.right || p.wrongPixels:
		return nil, errChecksum
	}
	if isOpaque(out) {
		return &image.RGBA{Pix: out.Pix, Stride: out.Stride, Rect: out.Rect}, nil
	}
	return out, nil
}

// straight takes the rows of a PNG as they are.
type straight struct{ out *image.NRGBA }

func (s *straight) row(y int, rgba []uint8) { copy(s.out.Pix[y*s.out.Stride:(y+1)*s.out.Stride], rgba) }

func (s *straight) dot(x, y int, p []uint8) { copy(s.out.Pix[s.out.PixOffset(x, y):], p[:4]) }
func (s *straight) grey(int)                {}
func (s *straight) flush()                  {}
func (s *straight) full() bool              { return false } // each pixel comes by itself in the end

// heifConfig is the size of a HEIC's or AVIF's picture once it is decoded.
func heifConfig(r io.Reader) (image.Config, error) {
	data, err := io.ReadAll(io.LimitReader(r, 4*headerLead))
	if err != nil {
		return image.Config{}, err
	}
	f := readHEIF(data)
	w, h := f.shown()
	format := boxedFormat(data[:min(len(data), sniffLen)])
	if w == 0 || h == 0 {
		w, h = dimensions("heic", data[:min(len(data), dimensionsLead)])
	}
	if format == formatHEIC && f.quarters%2 == 1 {
		w, h = h, w
	}
	if w == 0 || h == 0 {
		return image.Config{}, io.ErrUnexpectedEOF
	}
	return image.Config{Width: w, Height: h, ColorModel: color.YCbCrModel}, nil
}

func decodeHEIC(ctx context.Context, data []byte) (image.Image, error) {
	return codec.HEIC(ctx, data)
}

func decodeAVIF(ctx context.Context, data []byte) (image.Image, error) {
	img, err := codec.AVIF(ctx, data)
	if err != nil {
		return nil, err
	}
	// libavif leaves the cropping to us, as it does the turning.
	if f := readHEIF(data); !f.clean.Empty() {
		return copyRGBA(img.SubImage(f.clean)), nil
	}
	return img, nil
}

// toEightBits makes a picture of 16 bits a channel one of 8, which is all that
// is ever sent or shown.
func toEightBits(img image.Image) image.Image {
	switch img.(type) {
	case *image.Gray16, *image.RGBA64:
		return ToRGBA(img)
	case *image.NRGBA64:
		return copyNRGBA(img)
	case *image.Paletted:
		if isOpaque(img) {
			return ToRGBA(img)
		}
		return copyNRGBA(img)
	}
	return img
}
