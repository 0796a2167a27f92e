// Package dreamlook is dreamlook.ai: training Stable Diffusion models on
// photos (DreamBooth) and generating with them.
//
// Source of every service fact here: dreamlook.ai's documents ("Using the
// API" and the pages it links to).
package dreamlook

import (
	"context"

	"github.com/maquette-studio/maquette/providers"
)

// The documents' pages ("Using the API").
const (
	trainDoc    = "https://docs.dreamlook.ai/train-models/using-the-api"
	generateDoc = "https://docs.dreamlook.ai/generate-images/using-the-api"
)

// Service declares dreamlook.ai.
func Service() providers.Service {
	return providers.Service{
		ID: "dreamlook", Title: "dreamlook.ai",
		Site: "https://dreamlook.ai", KeyPage: "https://dreamlook.ai/api-keys",
		KeyEnv: "DREAMLOOK_API_KEY", URLEnv: "MAQUETTE_DREAMLOOK_URL", BaseURL: "https://api.dreamlook.ai",
		Results:   []string{"storage.googleapis.com"},
		Bucket:    providers.BucketUse{Fetches: append(providers.PhotoFiles(), "json")}, // captions_file_url is JSON
		Tasks:     []providers.Task{trainingTask(), generationTask(), bothTask()},
		Calls:     []providers.Call{jobsCall(), jobCall()},
		CheckKey:  checkKey,
		Known:     known,
		ModelLink: modelLink,
	}
}

func trainingTask() providers.Task {
	return providers.Task{
		ID: "dreamlook/dreambooth", Kind: providers.Train, Title: "Train a Stable Diffusion model",
		Help: "Trains a model on your photos and delivers it as a file. The service keeps it for 48 hours unless you have a plan.",
		Doc:  trainDoc, Fields: dreamboothFields(), Check: checkTraining, Doubt: doubtTraining, Photos: new(photoRules(nil)), PhotosFor: photoRules, Person: always,
		Cancel: providers.CancelStopsWaiting, Run: train,
	}
}

func generationTask() providers.Task {
	return providers.Task{
		ID: "dreamlook/image_gen", Kind: providers.Generate, Title: "Generate with Stable Diffusion",
		Help: "Generates pictures with a base model or a model you trained here.",
		Doc:  generateDoc, Fields: generationFields(), Check: checkGeneration,
		Cancel: providers.CancelStopsWaiting, Pictures: sampleCount, Makes: sampleFormat, Run: generate,
	}
}

func bothTask() providers.Task {
	return providers.Task{
		ID: "dreamlook/dreambooth_image_gen", Kind: providers.TrainAndGenerate, Title: "Train a model and generate with it",
		Help: "Trains a model on your photos and generates pictures with it in one job.",
		Doc:  trainDoc, Fields: bothFields(), Check: checkTraining, Doubt: doubtTraining, Photos: new(photoRules(nil)), PhotosFor: photoRules, Person: always,
		Cancel: providers.CancelStopsWaiting, Pictures: samplesInAll, Makes: sampleFormat, Run: trainAndGenerate,
	}
}

func sampleFormat(v providers.Values) string { return v.Text("output_format") }

// photoRules are advice but for the captions: the service documents no other
// limits. A model of the SDXL family is trained on larger pictures.
func photoRules(v providers.Values) providers.PhotoRules {
	return providers.PhotoRules{
		Min: 1, AdvisedMin: 5, AdvisedMax: 50, AdvisedEdge: edgeOf(baseFamily(baseModel(v))), Captions: true, CaptionTokens: 77, CaptionLines: true,
		Advice: "Use 5 to 15 sharp photos of a person, each different in place, light and pose; " +
			"at least 1024 pixels wide and high for SDXL. A caption may have 77 tokens, about 300 characters.",
	}
}

// always: the documents train on people, and no value says otherwise.
func always(providers.Values) bool { return true }

// sampleCount is how many pictures one generation makes; a dry run makes none.
func sampleCount(v providers.Values) int {
	if v.Bool("dry_run") {
		return 0
	}
	return int(v.Int("num_samples"))
}

// samplesInAll is how many pictures follow a training.
func samplesInAll(v providers.Values) int {
	if v.Bool("dry_run") {
		return 0
	}
	total := 0
	for _, set := range v.List("image_gen") {
		total += sampleCount(set)
	}
	return total
}

func checkKey(ctx context.Context, conn providers.Conn) (providers.Sentence, error) {
	trainings, full, err := connect(conn).jobs(ctx, dreambooth)
	if err != nil {
		return providers.Sentence{}, err
	}
	switch {
	case full:
		return providers.Say("Key accepted. %d trainings known, or more.", len(trainings)), nil
	case len(trainings) == 1:
		return providers.Say("Key accepted. 1 training known."), nil
	}
	return providers.Say("Key accepted. %d trainings known.", len(trainings)), nil
}
