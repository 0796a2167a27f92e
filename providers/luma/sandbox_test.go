package luma_test

import (
	"bytes"
	"image/png"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/luma"
	"github.com/maquette-studio/maquette/providers/sandbox"
)

// studio is the sandbox with Luma's connection to it.
type studio struct {
	sandbox *sandbox.Sandbox
	conn    providers.Conn
	steps   *conformance.Steps
}

func newStudio(t *testing.T, faults ...string) studio {
	t.Helper()
	box, conn := conformance.Simulate(t, "luma", faults...)
	return studio{sandbox: box, conn: conn, steps: conformance.NewSteps(t)}
}

func (s studio) run(t *testing.T, task string, raw map[string]any) error {
	t.Helper()
	return conformance.Perform(t.Context(), t, luma.Service(), task, raw, providers.Run{Job: "job", Conn: s.conn, Steps: s.steps})
}

func (s studio) wantPaid(t *testing.T, want int) {
	t.Helper()
	if got := s.sandbox.Submissions("luma"); got != want {
		t.Errorf("%d generations were paid, want %d", got, want)
	}
}

func TestABatchIsKeptOneByOne(t *testing.T) {
	s := newStudio(t)
	if err := s.run(t, "luma/image", map[string]any{"prompt": "a paper fox", "count": 3, "format": "png", "aspect_ratio": "1:1"}); err != nil {
		t.Fatal(err)
	}
	s.wantPaid(t, 3)
	seen := map[string]bool{}
	for _, kept := range s.steps.Kept() {
		config, err := png.DecodeConfig(bytes.NewReader(kept.Bytes))
		if err != nil || config.Width != config.Height {
			t.Errorf("%s is not a square png: %v", kept.Step, err)
		}
		if kept.Result.Prompt != "a paper fox" || kept.Result.Model != "photon-1" || kept.Result.RemoteID == "" {
			t.Errorf("%s doesn't say what made it: %+v", kept.Step, kept.Result)
		}
		seen[kept.Step+kept.Result.RemoteID] = true
	}
	if len(seen) != 3 {
		t.Errorf("%d images were kept, want 3", len(seen))
	}
	last := s.steps.Statuses()[len(s.steps.Statuses())-1]
	if last.Of != 3 {
		t.Errorf("the batch was reported as %d of %d", last.Step, last.Of)
	}
}

func TestALostAnswerIsFoundAndNeverPaidTwice(t *testing.T) {
	for _, row := range []struct {
		fault string
		task  string
		raw   map[string]any
		paid  int
	}{
		{"luma POST /generations/image: lost x1", "luma/image", map[string]any{"prompt": "a paper fox", "image_ref": `[{"image":"fox"}]`}, 1},
		{"luma POST /generations/image: lost x1", "luma/image", map[string]any{"prompt": "a paper fox", "count": 3}, 3},
		{"luma POST /generations/image: lost x1 after1", "luma/image", map[string]any{"prompt": "a paper fox", "count": 3}, 3},
		{"luma POST /generations/image: cut x1", "luma/image", map[string]any{"prompt": "a paper fox", "character_ref": `[{"image":"fox"}]`}, 1},
		{"luma POST /generations/image: garble x1", "luma/image", map[string]any{"prompt": "a paper fox", "modify_image_ref": `[{"image":"fox"}]`}, 1},
		{"luma POST /generations/image: reset x1", "luma/image", map[string]any{"prompt": "a paper fox", "style_ref": `[{"image":"fox"}]`}, 1},
		{"luma POST /generations/image: html x1", "luma/image", map[string]any{"prompt": "a paper fox"}, 1},
		{"luma POST /generations/image: status 500 x1", "luma/image", map[string]any{"prompt": "a paper fox"}, 1},
		{"luma POST /generations/image: status 429 retry-after 1 x1", "luma/image", map[string]any{"prompt": "a paper fox"}, 1},
		{"luma POST /generations/image/reframe: lost x1", "luma/reframe", map[string]any{"media": "fox", "aspect_ratio": "1:1", "grid_position_x": 1, "grid_position_y": 2}, 1},
	} {
		t.Run(row.task+" "+row.fault, func(t *testing.T) {
			t.Parallel()
			s := newStudio(t, row.fault)
			s.steps.AddPhoto("fox", "png", conformance.Picture(64, 64))
			if err := s.run(t, row.task, row.raw); err != nil {
				t.Fatal(err)
			}
			s.wantPaid(t, row.paid)
			if len(s.steps.Kept()) != row.paid {
				t.Errorf("%d images were kept, want %d", len(s.steps.Kept()), row.paid)
			}
		})
	}
}

func TestTroubleWhileWatchingPasses(t *testing.T) {
	for _, fault := range []string{
		"luma GET /generations/: status 404 x2", "luma GET /generations/: status 503 x2", "luma GET /generations/: null x2",
		"luma GET /generations/: reset x2", "luma GET /generations/: html x2", "luma GET /generations/: cut x2", "assets: status 403 x1",
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			s := newStudio(t, fault)
			if err := s.run(t, "luma/image", map[string]any{"prompt": "a paper fox"}); err != nil {
				t.Fatal(err)
			}
			s.wantPaid(t, 1)
		})
	}
}

