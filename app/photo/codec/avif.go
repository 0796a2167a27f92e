// AVIF by libavif 1.1.1 and libaom 3.10.0.

package codec

import (
	"bytes"
	"context"
	_ "embed" // for the decoder
	"image"
)

//go:embed lib/avif.wasm.gz
var avifPacked []byte

var avif = module{packed: avifPacked}

// unwritten marks what a decoder is to fill.
var unwritten = bytes.Repeat([]byte{0xff}, 8)

// AVIF decodes the picture of an AVIF file, or the first of several: its
// colours in RGB but not converted otherwise, 8 bits a channel. It fails with
// ErrDecode, and with the context's error when that ends first.
func AVIF(ctx context.Context, data []byte) (*image.RGBA, error) {
	img, err := decodeAVIF(ctx, data)
	return img, ended(ctx, err)
}

func decodeAVIF(ctx context.Context, data []byte) (*image.RGBA, error) {
	at, err := avif.start(ctx)
	if err != nil {
		return nil, err
	}
	defer at.close()
	in, err := at.put(data)
	if err != nil {
		return nil, err
	}
	facts, err := at.reserve(4 * 4)
	if err != nil {
		return nil, err
	}
	// How long the frame is shown is written once it is decoded, and only then.
	shown, err := at.put(unwritten)
	if err != nil {
		return nil, err
	}
	decode := func(factsOnly, out uint64) error {
		ok, err := at.call("decode", in, uint64(len(data)), factsOnly, 0, facts, facts+4, facts+8, facts+12, shown, out)
		if err != nil || ok == 0 {
			return ErrDecode
		}
		return nil
	}
	if err := decode(1, 0); err != nil {
		return nil, err
	}
	known, err := at.numbers(facts, 3)
	if err != nil {
		return nil, err
	}
	width, height, wide := known[0], known[1], known[2] > 8
	if width < 1 || height < 1 || width > 1<<16 || height > 1<<16 || width*height > MemoryMost/8 {
		return nil, ErrDecode
	}
	size := 4 * width * height
	if wide {
		size *= 2
	}
	out, err := at.reserve(size)
	if err != nil {
		return nil, err
	}
	if err := decode(0, out); err != nil {
		return nil, err
	}
	if mark, err := at.take(shown, len(unwritten)); err != nil || bytes.Equal(mark, unwritten) {
		return nil, ErrDecode
	}
	pixels, ok := at.module.Memory().Read(uint32(out), uint32(size))
	if !ok {
		return nil, ErrDecode
	}
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	if !wide {
		copy(img.Pix, pixels)
		return img, nil
	}
	for i := range img.Pix {
		img.Pix[i] = pixels[2*i+1] // the upper half; the lower comes first
	}
	return img, nil
}
