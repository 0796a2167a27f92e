// The jobs that the service lists, as jobs that can be imported.

package dreamlook_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/dreamlook"
)

// known lists what a service with these routes knows.
func known(t *testing.T, routes map[string][]string) []providers.Remote {
	t.Helper()
	_, conn := serve(t, routes)
	all, err := dreamlook.Service().Known(t.Context(), conn)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

const (
	deletedModel = `{"checkpoints":[{"checkpoint_id":"ckp_1","url":null,"is_available":false}]}`
	keptModel    = `{"checkpoints":[{"checkpoint_id":"ckp_1","url":"https://models.test/1","is_available":true}]}`
)

func TestJobsWithNothingLeftAreNotOffered(t *testing.T) {
	for _, row := range []struct {
		name, job string
		offered   bool
	}{
		{"a training whose model is there", `"state":"success","dreambooth_result":` + keptModel, true},
		{"one whose model the service deleted", `"state":"success","dreambooth_result":` + deletedModel, false},
		{"one listed without its results", `"state":"success"`, true},
		{"one deleted whose pictures are there", `"state":"success","dreambooth_result":` + deletedModel +
			`,"image_gen_results":[{"generated_images":[{"generated_image_id":"a","url":"https://pictures.test/a.png"}]}]`, true},
		{"one that runs", `"state":"running"`, true},
		{"one that failed", `"state":"failure"`, false},
		{"one that failed after a model", `"state":"failure","dreambooth_result":` + keptModel, true},
		{"one that failed and was deleted", `"state":"failure","dreambooth_result":` + deletedModel, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			all := known(t, map[string][]string{
				"GET /jobs/dreambooth": {`[{"job_id":"db_1",` + row.job + `}]`},
				"GET /jobs/image-gen":  {"[]"},
			})
			if offered := len(all) == 1; offered != row.offered {
				t.Errorf("offered: %v", all)
			}
		})
	}
}

func TestWhatWasMeantForOneRequestIsNotBroughtIn(t *testing.T) {
	config := object{
		"prompt": "a fox", "num_samples": 2, "callback": "https://elsewhere.test/hook", "priority": 900, "dry_run": false,
		"image_urls": []string{"https://photos.test/a.jpg"}, "instance_prompt": "ukj", "save_checkpoints_at": []int{40, 80},
	}
	for _, remote := range known(t, map[string][]string{
		"GET /jobs/dreambooth":           {encode(t, []object{listedAt("db_1", 0, config)})},
		"GET /jobs/image-gen":            {encode(t, []object{listedAt("ig_1", 0, config)})},
		"GET /jobs/dreambooth_image_gen": {encode(t, []object{listedAt("dbig_1", 0, config)})},
	}) {
		for _, key := range []string{"callback", "priority", "dry_run"} {
			if remote.Values.Has(key) {
				t.Errorf("%s brings in %s: %v", remote.Task, key, remote.Values)
			}
		}
		if key := map[string]string{generateID: "prompt"}[remote.Task]; key != "" && remote.Values.Text(key) != "a fox" {
			t.Errorf("%s brings in %v", remote.Task, remote.Values)
		}
		if remote.Task == trainID && (remote.Values.Text("instance_prompt") != "ukj" || remote.Values.Text("save_checkpoints_at") != "40, 80") {
			t.Errorf("%s brings in %v", remote.Task, remote.Values)
		}
	}
}

func TestABroughtInTrainingWithNothingLeftIsDone(t *testing.T) {
	_, conn := serve(t, map[string][]string{
		"POST /dreambooth": {`{"job_id":"db_1"}`}, "GET /jobs/dreambooth/db_1": {`{"state":"success","dreambooth_result":` + deletedModel + `}`},
	})
	steps := newNotes()
	if err := perform(t, trainID, nil, nil, conn, steps); err != nil {
		t.Fatal(err)
	}
	last := steps.statuses[len(steps.statuses)-1]
	if len(steps.models) != 0 || !strings.Contains(last.Note.String(), "no trained model of this job any more") {
		t.Errorf("kept %v, said %q", steps.models, last.Note)
	}
}

func TestATrainingWhoseModelWasDeletedIsOver(t *testing.T) {
	_, conn := serve(t, map[string][]string{
		"POST /dreambooth": {`{"job_id":"db_1"}`}, "GET /jobs/dreambooth/db_1": {`{"state":"success","dreambooth_result":` + deletedModel + `}`},
	})
	f := conformance.WantFailure(t, perform(t, trainID, nil, twoPhotos(), conn, newNotes()))
	if !f.Ended || f.Money != providers.Spent || !strings.Contains(f.Advice.String(), "48 hours") {
		t.Errorf("got %+v", f)
	}
}

func TestEachKindOfJobIsListedOnceUnderBothSpellings(t *testing.T) {
	list := []string{encode(t, []object{listedAt("ig_1", 0, sentPicture)})}
	var ids []string
	for _, remote := range known(t, map[string][]string{"GET /jobs/dreambooth": {"[]"}, "GET /jobs/image-gen": list, "GET /jobs/image_gen": list}) {
		ids = append(ids, remote.ID)
	}
	if !slices.Equal(ids, []string{"ig_1"}) {
		t.Errorf("listed %v", ids)
	}
}
