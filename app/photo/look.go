// Comparing photos by what they show: a difference hash for near-duplicates
// and a measure of sharpness, both on a small grey copy.

package photo

import (
	"image"
	"math/bits"
	"slices"
)

// greyEdge bounds the grey copy, so that sharpness compares between photos of
// different sizes and says how sharp the photo is at the size it is trained.
const greyEdge = 1024

// nearness is how many of the 64 bits of two looks may differ for the photos
// to count as near-duplicates.
const nearness = 6

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

// look is the difference hash: one bit for each of 8 × 8 places, set where the
// picture grows brighter to the right. A margin keeps the noise of flat areas
// from flipping bits.
func look(grey *image.Gray) uint64 {
	const margin = 2
	tiny := average(grey, 9, 8)
	var hash uint64
	for y := range 8 {
		for x := range 8 {
			left, right := tiny.Pix[y*tiny.Stride+4*x], tiny.Pix[y*tiny.Stride+4*x+4]
			hash <<= 1
			if int(right) > int(left)+margin {
				hash |= 1
			}
		}
	}
	return hash
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

// NearDuplicates groups photos that are the same or look alike. Each group
// holds two or more indices into infos, ascending; groups are ordered by their
// first. A photo without any structure (one flat colour) only matches its own
// bytes.
func NearDuplicates(infos []Info) [][]int {
	group := make([]int, len(infos)) // the first photo each one is grouped with
	members := make(map[int][]int)
	for i := range infos {
		group[i] = i
		members[i] = []int{i}
		for j := range i {
			if group[j] != group[i] && alike(infos[i], infos[j]) {
				merge(group, members, group[j], group[i])
			}
		}
	}
	var groups [][]int
	for i := range infos {
		if group[i] == i && len(members[i]) > 1 {
			groups = append(groups, members[i])
		}
	}
	return groups
}

// merge moves the later group's members into the earlier one.
func merge(group []int, members map[int][]int, a, b int) {
	into, from := min(a, b), max(a, b)
	members[into] = append(members[into], members[from]...)
	slices.Sort(members[into])
	for _, i := range members[from] {
		group[i] = into
	}
	delete(members, from)
}

func alike(a, b Info) bool {
	if a.Hash != "" && a.Hash == b.Hash {
		return true
	}
	return a.Look != 0 && b.Look != 0 && bits.OnesCount64(a.Look^b.Look) <= nearness
}
