// Jobs that only a service knows: which are offered, and what is known of them
// once they are brought in.

package app_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
)

// behind puts a proxy in front of a world's service, which changes its answers.
func (w *world) behind(variable string, change func(header http.Header, body string) string) {
	w.t.Helper()
	target, err := url.Parse(w.env[variable])
	noError(w.t, err)
	proxy := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) },
		ModifyResponse: func(r *http.Response) error {
			body, err := io.ReadAll(r.Body)
			changed := change(r.Header, string(body))
			r.Body = io.NopCloser(strings.NewReader(changed))
			r.Header.Set("Content-Length", strconv.Itoa(len(changed)))
			return err
		},
	})
	w.t.Cleanup(proxy.Close)
	w.env[variable] = proxy.URL
}

// elsewhere is another computer that uses the same services.
func (w *world) elsewhere() *world {
	env := map[string]string{}
	for name, value := range w.env {
		env[name] = value
	}
	return &world{Sandbox: w.Sandbox, t: w.t, dir: w.t.TempDir(), env: env}
}

func strangers(t *testing.T, studio *app.Studio, service string) []string {
	t.Helper()
	list, err := studio.Unclaimed(t.Context(), service)
	noError(t, err)
	ids := make([]string, len(list))
	for i, remote := range list {
		ids[i] = remote.ID
	}
	return ids
}

func TestWhatIsGoneOrClaimedSinceTheLookIsLeftOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, _ := w.elsewhere().open()
	wantState(t, run(t, other, fox()), providers.Done)
	wantState(t, run(t, other, fox()), providers.Done)

	studio, _ := w.open()
	found := strangers(t, studio, "luma")
	jobs, err := studio.Import(t.Context(), "luma", []string{found[0], "gone", found[0]})
	if err != nil || len(jobs) != 1 || jobs[0].RemoteID != found[0] {
		t.Fatalf("brought in %+v, %v", jobs, err)
	}
	wantState(t, wait(t, studio, jobs[0].ID), providers.Done)
	jobs, err = studio.Import(t.Context(), "luma", found)
	if err != nil || len(jobs) != 1 || jobs[0].RemoteID != found[1] {
		t.Fatalf("then %+v, %v", jobs, err)
	}
	wantState(t, wait(t, studio, jobs[0].ID), providers.Done)
	if paid := w.Submissions("luma"); paid != 2 {
		t.Errorf("%d paid requests", paid)
	}
}

// asking is a studio with a job that waits for a person's decision, none of the
// service's jobs being offered for it.
func asking(t *testing.T, w *world) (*app.Studio, func(), jobs.Job) {
	t.Helper()
	other, _ := w.elsewhere().open()
	wantState(t, run(t, other, fox()), providers.Done)
	studio, closing := w.open()
	if _, err := studio.Import(t.Context(), "luma", strangers(t, studio, "luma")); err != nil {
		t.Fatal(err)
	}
	noError(t, w.AddFault("luma POST /generations: status 500 x1"))
	job := run(t, studio, fox())
	wantState(t, job, providers.NeedsYou)
	if len(job.Ask.Candidates) != 0 {
		t.Fatalf("the question is %+v", job.Ask)
	}
	wantState(t, run(t, other, fox()), providers.Done)
	return studio, closing, job
}

func TestWhatMayAnswerAPersonsQuestionIsNoStranger(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	studio, _, job := asking(t, w)
	if found := strangers(t, studio, "luma"); len(found) != 0 {
		t.Errorf("%v is offered while a person is asked whether it is theirs", found)
	}
	if _, err := studio.Jobs.Resolve(job.ID, jobs.Resolution{GiveUp: true}); err != nil {
		t.Fatal(err)
	}
	if found := strangers(t, studio, "luma"); len(found) != 1 {
		t.Errorf("%v is offered once the question is answered", found)
	}
}

// What the service made an hour before our request, by its own clock, isn't ours.
func TestStrangersAreToldByTheServicesClock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, closing, _ := asking(t, w)
	closing()
	w.behind("MAQUETTE_LUMA_URL", func(header http.Header, body string) string {
		header.Set("Date", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat))
		return body
	})
	studio, _ := w.open()
	if found := strangers(t, studio, "luma"); len(found) != 1 {
		t.Errorf("%v is offered", found)
	}
}

// What the service tells is kept as it is; what it doesn't tell is not made up.
func TestABroughtInJobHasTheValuesThatTheServiceTells(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, _ := w.elsewhere().open()
	order := training(t, other)
	order.Task = "dreamlook/dreambooth_image_gen"
	order.Values["image_gen"] = []map[string]any{{"prompt": "a fox", "num_samples": 1}}
	wantState(t, run(t, other, order), providers.Done)

	// As if it had been asked for by another program.
	config := strings.NewReplacer(`"width":512`, `"width":1152`, `"enable_hrf":false`, `"enable_hrf":"perhaps"`,
		`"num_inference_steps":20,`, ``, `"saved_model_format":"original",`, ``)
	w.behind("MAQUETTE_DREAMLOOK_URL", func(_ http.Header, body string) string { return config.Replace(body) })
	studio, _ := w.open()
	jobs, err := studio.Import(t.Context(), "dreamlook", strangers(t, studio, "dreamlook"))
	if err != nil || len(jobs) != 1 {
		t.Fatal(jobs, err)
	}
	values := jobs[0].Values
	if values.Text("instance_prompt") != "photo of a paper fox" || values.Has("saved_model_format") || values.Has("use_captions") {
		t.Errorf("the values are %v", values)
	}
	pictures := values.List("image_gen")
	if len(pictures) != 1 || pictures[0].Text("prompt") != "a fox" || pictures[0].Int("width") != 1152 ||
		pictures[0].Has("enable_hrf") || pictures[0].Has("num_inference_steps") {
		t.Errorf("the pictures' values are %v", pictures)
	}
	job := wait(t, studio, jobs[0].ID)
	wantState(t, job, providers.Done)
	if picture, ok := studio.Library.Picture(job.Images[0]); !ok || picture.Prompt != "a fox" {
		t.Errorf("the picture is %+v", picture)
	}
}
