// A trained model's fresh link, and models that are gone.

package dreamlook_test

import (
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/dreamlook"
)

func TestAFreshLinkToAModel(t *testing.T) {
	model := providers.Model{RemoteID: "ckp_12ed2b03", RemoteJob: "db_1ccb410f", Title: "mine", Base: "stable-diffusion-v1-5"}
	expires := time.Date(2023, 6, 7, 14, 1, 16, 0, time.UTC)
	for _, route := range []string{"GET /jobs/dreambooth/db_1ccb410f", "GET /jobs/dreambooth-image-gen/db_1ccb410f", "GET /jobs/dreambooth_image_gen/db_1ccb410f"} {
		_, conn := serve(t, map[string][]string{route: {answerOf(t, "job")}})
		fresh, err := dreamlook.Service().ModelLink(t.Context(), conn, model)
		if err != nil || !strings.Contains(fresh.URL, "ckp_12ed2b03.safetensors?X-Goog") || !fresh.Expires.Equal(expires) || fresh.Title != "mine" {
			t.Errorf("%s: %+v, %v", route, fresh, err)
		}
	}
}

func TestAModelThatIsGone(t *testing.T) {
	deleted := strings.ReplaceAll(answerOf(t, "job"), `"is_available": true`, `"is_available": false`)
	for _, row := range []struct {
		name   string
		model  providers.Model
		answer string
	}{
		{"deleted", providers.Model{RemoteID: "ckp_12ed2b03", RemoteJob: "db_1"}, deleted},
		{"not listed", providers.Model{RemoteID: "ckp_other", RemoteJob: "db_1"}, answerOf(t, "job")},
		{"of an unknown training", providers.Model{RemoteID: "ckp_12ed2b03", RemoteJob: "db_2"}, deleted},
		{"without a training", providers.Model{RemoteID: "ckp_12ed2b03"}, deleted},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, conn := serve(t, map[string][]string{"GET /jobs/dreambooth/db_1": {row.answer}})
			_, err := dreamlook.Service().ModelLink(t.Context(), conn, row.model)
			if f := conformance.WantFailure(t, err); f.Kind != providers.NotFound || f.Message.IsZero() || f.Advice.IsZero() {
				t.Errorf("got %+v", f)
			}
		})
	}
}
