// What to train: the task, its form, the statement of consent, the button that starts it.

package views

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/form"
	"github.com/maquette-studio/maquette/views/kit"
)

// trainOrder gathers what a training is given, and starts it.
type trainOrder struct {
	desk
	dataset   *datasetPane
	onStarted func(jobs.Job)
	content   fyne.CanvasObject

	tasks []*providers.Task
	task  *providers.Task
	tried bool   // Start was pressed: problems are shown until they are fixed
	about string // id of the dataset that the consent is for

	choice         *widget.Select
	help           *kit.MutedText
	doc            *widget.Hyperlink
	form           *form.Form
	keeper         *form.Keeper
	consent        *kit.ConsentBox
	consentProblem *kit.ProblemLine
	problem        *kit.ProblemLine
	failure        *failureCard
	estimate       *kit.MutedText
	button         *widget.Button
	copyAs         *copyAs
}

func newTrainOrder(w desk, host trainHost, dataset *datasetPane) *trainOrder {
	o := &trainOrder{desk: w, dataset: dataset}
	o.tasks = w.studio.Services().Tasks(providers.Train, providers.TrainAndGenerate)
	o.choice = widget.NewSelect(o.taskTitles(), func(string) { o.chosen() })
	o.help = kit.NewMutedText("")
	o.doc = widget.NewHyperlink(lang.L("The service's own guide"), nil)
	o.form = form.New(w.forms())
	o.form.OnChanged = o.changed
	o.keeper = &form.Keeper{
		Studio: w.studio, Work: w.work.Part(), Tab: trainTabName, Task: func() *providers.Task { return o.task }, Raw: o.form.Raw,
		Failed: func(err error) { o.failure.SetFailure(err, "", nil) },
	}
	o.consent = kit.NewConsentBox(jobs.ConsentStatement, o.agreed)
	o.consentProblem = kit.NewProblemLine()
	o.problem = kit.NewProblemLine()
	o.failure = newFailureCard(w, host)
	o.button = widget.NewButtonWithIcon(lang.L("Start training"), theme.MediaPlayIcon(), o.start)
	o.button.Importance = widget.HighImportance
	o.copyAs = newCopyAs(w, o.order, o.refused)
	o.copyAs.complete = o.withPhotos
	o.estimate = kit.NewMutedText("")
	o.content = o.layOut()
	return o
}

func (o *trainOrder) layOut() fyne.CanvasObject {
	top := container.NewVBox(
		container.NewBorder(nil, nil, kit.Heading(lang.L("Training")), nil, o.choice),
		o.help, container.NewHBox(o.doc),
	)
	scroll := container.NewVScroll(container.New(layout.NewCustomPaddedLayout(0, 8, 0, 12), container.NewVBox(top, o.form.Content)))
	o.form.Scroll = scroll
	bottom := container.New(
		layout.NewCustomPaddedVBoxLayout(4),
		widget.NewSeparator(), o.consent, o.consentProblem, o.failure, o.problem, o.estimate,
		container.NewBorder(nil, nil, nil, o.copyAs.button, o.button),
	)
	return kit.Inset(container.NewBorder(nil, bottom, nil, nil, kit.ScrolledAsOne(scroll)))
}

func (o *trainOrder) taskTitles() []string {
	titles := make([]string, len(o.tasks))
	for i, task := range o.tasks {
		_, service, _ := o.studio.Services().Task(task.ID)
		titles[i] = service.Title + " · " + task.Title
	}
	return titles
}

// begin chooses the task that was used last, with what its form held.
func (o *trainOrder) begin() {
	last := o.studio.Settings.Now().LastTasks[trainTabName]
	at := max(0, slices.IndexFunc(o.tasks, func(t *providers.Task) bool { return t.ID == last }))
	if at < len(o.tasks) {
		o.choice.SetSelectedIndex(at)
	}
	if o.task == nil {
		return
	}
	if values, kept := o.keeper.Kept(o.task); kept {
		o.form.SetValues(values)
		o.changed()
	}
}

// chosen shows the chosen task's form.
func (o *trainOrder) chosen() {
	at := o.choice.SelectedIndex()
	if at < 0 || o.task == o.tasks[at] {
		return
	}
	o.task = o.tasks[at]
	o.help.SetText(o.task.Help)
	if u, err := url.Parse(o.task.Doc); err == nil {
		o.doc.SetURL(u)
	}
	o.form.SetTask(o.task)
	o.forget()
	o.changed()
}

// forget takes away what an earlier try showed.
func (o *trainOrder) forget() {
	o.tried = false
	o.work.Drop(workCheck)
	o.failure.SetFailure(nil, "", nil)
	o.problem.SetText("")
	o.consentProblem.SetText("")
	o.dataset.problem.SetText("")
}

// changed follows the form.
func (o *trainOrder) changed() {
	values, _ := o.form.Values()
	kit.SetVisible(jobs.NeedsConsent(o.task, values), o.consent)
	o.estimate.SetText(estimateWords(o.studio, o.task, values))
	kit.SetVisible(o.estimate.Text() != "", o.estimate)
	o.dataset.follow()
	o.keeper.Note()
	o.recheck()
}

// workCheck is the check of what is shown; a newer one takes its place.
const workCheck = "check"

