// TIFFs laid out as the decoder doesn't know them: one plane for each colour,
// the bits of each byte the other way round.

package photo

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"maps"
	"math/bits"
	"slices"

	"golang.org/x/image/tiff"
)

// rewritten is the file with such values in its directory, which comes to lie
// at its end. A tag without values is left out.
func (d tiffDirectory) rewritten(values map[int][]uint32) []byte {
	order := d.order.(binary.AppendByteOrder) // both of encoding/binary are
	out := bytes.Clone(d.data)
	out = append(out, make([]byte, len(out)&1)...)
	entries := map[int][]byte{}
	for _, e := range d.entries {
		entries[int(d.order.Uint16(e))] = e
	}
	for tag, numbers := range values {
		delete(entries, tag)
		if len(numbers) == 0 {
			continue
		}
		const long = 4
		e := order.AppendUint32(order.AppendUint16(order.AppendUint16(nil, uint16(tag)), long), uint32(len(numbers)))
		if len(numbers) == 1 {
			entries[tag] = order.AppendUint32(e, numbers[0])
			continue
		}
		entries[tag] = order.AppendUint32(e, uint32(len(out)))
		for _, n := range numbers {
			out = order.AppendUint32(out, n)
		}
	}
	d.order.PutUint32(out[4:], uint32(len(out)))
	out = order.AppendUint16(out, uint16(len(entries)))
	for _, tag := range slices.Sorted(maps.Keys(entries)) {
		out = append(out, entries[tag]...)
	}
	return append(out, 0, 0, 0, 0)
}

// apart reports a picture whose samples lie in planes.
func (d tiffDirectory) apart() bool {
	const planes = 2
	return d.number(tagPlanar) == planes && d.number(tagSamples) > 1
}

// plane is the file as one of a single sample.
func (d tiffDirectory) plane(sample int) ([]byte, error) {
	samples, cmyk := d.number(tagSamples), d.number(tagPhotometric) == photometricCMYK
	if cmyk && samples != 4 || !cmyk && (d.number(tagPhotometric) != photometricRGB || samples < 3) || samples > 16 {
		return nil, errUnusual
	}
	values := map[int][]uint32{tagSamples: {1}, tagPhotometric: {photometricGrey}, tagBits: {uint32(d.number(tagBits))}, tagPlanar: nil, tagExtraSamples: nil}
	for _, tag := range []int{tagStripOffsets, tagStripCounts, tagTileOffsets, tagTileCounts} {
		if all := d.numbers(tag); len(all) > 0 {
			each := len(all) / samples
			if each == 0 || len(all)%samples != 0 {
				return nil, errUnusual
			}
			values[tag] = all[sample*each : (sample+1)*each]
		}
	}
	return d.rewritten(values), nil
}

// decodePlanes reads up to four samples, each from its plane, as red, green,
// blue and alpha.
func (d tiffDirectory) decodePlanes(ctx context.Context) (image.Image, error) {
	var out *image.NRGBA
	for sample := range min(d.number(tagSamples), 4) {
		file, err := d.plane(sample)
		if err != nil {
			return nil, err
		}
		img, err := tiff.Decode(cancelledReaderAt{ctx, bytes.NewReader(file)})
		if err != nil {
			return nil, err
		}
		if out == nil {
			out = image.NewNRGBA(img.Bounds())
		}
		var pix []byte
		step := 1
		switch img := img.(type) {
		case *image.Gray:
			pix = img.Pix
		case *image.Gray16:
			pix, step = img.Pix, 2 // the upper half comes first
		default:
			return nil, errUnusual
		}
		for i := 0; sample+4*i < len(out.Pix); i++ {
			out.Pix[sample+4*i] = pix[step*i]
		}
	}
	if d.number(tagExtraSamples) == multipliedAlpha && d.number(tagPhotometric) == photometricRGB {
		return &image.RGBA{Pix: out.Pix, Stride: out.Stride, Rect: out.Rect}, nil
	}
	return out, nil
}

// turnBits puts the bits of each byte the usual way round where the file has
// them otherwise. Of a fax the decoder does it itself.
func (d *tiffDirectory) turnBits() error {
	const lowestFirst, groupFour = 2, 4
	compression := d.number(tagCompression)
	if d.number(tagFillOrder) != lowestFirst || compression == groupThree || compression == groupFour {
		return nil
	}
	starts, counts := append(d.numbers(tagStripOffsets), d.numbers(tagTileOffsets)...), append(d.numbers(tagStripCounts), d.numbers(tagTileCounts)...)
	if len(starts) != len(counts) {
		return errUnusual
	}
	out, left := bytes.Clone(d.data), uint64(len(d.data))
	for i, start := range starts {
		from, n := uint64(start), uint64(counts[i])
		if n > left || from+n > uint64(len(out)) { // parts that overlap aren't turned twice
			return errUnusual
		}
		left -= n
		for k, b := range d.data[from : from+n] {
			out[from+uint64(k)] = bits.Reverse8(b)
		}
	}
	d.data = out
	return nil
}
