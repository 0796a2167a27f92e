package views

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
	"github.com/maquette-studio/maquette/views/kit"
)

var foxOrder = jobs.Order{
	Task: "dreamlook/image_gen", Values: map[string]any{"prompt": "a fox", "num_samples": 1, "base_model": "stable-diffusion-v1-5"},
}

// startJob starts an order of raw values.
func startJob(t *testing.T, studio *app.Studio, order jobs.Order) jobs.Job {
	t.Helper()
	parsed := jobs.NewOrder(studio.Services(), order.Task, order.Values)
	parsed.Photos, parsed.Consent = order.Photos, order.Consent
	job, problems, err := studio.Jobs.Start(t.Context(), parsed)
	if err != nil || len(problems) > 0 {
		t.Fatalf("starting: %v, %v", problems, err)
	}
	return job
}

// openJobs opens a demo window at the Jobs tab.
func openJobs(t *testing.T) (*viewtest.UI, *Window) {
	t.Helper()
	ui, w := openDemo(t)
	w.Resize(fyne.NewSize(1100, 760))
	w.tabs.SelectIndex(tabJobs)
	return ui, w
}

// dialogOf is what lies over the window.
func dialogOf(t *testing.T, w *Window) fyne.CanvasObject {
	t.Helper()
	top := w.Canvas().Overlays().Top()
	if top == nil {
		t.Fatal("nothing is asked")
	}
	return top
}

func TestWithoutJobsTheTabSaysWhereTheyComeFrom(t *testing.T) {
	_, w := openJobs(t)
	if !viewtest.Says(w.jobs.content, "Nothing here yet.") {
		t.Errorf("the texts are %q", viewtest.LabelTexts(w.jobs.content))
	}
	viewtest.TapButton(t, w.jobs.content, "Train a model")
	if w.tabs.SelectedIndex() != tabTrain {
		t.Error("Train isn't shown")
	}
}

func TestAJobIsListedWithItsStateAndItsResults(t *testing.T) {
	ui, w := openJobs(t)
	job := startJob(t, w.studio, foxOrder)
	ui.Until("the number of live jobs on the tab", func() bool { return w.tabs.Items[tabJobs].Text == "Jobs (1)" })
	ui.Until("the job to be done", func() bool { return viewtest.Says(w.jobs.list, "Done") })
	ui.Until("the number to go", func() bool { return w.tabs.Items[tabJobs].Text == "Jobs" })
	if !viewtest.Says(w.jobs.list, "dreamlook.ai · Generate with Stable Diffusion") || !viewtest.Says(w.jobs.list, "1 picture · paid") {
		t.Errorf("the row says %q", viewtest.LabelTexts(w.jobs.list))
	}
	w.showJob(job.ID)
	ui.Until("the job's values", func() bool { return viewtest.Says(w.jobs.details, "a fox") })
	if got := len(w.jobs.details.pictures.Items()); got != 1 {
		t.Errorf("%d pictures are shown", got)
	}
	if !viewtest.Says(w.jobs.details, "yes, the request was accepted") {
		t.Errorf("the details are %q", viewtest.LabelTexts(w.jobs.details))
	}
}

func TestTheListIsFiltered(t *testing.T) {
	ui, w := openJobs(t)
	startJob(t, w.studio, foxOrder)
	ui.Until("the job to be done", func() bool { return viewtest.Says(w.jobs.list, "Done") })
	for name, count := range map[string]int{"All": 1, "Running": 0, "Needs you": 0, "Failed": 0} {
		w.jobs.choice.SetSelected(name)
		if len(w.jobs.shown) != count {
			t.Errorf("%s lists %d jobs", name, len(w.jobs.shown))
		}
	}
	if !viewtest.Says(w.jobs.content, "No job like that.") && len(w.jobs.shown) == 0 {
		t.Error("an empty list says nothing")
	}
}

