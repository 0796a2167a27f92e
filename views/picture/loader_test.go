package picture

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

// gatedSource holds every load until the test lets one go, and notes the order they began in.
type gatedSource struct {
	gate chan struct{}

	mu    sync.Mutex
	begun []string
	ended []error
}

func newGatedSource() *gatedSource { return &gatedSource{gate: make(chan struct{})} }

func (s *gatedSource) load(ctx context.Context, id string, px int) (image.Image, error) {
	s.mu.Lock()
	s.begun = append(s.begun, id)
	s.mu.Unlock()
	select {
	case <-s.gate:
		return viewtest.Plain(px, px, color.White), nil
	case <-ctx.Done():
		s.mu.Lock()
		s.ended = append(s.ended, ctx.Err())
		s.mu.Unlock()
		return nil, ctx.Err()
	}
}

func (s *gatedSource) order() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.begun...)
}

// oneWorker makes the order of loads certain.
func oneWorker(source Source, maxBytes int64) *Loader {
	return startLoader(source, maxBytes, 1)
}

func ignore(*image.RGBA, error) {}

func TestThumbsLoadTheNewestRequestFirst(t *testing.T) {
	ui := viewtest.Start(t)
	source := newGatedSource()
	loader := oneWorker(source.load, 0)
	defer loader.Close()

	delivered := 0
	count := func(*image.RGBA, error) { delivered++ }
	loader.Request("first", 8, count)
	ui.Until("the first load to begin", func() bool { return len(source.order()) == 1 })
	for _, id := range []string{"old", "newer", "newest"} {
		loader.Request(id, 8, count)
	}
	close(source.gate)
	ui.Until("all deliveries", func() bool { return delivered == 4 })

	if got := strings.Join(source.order(), " "); got != "first newest newer old" {
		t.Errorf("loaded in the order %q", got)
	}
}

func TestThumbsShareEqualLoadsAndAnswerFromMemory(t *testing.T) {
	ui := viewtest.Start(t)
	source := newGatedSource()
	loader := oneWorker(source.load, 0)
	defer loader.Close()

	var got []*image.RGBA
	for range 3 {
		loader.Request("same", 8, func(img *image.RGBA, _ error) { got = append(got, img) })
	}
	close(source.gate)
	ui.Until("three deliveries", func() bool { return len(got) == 3 })

	if calls := source.order(); len(calls) != 1 {
		t.Errorf("the source was called %d times for equal requests", len(calls))
	}
	if got[0] != got[1] || got[1] != got[2] {
		t.Error("equal requests got different pictures")
	}
	if img, known, err := loader.Cached("same", 8); !known || err != nil || img != got[0] {
		t.Errorf("in memory afterwards: %v, %v, %v", img, known, err)
	}
	if _, known, _ := loader.Cached("same", 9); known {
		t.Error("a picture of another size was taken for this one")
	}
}

func TestThumbsCancelledAreNeverDelivered(t *testing.T) {
	ui := viewtest.Start(t)
	source := newGatedSource()
	loader := oneWorker(source.load, 0)
	defer loader.Close()
	wrong := func(*image.RGBA, error) { t.Error("a cancelled request was delivered") }

	running := loader.Request("running", 8, wrong)
	ui.Until("the load to begin", func() bool { return len(source.order()) == 1 })
	waiting := loader.Request("waiting", 8, wrong)
	waiting.Cancel()
	running.Cancel()
	running.Cancel() // again does nothing

	done := false
	loader.Request("wanted", 8, func(*image.RGBA, error) { done = true })
	ui.Until("the running load to be given up", func() bool { return len(source.order()) == 2 })
	close(source.gate)
	ui.Until("the wanted picture", func() bool { return done })
	if got := strings.Join(source.order(), " "); got != "running wanted" {
		t.Errorf("loaded %q; what nobody waits for isn't loaded", got)
	}
}

func TestThumbsStayLoadingForThoseWhoStillWait(t *testing.T) {
	ui := viewtest.Start(t)
	source := newGatedSource()
	loader := oneWorker(source.load, 0)
	defer loader.Close()

	done := false
	left := loader.Request("shared", 8, ignore)
	loader.Request("shared", 8, func(img *image.RGBA, err error) { done = img != nil && err == nil })
	left.Cancel()
	close(source.gate)
	ui.Until("the one who still waits", func() bool { return done })
}

