// The form of a task or a call: any list of fields drawn as widgets.

package form

import (
	"maps"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picture"
)

// Form draws the fields of a task or call. What was typed is kept when the fields change and come back. It
// belongs to the UI goroutine.
//
// Each change is parsed once, here; what the fields show, and what the form's owner reads, comes from that.
type Form struct {
	OnChanged func()
	// OnEscape is what Escape does in the form's fields; nil for nothing.
	OnEscape func()
	// Scroll is what the form is scrolled by; with it, a problem is brought into view.
	Scroll *container.Scroll

	host    Host
	task    *providers.Task // nil where the fields are no task's
	service string          // whose models are offered; empty for all
	group   *fieldGroup
	parsed  providers.Values
	wrong   []providers.Problem // what could not be parsed
	typed   map[string]any      // by key: what differs from the default, also for fields not shown now
	work    *kit.Work           // of the fields shown
	box     *fyne.Container
	Content fyne.CanvasObject // put this into the window; pictures dropped on a slot land there
}

// Host is what a form needs of the window it stands in.
type Host struct {
	Window fyne.Window
	Studio *app.Studio
	Loader *picture.Loader
	Drops  *kit.Drops
	Work   *kit.Work
}

// New makes an empty form; SetTask or SetFields fills it.
func New(host Host) *Form {
	f := &Form{host: host, typed: map[string]any{}, work: host.Work.Part(), box: container.NewStack()}
	f.Content = host.Drops.Zone(f.box, kit.DropFunc(func(pos fyne.Position, uris []fyne.URI) bool {
		return f.group != nil && f.group.drop(f.absolute(pos), PathsOf(uris))
	}))
	return f
}

// SetTask shows a task's fields.
func (f *Form) SetTask(task *providers.Task) {
	f.service, _, _ = strings.Cut(task.ID, "/")
	f.task = task
	f.show(task.Fields)
}

// SetFields shows fields. Those whose key and kind were there before keep what was typed.
func (f *Form) SetFields(fields []providers.Field) {
	f.task = nil
	f.show(fields)
}

func (f *Form) show(fields []providers.Field) {
	f.remember()
	f.build(fields)
	for _, row := range f.group.rows {
		if value, typed := f.typed[row.field.Key]; typed && row.accepts(value) {
			row.set(value)
		}
	}
	f.parse()
}

// Raw is what stands in the fields, as it is kept between two starts: numbers as they were typed, empty fields and those
// that don't apply left out.
func (f *Form) Raw() map[string]any {
	if f.group == nil {
		return map[string]any{}
	}
	return f.group.raw((*fieldRow).isApplying)
}

// Values are what the form holds, and what of it could not be parsed.
func (f *Form) Values() (providers.Values, []providers.Problem) {
	return f.parsed.Clone(), slices.Clone(f.wrong)
}

// Order is the order of a task or call with what the form holds.
func (f *Form) Order(id string) jobs.Order {
	values, wrong := f.Values()
	return jobs.Order{Task: id, Values: values, Invalid: wrong}
}

// SetValues makes the form hold exactly these values; fields without one get their default.
func (f *Form) SetValues(values map[string]any) {
	if f.group == nil {
		return
	}
	f.group.set(values)
	f.changed(f.group.all()...)
	f.remember()
}

// SetValue changes one field and reports whether there is one of that key.
func (f *Form) SetValue(key string, value any) bool {
	if f.group == nil {
		return false
	}
	row := f.group.row(key)
	if row == nil {
		return false
	}
	row.set(value)
	f.changed(row)
	return true
}

// Input is what of a field takes the keyboard, nil when there is no field of that key.
func (f *Form) Input(key string) fyne.Focusable {
	if f.group == nil {
		return nil
	}
	row := f.group.row(key)
	if row == nil {
		return nil
	}
	return row.input.focus()
}

// FocusFirst gives the first field the keyboard.
func (f *Form) FocusFirst() {
	if f.group == nil || len(f.group.rows) == 0 {
		return
	}
	if target := f.group.rows[0].input.focus(); target != nil {
		f.host.Window.Canvas().Focus(target)
	}
}

// SetPlaceHolder says in a line of text what it means that nothing is there.
func (f *Form) SetPlaceHolder(key, text string) {
	if row := f.group.row(key); row != nil {
		switch line := row.input.(type) {
		case *textInput:
			line.entry.SetPlaceHolder(text)
		case *emptiedInput:
			line.entry.SetPlaceHolder(text)
		}
	}
}

// AddPictureTo puts a picture into a field, if that can take one more, and reports whether it could. ref is a library id, a
// content reference or an https URL.
func (f *Form) AddPictureTo(key, ref string) bool {
	if f.group == nil {
		return false
	}
	row := f.group.row(key)
	return row != nil && row.addPicture(ref)
}

