// Where a signed link ends when it doesn't end at its result.

package app_test

import (
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/assets"
	"github.com/maquette-studio/maquette/providers"
)

// refusing answers as stores do.
func refusing(code int, body string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(code)
		_, _ = io.WriteString(w, "<?xml version='1.0' encoding='UTF-8'?><Error><Code>"+body+"</Code><Message>See https://store.example/?X-Amz-Signature=shown</Message></Error>")
	}
}

// linkEnds are ends at which there is no result, for now.
func linkEnds() map[string]func(http.ResponseWriter) {
	page := "<!DOCTYPE html><html><title>Sign in</title><body>X-Amz-Signature=shown</body></html>"
	return map[string]func(http.ResponseWriter){
		"expired, as Google says it": refusing(400, "ExpiredToken"),
		"expired, as Amazon says it": refusing(403, "AccessDenied"),
		"gone":                       refusing(404, "NoSuchKey"),
		"a page":                     content(page),
		"a page that says it is JPEG": func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "image/jpeg")
			_, _ = io.WriteString(w, page)
		},
		"nothing":              content(""),
		"shorter than it says": short("half of it"),
		"JSON":                 content(`{"error":"expired"}`),
	}
}

// madeAnywhere are orders of everything that ends in a link, by the variable
// that its service's address is in.
func madeAnywhere(t *testing.T, studio *app.Studio) map[string][]jobs.Order {
	t.Helper()
	trained := run(t, studio, briaTraining(t, studio))
	wantState(t, trained, providers.Done)
	bria := func(task string, more map[string]any) jobs.Order {
		values := map[string]any{"model_id": trained.Models[0], "prompt": "a fox", "num_results": 1}
		maps.Copy(values, more)
		return jobs.Order{Task: task, Values: values}
	}
	both := training(t, studio)
	both.Task, both.Values["image_gen"] = "dreamlook/dreambooth_image_gen", []map[string]any{{"prompt": "a fox", "num_samples": 1}}
	return map[string][]jobs.Order{
		"MAQUETTE_LUMA_URL":      {fox(), reframing(t, studio)},
		"MAQUETTE_DREAMLOOK_URL": {{Task: "dreamlook/image_gen", Values: map[string]any{"prompt": "a fox", "num_samples": 1}}, training(t, studio), both},
		"MAQUETTE_BRIA_URL": {
			bria("bria/text-to-image", nil), bria("bria/text-to-vector", nil),
			bria("bria/reimagine", map[string]any{"structure_image_file": photos(t, studio, 1)[0].Ref()}),
		},
		"MAQUETTE_BUCKET_ENDPOINT": {portrait(t, studio)},
	}
}

// betweenAll opens a studio whose services and bucket are all stood before, and
// runs do for each, with what is made there.
func betweenAll(t *testing.T, do func(t *testing.T, w *world, studio *app.Studio, b *between, orders []jobs.Order)) {
	t.Helper()
	w := newWorld(t)
	all := map[string]*between{}
	for _, variable := range []string{"MAQUETTE_LUMA_URL", "MAQUETTE_DREAMLOOK_URL", "MAQUETTE_BRIA_URL", "MAQUETTE_BUCKET_ENDPOINT"} {
		all[variable] = w.insteadOf(variable, nil)
	}
	studio, _ := w.open()
	for variable, orders := range madeAnywhere(t, studio) {
		t.Run(variable, func(t *testing.T) {
			t.Parallel()
			do(t, w, studio, all[variable], orders)
		})
	}
}

// Every service's job goes on until the result is there, paid once, and says
// nothing of what a link was signed with.
func TestALinkThatEndsElsewhereIsFollowedAgain(t *testing.T) {
	t.Parallel()
	betweenAll(t, func(t *testing.T, w *world, studio *app.Studio, b *between, orders []jobs.Order) {
		for name, end := range linkEnds() {
			for i, order := range orders {
				if i > 0 && !strings.HasPrefix(name, "expired") {
					continue // a service's tasks fetch alike
				}
				b.serve(end, end, nil)
				service, _, _ := strings.Cut(order.Task, "/")
				paid := w.Submissions(service)
				job := run(t, studio, order)
				if job.State != providers.Done || len(job.Images)+len(job.Models) == 0 || w.Submissions(service) != paid+1 {
					t.Errorf("%s, %s: %s, paid %d times, made %v and %v: %+v", order.Task, name, job.State, w.Submissions(service)-paid, job.Images, job.Models, job.Error)
				}
				for _, id := range job.Images {
					if p, _ := studio.Library.Picture(id); !p.Unreadable.IsZero() || !p.Damaged.IsZero() {
						t.Errorf("%s, %s: kept is %+v", order.Task, name, p)
					}
				}
				for _, id := range job.Models {
					if m, _ := studio.Models.Model(id); m.Downloadable() && m.File == "" {
						t.Errorf("%s, %s: the model is not here", order.Task, name)
					}
				}
				if told := job.Note.String(); strings.Contains(told, "shown") || b.fetches() < 3 {
					t.Errorf("%s, %s: says %q after %d fetches", order.Task, name, told, b.fetches())
				}
			}
		}
	})
}

// A picture of another kind than was ordered is kept as it came.
func TestAPictureOfAnotherKindIsKept(t *testing.T) {
	t.Parallel()
	kinds := map[string]string{
		"graphic": "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'><rect width='8' height='8'/></svg>",
		"jpeg":    string(assets.Samples(1)[0].JPEG),
		"avif":    "\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf",
		"pdf":     "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
	}
	betweenAll(t, func(t *testing.T, _ *world, studio *app.Studio, b *between, orders []jobs.Order) {
		for kind, body := range kinds {
			for _, order := range orders {
				if len(order.Photos) > 0 {
					continue // its model would have to come too
				}
				b.serve(content(body))
				job := run(t, studio, order)
				if job.State != providers.Done || len(job.Images) != 1 {
					t.Errorf("%s, %s: %s, %+v", order.Task, kind, job.State, job.Error)
					continue
				}
				wantKept(t, studio, job, body)
			}
		}
	})
}