func TestRefusedContentIsOverAndRefunded(t *testing.T) {
	s := newStudio(t)
	failure := conformance.WantFailure(t, s.run(t, "luma/image", map[string]any{"prompt": "something forbidden"}))
	if failure.Kind != providers.RefusedContent || !failure.Ended || failure.Money != providers.Refunded {
		t.Errorf("got %+v", *failure)
	}
	if failure.Service != "400: failed to moderate prompt" || !strings.Contains(failure.Advice.String(), "photon-flash-1") {
		t.Errorf("Luma's words %q, advice %q", failure.Service, failure.Advice)
	}
}

func TestAPictureThatLumaCannotFetchIsNamed(t *testing.T) {
	s := newStudio(t)
	missing := s.sandbox.URL("luma") + "/no-picture.jpg?signature=secret"
	failure := conformance.WantFailure(t, s.run(t, "luma/image", map[string]any{"prompt": "a paper fox", "image_ref": []any{map[string]any{"image": missing}}}))
	if failure.Kind != providers.InvalidInput || !failure.Ended {
		t.Errorf("got %+v", *failure)
	}
	if strings.Contains(failure.Error(), "secret") {
		t.Errorf("the failure shows the link's signature: %v", failure)
	}
}

func TestWhatWasPaidIsKeptWhenTheBatchStops(t *testing.T) {
	s := newStudio(t, "luma POST /generations/image: status 402 x1 after2")
	failure := conformance.WantFailure(t, s.run(t, "luma/image", map[string]any{"prompt": "a paper fox", "count": 5}))
	if failure.Kind != providers.NoCredit || failure.Money != providers.Spent || !strings.Contains(failure.Message.String(), "2 of 5") {
		t.Errorf("got %+v", *failure)
	}
	if len(s.steps.Kept()) != 2 {
		t.Errorf("%d images were kept, want the 2 that were paid", len(s.steps.Kept()))
	}
	if err := s.run(t, "luma/image", map[string]any{"prompt": "a paper fox", "count": 5}); err != nil {
		t.Fatalf("the rest failed: %v", err)
	}
	s.wantPaid(t, 5)
	if len(s.steps.Kept()) != 5 {
		t.Errorf("%d images were kept, want 5", len(s.steps.Kept()))
	}
}

func TestOneImageThatCannotBeHadDoesNotKeepTheOthersBack(t *testing.T) {
	s := newStudio(t, "assets: status 500 x3")
	failure := conformance.WantFailure(t, s.run(t, "luma/image", map[string]any{"prompt": "a paper fox", "count": 3}))
	if failure.Kind != providers.BadResult || failure.Ended || !strings.Contains(failure.Message.String(), "1 of 3 pictures failed, 2 were kept") {
		t.Errorf("got %+v", *failure)
	}
	if err := s.run(t, "luma/image", map[string]any{"prompt": "a paper fox", "count": 3}); err != nil {
		t.Fatalf("going on failed: %v", err)
	}
	s.wantPaid(t, 3)
	if len(s.steps.Kept()) != 3 {
		t.Errorf("%d images were kept, want 3", len(s.steps.Kept()))
	}
}

func TestABatchThatLumaRefusesSaysHowMany(t *testing.T) {
	s := newStudio(t)
	failure := conformance.WantFailure(t, s.run(t, "luma/image", map[string]any{"prompt": "something forbidden", "count": 2}))
	if !failure.Ended || failure.Money != providers.Refunded || !strings.Contains(failure.Message.String(), "2 of 2 pictures failed") {
		t.Errorf("got %+v", *failure)
	}
}

func TestAWrongKeyIsAPlainFailure(t *testing.T) {
	s := newStudio(t)
	s.conn.Key = "wrong"
	failure := conformance.WantFailure(t, s.run(t, "luma/image", map[string]any{"prompt": "a paper fox"}))
	if failure.Kind != providers.BadKey || failure.Outcome != providers.Refused {
		t.Errorf("got %+v", *failure)
	}
	if words, err := luma.Service().CheckKey(t.Context(), s.conn); err == nil {
		t.Errorf("a wrong key was accepted: %s", words)
	}
}

func TestTheKeysCheckTellsTheBalance(t *testing.T) {
	words, err := luma.Service().CheckKey(t.Context(), newStudio(t).conn)
	if err != nil || words.String() != "Key accepted. Balance: $100.00" {
		t.Errorf("CheckKey said %q, %v", words, err)
	}
}

func TestADeletedGenerationIsGone(t *testing.T) {
	s := newStudio(t)
	if err := s.run(t, "luma/image", map[string]any{"prompt": "a paper fox"}); err != nil {
		t.Fatal(err)
	}
	id := map[string]any{"id": s.steps.Receipts()["create/1"].ID}
	for _, call := range []string{"luma/generation", "luma/delete"} {
		if _, err := conformance.Ask(t.Context(), t, luma.Service(), call, id, s.conn); err != nil {
			t.Fatalf("%s: %v", call, err)
		}
	}
	_, err := conformance.Ask(t.Context(), t, luma.Service(), "luma/generation", id, s.conn)
	if failure := conformance.WantFailure(t, err); failure.Kind != providers.NotFound {
		t.Errorf("a deleted generation: %v", failure)
	}
}

func TestAnIDThatLeadsElsewhereIsRefused(t *testing.T) {
	s := newStudio(t)
	_, err := conformance.Ask(t.Context(), t, luma.Service(), "luma/generation", map[string]any{"id": "../credits"}, s.conn)
	if failure := conformance.WantFailure(t, err); failure.Kind != providers.InvalidInput || failure.Outcome != providers.NotSent {
		t.Errorf("got %+v", *failure)
	}
}
