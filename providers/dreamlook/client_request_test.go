package dreamlook_test

import (
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/providers"
)

// Dry runs end with the answer, so that a test sees the request alone.
const dryAnswer = `{"job_id":"TEST_50d2285d"}`

func TestRequestsAreWhatTheDocumentsSay(t *testing.T) {
	photos := twoPhotos()
	captioned := twoPhotos()
	captioned[1].Caption = "ukj dog asleep"
	picture := func(more map[string]any) map[string]any {
		values := map[string]any{"prompt": "a fox"}
		for key, value := range more {
			values[key] = value
		}
		return values
	}
	for _, row := range []struct {
		name, task, path, want string
		values                 map[string]any
		photos                 []providers.Photo
	}{
		{"a training's defaults", trainID, "/dreambooth", "request_training.json", nil, photos},
		{"captions switched off", trainID, "/dreambooth", "request_training.json", map[string]any{"use_captions": "no"}, captioned},
		{"every field of a training", trainID, "/dreambooth", "request_training_all.json", map[string]any{
			"instance_prompt": "photo of ukj dog", "checkpoint_id": "ckp_12ed2b03", "steps": "1500", "learning_rate": "1e-5",
			"learning_rate_te": 1e-6, "learning_rate_te1": 3e-6, "learning_rate_te2": 0, "enable_offset_noise": false,
			"crop_method": "face", "extract_lora": "original", "save_checkpoints_at": "400, 800",
			"checkpoint_availability_mode": "standard", "text_encoder_training": "beta", "priority": 50,
			"tags": `[{"key":"project","value":"dogs"}]`, "callback": "https://example.com/done", "dry_run": true,
		}, captioned},
		{"a generation's defaults", generateID, "/image_gen", "request_generation.json", picture(nil), nil},
		{"every field of a generation", generateID, "/image_gen", "request_generation_xl.json", picture(map[string]any{
			"negative_prompt": "blurry", "base_model": "realism-engine-sdxl-v3-0", "num_samples": 16, "width": 768,
			"seed": 2811570194, "num_inference_steps": 30, "guidance_scale": 5, "scheduler_type": "dpm++",
			"enable_hrf": true, "denoising_strength": 0.6, "tags": `[{"key":"a","value":"1"},{"key":"b","value":"2"}]`,
		}), nil},
		{"a training and two generations", bothID, "/dreambooth_image_gen", "request_both.json", map[string]any{
			"base_model": "stable-diffusion-xl-v1-0", "steps": 1500, "learning_rate": 1e-5, "dry_run": "true",
			"image_gen": `[{"prompt":"ukj person on a horse"},{"prompt":"ukj person at sea","num_samples":2,"height":768,"seed":7}]`,
		}, photos},
	} {
		t.Run(row.name, func(t *testing.T) {
			server, conn := serve(t, map[string][]string{"POST " + row.path: {dryAnswer}})
			if err := perform(t, row.task, row.values, row.photos, conn, newNotes()); err != nil {
				t.Fatal(err)
			}
			sameJSON(t, server.bodies["POST "+row.path], file(t, row.want))
		})
	}
}

func TestADryRunIsNotPaidAndEndsWithItsAnswer(t *testing.T) {
	_, conn := serve(t, map[string][]string{"POST /dreambooth": {dryAnswer}})
	steps := newNotes()
	if err := perform(t, trainID, map[string]any{"dry_run": true}, twoPhotos(), conn, steps); err != nil {
		t.Fatal(err)
	}
	last := steps.statuses[len(steps.statuses)-1]
	if steps.paid != 0 || len(steps.models) != 0 || !strings.Contains(last.Note, "nothing charged") {
		t.Errorf("paid %d times, kept %v, said %q", steps.paid, steps.models, last.Note)
	}
}