func TestCancellingSaysBeforehandWhatItDoes(t *testing.T) {
	ui, w := openStudio(t, app.Config{Dir: t.TempDir(), Demo: true, SandboxPace: 50, Tempo: 0.05})
	w.Resize(fyne.NewSize(1100, 760))
	job := startJob(t, w.studio, foxOrder)
	w.showJob(job.ID)
	ui.Until("the request to be accepted", func() bool { return w.jobs.details.job.Paid })
	viewtest.TapButton(t, w.jobs.details, "Cancel…")
	current, _ := w.studio.Jobs.Job(job.ID)
	if asked := dialogOf(t, w); !viewtest.Says(asked, say(w.studio.Jobs.CancelConsequence(current))) {
		t.Errorf("it is asked %q", viewtest.LabelTexts(asked))
	}
	viewtest.TapPanelButton(t, dialogOf(t, w), "Cancel the job")
	ui.Until("the job to be cancelled", func() bool { return viewtest.Says(w.jobs.details, "Cancelled") })
	if !viewtest.Says(w.jobs.details, "nothing is paid again") {
		t.Errorf("of a retry it says %q", viewtest.LabelTexts(w.jobs.details))
	}
}

func TestEscapeKeepsTheJob(t *testing.T) {
	ui, w := openStudio(t, app.Config{Dir: t.TempDir(), Demo: true, SandboxPace: 50, Tempo: 0.05})
	w.Resize(fyne.NewSize(1100, 760))
	job := startJob(t, w.studio, foxOrder)
	w.showJob(job.ID)
	ui.Until("the job to be shown", func() bool { return slices.Contains(viewtest.ButtonTexts(w.jobs.details), "Cancel…") })
	viewtest.TapButton(t, w.jobs.details, "Cancel…")
	w.Canvas().Focused().TypedKey(viewtest.Key(fyne.KeyEscape))
	if w.Canvas().Overlays().Top() != nil {
		t.Error("the question stays")
	}
	if kept, _ := w.studio.Jobs.Job(job.ID); kept.State.Ended() {
		t.Errorf("the job is %s", kept.State)
	}
}

// openUnanswered opens a window whose only job needs the person: its answer was
// lost, and two requests at the service could be it.
func openUnanswered(t *testing.T) (*viewtest.UI, *Window, jobs.Job) {
	t.Helper()
	service, config := viewtest.Sandboxed(t)
	elsewhere, err := app.Open(config())
	if err != nil {
		t.Fatal(err)
	}
	startAndWait(t, elsewhere)
	if err := elsewhere.Close(); err != nil {
		t.Fatal(err)
	}
	if err := service.AddFault("dreamlook POST /image_gen: lost x1"); err != nil {
		t.Fatal(err)
	}
	ui, w := openStudio(t, config())
	w.Resize(fyne.NewSize(1100, 900))
	job := startAndWait(t, w.studio)
	if job.State != providers.NeedsYou {
		t.Fatalf("the job is %s: %+v", job.State, job.Error)
	}
	w.showJob(job.ID)
	ui.Until("the question", func() bool { return viewtest.Says(w.jobs.details, "no answer came") })
	return ui, w, job
}

func startAndWait(t *testing.T, studio *app.Studio) jobs.Job {
	t.Helper()
	job, err := studio.Jobs.Wait(t.Context(), startJob(t, studio, foxOrder).ID)
	if err != nil {
		t.Fatal(err)
	}
	return job
}

func TestAJobThatNeedsThePersonOffersEveryAnswer(t *testing.T) {
	ui, w, job := openUnanswered(t)
	for _, wanted := range []string{"It has this id", "Ask the service again", "It is not there: send again…", "Give up…"} {
		if !slices.Contains(viewtest.ButtonTexts(w.jobs.details), wanted) {
			t.Errorf("%q isn't among %q", wanted, viewtest.ButtonTexts(w.jobs.details))
		}
	}
	if w.tabs.Items[tabJobs].Text != "Jobs (1)" {
		t.Errorf("the tab is called %q", w.tabs.Items[tabJobs].Text)
	}
	offered := viewtest.Find[*widget.Button](w.jobs.details.question.candidates)
	if len(offered) != 2 || !strings.Contains(offered[0].Text, job.Ask.Candidates[0].ID) {
		t.Fatalf("the candidates are %v", offered)
	}
	test.Tap(offered[0])
	ui.Until("the adopted job to be done", func() bool {
		now, _ := w.studio.Jobs.Job(job.ID)
		return now.State == providers.Done && !w.jobs.details.question.Visible()
	})
}

