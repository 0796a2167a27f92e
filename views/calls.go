// Asking a service directly: every call that a service documents, as a form
// and its answer. What has a place of its own elsewhere can be asked for here
// too.

package views

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/consent"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/form"
	"github.com/maquette-studio/maquette/views/kit"
)

// callPanelSize is the panel's size where the window has room for it.
var callPanelSize = fyne.NewSize(860, 640)

// callPanel lies over the window until it is closed.
type callPanel struct {
	kit.Panel
	desk

	service *kit.Select
	pick    *kit.Select // among the service's calls
	help    *kit.MutedText
	form    *form.Form
	consent *kit.ConsentBox // shown for a call that takes it
	problem *kit.ProblemLine
	copyAs  *copyAs
	ask     *kit.Button
	busy    *widget.ProgressBarInfinite
	failure *failureCard
	answer  *widget.Label
}

// callAnswer is what came back.
type callAnswer struct {
	text     string
	problems []providers.Problem
	err      error
}

// showCalls opens the panel.
func showCalls(w desk, host failureHost) *callPanel {
	p := &callPanel{
		desk: w, help: kit.NewMutedText(""), form: form.New(w.forms()), problem: kit.NewProblemLine(),
		busy: widget.NewProgressBarInfinite(), failure: newFailureCard(w, host), answer: widget.NewLabel(""),
	}
	p.answer.Wrapping, p.answer.Selectable = fyne.TextWrapWord, true
	p.answer.TextStyle = fyne.TextStyle{Monospace: true}
	p.consent = kit.NewConsentBox(consent.Statement, func() { p.say(callAnswer{}) })
	p.busy.Hide()
	p.failure.Hide()
	var services []string
	for _, service := range p.services() {
		services = append(services, w.marked(service.Title, service))
	}
	p.copyAs = newCopyAs(w, p.order, func(problems []providers.Problem, err error) { p.say(callAnswer{problems: problems, err: err}) })
	p.Work, p.copyAs.keys, p.form.OnEscape = w.work.Part(), p.Escape, p.Close
	p.service = kit.NewSelect(services, p.Escape, p.chooseService)
	p.pick = kit.NewSelect(nil, p.Escape, p.choose)
	p.ask = kit.NewButton(lang.L("Ask"), p.Escape, p.start)
	p.ask.Importance = widget.HighImportance
	closing := kit.NewButton(lang.L("Close"), p.Escape, p.Close)

	title := widget.NewLabelWithStyle(lang.L("Ask a service"), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	form := container.NewVScroll(container.NewVBox(p.help, p.form.Content, p.consent, p.problem))
	p.form.Scroll = form
	split := container.NewVSplit(kit.ScrolledAsOne(form), container.NewVScroll(container.NewVBox(p.failure, p.answer)))
	given := 0.42
	w.keepSplit("calls", split, &given)
	p.Show(w.window, container.NewBorder(
		container.NewVBox(title, container.NewGridWithColumns(2, p.service, p.pick)), container.NewHBox(p.copyAs.button, p.busy, layout.NewSpacer(), closing, p.ask), nil, nil, split,
	), callPanelSize, p.ask)
	p.service.SetSelectedIndex(0)
	return p
}

// services are those that answer calls.
func (p *callPanel) services() []*providers.Service {
	return slices.DeleteFunc(slices.Clone(p.studio.Services()), func(s *providers.Service) bool { return len(s.Calls) == 0 })
}

func (p *callPanel) call() *providers.Call {
	service := p.services()[max(p.service.SelectedIndex(), 0)]
	return &service.Calls[max(p.pick.SelectedIndex(), 0)]
}

// pickRemedy chooses a remedy's call and fills in what it sets.
func (p *callPanel) pickRemedy(remedy providers.Remedy) {
	_, service, known := p.studio.Services().Call(remedy.Call)
	if !known {
		return
	}
	p.service.SetSelectedIndex(slices.Index(p.services(), service))
	p.pick.SetSelectedIndex(slices.IndexFunc(service.Calls, func(c providers.Call) bool { return c.ID == remedy.Call }))
	if key, value, set := strings.Cut(remedy.Set, "="); set {
		p.form.SetValue(key, value)
	}
}

func (p *callPanel) chooseService() {
	service := p.services()[max(p.service.SelectedIndex(), 0)]
	titles := make([]string, len(service.Calls))
	for i, call := range service.Calls {
		titles[i] = kit.Local(call.Title)
	}
	p.pick.SetOptions(titles)
	p.pick.SetSelectedIndex(0)
}

func (p *callPanel) choose() {
	call := p.call()
	p.Work.Drop("ask")
	p.busy.Hide()
	p.help.SetText(kit.Local(call.Help))
	p.consent.SetChecked(false)
	kit.SetVisible(call.Person, p.consent)
	p.form.SetFields(call.Fields)
	p.say(callAnswer{})
}

// start asks, once a person has confirmed what would be destroyed.
func (p *callPanel) start() {
	call := p.call()
	if problems := consent.Check(call.Person, p.order().Agreed()); len(problems) > 0 {
		p.say(callAnswer{problems: problems})
		return
	}
	if call.Consequence == "" {
		p.send()
		return
	}
	kit.Confirm(p.window, kit.Question{Title: kit.Local(call.Title), Text: kit.Local(call.Consequence), Yes: lang.L("Do it"), No: lang.L("Leave it")}, func() { p.send() })
}

func (p *callPanel) order() jobs.Order {
	order := p.form.Order(p.call().ID)
	order.Consent = p.consent.Checked()
	return order
}

func (p *callPanel) send() {
	order := p.order()
	p.say(callAnswer{})
	p.busy.Show()
	kit.Begin(p.Work, "ask", func(ctx context.Context) callAnswer {
		answer, problems, err := p.studio.Call(ctx, order)
		if err != nil || len(problems) > 0 {
			return callAnswer{problems: problems, err: err}
		}
		text, err := json.MarshalIndent(answer, "", "  ")
		if err != nil {
			err = fmt.Errorf("writing the answer down: %w", err)
		}
		return callAnswer{text: string(text), err: err}
	}, func(a callAnswer) {
		p.busy.Hide()
		p.say(a)
	})
}

func (p *callPanel) say(a callAnswer) {
	rest := p.form.Problems(a.problems)
	p.problem.SetText("")
	if len(rest) > 0 {
		p.problem.SetText(say(rest[0].Sentence()))
	}
	p.failure.SetFailure(a.err, serviceOf(p.call().ID), nil)
	p.answer.SetText(a.text)
}
