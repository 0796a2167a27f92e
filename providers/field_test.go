package providers_test

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/providers"
)

var fields = []providers.Field{
	{Key: "prompt", Kind: providers.Prompt, Min: 3, Max: 10, Required: true},
	{Key: "name", Kind: providers.Text},
	{Key: "model", Kind: providers.Choice, Default: "a", Options: []providers.Option{{Value: "a"}, {Value: "b"}}},
	{Key: "base", Kind: providers.Choice, Open: true, Options: []providers.Option{{Value: "sd"}}},
	{Key: "steps", Kind: providers.Int, Default: int64(20), Min: 1, Max: 50},
	{Key: "weight", Kind: providers.Float, Min: 0, Max: 1},
	{Key: "free", Kind: providers.Float},
	{Key: "fast", Kind: providers.Bool},
	{Key: "seed", Kind: providers.Seed},
	{Key: "image", Kind: providers.Image},
	{Key: "strength", Kind: providers.Float, Default: 0.5, Min: 0, Max: 1, When: &providers.Condition{Key: "image"}},
	{Key: "only_b", Kind: providers.Text, Required: true, When: &providers.Condition{Key: "model", In: []string{"b"}}},
	{Key: "count", Kind: providers.Int, Default: int64(1), Min: 1, Max: 50, Local: true},
	{Key: "refs", Kind: providers.List, Max: 2, Items: []providers.Field{
		{Key: "image", Kind: providers.Image, Required: true},
		{Key: "weight", Kind: providers.Float, Default: 0.85, Min: 0, Max: 1},
	}},
}

func TestParseReadsEveryKind(t *testing.T) {
	for _, row := range []struct {
		key   string
		given any
		want  any // nil when left out
	}{
		{"name", "fox", "fox"},
		{"name", "", nil},
		{"name", nil, nil},
		{"model", "", "a"},
		{"model", "b", "b"},
		{"base", "my own", "my own"},
		{"steps", "30", int64(30)},
		{"steps", " 30 ", int64(30)},
		{"steps", 30, int64(30)},
		{"steps", 30.0, int64(30)},
		{"steps", json.Number("30"), int64(30)},
		{"steps", nil, int64(20)},
		{"weight", "0.5", 0.5},
		{"weight", 1, 1.0},
		{"weight", int64(0), 0.0},
		{"weight", "1e-6", 1e-6},
		{"free", -1e9, -1e9},
		{"fast", "yes", true},
		{"fast", "Off", false},
		{"fast", true, true},
		{"seed", "-1", int64(-1)},
		{"seed", "9007199254740993", int64(9007199254740993)},
		{"refs", `[{"image":"a.jpg"}]`, []providers.Values{{"image": "a.jpg", "weight": 0.85}}},
		{"refs", []any{map[string]any{"image": "a.jpg", "weight": "1"}}, []providers.Values{{"image": "a.jpg", "weight": 1.0}}},
		{"refs", []providers.Values{{"image": "a.jpg", "weight": 0.1}}, []providers.Values{{"image": "a.jpg", "weight": 0.1}}},
	} {
		raw := map[string]any{"prompt": "a fox", row.key: row.given}
		if row.given == "b" {
			raw["only_b"] = "x"
		}
		values, problems := providers.Parse(fields, raw)
		if len(problems) > 0 || !reflect.DeepEqual(values[row.key], row.want) {
			t.Errorf("%s = %#v became %#v, %v; want %#v", row.key, row.given, values[row.key], problems, row.want)
		}
	}
}

