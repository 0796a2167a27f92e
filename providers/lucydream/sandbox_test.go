package lucydream_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/lucydream"
	"github.com/maquette-studio/maquette/providers/sandbox"
)

const modelBytes = 4096

// studio is the sandbox with LucyDream's connection to it, and a bucket in
// which every model appears at the third look.
type studio struct {
	*conformance.Steps

	t       *testing.T
	sandbox *sandbox.Sandbox
	conn    providers.Conn
	looks   map[string]int // by key
}

func newStudio(t *testing.T, faults ...string) *studio {
	t.Helper()
	box, conn := conformance.Simulate(t, "lucydream", faults...)
	return &studio{Steps: conformance.NewSteps(t), t: t, sandbox: box, conn: conn, looks: map[string]int{}}
}

// InBucket finds what a service delivers a little later.
func (s *studio) InBucket(_ context.Context, key string) (providers.Object, bool, error) {
	if s.looks[key]++; s.looks[key] < 3 {
		return providers.Object{}, false, nil
	}
	return providers.Object{Key: key, Size: modelBytes, URL: "https://bucket.example/" + key + "?X-Amz-Signature=secret"}, true, nil
}

// train runs the task on n photos.
func (s *studio) train(n int) error {
	s.t.Helper()
	run := providers.Run{Job: "job", Conn: s.conn, Steps: s}
	for i := range n {
		run.Photos = append(run.Photos, s.AddPhoto(fmt.Sprintf("photo-%d", i), "png", conformance.Picture(64, 64)))
	}
	return conformance.Perform(s.t.Context(), s.t, lucydream.Service(), "lucydream/train", map[string]any{"title": "Paper fox", "name": "woman"}, run)
}

func (s *studio) wantPaid(want int) {
	s.t.Helper()
	if got := s.sandbox.Submissions("lucydream"); got != want {
		s.t.Errorf("%d trainings were paid, want %d", got, want)
	}
}

func TestTheModelIsKeptOnceItIsInTheBucket(t *testing.T) {
	s := newStudio(t)
	for range 2 { // the second time as after a restart
		if err := s.train(5); err != nil {
			t.Fatal(err)
		}
	}
	s.wantPaid(1)
	id := s.Receipts()["create"].ID
	want := providers.Model{
		RemoteID: id, Title: "Paper fox", Type: "checkpoint", Format: "safetensors",
		Size: modelBytes, Object: id + ".safetensors",
	}
	for _, model := range s.Models() {
		if id == "" || model != want {
			t.Errorf("kept %+v, want %+v", model, want)
		}
	}
	if len(s.Models()) == 0 || s.looks[id+".safetensors"] < 3 {
		t.Errorf("%d models after the looks %v", len(s.Models()), s.looks)
	}
}

func TestProgressSaysWhatIsWaitedFor(t *testing.T) {
	s := newStudio(t)
	if err := s.train(5); err != nil {
		t.Fatal(err)
	}
	statuses := s.Statuses()
	if first := statuses[0]; first.State != providers.Uploading || first.Step != 1 || first.Of != 5 {
		t.Errorf("it begins with %+v", first)
	}
	last := statuses[len(statuses)-1]
	if file := s.Receipts()["create"].ID + ".safetensors"; last.State != providers.Running || !strings.Contains(last.Note.String(), file) {
		t.Errorf("it ends with %+v", last)
	}
}

func TestAnUnknownOutcomeIsAQuestionAndNeverASecondRequest(t *testing.T) {
	for _, row := range []struct {
		name, fault string
		says        string // beside where to look
		paid        int
	}{
		{"the answer was lost", "lucydream POST: lost x1", "", 1},
		{"the connection broke", "lucydream POST: reset x1", "", 0},
		{"half an answer", "lucydream POST: cut x1", "", 1},
		{"a web page", "lucydream POST: html x1", "LucyDream said", 0},
		{"null", "lucydream POST: null x1", "LucyDream said: “null”", 0},
		{"trouble at the service", "lucydream POST: status 503 x1", "Service Unavailable", 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := newStudio(t, row.fault)
			failure := conformance.WantFailure(t, s.train(5))
			if failure.Kind != providers.UnknownOutcome || failure.Money != providers.MoneyUnknown {
				t.Errorf("got %+v", *failure)
			}
			if !strings.Contains(failure.Advice.String(), "a new .safetensors file") || !strings.Contains(failure.Advice.String(), row.says) {
				t.Errorf("it says to look: %s", failure.Advice)
			}
			if len(s.Models()) != 0 {
				t.Error("a model was kept")
			}
			s.wantPaid(row.paid)
		})
	}
}

func TestAPhotoThatLucyDreamCannotFetchIsRefusedInItsWords(t *testing.T) {
	s := newStudio(t)
	gone := providers.Photo{ID: "gone", URL: s.sandbox.URL("lucydream") + "/gone.jpg?signature=secret"}
	photos := []providers.Photo{gone}
	for i := range 4 {
		photos = append(photos, s.AddPhoto(fmt.Sprint(i), "png", conformance.Picture(64, 64)))
	}
	service := lucydream.Service()
	failure := conformance.WantFailure(t, service.Tasks[0].Run(t.Context(), &providers.Run{
		Values: providers.Values{"title": "Paper fox", "name": "man"}, Photos: photos, Conn: s.conn, Steps: s,
	}))
	if failure.Kind != providers.InvalidInput || failure.Field != "photos" || failure.Money != providers.NotSpent || failure.Service != "Failed to fetch image 1" {
		t.Errorf("got %+v", *failure)
	}
	s.wantPaid(0)
}

