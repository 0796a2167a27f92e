// Fields whose values a service lists: an id to type, or a choice of what is
// there.

package form

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
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

// listedInput is one line, with a button that asks the service for the list.
type listedInput struct {
	textInput

	form    *Form
	listing providers.Listing
	refused func(string) // says under the field why there is no list
	work    *kit.Work
	button  *kit.Button
	box     fyne.CanvasObject
}

func newListedInput(form *Form, listing providers.Listing, edited func(), refused func(string)) *listedInput {
	l := &listedInput{textInput: *newTextInput(form.key, edited), form: form, work: form.work.Part(), listing: listing, refused: refused}
	l.button = kit.NewButton("", form.key, l.ask)
	l.button.Icon = theme.MenuDropDownIcon()
	l.box = container.NewBorder(nil, nil, nil, l.button, l.entry)
	return l
}

func (l *listedInput) object() fyne.CanvasObject { return l.box }

// listed is what a service answered.
type listed struct {
	options []providers.Option
	err     error
}

// ask reads the list in a worker and offers it.
func (l *listedInput) ask() {
	kit.SetEnabled(false, l.button)
	l.refused("")
	studio := l.form.host.Studio
	kit.Begin(l.work, "list", func(ctx context.Context) listed {
		answer, _, err := studio.Call(ctx, jobs.NewOrder(studio.Services(), l.listing.Call, nil)) // it takes no values that could be wrong
		if err != nil {
			return listed{err: err}
		}
		options, err := optionsIn(answer, l.listing)
		return listed{options, err}
	}, l.offer)
}

// optionsIn are the objects of an answer as options.
func optionsIn(answer any, listing providers.Listing) ([]providers.Option, error) {
	text, err := json.Marshal(answer)
	if err != nil {
		return nil, fmt.Errorf("writing the answer down: %w", err)
	}
	var objects []map[string]any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&objects); err != nil {
		return nil, fmt.Errorf("reading the list: %w", err)
	}
	var options []providers.Option
	for _, object := range objects {
		value, title := textOf(object[listing.Value]), textOf(object[listing.Title])
		if value != "" {
			options = append(options, providers.Option{Value: value, Label: kit.Dotted(title, value)})
		}
	}
	return options, nil
}

func (l *listedInput) offer(got listed) {
	kit.SetEnabled(true, l.button)
	switch {
	case got.err != nil:
		l.refused(adviceOf(got.err))
		return
	case len(got.options) == 0:
		l.refused(lang.L("The service has none yet."))
		return
	}
	l.refused("")
	items := make([]*fyne.MenuItem, len(got.options))
	for i, option := range got.options {
		items[i] = fyne.NewMenuItem(option.Label, func() { l.entry.SetText(option.Value) })
	}
	menu := widget.NewPopUpMenu(fyne.NewMenu("", items...), l.form.host.Window.Canvas())
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(l.entry)
	menu.ShowAtPosition(at.AddXY(0, l.entry.Size().Height))
	menu.Resize(menu.MinSize().Max(fyne.NewSize(l.entry.Size().Width, 0)))
}

// adviceOf is an error with what to do about it, as one line.
func adviceOf(err error) string {
	said := providers.SentenceOf(err).In(kit.Local, kit.Sprintf)
	var f *providers.Failure
	if errors.As(err, &f) && !f.Advice.IsZero() {
		said = kit.Sentences(said, f.Advice.In(kit.Local, kit.Sprintf))
	}
	return said
}
