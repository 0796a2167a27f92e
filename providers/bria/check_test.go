// Every rule, refused before anything is sent, at its field.

package bria_test

import (
	"encoding/base64"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/bria"
	"github.com/maquette-studio/maquette/providers/conformance"
)

func TestRulesOfATraining(t *testing.T) {
	t.Parallel()
	task := declared(t, trainID)
	for name, row := range map[string]struct {
		values map[string]any
		field  string // "" when nothing is wrong
		says   string
	}{
		"a character":                       {nil, "", ""},
		"a name of four words":              {map[string]any{"ip_name": "Captain John Jacob Smith"}, "ip_name", "at most 3 words"},
		"no name":                           {map[string]any{"ip_name": ""}, "ip_name", "required"},
		"a name of spaces":                  {map[string]any{"ip_name": "  "}, "ip_name", "only spaces"},
		"a description of seven":            {map[string]any{"ip_description": "a very tall woman with purple hair"}, "ip_description", "at most 6 words"},
		"no description":                    {map[string]any{"ip_description": ""}, "ip_description", "required"},
		"variants need a description":       {map[string]any{"ip_type": "object_variants", "ip_description": ""}, "ip_description", "required"},
		"icons need neither":                {map[string]any{"ip_type": "icons", "ip_name": "", "ip_description": ""}, "", ""},
		"icons as photographs":              {map[string]any{"ip_type": "icons", "ip_medium": "photography"}, "ip_type", "illustrations only"},
		"sets as photographs":               {map[string]any{"ip_type": "multi_object_set", "ip_medium": "photography"}, "ip_type", "illustrations only"},
		"object variants as photographs":    {map[string]any{"ip_type": "object_variants", "ip_medium": "photography"}, "ip_type", "illustrations only"},
		"character variants as photographs": {map[string]any{"ip_type": "character_variants", "ip_medium": "photography"}, "ip_type", "illustrations only"},
		"scenes as photographs":             {map[string]any{"ip_type": "stylized_scene", "ip_medium": "photography"}, "", ""},
		"max for photographs":               {map[string]any{"ip_medium": "photography", "training_version": "max"}, "training_version", "photography"},
		"no project name":                   {map[string]any{"project_name": ""}, "project_name", "required"},
		"a blank model name":                {map[string]any{"model_name": " "}, "model_name", "spaces"},
		"a project without its id":          {map[string]any{"start_from": "project"}, "project_id", "required"},
		"a project by another word":         {map[string]any{"start_from": "project", "project_id": "../datasets"}, "project_id", "number"},
		"a dataset without its id":          {map[string]any{"start_from": "dataset"}, "dataset_id", "required"},
		"a dataset needs no project":        {map[string]any{"start_from": "dataset", "dataset_id": "456", "project_name": "", "ip_name": ""}, "", ""},
	} {
		_, problems := task.Validate(character(row.values))
		wantProblem(t, name, problems, row.field, row.says)
	}
}

func wantProblem(t *testing.T, name string, problems []providers.Problem, field, says string) {
	t.Helper()
	switch {
	case field == "" && len(problems) > 0:
		t.Errorf("%s: refused: %v", name, problems)
	case field != "" && (len(problems) != 1 || problems[0].Field != field || !strings.Contains(problems[0].Message.String(), says)):
		t.Errorf("%s: got %v, want one at %s that says %q", name, problems, field, says)
	}
}

func TestWhatTheChoiceRulesOutIsRefused(t *testing.T) {
	t.Parallel()
	for field, row := range map[string]map[string]any{
		"dataset_id":   {"dataset_id": "456"},
		"project_id":   {"project_id": "123", "start_from": "dataset", "dataset_id": "456"},
		"project_name": {"project_name": "Foxes", "start_from": "project", "project_id": "123"},
		"dataset_name": {"dataset_name": "one", "start_from": "dataset", "dataset_id": "456"},
		"ip_name":      {"ip_name": "Fox", "ip_type": "icons"},
	} {
		_, problems := declared(t, trainID).Validate(character(row))
		wantProblem(t, field, problems, field, "applies only when")
	}
}

