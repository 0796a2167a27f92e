// Package lucydream declares LucyDream's model creation: a model of one
// person, trained on five photos and delivered to the user's own bucket.
//
// Source of every service fact here: LucyDream's guide "LucyDream API: Model
// Creation" (my.lucydream.ai). LucyDream generates images too; Maquette
// doesn't offer that.
package lucydream

import (
	"context"
	"strings"

	"github.com/maquette-studio/maquette/providers"
)

const (
	guide = "https://my.lucydream.ai/api-create-model/"

	// photoCount is how many photos a model is made from, no more and no less.
	photoCount = 5
)

// Service declares LucyDream.
func Service() providers.Service {
	return providers.Service{
		ID:      "lucydream",
		Title:   "LucyDream",
		Site:    "https://lucydream.ai",
		KeyPage: "https://my.lucydream.ai",
		KeyEnv:  "LUCYDREAM_API_KEY",
		URLEnv:  "MAQUETTE_LUCYDREAM_URL",
		BaseURL: "https://my.lucydream.ai/wp-json",
		// Storage Configuration: a Cloudflare R2 bucket is required.
		Bucket:   providers.BucketUse{Fetches: providers.PhotoFiles(), Delivers: modelFormat, DeliversTo: ".r2.cloudflarestorage.com"},
		Tasks:    []providers.Task{trainingTask()},
		Calls:    calls(),
		CheckKey: checkKey,
	}
}

func trainingTask() providers.Task {
	return providers.Task{
		ID:    "lucydream/train",
		Kind:  providers.Train,
		Title: "Train a model of a person",
		Help: "Trains a model on five photos of one person. LucyDream puts its file into a Cloudflare R2 bucket: " +
			"set the same bucket in LucyDream's API dashboard and in Maquette.",
		Doc: guide,

		Fields: trainingFields(),
		Photos: &providers.PhotoRules{
			Min: photoCount, Max: photoCount,
			Advice: "Use exactly 5 photos of the same person, each different in place, light and pose, with nobody else in them.",
		},
		Person: func(providers.Values) bool { return true },
		Cancel: providers.CancelStopsWaiting,
		Run:    train,
		FoundID: func(found string) string {
			return strings.TrimSuffix(strings.TrimSpace(found), "."+modelFormat)
		},
	}
}

// checkKey asks nothing: LucyDream's one operation creates a model or, from
// any other body, an image, and either may be charged.
func checkKey(context.Context, providers.Conn) (providers.Sentence, error) {
	return providers.Say("LucyDream offers no way to check a key without starting something; it will be checked with your first training."), nil
}