func TestAnIDFoundInTheBucketMayBeTheFilesName(t *testing.T) {
	s := newStudio(t, "lucydream POST: lost x1")
	if failure := conformance.WantFailure(t, s.train(5)); failure.Kind != providers.UnknownOutcome {
		t.Fatalf("got %+v", *failure)
	}
	service := lucydream.Service()
	adopted := &adopting{studio: s, receipt: providers.Receipt{ID: service.Tasks[0].FoundID(" 54321.safetensors\n")}}
	run := &providers.Run{Values: providers.Values{"title": "Paper fox", "name": "man"}, Conn: s.conn, Steps: adopted}
	for i := range 5 {
		run.Photos = append(run.Photos, s.Photos[fmt.Sprintf("photo-%d", i)])
	}
	if err := service.Tasks[0].Run(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	if models := s.Models(); len(models) != 1 || models[0].RemoteID != "54321" || models[0].Object != "54321.safetensors" {
		t.Errorf("kept %+v", models)
	}
	s.wantPaid(1)
}

// adopting is a studio in which the request was accepted before, or a person
// has answered the question.
type adopting struct {
	*studio
	receipt providers.Receipt
}

// Once returns what was accepted.
func (a *adopting) Once(context.Context, string, providers.Find, providers.Create) (providers.Receipt, error) {
	return a.receipt, nil
}

func TestATrainingThatIsNeverDeliveredEndsAndCanBeLookedForAgain(t *testing.T) {
	s := newStudio(t)
	waiting := &adopting{studio: s, receipt: providers.Receipt{ID: "12345", Time: time.Now().Add(-49 * time.Hour)}}
	run := &providers.Run{Values: providers.Values{"title": "Paper fox", "name": "man"}, Conn: s.conn, Steps: waiting}
	for i := range 5 {
		run.Photos = append(run.Photos, s.AddPhoto(fmt.Sprint(i), "png", conformance.Picture(64, 64)))
	}
	service := lucydream.Service()
	for range 2 { // the bucket has it at the third look
		failure := conformance.WantFailure(t, service.Tasks[0].Run(t.Context(), run))
		if failure.Ended || failure.Money != providers.Spent || !strings.Contains(failure.Message.String(), "12345.safetensors") ||
			!strings.Contains(failure.Advice.String(), "API dashboard") || !strings.Contains(failure.Advice.String(), "nothing is paid again") {
			t.Errorf("got %+v", *failure)
		}
	}
	if err := service.Tasks[0].Run(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	if models := s.Models(); len(models) != 1 || models[0].Object != "12345.safetensors" {
		t.Errorf("kept %+v", models)
	}
	s.wantPaid(0)
}

func TestTheNoteNamesTheBucketToCompare(t *testing.T) {
	s := newStudio(t)
	if err := s.train(5); err != nil {
		t.Fatal(err)
	}
	if made := s.Receipts()["create"]; time.Since(made.Time) > time.Hour {
		t.Errorf("it doesn't say when it was accepted: %+v", made)
	}
	statuses := s.Statuses()
	if last := statuses[len(statuses)-1]; !strings.Contains(last.Note.String(), "LucyDream's API dashboard") {
		t.Errorf("it ends with %+v", last)
	}
}

func TestOnlyFivePhotosAreSent(t *testing.T) {
	for _, n := range []int{0, 4, 6} {
		s := newStudio(t)
		failure := conformance.WantFailure(t, s.train(n))
		if failure.Kind != providers.InvalidInput || failure.Field != "photos" || failure.Outcome != providers.NotSent || failure.Money != providers.NotSpent {
			t.Errorf("%d photos: %+v", n, *failure)
		}
		if len(s.Statuses()) != 0 {
			t.Errorf("%d photos: some were uploaded", n)
		}
		s.wantPaid(0)
	}
}

func TestAWrongKeyIsAPlainFailure(t *testing.T) {
	s := newStudio(t)
	s.conn.Key = "wrong"
	failure := conformance.WantFailure(t, s.train(5))
	if failure.Kind != providers.BadKey || failure.Outcome != providers.Refused || failure.Service != "Invalid API key" {
		t.Errorf("got %+v", *failure)
	}
	s.wantPaid(0)
}

func TestCheckingTheKeyStartsNothing(t *testing.T) {
	service := lucydream.Service()
	words, err := service.CheckKey(t.Context(), providers.Conn{HTTP: &http.Client{Transport: noRequest{t}}})
	if err != nil || !strings.Contains(words.String(), "no way to check a key") {
		t.Errorf("it says %q, %v", words, err)
	}
}

// noRequest fails the test when a request is made.
type noRequest struct{ t *testing.T }

// RoundTrip is never called.
func (n noRequest) RoundTrip(*http.Request) (*http.Response, error) {
	n.t.Error("a request was made")
	return nil, errors.New("no request is allowed")
}
