// The Generate tab: a task's form at the left, the pictures it made at the right.

package views

import (
	"context"
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

// formColumn is the width of the column with the form, in density-independent pixels.
const formColumn float32 = 384

// generateTabName is the tab's key in Settings.LastTasks.
const generateTabName = "generate"

// generateHost is what the Generate tab asks of the others.
type generateHost interface {
	failureHost
	showJob(id string)
	showPicture(ids []string, at int)
}

type generateTab struct {
	desk

	content fyne.CanvasObject

	task     *providers.Task
	tasks    []*providers.Task
	starting bool // an order is on its way to disk

	pick     *widget.Select
	help     *kit.Caption
	form     *form.Form
	keeper   *form.Keeper
	problem  *kit.ProblemLine
	failure  *failureCard
	estimate *kit.Caption
	button   *widget.Button
	copyAs   *copyAs
	results  *resultFeed
}

func newGenerateTab(w desk, host generateHost) *generateTab {
	t := &generateTab{desk: w, tasks: w.studio.Services().Tasks(providers.Generate)}
	t.pick = widget.NewSelect(nil, nil)
	for _, task := range t.tasks {
		t.pick.Options = append(t.pick.Options, t.title(task))
	}
	t.pick.OnChanged = func(string) { t.choose(t.tasks[t.pick.SelectedIndex()]) }
	t.help = kit.NewCaption("")
	t.form = form.New(w.forms())
	t.form.OnChanged = t.edited
	t.keeper = &form.Keeper{
		Studio: w.studio, Work: w.work.Part(), Tab: generateTabName, Task: func() *providers.Task { return t.task }, Raw: t.form.Raw,
		Failed: func(err error) { t.complain("", err) },
	}
	t.problem = kit.NewProblemLine()
	t.failure = newFailureCard(w, host)
	t.estimate = kit.NewCaption("")
	t.button = widget.NewButtonWithIcon(lang.L("Generate"), theme.ConfirmIcon(), t.start)
	t.button.Importance = widget.HighImportance
	t.copyAs = newCopyAs(w, t.order, t.refused)
	t.results = newResultFeed(w, host)
	t.content = w.drops.Zone(t.layOut(), kit.DropFunc(t.dropped))
	t.restore()
	return t
}

func (t *generateTab) layOut() fyne.CanvasObject {
	margin := layout.NewCustomPaddedLayout(6, 6, 10, 10)
	head := container.New(layout.NewCustomPaddedLayout(10, 0, 10, 10),
		container.New(layout.NewCustomPaddedVBoxLayout(0), t.pick, t.help))
	t.form.Scroll = container.NewVScroll(container.New(margin, t.form.Content))
	foot := container.NewVBox(widget.NewSeparator(), container.New(margin, container.NewVBox(
		t.problem, t.failure, container.NewBorder(nil, nil, nil, container.NewHBox(t.copyAs.button, t.button), t.estimate))))
	column := container.New(&kit.FixedWidth{Width: formColumn}, container.NewBorder(head, foot, nil, nil, kit.ScrolledAsOne(t.form.Scroll)))
	return container.NewBorder(nil, nil, container.NewBorder(nil, nil, nil, widget.NewSeparator(), column), nil, t.results.content)
}

// title names a task after its service: tasks of different services are called the same.
func (t *generateTab) title(task *providers.Task) string {
	_, service, _ := t.studio.Services().Task(task.ID)
	return service.Title + " · " + task.Title
}

// restore shows the task that was shown last, with what its form held.
func (t *generateTab) restore() {
	if len(t.tasks) == 0 {
		return
	}
	last := t.studio.Settings.Now().LastTasks[generateTabName]
	t.choose(t.find(func(task *providers.Task) bool { return task.ID == last }))
	if values, kept := t.keeper.Kept(t.task); kept {
		t.form.SetValues(values)
	}
}

// find is the first task that suits, or else the first of all.
func (t *generateTab) find(suits func(*providers.Task) bool) *providers.Task {
	if i := slices.IndexFunc(t.tasks, suits); i >= 0 {
		return t.tasks[i]
	}
	return t.tasks[0]
}

// choose shows a task's form.
func (t *generateTab) choose(task *providers.Task) {
	if task == t.task {
		return
	}
	t.task = task
	t.pick.SetSelectedIndex(slices.Index(t.tasks, task))
	t.help.SetText(task.Help)
	t.complain("", nil)
	t.form.SetTask(task)
	t.form.Scroll.ScrollToTop()
	t.edited()
}

// edited follows a change in the form.
func (t *generateTab) edited() {
	t.problem.SetText("")
	if t.task != nil {
		values, _ := t.form.Values()
		t.estimate.SetText(estimateWords(t.studio, t.task, values))
		t.keeper.Note()
	}
}

// start checks the form and makes a job of it. Nothing is sent when a field is wrong.
func (t *generateTab) start() {
	if t.starting || t.task == nil {
		return
	}
	t.setStarting(true)
	t.complain("", nil)
	order := t.order()
	type outcome struct {
		job      jobs.Job
		problems []providers.Problem
		err      error
	}
	kit.Do(t.work, func(ctx context.Context) (o outcome) {
		if _, o.problems = t.studio.Jobs.Check(order); len(o.problems) > 0 {
			return o
		}
		if o.err = t.hasKey(ctx, order.Task); o.err != nil {
			return o
		}
		o.job, o.problems, o.err = t.studio.Jobs.Start(ctx, order)
		return o
	}, func(o outcome) {
		t.setStarting(false)
		t.started(o.job, o.problems, o.err)
	})
}

func (t *generateTab) order() jobs.Order { return t.form.Order(t.task.ID) }

func (t *generateTab) setStarting(starting bool) {
	t.starting = starting
	kit.SetEnabled(!starting, t.button)
}

// hasKey says before a job is made that its service has no key.
func (t *generateTab) hasKey(ctx context.Context, taskID string) error {
	_, service, _ := t.studio.Services().Task(taskID)
	where, err := t.studio.Access.KeyWhere(ctx, service.ID)
	if err != nil || string(where) != "" {
		return nil //nolint:nilerr // a keyring that can't be read now is the job's own failure, which can be retried
	}
	return &providers.Failure{
		Kind: providers.BadKey, Money: providers.NotSpent,
		Message: providers.Say("There is no key for this service yet"),
		Advice:  providers.Say("Add your own key in Settings; it is kept in the system's keyring."),
	}
}

func (t *generateTab) started(job jobs.Job, problems []providers.Problem, err error) {
	t.refused(problems, err)
	if err == nil && len(problems) == 0 {
		t.results.add(job)
		t.keeper.Save()
	}
}

// refused marks what is wrong; nothing, when nothing is.
func (t *generateTab) refused(problems []providers.Problem, err error) {
	others := t.form.Problems(problems)
	if len(problems) > 0 {
		t.complain(problemWords(problems, others), nil)
		return
	}
	t.complain("", err)
}

// complain shows beside the button why nothing was made.
func (t *generateTab) complain(problem string, err error) {
	t.problem.SetText(problem)
	service := ""
	if t.task != nil {
		service, _, _ = strings.Cut(t.task.ID, "/")
	}
	t.failure.SetFailure(err, service, nil)
}

// close keeps what is typed.
func (t *generateTab) close() { t.keeper.Close() }

func (t *generateTab) onJobs(ids []string) { t.results.refresh(ids) }
func (t *generateTab) onModels()           { t.form.RefreshModels() }
func (t *generateTab) onPictures([]string) { t.results.refreshAll() }
