// The rules of a training and a generation that span fields.

package dreamlook

import (
	"slices"
	"strconv"
	"strings"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
)

func checkGeneration(v providers.Values) []providers.Problem {
	return append(checkModel(v), checkCallback(v)...)
}

// checkCallback refuses what the service would, at the field.
func checkCallback(v providers.Values) []providers.Problem {
	if !v.Has("callback") {
		return nil
	}
	if err := httpapi.CheckCallback(v.Text("callback")); err != nil {
		return []providers.Problem{{Field: "callback", Message: providers.SentenceOf(err)}}
	}
	return nil
}

// checkModel holds that a job starts from one model only.
func checkModel(v providers.Values) []providers.Problem {
	if v.Text("base_model") == "" || v.Text("checkpoint_id") == "" {
		return nil
	}
	return []providers.Problem{{
		Field:   "checkpoint_id",
		Message: providers.Say("a trained model takes the base model's place: leave base_model empty, or this"),
	}}
}

func checkTraining(v providers.Values) []providers.Problem {
	problems := checkGeneration(v)
	if !v.Has("save_checkpoints_at") {
		return problems
	}
	steps, err := checkpointSteps(v.Text("save_checkpoints_at"))
	if err != nil {
		return append(problems, providers.Problem{Field: "save_checkpoints_at", Message: providers.SentenceOf(err)})
	}
	if last := slices.Max(steps); v.Has("steps") && last >= v.Int("steps") {
		problems = append(problems, providers.Problem{
			Field:   "save_checkpoints_at",
			Message: providers.Say("must be below the %d steps of the training, not %d", v.Int("steps"), last),
		})
	}
	return problems
}

// checkpointSteps reads "400, 800".
func checkpointSteps(text string) ([]int64, error) {
	var steps []int64
	for part := range strings.SplitSeq(text, ",") {
		step, err := strconv.ParseInt(strings.TrimSpace(part), 10, 64)
		if err != nil || step < 1 {
			return nil, providers.Errorf("must be steps separated by commas, such as 400, 800; %q isn't one", strings.TrimSpace(part))
		}
		steps = append(steps, step)
	}
	return steps, nil
}
