// Dividers stay where a person has moved them.

package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/maquette-studio/maquette/app/windowstate"
)

// splitMemory is the layout of the part before a divider: whenever that is
// moved, the part is laid out anew.
type splitMemory struct {
	name  string
	split *container.Split
	given *float64 // where the divider stands by itself
	state *windowstate.Store
}

// keepSplit puts a divider where it was left, and remembers where it is moved
// to. given is where it stands until then, now and later.
func (d desk) keepSplit(name string, split *container.Split, given *float64) {
	split.Offset = *given
	if kept, ok := d.state.Now().Splits[name]; ok && kept >= 0 && kept <= 1 {
		split.Offset = kept
	}
	split.Leading = container.New(&splitMemory{name, split, given, d.state}, split.Leading)
}

// MinSize is the part's.
func (m *splitMemory) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

// Layout fills the place.
func (m *splitMemory) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size)
	now := m.split.Offset
	kept, moved := m.state.Now().Splits[m.name]
	if now == kept || !moved && now == *m.given {
		return
	}
	m.state.Change(func(state *windowstate.State) { state.Splits[m.name] = now })
}
