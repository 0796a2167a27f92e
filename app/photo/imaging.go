// Turning and scaling: the one place that uses the imaging library. It is
// given RGBA only, which it reads fast, and its results become RGBA again.

package photo

import (
	"image"
	"image/draw"

	"github.com/disintegration/imaging"
)

// upright turns img the way its EXIF orientation (1 to 8) asks for.
func upright(img image.Image, orientation int) image.Image {
	turn, known := map[int]func(image.Image) *image.NRGBA{
		2: imaging.FlipH, 3: imaging.Rotate180, 4: imaging.FlipV, 5: imaging.Transpose,
		6: imaging.Rotate270, 7: imaging.Transverse, 8: imaging.Rotate90,
	}[orientation]
	if !known {
		return img
	}
	return fromImaging(turn(ToRGBA(img)))
}

// resample scales img to w × h with care for sharp edges.
func resample(img image.Image, w, h int) *image.RGBA {
	return fromImaging(imaging.Resize(ToRGBA(img), w, h, imaging.Lanczos))
}

// average scales img down to w × h by averaging, which is fast.
func average(img image.Image, w, h int) *image.RGBA {
	return fromImaging(imaging.Resize(ToRGBA(img), w, h, imaging.Box))
}

// fromImaging is a result as RGBA, without a copy where it is opaque: then
// both are the same bytes.
func fromImaging(img *image.NRGBA) *image.RGBA {
	if img.Opaque() {
		return &image.RGBA{Pix: img.Pix, Stride: img.Stride, Rect: img.Rect}
	}
	return copyRGBA(img)
}

// ToRGBA copies img, wherever its bounds lie, into an RGBA picture that starts
// at the origin and whose stride is four bytes times its width. A picture that
// is already so is returned itself.
func ToRGBA(img image.Image) *image.RGBA {
	b := img.Bounds()
	if rgba, ok := img.(*image.RGBA); ok && b.Min == (image.Point{}) && rgba.Stride == 4*b.Dx() {
		return rgba
	}
	return copyRGBA(img)
}

func copyRGBA(img image.Image) *image.RGBA {
	dst := image.NewRGBA(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
	draw.Draw(dst, dst.Rect, img, img.Bounds().Min, draw.Src)
	return dst
}

// copyNRGBA is for pictures whose transparent parts keep their colours.
func copyNRGBA(img image.Image) *image.NRGBA {
	dst := image.NewNRGBA(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
	draw.Draw(dst, dst.Rect, img, img.Bounds().Min, draw.Src)
	return dst
}
