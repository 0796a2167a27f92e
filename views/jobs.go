// The Jobs tab: every job, newest first, and all about the one selected.

package views

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// jobFilter is which jobs are listed.
type jobFilter struct {
	name string
	take func(jobs.Job) bool
}

func jobFilters() []jobFilter {
	return []jobFilter{
		{lang.L("All"), func(jobs.Job) bool { return true }},
		{lang.L("Running"), func(j jobs.Job) bool { return !j.State.Ended() }},
		{lang.L("Needs you"), func(j jobs.Job) bool { return j.State == providers.NeedsYou }},
		{lang.L("Failed"), func(j jobs.Job) bool { return j.State == providers.Failed }},
	}
}

// jobsHost is what the Jobs tab asks of the others.
type jobsHost interface {
	failureHost
	openTab(tab int)
	showPicture(ids []string, at int)
	generateWith(modelID string)
	nameTab(tab int, title string)
}

// jobsTab holds a copy of all jobs, read once and then kept by what changes.
type jobsTab struct {
	desk
	host jobsHost

	content fyne.CanvasObject

	filters []jobFilter
	filter  jobFilter
	jobs    []jobs.Job // newest first
	at      map[string]int
	shown   []int  // positions in jobs that the filter takes
	picked  string // id of the job in the details

	list    *widget.List
	choice  *widget.RadioGroup
	count   *kit.MutedText
	empty   *fyne.Container
	nothing *widget.Label
	details *jobDetails
	imports *jobsImport
}

func newJobsTab(w desk, host jobsHost) *jobsTab {
	t := &jobsTab{desk: w, host: host, filters: jobFilters(), at: map[string]int{}}
	t.filter = t.filters[0]
	t.list = widget.NewList(
		func() int { return len(t.shown) },
		func() fyne.CanvasObject { return newJobRow(w.loader) },
		func(i widget.ListItemID, row fyne.CanvasObject) {
			if i >= 0 && i < len(t.shown) {
				row.(*jobRow).show(w.studio, t.jobs[t.shown[i]])
			}
		},
	)
	t.list.OnSelected = func(i widget.ListItemID) {
		if i >= 0 && i < len(t.shown) {
			t.pick(t.jobs[t.shown[i]].ID)
		}
	}
	t.details = newJobDetails(w, host, t.follow)
	t.imports = newJobsImport(w)
	t.content = t.layOut()
	return t
}

func (t *jobsTab) layOut() fyne.CanvasObject {
	names := make([]string, len(t.filters))
	for i, f := range t.filters {
		names[i] = f.name
	}
	t.choice = widget.NewRadioGroup(names, t.choose)
	t.choice.Horizontal, t.choice.Required = true, true
	t.choice.Selected = t.filter.name
	t.count = kit.NewMutedLine("")
	t.nothing = widget.NewLabelWithStyle("", fyne.TextAlignCenter, fyne.TextStyle{})
	t.nothing.Wrapping = fyne.TextWrapWord
	train := widget.NewButtonWithIcon(lang.L("Train a model"), theme.NavigateNextIcon(), func() { t.host.openTab(tabTrain) })
	generate := widget.NewButtonWithIcon(lang.L("Generate pictures"), theme.NavigateNextIcon(), func() { t.host.openTab(tabGenerate) })
	t.empty = container.NewCenter(container.NewVBox(
		container.NewGridWrap(fyne.NewSize(320, 56), t.nothing),
		container.NewCenter(container.NewHBox(train, generate)),
	))
	top := container.NewVBox(container.NewBorder(nil, nil, kit.Heading(lang.L("Jobs")), nil, t.count), t.choice)
	left := kit.Inset(kit.Border(top, t.imports.content, nil, nil, container.NewStack(t.list, t.empty)))
	split := container.NewHSplit(left, t.details)
	given := 0.42
	t.keepSplit("jobs", split, &given)
	return split
}

// reload reads all jobs.
func (t *jobsTab) reload() {
	t.jobs = t.studio.Jobs.List()
	clear(t.at)
	for i, job := range t.jobs {
		t.at[job.ID] = i
	}
	t.refilter()
}

// refresh follows changes of jobs: those known are read one by one, a new one
// makes it read all.
func (t *jobsTab) refresh(ids []string) {
	moved := false
	for _, id := range ids {
		job, ok := t.studio.Jobs.Job(id)
		at, known := t.at[id]
		if !ok || !known {
			t.reload()
			t.redraw(ids)
			return
		}
		moved = moved || t.jobs[at].State != job.State
		t.jobs[at] = job
	}
	if moved {
		t.refilter()
	}
	t.redraw(ids)
}

// redraw draws the rows and the details of changed jobs.
func (t *jobsTab) redraw(ids []string) {
	t.list.Refresh()
	for _, id := range ids {
		if id == t.picked {
			t.details.update(t.jobs[t.at[id]])
		}
	}
}

func (t *jobsTab) choose(name string) {
	for _, f := range t.filters {
		if f.name == name {
			t.filter = f
		}
	}
	t.refilter()
}

// refilter finds which jobs are listed, and says how many want attention.
func (t *jobsTab) refilter() {
	t.shown = t.shown[:0]
	live := 0
	for i, job := range t.jobs {
		if t.filter.take(job) {
			t.shown = append(t.shown, i)
		}
		if !job.State.Ended() || job.State == providers.NeedsYou {
			live++
		}
	}
	t.count.SetText(kit.CountOf(len(t.shown), lang.L("1 job"), lang.L("%d jobs")))
	t.sayEmpty()
	t.badge(live)
	t.list.Refresh()
	t.reselect()
}

func (t *jobsTab) sayEmpty() {
	kit.SetVisible(len(t.shown) == 0, t.empty)
	kit.SetVisible(len(t.shown) > 0, t.list)
	text := lang.L("No job like that.")
	if len(t.jobs) == 0 {
		text = lang.L("Nothing here yet. Trainings and generations appear here, with all that came of them.")
	}
	t.nothing.SetText(text)
}

// badge puts the number of jobs that run or wait for the person on the tab.
func (t *jobsTab) badge(live int) {
	text := lang.L("Jobs")
	if live > 0 {
		text = fmt.Sprintf(lang.L("Jobs (%d)"), live)
	}
	t.host.nameTab(tabJobs, text)
}

// follow shows a job that a person acted on, or made.
func (t *jobsTab) follow(id string) {
	t.refresh([]string{id})
	t.selectJob(id)
}

// selectJob shows a job, also when the filter leaves it out.
func (t *jobsTab) selectJob(id string) {
	if _, known := t.at[id]; !known {
		t.reload()
	}
	at, known := t.at[id]
	if !known {
		return
	}
	if !t.filter.take(t.jobs[at]) {
		t.choice.SetSelected(t.filters[0].name)
	}
	t.pick(id)
	t.reselect()
}

// pick shows a job's details.
func (t *jobsTab) pick(id string) {
	if id != t.picked {
		t.picked = id
		t.details.show(t.jobs[t.at[id]])
	}
}

// reselect keeps the picked job marked in the list wherever it moved.
func (t *jobsTab) reselect() {
	for row, i := range t.shown {
		if t.jobs[i].ID == t.picked {
			t.list.Select(row)
			return
		}
	}
	t.list.UnselectAll()
}
