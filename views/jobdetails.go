// All about one job: where it stands, what can be done, what came of it, what it was given.

package views

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picture"
)

// jobDetails is the pane beside the job list.
type jobDetails struct {
	widget.BaseWidget

	desk
	host jobsHost
	job  jobs.Job // ID "" for none

	title    *widget.Label
	icon     *widget.Icon
	state    *widget.Label
	note     *kit.MutedText
	bar      *thinBar
	actions  *jobActions
	failure  *failureCard
	question *jobQuestion
	pictures *picture.Grid
	gallery  *fyne.Container // holds pictures in a height that fits them
	models   *fyne.Container
	facts    *fyne.Container
	body     fyne.CanvasObject
	scroll   *container.Scroll
	hint     fyne.CanvasObject
}

// newJobDetails is empty; follow is told of jobs that were acted on.
func newJobDetails(w desk, host jobsHost, follow func(id string)) *jobDetails {
	d := &jobDetails{desk: w, host: host, icon: widget.NewIcon(nil), bar: newThinBar()}
	d.title = kit.Heading("")
	d.title.Wrapping = fyne.TextWrapWord
	d.state = widget.NewLabel("")
	d.note = kit.NewMutedText("")
	d.failure = newFailureCard(w, host)
	d.actions = newJobActions(w, host, follow)
	d.question = newJobQuestion(w, host, d.actions)
	d.pictures = picture.NewGrid(w.loader)
	d.pictures.SetCellSize(picture.CellSmall)
	d.pictures.OnOpen = d.open
	d.gallery = container.New(&kit.FixedHeight{}, d.pictures)
	d.models = container.NewVBox()
	d.facts = container.New(layout.NewCustomPaddedVBoxLayout(-8))
	mark := container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(18), d.icon))
	column := container.New(
		layout.NewCustomPaddedVBoxLayout(6),
		d.title, container.NewHBox(container.NewPadded(mark), d.state), d.bar, d.note,
		d.actions, d.question, d.failure, d.gallery, d.models, widget.NewSeparator(), d.facts,
	)
	d.scroll = container.NewVScroll(container.New(layout.NewCustomPaddedLayout(8, 12, 10, 16), column))
	d.body = kit.FollowingFocus(d.scroll)
	d.hint = container.NewCenter(container.NewGridWrap(fyne.NewSize(280, 40), kit.NewMutedText(lang.L("Select a job to see all about it."))))
	d.body.Hide()
	d.ExtendBaseWidget(d)
	return d
}

// CreateRenderer shows the job, or what to do to see one.
func (d *jobDetails) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(d.hint, d.body))
}

// show shows another job.
func (d *jobDetails) show(job jobs.Job) {
	d.job = jobs.Job{}
	d.actions.forget()
	d.update(job)
	d.scroll.ScrollToTop()
}

// update follows the job's changes; what only a change of state touches is
// built anew only then.
func (d *jobDetails) update(job jobs.Job) {
	before := d.job
	d.job = job
	d.hint.Hide()
	d.body.Show()
	icon, importance := stateMark(job.State)
	d.icon.SetResource(icon)
	d.state.Importance = importance
	d.state.SetText(stateWords(job))
	d.bar.set(job)
	note := ""
	if !job.State.Ended() {
		note = jobNote(job)
	}
	d.note.SetText(note)
	kit.SetVisible(note != "", d.note)
	if before.ID != job.ID || before.State != job.State || before.RemoteID != job.RemoteID ||
		before.Error != job.Error || before.DeletedThere != job.DeletedThere || before.Ask != job.Ask || before.Looking != job.Looking ||
		len(before.Images) != len(job.Images) || len(before.Models) != len(job.Models) {
		d.rebuild()
	}
}

func (d *jobDetails) rebuild() {
	job := d.job
	d.title.SetText(jobTitle(d.studio, job))
	d.actions.show(job)
	d.question.show(job)
	var err error
	if job.Error != nil && job.State != providers.NeedsYou {
		err = job.Error
	}
	d.failure.SetFailure(err, serviceOf(job.Task), nil)
	if err != nil {
		d.failure.offerOtherModel(job)
	}
	d.showPictures()
	d.showModels()
	d.showFacts()
	d.body.Refresh()
}

// factName is the width of the names beside a job's values, in
// density-independent pixels.
const factName float32 = 136

// pictureRowsShown rows of pictures are seen at once; more scroll.
const pictureRowsShown = 2

