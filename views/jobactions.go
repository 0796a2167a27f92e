// What a person can do to a job.

package views

import (
	"context"
	"errors"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/app/money"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// jobActions are the buttons of a job, and what came of pressing one.
type jobActions struct {
	widget.BaseWidget

	desk
	job    jobs.Job
	busy   bool
	follow func(id string)

	cancel, retry, again, remove *widget.Button
	cost                         *kit.MutedText
	failure                      *failureCard
	content                      fyne.CanvasObject
}

func newJobActions(w desk, host jobsHost, follow func(id string)) *jobActions {
	a := &jobActions{desk: w, follow: follow}
	a.cancel = widget.NewButtonWithIcon(lang.L("Cancel…"), theme.CancelIcon(), a.askCancel)
	a.retry = widget.NewButtonWithIcon(lang.L("Retry"), theme.ViewRefreshIcon(), a.askRetry)
	a.again = widget.NewButtonWithIcon(useSettings(), theme.DocumentCreateIcon(), func() { host.fill(a.job.Task, a.job.Values) })
	a.remove = widget.NewButtonWithIcon(lang.L("Delete at the service…"), theme.DeleteIcon(), a.askDelete)
	a.cost = kit.NewMutedText("")
	a.failure = newFailureCard(w, host)
	a.content = container.NewVBox(container.NewHBox(a.cancel, a.retry, a.again, a.remove), a.cost, a.failure)
	a.ExtendBaseWidget(a)
	return a
}

// Parts are what it is made of.
func (a *jobActions) Parts() fyne.CanvasObject { return a.content }

// CreateRenderer shows the buttons in a row.
func (a *jobActions) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(a.content) }

// show offers what can be done in the job's state.
func (a *jobActions) show(job jobs.Job) {
	a.job = job
	retriable := job.State == providers.Failed || job.State == providers.Cancelled
	kit.SetVisible(!job.State.Ended(), a.cancel)
	kit.SetVisible(retriable, a.retry, a.cost)
	kit.SetVisible(a.studio.Jobs.DeletableThere(job), a.remove)
	a.retry.SetText(lang.L("Retry"))
	if !job.Resumable() {
		a.retry.SetText(lang.L("Run again…"))
	}
	a.cost.SetText(a.retryCost(job))
	a.Refresh()
}

// forget takes away what an action on another job said.
func (a *jobActions) forget() { a.failure.SetFailure(nil, "", nil) }

// useSettings is what the button is called that fills the form with what a job
// was given; nothing is sent by it.
func useSettings() string { return lang.L("Use these settings") }

// retryCost says beforehand what Retry, or Run again, costs.
func (a *jobActions) retryCost(job jobs.Job) string {
	switch {
	case job.Resumable() && job.Paid:
		return lang.L("Retry goes on with the request that was paid already; nothing is paid again.")
	case job.Resumable():
		return lang.L("Retry goes on where the job stopped; it has not been paid yet.")
	}
	cost := lang.L("The service's own job is over: Run again makes a new request, which is paid anew.")
	if task, _, ok := a.studio.Services().Task(job.Task); ok {
		if usd, known := a.studio.Prices.Estimate(task, job.Values); known {
			cost = kit.Sentences(cost, fmt.Sprintf(lang.L("About %s, an estimate"), money.Dollars(usd)))
		}
	}
	return cost
}

func (a *jobActions) askCancel() {
	job := a.job
	kit.Confirm(a.window, kit.Question{
		Title: lang.L("Cancel this job?"), Text: say(a.studio.Jobs.CancelConsequence(job)),
		Yes: lang.L("Cancel the job"), No: lang.L("Keep it"),
	}, func() {
		a.do(func(context.Context) (jobs.Job, error) { return job, a.studio.Jobs.Cancel(job.ID) })
	})
}

// askRetry asks only where a retry costs something.
func (a *jobActions) askRetry() {
	if a.job.Resumable() {
		a.doRetry(a.job.ID)
		return
	}
	id := a.job.ID
	kit.Confirm(a.window, kit.Question{
		Title: lang.L("Pay for a new request?"), Text: a.retryCost(a.job),
		Yes: lang.L("Run again and pay"), No: lang.L("Leave it"),
	}, func() { a.doRetry(id) })
}

func (a *jobActions) doRetry(id string) {
	a.do(func(ctx context.Context) (jobs.Job, error) {
		job, problems, err := a.studio.Jobs.Retry(ctx, id)
		return job, errors.Join(err, problemsError(problems))
	})
}

// askDelete says first what is lost and what stays.
func (a *jobActions) askDelete() {
	job := a.job
	_, service, _ := a.studio.Services().Task(job.Task)
	text := fmt.Sprintf(lang.L("%s deletes for good what this job made there. There are no pictures of it in your gallery."), service.Title)
	kept := 0
	for _, id := range job.Images {
		if picture, here := a.studio.Library.Picture(id); here && picture.Trashed.IsZero() {
			kept++
		}
	}
	switch kept {
	case 0:
	case 1:
		text = fmt.Sprintf(lang.L("%s deletes for good what this job made there. The picture in your gallery stays."), service.Title)
	default:
		text = fmt.Sprintf(lang.L("%s deletes for good what this job made there. The %d pictures in your gallery stay."), service.Title, kept)
	}
	kit.Confirm(a.window, kit.Question{
		Title: fmt.Sprintf(lang.L("Delete at %s?"), service.Title), Text: text, Yes: lang.L("Delete there"), No: lang.L("Keep it"),
	}, func() {
		a.do(func(ctx context.Context) (jobs.Job, error) { return job, a.studio.Jobs.DeleteThere(ctx, job.ID) })
	})
}

// resolve answers a job that needs the person; atField is told why an input of
// the answer was refused.
func (a *jobActions) resolve(id string, how jobs.Resolution, atField func(*providers.Failure)) {
	a.run(func(context.Context) (jobs.Job, error) { return a.studio.Jobs.Resolve(id, how) }, func(err error) {
		if refused, ok := errors.AsType[*providers.Failure](err); ok && refused.Field != "" {
			atField(refused)
			return
		}
		a.fail(err)
	})
}

func (a *jobActions) do(action func(context.Context) (jobs.Job, error)) { a.run(action, a.fail) }

// fail shows why an action wasn't done.
func (a *jobActions) fail(err error) { a.failure.SetFailure(err, serviceOf(a.job.Task), nil) }

// run runs an action in a worker, one at a time, and shows the job it was about
// or made.
func (a *jobActions) run(action func(context.Context) (jobs.Job, error), fail func(error)) {
	if a.busy {
		return
	}
	a.busy = true
	a.forget()
	type outcome struct {
		job jobs.Job
		err error
	}
	kit.Do(a.work, func(ctx context.Context) outcome {
		job, err := action(ctx)
		return outcome{job, err}
	}, func(o outcome) {
		a.busy = false
		if o.err != nil {
			fail(o.err)
			return
		}
		a.follow(o.job.ID)
	})
}

// problemsError is what keeps a job from being made again; nil when nothing does.
func problemsError(problems []providers.Problem) error {
	if len(problems) == 0 {
		return nil
	}
	lines := make([]string, len(problems))
	for i, p := range problems {
		lines[i] = say(p.Sentence())
	}
	return &providers.Failure{
		Kind: providers.InvalidInput, Message: providers.Plain(kit.Parted(lines...)), Money: providers.NotSpent,
		Advice: providers.Say("Choose “Use these settings” to change it in the form."),
	}
}
