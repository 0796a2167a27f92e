// What is ordered: a task, its form, the button that starts it. Train and Generate put their own parts around it.

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
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/app/money"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/form"
	"github.com/maquette-studio/maquette/views/kit"
)

// formColumn is the width of the column with the form, in density-independent pixels.
const formColumn float32 = 390

// orderPane gathers what a task is given, and starts it.
type orderPane struct {
	desk
	orderParts

	tab   string // its key in Settings.LastTasks
	tasks []*providers.Task
	task  *providers.Task // nil before one is chosen
	begun *providers.Task // what the pane began with
	tried bool            // a start was refused: its problems are shown until they are fixed

	untouched map[string]any // what the form held then

	choice   *widget.Select
	notice   *orderNotice
	help     *kit.Caption
	doc      *widget.Hyperlink
	form     *form.Form
	keeper   *form.Keeper
	problem  *kit.ProblemLine
	failure  *failureCard
	estimate *kit.Caption
	button   *widget.Button
	copyAs   *copyAs
}

// orderParts are what a tab adds to its orders.
type orderParts struct {
	// hold says why nothing can be started just now, "" for nothing.
	hold func() string
	// add writes into an order what the tab knows at once, complete what takes a worker to read.
	add      func(order *jobs.Order)
	complete func(ctx context.Context, order *jobs.Order) error
	// follow is told what the form holds after each change.
	follow func(providers.Values)
	// showOwn shows the problems that are about the tab's own parts, and returns the others.
	showOwn func([]providers.Problem) []providers.Problem
	started func(jobs.Job)
}

func newOrderPane(w desk, host failureHost, tab string, button *widget.Button, parts orderParts, kinds ...providers.Kind) *orderPane {
	o := &orderPane{desk: w, orderParts: parts, tab: tab, tasks: w.studio.Services().Tasks(kinds...), button: button}
	o.choice = widget.NewSelect(o.taskTitles(), func(string) {
		if at := o.choice.SelectedIndex(); at >= 0 {
			o.choose(o.tasks[at])
		}
	})
	o.notice = newOrderNotice(w, host)
	o.help = kit.NewCaption("")
	o.doc = widget.NewHyperlink(lang.L("The service's own guide"), nil)
	o.form = form.New(w.forms())
	o.form.OnChanged = o.changed
	o.keeper = &form.Keeper{
		Studio: w.studio, Work: w.work.Part(), Tab: tab, Task: func() *providers.Task { return o.task }, Raw: o.form.Raw,
		Failed: func(err error) { o.failure.SetFailure(err, "", nil) },
	}
	o.problem = kit.NewProblemLine()
	o.failure = newFailureCard(w, host)
	o.estimate = kit.NewCaption("")
	o.button.OnTapped, o.button.Importance = o.start, widget.HighImportance
	o.copyAs = newCopyAs(w, o.order, o.refused)
	o.copyAs.complete = o.complete
	return o
}

// layOut stacks the pane; title stands beside the choice, below between the form and the button.
func (o *orderPane) layOut(title fyne.CanvasObject, below ...fyne.CanvasObject) fyne.CanvasObject {
	top := container.NewBorder(nil, nil, title, nil, o.choice)
	about := container.New(layout.NewCustomPaddedVBoxLayout(0), o.help, container.NewHBox(o.doc))
	scroll := container.NewVScroll(container.New(layout.NewCustomPaddedLayout(2, 8, 0, 12), container.NewVBox(o.notice, about, o.form.Content)))
	o.form.Scroll = scroll
	bottom := container.New(layout.NewCustomPaddedVBoxLayout(4), widget.NewSeparator())
	bottom.Objects = append(bottom.Objects, below...)
	bottom.Objects = append(bottom.Objects,
		o.failure, o.problem, o.estimate, kit.Border(nil, nil, nil, o.copyAs.button, o.button))
	column := kit.Inset(kit.Border(top, bottom, nil, nil, kit.ScrolledAsOne(scroll)))
	return container.New(&kit.FixedWidth{Width: formColumn}, column)
}