func (d *jobDetails) showPictures() {
	items := make([]picture.Item, len(d.job.Images))
	for i, id := range d.job.Images {
		p, _ := d.studio.Library.Picture(id)
		items[i] = resultItem(p, fmt.Sprint(i+1))
		items[i].ID = id // it may have been removed for good
	}
	d.pictures.SetItems(items)
	kit.SetVisible(len(items) > 0, d.gallery)
	columns := max(1, d.pictures.ColumnCount())
	rows := min(pictureRowsShown, (len(items)+columns-1)/columns)
	d.gallery.Layout = &kit.FixedHeight{Height: float32(rows) * (picture.CellSize(picture.CellSmall).Height + theme.Padding())}
}

// open shows a result large.
func (d *jobDetails) open(id string) {
	for at, image := range d.job.Images {
		if image == id {
			d.host.showPicture(d.job.Images, at)
		}
	}
}

func (d *jobDetails) showModels() {
	var rows []fyne.CanvasObject
	for _, id := range d.job.Models {
		model, ok := d.studio.Models.Model(id)
		if !ok {
			continue
		}
		title := widget.NewLabel(model.Title)
		title.Truncation = fyne.TextTruncateEllipsis
		use := widget.NewButtonWithIcon(lang.L("Generate with this"), theme.MediaPhotoIcon(), func() { d.host.generateWith(id) })
		kind := kit.NewMutedText(modelKind(model.Type))
		kind.Wrapping = fyne.TextWrapOff
		rows = append(rows, container.NewBorder(nil, nil, kind, use, title))
	}
	d.models.Objects = rows
	kit.SetVisible(len(rows) > 0, d.models)
}

func (d *jobDetails) showFacts() {
	var rows []fyne.CanvasObject
	add := func(name string, value fyne.CanvasObject) {
		label := container.New(&kit.FixedWidth{Width: factName}, container.NewVBox(kit.NewMutedLine(name)))
		rows = append(rows, container.NewBorder(nil, nil, label, nil, value))
	}
	if d.job.RemoteID != "" {
		add(lang.L("Id at the service"), d.copyable(d.job.RemoteID))
	}
	for _, f := range d.allFacts() {
		if f.value == "" {
			continue
		}
		value := kit.WrappedLabel()
		value.SetText(f.value)
		add(f.name, value)
	}
	d.facts.Objects = rows
	d.facts.Refresh()
}

func (d *jobDetails) allFacts() []fact {
	job, now := d.job, time.Now()
	facts := []fact{{lang.L("Made"), kit.Moment(job.Created, now)}}
	if !job.Finished.IsZero() && job.State != providers.NeedsYou {
		facts = append(facts, fact{lang.L("Ended"), fmt.Sprintf(lang.L("%s, after %s"), kit.Moment(job.Finished, now), durationWords(job.Finished.Sub(job.Created)))})
	}
	if !job.DeletedThere.IsZero() {
		facts = append(facts, fact{lang.L("Deleted there"), kit.Moment(job.DeletedThere, now)})
	}
	facts = append(facts, fact{lang.L("Paid"), paidWords(job)})
	if n := len(job.Photos); n > 0 {
		facts = append(facts, fact{lang.L("Photos"), fmt.Sprint(n)})
	}
	if job.Consent != nil {
		facts = append(facts, fact{lang.L("Consent"), fmt.Sprintf(lang.L("given %s"), kit.Moment(job.Consent.Given, now))})
	}
	if task, _, ok := d.studio.Services().Task(job.Task); ok {
		facts = append(facts, valueFacts(task, job.Values)...)
	}
	return append(facts, fact{lang.L("Job"), job.ID})
}

// paidWords say what is known of a job's money.
func paidWords(job jobs.Job) string {
	switch {
	case job.State == providers.NeedsYou && !job.Paid:
		return lang.L("it isn't known yet")
	case job.Error != nil && job.Error.Money != "":
		return say(jobs.MoneyWords(job.Error.Money))
	case job.Paid:
		return lang.L("yes, the request was accepted")
	}
	return lang.L("nothing so far")
}

// copyable is a text with a button that copies it.
func (d *jobDetails) copyable(text string) fyne.CanvasObject {
	label := widget.NewLabel(text)
	label.Selectable = true
	label.Truncation = fyne.TextTruncateEllipsis
	button := widget.NewButtonWithIcon("", theme.ContentCopyIcon(), func() { d.toClipboard(text) })
	button.Importance = widget.LowImportance
	return container.NewBorder(nil, nil, nil, button, label)
}
