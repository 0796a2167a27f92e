// The main menu, which also carries every global shortcut: menu shortcuts work
// while a text field has the focus, canvas shortcuts don't.

package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
)

func (w *Window) mainMenu() *fyne.MainMenu {
	view := fyne.NewMenu(lang.L("View"))
	for i, name := range []string{lang.L("Train"), lang.L("Generate"), lang.L("Gallery"), lang.L("Models"), lang.L("Jobs"), lang.L("Settings")} {
		item := fyne.NewMenuItem(name, func() { w.tabs.SelectIndex(i) })
		item.Shortcut = &desktop.CustomShortcut{KeyName: fyne.KeyName(string(rune('1' + i))), Modifier: fyne.KeyModifierShortcutDefault}
		view.Items = append(view.Items, item)
	}
	return fyne.NewMainMenu(view)
}