// recheck follows the fixing of what kept the last try from being sent.
func (o *trainOrder) recheck() {
	if !o.tried {
		return
	}
	studio, order := o.studio, o.order()
	kit.Begin(o.work, workCheck, func(context.Context) []providers.Problem {
		order.Photos = studio.Datasets.Photos()
		_, problems := studio.Jobs.Check(order)
		return problems
	}, func(problems []providers.Problem) {
		o.showProblems(problems, nil)
	})
}

func (o *trainOrder) order() jobs.Order {
	agreed := o.consent.Checked() && o.about == o.studio.Datasets.Current().ID
	order := o.form.Order(o.task.ID)
	order.Consent = agreed
	return order
}

// agreed notes for which photos the statement was given.
func (o *trainOrder) agreed() {
	o.about = o.studio.Datasets.Current().ID
	o.recheck()
}

// onDataset follows the dataset; a statement given for another one is over.
func (o *trainOrder) onDataset() {
	if o.about != o.studio.Datasets.Current().ID {
		o.consent.SetChecked(false)
	}
	o.recheck()
}

// start sends the order, or shows what keeps it from being sent.
func (o *trainOrder) start() {
	if o.task == nil || o.button.Disabled() {
		return
	}
	type outcome struct {
		job      jobs.Job
		problems []providers.Problem
		err      error
	}
	o.forget()
	if o.dataset.intake.checking() {
		o.problem.SetText(lang.L("Nothing was sent: photos are still being checked. Wait for them, or stop it."))
		return
	}
	o.button.Disable()
	studio, order := o.studio, o.order()
	kit.Do(o.work, func(ctx context.Context) (r outcome) {
		if r.err = o.withPhotos(ctx, &order); r.err != nil {
			return r
		}
		r.job, r.problems, r.err = studio.Jobs.Start(ctx, order)
		return r
	}, func(r outcome) {
		o.button.Enable()
		if r.err != nil {
			var retry func()
			if order.Task == o.task.ID {
				retry = o.start
			}
			o.failure.SetFailure(r.err, serviceOf(order.Task), retry)
			return
		}
		if len(r.problems) == 0 {
			o.refused(nil, nil)
			o.consent.SetChecked(false)
			o.onStarted(r.job)
			return
		}
		o.startRefused(order.Task, r.problems)
	})
}

// startRefused shows a start's problems beside what they are about, while its
// task is still shown.
func (o *trainOrder) startRefused(task string, problems []providers.Problem) {
	if task == o.task.ID {
		o.refused(problems, nil)
		return
	}
	if asked, _, ok := o.studio.Services().Task(task); ok {
		o.problem.SetText(fmt.Sprintf(lang.L("“%s” was not started: something is to be mended there first. Nothing was sent."), asked.Title))
	}
}

// withPhotos adds the dataset to the order, with captions as they are typed.
func (o *trainOrder) withPhotos(_ context.Context, order *jobs.Order) error {
	if err := o.dataset.captions.saver.save(); err != nil {
		return err
	}
	order.Photos = o.studio.Datasets.Photos()
	return nil
}

// refused shows what is wrong; nothing, when nothing is.
func (o *trainOrder) refused(problems []providers.Problem, err error) {
	o.forget()
	o.failure.SetFailure(err, serviceOf(o.task.ID), nil)
	if len(problems) == 0 {
		o.form.Problems(nil)
		return
	}
	o.showProblems(problems, o.form.Problems)
}

// showProblems puts each problem beside what it is about. mark, when it isn't
// nil, marks those of the form's fields and returns the others.
func (o *trainOrder) showProblems(problems []providers.Problem, mark func([]providers.Problem) []providers.Problem) {
	var photos, consent, rest []string
	var fields []providers.Problem
	for _, p := range problems {
		switch p.Field {
		case jobs.PhotosField:
			photos = append(photos, say(p.Message))
		case jobs.ConsentField:
			consent = append(consent, lang.L("Tick this first: nothing is sent without it."))
		default:
			fields = append(fields, p)
		}
	}
	if mark != nil {
		for _, p := range mark(fields) {
			rest = append(rest, p.Error())
		}
	}
	o.dataset.problem.SetText(problemSentence(lang.L("The photos:"), photos))
	o.consentProblem.SetText(strings.Join(consent, " "))
	if len(problems) > 0 {
		rest = append(rest, kit.CountOf(len(problems), lang.L("Nothing was sent: one thing is to be mended first."), lang.L("Nothing was sent: %d things are to be mended first.")))
	}
	o.problem.SetText(strings.Join(rest, "\n"))
	o.tried = len(problems) > 0
}

// problemSentence is what is wrong with something; "" when nothing is.
func problemSentence(what string, problems []string) string {
	if len(problems) == 0 {
		return ""
	}
	return what + " " + strings.Join(problems, "; ")
}

// fill restores the form of a job.
func (o *trainOrder) fill(task string, values map[string]any) {
	at := slices.IndexFunc(o.tasks, func(t *providers.Task) bool { return t.ID == task })
	if at < 0 {
		return
	}
	o.choice.SetSelectedIndex(at)
	o.form.SetValues(values)
	o.forget()
	o.changed()
}

func (o *trainOrder) onModels() { o.form.RefreshModels() }

// serviceOf is the service that a task belongs to.
func serviceOf(task string) string {
	service, _, _ := strings.Cut(task, "/")
	return service
}