func TestCaptionsAreKeyedByThePhotosNames(t *testing.T) {
	_, conn := serve(t, map[string][]string{"POST /dreambooth": {dryAnswer}})
	steps := newNotes()
	photos := []providers.Photo{
		{Name: "one", URL: "https://photos.test/x/a.jpg?X-Amz-Signature=1", Caption: " ukj dog at sea "},
		{Name: "two", URL: "https://photos.test/x/b.png?a=/c.png", Caption: "ukj dog asleep"},
		{Name: "three", URL: "https://photos.test/x/c.png"},
	}
	if err := perform(t, trainID, nil, photos, conn, steps); err != nil {
		t.Fatal(err)
	}
	sameJSON(t, steps.hosted["captions"], `{"a.jpg":"ukj dog at sea","b.png":"ukj dog asleep"}`)
}

func TestCaptionsThatTheServiceCouldNotTellApartAreRefused(t *testing.T) {
	server, conn := serve(t, map[string][]string{"POST /dreambooth": {dryAnswer}})
	photos := []providers.Photo{
		{Name: "one", URL: "https://photos.test/x/a.jpg", Caption: "ukj dog at sea"},
		{Name: "two", URL: "https://photos.test/y/a.jpg"},
	}
	f := failure(t, perform(t, trainID, nil, photos, conn, newNotes()))
	if f.Kind != providers.InvalidInput || f.Money != providers.NotSpent || !strings.Contains(f.Message, "a.jpg") {
		t.Errorf("got %+v", f)
	}
	if len(server.bodies) != 0 {
		t.Errorf("something was sent: %v", server.bodies)
	}
}

func TestUploadingIsReportedPhotoByPhoto(t *testing.T) {
	_, conn := serve(t, map[string][]string{"POST /dreambooth": {dryAnswer}})
	steps := newNotes()
	if err := perform(t, trainID, nil, twoPhotos(), conn, steps); err != nil {
		t.Fatal(err)
	}
	for i, want := range []providers.Status{
		{State: providers.Uploading, Fraction: 0, Step: 1, Of: 2},
		{State: providers.Uploading, Fraction: 0.5, Step: 2, Of: 2},
	} {
		if steps.statuses[i] != want {
			t.Errorf("report %d is %+v, want %+v", i, steps.statuses[i], want)
		}
	}
}

func TestACheckpointBringsItsFamily(t *testing.T) {
	training := `{"job_id":"db_1","state":"success","dreambooth_result":{"checkpoints":[{"checkpoint_id":"ckp_1","model_type":"sdxl-v1"}]}}`
	for _, row := range []struct{ name, list, family, width string }{
		{"that is listed", "[" + training + "]", `"sdxl-v1"`, "1024"},
		{"that isn't listed", "[]", "", "512"},
		{"when the list can't be read", `{"surprise":1}`, "", "512"},
	} {
		t.Run(row.name, func(t *testing.T) {
			server, conn := serve(t, map[string][]string{"POST /image_gen": {dryAnswer}, "GET /jobs/dreambooth": {row.list}})
			if err := perform(t, generateID, map[string]any{"prompt": "x", "checkpoint_id": "ckp_1"}, nil, conn, newNotes()); err != nil {
				t.Fatal(err)
			}
			body := server.bodies["POST /image_gen"]
			if strings.Contains(body, "model_type") != (row.family != "") || !strings.Contains(body, row.family) || !strings.Contains(body, `"width":`+row.width) {
				t.Errorf("sent %s", body)
			}
			if !strings.Contains(body, `"checkpoint_id":"ckp_1"`) || strings.Contains(body, "base_model") {
				t.Errorf("sent %s", body)
			}
		})
	}
}

func TestARefusalNamesTheField(t *testing.T) {
	for status, want := range map[int]providers.FailureKind{401: providers.BadKey, 403: providers.NoCredit, 422: providers.InvalidInput} {
		conn := refusing(t, status, `{"detail":[{"loc":["body","dreambooth","steps"],"msg":"too many","type":"value_error"}]}`)
		f := failure(t, perform(t, bothID, map[string]any{"image_gen": `[{"prompt":"x"}]`}, twoPhotos(), conn, newNotes()))
		if f.Kind != want || f.Outcome != providers.Refused || !strings.Contains(f.Service, "too many") {
			t.Errorf("status %d: %+v", status, f)
		}
		if status == 422 && f.Field != "steps" {
			t.Errorf("the field is %q", f.Field)
		}
	}
}
