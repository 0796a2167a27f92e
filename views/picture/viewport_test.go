package picture

import (
	"math"
	"math/rand/v2"
	"testing"

	"fyne.io/fyne/v2"
)

func TestViewportFitsTheWholePicture(t *testing.T) {
	for _, row := range []struct {
		name          string
		picture, view fyne.Size
		scale         float32
		at            fyne.Position
		size          fyne.Size
	}{
		{"wide", fyne.NewSize(2000, 1000), fyne.NewSize(500, 500), 1, fyne.NewPos(0, 125), fyne.NewSize(500, 250)},
		{"tall", fyne.NewSize(1000, 2000), fyne.NewSize(500, 500), 1, fyne.NewPos(125, 0), fyne.NewSize(250, 500)},
		{"small is not enlarged", fyne.NewSize(100, 50), fyne.NewSize(500, 500), 1, fyne.NewPos(200, 225), fyne.NewSize(100, 50)},
		{"on a dense screen", fyne.NewSize(100, 50), fyne.NewSize(500, 500), 2, fyne.NewPos(225, 237.5), fyne.NewSize(50, 25)},
		{"nothing", fyne.Size{}, fyne.NewSize(500, 500), 1, fyne.NewPos(250, 250), fyne.Size{}},
	} {
		t.Run(row.name, func(t *testing.T) {
			v := viewport{picture: row.picture, view: row.view, scale: row.scale}
			if at, size := v.frame(); at != row.at || size != row.size {
				t.Errorf("lies at %v in size %v, want %v and %v", at, size, row.at, row.size)
			}
		})
	}
}

func TestViewportKeepsThePixelUnderThePointer(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		v := viewport{picture: fyne.NewSize(4000, 3000), view: fyne.NewSize(800, 600), scale: 1 + float32(random.IntN(2))}
		v.zoomTo(1+3*random.Float32(), fyne.NewPos(400, 300))
		v.pan(random.Float32()*200-100, random.Float32()*200-100)
		point := fyne.NewPos(800*random.Float32(), 600*random.Float32())
		before := v.pixelAt(point)
		v.zoomTo(v.zoom*1.5, point)
		after := v.pixelAt(point)
		if math.Abs(float64(after.X-before.X)) > 0.05 || math.Abs(float64(after.Y-before.Y)) > 0.05 {
			t.Fatalf("pixel %v under the pointer at %v became %v", before, point, after)
		}
	}
}

func TestViewportStaysInside(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	v := viewport{picture: fyne.NewSize(3000, 400), view: fyne.NewSize(800, 600), scale: 1}
	for range 2000 {
		switch random.IntN(3) {
		case 0:
			v.pan(random.Float32()*2000-1000, random.Float32()*2000-1000)
		case 1:
			v.zoomTo(v.effectiveZoom()*(0.2+2*random.Float32()), fyne.NewPos(800*random.Float32(), 600*random.Float32()))
		case 2:
			v.fit()
		}
		if zoom := v.effectiveZoom(); zoom < v.fitZoom()-1e-6 || zoom > maxZoom {
			t.Fatalf("zoom %v", zoom)
		}
		at, size := v.frame()
		for _, axis := range [][3]float32{{at.X, size.Width, v.view.Width}, {at.Y, size.Height, v.view.Height}} {
			start, length, seen := axis[0], axis[1], axis[2]
			covers := start <= 0.5 && start+length >= seen-0.5
			centred := math.Abs(float64(start-(seen-length)/2)) < 0.5
			if length > seen+0.5 && !covers || length <= seen-0.5 && !centred {
				t.Fatalf("from %v over %v in a view of %v", start, length, seen)
			}
		}
	}
}
