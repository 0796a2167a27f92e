// Package dreamlook is dreamlook.ai: training Stable Diffusion models on
// photos (DreamBooth) and generating with them.
//
// This file declares what the service offers; fields.go its parameters,
// client.go its requests, run.go the tasks.
package dreamlook

import (
	"context"
	"fmt"
	"slices"
	"time"

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
		Doc:  trainDoc, Fields: dreamboothFields(), Check: checkTraining, Photos: photoRules(), Person: always,
		Cancel: providers.CancelStopsWaiting, Run: train,
	}
}

func generationTask() providers.Task {
	return providers.Task{
		ID: "dreamlook/image_gen", Kind: providers.Generate, Title: "Generate with Stable Diffusion",
		Help: "Generates pictures with a base model or a model you trained here.",
		Doc:  generateDoc, Fields: generationFields(), Check: checkModel,
		Cancel: providers.CancelStopsWaiting, Pictures: sampleCount, Run: generate,
	}
}

func bothTask() providers.Task {
	return providers.Task{
		ID: "dreamlook/dreambooth_image_gen", Kind: providers.TrainAndGenerate, Title: "Train a model and generate with it",
		Help: "Trains a model on your photos and generates pictures with it in one job.",
		Doc:  trainDoc, Fields: bothFields(), Check: checkTraining, Photos: photoRules(), Person: always,
		Cancel: providers.CancelStopsWaiting, Pictures: samplesInAll, Run: trainAndGenerate,
	}
}

// photoRules are advice: the service documents no limits.
func photoRules() *providers.PhotoRules {
	return &providers.PhotoRules{
		Min: 1, AdvisedMin: 5, AdvisedMax: 50, AdvisedEdge: 512, Captions: true,
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

// checkModel holds that a job starts from one model only.
func checkModel(v providers.Values) []providers.Problem {
	if v.Text("base_model") == "" || v.Text("checkpoint_id") == "" {
		return nil
	}
	return []providers.Problem{{
		Field:   "checkpoint_id",
		Message: "a trained model takes the base model's place: leave base_model empty, or this",
	}}
}

func checkTraining(v providers.Values) []providers.Problem {
	problems := checkModel(v)
	if !v.Has("save_checkpoints_at") {
		return problems
	}
	steps, err := checkpointSteps(v.Text("save_checkpoints_at"))
	if err != nil {
		return append(problems, providers.Problem{Field: "save_checkpoints_at", Message: err.Error()})
	}
	if last := slices.Max(steps); v.Has("steps") && last >= v.Int("steps") {
		problems = append(problems, providers.Problem{
			Field:   "save_checkpoints_at",
			Message: fmt.Sprintf("must be below the %d steps of the training, not %d", v.Int("steps"), last),
		})
	}
	return problems
}

func checkKey(ctx context.Context, conn providers.Conn) (string, error) {
	trainings, full, err := connect(conn).jobs(ctx, dreambooth)
	if err != nil {
		return "", err
	}
	switch {
	case full:
		return fmt.Sprintf("Key accepted. %d trainings known, or more.", len(trainings)), nil
	case len(trainings) == 1:
		return "Key accepted. 1 training known.", nil
	}
	return fmt.Sprintf("Key accepted. %d trainings known.", len(trainings)), nil
}

// modelLink reads the model's training again, which may have been a job of
// either kind.
func modelLink(ctx context.Context, conn providers.Conn, model providers.Model) (providers.Model, error) {
	if model.RemoteJob == "" {
		return model, gone("It is not known which training at dreamlook.ai made this model, so there is no new link.")
	}
	c := connect(conn)
	training, err := c.job(ctx, dreambooth, model.RemoteJob)
	if notFound(err) {
		training, err = c.job(ctx, both, model.RemoteJob)
	}
	if notFound(err) {
		return model, gone("dreamlook.ai no longer knows the training that made this model.")
	}
	if err != nil {
		return model, err
	}
	found, listed := training.checkpoint(model.RemoteID)
	if !listed || !found.available() || found.URL == "" {
		return model, gone("dreamlook.ai has deleted this model.")
	}
	return describe(found, model), nil
}

func jobTypeField() providers.Field {
	field := providers.Field{
		Key: "type", Label: "Type", Kind: providers.Choice, Default: dreambooth.String(), Required: true,
		Help: "Which kind of job.",
	}
	for _, kind := range jobTypes {
		field.Options = append(field.Options, providers.Option{Value: kind.String()})
	}
	return field
}

func chosenType(v providers.Values) jobType {
	for _, kind := range jobTypes {
		if slices.Contains(kind.spellings, v.Text("type")) {
			return kind
		}
	}
	return dreambooth
}

// listedJob is a job in the answer of the jobs call.
type listedJob struct {
	ID      string    `json:"job_id"`
	State   string    `json:"state"`
	Percent float64   `json:"percentage_done"`
	Started time.Time `json:"started,omitzero"`
	Prompt  string    `json:"prompt,omitempty"`
	Failure string    `json:"failure_reason,omitempty"`
}

func jobsCall() providers.Call {
	return providers.Call{
		ID: "dreamlook/jobs", Title: "List jobs",
		Help: "Lists your most recent jobs at the service, at most 50, wherever they were started.",
		Doc:  trainDoc, Fields: []providers.Field{jobTypeField()},
		Do: func(ctx context.Context, conn providers.Conn, v providers.Values) (any, error) {
			jobs, _, err := connect(conn).jobs(ctx, chosenType(v))
			if err != nil {
				return nil, err
			}
			list := make([]listedJob, len(jobs))
			for i, j := range jobs {
				list[i] = listedJob{
					ID: j.ID, State: j.state(), Percent: j.Percent, Started: j.QueuedStart.Time,
					Prompt: receipt(j).Title, Failure: j.reason(),
				}
			}
			return list, nil
		},
	}
}

func jobCall() providers.Call {
	id := providers.Field{Key: "id", Label: "Job", Kind: providers.Text, Required: true, Help: "The job's id at the service, such as db_1ccb410f."}
	return providers.Call{
		ID: "dreamlook/job", Title: "Show a job",
		Help: "Shows a job as the service describes it, with links to its results.",
		Doc:  trainDoc, Fields: []providers.Field{jobTypeField(), id},
		Do: func(ctx context.Context, conn providers.Conn, v providers.Values) (any, error) {
			return connect(conn).document(ctx, chosenType(v), v.Text("id"))
		},
	}
}
