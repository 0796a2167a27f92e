// The arithmetic of looking at a part of a picture: fit, zoom about a point, pan.

package picture

import "fyne.io/fyne/v2"

// maxZoom is in device pixels per picture pixel.
const maxZoom float32 = 16

// viewport maps picture pixels to a view. The zero zoom means fit.
type viewport struct {
	picture fyne.Size // in picture pixels
	view    fyne.Size // in density-independent pixels
	scale   float32   // device pixels per density-independent pixel
	zoom    float32   // device pixels per picture pixel
	center  fyne.Position
}

// fitZoom shows the whole picture, and never enlarges it.
func (v *viewport) fitZoom() float32 {
	if v.picture.Width <= 0 || v.picture.Height <= 0 {
		return 1
	}
	return min(1, v.view.Width*v.scale/v.picture.Width, v.view.Height*v.scale/v.picture.Height)
}

func (v *viewport) fitted() bool { return v.zoom == 0 }

func (v *viewport) effectiveZoom() float32 {
	if v.fitted() {
		return v.fitZoom()
	}
	return v.zoom
}

// frame is where the whole picture lies in the view.
func (v *viewport) frame() (fyne.Position, fyne.Size) {
	perPixel := v.effectiveZoom() / v.scale
	center := v.center
	if v.fitted() {
		center = fyne.NewPos(v.picture.Width/2, v.picture.Height/2)
	}
	size := fyne.NewSize(v.picture.Width*perPixel, v.picture.Height*perPixel)
	return fyne.NewPos(v.view.Width/2-center.X*perPixel, v.view.Height/2-center.Y*perPixel), size
}

// pixelAt is the picture pixel under a point of the view.
func (v *viewport) pixelAt(point fyne.Position) fyne.Position {
	at, _ := v.frame()
	perPixel := v.effectiveZoom() / v.scale
	return fyne.NewPos((point.X-at.X)/perPixel, (point.Y-at.Y)/perPixel)
}

// zoomTo sets the zoom and keeps the pixel under point where it is, as far as the picture's edges allow.
func (v *viewport) zoomTo(zoom float32, point fyne.Position) {
	pixel := v.pixelAt(point)
	v.zoom = min(max(zoom, min(v.fitZoom(), 1)), maxZoom)
	perPixel := v.zoom / v.scale
	v.center = fyne.NewPos(pixel.X-(point.X-v.view.Width/2)/perPixel, pixel.Y-(point.Y-v.view.Height/2)/perPixel)
	v.keepInside()
}

// fit shows the whole picture, also when the view changes its size.
func (v *viewport) fit() { v.zoom = 0 }

// pan moves the picture by density-independent pixels.
func (v *viewport) pan(dx, dy float32) {
	if v.fitted() {
		return
	}
	perPixel := v.zoom / v.scale
	v.center = v.center.SubtractXY(dx/perPixel, dy/perPixel)
	v.keepInside()
}

// keepInside leaves no gap between the picture's edge and the view's, and centres what is smaller than the view.
func (v *viewport) keepInside() {
	perPixel := v.zoom / v.scale
	v.center.X = insideAxis(v.center.X, v.picture.Width, v.view.Width/perPixel)
	v.center.Y = insideAxis(v.center.Y, v.picture.Height, v.view.Height/perPixel)
}

func insideAxis(center, picture, seen float32) float32 {
	if seen >= picture {
		return picture / 2
	}
	return min(max(center, seen/2), picture-seen/2)
}
