// Asking for a name.

package views

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"
)

// namePanel is the size of the panel that asks for a name, in
// density-independent pixels.
var namePanel = fyne.NewSize(380, 132)

// askName asks for a name, beginning with one; do gets it on Enter or yes.
func askName(w *Window, title, yes, name string, do func(name string)) *panel {
	p := &panel{}
	entry := newPickerEntry(p.escape)
	entry.SetText(name)
	confirm := newPickerButton(yes, p.escape, func() {
		p.Close()
		do(strings.TrimSpace(entry.Text))
	})
	confirm.Importance = widget.HighImportance
	cancel := newPickerButton(lang.L("Cancel"), p.escape, p.Close)
	check := func(string) { setEnabled(strings.TrimSpace(entry.Text) != "", confirm) }
	entry.OnChanged = check
	entry.OnSubmitted = func(string) {
		if !confirm.Disabled() {
			confirm.OnTapped()
		}
	}
	check("")
	p.show(w, container.NewVBox(heading(title), entry, buttonRow(cancel, confirm)), namePanel, entry)
	entry.TypedShortcut(&fyne.ShortcutSelectAll{})
	return p
}