func TestAnIDThatCannotBeTheRequestsIsRefusedAtItsField(t *testing.T) {
	ui, w, job := openUnanswered(t)
	question := w.jobs.details.question
	question.id.SetText("luma:another service's")
	viewtest.TapButton(t, w.jobs.details, "It has this id")
	ui.Until("the reason at the field", func() bool { return question.problem.Visible() && question.problem.Text() != "" })
	if w.jobs.details.actions.failure.Visible() {
		t.Error("it is told a second time, away from the field")
	}
	if now, _ := w.studio.Jobs.Job(job.ID); now.State != providers.NeedsYou {
		t.Errorf("the job went on: %s", now.State)
	}
	question.id.SetText("sd_1")
	if question.problem.Visible() {
		t.Error("the reason stays with another id")
	}
}

func TestSendingAgainWarnsThatItMayPayTwice(t *testing.T) {
	ui, w, job := openUnanswered(t)
	viewtest.TapButton(t, w.jobs.details, "It is not there: send again…")
	if !viewtest.Says(dialogOf(t, w), "you pay twice") {
		t.Errorf("it is asked %q", viewtest.LabelTexts(dialogOf(t, w)))
	}
	viewtest.TapPanelButton(t, dialogOf(t, w), "Look first")
	if now, _ := w.studio.Jobs.Job(job.ID); now.State != providers.NeedsYou {
		t.Errorf("without a yes the job went on: %s", now.State)
	}
	viewtest.TapButton(t, w.jobs.details, "Give up…")
	viewtest.TapPanelButton(t, dialogOf(t, w), "Give up")
	ui.Until("the failure with what is known of the money", func() bool {
		return viewtest.Says(w.jobs.details, "It isn't known whether this was charged.")
	})
}

func TestAPersonMaySendALostRequestAgainBeforeItsTimeIsOver(t *testing.T) {
	service, config := viewtest.Sandboxed(t)
	if err := service.AddFault("dreamlook POST /image_gen: status 504 x1"); err != nil {
		t.Fatal(err)
	}
	cfg := config()
	cfg.Lateness = 1
	ui, w := openStudio(t, cfg)
	job := startJob(t, w.studio, foxOrder)
	w.showJob(job.ID)
	ui.Until("what is looked for", func() bool { return viewtest.Says(w.jobs.details.question, "it is looked for until") })
	if viewtest.Says(w.jobs.details.question, "Ask the service again") {
		t.Error("it can be asked again although it is asked all the time")
	}
	viewtest.TapButton(t, w.jobs.details, "It is not there: send again…")
	viewtest.TapPanelButton(t, dialogOf(t, w), "Send again")
	ui.Until("the job to be done", func() bool {
		now, _ := w.studio.Jobs.Job(job.ID)
		return now.State == providers.Done && !w.jobs.details.question.Visible()
	})
	if paid := service.Submissions("dreamlook"); paid != 1 {
		t.Errorf("%d requests were accepted", paid)
	}
}

func TestThatALostRequestIsLookedForIsShownHoweverLateItIsTold(t *testing.T) {
	_, w := openDemo(t)
	job := jobs.Job{ID: "j1", Task: "dreamlook/image_gen", State: providers.Submitting}
	w.jobs.details.show(job)
	job.Looking = &jobs.Looking{Step: "create", Sent: time.Now(), Until: time.Now().Add(time.Minute)}
	w.jobs.details.update(job)
	if !viewtest.Says(w.jobs.details.question, "it is looked for until") {
		t.Error("nothing is said of a request that is looked for")
	}
}

