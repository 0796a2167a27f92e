// Asking for what a call at Bria needs: some of its own declared fields, in a
// panel over the window.

package views

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/app/remote"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/form"
	"github.com/maquette-studio/maquette/views/kit"
)

var (
	briaFormSize  = fyne.NewSize(560, 300)
	briaFormLarge = fyne.NewSize(640, 560)
)

// briaForm lies over the window until its call succeeded or it is closed.
type briaForm struct {
	kit.Panel

	pane    *briaPane
	order   briaOrder
	asks    *providers.Call
	form    *form.Form
	problem *kit.ProblemLine
	failure *failureCard
	busy    *widget.ProgressBarInfinite
	copyAs  *copyAs
	yes     *kit.Button
}

// briaOrder is what a form is for.
type briaOrder struct {
	title, yes string
	call       string
	fields     []string         // the keys that are asked for; none for all of the call's
	known      map[string]any   // what they hold at first
	fixed      providers.Values // sent along
	size       fyne.Size
	then       func(made remote.ID) // with the id that the answer holds
}

// pick leaves the fields that are asked for.
func (o briaOrder) pick(fields []providers.Field) []providers.Field {
	if len(o.fields) == 0 {
		return fields
	}
	return slices.DeleteFunc(slices.Clone(fields), func(f providers.Field) bool { return !slices.Contains(o.fields, f.Key) })
}

func (p *briaPane) ask(order briaOrder) {
	call, ok := p.bria.Service().FindCall(briaService + "/" + order.call)
	if !ok {
		return
	}
	f := &briaForm{
		pane: p, order: order, asks: call, form: form.New(p.forms()), problem: kit.NewProblemLine(),
		failure: newFailureCard(p.desk, p.host), busy: widget.NewProgressBarInfinite(),
	}
	f.busy.Hide()
	f.Work, f.OnEnter = p.work.Part(), f.send
	f.form.OnEscape = f.Close
	f.form.SetFields(order.pick(call.Fields))
	for key, value := range order.known {
		if value != "" {
			f.form.SetValue(key, value)
			f.form.SetPlaceHolder(key, fmt.Sprintf(lang.L("Left empty, it stays “%v”"), value))
		}
	}
	title := widget.NewLabelWithStyle(order.title, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	f.yes = kit.NewButton(order.yes, f.Escape, f.send)
	f.yes.Importance = widget.HighImportance
	no := kit.NewButton(lang.L("Cancel"), f.Escape, f.Close)
	f.copyAs = newCopyAs(p.desk, f.typed, f.refused)
	f.copyAs.keys = f.Escape
	scroll := container.NewVScroll(container.NewVBox(f.form.Content, f.problem, f.failure))
	f.form.Scroll = scroll
	f.Show(p.window, container.NewBorder(
		title, container.NewHBox(f.copyAs.button, f.busy, layout.NewSpacer(), no, f.yes), nil, nil, kit.ScrolledAsOne(scroll),
	), order.size.Max(briaFormSize), f.yes)
	f.form.FocusFirst()
}

// typed is the call as the form holds it.
func (f *briaForm) typed() jobs.Order {
	order := f.form.Order(f.asks.ID)
	maps.Copy(order.Values, f.order.fixed)
	return order
}

// briaSent is what became of a form's call.
type briaSent struct {
	made remote.ID
	err  error
}

func (f *briaForm) send() {
	if f.yes.Disabled() {
		return
	}
	order := f.typed()
	f.refused(order.Invalid, nil)
	if len(order.Invalid) > 0 {
		return
	}
	f.busy.Show()
	kit.SetEnabled(false, f.yes)
	bria, call := f.pane.bria, f.order.call
	kit.Begin(f.Work, "send", func(ctx context.Context) briaSent {
		made, err := bria.Make(ctx, call, order.Values)
		return briaSent{made, err}
	}, f.sent)
}

func (f *briaForm) sent(s briaSent) {
	f.busy.Hide()
	kit.SetEnabled(true, f.yes)
	f.refused(nil, s.err)
	if s.err != nil {
		return
	}
	f.Close()
	f.order.then(s.made)
}

// refused shows why the form can't be sent, and nothing when it can.
func (f *briaForm) refused(problems []providers.Problem, err error) {
	f.problem.SetText("")
	if rest := f.form.Problems(problems); len(rest) > 0 {
		f.problem.SetText(say(rest[0].Sentence()))
	}
	f.failure.SetFailure(err, briaService, nil)
}
