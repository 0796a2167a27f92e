// From bytes to upright pixels: the one place where pictures are decoded.

package photo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"

	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"

	"github.com/maquette-studio/maquette/app/photo/codec"
)

// picture is a file in memory whose header was found fit to decode.
type picture struct {
	header
	data          []byte
	format        string
	width, height int // as stored, before orientation
	release       func()
}

// open reads all of r and checks everything that can be known before the
// pixels are decoded. It holds a part of the memory that pictures may take,
// until release is called.
func open(ctx context.Context, r io.ReadSeeker) (*picture, error) {
	release, err := weigh(ctx, measure(r).atOnce())
	if err != nil {
		return nil, err
	}
	p, err := openHeld(ctx, r)
	if err != nil {
		release()
		return nil, err
	}
	p.release = release
	return p, nil
}

func openHeld(ctx context.Context, r io.ReadSeeker) (*picture, error) {
	data, err := readAll(ctx, r)
	if err != nil {
		return nil, err
	}
	format, why := sniff(data[:min(len(data), sniffLen)])
	if why != nil {
		return nil, why
	}
	p := &picture{data: data, format: format, header: readHeader(format, data)}
	cfg, err := recovered(func() (image.Config, error) { return decoders[format].config(bytes.NewReader(data)) })
	if err != nil {
		return nil, p.explain(err)
	}
	p.width, p.height = cfg.Width, cfg.Height
	if why := checkDimensions(p.width, p.height); why != nil {
		return nil, &caused{why, errTooLarge}
	}
	if p.format == formatJPEG && !jpegWorkFits(p.scans, p.width, p.height) {
		return nil, rejected("is a JPEG in %s parts, which take too long to put together; save it anew as JPEG or PNG", thousands(p.scans))
	}
	if needed := p.needed(); needed > codec.MemoryMost {
		why := rejected("is %d × %d pixels, too many to be read of a %s; save it as JPEG", p.width, p.height, formatNames[p.format])
		return nil, &caused{why, errTooLarge}
	}
	if p.animated {
		return nil, rejected("is animated; save one frame of it as JPEG or PNG")
	}
	if !p.complete || p.minBytes > len(data) {
		return nil, rejected("is cut short")
	}
	return p, ctx.Err()
}

func readAll(ctx context.Context, r io.ReadSeeker) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	size, err := r.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = r.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, unreadable(err)
	}
	if size > MaxBytes {
		return nil, &caused{tooLarge(size), errTooLarge}
	}
	var buf bytes.Buffer
	buf.Grow(int(max(size, 0)) + bytes.MinRead)
	if _, err := buf.ReadFrom(io.LimitReader(r, MaxBytes+1)); err != nil {
		return nil, unreadable(err)
	}
	if buf.Len() > MaxBytes {
		return nil, tooLarge(int64(buf.Len()))
	}
	return buf.Bytes(), ctx.Err()
}

// decoders are the only ones used; each is picked by content.
var decoders = map[string]struct {
	config func(io.Reader) (image.Config, error)
	decode func(context.Context, []byte) (image.Image, error)
}{
	formatJPEG: {jpeg.DecodeConfig, decodeJPEG},
	formatPNG:  {pngConfig, decodePNG},
	formatWebP: {webp.DecodeConfig, func(_ context.Context, data []byte) (image.Image, error) { return webp.Decode(bytes.NewReader(data)) }},
	formatHEIC: {heifConfig, decodeHEIC},
	formatAVIF: {heifConfig, decodeAVIF},
	formatTIFF: {tiffConfig, decodeTIFF},
}

// pixels decodes the picture as stored, not yet turned upright.
func (p *picture) pixels(ctx context.Context) (image.Image, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	img, err := recovered(func() (image.Image, error) { return decoders[p.format].decode(ctx, p.data) })
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, p.explain(err)
	}
	if img.Bounds().Dx() != p.width || img.Bounds().Dy() != p.height {
		return nil, rejected("is damaged; save it anew as JPEG or PNG")
	}
	switch p.format {
	case formatWebP:
		toFullRange(img)
	case formatHEIC:
		img = p.coded.rgb(img)
	}
	return toEightBits(img), ctx.Err()
}

// toFullRange corrects, in place, the colours of a lossy WebP. VP8 keeps
// brightness in 16 to 235 and colour in 16 to 240 (RFC 6386, section 9.2);
// x/image/webp hands them out as image.YCbCr, which means 0 to 255
// (golang/go issue 40173).
func toFullRange(img image.Image) {
	var planes *image.YCbCr
	switch img := img.(type) {
	case *image.YCbCr:
		planes = img
	case *image.NYCbCrA:
		planes = &img.YCbCr
	default:
		return
	}
	var luma, chroma [256]uint8
	for i := range 256 {
		luma[i] = clamp8(float64(i-16) * 255 / 219)
		chroma[i] = clamp8(float64(i-128)*255/224 + 128)
	}
	translate(planes.Y, &luma)
	translate(planes.Cb, &chroma)
	translate(planes.Cr, &chroma)
}

func translate(plane []uint8, table *[256]uint8) {
	for i, v := range plane {
		plane[i] = table[v]
	}
}

func clamp8(v float64) uint8 { return uint8(min(max(v+0.5, 0), 255)) }

// explain puts a decoder's error into words.
func (p *picture) explain(err error) error {
	var why *Rejected
	var unsupported jpeg.UnsupportedError
	var unsupportedTIFF tiff.UnsupportedError
	switch {
	case errors.As(err, &why):
		return why
	case !p.complete, errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return rejected("is cut short")
	case errors.As(err, &unsupportedTIFF), errors.As(err, &unsupported), errors.Is(err, errUnusual):
		return &caused{rejected("is an unusual kind of %s; save it anew as JPEG or PNG", formatNames[p.format]), errUnusual}
	}
	return rejected("is damaged; save it anew as JPEG or PNG")
}

// recovered calls a decoder and makes its panic on a malformed file a Rejected.
func recovered[T any](decode func() (T, error)) (out T, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = rejected("cannot be read; save it anew as JPEG or PNG")
		}
	}()
	return decode()
}

// uprightSize is the picture's width and height once turned upright.
func (p *picture) uprightSize() (w, h int) {
	if p.exif.orientation >= 5 {
		return p.height, p.width
	}
	return p.width, p.height
}

func failed(doing string, err error, name string) error {
	if err == nil {
		return nil
	}
	var why *Rejected
	if errors.As(err, &why) {
		return withName(err, name)
	}
	return fmt.Errorf("%s: %w", doing, err)
}
