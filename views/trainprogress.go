// The training that runs now, at the bottom of the Train tab.

package views

import (
	"fmt"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/app/models"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// trainProgress follows one training from its start to "Generate with this".
type trainProgress struct {
	widget.BaseWidget

	desk
	host trainHost
	job  string // "" for none

	icon     *widget.Icon
	title    *widget.Label
	state    *widget.Label
	note     *kit.MutedText
	bar      *thinBar
	generate *widget.Button
	content  fyne.CanvasObject
	back     *kit.Plate
}

func newTrainProgress(w desk, host trainHost) *trainProgress {
	p := &trainProgress{desk: w, host: host, back: kit.NewPlate(theme.ColorNameHeaderBackground, "", 0), icon: widget.NewIcon(nil)}
	p.title = widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	p.title.Truncation = fyne.TextTruncateEllipsis
	p.state = widget.NewLabel("")
	p.note = kit.NewMutedLine("")
	p.bar = newThinBar()
	p.generate = widget.NewButtonWithIcon(lang.L("Generate with this"), theme.MediaPhotoIcon(), p.generateWith)
	p.generate.Importance = widget.HighImportance
	show := widget.NewButton(lang.L("Show in Jobs"), func() { host.showJob(p.job) })
	dismiss := widget.NewButtonWithIcon("", theme.CancelIcon(), p.dismiss)
	dismiss.Importance = widget.LowImportance
	buttons := container.NewHBox(p.generate, show, dismiss)
	icon := container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(20), p.icon))
	text := container.New(layout.NewCustomPaddedVBoxLayout(-8), container.NewBorder(nil, nil, p.state, nil, p.title), p.note)
	p.content = container.NewVBox(p.bar, container.New(
		layout.NewCustomPaddedLayout(4, 6, 12, 10),
		container.NewBorder(nil, nil, icon, container.NewCenter(buttons), text),
	))
	p.ExtendBaseWidget(p)
	p.Hide()
	return p
}

// begin follows the training that was running when Maquette was closed.
func (p *trainProgress) begin() {
	for _, job := range p.studio.Jobs.List() {
		if trains(p.studio, job) && !job.State.Ended() {
			p.follow(job)
			return
		}
	}
}

// follow shows a job.
func (p *trainProgress) follow(job jobs.Job) {
	p.job = job.ID
	p.show(job)
}

func (p *trainProgress) dismiss() {
	p.job = ""
	p.Hide()
}

// onJobs follows the job's changes, and takes up one that began elsewhere, by
// a retry, while none is shown.
func (p *trainProgress) onJobs(ids []string) {
	studio := p.studio
	if p.job == "" {
		for _, id := range ids {
			if job, ok := studio.Jobs.Job(id); ok && trains(studio, job) && !job.State.Ended() {
				p.follow(job)
				return
			}
		}
		return
	}
	if !slices.Contains(ids, p.job) {
		return
	}
	if job, ok := studio.Jobs.Job(p.job); ok {
		p.show(job)
	}
}

func (p *trainProgress) show(job jobs.Job) {
	icon, importance := stateMark(job.State)
	p.icon.SetResource(icon)
	p.title.SetText(jobTitle(p.studio, job))
	p.state.Importance = importance
	p.state.SetText(stateWords(job))
	p.note.SetText(jobNote(job))
	kit.SetVisible(p.note.Text() != "", p.note)
	p.bar.set(job)
	kit.SetVisible(job.State == providers.Done && p.generates(), p.generate)
	p.Show()
	p.Refresh()
}

// jobNote is the sentence that explains where a job stands.
func jobNote(job jobs.Job) string {
	switch {
	case job.State == providers.NeedsYou && job.Ask != nil:
		return say(job.Ask.Message)
	case job.Error != nil:
		return say(job.Error.Message)
	case !job.Status.Since.IsZero():
		return fmt.Sprintf(lang.L("Since %s: %s"), kit.Moment(job.Status.Since, time.Now()), say(job.Status.Note))
	case !job.Status.Note.IsZero():
		return say(job.Status.Note)
	}
	return say(job.Note)
}

// model is the best that the job trained.
func (p *trainProgress) model() (models.Model, bool) {
	job, _ := p.studio.Jobs.Job(p.job)
	return p.studio.Models.Best(job.Models)
}

// generates reports whether a task here makes pictures with the job's model.
func (p *trainProgress) generates() bool {
	model, known := p.model()
	if !known {
		return false
	}
	task, _ := p.studio.Models.GeneratingWith(model)
	return task != nil
}

func (p *trainProgress) generateWith() {
	if model, known := p.model(); known {
		p.host.generateWith(model.ID)
	}
}

// CreateRenderer lays the panel on a plate.
func (p *trainProgress) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(p.back, p.content))
}
