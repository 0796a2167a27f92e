// The tasks from end to end, against the sandbox.

package bria_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/bria"
	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/sandbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const trainID = "bria/train"

// studio is the sandbox with Bria's connection to it.
type studio struct {
	sandbox *sandbox.Sandbox
	conn    providers.Conn
	steps   *conformance.Steps
}

func newStudio(t *testing.T, faults ...string) studio {
	t.Helper()
	box, conn := conformance.Simulate(t, "bria", faults...)
	return studio{sandbox: box, conn: conn, steps: conformance.NewSteps(t)}
}

func declared(t *testing.T, id string) *providers.Task {
	t.Helper()
	service := bria.Service()
	task, ok := service.FindTask(id)
	if !ok {
		t.Fatalf("there is no task %s", id)
	}
	return task
}

func (s studio) run(t *testing.T, id string, raw map[string]any, photos ...providers.Photo) error {
	t.Helper()
	return conformance.Perform(t.Context(), t, bria.Service(), id, raw, providers.Run{Job: "jmi2k9x0aabc", Photos: photos, Conn: s.conn, Steps: s.steps})
}

// call makes a call and returns its answer as JSON.
func (s studio) call(t *testing.T, id string, raw map[string]any) (string, error) {
	t.Helper()
	answer, err := conformance.Ask(t.Context(), t, bria.Service(), id, raw, s.conn)
	text, _ := json.Marshal(answer)
	return string(text), err
}

// list makes a call that lists and returns the items.
func (s studio) list(t *testing.T, id string, raw map[string]any) []map[string]any {
	t.Helper()
	answer, err := s.call(t, id, raw)
	if err != nil {
		t.Fatal(err)
	}
	var items []map[string]any
	if err := json.Unmarshal([]byte(answer), &items); err != nil {
		t.Fatal(err)
	}
	return items
}

// wantOne checks that nothing was made twice: one project, dataset and model,
// as many images as photos, one paid training.
func (s studio) wantOne(t *testing.T, images int) {
	t.Helper()
	for _, list := range []string{"bria/projects", "bria/datasets", "bria/models"} {
		if n := len(s.list(t, list, nil)); n != 1 {
			t.Errorf("%s lists %d, want 1", list, n)
		}
	}
	for _, d := range s.list(t, "bria/datasets", nil) {
		if n := len(s.list(t, "bria/images", map[string]any{"dataset_id": fmt.Sprint(d["id"])})); n != images {
			t.Errorf("the dataset holds %d images, want %d", n, images)
		}
	}
	if paid := s.sandbox.Submissions("bria"); paid != 1 {
		t.Errorf("%d paid requests, want 1", paid)
	}
}

// square is a picture that is large enough to train on.
var square = sync.OnceValue(func() []byte { return conformance.Picture(1024, 1024) })

// photos are n pictures; the first has a caption of its own.
func (s studio) photos(n int) []providers.Photo {
	all := make([]providers.Photo, n)
	for i := range all {
		all[i] = s.steps.AddPhoto(fmt.Sprintf("photo%d", i), "png", square())
	}
	all[0].Caption = "waving from a balcony"
	return all
}

// character is a training from nothing.
func character(more map[string]any) map[string]any {
	values := map[string]any{
		"model_name": "Lora Character Model", "project_name": "Branded Character",
		"ip_name": "Lora", "ip_description": "a female character with purple hair",
	}
	maps.Copy(values, more)
	// What the rest rules out is left away, unless it is asked for.
	chosen := providers.Values{"start_from": "new", "ip_type": "defined_character"}
	maps.Copy(chosen, values)
	for _, field := range trainingTask.Fields {
		if _, given := more[field.Key]; !given && !field.Shown(chosen) {
			delete(values, field.Key)
			delete(chosen, field.Key)
		}
	}
	return values
}

// trainingTask is bria/train as it is declared.
var trainingTask = func() *providers.Task {
	service := bria.Service()
	task, _ := service.FindTask(trainID)
	return task
}()

// trained trains a model and returns its id.
func (s studio) trained(t *testing.T, more map[string]any) string {
	t.Helper()
	if err := s.run(t, trainID, character(more), s.photos(1)...); err != nil {
		t.Fatal(err)
	}
	models := s.steps.Models()
	return models[len(models)-1].RemoteID
}

// again forgets the steps of the job before, so that another can run.
func (s *studio) again(t *testing.T) {
	t.Helper()
	s.steps = conformance.NewSteps(t)
	s.steps.AddPhoto("square", "png", square())
	s.steps.AddPhoto("wide", "png", conformance.Picture(640, 320))
}

