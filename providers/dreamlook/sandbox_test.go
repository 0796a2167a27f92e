// The tasks from beginning to end, against the simulated service.

package dreamlook_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/sandbox"
)

// album makes photos that the sandbox can fetch.
func album(t *testing.T, steps *conformance.Steps) []providers.Photo {
	t.Helper()
	var photos []providers.Photo
	for _, name := range []string{"one", "two", "three"} {
		photos = append(photos, steps.AddPhoto(name, "png", conformance.Picture(64, 64)))
	}
	photos[0].Caption = "ukj person, in grey"
	return photos
}

func submitted(t *testing.T, box *sandbox.Sandbox, want int) {
	t.Helper()
	if got := box.Submissions("dreamlook"); got != want {
		t.Errorf("%d requests were paid, want %d", got, want)
	}
}

func TestTrainThenGenerateWithTheModel(t *testing.T) {
	t.Parallel()
	box, conn := conformance.Simulate(t, "dreamlook")
	steps := conformance.NewSteps(t)
	training := map[string]any{"extract_lora": "original", "save_checkpoints_at": "400", "base_model": "stable-diffusion-xl-v1-0"}
	if err := perform(t, trainID, training, album(t, steps), conn, steps); err != nil {
		t.Fatal(err)
	}
	var models []string
	for _, model := range steps.Models() {
		models = append(models, model.Type+" "+model.Family)
		if model.URL == "" || model.Expires.IsZero() || model.Size == 0 || model.RemoteJob == "" {
			t.Errorf("the model is %+v", model)
		}
	}
	if want := []string{"checkpoint sdxl-v1", "lora sdxl-v1", "checkpoint sdxl-v1", "lora sdxl-v1"}; !slices.Equal(models, want) {
		t.Errorf("the models are %v, want %v", models, want)
	}

	checkpoint := steps.Models()[2].RemoteID
	generating := conformance.NewSteps(t)
	values := map[string]any{"prompt": "ukj person at sea", "checkpoint_id": checkpoint, "num_samples": 3, "seed": 40, "width": 512, "height": 512}
	if err := perform(t, generateID, values, nil, conn, generating); err != nil {
		t.Fatal(err)
	}
	kept := generating.Kept()
	if len(kept) != 3 {
		t.Fatalf("kept %d pictures, want 3", len(kept))
	}
	for i, picture := range kept {
		if picture.Type != "image/png" || picture.Result.Prompt != "ukj person at sea" || picture.Result.Model != checkpoint || *picture.Result.Seed != int64(40+i) {
			t.Errorf("picture %d is %+v of type %s", i, picture.Result, picture.Type)
		}
	}
	submitted(t, box, 2)
}

func TestTrainAndGenerateInOneJob(t *testing.T) {
	t.Parallel()
	box, conn := conformance.Simulate(t, "dreamlook")
	steps := conformance.NewSteps(t)
	photos := album(t, steps)
	values := map[string]any{"image_gen": `[{"prompt":"ukj person at sea","num_samples":1},{"prompt":"ukj person asleep","num_samples":2}]`}
	for range 2 { // the second time as after a restart
		if err := perform(t, bothID, values, photos, conn, steps); err != nil {
			t.Fatal(err)
		}
	}
	var prompts []string
	for _, picture := range steps.Kept() {
		prompts = append(prompts, picture.Result.Prompt)
		if picture.Result.Model != steps.Models()[0].RemoteID {
			t.Errorf("a picture's model is %s", picture.Result.Model)
		}
	}
	if want := []string{"ukj person at sea", "ukj person asleep", "ukj person asleep"}; !slices.Equal(prompts, want) {
		t.Errorf("the prompts are %v, want %v", prompts, want)
	}
	submitted(t, box, 1)
}

func TestADryRunLeavesNothingAtTheService(t *testing.T) {
	t.Parallel()
	for _, task := range []string{trainID, generateID, bothID} {
		box, conn := conformance.Simulate(t, "dreamlook")
		steps := conformance.NewSteps(t)
		values := map[string]any{"dry_run": true}
		switch task {
		case generateID:
			values["prompt"] = "a fox"
		case bothID:
			values["image_gen"] = `[{"prompt":"a fox"}]`
		}
		if err := perform(t, task, values, album(t, steps), conn, steps); err != nil {
			t.Errorf("%s: %v", task, err)
		}
		if len(steps.Kept())+len(steps.Models()) != 0 {
			t.Errorf("%s kept something", task)
		}
		submitted(t, box, 0)
	}
}