// taskTitles names each task after its service: tasks of different services are called the same.
func (o *orderPane) taskTitles() []string {
	titles := make([]string, len(o.tasks))
	for i, task := range o.tasks {
		_, service, _ := o.studio.Services().Task(task.ID)
		titles[i] = o.marked(service.Title+" · "+kit.Local(task.Title), service)
	}
	return titles
}

// begin chooses the task that was used last, with what its form held.
func (o *orderPane) begin() {
	if len(o.tasks) == 0 {
		return
	}
	o.choose(o.first())
	if values, kept := o.keeper.Kept(o.task); kept {
		o.form.SetValues(values)
	}
	o.begun, o.untouched = o.task, o.form.Raw()
}

// find is the first task that suits, or else the first of all.
func (o *orderPane) find(suits func(*providers.Task) bool) *providers.Task {
	return o.tasks[max(0, slices.IndexFunc(o.tasks, suits))]
}

// choose shows a task's form.
func (o *orderPane) choose(task *providers.Task) {
	if task == o.task {
		return
	}
	o.task = task
	o.choice.SetSelectedIndex(slices.Index(o.tasks, task))
	o.help.SetText(kit.Local(task.Help))
	if u, err := url.Parse(task.Doc); err == nil {
		o.doc.SetURL(u)
	}
	o.form.SetTask(task)
	o.form.Scroll.ScrollToTop()
	o.forget()
	o.changed()
}

// fill shows a task with these values, such as those of a job.
func (o *orderPane) fill(taskID string, values map[string]any) {
	at := slices.IndexFunc(o.tasks, func(t *providers.Task) bool { return t.ID == taskID })
	if at < 0 {
		return
	}
	o.choose(o.tasks[at])
	o.forget()
	o.form.Problems(nil)
	o.form.SetValues(values)
}

// forget takes away what an earlier try showed.
func (o *orderPane) forget() {
	o.tried = false
	o.work.Drop(workCheck)
	o.failure.SetFailure(nil, "", nil)
	o.problem.SetText("")
	o.ownProblems(nil)
}

// complain says beside the button why nothing was done.
func (o *orderPane) complain(problem string) {
	o.forget()
	o.problem.SetText(problem)
}

// changed follows the form.
func (o *orderPane) changed() {
	if o.task == nil {
		return
	}
	values, _ := o.form.Values()
	o.notice.show(o.task, values)
	o.estimate.SetText("")
	if usd, known := o.studio.Prices.Estimate(o.task, values); known {
		o.estimate.SetText(fmt.Sprintf(lang.L("About %s, an estimate"), money.Dollars(usd)))
	}
	kit.SetVisible(o.estimate.String() != "", o.estimate)
	if o.follow != nil {
		o.follow(values)
	}
	o.keeper.Note()
	if !o.tried {
		o.problem.SetText("")
	}
	o.recheck()
}

// workCheck is the check of what is shown; a newer one takes its place.
const workCheck = "check"

// recheck follows the fixing of what kept the last try from being sent.
func (o *orderPane) recheck() {
	if !o.tried {
		return
	}
	order := o.order()
	type outcome struct {
		problems []providers.Problem
		err      error
	}
	kit.Begin(o.work, workCheck, func(ctx context.Context) (r outcome) {
		r.problems, r.err = o.check(ctx, &order)
		return r
	}, func(r outcome) {
		if r.err == nil {
			o.showProblems(r.problems, nil)
		}
	})
}

// order is what the form holds, and what the tab adds.
func (o *orderPane) order() jobs.Order {
	order := o.form.Order(o.task.ID)
	if o.add != nil {
		o.add(&order)
	}
	return order
}

