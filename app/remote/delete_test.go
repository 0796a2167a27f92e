package remote_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/remote"
	"github.com/maquette-studio/maquette/providers"
)

func TestDeletingSaysWhatGoesWithIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0.05)
	made := w.fill()
	r, _ := w.open()
	noError(t, w.AddFault("bria POST /tailored-gen/datasets/: status 500 x2"))
	if _, err := r.Uploads.Add(t.Context(), made.dataset, w.foxes(2), true, nil); err == nil {
		t.Fatal("the upload succeeded")
	}
	w.complete(made.dataset)
	model := w.made("model-create", providers.Values{"dataset_id": string(made.dataset), "name": "Vix light"})
	w.ask("dataset-clone", providers.Values{"dataset_id": string(made.dataset), "name": "Copy"})

	project := remote.Key{Kind: remote.KindProject, ID: made.project}
	c, err := r.Consequence(t.Context(), project)
	noError(t, err)
	if c.Of != project || c.Name != "Foxes" || c.Datasets != 2 || c.Images != 2 || c.Models != 1 || c.Pictures != 2 || len(c.InTraining) != 0 || c.Empty() {
		t.Errorf("with the project goes %+v", c)
	}
	c, err = r.Consequence(t.Context(), remote.Key{Kind: remote.KindDataset, ID: made.dataset})
	noError(t, err)
	if c.Name != "First drawings" || c.Images != 1 || c.Models != 0 || !slices.Equal(c.TrainedOn, []string{"Vix light"}) {
		t.Errorf("with the dataset goes %+v", c)
	}
	c, err = r.Consequence(t.Context(), remote.Key{Kind: remote.KindModel, ID: model})
	noError(t, err)
	if c.Name != "Vix light" || c.Models != 1 || c.Datasets != 0 {
		t.Errorf("with the model goes %+v", c)
	}
	if _, err := r.Consequence(t.Context(), remote.Key{}); err == nil {
		t.Error("nothing has a consequence")
	}

	c, err = r.Consequence(t.Context(), project)
	noError(t, err)
	noError(t, r.Delete(t.Context(), c))
	h, err := r.List(t.Context())
	noError(t, err)
	if len(h.Projects) != 0 || len(r.Uploads.Waiting(made.dataset)) != 0 || len(r.Uploads.Hashes()) != 0 {
		t.Errorf("left are %+v, and %d pictures that wait", h, len(r.Uploads.Hashes()))
	}
}

func TestAModelInTrainingStandsInTheWay(t *testing.T) {
	t.Parallel()
	answers := map[string]string{
		"project": `{"id":1,"project_name":"Foxes"}`, "dataset": `{"id":4,"name":"First","images_count":0}`,
		"project-datasets": `[{"id":4,"images_count":3,"model_ids":[7,8,9]},{"id":5,"status":"deleted"}]`,
		"models":           `[{"id":7,"name":"Vix","status":"InProgress","dataset_id":"4"},{"id":8,"name":"Old","status":"Completed","dataset_id":4},{"id":9,"dataset_id":5}]`,
		"project-models":   `[{"id":7,"name":"Vix","status":"InProgress"},{"id":8,"name":"Gone","status":"deleted"}]`,
		"model":            `{"id":7,"name":"Vix","status":"stopping"}`,
	}
	r := (&fake{answer: func(call string, _ providers.Values) (string, error) { return answers[call], nil }}).open(t)
	for kind, want := range map[remote.Kind]string{
		remote.KindProject: `"datasets":1,"images":3,"models":3,"in_training":["Vix"]`,
		remote.KindDataset: `"datasets":1,"images":0,"models":0,"in_training":["Vix"],"trained_on":["Old"]`,
		remote.KindModel:   `"datasets":0,"images":0,"models":1,"in_training":["Vix"]`,
	} {
		c, err := r.Consequence(t.Context(), remote.Key{Kind: kind, ID: "4"})
		text, _ := json.Marshal(c)
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("with a %s goes %s, %v", kind, text, err)
		}
	}
}

func TestWhatCannotBeCountedIsNotDeleted(t *testing.T) {
	t.Parallel()
	r := (&fake{answer: func(call string, _ providers.Values) (string, error) {
		if call == "images" {
			return "", &providers.Failure{Kind: providers.NoNetwork, Message: providers.Say("no connection")}
		}
		return map[string]string{"project": `{"id":1}`, "project-datasets": `[{"id":4}]`, "project-models": `[]`}[call], nil
	}}).open(t)
	if _, err := r.Consequence(t.Context(), remote.Key{Kind: remote.KindProject, ID: "1"}); err == nil {
		t.Error("what wasn't counted counts as nothing")
	}
	if err := r.Delete(t.Context(), remote.Consequence{}); err == nil {
		t.Error("nothing was deleted")
	}
}

func TestAConflictSaysWhatToDoFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0.05)
	made := w.fill()
	r, _ := w.open()
	w.complete(made.dataset)
	f := failureOf(t, r.Drafts.DeleteImage(t.Context(), made.dataset, made.image))
	if !strings.Contains(f.Advice.String(), "Clone it as a draft and change the clone.") || f.Remedy != providers.Calling("bria/dataset-clone", "") || !strings.Contains(f.Service, "Cannot delete") {
		t.Errorf("advised is %+v", f)
	}
	f = failureOf(t, func() error { _, err := r.Uploads.Add(t.Context(), made.dataset, w.foxes(1), true, nil); return err }())
	if !strings.Contains(f.Message.String(), "is completed: nothing can be added to it") || f.Remedy.Call != "bria/dataset-clone" {
		t.Errorf("adding is refused with %+v", f)
	}
}
