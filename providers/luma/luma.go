// Package luma declares Luma's Dream Machine image API: photon images from
// prompts and references, and reframing.
//
// Source of every service fact here: Luma's guide "Image Generation"
// (docs.lumalabs.ai) and its OpenAPI description.
package luma

import (
	"context"

	"github.com/maquette-studio/maquette/providers"
)

const (
	imageGuide = "https://docs.lumalabs.ai/docs/image-generation"
	apiGuide   = "https://docs.lumalabs.ai/docs/api"
)

// Service declares Luma.
func Service() providers.Service {
	return providers.Service{
		ID:      "luma",
		Title:   "Luma Dream Machine",
		Site:    "https://lumalabs.ai/dream-machine",
		KeyPage: "https://lumalabs.ai/dream-machine/api/keys",
		KeyEnv:  "LUMAAI_API_KEY",
		URLEnv:  "MAQUETTE_LUMA_URL",
		BaseURL: "https://api.lumalabs.ai/dream-machine/v1",
		Results: []string{"storage.cdn-luma.com"},
		Bucket:  providers.BucketUse{Fetches: providers.PhotoFiles()},
		Tasks:   []providers.Task{imageTask(), reframeTask()},
		Calls:   calls(),
		Prices: []providers.Price{
			{Key: "luma/photon-1", Label: "One photon-1 picture", USD: 0.015},
			{Key: "luma/photon-flash-1", Label: "One photon-flash-1 picture", USD: 0.003},
		},
		Known: known,
		Delete: func(ctx context.Context, conn providers.Conn, id string) error {
			return newClient(conn).remove(ctx, id)
		},
		CheckKey: func(ctx context.Context, conn providers.Conn) (providers.Sentence, error) {
			balance, err := newClient(conn).credits(ctx)
			if err != nil {
				return providers.Sentence{}, err
			}
			return providers.Say("Key accepted. Balance: $%.2f", balance.USD), nil
		},
	}
}

func imageTask() providers.Task {
	return providers.Task{
		ID:    "luma/image",
		Kind:  providers.Generate,
		Title: "Picture",
		Help:  "Pictures from a prompt, guided by reference pictures, a style, a character, or by changing a picture you have.",
		Doc:   imageGuide,

		Fields:   imageFields(),
		Check:    checkImage,
		Cancel:   providers.CancelStopsWaiting,
		Estimate: estimate,
		Pictures: imageCount,
		Makes:    imageFormat,
		Run:      runImage,
	}
}

func reframeTask() providers.Task {
	return providers.Task{
		ID:    "luma/reframe",
		Kind:  providers.Generate,
		Title: "Reframe",
		Help:  "Brings a picture into another aspect ratio by painting what lies beyond its edges.",
		Doc:   apiGuide,

		Fields:   reframeFields(),
		Check:    checkCallback,
		Doubt:    doubtReframe,
		Cancel:   providers.CancelStopsWaiting,
		Estimate: estimate,
		Pictures: func(providers.Values) int { return 1 },
		Makes:    imageFormat,
		Run:      runReframe,
	}
}

func estimate(values providers.Values) []providers.Charge {
	return []providers.Charge{{Price: "luma/" + values.Text("model"), Count: imageCount(values)}}
}

func imageFormat(values providers.Values) string { return values.Text("format") }

// imageCount is how many images are asked for; the service makes one a request.
func imageCount(values providers.Values) int { return max(1, int(values.Int("count"))) }
