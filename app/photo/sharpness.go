// How sharp a photo is, measured on a small grey copy.

package photo

import "image"

// greyEdge bounds the grey copy, so that sharpness compares between photos of
// different sizes and says how sharp the photo is at the size it is trained.
const greyEdge = 1024

// greyCopy is the upright picture's brightness, within greyEdge × greyEdge.
func greyCopy(img image.Image, orientation int) *image.Gray {
	grey := brightness(img)
	w, h := grey.Rect.Dx(), grey.Rect.Dy()
	if by := max(w, h) / greyEdge; by >= 2 && by <= min(w, h) {
		small := image.NewGray(image.Rect(0, 0, w/by, h/by))
		averageBlocks(small.Pix, w/by, h/by, grey.Pix, grey.Stride, by, by)
		grey = small
	}
	return brightness(upright(fitWithin(grey, greyEdge), orientation))
}

// brightness is img in grey. A JPEG keeps it as a plane of its own.
func brightness(img image.Image) *image.Gray {
	switch img := img.(type) {
	case *image.Gray:
		return img
	case *image.YCbCr:
		return &image.Gray{Pix: img.Y, Stride: img.YStride, Rect: img.Rect}
	}
	src := ToRGBA(img)
	grey := image.NewGray(src.Rect)
	for i := range grey.Pix {
		p := src.Pix[4*i : 4*i+3 : 4*i+3]
		grey.Pix[i] = uint8((299*int(p[0]) + 587*int(p[1]) + 114*int(p[2]) + 500) / 1000)
	}
	return grey
}

// sharpness is the variance of the Laplacian.
func sharpness(grey *image.Gray) float64 {
	w, h := grey.Rect.Dx(), grey.Rect.Dy()
	if w < 3 || h < 3 {
		return 0
	}
	var sum, squares int64
	for y := 1; y < h-1; y++ {
		above, row, below := grey.Pix[(y-1)*grey.Stride:], grey.Pix[y*grey.Stride:], grey.Pix[(y+1)*grey.Stride:]
		for x := 1; x < w-1; x++ {
			v := int64(above[x]) + int64(below[x]) + int64(row[x-1]) + int64(row[x+1]) - 4*int64(row[x])
			sum += v
			squares += v * v
		}
	}
	n := float64((w - 2) * (h - 2))
	mean := float64(sum) / n
	return float64(squares)/n - mean*mean
}
