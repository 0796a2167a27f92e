package remote_test

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app/remote"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
	"github.com/maquette-studio/maquette/storage"
)

func TestOnlyAServiceThatDeclaresTheCallsIsKept(t *testing.T) {
	t.Parallel()
	var kept []string
	for _, service := range registry.All() {
		if remote.Keeps(service) {
			kept = append(kept, service.ID)
			continue
		}
		db, err := storage.Open(filepath.Join(t.TempDir(), "maquette.db"))
		noError(t, err)
		if _, err := remote.Open(remote.Config{Service: service, DB: db}); err == nil {
			t.Errorf("%s is opened", service.ID)
		}
		noError(t, db.Close())
	}
	if !slices.Equal(kept, []string{"bria"}) {
		t.Errorf("kept is what lies at %v", kept)
	}
}

func TestLimitsAreTheDeclaredOnes(t *testing.T) {
	t.Parallel()
	r := (&fake{}).open(t)
	task, _ := r.Service().FindTask("bria/train")
	declared := task.PhotoRules(providers.Values{"start_from": "new"})
	if got := r.Limits(); got.Min != declared.Min || got.Max != declared.Max || got.MinEdge != declared.MinEdge || got.Max == 0 {
		t.Errorf("the limits are %+v, those of a training %+v", got, declared)
	}
}

func TestWhatLiesThereIsListedAsATree(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0.05)
	r, _ := w.open()
	if h, err := r.List(t.Context()); err != nil || len(h.Projects) != 0 {
		t.Fatal(h, err)
	}
	made := w.fill()
	w.complete(made.dataset)
	model := w.made("model-create", providers.Values{"dataset_id": string(made.dataset), "name": "Vix light"})
	h, err := r.List(t.Context())
	noError(t, err)
	project, dataset, trained := remote.Key{Kind: remote.KindProject, ID: made.project}, remote.Key{Kind: remote.KindDataset, ID: made.dataset}, remote.Key{Kind: remote.KindModel, ID: model}
	if got := h.Children(remote.Key{}); !slices.Equal(got, []remote.Key{project}) {
		t.Errorf("the projects are %v", got)
	}
	if got := h.Children(project); !slices.Equal(got, []remote.Key{dataset, trained}) || h.Children(dataset) != nil {
		t.Errorf("in the project lie %v", got)
	}
	for _, key := range []remote.Key{project, dataset, trained} {
		if read, ok := remote.ParseKey(key.String()); !ok || read != key || !h.Has(key) || h.ProjectOf(key) != made.project {
			t.Errorf("%v is read as %v; listed %v, in %s", key, read, h.Has(key), h.ProjectOf(key))
		}
	}
	p, _ := h.Project(made.project)
	d, _ := h.Dataset(made.dataset)
	m, _ := h.Model(model)
	if p.Name != "Foxes" || p.Type != "defined_character" || p.Medium != "illustration" || p.Character != "Vix" || p.Status != remote.Active {
		t.Errorf("the project is %+v", p)
	}
	if d.Name != "First drawings" || !d.Completed() || d.Status != remote.Completed {
		t.Errorf("the dataset is %+v", d)
	}
	if m.Name != "Vix light" || m.Status != remote.Created || m.Version != "light" || m.Dataset != made.dataset || m.InTraining() {
		t.Errorf("the model is %+v", m)
	}
	if counts := r.CountImages(t.Context(), h.DatasetsOf(made.project)); counts[made.dataset] != 1 {
		t.Errorf("the images are counted as %v", counts)
	}
	for text, ok := range map[string]bool{"": true, "project/": false, "image/4": false, "model/7": true} {
		if _, got := remote.ParseKey(text); got != ok {
			t.Errorf("%q is a key: %v", text, got)
		}
	}
}

