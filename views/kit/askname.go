// Asking for a name.

package kit

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

// AskName asks for a name, beginning with one; do gets it on Enter or yes.
func AskName(w fyne.Window, title, yes, name string, do func(name string)) *Panel {
	p := &Panel{}
	entry := NewEntry(p.Escape)
	entry.SetText(name)
	confirm := NewButton(yes, p.Escape, func() {
		p.Close()
		do(strings.TrimSpace(entry.Text))
	})
	confirm.Importance = widget.HighImportance
	cancel := NewButton(lang.L("Cancel"), p.Escape, p.Close)
	check := func(string) { SetEnabled(strings.TrimSpace(entry.Text) != "", confirm) }
	entry.OnChanged = check
	entry.OnSubmitted = func(string) {
		if !confirm.Disabled() {
			confirm.OnTapped()
		}
	}
	check("")
	p.Show(w, container.NewVBox(Heading(title), entry, ButtonRow(cancel, confirm)), namePanel, entry)
	entry.TypedShortcut(&fyne.ShortcutSelectAll{})
	return p
}
