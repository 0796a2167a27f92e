package providers_test

import (
	"testing"

	"github.com/maquette-studio/maquette/providers"
)

func TestALimitThatNoDocumentStatesIsToldAndSent(t *testing.T) {
	fields := []providers.Field{
		{Key: "width", Kind: providers.Int, Min: 512, Max: 1024, Soft: true},
		{Key: "steps", Kind: providers.Int, Min: 4, Max: 20},
		{Key: "refs", Kind: providers.List, Max: 1, Soft: true, Items: []providers.Field{{Key: "weight", Kind: providers.Float, Min: 0, Max: 1, Soft: true}}},
	}
	values, problems := providers.Parse(fields, map[string]any{"width": "448", "refs": `[{"weight":2},{"weight":0.5}]`})
	if len(problems) > 0 || values.Int("width") != 448 || len(values.List("refs")) != 2 {
		t.Fatalf("%v, %v", values, problems)
	}
	told := providers.Unusual(fields, values)
	if len(told) != 3 || told[0].Field != "width" || told[1].Field != "refs[0].weight" || told[2].Field != "refs" {
		t.Errorf("told: %v", told)
	}
	if _, problems := providers.Parse(fields, map[string]any{"steps": "21"}); len(problems) != 1 {
		t.Errorf("a documented limit: %v", problems)
	}
}

func TestBlankTextsAreRefusedAndEmptyOnesMeanSomething(t *testing.T) {
	for _, text := range []string{" ", "\t\n", "\u200b", "\u00a0\u2060\ufeff", "\u3164", "\u2800\u00ad\ufe0f"} {
		for _, kind := range []providers.FieldKind{providers.Text, providers.Prompt} {
			fields := []providers.Field{{Key: "title", Kind: kind}, {Key: "of", Kind: providers.List, Items: []providers.Field{{Key: "name", Kind: kind}}}}
			if _, problems := providers.Parse(fields, map[string]any{"title": text}); len(problems) != 1 {
				t.Errorf("%q as a %s: %v", text, kind, problems)
			}
			if _, problems := providers.Parse(fields, map[string]any{"of": []any{map[string]any{"name": text}}}); len(problems) != 1 {
				t.Errorf("%q in a list: %v", text, problems)
			}
		}
	}
	for _, text := range []string{"a", "狐", "👩‍👧", " . ", "é"} {
		if providers.Blank(text) {
			t.Errorf("%q is taken for blank", text)
		}
	}
	fields := []providers.Field{
		{Key: "note", Kind: providers.Text, Emptied: true},
		{Key: "other", Kind: providers.Text},
		{Key: "prompt", Kind: providers.Prompt, Required: true, Default: "a fox"},
	}
	values, problems := providers.Parse(fields, map[string]any{"note": "", "other": ""})
	if len(problems) > 0 || !values.Has("note") || values.Has("other") || values.Text("prompt") != "a fox" {
		t.Errorf("%v, %v", values, problems)
	}
	if values, _ := providers.Parse(fields, nil); values.Has("note") {
		t.Error("a note that wasn't given is emptied")
	}
	if _, problems := providers.Parse(fields, map[string]any{"prompt": ""}); len(problems) != 1 || problems[0].Field != "prompt" {
		t.Errorf("an emptied prompt: %v", problems)
	}
}

func TestIDsAreTakenAsTheyAreShown(t *testing.T) {
	services := providers.Services{{ID: "bria"}, {ID: "luma"}}
	fields := []providers.Field{{Key: "model_id", Kind: providers.Trained}, {Key: "dataset_id", Kind: providers.Text, Remote: true}, {Key: "name", Kind: providers.Text}}
	for given, want := range map[string]string{"105": "105", "bria:105": "105", "\tbria:105\n": "105", "model/105": "105", "bria:model/105": "105", "ckp:1": "ckp:1"} {
		own, problems := providers.OwnIDs("bria", services, fields, providers.Values{"model_id": given, "name": "bria:1"})
		if len(problems) > 0 || own.Text("model_id") != want || own.Text("name") != "bria:1" || own.Has("dataset_id") {
			t.Errorf("%q becomes %v, %v", given, own, problems)
		}
	}
	for _, wrong := range []string{"luma:5", "Luma:5", "model/5", "bria:project/5", "bria:", "dataset/"} {
		if _, problems := providers.OwnIDs("bria", services, fields, providers.Values{"dataset_id": wrong}); len(problems) != 1 || problems[0].Field != "dataset_id" {
			t.Errorf("%q: %v", wrong, problems)
		}
	}
	list := []providers.Field{{Key: "models", Kind: providers.List, Items: fields}}
	nested := func(id string) providers.Values {
		return providers.Values{"models": []providers.Values{{"model_id": "7"}, {"model_id": id}}}
	}
	if own, problems := providers.OwnIDs("bria", services, list, nested("bria:105")); len(problems) > 0 || own.List("models")[1].Text("model_id") != "105" {
		t.Errorf("in a list: %v, %v", own, problems)
	}
	if _, problems := providers.OwnIDs("bria", services, list, nested("luma:105")); len(problems) != 1 || problems[0].Field != "models[1].model_id" {
		t.Errorf("another service's in a list: %v", problems)
	}
}