func TestThumbsStayBelowTheirBytes(t *testing.T) {
	ui := viewtest.Start(t)
	const edge, pictures = 16, 10
	budget := int64(pictures * edge * edge * 4)
	loader := NewLoader(func(_ context.Context, _ string, px int) (image.Image, error) {
		return viewtest.Plain(px, px, color.White), nil
	}, budget)
	defer loader.Close()

	for i := range 50 {
		done := false
		loader.Request(fmt.Sprint(i), edge, func(*image.RGBA, error) { done = true })
		ui.Until("a picture", func() bool { return done })
		if _, known, err := loader.Cached("0", edge); !known || err != nil { // the first is looked at again and again
			t.Fatalf("the picture used most recently was dropped: %v", err)
		}
		loader.mu.Lock()
		held := loader.memory.bytes
		loader.mu.Unlock()
		if held > budget {
			t.Fatalf("after %d pictures %d bytes are held, more than %d", i+1, held, budget)
		}
	}
	if _, known, _ := loader.Cached("1", edge); known {
		t.Error("the picture used longest ago was kept")
	}
}

func TestThumbsFailOnceAndSayWhy(t *testing.T) {
	ui := viewtest.Start(t)
	for name, source := range map[string]Source{
		"an error":         func(context.Context, string, int) (image.Image, error) { return nil, errors.New("cut off") },
		"a decoder panics": func(context.Context, string, int) (image.Image, error) { panic("cut off") },
		"nothing":          func(context.Context, string, int) (image.Image, error) { return nil, nil },
		"no pixels": func(context.Context, string, int) (image.Image, error) {
			return image.NewGray(image.Rectangle{}), nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			var calls atomic.Int32
			loader := NewLoader(func(ctx context.Context, id string, px int) (image.Image, error) {
				calls.Add(1)
				return source(ctx, id, px)
			}, 0)
			defer loader.Close()

			var failure error
			loader.Request("bad", 8, func(_ *image.RGBA, err error) { failure = err })
			ui.Until("the failure", func() bool { return failure != nil })
			if _, known, err := loader.Cached("bad", 8); !known || err == nil {
				t.Errorf("the failure isn't remembered: %v %v", err, known)
			}
			if calls.Load() != 1 {
				t.Errorf("loaded %d times", calls.Load())
			}
		})
	}
}

func TestThumbsCloseGivesUpWhatRuns(t *testing.T) {
	ui := viewtest.Start(t)
	source := newGatedSource()
	loader := NewLoader(source.load, 0)
	for i := range 20 {
		loader.Request(fmt.Sprint(i), 8, func(*image.RGBA, error) { t.Error("delivered after Close") })
	}
	ui.Until("a load to begin", func() bool { return len(source.order()) > 0 })
	loader.Close()
	ui.Drain()
	if _, known, _ := loader.Cached("0", 8); known {
		t.Error("giving up was remembered as a failure")
	}
}

func TestPixelsAreTightlyPackedRGBA(t *testing.T) {
	red := color.NRGBA{R: 255, A: 255}
	big := image.NewNRGBA(image.Rect(5, 5, 405, 205))
	for y := 5; y < 205; y++ {
		for x := 5; x < 405; x++ {
			big.SetNRGBA(x, y, red)
		}
	}
	whole := viewtest.Plain(100, 50, red)
	for _, row := range []struct {
		name string
		from image.Image
		want image.Point
	}{
		{"shrunk to the edge", big, image.Pt(100, 50)},
		{"a crop has the crop's own pixels", whole.SubImage(image.Rect(10, 10, 40, 20)), image.Pt(30, 10)},
		{"never enlarged", image.NewGray(image.Rect(0, 0, 3, 2)), image.Pt(3, 2)},
		{"very narrow", image.NewGray(image.Rect(0, 0, 1, 5000)), image.Pt(1, 100)},
		{"taken as it is", whole, image.Pt(100, 50)},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := fitRGBA(row.from, 100)
			if got.Rect != (image.Rectangle{Max: row.want}) {
				t.Fatalf("bounds %v, want %v", got.Rect, row.want)
			}
			if got.Stride != 4*row.want.X || len(got.Pix) != 4*row.want.X*row.want.Y {
				t.Errorf("stride %d and %d bytes for %v", got.Stride, len(got.Pix), row.want)
			}
		})
	}
	if crop := fitRGBA(whole.SubImage(image.Rect(10, 10, 40, 20)), 100); crop.RGBAAt(29, 9) != (color.RGBA{R: 255, A: 255}) {
		t.Errorf("the crop's last pixel is %v", crop.RGBAAt(29, 9))
	}
	if fitRGBA(whole, 100) != whole {
		t.Error("a picture that fits was copied")
	}
}