func TestParseNamesEachProblem(t *testing.T) {
	for _, row := range []struct {
		key   string
		given any
		at    string // the problem's field
		says  string
	}{
		{"prompt", "ab", "prompt", "3 to 10 characters, not 2"},
		{"prompt", "elf letters", "prompt", "not 11"},
		{"prompt", 7, "prompt", "must be text"},
		{"prompt", "", "prompt", "is required"},
		{"model", "c", "model", "one of a, b"},
		{"steps", "many", "steps", "whole number"},
		{"steps", "1.5", "steps", "whole number"},
		{"steps", 1.5, "steps", "whole number"},
		{"steps", math.Inf(1), "steps", "whole number"},
		{"steps", math.NaN(), "steps", "whole number"},
		{"steps", "99999999999999999999", "steps", "whole number"},
		{"steps", 0, "steps", "1 to 50, not 0"},
		{"steps", true, "steps", "whole number"},
		{"weight", "1.01", "weight", "0 to 1"},
		{"weight", "NaN", "weight", "a number"},
		{"weight", math.NaN(), "weight", "must be a number"},
		{"fast", "maybe", "fast", "true or false"},
		{"fast", 1, "fast", "true or false"},
		{"unknown", "x", "unknown", "no such field"},
		{"refs", "a.jpg", "refs", "JSON list"},
		{"refs", 1, "refs", "must be a list"},
		{"refs", []any{"a.jpg"}, "refs", "item 0 must be an object"},
		{"refs", `[{"image":"a"},{"image":"b"},{"image":"c"}]`, "refs", "at most 2"},
		{"refs", `[{"image":"a"},{"image":"b","weight":2}]`, "refs[1].weight", "0 to 1"},
		{"refs", `[{"weight":1}]`, "refs[0].image", "is required"},
		{"refs", `[{"image":"a","colour":"red"}]`, "refs[0].colour", "no such field"},
		{"model", "b", "only_b", "is required"},
	} {
		raw := map[string]any{"prompt": "a fox", row.key: row.given}
		_, problems := providers.Parse(fields, raw)
		if len(problems) != 1 || problems[0].Field != row.at || !strings.Contains(problems[0].Message.String(), row.says) {
			t.Errorf("%s = %#v: %v; want one problem at %s saying %q", row.key, row.given, problems, row.at, row.says)
		}
	}
}

func TestValuesForFieldsThatDoNotApplyAreProblems(t *testing.T) {
	for key, says := range map[string]string{"strength": "together with image", "only_b": "when model is b"} {
		_, problems := providers.Parse(fields, map[string]any{"prompt": "a fox", key: "0.7"})
		if len(problems) != 1 || problems[0].Field != key || !strings.Contains(problems[0].Message.String(), says) {
			t.Errorf("%s: %v", key, problems)
		}
	}
	values, problems := providers.Parse(fields, map[string]any{"prompt": "a fox", "strength": "", "only_b": nil})
	if len(problems) > 0 || values.Has("strength") || values.Has("only_b") {
		t.Errorf("got %v, %v", values, problems)
	}
	values, problems = providers.Parse(fields, map[string]any{"prompt": "a fox", "image": "a.jpg"})
	if len(problems) > 0 || values.Float("strength") != 0.5 {
		t.Errorf("got %v, %v", values, problems)
	}
}

func TestValidateAppliesTheRulesThatSpanFields(t *testing.T) {
	asked := 0
	task := providers.Task{Fields: fields, Check: func(v providers.Values) []providers.Problem {
		asked++
		return []providers.Problem{{Field: "steps", Message: providers.Say("too many for %s", v.Text("model"))}}
	}}
	if _, problems := task.Validate(map[string]any{"prompt": "a fox"}); fmt.Sprint(problems) != "[steps: too many for a]" {
		t.Errorf("got %v", problems)
	}
	if _, problems := task.Validate(map[string]any{"prompt": ""}); len(problems) != 1 || asked != 1 {
		t.Errorf("rules were applied to values that a field refused: %v", problems)
	}
}

