// Pixels as the window wants them: tightly packed RGBA at the size they are shown, made in workers.

package picture

import (
	"image"
	"math"

	"fyne.io/fyne/v2"
	"golang.org/x/image/draw"
)

// fitRGBA returns img as a tightly packed RGBA with its origin at 0,0 and no edge longer than maxEdge pixels, never
// enlarged. Only such pictures reach the graphics card without being redrawn on the UI goroutine.
func fitRGBA(img image.Image, maxEdge int) *image.RGBA {
	size := img.Bounds().Size()
	if longest := max(size.X, size.Y); longest > maxEdge && maxEdge > 0 {
		shrink := float64(maxEdge) / float64(longest)
		size.X = max(1, int(math.Round(float64(size.X)*shrink)))
		size.Y = max(1, int(math.Round(float64(size.Y)*shrink)))
	}
	return resizeRGBA(img, size)
}

// resizeRGBA returns img in exactly the given size in pixels, tightly packed. A picture that already is so is
// returned itself.
func resizeRGBA(img image.Image, size image.Point) *image.RGBA {
	bounds := img.Bounds()
	same := bounds.Size() == size
	if packed, ok := img.(*image.RGBA); ok && same && bounds.Min == (image.Point{}) &&
		packed.Stride == 4*size.X && len(packed.Pix) == 4*size.X*size.Y {
		return packed
	}
	out := image.NewRGBA(image.Rectangle{Max: size})
	if same {
		draw.Draw(out, out.Bounds(), img, bounds.Min, draw.Src)
		return out
	}
	draw.CatmullRom.Scale(out, out.Bounds(), img, bounds, draw.Src, nil)
	return out
}

// Pixels is how many device pixels an edge takes that is given in
// density-independent ones, where object is shown.
func Pixels(object fyne.CanvasObject, edge float32) int { return roundTo(edge * canvasScale(object)) }

// canvasScale is device pixels per density-independent pixel where object is shown, or will be.
func canvasScale(object fyne.CanvasObject) float32 {
	driver := fyne.CurrentApp().Driver()
	if c := driver.CanvasForObject(object); c != nil {
		return c.Scale()
	}
	if windows := driver.AllWindows(); len(windows) > 0 {
		return windows[0].Canvas().Scale()
	}
	return 1
}

// contain is the largest size of picture's shape within box, never larger than picture itself.
func contain(picture, box fyne.Size) fyne.Size {
	if picture.Width <= 0 || picture.Height <= 0 {
		return fyne.Size{}
	}
	shrink := min(1, box.Width/picture.Width, box.Height/picture.Height)
	return fyne.NewSize(picture.Width*shrink, picture.Height*shrink)
}