func TestATrainingFromNothing(t *testing.T) {
	t.Parallel()
	s := newStudio(t)
	if err := s.run(t, trainID, character(nil), s.photos(2)...); err != nil {
		t.Fatal(err)
	}
	s.wantOne(t, 2)
	models := s.steps.Models()
	if len(models) != 1 || models[0].Type != "tailored light" || models[0].Title != "Lora Character Model" || models[0].URL != "" || models[0].Family != "Bria" {
		t.Errorf("kept %+v", models)
	}
	images := s.list(t, "bria/images", map[string]any{"dataset_id": "401"})
	if images[0]["caption"] != "waving from a balcony" || images[0]["caption_source"] != "manual" || images[1]["caption_source"] != "automatic" {
		t.Errorf("captions: %v", images)
	}
	for _, i := range images {
		if name := fmt.Sprint(i["image_name"]); strings.Contains(name, "photo") {
			t.Errorf("the photo's own name left: %s", name)
		}
	}
}

func TestACaptionPrefixIsChangedBeforeThePersonsOwnCaptionsAreSet(t *testing.T) {
	t.Parallel()
	s := newStudio(t)
	prefix := "A drawing of Lora,"
	if err := s.run(t, trainID, character(map[string]any{"caption_prefix": prefix, "training_version": "max"}), s.photos(2)...); err != nil {
		t.Fatal(err)
	}
	s.wantOne(t, 2)
	answer, err := s.call(t, "bria/dataset", map[string]any{"dataset_id": "401"})
	if err != nil || !strings.Contains(answer, prefix) || !strings.Contains(answer, `"captions_update_status":"completed"`) {
		t.Errorf("%s %v", answer, err)
	}
	if !strings.Contains(answer, "waving from a balcony") {
		t.Errorf("the person's caption was lost: %s", answer)
	}
	if models := s.steps.Models(); models[0].Type != "tailored max" {
		t.Errorf("kept %+v", models)
	}
}

func TestCaptionsAreLeftToBriaWhenAskedTo(t *testing.T) {
	t.Parallel()
	s := newStudio(t)
	if err := s.run(t, trainID, character(map[string]any{"use_captions": false}), s.photos(1)...); err != nil {
		t.Fatal(err)
	}
	if images := s.list(t, "bria/images", map[string]any{"dataset_id": "401"}); images[0]["caption_source"] != "automatic" {
		t.Errorf("captions: %v", images)
	}
}

func TestATrainingInAProjectThatIsThere(t *testing.T) {
	t.Parallel()
	s := newStudio(t)
	if _, err := s.call(t, "bria/project-create", map[string]any{"project_name": "Scenes", "ip_type": "stylized_scene", "ip_medium": "photography"}); err != nil {
		t.Fatal(err)
	}
	into := map[string]any{"start_from": "project", "project_id": "101", "model_name": "Dusk"}
	if err := s.run(t, trainID, into, s.photos(1)...); err != nil {
		t.Fatal(err)
	}
	s.wantOne(t, 1)

	s.again(t)
	into["training_version"] = "max"
	failure := conformance.WantFailure(t, s.run(t, trainID, into, s.photos(1)...))
	if failure.Field != "training_version" || failure.Outcome != providers.NotSent {
		t.Errorf("max for photography: %+v", failure)
	}
	s.wantOne(t, 1)

	s.again(t)
	into["project_id"] = "999"
	if failure := conformance.WantFailure(t, s.run(t, trainID, into, s.photos(1)...)); failure.Field != "project_id" {
		t.Errorf("a project that isn't there: %+v", failure)
	}
}

func TestATrainingOnADatasetThatIsThere(t *testing.T) {
	t.Parallel()
	s := newStudio(t)
	s.trained(t, nil)
	known := map[string]any{"start_from": "dataset", "dataset_id": "401", "model_name": "Second", "training_version": "max"}

	s.again(t)
	if err := s.run(t, trainID, known); err != nil {
		t.Fatal(err)
	}
	if n := len(s.list(t, "bria/models", nil)); n != 2 {
		t.Errorf("%d models, want 2", n)
	}

	s.again(t)
	if failure := conformance.WantFailure(t, s.run(t, trainID, known, s.photos(1)...)); failure.Field != "dataset_id" || !strings.Contains(failure.Message.String(), "clone") {
		t.Errorf("photos for a completed dataset: %+v", failure)
	}

	if _, err := s.call(t, "bria/dataset-clone", map[string]any{"dataset_id": "401"}); err != nil {
		t.Fatal(err)
	}
	s.again(t)
	known["dataset_id"] = "402"
	if err := s.run(t, trainID, known, s.photos(1)...); err != nil {
		t.Fatal(err)
	}
	if n := len(s.list(t, "bria/images", map[string]any{"dataset_id": "402"})); n != 2 {
		t.Errorf("the clone holds %d images, want its own and the photo", n)
	}
}

