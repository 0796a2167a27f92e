// TIFF pictures (TIFF 6.0): what is read of their first page before its pixels
// are, and CMYK, which the decoder doesn't know.

package photo

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/color"
	"io"

	"golang.org/x/image/tiff"

	"github.com/maquette-studio/maquette/providers"
)

// Tags of a TIFF directory.
const (
	tagWidth        = 256
	tagHeight       = 257
	tagBits         = 258
	tagCompression  = 259
	tagPhotometric  = 262
	tagFillOrder    = 266
	tagMake         = 271
	tagStripOffsets = 273
	tagSamples      = 277
	tagStripCounts  = 279
	tagPlanar       = 284
	tagTileOffsets  = 324
	tagTileCounts   = 325
	tagExtraSamples = 338
	tagProfile      = 34675
	tagDNGVersion   = 50706
)

const photometricGrey, photometricRGB, photometricCMYK, multipliedAlpha, straightAlpha = 1, 2, 5, 1, 2

// tiffDirectory is the first directory of a TIFF file.
type tiffDirectory struct {
	order   binary.ByteOrder
	data    []byte
	entries [][]byte // 12 bytes each
}

func readTIFFDirectory(data []byte) (d tiffDirectory, ok bool) {
	if len(data) < 8 {
		return d, false
	}
	switch string(data[:4]) {
	case "II*\x00":
		d.order = binary.LittleEndian
	case "MM\x00*":
		d.order = binary.BigEndian
	default:
		return d, false
	}
	d.data = data
	start := uint64(d.order.Uint32(data[4:]))
	if start+2 > uint64(len(data)) {
		return d, false
	}
	rest := data[start+2:]
	for range d.order.Uint16(data[start:]) {
		if len(rest) < 12 {
			return d, false
		}
		d.entries = append(d.entries, rest[:12])
		rest = rest[12:]
	}
	return d, true
}

// number is a tag's first value, 0 where there is none.
func (d tiffDirectory) number(tag int) int {
	if all := d.numbers(tag); len(all) > 0 {
		return int(all[0])
	}
	return 0
}

// numbers are the values of a tag of whole numbers; none where they don't lie
// within the file.
func (d tiffDirectory) numbers(tag int) (all []uint32) {
	for _, e := range d.entries {
		if int(d.order.Uint16(e)) != tag {
			continue
		}
		size := map[uint16]uint64{1: 1, 3: 2, 4: 4}[d.order.Uint16(e[2:])]
		length, values := uint64(d.order.Uint32(e[4:]))*size, e[8:12]
		if length > 4 {
			at := uint64(d.order.Uint32(e[8:]))
			if at+length > uint64(len(d.data)) {
				return nil
			}
			values = d.data[at : at+length]
		}
		for values = values[:length]; len(values) > 0; values = values[size:] {
			switch size {
			case 1:
				all = append(all, uint32(values[0]))
			case 2:
				all = append(all, uint32(d.order.Uint16(values)))
			case 4:
				all = append(all, d.order.Uint32(values))
			}
		}
		return all
	}
	return nil
}

// bytes is what a tag of single bytes holds.
func (d tiffDirectory) bytes(tag int) []byte {
	for _, e := range d.entries {
		n, at := uint64(d.order.Uint32(e[4:])), uint64(d.order.Uint32(e[8:]))
		if int(d.order.Uint16(e)) == tag && n > 4 && at+n <= uint64(len(d.data)) {
			return d.data[at : at+n]
		}
	}
	return nil
}

func readTIFF(data []byte, h *header) {
	d, ok := readTIFFDirectory(data)
	if !ok {
		return
	}
	h.complete = true
	h.exif = parseEXIF(data)
	if profile := d.bytes(tagProfile); len(profile) <= maxProfile {
		h.profile = profile
	}
}

// colours tells what the samples are: inks, and whether there is transparency.
func (d tiffDirectory) colours() (cmyk, alpha bool) {
	extra := d.number(tagExtraSamples)
	return d.number(tagPhotometric) == photometricCMYK, extra == multipliedAlpha || extra == straightAlpha
}

// readable is the file as the decoder can read it. It takes neither CMYK nor
// samples beyond red, green and blue that aren't told to be transparency: for
// it, the fourth sample is called alpha.
func (d tiffDirectory) readable() []byte {
	cmyk, alpha := d.colours()
	if d.number(tagSamples) != 4 || !cmyk && (d.number(tagPhotometric) != photometricRGB || alpha) {
		return d.data
	}
	return d.rewritten(map[int][]uint32{tagPhotometric: {photometricRGB}, tagExtraSamples: {straightAlpha}})
}

