// One job among the results: what was asked for, how far it is, its pictures.

package views

import (
	"context"
	"fmt"
	"strings"
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
)

// resultCard shows one job.
type resultCard struct {
	desk
	host   generateHost
	job    jobs.Job
	images []string // that are not in the trash
	cells  []*resultCell

	prompt   *widget.Label
	about    *kit.Caption
	state    *widget.Label
	progress *widget.ProgressBar
	cancel   *widget.Button
	again    *widget.Button
	decide   *widget.Button
	pictures *fyne.Container
	failure  *failureCard
	content  *fyne.Container
}

func newResultCard(w desk, host generateHost, job jobs.Job) *resultCard {
	c := &resultCard{desk: w, host: host, prompt: widget.NewLabel(""), about: kit.NewCaption(""), state: widget.NewLabel("")}
	c.prompt.TextStyle.Bold = true
	c.prompt.Truncation = fyne.TextTruncateEllipsis
	c.progress = widget.NewProgressBar()
	c.progress.TextFormatter = func() string { return "" }
	c.cancel = widget.NewButtonWithIcon(lang.L("Cancel"), theme.CancelIcon(), c.askCancel)
	c.again = widget.NewButtonWithIcon(useSettings(), theme.DocumentCreateIcon(), func() { host.fill(c.job.Task, c.job.Values) })
	c.decide = widget.NewButtonWithIcon(lang.L("Decide"), theme.QuestionIcon(), func() { host.showJob(c.job.ID) })
	c.cancel.Importance, c.again.Importance = widget.LowImportance, widget.LowImportance
	c.decide.Importance = widget.WarningImportance
	c.pictures = container.NewGridWrap(resultCellSize())
	c.failure = newFailureCard(w, host)
	right := container.NewHBox(c.state, c.decide, c.cancel, c.again)
	bar := container.New(layout.NewCustomPaddedLayout(2, 2, 7, 7), container.New(&kit.FixedHeight{Height: 4}, c.progress))
	c.content = container.New(layout.NewCustomPaddedVBoxLayout(0),
		container.NewBorder(nil, nil, nil, right, c.prompt),
		container.New(layout.NewCustomPaddedLayout(-8, 0, 0, 0), c.about),
		bar, container.New(layout.NewCustomPaddedLayout(0, 0, 7, 0), c.pictures), c.failure)
	c.update(job)
	return c
}

// update follows the job.
func (c *resultCard) update(job jobs.Job) {
	c.job = job
	c.images = nil
	for _, id := range job.Images {
		if picture, known := c.studio.Library.Picture(id); known && picture.Trashed.IsZero() {
			c.images = append(c.images, id)
		}
	}
	c.prompt.SetText(firstLine(job.Values.Text("prompt"), jobTitle(c.studio, job)))
	c.about.SetText(strings.Join(c.particulars(), " · "))
	c.showState()
	c.showPictures()
	c.content.Refresh()
}

func firstLine(text, otherwise string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if line == "" {
		return otherwise
	}
	return providers.Line(line)
}

// particulars are what tells the job from its neighbours.
func (c *resultCard) particulars() []string {
	parts := []string{jobTitle(c.studio, c.job)}
	for _, key := range []string{"model", "checkpoint_id", "base_model"} {
		if id := c.job.Values.Text(key); id != "" {
			if model, known := c.studio.Models.Model(id); known {
				id = model.Title
			}
			parts = append(parts, id)
			break
		}
	}
	return append(parts, kit.Moment(c.job.Created, time.Now()))
}