func TestALostAnswerMakesNothingTwice(t *testing.T) {
	t.Parallel()
	// Each place with another way to lose an answer, and both that are worst at the one that is paid.
	for _, fault := range []string{
		"/tailored-gen/projects: lost", "/tailored-gen/datasets: cut", "/tailored-gen/datasets/401/images: lost", "/tailored-gen/datasets/401/images: status 500",
		"/tailored-gen/models: garble", "/tailored-gen/models/701/start_training: lost", "/tailored-gen/models/701/start_training: reset", "/tailored-gen/models/701/start_training: null",
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			s := newStudio(t, "bria POST "+fault+" x1")
			if err := s.run(t, trainID, character(nil), s.photos(1)...); err != nil {
				t.Fatal(err)
			}
			s.wantOne(t, 1)
		})
	}
}

func TestTroubleOnTheWayPasses(t *testing.T) {
	t.Parallel()
	for _, fault := range []string{
		"bria GET /tailored-gen/datasets: status 503 x2", "bria GET /tailored-gen/models: garble x2",
		"bria PUT /tailored-gen/datasets: lost x1", "bria PUT /tailored-gen/datasets/401/images: lost x1",
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			s := newStudio(t, fault)
			if err := s.run(t, trainID, character(map[string]any{"caption_prefix": "A drawing of Lora,"}), s.photos(1)...); err != nil {
				t.Fatal(err)
			}
			s.wantOne(t, 1)
		})
	}
}

func TestARefusedPhotoIsNamed(t *testing.T) {
	t.Parallel()
	s := newStudio(t)
	photos := append(s.photos(1), s.steps.AddPhoto("a drawing.png", "png", []byte("no picture")))
	failure := conformance.WantFailure(t, s.run(t, trainID, character(nil), photos...))
	if !strings.HasPrefix(failure.Message.String(), "Photo 2 of 2, a drawing.png: ") || !strings.Contains(failure.Advice.String(), "jpeg, png or webp") {
		t.Errorf("an upload: %+v", failure)
	}

	s = newStudio(t, "bria PUT /tailored-gen/datasets/401/images: status 400 x1")
	failure = conformance.WantFailure(t, s.run(t, trainID, character(nil), s.photos(2)...))
	if !strings.HasPrefix(failure.Message.String(), "Photo 1 of 2, photo0: ") {
		t.Errorf("a caption: %+v", failure)
	}

	s = newStudio(t, "bria POST /tailored-gen/datasets/401/images: status 401 x1")
	failure = conformance.WantFailure(t, s.run(t, trainID, character(nil), s.photos(2)...))
	if strings.Contains(failure.Message.String(), "Photo") {
		t.Errorf("the key is told as the photo's fault: %+v", failure)
	}
}

func TestATrainingThatFailsIsOver(t *testing.T) {
	t.Parallel()
	s := newStudio(t)
	failure := conformance.WantFailure(t, s.run(t, trainID, character(map[string]any{"model_name": "forbidden"}), s.photos(1)...))
	if !failure.Ended || failure.Money != providers.MoneyUnknown {
		t.Errorf("got %+v", failure)
	}
}

func TestATrainingIsStopped(t *testing.T) {
	t.Parallel()
	s := newStudio(t)
	s.trained(t, nil)
	stop := declared(t, trainID).Stop
	done := func(step string) (providers.Receipt, bool) { r, ok := s.steps.Receipts()[step]; return r, ok }
	if stopped, err := stop(t.Context(), s.conn, done); err != nil || stopped {
		t.Errorf("a training that is over was stopped: %v, %v", stopped, err)
	}
	if stopped, err := stop(t.Context(), s.conn, func(string) (providers.Receipt, bool) { return providers.Receipt{}, false }); err != nil || stopped {
		t.Errorf("nothing was begun, but %v, %v", stopped, err)
	}
	// On a busy machine a training may be over before it is stopped: then another is begun.
	for id := 702; id < 712; id++ {
		if _, err := s.call(t, "bria/model-create", map[string]any{"dataset_id": "401", "name": fmt.Sprint("Another ", id)}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.call(t, "bria/model-start", map[string]any{"model_id": fmt.Sprint(id)}); err != nil {
			t.Fatal(err)
		}
		running := func(string) (providers.Receipt, bool) { return providers.Receipt{ID: fmt.Sprint("model/", id)}, true }
		stopped, err := stop(t.Context(), s.conn, running)
		if err != nil {
			t.Fatal(err)
		}
		if stopped {
			return
		}
	}
	t.Error("no running training was stopped")
}
