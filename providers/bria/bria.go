// Package bria is Bria's tailored generation: models trained on the pictures
// of a brand or a character, and pictures made with them.
//
// Source of every service fact here: Bria's API documentation, "Tailored
// Generation".
package bria

import (
	"context"
	"fmt"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/ratelimit"
)

const manual = "https://docs.bria.ai/tailored-generation"

// What a dataset holds, wherever that is asked for: the rules of its photos,
// the calls' help, the advice, and app/remote through them.
const (
	leastImages = 1    // to be completed
	mostImages  = 200  // at all
	minEdge     = 1024 // pixels of an image, each side
)

// How many requests a minute each endpoint takes of an account, by its plan;
// polls count.
const (
	freePlan = 10
	paidPlan = 60
)

// Service declares Bria.
func Service() providers.Service {
	return providers.Service{
		ID: "bria", Title: "Bria",
		Site: "https://bria.ai", KeyPage: "https://platform.bria.ai/console/account/api-keys",
		KeyEnv: "BRIA_API_TOKEN", URLEnv: "MAQUETTE_BRIA_URL", BaseURL: "https://engine.prod.bria-api.com/v1",
		Tasks:    []providers.Task{trainingTask(), imageTask(), vectorTask(), reimagineTask()},
		Calls:    calls(),
		CheckKey: checkKey,
		Limits:   []ratelimit.Limit{{PerMinute: []int{freePlan, paidPlan}}},
	}
}

func trainingTask() providers.Task {
	return providers.Task{
		ID: "bria/train", Kind: providers.Train, Title: "Train a tailored model",
		Help: "Trains a model on a character, a set of objects or a style: project, dataset, captions and training in one go. It takes 1 to 3 hours.",
		Doc:  manual, Fields: trainingFields(), Check: checkTraining,
		Photos: newDatasetRules(), PhotosFor: photoRules, Person: always, Hosted: never,
		Cancel: providers.CancelStopsWork, Stop: stop, Run: train,
	}
}

func imageTask() providers.Task {
	return providers.Task{
		ID: "bria/text-to-image", Kind: providers.Generate, Title: "Picture with a tailored model",
		Help: "Pictures from a prompt with a model trained at Bria, guided by up to four pictures.",
		Doc:  manual, Fields: textFields(), Check: checkText, CheckModel: checkTextModel,
		Hosted: never, Cancel: providers.CancelStopsWaiting, Run: textToImage.generate,
	}
}

func vectorTask() providers.Task {
	return providers.Task{
		ID: "bria/text-to-vector", Kind: providers.Generate, Title: "Vector graphic with a tailored model",
		Help: "SVG graphics from a prompt, with a model trained on illustrations at Bria. A beta of Bria's.",
		Doc:  manual, Fields: textFields(), Check: checkText, CheckModel: checkTextModel,
		Hosted: never, Cancel: providers.CancelStopsWaiting, Run: textToVector.generate,
		Makes: func(providers.Values) string { return "svg" },
	}
}

func reimagineTask() providers.Task {
	return providers.Task{
		ID: "bria/reimagine", Kind: providers.Generate, Title: "Reimagine with a tailored model",
		Help: "Redraws the structure of a picture in the look of a model trained at Bria with the light version.",
		Doc:  manual, Fields: reimagineFields(), Check: checkReimagine, CheckModel: checkReimagineModel,
		Hosted: never, Cancel: providers.CancelStopsWaiting, Run: reimagine.generate,
	}
}

// never: pictures are sent in the request itself.
func never(providers.Values) bool { return false }

// always: whatever type of thing is trained on, a photo of it may show somebody,
// or be somebody's work.
func always(providers.Values) bool { return true }

// photoRules: a dataset that is there already may be trained on as it is.
func photoRules(v providers.Values) providers.PhotoRules {
	rules := *newDatasetRules()
	if v.Text("training_version") == versionMax {
		rules.AdvisedMin, rules.AdvisedMax = 5, 50
	}
	if v.Text("start_from") == fromDataset {
		rules.Min, rules.AdvisedMin = 0, 0
	}
	return rules
}

// newDatasetRules are those of the light version, which is the default.
func newDatasetRules() *providers.PhotoRules {
	return &providers.PhotoRules{
		Min: leastImages, Max: mostImages, AdvisedMin: 15, AdvisedMax: 100, MinEdge: minEdge, Captions: true, Flatten: true,
		Advice: "15 to 100 pictures for the light version, 5 to 50 for max: one style, varied poses, scenes and objects, " +
			"square or with the subject in the middle and filling most of it. Transparency turns black.",
	}
}

// uploadRules are those of a dataset that is filled picture by picture.
func uploadRules() *providers.PhotoRules {
	return &providers.PhotoRules{Min: leastImages, Max: mostImages, MinEdge: minEdge, Captions: true, Flatten: true}
}

func checkKey(ctx context.Context, conn providers.Conn) (providers.Sentence, error) {
	projects, err := connect(conn).projects(ctx)
	if err != nil {
		return providers.Sentence{}, err
	}
	if len(projects) == 1 {
		return providers.Say("Key accepted. 1 project."), nil
	}
	return providers.Say("Key accepted. %d projects.", len(projects)), nil
}

// counted is a number with its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
