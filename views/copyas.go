// "Copy as…": what a form holds as text for the clipboard.

package views

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// copiedFor is how long the button says that something was copied.
const copiedFor = 2 * time.Second

// copyAs is the button and its menu.
type copyAs struct {
	button *kit.Button
	desk
	// keys, where it isn't nil, takes a key before the button does.
	keys func(*fyne.KeyEvent) bool
	// order reads the form; complete, where it isn't nil, adds what takes a
	// worker to read.
	order    func() jobs.Order
	complete func(ctx context.Context, order *jobs.Order) error
	// refused shows why there is nothing to copy; it is called with neither
	// when there is.
	refused func(problems []providers.Problem, err error)
}

// writeOrder is one of the studio's ways to write an order down.
type writeOrder func(context.Context, jobs.Order) (string, []providers.Problem, error)

func newCopyAs(w desk, order func() jobs.Order, refused func([]providers.Problem, error)) *copyAs {
	c := &copyAs{desk: w.part(), order: order, refused: refused}
	c.button = kit.NewButton("", func(event *fyne.KeyEvent) bool { return c.keys != nil && c.keys(event) }, c.offer)
	c.rest()
	return c
}

func (c *copyAs) rest() {
	c.button.Text, c.button.Icon = lang.L("Copy as…"), theme.ContentCopyIcon()
	c.button.Refresh()
}

// offer shows the menu above the button.
func (c *copyAs) offer() {
	menu := widget.NewPopUpMenu(c.menu(), c.window.Canvas())
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(c.button)
	menu.ShowAtPosition(at.SubtractXY(0, menu.MinSize().Height))
}

func (c *copyAs) menu() *fyne.Menu {
	studio := c.studio
	return fyne.NewMenu("",
		fyne.NewMenuItem(lang.L("API request (curl)"), func() { c.copy(studio.Recorder.AsCurl) }),
		fyne.NewMenuItem(lang.L("Maquette command"), func() { c.copy(studio.Recorder.AsCommand) }))
}

func (c *copyAs) copy(write writeOrder) {
	type outcome struct {
		text     string
		problems []providers.Problem
		err      error
	}
	order := c.order()
	c.button.Disable()
	kit.Do(c.work, func(ctx context.Context) (o outcome) {
		if c.complete != nil {
			if o.err = c.complete(ctx, &order); o.err != nil {
				return o
			}
		}
		o.text, o.problems, o.err = write(ctx, order)
		return o
	}, func(o outcome) {
		c.button.Enable()
		c.refused(o.problems, o.err)
		if o.err == nil && len(o.problems) == 0 {
			c.toClipboard(o.text)
			c.done()
		}
	})
}

// done says for a moment that it is in the clipboard.
func (c *copyAs) done() {
	c.button.Text, c.button.Icon = lang.L("Copied"), theme.ConfirmIcon()
	c.button.Refresh()
	c.work.After("copied", copiedFor, c.rest)
}