// AddPictureFiles brings picture files into the library's files and puts as many as there is room for into the first field
// that can take one. It tells what that is called, and how many it took; none where no field could.
func (f *Form) AddPictureFiles(paths []string) (field string, taken int) {
	if f.group == nil {
		return "", 0
	}
	row, taken := f.group.addFiles(paths)
	if taken == 0 {
		return "", 0
	}
	return kit.Local(row.field.Label), taken
}

// TakesPictures reports whether any of these fields takes a picture.
func TakesPictures(fields []providers.Field) bool {
	return slices.ContainsFunc(fields, func(f providers.Field) bool { return f.Kind == providers.Image || TakesPictures(f.Items) })
}

// Problems marks each field that has a problem, opens the sections they are in, and goes to the first. It clears all
// other marks and returns the problems that belong to none of the form's fields.
func (f *Form) Problems(problems []providers.Problem) (others []providers.Problem) {
	if f.group == nil {
		return problems
	}
	f.group.clearProblems()
	var first *fieldRow
	for _, problem := range problems {
		row := f.group.mark(problem)
		if row == nil {
			others = append(others, problem)
			continue
		}
		if first == nil || f.group.before(problem.Field, first) {
			first = row
		}
	}
	if first != nil {
		f.goTo(first)
	}
	return others
}

// RefreshModels offers the models there are now; one that was known by its id alone may have a name now.
func (f *Form) RefreshModels() {
	if f.group == nil {
		return
	}
	for _, row := range f.group.rows {
		if models, ok := row.input.(*modelInput); ok {
			models.offer()
		}
	}
	f.parse()
}

// changed takes note of a change in some rows, and says at once what is wrong with them.
func (f *Form) changed(rows ...*fieldRow) {
	f.parse()
	for _, row := range rows {
		row.check(f.wrong)
	}
	if f.OnChanged != nil {
		f.OnChanged()
	}
}

// parse reads all fields and shows those that apply. Nothing is wrong with one that doesn't.
func (f *Form) parse() {
	values, wrong := providers.Parse(f.group.fields, f.group.raw(func(*fieldRow) bool { return true }))
	f.group.showApplying(values)
	f.parsed = values
	f.wrong = slices.DeleteFunc(wrong, func(p providers.Problem) bool {
		row := f.group.at(p.Field)
		return row != nil && !row.applies
	})
}

// unusual is what of the values nobody has said to work.
func (f *Form) unusual() []providers.Problem {
	if f.task != nil {
		return f.task.Unusual(f.parsed)
	}
	return providers.Unusual(f.group.fields, f.parsed)
}

func (f *Form) build(fields []providers.Field) {
	f.work.End()
	f.work = f.host.Work.Part()
	f.group = newFieldGroup(f, fields)
	f.box.Objects = []fyne.CanvasObject{f.group.content}
	f.box.Refresh()
}

// key takes Escape where the form's owner has a use for it.
func (f *Form) key(event *fyne.KeyEvent) bool {
	if event.Name != fyne.KeyEscape || f.OnEscape == nil {
		return false
	}
	f.OnEscape()
	return true
}

// remember notes what was typed into the fields that are shown.
func (f *Form) remember() {
	if f.group == nil {
		return
	}
	maps.DeleteFunc(f.typed, func(key string, _ any) bool { return f.group.row(key) != nil })
	for _, row := range f.group.rows {
		if value := row.input.value(); value != nil && !row.isDefault(value) {
			f.typed[row.field.Key] = value
		}
	}
}

// goTo scrolls to a field and gives it the keyboard.
func (f *Form) goTo(row *fieldRow) {
	driver := fyne.CurrentApp().Driver()
	if c := driver.CanvasForObject(f.box); c != nil {
		if target := row.input.focus(); target != nil {
			c.Focus(target)
		}
	}
	if f.Scroll == nil {
		return
	}
	f.Scroll.Content.Refresh()
	inside := driver.AbsolutePositionForObject(row.box).Y - driver.AbsolutePositionForObject(f.Scroll.Content).Y
	f.Scroll.ScrollToOffset(fyne.NewPos(0, max(0, inside-24)))
}

// absolute turns a position in the form into one in the window.
func (f *Form) absolute(pos fyne.Position) fyne.Position {
	return fyne.CurrentApp().Driver().AbsolutePositionForObject(f.box).Add(pos)
}

// PathsOf are the paths of the files among what was dropped.
func PathsOf(uris []fyne.URI) []string {
	paths := make([]string, 0, len(uris))
	for _, uri := range uris {
		if uri.Scheme() == "file" {
			paths = append(paths, uri.Path())
		}
	}
	return paths
}
