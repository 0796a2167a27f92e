// HEIC by libheif 1.18.2 and libde265 1.0.15.

package codec

import (
	"bytes"
	"context"
	_ "embed" // for the decoder
	"image"
)

//go:embed lib/heif.wasm.gz
var heifPacked []byte

var heif = module{packed: heifPacked}

// libheif's numbers for colour spaces and for how chroma is sampled (heif.h).
const (
	heifYCbCr, heifRGB, heifMonochrome = 0, 1, 2
	heif420, heif422, heif444          = 1, 2, 3
)

// HEIC decodes the primary picture of a HEIC file: turned and cropped as the
// file says, 8 bits a channel, its colours as they are coded (an *image.YCbCr
// holds what the file calls Y, Cb and Cr). Transparency is left out. It fails
// with ErrDecode, and with the context's error when that ends first.
func HEIC(ctx context.Context, data []byte) (image.Image, error) {
	img, err := decodeHEIC(ctx, data)
	return img, ended(ctx, err)
}

func decodeHEIC(ctx context.Context, data []byte) (image.Image, error) {
	at, err := heif.start(ctx)
	if err != nil {
		return nil, err
	}
	defer at.close()
	in, err := at.put(data)
	if err != nil {
		return nil, err
	}
	facts, err := at.reserve(5 * 4)
	if err != nil {
		return nil, err
	}
	decode := func(factsOnly, out uint64) error {
		ok, err := at.call("decode", in, uint64(len(data)), factsOnly, facts, facts+4, facts+8, facts+12, facts+16, out)
		if err != nil || ok == 0 {
			return ErrDecode
		}
		return nil
	}
	if err := decode(1, 0); err != nil {
		return nil, err
	}
	known, err := at.numbers(facts, 5)
	if err != nil {
		return nil, err
	}
	layout, err := heicLayout(known[0], known[1], known[2], known[3])
	if err != nil {
		return nil, err
	}
	// libheif leaves some pictures of more than 8 bits as they are, without
	// saying so: there is room for them, and what is written tells.
	wide := layout.widened()
	out, err := at.put(bytes.Repeat([]byte{neverUpper}, wide.size()))
	if err != nil {
		return nil, err
	}
	if err := decode(0, out); err != nil {
		return nil, err
	}
	pixels, err := at.take(out, wide.size())
	if err != nil {
		return nil, err
	}
	if untouched(pixels[layout.size():]) {
		pixels = pixels[:layout.size()]
	} else {
		pixels = layout.narrowed(pixels, wide, sampleBits(data))
	}
	return layout.picture(pixels, known[4] == 1), nil
}

// neverUpper is never the upper byte of a sample of up to 14 bits.
const neverUpper = 0xab

// sampleBits is how many bits a sample has, by the file's description of its
// coded pictures (ISO/IEC 14496-15, 8.3.3.1).
func sampleBits(data []byte) int {
	const lumaDepth = 17 // its place in the description
	at := bytes.Index(data, []byte("hvcC"))
	if at < 0 || len(data) <= at+4+lumaDepth {
		return 10
	}
	return 8 + int(data[at+4+lumaDepth]&7)
}

// planes is how libheif lays a picture into memory.
type planes struct {
	width, height        int
	space                int
	stride               int
	chroma, chromaHeight int // the chroma planes' stride and height
	ratio                image.YCbCrSubsampleRatio
}

func heicLayout(width, height, space, chroma int) (planes, error) {
	p := planes{width: width, height: height, space: space, stride: stride(width)}
	if width < 1 || height < 1 || width > 1<<16 || height > 1<<16 || width*height > MemoryMost/3 {
		return p, ErrDecode
	}
	switch {
	case space == heifRGB:
		p.stride = max(width+width&1, 64) * 4
	case space == heifMonochrome:
	case space != heifYCbCr:
		return p, ErrDecode
	case chroma == heif420:
		p.chroma, p.chromaHeight, p.ratio = stride((width+1)/2), (height+1)/2, image.YCbCrSubsampleRatio420
	case chroma == heif422:
		p.chroma, p.chromaHeight, p.ratio = stride((width+1)/2), height, image.YCbCrSubsampleRatio422
	case chroma == heif444:
		p.chroma, p.chromaHeight, p.ratio = p.stride, height, image.YCbCrSubsampleRatio444
	default:
		return p, ErrDecode
	}
	return p, nil
}

// stride is the bytes of a row of n samples: libheif makes each at least 64
// and a multiple of 16.
func stride(n int) int { return (max(n, 64) + 15) &^ 15 }

func (p planes) size() int { return p.stride*p.height + 2*p.chroma*p.chromaHeight }

// widened is the layout with two bytes a sample.
func (p planes) widened() planes {
	double := func(stride int) int { return (2*stride + 15) &^ 15 }
	if p.space == heifRGB {
		return p // its samples always have 8 bits
	}
	p.stride = double(max(p.width+p.width&1, 64))
	if p.chroma > 0 {
		chroma := p.width
		if p.ratio != image.YCbCrSubsampleRatio444 {
			chroma = (p.width + 1) / 2
		}
		p.chroma = double(max(chroma+chroma&1, 64))
	}
	return p
}

// narrowed makes samples of so many bits ones of 8.
func (p planes) narrowed(pixels []byte, wide planes, bits int) []byte {
	out := make([]byte, 0, p.size())
	plane := func(stride, wideStride, rows int) {
		for range rows {
			row := pixels[:wideStride]
			pixels = pixels[wideStride:]
			for x := range stride {
				sample := 0
				if 2*x+1 < len(row) {
					sample = (int(row[2*x]) | int(row[2*x+1])<<8) >> (bits - 8)
				}
				out = append(out, byte(min(sample, 0xff)))
			}
		}
	}
	plane(p.stride, wide.stride, p.height)
	if p.chroma > 0 {
		plane(p.chroma, wide.chroma, p.chromaHeight)
		plane(p.chroma, wide.chroma, p.chromaHeight)
	}
	return out
}

func untouched(b []byte) bool {
	for _, v := range b {
		if v != neverUpper {
			return false
		}
	}
	return true
}

func (p planes) picture(pixels []byte, multiplied bool) image.Image {
	rect := image.Rect(0, 0, p.width, p.height)
	switch {
	case p.space == heifMonochrome:
		return &image.Gray{Pix: pixels, Stride: p.stride, Rect: rect}
	case p.space == heifRGB && multiplied:
		return &image.RGBA{Pix: pixels, Stride: p.stride, Rect: rect}
	case p.space == heifRGB:
		return &image.NRGBA{Pix: pixels, Stride: p.stride, Rect: rect}
	}
	luma, chroma := p.stride*p.height, p.chroma*p.chromaHeight
	return &image.YCbCr{
		Y: pixels[:luma:luma], Cb: pixels[luma : luma+chroma : luma+chroma], Cr: pixels[luma+chroma:],
		YStride: p.stride, CStride: p.chroma, SubsampleRatio: p.ratio, Rect: rect,
	}
}
