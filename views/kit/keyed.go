// Lists, entries, buttons and choices that let their panel have its keys.

package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// List is a list of names that opens one on Enter too.
type List struct {
	widget.List

	keys    func(*fyne.KeyEvent) bool
	current widget.ListItemID
}

// NewList shows length names, each behind the icon; open is told of the row that is chosen, keys are asked first.
func NewList(
	icon fyne.Resource, keys func(*fyne.KeyEvent) bool, length func() int, text func(row int) string, open func(row widget.ListItemID),
) *List {
	l := &List{keys: keys}
	l.HideSeparators = true
	l.Length = length
	l.CreateItem = func() fyne.CanvasObject {
		label := widget.NewLabel("")
		label.Truncation = fyne.TextTruncateEllipsis
		return container.NewBorder(nil, nil, widget.NewIcon(icon), nil, label)
	}
	l.UpdateItem = func(row widget.ListItemID, object fyne.CanvasObject) {
		if row < length() {
			object.(*fyne.Container).Objects[0].(*widget.Label).SetText(text(row))
		}
	}
	l.OnSelected = open
	l.OnHighlighted = func(row widget.ListItemID) { l.current = row }
	l.ExtendBaseWidget(l)
	return l
}

// TypedKey opens the row under the cursor on Enter.
func (l *List) TypedKey(event *fyne.KeyEvent) {
	switch {
	case event.Name == fyne.KeyReturn || event.Name == fyne.KeyEnter:
		l.Select(l.current)
	case !l.keys(event):
		l.List.TypedKey(event)
	}
}

// Entry is where a path can be typed.
type Entry struct {
	widget.Entry

	Keys    func(*fyne.KeyEvent) bool
	OnPaste func(text string) (taken bool) // asked what becomes of pasted text; nil leaves it to the entry
}

// NewEntry hands Escape to keys.
func NewEntry(keys func(*fyne.KeyEvent) bool) *Entry {
	e := &Entry{Keys: keys}
	e.ExtendBaseWidget(e)
	return e
}

// TypedKey leaves everything but Escape to the text.
func (e *Entry) TypedKey(event *fyne.KeyEvent) {
	if event.Name == fyne.KeyEscape {
		e.Keys(event)
		return
	}
	e.Entry.TypedKey(event)
}

// TypedShortcut asks OnPaste first. A line has no room for several: they are seen
// whole only here.
func (e *Entry) TypedShortcut(shortcut fyne.Shortcut) {
	paste, pastes := shortcut.(*fyne.ShortcutPaste)
	if pastes && paste.Clipboard != nil && e.OnPaste != nil && e.OnPaste(paste.Clipboard.Content()) {
		return
	}
	e.Entry.TypedShortcut(shortcut)
}

// Button asks its panel first what a key does, and is pressed by Enter too.
type Button struct {
	widget.Button

	keys func(*fyne.KeyEvent) bool
}

// NewButton hands what it has no use for to keys.
func NewButton(text string, keys func(*fyne.KeyEvent) bool, tapped func()) *Button {
	b := &Button{keys: keys}
	b.Text, b.OnTapped = text, tapped
	b.ExtendBaseWidget(b)
	return b
}

// TypedKey presses on Enter as on Space.
func (b *Button) TypedKey(event *fyne.KeyEvent) {
	switch {
	case event.Name == fyne.KeyReturn || event.Name == fyne.KeyEnter:
		if !b.Disabled() {
			b.OnTapped()
		}
	case !b.keys(event):
		b.Button.TypedKey(event)
	}
}

// Select is a select that lets the form's own keys through.
type Select struct {
	widget.Select

	keys func(*fyne.KeyEvent) bool
}

// NewSelect calls chosen after each choice; keys are asked first.
func NewSelect(options []string, keys func(*fyne.KeyEvent) bool, chosen func()) *Select {
	s := &Select{keys: keys}
	s.Options, s.OnChanged = options, func(string) { chosen() }
	s.ExtendBaseWidget(s)
	return s
}

// TypedKey leaves the form's own keys to it.
func (s *Select) TypedKey(event *fyne.KeyEvent) {
	if !s.keys(event) {
		s.Select.TypedKey(event)
	}
}