// groupThree is a fax's compression. Its two-dimensional form isn't read, and
// looks damaged.
const groupThree = 3

func tiffConfig(r io.Reader) (image.Config, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes))
	if err != nil {
		return image.Config{}, err
	}
	if d, ok := readTIFFDirectory(data); ok {
		data = d.readable()
		if d.apart() {
			if data, err = d.plane(0); err != nil {
				return image.Config{}, err
			}
		}
	}
	return tiff.DecodeConfig(bytes.NewReader(data))
}

func decodeTIFF(ctx context.Context, data []byte) (image.Image, error) {
	d, ok := readTIFFDirectory(data)
	if !ok {
		return nil, io.ErrUnexpectedEOF
	}
	if err := d.turnBits(); err != nil {
		return nil, err
	}
	decode := d.decodeTogether
	if d.apart() {
		decode = d.decodePlanes
	}
	img, err := decode(ctx)
	if err != nil && d.number(tagCompression) == groupThree {
		return nil, errUnusual
	}
	if err != nil {
		return nil, err
	}
	cmyk, alpha := d.colours()
	if cmyk {
		return fromCMYK(img), nil
	}
	if nrgba, ok := img.(*image.NRGBA); ok && !alpha {
		for i := 3; i < len(nrgba.Pix); i += 4 {
			nrgba.Pix[i] = 0xff
		}
	}
	return img, nil
}

// decodeTogether reads a picture whose samples lie pixel by pixel.
func (d tiffDirectory) decodeTogether(ctx context.Context) (image.Image, error) {
	return tiff.Decode(cancelledReaderAt{ctx, bytes.NewReader(d.readable())})
}

// fromCMYK makes RGB of inks that were read as red, green, blue and alpha.
func fromCMYK(img image.Image) image.Image {
	b := img.Bounds()
	out := image.NewRGBA(b)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			var inks [4]uint8
			switch img := img.(type) {
			case *image.NRGBA:
				copy(inks[:], img.Pix[img.PixOffset(x, y):])
			case *image.NRGBA64:
				at := img.Pix[img.PixOffset(x, y):]
				inks = [4]uint8{at[0], at[2], at[4], at[6]}
			}
			r, g, bl := color.CMYKToRGB(inks[0], inks[1], inks[2], inks[3])
			out.SetRGBA(x, y, color.RGBA{r, g, bl, 0xff})
		}
	}
	return out
}

// cancelledReaderAt fails once its context has ended, which ends a decoder.
type cancelledReaderAt struct {
	ctx context.Context
	in  *bytes.Reader
}

func (c cancelledReaderAt) Read(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.in.Read(b)
}

func (c cancelledReaderAt) ReadAt(b []byte, at int64) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.in.ReadAt(b, at)
}

// cameraRaw says which camera's own kind of file starts with head, if it is
// one. Most look like a TIFF that holds only a small picture.
func cameraRaw(head []byte) bool {
	has := func(at int, text string) bool {
		return len(head) >= at+len(text) && string(head[at:at+len(text)]) == text
	}
	switch {
	case has(8, "CR\x02"), has(0, "FUJIFILMCCD-RAW"), has(0, "IIRO"), has(0, "IIRS"), has(0, "MMOR"), has(0, "IIU\x00"),
		has(0, "\x00MRM"), has(0, "FOVb"), has(6, "HEAPCCDR"), has(4, "ftypcrx "):
		return true
	}
	d, ok := readTIFFDirectory(head)
	if !ok {
		return false
	}
	maker, subdirectories := d.number(tagMake) > 0 || hasTag(d, tagMake), hasTag(d, 330)
	// A picture that was saved has no directories below its own and a maker.
	return hasTag(d, tagDNGVersion) || maker && subdirectories && d.number(tagPhotometric) != photometricRGB || d.number(tagPhotometric) == 32803 || maker && d.number(254) == 1 && subdirectories
}

func hasTag(d tiffDirectory, tag int) bool {
	for _, e := range d.entries {
		if int(d.order.Uint16(e)) == tag {
			return true
		}
	}
	return false
}

// rawPicture names what no decoder here reads.
func rawPicture() *Rejected {
	return &Rejected{Reason: providers.Say("is a camera RAW file, which isn't read; export it as JPEG")}
}
