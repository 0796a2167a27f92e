// One field of a form: its label, its widget, what it means and what is wrong with it.

package form

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
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

// Measures in density-independent pixels.
const (
	rowGap     float32 = 5
	labelWidth float32 = 132
)

// fieldInput is the widget of one kind of field.
type fieldInput interface {
	object() fyne.CanvasObject
	value() any // for providers.Parse; nil when nothing is there
	set(value any)
	focus() fyne.Focusable // nil when nothing can have the keyboard
}

// fieldRow is one field of a group.
type fieldRow struct {
	group   *fieldGroup
	field   providers.Field
	input   fieldInput
	applies bool // its condition holds
	quiet   bool // the program, not the person, is changing the value

	box     *fyne.Container
	head    fyne.CanvasObject // the label above a wide widget
	help    *kit.Caption
	problem *widget.Label
}

func newFieldRow(g *fieldGroup, field providers.Field) *fieldRow {
	r := &fieldRow{group: g, field: field, applies: true}
	r.help = kit.NewCaption(explanation(field))
	r.help.Hide()
	r.problem = widget.NewLabel("")
	r.problem.Importance, r.problem.Wrapping = widget.DangerImportance, fyne.TextWrapWord
	r.problem.SizeName = theme.SizeNameCaptionText
	r.problem.Hide()
	r.input = newFieldInput(r)
	label := widget.NewLabel(r.label())
	label.Truncation = fyne.TextTruncateEllipsis
	info := kit.NewInfoButton(func() { r.showHelp(!r.help.Visible()) })
	tight := layout.NewCustomPaddedVBoxLayout(-2)
	if isWide(field.Kind) {
		label.TextStyle.Bold = true
		marks := container.NewHBox(container.NewCenter(info))
		if list, ok := r.input.(*listInput); ok {
			marks.Objects = slices.Insert(marks.Objects, 0, fyne.CanvasObject(list.add))
		}
		r.head = container.NewBorder(nil, nil, nil, marks, label)
		r.box = container.New(tight, r.head, r.input.object(), r.problem, r.help)
	} else {
		label.Truncation, label.Wrapping = fyne.TextTruncateOff, fyne.TextWrapWord
		label.Resize(fyne.NewSize(labelWidth, 1)) // measures its lines
		line := container.NewBorder(nil, nil, container.New(&kit.FixedWidth{Width: labelWidth}, label), container.NewCenter(info),
			container.NewVBox(layout.NewSpacer(), r.input.object(), layout.NewSpacer()))
		r.box = container.New(tight, line, r.problem, r.help)
	}
	r.set(field.Default)
	return r
}

// isWide reports whether a kind's widget takes the whole width, under its label.
func isWide(kind providers.FieldKind) bool {
	return kind == providers.Prompt || kind == providers.Image || kind == providers.List
}

func newFieldInput(r *fieldRow) fieldInput {
	switch f := r.field; {
	case f.Kind == providers.Prompt:
		return newPromptInput(f, r.group.form.key, r.edited)
	case f.Kind == providers.Choice && f.Open:
		return newOpenChoiceInput(f, r.edited)
	case f.Kind == providers.Choice:
		return newChoiceInput(f, r.group.form.key, r.edited)
	case f.Kind == providers.Int:
		return newIntInput(f, r.edited)
	case f.Kind == providers.Float:
		return newFloatInput(f, r.edited)
	case f.Kind == providers.Bool:
		return newBoolInput(f, r.edited)
	case f.Kind == providers.Seed:
		return newSeedInput(r.edited)
	case f.Kind == providers.Image:
		return newImageInput(r.group.form, r.edited, r.refused)
	case f.Kind == providers.Trained:
		return newModelInput(r.group.form, r.edited)
	case f.Kind == providers.List:
		return newListInput(r)
	case f.Emptied:
		return newEmptiedInput(r.group.form.key, r.edited)
	case f.Listed != nil:
		return newListedInput(r.group.form, *f.Listed, r.edited, r.refused)
	default:
		return newTextInput(r.group.form.key, r.edited)
	}
}

// label is the field's name as it stands beside its widget; a star marks what is required.
func (r *fieldRow) label() string {
	label := kit.Local(r.field.Label)
	if label == "" {
		label = r.field.Key
	}
	if r.field.Required {
		label += " *"
	}
	return label
}

// explanation is the field's help with its limits and its default.
func explanation(field providers.Field) string {
	parts := []string{}
	if field.Help != "" {
		parts = append(parts, kit.Local(field.Help))
	}
	if limits := limitsOf(field); limits != "" {
		allowed := lang.L("Allowed: %s.")
		if field.Soft {
			allowed = lang.L("Usual: %s.")
		}
		parts = append(parts, fmt.Sprintf(allowed, limits))
	}
	if standard := textOf(field.Default); standard != "" {
		parts = append(parts, fmt.Sprintf(lang.L("Default: %s."), standard))
	}
	if field.Required {
		parts = append(parts, lang.L("Required."))
	}
	return strings.Join(parts, " ")
}

// limitsOf says a field's range in words, "" without one.
func limitsOf(field providers.Field) string {
	switch from, to := numberText(field.Min), numberText(field.Max); {
	case !field.Bounded() || field.Kind == providers.Seed:
		return ""
	case field.Kind == providers.Prompt || field.Kind == providers.Text:
		return fmt.Sprintf(lang.L("%s to %s characters"), from, to)
	case field.Kind == providers.List && field.Min == 0:
		return fmt.Sprintf(lang.L("at most %s"), to)
	default:
		return from + "–" + to
	}
}

