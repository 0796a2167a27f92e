package dreamlook_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/dreamlook"
)

// Dry runs end with the answer, so that a test sees the request alone.
const dryAnswer = `{"job_id":"TEST_50d2285d"}`

func TestADryRunIsNotPaidAndEndsWithItsAnswer(t *testing.T) {
	_, conn := serve(t, map[string][]string{"POST /dreambooth": {dryAnswer}})
	steps := newNotes()
	if err := perform(t, trainID, map[string]any{"dry_run": true}, twoPhotos(), conn, steps); err != nil {
		t.Fatal(err)
	}
	last := steps.statuses[len(steps.statuses)-1]
	if steps.paid != 0 || len(steps.models) != 0 || !strings.Contains(last.Note.String(), "nothing charged") {
		t.Errorf("paid %d times, kept %v, said %q", steps.paid, steps.models, last.Note)
	}
}

func TestAPersonsCallbackTakesTheReceiversPlace(t *testing.T) {
	for given, want := range map[string]string{"": "https://receiver.test/1", "https://mine.test/hook": "https://mine.test/hook"} {
		server, conn := serve(t, map[string][]string{"POST /dreambooth": {dryAnswer}})
		run := providers.Run{Photos: twoPhotos(), Conn: conn, Callback: "https://receiver.test/1", Steps: newNotes()}
		if err := conformance.Perform(t.Context(), t, dreamlook.Service(), trainID, map[string]any{"callback": given}, run); err != nil {
			t.Fatal(err)
		}
		if body := server.bodies["POST /dreambooth"]; !strings.Contains(body, `"callback":"`+want+`"`) {
			t.Errorf("sent %s", body)
		}
	}
}

func TestCaptionsThatTheServiceCouldNotTellApartAreRefused(t *testing.T) {
	server, conn := serve(t, map[string][]string{"POST /dreambooth": {dryAnswer}})
	photos := []providers.Photo{
		{Name: "one", URL: "https://photos.test/x/a.jpg", Caption: "ukj dog at sea"},
		{Name: "two", URL: "https://photos.test/y/a.jpg"},
	}
	f := conformance.WantFailure(t, perform(t, trainID, nil, photos, conn, newNotes()))
	if f.Kind != providers.InvalidInput || f.Money != providers.NotSpent || !strings.Contains(f.Message.String(), "a.jpg") {
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
		if !reflect.DeepEqual(steps.statuses[i], want) {
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
