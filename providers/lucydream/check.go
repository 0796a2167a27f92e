// The rules that no single field holds: how many photos a model is made from.

package lucydream

import "github.com/maquette-studio/maquette/providers"

// checkPhotos refuses any number but the one that LucyDream takes.
func checkPhotos(photos []providers.Photo) error {
	if len(photos) == photoCount {
		return nil
	}
	return &providers.Failure{
		Kind: providers.InvalidInput, Field: "photos", Money: providers.NotSpent, Outcome: providers.NotSent,
		Message: providers.Say("LucyDream trains on exactly %d photos, not on %d", photoCount, len(photos)),
		Advice:  providers.Say("Choose %d photos and start again.", photoCount),
	}
}
