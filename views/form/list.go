// Fields that hold a list of groups, such as pictures with weights.

package form

import (
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// listInput is any number of groups of the same fields, as far as the field allows.
type listInput struct {
	row   *fieldRow
	field providers.Field

	items []*listItem
	rows  *fyne.Container
	add   *widget.Button // stands beside the field's label
	box   *fyne.Container
}

type listItem struct {
	group *fieldGroup
	box   fyne.CanvasObject
}

func newListInput(row *fieldRow) *listInput {
	l := &listInput{row: row, field: row.field, rows: container.NewVBox()}
	l.add = widget.NewButtonWithIcon("", theme.ContentAddIcon(), func() {
		l.append()
		l.changed()
	})
	l.add.Importance = widget.LowImportance
	l.box = container.NewVBox(l.rows)
	return l
}

func (l *listInput) object() fyne.CanvasObject { return l.box }

func (l *listInput) focus() fyne.Focusable {
	for _, item := range l.items {
		for _, row := range item.group.rows {
			if target := row.input.focus(); target != nil {
				return target
			}
		}
	}
	return l.add
}

func (l *listInput) value() any { return l.raw((*fieldRow).isApplying) }

// raw is what stands in the items' rows that are wanted; nil without items.
func (l *listInput) raw(wanted func(*fieldRow) bool) any {
	if len(l.items) == 0 {
		return nil
	}
	values := make([]map[string]any, len(l.items))
	for i, item := range l.items {
		values[i] = item.group.raw(wanted)
	}
	return values
}

func (l *listInput) set(value any) {
	l.items = nil
	for _, values := range listValues(value) {
		if l.full() {
			break
		}
		l.append().group.set(values)
	}
	for len(l.items) < int(l.field.Min) {
		l.append()
	}
	l.show()
}

// listValues reads a list as a form or a job holds it.
func listValues(value any) []map[string]any {
	switch list := value.(type) {
	case []map[string]any:
		return list
	case []providers.Values:
		out := make([]map[string]any, len(list))
		for i, item := range list {
			out[i] = item
		}
		return out
	case []any:
		var out []map[string]any
		for _, item := range list {
			switch values := item.(type) {
			case map[string]any:
				out = append(out, values)
			case providers.Values:
				out = append(out, values)
			}
		}
		return out
	}
	return nil
}

func (l *listInput) full() bool { return l.field.Max > 0 && len(l.items) >= int(l.field.Max) }

func (l *listInput) append() *listItem {
	item := &listItem{}
	item.group = newFieldGroup(l.row.group.form, l.field.Items)
	item.group.list = l.row
	remove := widget.NewButtonWithIcon("", theme.DeleteIcon(), func() { l.remove(item) })
	remove.Importance = widget.LowImportance
	frame := kit.NewPlate(theme.ColorNameHeaderBackground, "", 6)
	head := container.NewBorder(nil, nil, kit.NewCaptionLine(l.itemTitle(len(l.items))), remove)
	item.group.nest()
	tight := layout.NewCustomPaddedVBoxLayout(-2)
	item.box = container.NewStack(frame, container.NewPadded(container.New(tight, head, item.group.content)))
	l.items = append(l.items, item)
	return item
}

// itemTitle is the name of the item's first field, numbered where there may be several.
func (l *listInput) itemTitle(i int) string {
	name := kit.Local(l.field.Label)
	if TakesPictures(l.field.Items) {
		name = kit.Local(l.field.Items[0].Label)
	}
	if l.field.Max == 1 {
		return name
	}
	return fmt.Sprintf("%s %d", name, i+1)
}

func (l *listInput) remove(item *listItem) {
	held := listValues(l.value())
	i := slices.Index(l.items, item)
	if i < 0 {
		return
	}
	l.set(slices.Delete(held, i, i+1))
	l.row.group.form.changed(append(l.itemRows(), l.row)...)
}

// itemRows are the rows of all items.
func (l *listInput) itemRows() (rows []*fieldRow) {
	for _, item := range l.items {
		rows = append(rows, item.group.rows...)
	}
	return rows
}

func (l *listInput) changed() {
	l.show()
	l.row.edited()
}

func (l *listInput) show() {
	l.rows.Objects = nil
	for _, item := range l.items {
		l.rows.Add(item.box)
	}
	text := lang.L("Add")
	if len(l.items) > 0 {
		text = lang.L("Add another")
	}
	if l.full() && l.field.Max > 1 {
		text = fmt.Sprintf(lang.L("At most %s"), numberText(l.field.Max))
	}
	l.add.SetText(text)
	kit.SetEnabled(!l.full(), l.add)
	kit.SetVisible(!l.full() || l.field.Max > 1, l.add)
	kit.SetVisible(len(l.items) > 0, l.box)
	l.box.Refresh()
}

// addPicture fills the first empty slot, or makes one.
func (l *listInput) addPicture(ref string) bool {
	if !TakesPictures(l.field.Items) {
		return false
	}
	for _, item := range l.items {
		if item.group.addPicture(ref) {
			return true
		}
	}
	if l.full() {
		return false
	}
	item := l.append()
	l.show()
	return item.group.addPicture(ref)
}

func (l *listInput) addFiles(paths []string) int {
	if !TakesPictures(l.field.Items) {
		return 0
	}
	taken := 0
	for _, item := range l.items {
		if taken < len(paths) {
			_, more := item.group.addFiles(paths[taken:])
			taken += more
		}
	}
	for ; taken < len(paths) && !l.full(); taken++ {
		l.append().group.addFiles(paths[taken:])
	}
	if taken > 0 {
		l.changed()
	}
	return taken
}

// drop gives files to the item they were let go over.
func (l *listInput) drop(at fyne.Position, paths []string) bool {
	return slices.ContainsFunc(l.items, func(item *listItem) bool {
		return covers(item.box, at) && len(paths) == 1 && item.group.drop(at, paths)
	})
}
