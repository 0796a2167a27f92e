// Changing what lies at Bria: one change at a time, how far it is, and what
// became of it.

package views

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/views/kit"
)

// tellChange shows how far a change is; of 0 is not known. It may be called
// from any goroutine.
type tellChange func(text string, done, of int)

// doChange changes something in a worker. What it returns is done on the UI
// goroutine, its error shown.
type doChange func(ctx context.Context, tell tellChange) (then func(), err error)

// change does what a person asked for; what was said before is over.
func (p *briaPane) change(doing string, do doChange) {
	if p.stop == nil {
		p.hush()
	}
	p.begin(doing, do)
}

// begin changes something at Bria, one thing after the other.
func (p *briaPane) begin(doing string, do doChange) {
	if p.stop != nil {
		p.next = append(p.next, func() { p.begin(doing, do) })
		return
	}
	p.busy.show(doing, 0, 0)
	type outcome struct {
		then func()
		err  error
	}
	p.stop = kit.Do(p.work, func(ctx context.Context) outcome {
		then, err := do(ctx, func(text string, done, of int) {
			if ctx.Err() == nil {
				kit.OnUI(func() { p.busy.show(text, done, of) })
			}
		})
		return outcome{then, err}
	}, func(o outcome) {
		p.stop = nil
		p.busy.hide()
		if o.err != nil && !errors.Is(o.err, context.Canceled) {
			p.fail(o.err, nil)
		}
		kit.Call(o.then)
		if o.err != nil {
			p.reload() // what was refused may have changed meanwhile
		}
		if len(p.next) > 0 {
			next := p.next[0]
			p.next = p.next[1:]
			next()
		}
	})
}

// do does one thing and then goes on.
func (p *briaPane) do(doing string, do func(ctx context.Context) error, then func()) {
	p.change(doing, func(ctx context.Context, _ tellChange) (func(), error) {
		if err := do(ctx); err != nil {
			return nil, err
		}
		return then, nil
	})
}

func (p *briaPane) fail(err error, retry func()) {
	p.failure.SetFailure(err, briaService, retry)
}

// hush takes back what was said before.
func (p *briaPane) hush() {
	p.say("")
	p.failure.SetFailure(nil, "", nil)
}

// say tells what was done, "" for nothing.
func (p *briaPane) say(text string) { p.notice.offer(text, "", nil) }

// progressSize is that of a progress bar beside text, in density-independent
// pixels.
var progressSize = fyne.NewSize(160, 8)

// briaBusy says what is being done, with a way to give it up.
type briaBusy struct {
	text     *kit.MutedText
	activity *widget.Activity
	bar      *widget.ProgressBar
	room     *fyne.Container // for the bar
	content  *fyne.Container
}

func newBriaBusy(cancel func()) *briaBusy {
	b := &briaBusy{text: kit.NewMutedLine(""), activity: widget.NewActivity(), bar: widget.NewProgressBar()}
	b.bar.TextFormatter = func() string { return "" } // the text says it
	b.room = container.NewCenter(container.NewGridWrap(progressSize, b.bar))
	stop := widget.NewButtonWithIcon(lang.L("Cancel"), theme.CancelIcon(), cancel)
	b.content = container.NewBorder(nil, nil, container.NewCenter(b.activity), container.NewHBox(b.room, stop), b.text)
	b.content.Hide()
	return b
}

// show says what is being done; of 0 means that it isn't known how far it is.
func (b *briaBusy) show(text string, done, of int) {
	b.text.SetText(text)
	kit.SetVisible(of > 0, b.room)
	b.bar.Max = float64(max(of, 1))
	b.bar.SetValue(float64(done))
	b.activity.Start()
	b.content.Show()
}

func (b *briaBusy) hide() {
	b.activity.Stop()
	b.content.Hide()
}

// briaNotice says what was done, and offers what follows from it.
type briaNotice struct {
	text    *kit.MutedText
	button  *widget.Button
	content *fyne.Container
}

func newBriaNotice() *briaNotice {
	n := &briaNotice{text: kit.NewMutedText(""), button: widget.NewButton("", nil)}
	n.content = container.NewBorder(nil, nil, nil, container.NewCenter(n.button), n.text)
	n.content.Hide()
	return n
}

// offer says something; without a button there is nothing to follow.
func (n *briaNotice) offer(text, button string, do func()) {
	n.text.SetText(text)
	n.button.SetText(button)
	n.button.OnTapped = func() {
		n.content.Hide()
		do()
	}
	kit.SetVisible(button != "", n.button)
	kit.SetVisible(text != "", n.content)
}
