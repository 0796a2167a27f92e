// What comes in from services has lost what can't be shown; that must cost
// nobody a second payment.

package app_test

import (
	"testing"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
)

func TestALostRequestIsFoundWhateverItsTextHolds(t *testing.T) {
	t.Parallel()
	const odd = "a paper\u202e fox\u009b\a by the\u2066 sea\r\n\x7f"
	for service, order := range map[string]jobs.Order{
		"luma":      {Task: "luma/image", Values: map[string]any{"prompt": odd}},
		"dreamlook": {Task: "dreamlook/image_gen", Values: map[string]any{"prompt": odd, "num_samples": 1}},
	} {
		t.Run(service, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, service+" POST: lost x1")
			studio, _ := w.open()
			wantState(t, run(t, studio, order), providers.Done)
			if n := w.Submissions(service); n != 1 {
				t.Errorf("%d requests were accepted", n)
			}
		})
	}
}