func TestTimeLeftIsSaidInWords(t *testing.T) {
	for left, words := range map[time.Duration]string{
		20 * time.Second: "less than a minute left", 11*time.Minute + time.Second: "about 12 min left", 3 * time.Hour: "about 3 h left",
	} {
		job := jobs.Job{State: providers.Running, Status: providers.Status{Fraction: 0.43, Left: left}}
		if got := stateWords(job); got != "43 % · "+words {
			t.Errorf("%v is said as %q", left, got)
		}
	}
}

func TestAWaitingJobSaysWhatForAndSinceWhen(t *testing.T) {
	ui, w := openJobs(t)
	since := time.Now().Add(-2 * time.Hour)
	job := startJob(t, w.studio, foxOrder)
	ui.Until("the job to be done", func() bool { return viewtest.Says(w.jobs.list, "Done") })
	job, _ = w.studio.Jobs.Job(job.ID)
	for lacks, words := range map[providers.FailureKind]string{
		providers.NoNetwork: "Waiting for the connection", providers.RateLimited: "Waiting for its turn",
		providers.ServiceTrouble: "Waiting for the service", "": "Queued at the service",
	} {
		job.State = providers.Waiting
		job.Status = providers.Status{State: providers.Waiting, Fraction: -1, Note: providers.Say("No answer came"), Lacks: lacks}
		if lacks != "" {
			job.Status.Since = since
		}
		row := newJobRow(w.loader)
		row.show(w.studio, job)
		about := "No answer came"
		if lacks != "" {
			about = "Since " + kit.Moment(since, time.Now()) + ": No answer came"
		}
		if !viewtest.Says(row, words) || !viewtest.Says(row, about) {
			t.Errorf("the row says %q", viewtest.LabelTexts(row))
		}
	}
}

func TestARetrySaysWhetherItIsPaidAnew(t *testing.T) {
	_, w := openBare(t)
	rows := []struct {
		job    jobs.Job
		says   string
		button string
	}{
		{jobs.Job{State: providers.Failed, Paid: true, Error: &providers.Failure{}}, "nothing is paid again", "Retry"},
		{jobs.Job{State: providers.Failed, Error: &providers.Failure{}}, "not been paid yet", "Retry"},
		{jobs.Job{State: providers.Failed, Paid: true, Error: &providers.Failure{Ended: true}}, "paid anew. About $0.015, an estimate.", "Run again…"},
	}
	for _, row := range rows {
		row.job.Task, row.job.Values = "luma/image", providers.Values{"prompt": "a fox", "model": "photon-1", "count": int64(1)}
		a := w.jobs.details.actions
		a.show(row.job)
		if got := viewtest.ButtonTexts(a); !viewtest.Says(a, row.says) || !viewtest.ContainsAll(got, []string{row.button, "Use these settings"}) {
			t.Errorf("%+v: %q with the buttons %q", row.job, viewtest.LabelTexts(a), got)
		}
	}
}

func TestWhatAJobMadeIsDeletedAtItsServiceOnceConfirmed(t *testing.T) {
	ui, w := openJobs(t)
	job := startJob(t, w.studio, jobs.Order{Task: "luma/image", Values: map[string]any{"prompt": "a fox", "count": 2}})
	ui.Until("the job to be done", func() bool { return viewtest.Says(w.jobs.list, "Done") })
	w.showJob(job.ID)
	viewtest.TapButton(t, w.jobs.details, "Delete at the service…")
	if asked := dialogOf(t, w); !viewtest.Says(asked, "The 2 pictures in your gallery stay.") {
		t.Errorf("it is asked %q", viewtest.LabelTexts(asked))
	}
	viewtest.TapPanelButton(t, dialogOf(t, w), "Delete there")
	ui.Until("that it is deleted", func() bool { return viewtest.Says(w.jobs.details, "Deleted there") })
	if slices.Contains(viewtest.ButtonTexts(w.jobs.details), "Delete at the service…") {
		t.Error("it can be deleted twice")
	}
}