func TestWhatIsAnsweredIsReadWithoutTrust(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]remote.Dataset{
		`{"id":null,"project_id":"7","name":null,"images":null,"images_count":null,"model_ids":null}`:                {ID: "4", Project: "7"},
		`{"id":"12","project_id":7,"status":"COMPLETED","images":[{"id":null,"caption":null,"thumbnail_url":null}]}`: {ID: "4", Project: "7", Status: remote.Completed},
		`{"status":"archived","captions_update_status":"In-Progress"}`:                                               {ID: "4", Status: "archived", Recaptioning: true},
		`{}`:   {ID: "4"},
		`null`: {ID: "4"},
	} {
		r := (&fake{answer: func(call string, _ providers.Values) (string, error) {
			if call == "images" {
				return `null`, nil
			}
			return text, nil
		}}).open(t)
		d, err := r.Dataset(t.Context(), "4")
		if err != nil || d.ID != want.ID || d.Project != want.Project || d.Status != want.Status || d.Recaptioning != want.Recaptioning {
			t.Errorf("%s: %+v, %v", text, d, err)
		}
	}
	for _, text := range []string{`[{"id":{}}]`, `"nothing"`, `[7]`} {
		r := (&fake{answer: func(string, providers.Values) (string, error) { return text, nil }}).open(t)
		if _, err := r.List(t.Context()); err == nil || !strings.Contains(err.Error(), "reading what Bria answered") {
			t.Errorf("%s: %v", text, err)
		}
	}
	r := (&fake{answer: func(call string, _ providers.Values) (string, error) {
		return map[string]string{
			"projects": `[{"id":1,"status":"Deleted"},{"id":null},{"id":"2"}]`,
			"datasets": `[{"id":3,"status":"deleted"},{"id":4}]`, "models": `[{"id":5,"status":"In Progress"},{"id":6,"status":"DELETED"}]`,
		}[call], nil
	}}).open(t)
	h, err := r.List(t.Context())
	if err != nil || len(h.Projects) != 1 || len(h.Datasets) != 1 || len(h.Models) != 1 || h.Models[0].Status != remote.InTraining {
		t.Errorf("listed is %+v, %v", h, err)
	}
}

func TestImagesAreAskedForWhereADatasetOnlyCountsThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		`{"id":7,"images_count":2,"images":[]}`:          2,
		`{"id":7,"images_count":2,"images":[{"id":11}]}`: 2,
		`{"id":7}`:                                       2,
		`{"id":7,"images_count":0,"images":[]}`:          0,
		`{"id":7,"images_count":1,"images":[{"id":11}]}`: 1,
		`{"id":7,"images":[{"id":11},{"id":12}]}`:        2,
	} {
		f := &fake{answer: func(call string, _ providers.Values) (string, error) {
			if call == "images" {
				return `[{"id":11,"caption":"sits"},{"id":12,"caption":"runs"}]`, nil
			}
			return text, nil
		}}
		d, err := f.open(t).Dataset(t.Context(), "7")
		if size, _ := d.Size(); err != nil || len(d.Images) != want || size != want {
			t.Errorf("%s: %d images, %v", text, len(d.Images), err)
		}
	}
}

func TestADatasetWithoutImagesIsntCompletedWhetherTheyAreCountedOrNot(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`{"id":7,"status":"draft"}`, `{"id":7,"status":"draft","images_count":0}`} {
		r := (&fake{answer: func(call string, _ providers.Values) (string, error) {
			if call == "images" {
				return `[]`, nil
			}
			return text, nil
		}}).open(t)
		d, err := r.Dataset(t.Context(), "7")
		if can := r.DatasetActions(d).Can; err != nil || can(remote.Complete) || can(remote.RecaptionAll) || !can(remote.AddPictures) {
			t.Errorf("%s: it can be done %v, %v", text, r.DatasetActions(d), err)
		}
	}
}

func TestACountThatCannotBeHadIsLeftOut(t *testing.T) {
	t.Parallel()
	r := (&fake{answer: func(_ string, values providers.Values) (string, error) {
		if values.Text("dataset_id") == "2" {
			return "", errors.New("no answer")
		}
		return `[{"id":1},{"id":2}]`, nil
	}}).open(t)
	count := 5
	got := r.CountImages(t.Context(), []remote.Dataset{{ID: "1"}, {ID: "2"}, {ID: "3", Count: &count}})
	if len(got) != 2 || got["1"] != 2 || got["3"] != 5 {
		t.Errorf("counted are %v", got)
	}
}

