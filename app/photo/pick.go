// Picking the best of many photos.

package photo

import (
	"math/bits"
	"slices"
)

// halfWeight is the sharpness whose weight is half of the most there is. The
// weight flattens because a photo twice as sharp as a sharp one is hardly
// better to train on.
const halfWeight = 60

// PickBest returns the indices, ascending, of n photos that are sharp and
// differ much from each other. The sharpest is picked first; then, again and
// again, the one with the highest product of sharpness weight and distance to
// the nearest photo picked so far. Of equals the earlier one wins. All photos
// are picked when there are fewer than n.
func PickBest(infos []Info, n int) []int {
	picked := make([]int, 0, max(0, min(n, len(infos))))
	apart := make([]float64, len(infos)) // from the nearest picked, 0 to 1
	for i := range apart {
		apart[i] = 1
	}
	for len(picked) < cap(picked) {
		best, bestScore := -1, -1.0
		for i, info := range infos {
			if score := apart[i] * weight(info.Sharpness); score > bestScore && !slices.Contains(picked, i) {
				best, bestScore = i, score
			}
		}
		picked = append(picked, best)
		for i := range infos {
			apart[i] = min(apart[i], distance(infos[i], infos[best]))
		}
	}
	slices.Sort(picked)
	return picked
}

// weight grows with sharpness towards 1.
func weight(sharpness float64) float64 { return max(0, sharpness) / (max(0, sharpness) + halfWeight) }

// distance is the part of their perceptual hashes that differs, 0 to 1. It is
// half where a hash is missing (0).
func distance(a, b Info) float64 {
	switch {
	case a.Hash != "" && a.Hash == b.Hash:
		return 0
	case a.PerceptualHash == 0 || b.PerceptualHash == 0:
		return 0.5
	}
	return float64(bits.OnesCount64(a.PerceptualHash^b.PerceptualHash)) / 64
}
