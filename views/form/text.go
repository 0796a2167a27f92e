// Fields that hold text: prompts, lines, choices and models.

package form

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// Rows of text that a prompt shows.
const (
	promptRowsLeast = 3
	promptRowsMost  = 10
)

// promptInput is text of several lines that grows with what is typed.
type promptInput struct {
	entry *promptEntry
	count *kit.Caption
	field providers.Field
	box   *fyne.Container
}

func newPromptInput(field providers.Field, keys func(*fyne.KeyEvent) bool, edited func()) *promptInput {
	p := &promptInput{entry: newPromptEntry(keys), count: kit.NewCaptionLine(""), field: field}
	foot := container.NewHBox(layout.NewSpacer(), p.count)
	kit.SetVisible(field.Bounded(), foot)
	p.box = container.New(layout.NewCustomPaddedVBoxLayout(-4), p.entry, foot)
	p.entry.OnChanged = func(string) {
		p.counted()
		edited()
	}
	p.counted()
	return p
}

func (p *promptInput) counted() {
	p.count.SetText(fmt.Sprintf(lang.L("%d of %s"), utf8.RuneCountInString(p.entry.Text), numberText(p.field.Max)))
	p.entry.grow()
}

func (p *promptInput) object() fyne.CanvasObject { return p.box }
func (p *promptInput) value() any                { return textValue(strings.TrimSpace(p.entry.Text)) }
func (p *promptInput) set(value any)             { p.entry.SetText(textOf(value)) }
func (p *promptInput) focus() fyne.Focusable     { return p.entry }

// promptEntry is an entry of several lines that Tab leaves.
type promptEntry struct {
	kit.Entry

	rows int
}

func newPromptEntry(keys func(*fyne.KeyEvent) bool) *promptEntry {
	e := &promptEntry{rows: promptRowsLeast}
	e.Keys = keys
	e.MultiLine, e.Wrapping = true, fyne.TextWrapWord
	e.SetMinRowsVisible(promptRowsLeast)
	e.ExtendBaseWidget(e)
	return e
}

// AcceptsTab leaves Tab to the window: prompts have no use for it.
func (e *promptEntry) AcceptsTab() bool { return false }

// Resize fits the rows to the new width.
func (e *promptEntry) Resize(size fyne.Size) {
	e.Entry.Resize(size)
	e.grow()
}

// grow shows as many rows as the text takes, within bounds.
func (e *promptEntry) grow() {
	width := e.Size().Width - 4*theme.InnerPadding()
	if width <= 0 {
		return
	}
	rows := 0
	for line := range strings.SplitSeq(e.Text, "\n") {
		rows += 1 + int(fyne.MeasureText(line, theme.TextSize(), fyne.TextStyle{}).Width/width)
	}
	rows = min(max(rows, promptRowsLeast), promptRowsMost)
	if rows != e.rows {
		e.rows = rows
		e.SetMinRowsVisible(rows)
	}
}

func textValue(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// textInput is one line.
type textInput struct{ entry *kit.Entry }

func newTextInput(keys func(*fyne.KeyEvent) bool, edited func()) *textInput {
	entry := kit.NewEntry(keys)
	entry.OnChanged = func(string) { edited() }
	return &textInput{entry}
}

func (t *textInput) object() fyne.CanvasObject { return t.entry }
func (t *textInput) value() any                { return textValue(strings.TrimSpace(t.entry.Text)) }
func (t *textInput) set(value any)             { t.entry.SetText(textOf(value)) }
func (t *textInput) focus() fyne.Focusable     { return t.entry }

// optionLabels are what a person chooses among.
func optionLabels(options []providers.Option) []string {
	labels := make([]string, len(options))
	for i, option := range options {
		labels[i] = optionLabel(option)
	}
	return labels
}

func optionLabel(option providers.Option) string {
	if option.Label == "" {
		return option.Value
	}
	return kit.Local(option.Label)
}

// choiceInput is one of some values.
type choiceInput struct {
	field providers.Field
	pick  *kit.Select
}

func newChoiceInput(field providers.Field, keys func(*fyne.KeyEvent) bool, edited func()) *choiceInput {
	options := optionLabels(field.Options)
	if field.Default == nil {
		options = slices.Insert(options, 0, lang.L("Not set"))
	}
	c := &choiceInput{field: field, pick: kit.NewSelect(options, keys, edited)}
	c.pick.PlaceHolder = lang.L("Not set")
	return c
}

func (c *choiceInput) object() fyne.CanvasObject { return c.pick }
func (c *choiceInput) focus() fyne.Focusable     { return c.pick }

func (c *choiceInput) value() any {
	for _, option := range c.field.Options {
		if optionLabel(option) == c.pick.Selected {
			return option.Value
		}
	}
	return nil
}

func (c *choiceInput) set(value any) {
	for _, option := range c.field.Options {
		if option.Value == value {
			c.pick.SetSelected(optionLabel(option))
			return
		}
	}
	c.pick.ClearSelected()
}

// openChoiceInput is one of some values, or any other that is typed.
type openChoiceInput struct {
	options []providers.Option
	entry   *widget.SelectEntry
}

func newOpenChoiceInput(field providers.Field, edited func()) *openChoiceInput {
	o := &openChoiceInput{options: field.Options, entry: widget.NewSelectEntry(optionLabels(field.Options))}
	o.entry.SetPlaceHolder(lang.L("The service's choice"))
	o.entry.OnChanged = func(string) { edited() }
	return o
}

func (o *openChoiceInput) object() fyne.CanvasObject { return o.entry }
func (o *openChoiceInput) focus() fyne.Focusable     { return o.entry }

func (o *openChoiceInput) value() any {
	text := strings.TrimSpace(o.entry.Text)
	for _, option := range o.options {
		if optionLabel(option) == text {
			return option.Value
		}
	}
	return textValue(text)
}

func (o *openChoiceInput) set(value any) {
	text := textOf(value)
	for _, option := range o.options {
		if option.Value == text {
			text = optionLabel(option)
		}
	}
	o.entry.SetText(text)
}

// modelInput is one of the models trained at a service, or the service's own id of another.
type modelInput struct {
	openChoiceInput

	form *Form
}

func newModelInput(form *Form, edited func()) *modelInput {
	m := &modelInput{form: form, openChoiceInput: openChoiceInput{entry: widget.NewSelectEntry(nil)}}
	m.offer()
	m.entry.OnChanged = func(string) { edited() }
	return m
}

// offer takes over the models there are.
func (m *modelInput) offer() {
	m.options = nil
	for _, model := range m.form.host.Studio.Models.List() {
		if m.form.service == "" || model.Service == m.form.service {
			m.options = append(m.options, providers.Option{Value: model.ID, Label: m.title(model.Title, model.RemoteID)})
		}
	}
	m.entry.SetOptions(optionLabels(m.options))
	m.entry.SetPlaceHolder(lang.L("None, or an id"))
}

// title tells models of the same title apart.
func (m *modelInput) title(title, id string) string {
	taken := slices.ContainsFunc(m.options, func(o providers.Option) bool { return o.Label == title })
	if title == "" || taken {
		return strings.TrimSpace(title + " " + id)
	}
	return title
}

// set takes a model's id in Maquette or at its service.
func (m *modelInput) set(value any) {
	if model, known := m.form.host.Studio.Models.Model(textOf(value)); known && value != "" {
		value = model.ID
	}
	m.openChoiceInput.set(value)
}
