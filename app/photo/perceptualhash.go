// Comparing photos by what they show: the perceptual hash and near-duplicates.

package photo

import (
	"image"
	"math/bits"
	"slices"
)

// nearBits is how many of the 64 bits of two perceptual hashes may differ for
// the photos to count as near-duplicates.
const nearBits = 6

// perceptualHash is the difference hash (dHash): one bit for each of 8 × 8
// places, set where the picture grows brighter to the right. A margin keeps
// the noise of flat areas from flipping bits.
func perceptualHash(grey *image.Gray) uint64 {
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
	return a.PerceptualHash != 0 && b.PerceptualHash != 0 && bits.OnesCount64(a.PerceptualHash^b.PerceptualHash) <= nearBits
}
