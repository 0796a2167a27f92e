// Picking the best of many photos.

package photo

import (
	"math/bits"
	"slices"
)

// halfSharp is the sharpness that counts half as much as any sharpness can: a
// photo twice as sharp as a sharp one is hardly better to train on.
const halfSharp = 60

// PickBest returns the indices, ascending, of the n photos that are sharp and
// as different from each other as can be: the sharpest first, then again and
// again the one whose likeness to those picked, weighted by its sharpness, is
// least. Of equals the earlier one wins. n beyond the photos there are gives
// all of them.
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
func weight(sharpness float64) float64 { return max(0, sharpness) / (max(0, sharpness) + halfSharp) }

// distance is how much of their looks differ, 0 to 1. Photos whose looks are
// unknown or flat count as rather different.
func distance(a, b Info) float64 {
	switch {
	case a.Hash != "" && a.Hash == b.Hash:
		return 0
	case a.Look == 0 || b.Look == 0:
		return 0.5
	}
	return float64(bits.OnesCount64(a.Look^b.Look)) / 64
}
