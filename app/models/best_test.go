package models

import (
	"testing"

	"github.com/maquette-studio/maquette/providers"
)

func TestTheBestModelIsTheLastFullCheckpoint(t *testing.T) {
	ms := &Models{byID: map[string]Model{}}
	for id, model := range map[string]providers.Model{
		"early": {Type: "checkpoint", Step: 100}, "late": {Type: "checkpoint", Step: 900},
		"lora": {Type: "lora", Step: 1200}, "early lora": {Type: "lora", Step: 300},
	} {
		ms.byID[id] = Model{ID: id, Model: model}
	}
	for want, ids := range map[string][]string{
		"late": {"lora", "early", "late", "early lora"}, "lora": {"early lora", "lora", "gone"}, "early": {"early"}, "": {"gone"},
	} {
		if best, known := ms.Best(ids); best.ID != want || known != (want != "") {
			t.Errorf("of %q the best is %q, known %v", ids, best.ID, known)
		}
	}
}

func TestAModelIsGeneratedWithAtItsOwnServiceOnly(t *testing.T) {
	trained := []providers.Field{{Key: "prompt", Kind: providers.Prompt}, {Key: "checkpoint", Kind: providers.Trained}}
	ms := &Models{cfg: Config{Services: providers.Services{
		{ID: "both", Tasks: []providers.Task{{ID: "both/train", Kind: providers.Train, Fields: trained}, {ID: "both/make", Kind: providers.Generate, Fields: trained}}},
		{ID: "trains", Tasks: []providers.Task{{ID: "trains/train", Kind: providers.Train, Fields: trained}}},
	}}}
	if task, field := ms.GeneratingWith(Model{Service: "both"}); task == nil || task.ID != "both/make" || field != "checkpoint" {
		t.Errorf("its task is %v, its field %q", task, field)
	}
	for _, service := range []string{"trains", "unknown"} {
		if task, _ := ms.GeneratingWith(Model{Service: service}); task != nil {
			t.Errorf("%s generates by %s", service, task.ID)
		}
	}
}
