// Fields under one another: a form has one group, and each item of a list field has one.

package form

import (
	"slices"
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

// fieldGroup holds the rows of some fields, the advanced ones folded away.
type fieldGroup struct {
	form   *Form
	fields []providers.Field
	rows   []*fieldRow
	list   *fieldRow // that the group is an item of; nil for the form's own

	content  *fyne.Container
	fold     *kit.Button // nil without advanced fields
	folded   *fyne.Container
	foot     *fyne.Container
	explain  *kit.Button
	helpsAll bool
}

func newFieldGroup(form *Form, fields []providers.Field) *fieldGroup {
	g := &fieldGroup{form: form, fields: fields}
	g.content = container.New(layout.NewCustomPaddedVBoxLayout(rowGap))
	g.folded = container.New(layout.NewCustomPaddedVBoxLayout(rowGap))
	for _, field := range fields {
		row := newFieldRow(g, field)
		g.rows = append(g.rows, row)
		if field.Advanced {
			g.folded.Add(row.box)
		} else {
			g.content.Add(row.box)
		}
	}
	g.explain = kit.NewButton(lang.L("Explain"), form.key, func() { g.showHelp(!g.helpsAll) })
	g.explain.Icon, g.explain.Importance = theme.QuestionIcon(), widget.LowImportance
	var fold fyne.CanvasObject
	if len(g.folded.Objects) > 0 {
		g.fold = kit.NewButton(lang.L("Advanced"), form.key, func() { g.setFolded(g.folded.Visible()) })
		g.fold.Icon = theme.MenuExpandIcon()
		g.fold.Importance, g.fold.Alignment = widget.LowImportance, widget.ButtonAlignLeading
		g.folded.Hide()
		fold = g.fold
	}
	g.foot = container.NewBorder(nil, nil, fold, g.explain)
	kit.SetVisible(len(fields) > 0, g.foot)
	g.content.Add(g.foot)
	g.content.Add(g.folded)
	return g
}

// nest makes the group fit into a list's item: explained by the form's button, its first picture named by the item.
func (g *fieldGroup) nest() {
	g.explain.Hide()
	kit.SetVisible(g.fold != nil, g.foot)
	if g.fields[0].Kind == providers.Image {
		g.rows[0].head.Hide()
	}
}

// setFolded hides or shows the advanced fields.
func (g *fieldGroup) setFolded(folded bool) {
	if g.fold == nil {
		return
	}
	icon := theme.MenuDropDownIcon()
	if folded {
		icon = theme.MenuExpandIcon()
	}
	g.fold.SetIcon(icon)
	kit.SetVisible(!folded, g.folded)
	g.content.Refresh()
}

func (g *fieldGroup) row(key string) *fieldRow {
	i := slices.IndexFunc(g.rows, func(r *fieldRow) bool { return r.field.Key == key })
	if i < 0 {
		return nil
	}
	return g.rows[i]
}

// raw is what stands in those rows that are wanted; empty ones are left out.
func (g *fieldGroup) raw(wanted func(*fieldRow) bool) map[string]any {
	values := map[string]any{}
	for _, row := range g.rows {
		if value := row.raw(wanted); value != nil && wanted(row) {
			values[row.field.Key] = value
		}
	}
	return values
}

// all are the rows, and those of the items of lists.
func (g *fieldGroup) all() []*fieldRow {
	rows := slices.Clone(g.rows)
	for _, row := range g.rows {
		if list, ok := row.input.(*listInput); ok {
			rows = append(rows, list.itemRows()...)
		}
	}
	return rows
}

// set makes the rows hold these values, or their defaults.
func (g *fieldGroup) set(values map[string]any) {
	for _, row := range g.rows {
		value, set := values[row.field.Key]
		if !set {
			value = row.field.Default
		}
		row.set(value)
	}
}

// showApplying shows the fields whose condition holds.
func (g *fieldGroup) showApplying(values providers.Values) {
	for _, row := range g.rows {
		if row.field.When != nil {
			row.applies = row.field.Shown(values)
			kit.SetVisible(row.applies, row.box)
		}
		if list, ok := row.input.(*listInput); ok {
			for i, item := range values.List(row.field.Key) {
				list.items[i].group.showApplying(item)
			}
		}
	}
}

// at is the row that a problem calls by this path, nil for none.
func (g *fieldGroup) at(path string) *fieldRow {
	key, index, inner := splitField(path)
	row := g.row(key)
	if row == nil || index < 0 {
		return row
	}
	if list, ok := row.input.(*listInput); ok && index < len(list.items) {
		return list.items[index].group.at(inner)
	}
	return nil
}

// mark shows a problem at its field and returns the row that shows it, nil when the field isn't here.
func (g *fieldGroup) mark(problem providers.Problem) *fieldRow {
	key, index, inner := splitField(problem.Field)
	row := g.row(key)
	if row == nil {
		return nil
	}
	if row.field.Advanced {
		g.setFolded(false)
	}
	list, isList := row.input.(*listInput)
	if isList && index >= 0 && index < len(list.items) {
		if marked := list.items[index].group.mark(providers.Problem{Field: inner, Message: problem.Message}); marked != nil {
			return marked
		}
	}
	row.setProblem(problem.Message)
	return row
}

// before reports whether a problem's field stands above a row.
func (g *fieldGroup) before(field string, row *fieldRow) bool {
	key, _, _ := splitField(field)
	at := slices.IndexFunc(g.rows, func(r *fieldRow) bool { return r.field.Key == key })
	other := slices.IndexFunc(g.rows, func(r *fieldRow) bool { return r == row || r.holds(row) })
	return at < other
}

// splitField takes "image_ref[1].weight" apart; the index is -1 where there is none.
func splitField(field string) (key string, index int, inner string) {
	key, rest, indexed := strings.Cut(field, "[")
	if !indexed {
		return field, -1, ""
	}
	number, inner, _ := strings.Cut(rest, "].")
	index, err := strconv.Atoi(strings.TrimSuffix(number, "]"))
	if err != nil {
		return field, -1, ""
	}
	return key, index, inner
}

func (g *fieldGroup) clearProblems() {
	for _, row := range g.rows {
		row.setProblem(providers.Sentence{})
		if list, ok := row.input.(*listInput); ok {
			for _, item := range list.items {
				item.group.clearProblems()
			}
		}
	}
}

func (g *fieldGroup) showHelp(shown bool) {
	g.helpsAll = shown
	text := lang.L("Explain")
	if shown {
		text = lang.L("Hide explanations")
	}
	g.explain.SetText(text)
	for _, row := range g.rows {
		row.showHelp(shown)
	}
	g.content.Refresh()
}

// drop gives files to the picture slot or list under a window position.
func (g *fieldGroup) drop(at fyne.Position, paths []string) bool {
	for _, row := range g.rows {
		if row.applies && covers(row.box, at) {
			return row.dropFiles(at, paths)
		}
	}
	return false
}

// addPicture puts a picture into the first row that can take one.
func (g *fieldGroup) addPicture(ref string) bool {
	return slices.ContainsFunc(g.rows, func(r *fieldRow) bool { return r.applies && r.addPicture(ref) })
}

// addFiles gives files to the first row that can take one, and tells how many it took.
func (g *fieldGroup) addFiles(paths []string) (row *fieldRow, taken int) {
	for _, row := range g.rows {
		if !row.applies {
			continue
		}
		if taken := row.addFiles(paths); taken > 0 {
			return row, taken
		}
	}
	return nil, 0
}

// covers reports whether a visible object lies under a window position.
func covers(object fyne.CanvasObject, at fyne.Position) bool {
	from, size := fyne.CurrentApp().Driver().AbsolutePositionForObject(object), object.Size()
	if !object.Visible() || from.IsZero() {
		return false
	}
	at = at.Subtract(from)
	return at.X >= 0 && at.Y >= 0 && at.X < size.Width && at.Y < size.Height
}
