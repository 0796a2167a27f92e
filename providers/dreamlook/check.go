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
	if _, err := checkpointSteps(v.Text("save_checkpoints_at")); err != nil {
		return append(problems, providers.Problem{Field: "save_checkpoints_at", Message: providers.SentenceOf(err)})
	}
	return problems
}

// doubtTraining tells of checkpoints that a training hardly comes to. No
// document says what the service makes of them.
func doubtTraining(v providers.Values) []providers.Problem {
	if !v.Has("save_checkpoints_at") {
		return nil
	}
	steps, err := checkpointSteps(v.Text("save_checkpoints_at"))
	if err != nil {
		return nil // said by checkTraining
	}
	doubt := func(english string, args ...any) []providers.Problem {
		return []providers.Problem{{Field: "save_checkpoints_at", Message: providers.Say(english, args...)}}
	}
	first, last := slices.Min(steps), slices.Max(steps)
	switch {
	case first < 1:
		return doubt("step %d lies before the training's first; no document says what becomes of it, and the service may refuse it", first)
	case v.Has("steps") && last >= v.Int("steps"):
		return doubt("step %d isn't below the %d steps of the training; no document says what becomes of it, and the service may refuse it", last, v.Int("steps"))
	}
	return nil
}

// checkpointSteps reads "400, 800".
func checkpointSteps(text string) ([]int64, error) {
	var steps []int64
	for part := range strings.SplitSeq(text, ",") {
		step, err := strconv.ParseInt(strings.TrimSpace(part), 10, 64)
		if err != nil {
			return nil, providers.Errorf("must be steps separated by commas, such as 400, 800; %q isn't one", strings.TrimSpace(part))
		}
		steps = append(steps, step)
	}
	return steps, nil
}