// check completes an order and says what keeps it from being sent. It runs in a worker.
func (o *orderPane) check(ctx context.Context, order *jobs.Order) ([]providers.Problem, error) {
	if o.complete != nil {
		if err := o.complete(ctx, order); err != nil {
			return nil, err
		}
	}
	_, problems := o.studio.Jobs.Check(*order)
	return problems, nil
}

// startOutcome is what became of a start.
type startOutcome struct {
	job      jobs.Job
	problems []providers.Problem
	err      error
}

// start sends the order, or shows what keeps it from being sent.
func (o *orderPane) start() {
	if o.task == nil || o.button.Disabled() {
		return
	}
	o.forget()
	if o.hold != nil {
		if why := o.hold(); why != "" {
			o.problem.SetText(why)
			return
		}
	}
	o.button.Disable()
	order := o.order()
	kit.Do(o.work, func(ctx context.Context) startOutcome { return o.send(ctx, order) }, func(r startOutcome) {
		o.button.Enable()
		o.sent(order.Task, r)
	})
}

// send makes a job of an order, in a worker.
func (o *orderPane) send(ctx context.Context, order jobs.Order) (r startOutcome) {
	if r.problems, r.err = o.check(ctx, &order); r.err != nil || len(r.problems) > 0 {
		return r
	}
	if r.err = o.hasKey(ctx, order.Task); r.err == nil {
		r.err = o.studio.Jobs.Placed(ctx, order)
	}
	if r.err == nil {
		r.job, r.problems, r.err = o.studio.Jobs.Start(ctx, order)
	}
	return r
}

// sent shows what became of a task's start; another may be shown by now.
func (o *orderPane) sent(task string, r startOutcome) {
	same := task == o.task.ID
	switch {
	case r.err != nil:
		var retry func()
		if same {
			retry = o.start
		}
		o.failure.SetFailure(r.err, serviceOf(task), retry)
	case len(r.problems) == 0:
		if same {
			o.refused(nil, nil)
		}
		o.keeper.Save()
		o.started(r.job)
	case same:
		o.refused(r.problems, nil)
	default:
		asked, _, _ := o.studio.Services().Task(task)
		o.problem.SetText(fmt.Sprintf(lang.L("“%s” was not started: something is to be fixed there first. Nothing was sent."), kit.Local(asked.Title)))
	}
}

// refused shows what is wrong; nothing, when nothing is.
func (o *orderPane) refused(problems []providers.Problem, err error) {
	o.forget()
	o.failure.SetFailure(err, serviceOf(o.task.ID), nil)
	if len(problems) == 0 {
		o.form.Problems(nil)
		return
	}
	o.showProblems(problems, o.form.Problems)
}

// showProblems puts each problem beside what it is about. mark, when it isn't nil, marks those of the form's fields and
// returns the others.
func (o *orderPane) showProblems(problems []providers.Problem, mark func([]providers.Problem) []providers.Problem) {
	o.tried = len(problems) > 0
	rest := o.ownProblems(problems)
	fields := len(rest) == len(problems)
	var lines []string
	if mark != nil {
		for _, p := range mark(rest) {
			lines = append(lines, say(p.Sentence()))
			fields = false
		}
	}
	switch {
	case len(problems) == 0:
	case fields:
		lines = append(lines, kit.CountOf(len(problems), lang.L("One field needs a look. Nothing was sent."), lang.L("%d fields need a look. Nothing was sent.")))
	default:
		lines = append(lines, kit.CountOf(len(problems), lang.L("Nothing was sent: one thing is to be fixed first."), lang.L("Nothing was sent: %d things are to be fixed first.")))
	}
	o.problem.SetText(strings.Join(lines, "\n"))
}

func (o *orderPane) ownProblems(problems []providers.Problem) (others []providers.Problem) {
	if o.showOwn == nil {
		return problems
	}
	return o.showOwn(problems)
}

// serviceOf is the service that a task belongs to.
func serviceOf(task string) string {
	service, _, _ := strings.Cut(task, "/")
	return service
}