func TestRulesOfAGeneration(t *testing.T) {
	t.Parallel()
	guidance := func(n int) []any {
		all := make([]any, n)
		for i := range all {
			all[i] = map[string]any{"image": "a.png"}
		}
		return all
	}
	for name, row := range map[string]struct {
		task        string
		values      map[string]any
		field, says string
	}{
		"as it stands":             {imageID, nil, "", ""},
		"no model":                 {imageID, map[string]any{"model_id": ""}, "model_id", "required"},
		"a model elsewhere":        {imageID, map[string]any{"model_id": "../../projects"}, "model_id", "not the id"},
		"no prompt":                {vectorID, map[string]any{"prompt": "  "}, "prompt", "only spaces"},
		"another script":           {imageID, map[string]any{"prompt": "лиса на холме"}, "prompt", "English"},
		"a pictogram":              {imageID, map[string]any{"prompt": "a fox ☃"}, "prompt", "special characters"},
		"control characters":       {imageID, map[string]any{"prompt": "a fox\x07"}, "prompt", "control"},
		"lines of Windows":         {imageID, map[string]any{"prompt": "a fox\r\non a hill"}, "", ""},
		"lines and tabs":           {imageID, map[string]any{"prompt": "a fox\n\ton a hill"}, "", ""},
		"an accent":                {imageID, map[string]any{"prompt": "a café, 20% off — “now”"}, "", ""},
		"five results":             {imageID, map[string]any{"num_results": 5}, "num_results", "1 to 4"},
		"three results, slow":      {imageID, map[string]any{"fast": false, "num_results": 3}, "num_results", "1 or 2"},
		"many steps, fast":         {imageID, map[string]any{"steps_num": 21}, "steps_num", "4 to 20"},
		"few steps, slow":          {vectorID, map[string]any{"fast": false, "num_results": 2, "steps_num": 19}, "steps_num", "20 to 50"},
		"reimagined in 60 steps":   {reimID, map[string]any{"fast": true, "num_results": 5, "steps_num": 60}, "", ""},
		"20 steps, fast":           {imageID, map[string]any{"steps_num": 20}, "", ""},
		"20 steps, slow":           {imageID, map[string]any{"fast": false, "num_results": 2, "steps_num": 20}, "", ""},
		"51 steps":                 {imageID, map[string]any{"fast": false, "steps_num": 51}, "steps_num", "4 to 50"},
		"guided, four results":     {imageID, map[string]any{"guidance": guidance(1)}, "num_results", "must be 1"},
		"guided, slow, four":       {imageID, map[string]any{"guidance": guidance(1), "fast": false}, "num_results", "must be 1 with guidance"},
		"prompted, two results":    {vectorID, map[string]any{"image_prompt_file": "a.png", "num_results": 2}, "num_results", "must be 1"},
		"linked, two results":      {vectorID, map[string]any{"image_prompt_urls": `[{"url":"https://example.com/a.png"}]`, "num_results": 2}, "num_results", "must be 1"},
		"five guides":              {imageID, map[string]any{"num_results": 1, "guidance": guidance(5)}, "guidance", "at most 4"},
		"a guide without picture":  {imageID, map[string]any{"num_results": 1, "guidance": `[{"method":"controlnet_depth"}]`}, "guidance[0].image", "required"},
		"an unknown guide":         {imageID, map[string]any{"num_results": 1, "guidance": `[{"method":"magic","image":"a.png"}]`}, "guidance[0].method", "one of"},
		"too much guidance":        {imageID, map[string]any{"num_results": 1, "guidance": `[{"image":"a.png","scale":1.5}]`}, "guidance[0].scale", "0 to 1"},
		"a link that is none":      {imageID, map[string]any{"num_results": 1, "image_prompt_urls": `[{"url":"picture"}]`}, "image_prompt_urls[0].url", "link"},
		"a link by http":           {imageID, map[string]any{"num_results": 1, "image_prompt_urls": `[{"url":"http://example.com/a.png"}]`}, "image_prompt_urls[0].url", "https://"},
		"a link to this computer":  {imageID, map[string]any{"num_results": 1, "image_prompt_urls": `[{"url":"http://127.0.0.1:8080/a.png"}]`}, "", ""},
		"a link with a password":   {imageID, map[string]any{"num_results": 1, "image_prompt_urls": `[{"url":"https://me:secret@example.com/a.png"}]`}, "image_prompt_urls[0].url", "password"},
		"a structure by http":      {reimID, map[string]any{"structure_image_file": "", "structure_image_url": "http://example.com/a.png"}, "structure_image_url", "https://"},
		"influence":                {imageID, map[string]any{"model_influence": 1.2}, "model_influence", "0 to 1"},
		"a ratio":                  {imageID, map[string]any{"aspect_ratio": "21:9"}, "aspect_ratio", "one of"},
		"a mode":                   {imageID, map[string]any{"image_prompt_mode": "some"}, "image_prompt_mode", "one of"},
		"no structure":             {reimID, map[string]any{"structure_image_file": ""}, "structure_image_file", "required"},
		"two structures":           {reimID, map[string]any{"structure_image_url": "https://example.com/a.png"}, "structure_image_url", "one of them"},
		"a structure that is none": {reimID, map[string]any{"structure_image_file": "", "structure_image_url": "a.png"}, "structure_image_url", "link"},
	} {
		raw := map[string]any{"model_id": "789", "prompt": "a fox"}
		if row.task == reimID {
			raw["structure_image_file"] = "a.png"
		}
		maps.Copy(raw, row.values)
		_, problems := declared(t, row.task).Validate(raw)
		wantProblem(t, name, problems, row.field, row.says)
	}
}