// numberText writes a number as people do; tiny ones, such as learning rates, with an exponent.
func numberText(v float64) string {
	if v != 0 && v < 1e-3 && v > -1e-3 {
		return strconv.FormatFloat(v, 'e', -1, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// textOf writes a value as it stands in an entry.
func textOf(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return numberText(v)
	case float32:
		return numberText(float64(v))
	default:
		return fmt.Sprint(v)
	}
}

// set makes the row hold a value without telling anybody.
func (r *fieldRow) set(value any) {
	r.quiet = true
	r.input.set(value)
	r.quiet = false
}

// edited is what an input calls when a person has changed it.
func (r *fieldRow) edited() {
	if r.quiet {
		return
	}
	rows := []*fieldRow{r}
	if r.group.list != nil {
		rows = append(rows, r.group.list)
	}
	r.group.form.changed(rows...)
}

// check says at once which of the problems is this field's; that it is empty is said only on sending.
func (r *fieldRow) check(wrong []providers.Problem) {
	path := r.path()
	at := slices.IndexFunc(wrong, func(p providers.Problem) bool { return p.Field == path })
	if at < 0 || r.input.value() == nil {
		r.setProblem(providers.Sentence{})
		r.warn(path)
		return
	}
	r.setProblem(wrong[at].Message)
}

// warn says of a value that it is unusual, where no document limits it: it is sent.
func (r *fieldRow) warn(path string) {
	for _, told := range r.group.form.unusual() {
		if told.Field == path {
			r.mark(told.Message, widget.WarningImportance)
		}
	}
}

// path is what a problem calls the field, such as "image_ref[1].weight".
func (r *fieldRow) path() string {
	list := r.group.list
	if list == nil {
		return r.field.Key
	}
	at := slices.IndexFunc(list.input.(*listInput).items, func(item *listItem) bool { return item.group == r.group })
	return fmt.Sprintf("%s[%d].%s", list.field.Key, at, r.field.Key)
}

// raw is what stands in the field, of a list's items what is wanted.
func (r *fieldRow) raw(wanted func(*fieldRow) bool) any {
	if list, ok := r.input.(*listInput); ok {
		return list.raw(wanted)
	}
	return r.input.value()
}

func (r *fieldRow) isApplying() bool { return r.applies }

// accepts reports whether a value typed into another field of this key fits here.
func (r *fieldRow) accepts(value any) bool {
	_, wrong := r.field.Read(value)
	return len(wrong) == 0
}

func (r *fieldRow) isDefault(value any) bool {
	if r.field.Kind == providers.List {
		return reflect.ValueOf(value).Len() == 0
	}
	return textOf(value) == textOf(r.field.Default)
}

// setProblem says under the field what is wrong with it, "" that nothing is. A message such as "is required" is read
// together with the field's name.
func (r *fieldRow) setProblem(message providers.Sentence) { r.mark(message, widget.DangerImportance) }

// refused says under the field what an input says of it.
func (r *fieldRow) refused(text string) { r.setProblem(providers.Plain(text)) }

// mark says something under the widget, "" for nothing.
func (r *fieldRow) mark(said providers.Sentence, importance widget.Importance) {
	message := said.In(kit.Local, kit.Sprintf)
	if first, _ := utf8.DecodeRuneInString(said.English); unicode.IsLower(first) {
		message = kit.SaidOf(strings.TrimSuffix(r.label(), " *"), message)
	}
	if message == r.problem.Text && importance == r.problem.Importance {
		return
	}
	r.problem.Importance = importance
	r.problem.SetText(message)
	kit.SetVisible(message != "", r.problem)
	r.box.Refresh()
}

func (r *fieldRow) showHelp(shown bool) {
	kit.SetVisible(shown && r.help.String() != "", r.help)
	if list, ok := r.input.(*listInput); ok {
		for _, item := range list.items {
			item.group.showHelp(shown)
		}
	}
	r.box.Refresh()
}

// holds reports whether another row lies inside this one, a list's.
func (r *fieldRow) holds(other *fieldRow) bool {
	list, ok := r.input.(*listInput)
	return ok && slices.ContainsFunc(list.items, func(item *listItem) bool { return slices.Contains(item.group.rows, other) })
}

// addPicture puts a picture here if there is room.
func (r *fieldRow) addPicture(ref string) bool {
	switch input := r.input.(type) {
	case *imageInput:
		if input.value() != nil || input.busy {
			return false
		}
		r.set(ref)
		r.edited()
		return true
	case *listInput:
		return input.addPicture(ref)
	}
	return false
}

// addFiles takes as many picture files as there is room for, and tells how many that was.
func (r *fieldRow) addFiles(paths []string) int {
	switch input := r.input.(type) {
	case *imageInput:
		if input.value() != nil || input.busy || len(paths) == 0 {
			return 0
		}
		input.take(paths[0])
		return 1
	case *listInput:
		return input.addFiles(paths)
	}
	return 0
}

// dropFiles is addFiles for files let go over the row: a slot that is full changes its picture.
func (r *fieldRow) dropFiles(at fyne.Position, paths []string) bool {
	if len(paths) == 0 {
		return false
	}
	switch input := r.input.(type) {
	case *imageInput:
		input.take(paths[0])
		return true
	case *listInput:
		return input.drop(at, paths) || input.addFiles(paths) > 0
	}
	return false
}
