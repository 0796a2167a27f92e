// Dividers stay where a person has moved them, from one picker to the next.

package picker

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// dividerMemory is the layout of the part before a divider: whenever that is
// moved, the part is laid out anew.
type dividerMemory struct {
	key   string // in the preferences
	split *container.Split
	given float64 // where the divider stands by itself
}

// keepDivider puts a divider where it was left, and remembers where it is moved
// to. given is where it stands until then.
func keepDivider(key string, split *container.Split, given float64) {
	split.Offset = fyne.CurrentApp().Preferences().FloatWithFallback(key, given)
	split.Leading = container.New(&dividerMemory{key, split, given}, split.Leading)
}

// MinSize is the part's.
func (m *dividerMemory) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

// Layout fills the place.
func (m *dividerMemory) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size)
	preferences := fyne.CurrentApp().Preferences()
	if m.split.Offset != preferences.FloatWithFallback(m.key, m.given) {
		preferences.SetFloat(m.key, m.split.Offset)
	}
}
