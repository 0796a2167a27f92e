// A job that needs a person: what is not known, where to look, and the answers there are.

package views

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// jobQuestion is shown while a job needs the person, and while a person may
// decide what is still looked for.
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
	problem    *kit.ProblemLine // with the id
	found      *fyne.Container  // where an id is typed
	again      *widget.Button
	resend     *widget.Button
	goOn       *widget.Button
	doubt      bool // it is asked before anything is paid
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
	q.problem = kit.NewProblemLine()
	q.id.OnChanged = func(text string) {
		q.problem.SetText("")
		kit.SetEnabled(strings.TrimSpace(text) != "", q.adopt)
	}
	q.id.OnSubmitted = func(string) { q.adoptTyped() }
	q.again = widget.NewButtonWithIcon(lang.L("Ask the service again"), theme.ViewRefreshIcon(), func() { q.answer(jobs.Resolution{Look: true}) })
	q.resend = widget.NewButtonWithIcon(lang.L("It is not there: send again…"), theme.MailSendIcon(), q.askResend)
	q.goOn = widget.NewButtonWithIcon(lang.L("Go on as it is"), theme.ConfirmIcon(), func() { q.answer(jobs.Resolution{GoOn: true}) })
	giveUp := widget.NewButtonWithIcon(lang.L("Give up…"), theme.CancelIcon(), q.askGiveUp)
	for _, button := range []*widget.Button{q.again, q.goOn, q.resend, giveUp} {
		button.Alignment = widget.ButtonAlignLeading
	}
	q.found = container.NewVBox(container.NewBorder(nil, nil, nil, q.adopt, q.id), q.problem)
	q.content = container.NewPadded(container.NewVBox(
		q.message, q.look, q.where, q.sent, q.candidates,
		q.found, container.NewVBox(q.again, q.goOn, q.resend, giveUp),
	))
	q.ExtendBaseWidget(q)
	q.Hide()
	return q
}

// show asks about a job, or nothing when it needs nobody.
func (q *jobQuestion) show(job jobs.Job) {
	ask := questionOf(job)
	if ask == nil {
		q.Hide()
		return
	}
	if q.job != job.ID {
		q.id.SetText("")
	}
	q.job = job.ID
	q.ask(job, *ask)
	q.doubt = ask.Doubt
	kit.SetVisible(job.State == providers.NeedsYou && !job.Damaged, q.again)
	kit.SetVisible(ask.Doubt, q.goOn)
	q.again.SetText(lang.L("Ask the service again"))
	if ask.Doubt {
		q.again.SetText(lang.L("Wait on"))
	}
	for _, object := range []fyne.CanvasObject{q.found, q.resend, q.sent} {
		kit.SetVisible(!ask.Accepted() && !ask.Doubt, object)
	}
	q.Show()
	q.Refresh()
}

// questionOf is what a person is asked about a job, or may decide of a request
// that is still looked for; nil for nothing.
func questionOf(job jobs.Job) *jobs.Question {
	switch {
	case job.State == providers.NeedsYou:
		return job.Ask
	case job.Looking == nil || job.State.Ended():
		return nil
	}
	return &jobs.Question{
		Step: job.Looking.Step, Sent: job.Looking.Sent,
		Message: providers.Say("No answer came. The request may still arrive: it is looked for until %s, and not sent again before.",
			job.Looking.Until.Local().Format(time.TimeOnly)),
		Look: providers.Say("If you know better, you can decide now."),
	}
}

func (q *jobQuestion) ask(job jobs.Job, ask jobs.Question) {
	q.message.SetText(say(ask.Message))
	kit.SetText(q.look, say(ask.Look))
	q.where.Objects = nil
	if button := remedyButton(q.desk, q.host, ask.Remedy, serviceOf(job.Task)); button != nil {
		q.where.Objects = []fyne.CanvasObject{button}
	}
	kit.SetVisible(len(q.where.Objects) > 0, q.where)
	q.sent.SetText(fmt.Sprintf(lang.L("The request left at %s."), kit.ExactMoment(ask.Sent)))
	q.candidates.Objects = nil
	for _, receipt := range ask.Candidates {
		button := widget.NewButtonWithIcon(candidateText(receipt), theme.ConfirmIcon(), func() {
			q.answer(jobs.Resolution{Adopt: receipt.ID})
		})
		button.Alignment = widget.ButtonAlignLeading
		q.candidates.Add(button)
	}
	kit.SetVisible(len(ask.Candidates) > 0, q.candidates)
}

// candidateText names a request at the service that may be the lost one.
func candidateText(receipt providers.Receipt) string {
	text := fmt.Sprintf(lang.L("It is this one: %s"), receipt.ID)
	if !receipt.Time.IsZero() {
		text += " · " + kit.ExactMoment(receipt.Time)
	}
	if receipt.Title != "" {
		text += " · " + kit.Shortened(receipt.Title, 48)
	}
	return text
}

func (q *jobQuestion) answer(how jobs.Resolution) {
	q.actions.resolve(q.job, how, func(refused *providers.Failure) { q.problem.SetText(sayError(refused)) })
}

func (q *jobQuestion) adoptTyped() {
	if id := strings.TrimSpace(q.id.Text); id != "" {
		q.answer(jobs.Resolution{Adopt: id})
	}
}

func (q *jobQuestion) askResend() {
	kit.Confirm(q.window, kit.Question{
		Title: lang.L("Send the request again?"),
		Text:  lang.L("Only if you saw that it is not at the service. If it is there after all, or arrives later, you pay twice."),
		Yes:   lang.L("Send again"), No: lang.L("Look first"),
	}, func() { q.answer(jobs.Resolution{Resubmit: true}) })
}

func (q *jobQuestion) askGiveUp() {
	text := lang.L("Maquette stops asking about it. If the service took it, it is charged and its results stay there.")
	if q.doubt {
		text = lang.L("Nothing was paid. What was uploaded stays at the service.")
	}
	kit.Confirm(q.window, kit.Question{
		Title: lang.L("Give this job up?"),
		Text:  text,
		Yes:   lang.L("Give up"), No: lang.L("Keep it"),
	}, func() { q.answer(jobs.Resolution{GiveUp: true}) })
}

// Parts are what it is made of.
func (q *jobQuestion) Parts() fyne.CanvasObject { return q.content }

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
