// A job that needs a person: what is not known, where to look, and the answers there are.

package views

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// jobQuestion is shown while a job needs the person.
type jobQuestion struct {
	widget.BaseWidget

	desk
	host    failureHost
	actions *jobActions
	job     string

	frame      *kit.Plate
	message    *widget.Label
	look       *widget.Label
	where      *fyne.Container // the button that leads there
	sent       *kit.MutedText
	candidates *fyne.Container
	id         *widget.Entry
	adopt      *widget.Button
	content    fyne.CanvasObject
}

func newJobQuestion(w desk, host failureHost, actions *jobActions) *jobQuestion {
	q := &jobQuestion{desk: w, host: host, actions: actions, frame: kit.NewPlate(kit.ColorMat, theme.ColorNameWarning, 6)}
	q.message = kit.WrappedLabel()
	q.message.TextStyle.Bold = true
	q.look = kit.WrappedLabel()
	q.where = container.NewHBox()
	q.sent = kit.NewMutedText("")
	q.candidates = container.NewVBox()
	q.id = widget.NewEntry()
	q.id.SetPlaceHolder(lang.L("The id you found at the service"))
	q.adopt = widget.NewButtonWithIcon(lang.L("It has this id"), theme.ConfirmIcon(), q.adoptTyped)
	q.adopt.Disable()
	q.id.OnChanged = func(text string) { kit.SetEnabled(strings.TrimSpace(text) != "", q.adopt) }
	q.id.OnSubmitted = func(string) { q.adoptTyped() }
	again := widget.NewButtonWithIcon(lang.L("Ask the service again"), theme.ViewRefreshIcon(), func() { q.answer(jobs.Resolution{Look: true}) })
	resend := widget.NewButtonWithIcon(lang.L("It is not there: send again…"), theme.MailSendIcon(), q.askResend)
	giveUp := widget.NewButtonWithIcon(lang.L("Give up…"), theme.CancelIcon(), q.askGiveUp)
	for _, button := range []*widget.Button{again, resend, giveUp} {
		button.Alignment = widget.ButtonAlignLeading
	}
	q.content = container.NewPadded(container.NewVBox(
		q.message, q.look, q.where, q.sent, q.candidates,
		container.NewBorder(nil, nil, nil, q.adopt, q.id),
		container.NewAdaptiveGrid(1, again, resend, giveUp),
	))
	q.ExtendBaseWidget(q)
	q.Hide()
	return q
}

// show asks about a job, or nothing when it needs nobody.
func (q *jobQuestion) show(job jobs.Job) {
	if job.State != providers.NeedsYou || job.Ask == nil {
		q.Hide()
		return
	}
	if q.job != job.ID {
		q.id.SetText("")
	}
	q.job = job.ID
	q.message.SetText(say(job.Ask.Message))
	kit.SetText(q.look, say(job.Ask.Look))
	q.where.Objects = nil
	if button := remedyButton(q.desk, q.host, job.Ask.Remedy, serviceOf(job.Task)); button != nil {
		q.where.Objects = []fyne.CanvasObject{button}
	}
	kit.SetVisible(len(q.where.Objects) > 0, q.where)
	q.sent.SetText(fmt.Sprintf(lang.L("The request left at %s."), exactMoment(job.Ask.Sent)))
	q.candidates.Objects = nil
	for _, receipt := range job.Ask.Candidates {
		button := widget.NewButtonWithIcon(candidateText(receipt), theme.ConfirmIcon(), func() {
			q.answer(jobs.Resolution{Adopt: receipt.ID})
		})
		button.Alignment = widget.ButtonAlignLeading
		q.candidates.Add(button)
	}
	kit.SetVisible(len(job.Ask.Candidates) > 0, q.candidates)
	q.Show()
	q.Refresh()
}

// candidateText names a request at the service that may be the lost one.
func candidateText(receipt providers.Receipt) string {
	text := fmt.Sprintf(lang.L("It is this one: %s"), receipt.ID)
	if !receipt.Time.IsZero() {
		text += " · " + exactMoment(receipt.Time)
	}
	if receipt.Title != "" {
		text += " · " + kit.Shortened(receipt.Title, 48)
	}
	return text
}

func (q *jobQuestion) answer(how jobs.Resolution) { q.actions.resolve(q.job, how) }

func (q *jobQuestion) adoptTyped() {
	if id := strings.TrimSpace(q.id.Text); id != "" {
		q.answer(jobs.Resolution{Adopt: id})
	}
}

func (q *jobQuestion) askResend() {
	kit.Confirm(q.window, kit.Question{
		Title: lang.L("Send the request again?"),
		Text:  lang.L("Only if you saw that it is not at the service. If it is there after all, you pay twice."),
		Yes:   lang.L("Send again"), No: lang.L("Look first"),
	}, func() { q.answer(jobs.Resolution{Resubmit: true}) })
}

func (q *jobQuestion) askGiveUp() {
	kit.Confirm(q.window, kit.Question{
		Title: lang.L("Give this job up?"),
		Text:  lang.L("Maquette stops asking about it. If the service took it, it is charged and its results stay there."),
		Yes:   lang.L("Give up"), No: lang.L("Keep it"),
	}, func() { q.answer(jobs.Resolution{GiveUp: true}) })
}

// CreateRenderer draws a frame around the question.
func (q *jobQuestion) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(q.frame, q.content))
}

// Refresh shows the candidates as they are now.
func (q *jobQuestion) Refresh() {
	q.candidates.Refresh()
	q.where.Refresh()
	q.BaseWidget.Refresh()
}
