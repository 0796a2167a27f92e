// Kinds of pictures that are shown but never sent: their first frame at most.

package photo

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"image"
	"image/gif"
	"io"

	"golang.org/x/image/bmp"
	"golang.org/x/image/webp"

	"github.com/maquette-studio/maquette/providers"
)

// otherDecoders are those of results alone, by extension.
var otherDecoders = map[string]struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}{
	"gif": {gif.DecodeConfig, gif.Decode},
	"bmp": {bmp.DecodeConfig, bmp.Decode},
}

func (e *examination) decodeBMP() (image.Image, bool, error) {
	img, err := otherDecoders["bmp"].decode(bufio.NewReader(e.start()))
	return img, false, err
}

func (e *examination) decodeGIF() (image.Image, bool, error) {
	img, err := otherDecoders["gif"].decode(bufio.NewReader(e.start()))
	return img, false, err
}

// examineGIF tells whether all of its frames are there.
func (e *examination) examineGIF() (Finding, error) {
	f, err := e.examineWhole(e.decodeGIF)
	if err != nil || !f.Unreadable.IsZero() {
		return f, err
	}
	if !gifEnds(bufio.NewReader(e.start())) {
		f.Odd = true
		f.Damaged = providers.Say("It is cut short: its first frame is shown.")
	}
	return f, nil
}

// gifEnds walks a GIF's blocks up to its end mark (GIF89a, appendix B).
func gifEnds(r *bufio.Reader) bool {
	var screen [13]byte
	if _, err := io.ReadFull(r, screen[:]); err != nil {
		return false
	}
	skip := func(n int) bool {
		_, err := r.Discard(n)
		return err == nil
	}
	colours := func(flags byte) int { return int(flags>>7) * 3 * (2 << (flags & 7)) }
	if !skip(colours(screen[10])) {
		return false
	}
	for {
		b, err := r.ReadByte()
		if err != nil || b == 0x3b {
			return err == nil
		}
		switch b {
		case 0x21: // an extension: its label
			if !skip(1) {
				return false
			}
		case 0x2c: // a frame: its place, colours and size of codes
			var frame [9]byte
			if _, err := io.ReadFull(r, frame[:]); err != nil || !skip(colours(frame[8])+1) {
				return false
			}
		default:
			return false
		}
		for size := byte(1); size > 0; {
			if size, err = r.ReadByte(); err != nil || !skip(int(size)) {
				return false
			}
		}
	}
}

// webpConfig reads the size of a WebP's canvas, whatever its file says of its
// own length.
func webpConfig(r io.Reader) (image.Config, error) {
	lead, err := io.ReadAll(io.LimitReader(r, 64))
	if err != nil {
		return image.Config{}, err
	}
	if len(lead) >= 30 && string(lead[12:16]) == "VP8X" {
		side := func(b []byte) int { return 1 + int(b[0]) + int(b[1])<<8 + int(b[2])<<16 }
		return image.Config{Width: side(lead[24:]), Height: side(lead[27:])}, nil
	}
	return webp.DecodeConfig(bytes.NewReader(firstFrame(lead)))
}

// decodeWebP decodes the picture, or its first frame, and turns it upright. odd says that the
// container was wrong about its own lengths.
func (e *examination) decodeWebP() (img image.Image, odd bool, err error) {
	data, err := io.ReadAll(e.start())
	if err != nil {
		return nil, false, err
	}
	h := readHeader(formatWebP, data)
	if !h.animated {
		if img, err = webp.Decode(bytes.NewReader(data)); err == nil {
			toFullRange(img)
			return upright(img, h.exif.orientation), !h.complete, nil
		}
	}
	img, err = webp.Decode(bytes.NewReader(firstFrame(data)))
	if err != nil {
		return nil, false, err
	}
	toFullRange(img)
	return upright(img, h.exif.orientation), !h.complete, nil
}

