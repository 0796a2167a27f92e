package photo_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app/photo"
)

// hangs is when a test has waited long enough to say that something never ends.
const hangs = 2 * time.Minute

// everyUse does to a file whatever pictures are taken through.
func everyUse(ctx context.Context, file []byte) map[string]error {
	uses := map[string]func(*bytes.Reader) error{
		"inspect":   func(r *bytes.Reader) error { _, err := photo.Inspect(ctx, r, "x"); return err },
		"prepare":   func(r *bytes.Reader) error { _, err := photo.Prepare(ctx, r, photo.Options{}); return err },
		"examine":   func(r *bytes.Reader) error { _, err := photo.Examine(ctx, r, ""); return err },
		"thumbnail": func(r *bytes.Reader) error { _, err := photo.Thumbnail(ctx, r, 256); return err },
		"edited":    func(r *bytes.Reader) error { _, err := photo.EditedThumbnail(ctx, r, photo.Options{}, 256); return err },
		"vector":    func(r *bytes.Reader) error { _, err := photo.VectorThumbnail(ctx, r, 1024); return err },
	}
	errs := map[string]error{}
	for name, use := range uses {
		errs[name] = use(bytes.NewReader(file))
	}
	return errs
}

// allocated is how many bytes were allocated since the program started.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

func TestBombsEndAndTakeLittle(t *testing.T) {
	progressive := read(t, "progressive.jpg")
	for name, bomb := range map[string][]byte{
		"300 scans":              manyScans(progressive, 300, 0, 0),
		"5,000 scans":            manyScans(progressive, 5000, 0, 0),
		"scans of a large JPEG":  manyScans(progressive, 90, 8000, 8000),
		"65,535 × 65,535 JPEG":   manyScans(progressive, 1, 65535, 65535),
		"large shapes":           []byte("<svg viewBox='0 0 100 100'>" + strings.Repeat("<rect width='100' height='100'/>", 7000) + "</svg>"),
		"gradients":              []byte("<svg viewBox='0 0 100 100'><defs><linearGradient id='g'><stop offset='0' stop-color='red'/></linearGradient></defs>" + strings.Repeat("<rect width='100' height='100' fill='url(#g)'/>", 5000) + "</svg>"),
		"far lines":              []byte("<svg viewBox='0 0 1 1'><path stroke='red' d='M0 0" + strings.Repeat("L1e9 1e9L-1e9 3", 5000) + "'/></svg>"),
		"uses":                   []byte("<svg><defs><g id='a'>" + strings.Repeat("<rect width='1' height='1'/>", 3000) + "</g></defs>" + strings.Repeat("<use href='#a'/>", 3000) + "</svg>"),
		"nested groups":          []byte("<svg>" + strings.Repeat("<g>", 100_000) + strings.Repeat("</g>", 100_000) + "</svg>"),
		"a huge PNG of nothing":  withChunks(bigPNG(16384, 6000)),
		"a profile of 1 GB":      withChunks(pngOf(quarterPicture()), pngChunk("iCCP", "p\x00\x00"+deflated(strings.Repeat("\x00", 64<<20)))),
		"a text of 1 GB":         withChunks(pngOf(quarterPicture()), pngChunk("zTXt", "t\x00\x00"+deflated(strings.Repeat("\x00", 64<<20)))),
		"a TIFF of huge strips":  rawTIFF(256, 16000, 257, 6000, 258, 8, 259, 1, 262, 1, 273, 8, 277, 1, 278, 6000, 279, 1<<31-1),
		"a HEIC of a huge grid":  resized(read(t, "picture.heic"), 60000, 60000),
		"an AVIF of a huge grid": resized(read(t, "picture.avif"), 60000, 60000),
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), hangs)
			defer cancel()
			before := allocated()
			for use, err := range everyUse(ctx, bomb) {
				if errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%s never ends", use)
				}
			}
			if took := allocated() - before; took > 1500<<20 {
				t.Errorf("took %d MB in all", took>>20)
			}
			ended, end := context.WithCancel(t.Context())
			end()
			for use, err := range everyUse(ended, bomb) {
				if why := (*photo.Rejected)(nil); !errors.Is(err, context.Canceled) && !errors.As(err, &why) {
					t.Errorf("%s goes on after its context ended: %v", use, err)
				}
			}
		})
	}
}

// manyScans repeats a progressive JPEG's last scan, and changes its size where
// that isn't 0.
func manyScans(file []byte, scans, width, height int) []byte {
	out := bytes.Clone(file)
	if frame := bytes.Index(out, []byte{0xff, 0xc2}); width > 0 {
		binary.BigEndian.PutUint16(out[frame+5:], uint16(height))
		binary.BigEndian.PutUint16(out[frame+7:], uint16(width))
	}
	end := bytes.LastIndex(out, []byte{0xff, 0xd9})
	last := bytes.Clone(out[bytes.LastIndex(out, []byte{0xff, 0xda}):end])
	return append(append(out[:end:end], bytes.Repeat(last, scans)...), 0xff, 0xd9)
}

// resized says in a HEIC or AVIF that its picture is of another size.
func resized(file []byte, width, height uint32) []byte {
	out := bytes.Clone(file)
	for at := 0; ; {
		next := bytes.Index(out[at:], []byte("ispe"))
		if next < 0 {
			return out
		}
		at += next + 4
		binary.BigEndian.PutUint32(out[at+4:], width)
		binary.BigEndian.PutUint32(out[at+8:], height)
	}
}

func TestAJPEGInTooManyPartsIsRefusedInWordsAndShownAsAResult(t *testing.T) {
	bomb := manyScans(read(t, "progressive.jpg"), 300, 0, 0)
	_, err := photo.Inspect(t.Context(), bytes.NewReader(bomb), "a.jpg")
	if err == nil || !strings.Contains(err.Error(), "parts") {
		t.Errorf("says %v", err)
	}
	found, err := photo.Examine(t.Context(), bytes.NewReader(bomb), "")
	if err != nil || found.Damaged.IsZero() || !found.Unreadable.IsZero() {
		t.Errorf("is found to be %+v, %v", found, err)
	}
}

func TestSmallShapesCostLittle(t *testing.T) {
	var drawing strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&drawing, "<rect x='%d' y='%d' width='1' height='1'/>", i%200, i/200)
	}
	svg := "<svg viewBox='0 0 200 250'>" + drawing.String() + "</svg>"
	if _, err := photo.VectorThumbnail(t.Context(), strings.NewReader(svg), 1024); err != nil {
		t.Error(err)
	}
}

func TestLargePicturesKeepNoSmallOneWaiting(t *testing.T) {
	release, err := photo.HoldLarge(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	ctx, cancel := context.WithTimeout(t.Context(), hangs)
	defer cancel()
	for _, file := range [][]byte{jpegOf(quarterPicture()), pngOf(quarterPicture()), read(t, "lossy.webp"), read(t, "lzw.tif"), []byte(fox)} {
		for use, err := range everyUse(ctx, file) {
			if errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s waits", use)
			}
		}
	}
}
