package dreamlook_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
)

func TestAPicturesLinkIsReadAnew(t *testing.T) {
	generation := answerOf(t, "job-generation")
	server, conn := serve(t, map[string][]string{
		"POST /image_gen":                 {`{"job_id":"ig_90c7ebd5"}`},
		"GET /jobs/image_gen/ig_90c7ebd5": {generation},
	})
	steps := newNotes()
	if err := perform(t, generateID, map[string]any{"prompt": "a portrait"}, nil, conn, steps); err != nil {
		t.Fatal(err)
	}
	server.mu.Lock()
	server.routes["GET /jobs/image_gen/ig_90c7ebd5"] = []string{strings.ReplaceAll(generation, "577ab3c6.png", "577ab3c6.png?again")}
	server.mu.Unlock()
	fresh, err := steps.kept["577ab3c6"].Fresh(t.Context())
	if err != nil || !strings.HasSuffix(fresh, "577ab3c6.png?again") {
		t.Errorf("the fresh link is %q, %v", fresh, err)
	}
}

func bothRoutes(t *testing.T, states ...string) map[string][]string {
	return map[string][]string{
		"POST /dreambooth_image_gen":            {`{"job_id":"dbig_1"}`},
		"GET /jobs/dreambooth_image_gen/dbig_1": states,
	}
}

var twoSets = map[string]any{"image_gen": `[{"prompt":"on a horse"},{"prompt":"at sea"}]`}

func TestWhatWasMadeBeforeAFailureIsKept(t *testing.T) {
	_, conn := serve(t, bothRoutes(t, file(t, "job_both_running.json"), file(t, "job_both_running.json"), file(t, "job_both_failed.json")))
	steps := newNotes()
	f := conformance.WantFailure(t, perform(t, bothID, twoSets, twoPhotos(), conn, steps))
	if !f.Ended || f.Money != providers.MoneyUnknown {
		t.Errorf("failed with %+v", f)
	}
	if !strings.HasPrefix(f.Service, "NSFW content detected") || !strings.Contains(f.Service, "a.jpg") || strings.Contains(f.Service, "secret") {
		t.Errorf("the service's words are %q", f.Service)
	}
	if !slices.Equal(steps.order, []string{"keep/first", "keep/later"}) {
		t.Errorf("kept %v", steps.order)
	}
	if first := steps.kept["first"]; first.Prompt != "at sea" || first.Seed != nil {
		t.Errorf("the first picture is %+v", first)
	}
	if later := steps.kept["later"]; later.Prompt != "" || later.Model != "ckp_kept" || *later.Seed != 5 {
		t.Errorf("the picture of an unknown configuration is %+v", later)
	}
	if len(steps.models) != 1 || steps.models[0].Type != "checkpoint" || steps.models[0].Step != 1500 || steps.models[0].Base != "stable-diffusion-xl-v1-0" {
		t.Errorf("the models are %+v", steps.models)
	}
}

func TestOneLostPictureDoesNotCostTheOthers(t *testing.T) {
	done := strings.ReplaceAll(file(t, "job_both_failed.json"), "FAILURE", "Success")
	_, conn := serve(t, bothRoutes(t, done))
	steps := newNotes()
	lost := &providers.Failure{Kind: providers.BadResult, Message: providers.Say("broken")}
	steps.refuse["keep/first"] = lost
	if err := perform(t, bothID, twoSets, twoPhotos(), conn, steps); !errors.Is(err, lost) {
		t.Errorf("ended with %v", err)
	}
	if !slices.Contains(steps.order, "keep/later") || len(steps.models) != 1 {
		t.Errorf("kept %v and %v", steps.order, steps.models)
	}
}

func TestProgress(t *testing.T) {
	started := func(ago time.Duration) string {
		return time.Now().UTC().Add(-ago).Format("2006-01-02T15:04:05.000000")
	}
	for _, row := range []struct {
		name, state string
		want        providers.State
		fraction    float64
		left        time.Duration
		note        string
	}{
		{"queued", `{"state":"QUEUED","percentage_done":null}`, providers.Waiting, -1, 0, ""},
		{"a quarter after a minute", `{"state":"running","percentage_done":25,"state_running_start":"` + started(time.Minute) + `"}`, providers.Running, 0.25, 3 * time.Minute, ""},
		{"just begun", `{"state":"running","percentage_done":0,"state_running_start":"` + started(time.Second) + `"}`, providers.Running, 0, 0, ""},
		{"without a start", `{"state":"running","percentage_done":50}`, providers.Running, 0.5, 0, ""},
		{"beyond the end", `{"state":"running","percentage_done":140,"state_running_start":"nonsense"}`, providers.Running, 1, 0, ""},
		{"a state of tomorrow", `{"state":"Uploading_Results"}`, providers.Running, -1, 0, "The service says: uploading_results"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, conn := serve(t, map[string][]string{
				"POST /dreambooth": {`{"job_id":"db_1"}`}, "GET /jobs/dreambooth/db_1": {row.state, answerOf(t, "job")},
			})
			steps := newNotes()
			if err := perform(t, trainID, nil, twoPhotos(), conn, steps); err != nil {
				t.Fatal(err)
			}
			got := steps.statuses[2] // after the two photos
			if got.State != row.want || got.Fraction != row.fraction || got.Note.String() != row.note {
				t.Errorf("got %+v", got)
			}
			if off := (got.Left - row.left).Abs(); off > 15*time.Second {
				t.Errorf("time left is %v, want about %v", got.Left, row.left)
			}
		})
	}
}

func TestSuccessWithoutResultsCanBeLookedAtAgain(t *testing.T) {
	for _, row := range []struct{ name, task, path, job string }{
		{"training", trainID, "/dreambooth", "/jobs/dreambooth/1"},
		{"generation", generateID, "/image_gen", "/jobs/image-gen/1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, conn := serve(t, map[string][]string{"POST " + row.path: {`{"job_id":"1"}`}, "GET " + row.job: {`{"state":"success"}`}})
			values := map[string]any{}
			if row.task == generateID {
				values["prompt"] = "a fox"
			}
			f := conformance.WantFailure(t, perform(t, row.task, values, twoPhotos(), conn, newNotes()))
			if f.Kind != providers.BadResult || f.Ended {
				t.Errorf("got %+v", f)
			}
		})
	}
}