func TestALostAnswerIsFoundAndNotPaidTwice(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, task, fault string }{
		{"a training", trainID, "dreamlook POST /dreambooth: lost x1"},
		{"a cut answer", trainID, "dreamlook POST /dreambooth: cut x1"},
		{"a generation", generateID, "dreamlook POST /image_gen: lost x1"},
		{"a garbled answer", generateID, "dreamlook POST /image_gen: garble x1"},
		{"both", bothID, "dreamlook POST /dreambooth_image_gen: lost x1"},
		{"a request that never arrived", generateID, "dreamlook POST /image_gen: reset x1"},
		{"a server's error", trainID, "dreamlook POST /dreambooth: status 503 x1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			box, conn := conformance.Simulate(t, "dreamlook", row.fault)
			steps := conformance.NewSteps(t)
			values := map[string]any{}
			var photos []providers.Photo
			switch row.task {
			case generateID:
				values["prompt"], values["num_samples"] = "a fox", 1
			case bothID:
				values["image_gen"] = `[{"prompt":"a fox","num_samples":1}]`
			}
			if row.task != generateID {
				photos = album(t, steps)
			}
			if err := perform(t, row.task, values, photos, conn, steps); err != nil {
				t.Fatal(err)
			}
			if len(steps.Kept())+len(steps.Models()) == 0 {
				t.Error("nothing was kept")
			}
			submitted(t, box, 1)
		})
	}
}

func TestTwoLostAnswersFindTheirOwnJobs(t *testing.T) {
	t.Parallel()
	box, conn := conformance.Simulate(t, "dreamlook", "dreamlook POST /dreambooth: lost x2")
	jobs := map[string]bool{}
	for _, album := range [][]string{{"one", "two"}, {"three", "four"}} {
		steps := conformance.NewSteps(t)
		var photos []providers.Photo
		for _, name := range album {
			photo := steps.AddPhoto(name, "png", conformance.Picture(64, 64))
			photos = append(photos, photo)
		}
		if err := perform(t, trainID, nil, photos, conn, steps); err != nil {
			t.Fatal(err)
		}
		jobs[steps.Models()[0].RemoteJob] = true
	}
	if len(jobs) != 2 {
		t.Errorf("the two trainings took the jobs %v", jobs)
	}
	submitted(t, box, 2)
}

func TestAFailureAtTheServiceIsToldInItsWords(t *testing.T) {
	t.Parallel()
	box, conn := conformance.Simulate(t, "dreamlook")
	steps := conformance.NewSteps(t)
	photos := []providers.Photo{steps.AddPhoto("broken", "png", []byte("this is no picture"))}
	f := conformance.WantFailure(t, perform(t, trainID, nil, photos, conn, steps))
	if !f.Ended || f.Money != providers.MoneyUnknown || !strings.Contains(f.Service, "image") || strings.Contains(f.Service, "signature") {
		t.Errorf("got %+v", f)
	}
	submitted(t, box, 1)
}

func TestTroubleWhileWatchingIsWaitedOut(t *testing.T) {
	t.Parallel()
	box, conn := conformance.Simulate(t, "dreamlook",
		"dreamlook GET /jobs/dreambooth: status 404 x2", "dreamlook GET /jobs/dreambooth: status 502 x1",
		"dreamlook GET /jobs/dreambooth: html x1", "dreamlook GET /jobs/dreambooth: null x1", "dreamlook GET /jobs/dreambooth: cut x1")
	steps := conformance.NewSteps(t)
	if err := perform(t, trainID, nil, album(t, steps), conn, steps); err != nil {
		t.Fatal(err)
	}
	submitted(t, box, 1)
}

func TestAJobIsReadUnderTheOtherSpellingOfItsType(t *testing.T) {
	t.Parallel()
	for task, first := range map[string]string{generateID: "image-gen", bothID: "dreambooth-image-gen"} {
		box, conn := conformance.Simulate(t, "dreamlook", "dreamlook GET /jobs/"+first+": status 404")
		steps := conformance.NewSteps(t)
		values := map[string]any{"prompt": "a fox", "num_samples": 1}
		var photos []providers.Photo
		if task == bothID {
			values, photos = map[string]any{"image_gen": `[{"prompt":"a fox","num_samples":1}]`}, album(t, steps)
		}
		if err := perform(t, task, values, photos, conn, steps); err != nil {
			t.Errorf("%s: %v", task, err)
		}
		if len(steps.Kept()) != 1 {
			t.Errorf("%s: %d pictures were kept, want 1", task, len(steps.Kept()))
		}
		submitted(t, box, 1)
	}
}

func TestACaptionThatIsTooLongIsNamed(t *testing.T) {
	t.Parallel()
	_, conn := conformance.Simulate(t, "dreamlook")
	steps := conformance.NewSteps(t)
	photos := album(t, steps)
	photos[1].Caption = strings.Repeat("ukj ", 78)
	f := conformance.WantFailure(t, perform(t, trainID, nil, photos, conn, steps))
	if !f.Ended || !strings.Contains(f.Service, "78 words, more than 77 tokens") {
		t.Errorf("got %+v", f)
	}
}

func TestAResultsLinkThatEndedIsReadAnew(t *testing.T) {
	t.Parallel()
	box, conn := conformance.Simulate(t, "dreamlook", "assets GET /dreamlook/images: status 403 x1")
	steps := conformance.NewSteps(t)
	if err := perform(t, generateID, map[string]any{"prompt": "a fox", "num_samples": 2}, nil, conn, steps); err != nil {
		t.Fatal(err)
	}
	if kept := len(steps.Kept()); kept != 2 {
		t.Errorf("kept %d pictures, want 2", kept)
	}
	submitted(t, box, 1)
}
