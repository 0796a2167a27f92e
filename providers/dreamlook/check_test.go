// Every rule across fields, at its field.

package dreamlook_test

import (
	"testing"

	"github.com/maquette-studio/maquette/providers/dreamlook"
)

func TestRulesAcrossFields(t *testing.T) {
	service := dreamlook.Service()
	for _, row := range []struct {
		name, task string
		values     map[string]any
		field      string // of the one problem, or none
	}{
		{"the defaults", trainID, nil, ""},
		{"a base model", trainID, map[string]any{"base_model": "anything-v9"}, ""},
		{"a checkpoint", generateID, map[string]any{"prompt": "x", "checkpoint_id": "ckp_1"}, ""},
		{"both to train", trainID, map[string]any{"base_model": "stable-diffusion-v1-5", "checkpoint_id": "ckp_1"}, "checkpoint_id"},
		{"both to generate", generateID, map[string]any{"prompt": "x", "base_model": "stable-diffusion-v1-5", "checkpoint_id": "ckp_1"}, "checkpoint_id"},
		{"checkpoints on the way", trainID, map[string]any{"save_checkpoints_at": "400,800"}, ""},
		{"one at the end", trainID, map[string]any{"save_checkpoints_at": "400, 1200"}, "save_checkpoints_at"},
		{"one that is no number", bothID, map[string]any{"image_gen": `[{"prompt":"x"}]`, "save_checkpoints_at": "400;800"}, "save_checkpoints_at"},
		{"one at zero", trainID, map[string]any{"save_checkpoints_at": "0"}, "save_checkpoints_at"},
		{"a trailing comma", trainID, map[string]any{"save_checkpoints_at": "400,"}, "save_checkpoints_at"},
		{"no prompt", generateID, nil, "prompt"},
		{"a learning rate of one", trainID, map[string]any{"learning_rate": 1}, "learning_rate"},
		{"too many pictures", generateID, map[string]any{"prompt": "x", "num_samples": 51}, "num_samples"},
		{"too wide", generateID, map[string]any{"prompt": "x", "width": 2048}, "width"},
		{"no pictures after a training", bothID, nil, "image_gen"},
		{"pictures without a prompt", bothID, map[string]any{"image_gen": `[{"seed":1}]`}, "image_gen[0].prompt"},
	} {
		t.Run(row.name, func(t *testing.T) {
			task, _ := service.FindTask(row.task)
			_, problems := task.Validate(row.values)
			if row.field == "" && len(problems) > 0 || row.field != "" && (len(problems) != 1 || problems[0].Field != row.field) {
				t.Errorf("the problems are %v, want one of %q", problems, row.field)
			}
		})
	}
}
