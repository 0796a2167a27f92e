// Fields that hold numbers, and yes or no.

package form

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

const (
	// numberWidth fits a number beside a slider, in density-independent pixels.
	numberWidth float32 = 68
	// sliderStops is how many values a slider may offer before it gets too fine to hit one.
	sliderStops = 200
)

// numberEntry is a line whose number the arrow keys up and down change.
type numberEntry struct {
	widget.Entry

	step func(by int)
}

func newNumberEntry(step func(by int)) *numberEntry {
	e := &numberEntry{step: step}
	e.ExtendBaseWidget(e)
	return e
}

// TypedKey steps on up and down.
func (e *numberEntry) TypedKey(event *fyne.KeyEvent) {
	switch event.Name {
	case fyne.KeyUp:
		e.step(1)
	case fyne.KeyDown:
		e.step(-1)
	default:
		e.Entry.TypedKey(event)
	}
}

// intInput is a whole number with buttons for less and more.
type intInput struct {
	field providers.Field
	entry *numberEntry
	box   fyne.CanvasObject
}

func newIntInput(field providers.Field, edited func()) *intInput {
	n := &intInput{field: field}
	n.entry = newNumberEntry(n.step)
	n.entry.OnChanged = func(string) { edited() }
	less := kit.NewIconButton(theme.ContentRemoveIcon(), func() { n.step(-1) })
	more := kit.NewIconButton(theme.ContentAddIcon(), func() { n.step(1) })
	entry := container.New(&kit.FixedWidth{Width: numberWidth}, n.entry)
	n.box = container.NewBorder(nil, nil, container.New(layout.NewCustomPaddedHBoxLayout(1), container.NewCenter(entry), container.NewCenter(less), container.NewCenter(more)), nil, kit.NewCaption(limitsOf(field)))
	return n
}

// step goes to the next multiple of the field's step, within its range.
func (n *intInput) step(by int) {
	step := max(1, int64(n.field.Step))
	now, err := strconv.ParseInt(strings.TrimSpace(n.entry.Text), 10, 64)
	if err != nil {
		now, by = n.start(), 0
	}
	next := now + int64(by)*step
	if n.field.Bounded() {
		next = min(max(next, int64(n.field.Min)), int64(n.field.Max))
	}
	n.entry.SetText(strconv.FormatInt(next, 10))
}

// start is where stepping begins in an empty field.
func (n *intInput) start() int64 {
	if standard, ok := n.field.Default.(int64); ok {
		return standard
	}
	return int64(n.field.Min)
}

func (n *intInput) object() fyne.CanvasObject { return n.box }
func (n *intInput) value() any                { return textValue(strings.TrimSpace(n.entry.Text)) }
func (n *intInput) set(value any)             { n.entry.SetText(textOf(value)) }
func (n *intInput) focus() fyne.Focusable     { return n.entry }

// floatInput is a number, with a slider where its range has few enough stops.
type floatInput struct {
	field  providers.Field
	entry  *numberEntry
	slider *widget.Slider // nil without
	moving bool           // the slider is following the entry
	box    fyne.CanvasObject
}

func newFloatInput(field providers.Field, edited func()) *floatInput {
	n := &floatInput{field: field}
	n.entry = newNumberEntry(n.step)
	n.entry.OnChanged = func(string) {
		n.follow()
		edited()
	}
	limits := kit.NewCaption(limitsOf(field))
	if !n.slides() {
		n.box = container.NewBorder(nil, nil, container.NewCenter(container.New(&kit.FixedWidth{Width: numberWidth}, n.entry)), nil, limits)
		return n
	}
	n.slider = widget.NewSlider(field.Min, field.Max)
	n.slider.Step = n.stop()
	n.slider.OnChanged = func(to float64) {
		if !n.moving {
			n.entry.SetText(numberText(n.round(to)))
		}
	}
	n.box = container.NewBorder(nil, nil, nil, container.New(&kit.FixedWidth{Width: numberWidth}, n.entry), n.slider)
	return n
}

func (n *floatInput) slides() bool {
	return n.field.Bounded() && (n.field.Max-n.field.Min)/n.stop() <= sliderStops
}

func (n *floatInput) stop() float64 {
	if n.field.Step > 0 {
		return n.field.Step
	}
	return 0.05
}

// round removes what binary fractions add to a stop.
func (n *floatInput) round(v float64) float64 {
	short, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 6, 64), 64)
	if err != nil {
		return v
	}
	return short
}

func (n *floatInput) follow() {
	now, err := strconv.ParseFloat(strings.TrimSpace(n.entry.Text), 64)
	if n.slider == nil || err != nil {
		return
	}
	n.moving = true
	n.slider.SetValue(min(max(now, n.field.Min), n.field.Max))
	n.moving = false
}

func (n *floatInput) step(by int) {
	now, err := strconv.ParseFloat(strings.TrimSpace(n.entry.Text), 64)
	if err != nil {
		now, by = n.field.Min, 0
		if standard, ok := n.field.Default.(float64); ok {
			now = standard
		}
	}
	next := n.round(now + float64(by)*n.stop())
	if n.field.Bounded() {
		next = min(max(next, n.field.Min), n.field.Max)
	}
	n.entry.SetText(numberText(next))
}

func (n *floatInput) object() fyne.CanvasObject { return n.box }
func (n *floatInput) value() any                { return textValue(strings.TrimSpace(n.entry.Text)) }
func (n *floatInput) focus() fyne.Focusable     { return n.entry }

func (n *floatInput) set(value any) {
	n.entry.SetText(textOf(value))
	n.follow()
}

// boolInput is yes or no. Where the service has a default of its own, no is left unsaid.
type boolInput struct {
	field providers.Field
	check *widget.Check
}

func newBoolInput(field providers.Field, edited func()) *boolInput {
	return &boolInput{field, widget.NewCheck("", func(bool) { edited() })}
}

func (b *boolInput) object() fyne.CanvasObject { return b.check }
func (b *boolInput) focus() fyne.Focusable     { return b.check }

func (b *boolInput) value() any {
	if !b.check.Checked && b.field.Default == nil {
		return nil
	}
	return b.check.Checked
}

func (b *boolInput) set(value any) {
	yes, _ := value.(bool)
	b.check.SetChecked(yes || value == "true")
}

// seedInput is a seed, with a button for a random one.
type seedInput struct {
	entry *numberEntry
	box   fyne.CanvasObject
}

func newSeedInput(edited func()) *seedInput {
	s := &seedInput{}
	s.entry = newNumberEntry(func(by int) {
		if now, err := strconv.ParseInt(strings.TrimSpace(s.entry.Text), 10, 64); err == nil {
			s.entry.SetText(strconv.FormatInt(max(-1, now+int64(by)), 10))
		}
	})
	s.entry.OnChanged = func(string) { edited() }
	s.entry.SetPlaceHolder(lang.L("random"))
	dice := widget.NewButtonWithIcon(lang.L("Random"), theme.ViewRefreshIcon(), func() { s.entry.SetText("-1") })
	s.box = container.NewBorder(nil, nil, nil, dice, s.entry)
	return s
}

func (s *seedInput) object() fyne.CanvasObject { return s.box }
func (s *seedInput) value() any                { return textValue(strings.TrimSpace(s.entry.Text)) }
func (s *seedInput) set(value any)             { s.entry.SetText(textOf(value)) }
func (s *seedInput) focus() fyne.Focusable     { return s.entry }
