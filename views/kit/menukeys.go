// The keys of the menu: those that open it, and those that stand in it.

package kit

import (
	"math"
	"runtime"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
)

// menuGap is between the longest title of a menu and its keys, in density-independent pixels.
const menuGap float32 = 28

// ToggleMenu opens the menu of a window for the keyboard, or closes it. Systems with a menu of their own do that themselves.
func ToggleMenu(c fyne.Canvas) {
	if bar, ok := c.(interface{ ToggleMenu() }); ok {
		bar.ToggleMenu()
	}
}

// menuShortcut runs a menu item as any shortcut does, but isn't one that Fyne would draw: it draws them in a fifth of
// the text's colour, whatever the theme says.
type menuShortcut struct{ desktop *desktop.CustomShortcut }

// ShortcutName is that of the keys.
func (s menuShortcut) ShortcutName() string { return s.desktop.ShortcutName() }

// NewMenuItem has a shortcut: Ctrl, or Command on a Mac, and the key.
func NewMenuItem(text string, key fyne.KeyName, do func()) *fyne.MenuItem {
	item := fyne.NewMenuItem(text, do)
	keys := &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}
	item.Shortcut = menuShortcut{keys}
	if runtime.GOOS == "darwin" {
		item.Shortcut = keys // the system's own menu draws them, and well
	}
	return item
}

// NewPlainMenuItem shows a key that is pressed alone. Fyne runs no such shortcuts: the window listens to the key itself.
func NewPlainMenuItem(text string, key fyne.KeyName, do func()) *fyne.MenuItem {
	item := fyne.NewMenuItem(text, do)
	if runtime.GOOS != "darwin" {
		item.Shortcut = menuShortcut{&desktop.CustomShortcut{KeyName: key}}
	}
	return item
}

// AlignMenu writes the keys of a menu's items behind their titles, below each other.
func AlignMenu(menu *fyne.Menu) {
	width := func(text string) float32 { return fyne.MeasureText(text, theme.TextSize(), fyne.TextStyle{}).Width }
	var column float32
	for _, item := range menu.Items {
		column = max(column, width(item.Label))
	}
	for _, item := range menu.Items {
		if keys, ok := item.Shortcut.(menuShortcut); ok {
			spaces := math.Round(float64((column + menuGap - width(item.Label)) / width(" ")))
			item.Label += strings.Repeat(" ", int(spaces)) + keyWords(keys.desktop)
		}
	}
}

// keyWords is what stands on the keys.
func keyWords(keys *desktop.CustomShortcut) string {
	name := string(keys.KeyName)
	if keys.KeyName == fyne.KeyReturn {
		name = lang.L("Enter")
	}
	if keys.Modifier == 0 {
		return name
	}
	return Sprintf(lang.L("Ctrl+%s"), name)
}