func TestRulesOfTheModelChosen(t *testing.T) {
	t.Parallel()
	top := providers.Model{Type: "tailored max"}
	for name, row := range map[string]struct {
		task   string
		model  providers.Model
		values providers.Values
		fields []string
	}{
		"light":          {imageID, providers.Model{Type: "tailored light"}, providers.Values{"fast": true}, nil},
		"max, slow":      {imageID, top, providers.Values{"fast": false}, nil},
		"max, fast":      {vectorID, top, providers.Values{"fast": true, "image_prompt_file": "a"}, []string{"fast", "image_prompt_file"}},
		"max, guided":    {imageID, top, providers.Values{"guidance": []providers.Values{{"image": "a"}}}, []string{"guidance"}},
		"max, redrawn":   {reimID, top, nil, []string{"model_id"}},
		"light, redrawn": {reimID, providers.Model{Type: "tailored light"}, nil, nil},
	} {
		var fields []string
		for _, p := range declared(t, row.task).CheckModel(row.values, row.model) {
			fields = append(fields, p.Field)
		}
		if strings.Join(fields, " ") != strings.Join(row.fields, " ") {
			t.Errorf("%s: problems at %v, want %v", name, fields, row.fields)
		}
	}
}

func TestPhotosAndConsentDependOnTheValues(t *testing.T) {
	t.Parallel()
	task := declared(t, trainID)
	for _, row := range []struct {
		values          providers.Values
		least, advised  int
		mayShowSomebody bool
	}{
		{providers.Values{"training_version": "light", "ip_type": "defined_character"}, 1, 15, true},
		{providers.Values{"training_version": "max", "ip_type": "icons"}, 1, 5, true},
		{providers.Values{"start_from": "dataset"}, 0, 0, true},
		{providers.Values{"start_from": "project", "training_version": "light"}, 1, 15, true},
	} {
		rules := task.PhotoRules(row.values)
		if rules.Min != row.least || rules.AdvisedMin != row.advised || rules.Max != 200 || rules.MinEdge != 1024 {
			t.Errorf("%v: %+v", row.values, rules)
		}
		if task.Person(row.values) != row.mayShowSomebody {
			t.Errorf("%v: may show somebody: %v", row.values, !row.mayShowSomebody)
		}
		if task.Hosted(row.values) {
			t.Errorf("%v: needs a bucket", row.values)
		}
	}
}

func TestCallsAreHeldToTheRulesBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	small := "data:image/png;base64," + base64.StdEncoding.EncodeToString(conformance.Picture(1024, 1023))
	for _, row := range []struct {
		call   string
		values map[string]any
		field  string
	}{
		{"bria/project", map[string]any{"project_id": "../models"}, "project_id"},
		{"bria/image", map[string]any{"dataset_id": "1", "image_id": "a"}, "image_id"},
		{"bria/model-start", map[string]any{"model_id": "1/2"}, "model_id"},
		{"bria/dataset-delete", map[string]any{"dataset_id": "x"}, "dataset_id"},
		{"bria/project-create", map[string]any{"project_name": "Icons", "ip_type": "icons", "ip_medium": "photography"}, "ip_type"},
		{"bria/project-create", map[string]any{"project_name": "Lora", "ip_name": "one two three four", "ip_description": "x"}, "ip_name"},
		{"bria/project-update", map[string]any{"project_id": "1"}, "project_name"},
		{"bria/project-update", map[string]any{"project_id": "1", "ip_description": "one two three four five six seven"}, "ip_description"},
		{"bria/dataset-update", map[string]any{"dataset_id": "1"}, "name"},
		{"bria/dataset-update", map[string]any{"dataset_id": "1", "caption_prefix": "A fox,", "status": "completed"}, "caption_prefix"},
		{"bria/image-upload", map[string]any{"dataset_id": "1"}, "file"},
		{"bria/image-upload", map[string]any{"dataset_id": "1", "file": "https://example.com/a.png", "image_url": "https://example.com/a.png"}, "image_url"},
		{"bria/image-upload", map[string]any{"dataset_id": "1", "image_url": "a.png"}, "image_url"},
		{"bria/image-upload", map[string]any{"dataset_id": "1", "file": small}, "file"},
		{"bria/image-upload", map[string]any{"dataset_id": "1", "file": "data:image/png;base64,bm8gcGljdHVyZQ=="}, "file"},
	} {
		conn, requests := conformance.Answering(t, http.StatusOK, "{}")
		_, err := conformance.Ask(t.Context(), t, bria.Service(), row.call, row.values, conn)
		if failure := conformance.WantFailure(t, err); failure.Field != row.field || failure.Outcome != providers.NotSent || requests.Load() > 0 {
			t.Errorf("%s %v: %+v", row.call, row.values, failure)
		}
	}
}

func TestConflictsSayWhatToDoFirst(t *testing.T) {
	t.Parallel()
	ids := map[string]any{"project_id": "1", "dataset_id": "2", "image_id": "3", "model_id": "4"}
	for _, row := range []struct {
		call   string
		status int
		more   map[string]any
		says   string
	}{
		{"bria/project-delete", 409, nil, "bria/model-stop"},
		{"bria/dataset-update", 409, map[string]any{"caption_prefix": "x"}, "bria/dataset-clone"},
		{"bria/dataset-update", 409, map[string]any{"status": "completed"}, "still being written"},
		{"bria/dataset-update", 409, map[string]any{"status": "draft"}, "can't become a draft again"},
		{"bria/dataset-delete", 409, nil, "bria/model-stop"},
		{"bria/image-upload", 409, map[string]any{"image_url": "https://example.com/a.png"}, "bria/dataset-clone"},
		{"bria/image-upload", 412, map[string]any{"image_url": "https://example.com/a.png"}, "Probably the dataset takes no more pictures: 200"},
		{"bria/image-upload", 415, map[string]any{"image_url": "https://example.com/a.png"}, "jpeg, png or webp"},
		{"bria/image-upload", 422, map[string]any{"image_url": "https://example.com/a.png"}, "Probably the picture has fewer than 1024"},
		{"bria/image-caption", 409, map[string]any{"caption": "x"}, "bria/dataset-clone"},
		{"bria/image-caption", 410, map[string]any{"caption": "x"}, "deleted"},
		{"bria/image-recaption", 409, nil, "bria/dataset-clone"},
		{"bria/images-recaption", 409, nil, "bria/dataset-clone"},
		{"bria/image-delete", 409, nil, "bria/dataset-clone"},
		{"bria/model-delete", 409, nil, "bria/model-stop"},
		{"bria/model-start", 409, nil, "bria/model-create"},
		{"bria/model-start", 412, nil, "bria/dataset-update"},
		{"bria/model-start", 500, nil, "before starting it again"},
		{"bria/model-stop", 409, nil, "nothing to stop"},
	} {
		conn, _ := conformance.Answering(t, row.status, `{"message":"Cannot delete model while it is in training"}`)
		values := maps.Clone(row.more)
		if values == nil {
			values = map[string]any{}
		}
		takes := fieldsOf(t, row.call)
		for key, id := range ids {
			if takes[key] {
				values[key] = id
			}
		}
		_, err := conformance.Ask(t.Context(), t, bria.Service(), row.call, values, conn)
		failure := conformance.WantFailure(t, err)
		if !strings.Contains(failure.Advice.String()+" "+failure.Remedy.Call, row.says) || strings.Contains(failure.Advice.String(), "bria/") || failure.Service != "Cannot delete model while it is in training" {
			t.Errorf("%s %d: %+v", row.call, row.status, failure)
		}
	}
}

func fieldsOf(t *testing.T, id string) map[string]bool {
	t.Helper()
	service := bria.Service()
	call, ok := service.FindCall(id)
	if !ok {
		t.Fatalf("there is no call %s", id)
	}
	keys := map[string]bool{}
	for _, f := range call.Fields {
		keys[f.Key] = true
	}
	return keys
}