func (c *resultCard) showState() {
	running := !c.job.State.Ended()
	state := stateWords(c.job)
	if note := c.job.Status.Note; running && !note.IsZero() {
		c.about.SetText(strings.Join(c.particulars(), " · ") + "\n" + say(note))
	}
	if c.job.State == providers.Done {
		state = ""
		if !c.job.Note.IsZero() {
			c.about.SetText(c.about.String() + "\n" + say(c.job.Note))
		}
	}
	_, c.state.Importance = stateMark(c.job.State)
	kit.SetText(c.state, state)
	kit.SetVisible(running, c.cancel)
	kit.SetVisible(running && c.job.Progress() > 0, c.progress)
	kit.SetVisible(!running, c.again)
	kit.SetVisible(c.job.State == providers.NeedsYou, c.decide)
	c.progress.SetValue(max(0, c.job.Progress()))
	c.showFailure()
}

func (c *resultCard) showFailure() {
	service, _, _ := strings.Cut(c.job.Task, "/")
	switch {
	case c.job.State == providers.NeedsYou && c.job.Ask != nil:
		c.failure.SetFailure(&providers.Failure{Message: c.job.Ask.Message, Advice: c.job.Ask.Look, Remedy: c.job.Ask.Remedy, Money: providers.MoneyUnknown}, service, nil)
	case c.job.State == providers.Failed && c.job.Error != nil:
		retry := c.retry
		if !c.job.Resumable() {
			retry = nil // its settings fill the form: a new request is one's own decision
		}
		c.failure.SetFailure(c.job.Error, service, retry)
		c.failure.offerOtherModel(c.job)
	default:
		c.failure.SetFailure(nil, "", nil)
	}
}

// showPictures fills the cells: the pictures there are, and a place for each that is still to come.
func (c *resultCard) showPictures() {
	count := len(c.images)
	if !c.job.State.Ended() {
		if task, _, ok := c.studio.Services().Task(c.job.Task); ok {
			count = max(count, c.job.ExpectedPictures(task))
		}
	}
	for len(c.cells) < count {
		i := len(c.cells)
		c.cells = append(c.cells, newResultCell(c.loader, func() { c.open(i) }))
		c.pictures.Add(c.cells[i])
	}
	for i, cell := range c.cells {
		kit.SetVisible(i < count, cell)
		switch {
		case i < len(c.images):
			cell.showPicture(c.images[i], c.caption(c.images[i]))
		case i < count && i == len(c.images):
			cell.showWaiting(stateWords(c.job))
		default:
			cell.showWaiting("")
		}
	}
	kit.SetVisible(count > 0, c.pictures)
}

func (c *resultCard) caption(id string) string {
	picture, _ := c.studio.Library.Picture(id)
	if picture.Seed != nil {
		return fmt.Sprintf(lang.L("Seed %d"), *picture.Seed)
	}
	if !picture.Damaged.IsZero() {
		return lang.L("Damaged")
	}
	if picture.Width <= 0 || picture.Height <= 0 {
		return kit.FileKind(picture.Ext)
	}
	return fmt.Sprintf("%d × %d", picture.Width, picture.Height)
}

func (c *resultCard) open(i int) {
	if i < len(c.images) {
		c.host.showPicture(c.images, i)
	}
}

// release gives up what the cells are loading.
func (c *resultCard) release() {
	for _, cell := range c.cells {
		cell.showWaiting("")
	}
}

// askCancel says what cancelling does before it is done.
func (c *resultCard) askCancel() {
	id := c.job.ID
	kit.Confirm(c.window, kit.Question{
		Title: lang.L("Cancel this job?"), Text: say(c.studio.Jobs.CancelConsequence(c.job)),
		Yes: lang.L("Cancel the job"), No: lang.L("Keep it"),
	}, func() {
		kit.Do(c.work, func(context.Context) error { return c.studio.Jobs.Cancel(id) }, c.report)
	})
}

// retry goes on with the same request, which is not paid again.
func (c *resultCard) retry() {
	id := c.job.ID
	kit.Do(c.work, func(ctx context.Context) error {
		_, _, err := c.studio.Jobs.Retry(ctx, id)
		return err
	}, c.report)
}

func (c *resultCard) report(err error) {
	job, _ := c.studio.Jobs.Job(c.job.ID)
	c.update(job)
	if err != nil {
		c.failure.SetFailure(err, "", nil)
	}
}