func TestValuesComeBackFromJSONAsTheyWere(t *testing.T) {
	values, problems := providers.Parse(fields, map[string]any{
		"prompt": "a \"fox\"", "steps": 30, "weight": 0.25, "fast": false, "seed": "9007199254740993", "image": "a.jpg",
		"refs": `[{"image":"a.jpg"},{"image":"b.jpg","weight":0.5}]`,
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	encoded, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	var back providers.Values
	if err := json.Unmarshal(encoded, &back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(back, values) {
		t.Errorf("%#v came back as %#v", values, back)
	}
	again, problems := providers.Parse(fields, back)
	if len(problems) > 0 || !reflect.DeepEqual(again, values) {
		t.Errorf("parsed again they are %#v, %v", again, problems)
	}
}

func TestBrokenJSONIsAnError(t *testing.T) {
	for _, text := range []string{`[]`, `"text"`, `{"a":[1]}`, `{"a":`, `{"a":["x"]}`} {
		var values providers.Values
		if err := json.Unmarshal([]byte(text), &values); err == nil {
			t.Errorf("%s was read as %v", text, values)
		}
	}
}

func TestPayloadHoldsWhatTheServiceKnows(t *testing.T) {
	values, problems := providers.Parse(fields, map[string]any{"prompt": "a fox", "image": "a.jpg", "count": 3, "fast": false, "refs": `[{"image":"a.jpg"}]`})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	want := map[string]any{"prompt": "a fox", "model": "a", "steps": int64(20), "fast": false, "strength": 0.5}
	if got := values.Payload(fields); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestUnsetValuesReadAsNothing(t *testing.T) {
	var values providers.Values
	if values.Text("a") != "" || values.Int("a") != 0 || values.Float("a") != 0 || values.Bool("a") || values.Has("a") || values.List("a") != nil {
		t.Error("an unset value is something")
	}
	wrong := providers.Values{"a": []string{"x"}}
	if wrong.Text("a") != "" || wrong.Int("a") != 0 || wrong.Float("a") != 0 || wrong.Bool("a") || wrong.List("a") != nil {
		t.Error("a value of a foreign type is something")
	}
}

func TestLimitsInWords(t *testing.T) {
	for _, row := range []struct {
		field providers.Field
		want  string
	}{
		{providers.Field{Kind: providers.Prompt, Min: 3, Max: 5000}, "3 to 5000 characters"},
		{providers.Field{Kind: providers.Float, Min: 0, Max: 0.5}, "0 to 0.5"},
		{providers.Field{Kind: providers.List, Max: 4}, "up to 4"},
		{providers.Field{Kind: providers.Int}, ""},
	} {
		if got := row.field.Limits(); got.String() != row.want {
			t.Errorf("got %q, want %q", got, row.want)
		}
	}
}

func TestWhichFailuresMayPass(t *testing.T) {
	for _, row := range []struct {
		failure providers.Failure
		want    bool
	}{
		{providers.Failure{Kind: providers.NoNetwork}, true},
		{providers.Failure{Kind: providers.RateLimited}, true},
		{providers.Failure{Kind: providers.ServiceTrouble}, true},
		{providers.Failure{Kind: providers.BadResult, Garbled: true}, true},
		{providers.Failure{Kind: providers.BadKey}, false},
		{providers.Failure{Kind: providers.NotFound}, false},
		{providers.Failure{Kind: providers.Interrupted}, false},
	} {
		if got := row.failure.MayPass(); got != row.want {
			t.Errorf("%q may pass: %v", row.failure.Kind, got)
		}
	}
}

func TestAnEmptyListIsAFieldLeftOut(t *testing.T) {
	field := providers.Field{Key: "refs", Kind: providers.List, Required: true, Items: []providers.Field{{Key: "image", Kind: providers.Image}}}
	for _, given := range []any{"[]", []any{}, []providers.Values{}} {
		values, problems := providers.Parse([]providers.Field{field}, map[string]any{"refs": given})
		if values.Has("refs") || len(problems) != 1 {
			t.Errorf("%v gives %v and %v", given, values, problems)
		}
	}
}

func TestNoNumberIsNotANumber(t *testing.T) {
	field := providers.Field{Key: "scale", Kind: providers.Float}
	for _, given := range []any{math.NaN(), math.Inf(1), "NaN", "+Inf"} {
		if _, problems := providers.Parse([]providers.Field{field}, map[string]any{"scale": given}); len(problems) != 1 {
			t.Errorf("%v gives %v", given, problems)
		}
	}
}

func TestAConnectionDoesNotTellItsKey(t *testing.T) {
	conn := providers.Conn{BaseURL: "https://example.com", Key: "secret"}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if text := fmt.Sprintf(verb, conn); strings.Contains(text, "secret") {
			t.Errorf("%s prints %s", verb, text)
		}
	}
}

func TestTextsAreUTF8(t *testing.T) {
	field := providers.Field{Key: "prompt", Kind: providers.Prompt}
	if _, problems := providers.Parse([]providers.Field{field}, map[string]any{"prompt": "a f\xfcx"}); len(problems) != 1 {
		t.Errorf("Latin-1 gives %v", problems)
	}
}