// firstFrame makes the first frame of a WebP a file of its own, with lengths
// that are right.
func firstFrame(data []byte) []byte {
	var alpha, pixels []byte
	lossless := false
	take := func(id string, body []byte) {
		switch {
		case pixels != nil:
		case id == "ALPH":
			alpha = body
		case id == "VP8 ", id == "VP8L":
			pixels, lossless = body, id == "VP8L"
		}
	}
	eachChunk(data[min(12, len(data)):], func(id string, body []byte) {
		const frameHead = 16
		if id == "ANMF" && len(body) > frameHead {
			eachChunk(body[frameHead:], take)
			return
		}
		take(id, body)
	})
	var out []byte
	switch {
	case lossless:
		out = chunkOf("VP8L", pixels)
	case alpha != nil && len(pixels) >= 10:
		w, h := binary.LittleEndian.Uint16(pixels[6:])&0x3fff-1, binary.LittleEndian.Uint16(pixels[8:])&0x3fff-1
		const hasAlpha = 1 << 4
		out = chunkOf("VP8X", []byte{hasAlpha, 0, 0, 0, byte(w), byte(w >> 8), 0, byte(h), byte(h >> 8), 0})
		out = append(append(out, chunkOf("ALPH", alpha)...), chunkOf("VP8 ", pixels)...)
	default:
		out = chunkOf("VP8 ", pixels)
	}
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(out)+4)), append([]byte("WEBP"), out...)...)
}

// eachChunk hands out a RIFF's chunks; the last one may be cut.
func eachChunk(data []byte, do func(id string, body []byte)) {
	for len(data) >= 8 {
		length := min(int(binary.LittleEndian.Uint32(data[4:])), len(data)-8)
		do(string(data[:4]), data[8:8+length])
		data = data[min(8+length+length&1, len(data)):]
	}
}

func chunkOf(id string, body []byte) []byte {
	out := append(binary.LittleEndian.AppendUint32([]byte(id), uint32(len(body))), body...)
	if len(body)&1 == 1 {
		out = append(out, 0)
	}
	return out
}

// dimensionsLead is how far the size of a picture is looked for.
const dimensionsLead = 64 << 10

// dimensions is the size in pixels of a picture that isn't decoded, by the
// first bytes of its file; 0 where it isn't found.
func dimensions(ext string, b []byte) (w, h int) {
	big := func(at int) int {
		if at < 0 || at+4 > len(b) {
			return 0
		}
		return int(binary.BigEndian.Uint32(b[at:]))
	}
	switch ext {
	case "avif", "heic":
		// The largest of its pictures (ISO/IEC 23008-12, 6.5.3).
		for at := 0; ; {
			next := bytes.Index(b[at:], []byte("ispe"))
			if next < 0 {
				return w, h
			}
			at += next + 4
			if pw, ph := big(at+4), big(at+8); pw*ph > w*h && pw < 1<<17 && ph < 1<<17 {
				w, h = pw, ph
			}
		}
	case "psd":
		w, h = big(18), big(14)
	case "jp2":
		if at := bytes.Index(b, []byte("ihdr")); at >= 0 {
			w, h = big(at+8), big(at+4)
		}
	case "png":
		w, h = big(16), big(20)
	case "jpg":
		return jpegDimensions(b)
	case "tif":
		if d, ok := readTIFFDirectory(b); ok {
			w, h = d.number(tagWidth), d.number(tagHeight)
		}
	case "bmp":
		if len(b) >= 26 {
			w, h = int(int32(binary.LittleEndian.Uint32(b[18:]))), int(int32(binary.LittleEndian.Uint32(b[22:])))
			h = max(h, -h) // below 0 where it begins at the top
		}
	}
	if w < 0 || h < 0 || w > 1<<20 || h > 1<<20 {
		return 0, 0
	}
	return w, h
}

// jpegDimensions reads any kind of frame's head.
func jpegDimensions(b []byte) (w, h int) {
	for at := 2; at+9 <= len(b) && b[at] == 0xff; {
		marker, length := b[at+1], int(binary.BigEndian.Uint16(b[at+2:]))
		if marker >= 0xc0 && marker <= 0xcf && marker != mDHT && marker != 0xc8 && marker != 0xcc {
			return int(binary.BigEndian.Uint16(b[at+7:])), int(binary.BigEndian.Uint16(b[at+5:]))
		}
		at += 2 + length
	}
	return 0, 0
}