func TestWhatCanBeDoneFollowsHowThingsStand(t *testing.T) {
	t.Parallel()
	r := (&fake{}).open(t)
	none := 0
	h := remote.Holdings{
		Projects: []remote.Project{{ID: "1"}},
		Datasets: []remote.Dataset{{ID: "1", Status: remote.Draft}, {ID: "2", Status: remote.Completed}, {ID: "3", Status: remote.Draft, Count: &none}},
		Models: []remote.Model{
			{ID: "1", Dataset: "1", Status: remote.Created},
			{ID: "2", Dataset: "2", Status: remote.Created},
			{ID: "3", Dataset: "9", Status: remote.Created},
			{ID: "4", Dataset: "2", Status: remote.InTraining},
			{ID: "5", Dataset: "2", Status: remote.Completed},
			{ID: "6", Status: remote.Stopping},
			{ID: "7", Status: remote.Stopped},
			{ID: "8", Status: remote.Failed},
		},
	}
	for key, want := range map[string]string{
		"project/1": "new_dataset train edit delete",
		"dataset/1": "train clone rename delete add_pictures edit_captions recaption complete",
		"dataset/2": "train clone rename delete",
		"dataset/3": "train clone rename delete add_pictures edit_captions",
		"model/1":   "edit delete train", "model/2": "edit delete train start", "model/3": "edit delete start",
		"model/4": "edit delete train stop", "model/5": "edit delete train generate",
		"model/6": "edit delete", "model/7": "edit delete", "model/8": "edit delete",
		"": "",
	} {
		read, _ := remote.ParseKey(key)
		var got []string
		for _, action := range r.Actions(h, read) {
			got = append(got, string(action))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("with %s can be done: %v", key, got)
		}
	}
	for i, want := range []remote.Standing{
		remote.NeedsCompletion, remote.NotTrained, remote.NotTrained, remote.Training, "", remote.BeingStopped, remote.Ended, remote.Ended,
	} {
		if got := r.Standing(h, h.Models[i]); got != want {
			t.Errorf("model %s stands as %q", h.Models[i].ID, got)
		}
	}
	if !strings.Contains(r.Warning(remote.Start), "Bria charges for the training.") || r.Warning(remote.Rename) != "" {
		t.Errorf("starting is warned of with %q", r.Warning(remote.Start))
	}
	for kind, want := range map[string]int{"defined_character": 4, "object_variants": 3, "icons": 2} {
		if got := remote.ProjectFields(remote.Project{Type: kind}); len(got) != want {
			t.Errorf("of %s can be edited: %v", kind, got)
		}
	}
}

func TestAModelIsTrainedOnceEvenAfterALostAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0.05)
	made := w.fill()
	w.complete(made.dataset)
	model := w.made("model-create", providers.Values{"dataset_id": string(made.dataset), "name": "Vix light"})
	key := remote.Key{Kind: remote.KindModel, ID: model}
	r, _ := w.open()

	noError(t, w.AddFault("bria POST /tailored-gen/models/: status 402 x1"))
	if err := r.Trainings.Start(t.Context(), model, true); failureOf(t, err).Kind != providers.NoCredit {
		t.Fatal(err)
	}
	h, err := r.List(t.Context())
	noError(t, err)
	if !r.Actions(h, key).Can(remote.Start) {
		t.Error("a refused start can't be tried again")
	}

	noError(t, w.AddFault("bria POST /tailored-gen/models/: lost x1"))
	if err := r.Trainings.Start(t.Context(), model, true); failureOf(t, err).Money != providers.MoneyUnknown {
		t.Fatal(err)
	}
	m, _ := h.Model(model)
	if r.Actions(h, key).Can(remote.Start) || r.Standing(h, m) != remote.StartUnread {
		t.Error("before the model was read it can be started again")
	}
	if err := r.Trainings.Start(t.Context(), model, true); failureOf(t, err).Outcome != providers.NotSent {
		t.Errorf("asked again: %v", err)
	}
	h, err = r.List(t.Context())
	noError(t, err)
	if m, _ = h.Model(model); m.Status != remote.InTraining && m.Status != remote.Completed {
		t.Errorf("the model is %+v", m)
	}
	for deadline := time.Now().Add(20 * time.Second); !r.Actions(h, key).Can(remote.Generate); {
		if time.Now().After(deadline) {
			t.Fatalf("the model stays %+v", h.Models)
		}
		h, err = r.List(t.Context())
		noError(t, err)
	}
	if paid := w.Submissions("bria"); paid != 1 {
		t.Errorf("%d trainings are paid", paid)
	}
}

// A list that was begun before the answer came doesn't count as having read
// the model.
func TestAListBegunBeforeTheAnswerAllowsNoSecondStart(t *testing.T) {
	t.Parallel()
	listing, answered := make(chan struct{}), make(chan struct{})
	f := &fake{}
	f.answer = func(call string, _ providers.Values) (string, error) {
		switch call {
		case "projects":
			close(listing)
			<-answered
			return `[{"id":1}]`, nil
		case "model-start":
			return "", &providers.Failure{Kind: providers.ServiceTrouble, Outcome: providers.Unclear, Message: providers.Say("broken off")}
		}
		return `[{"id":7,"status":"Created"}]`, nil
	}
	r := f.open(t)
	done := make(chan remote.Holdings)
	go func() {
		h, _ := r.List(t.Context())
		done <- h
	}()
	<-listing
	if err := r.Trainings.Start(t.Context(), "7", true); err == nil {
		t.Fatal("the answer came")
	}
	close(answered)
	if h := <-done; r.Actions(h, remote.Key{Kind: remote.KindModel, ID: "7"}).Can(remote.Start) {
		t.Error("the model can be started again")
	}
	if err := r.Trainings.Start(t.Context(), "7", true); err == nil || f.count("model-start") != 1 {
		t.Errorf("asked %d times: %v", f.count("model-start"), err)
	}
}
