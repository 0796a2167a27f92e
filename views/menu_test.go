package views

import (
	"runtime"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
	"github.com/maquette-studio/maquette/views/kit"
)

// shortcut runs the menu item that Ctrl and the key stand for.
func shortcut(t *testing.T, w *Window, name fyne.KeyName) {
	t.Helper()
	wanted := &desktop.CustomShortcut{KeyName: name, Modifier: fyne.KeyModifierShortcutDefault}
	for _, menu := range w.MainMenu().Items {
		for _, item := range menu.Items {
			if item.Shortcut != nil && item.Shortcut.ShortcutName() == wanted.ShortcutName() {
				item.Action()
				return
			}
		}
	}
	t.Fatalf("no menu item has the shortcut %s", name)
}

func TestEveryTabHasItsNumber(t *testing.T) {
	_, w := openDemo(t)
	for i, name := range []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4, fyne.Key5, fyne.Key6} {
		shortcut(t, w, name)
		if w.tabs.SelectedIndex() != i {
			t.Errorf("%s leads to tab %d", name, w.tabs.SelectedIndex())
		}
	}
}

func TestNoTwoMenuItemsShareAShortcut(t *testing.T) {
	_, w := openDemo(t)
	owner := map[string]string{}
	for _, menu := range w.MainMenu().Items {
		for _, item := range menu.Items {
			if item.Shortcut == nil {
				continue
			}
			name := item.Shortcut.ShortcutName()
			if other, taken := owner[name]; taken {
				t.Errorf("%s and %s share %s", other, item.Label, name)
			}
			owner[name] = item.Label
		}
	}
}

func TestTheMenuShowsItsKeysInTheColourOfItsText(t *testing.T) {
	_, w := openDemo(t)
	for _, menu := range w.MainMenu().Items {
		for _, item := range menu.Items {
			if _, drawn := item.Shortcut.(fyne.KeyboardShortcut); drawn && runtime.GOOS != "darwin" {
				t.Errorf("%q leaves its keys to Fyne, which draws them in a fifth of the text's colour", item.Label)
			}
			if item.Shortcut != nil && runtime.GOOS != "darwin" && !strings.Contains(item.Label, "Ctrl+") && !strings.HasSuffix(item.Label, " F1") {
				t.Errorf("%q doesn't say its keys", item.Label)
			}
		}
	}
}

func TestF10OpensTheMenu(t *testing.T) {
	_, w := openDemo(t)
	canvas := &menuCanvas{Canvas: w.Canvas()}
	kit.ToggleMenu(canvas)
	if canvas.toggled != 1 {
		t.Error("the menu isn't opened")
	}
	kit.ToggleMenu(w.Canvas()) // without a bar of its own, such as here: nothing
	w.Canvas().OnTypedKey()(viewtest.Key(fyne.KeyF10))
}

// menuCanvas has a menu bar, as a real window's.
type menuCanvas struct {
	fyne.Canvas
	toggled int
}

func (c *menuCanvas) ToggleMenu() { c.toggled++ }

func TestCtrlReturnStartsWhatTheTabIsFor(t *testing.T) {
	ui, w := openTrain(t)
	w.train.order.consent.SetChecked(true)
	shortcut(t, w, fyne.KeyReturn)
	ui.Until("the training", func() bool { return len(w.studio.Jobs.List()) == 1 })
	ui.Until("its end", func() bool { return w.studio.Jobs.List()[0].State == providers.Done })
}

func TestAddPhotosOpensThePickerWhereThePhotosAre(t *testing.T) {
	ui, w := openTrain(t)
	shortcut(t, w, fyne.Key3)
	shortcut(t, w, fyne.KeyO)
	if w.tabs.SelectedIndex() != tabTrain || !viewtest.Says(dialogOf(t, w), "Choose photos") {
		t.Error("the picker isn't shown over Train")
	}
	shortcut(t, w, fyne.Key3)
	if w.tabs.SelectedIndex() != tabTrain {
		t.Error("the tab changed behind the picker")
	}
	ui.Until("the sample photos in the picker", func() bool { return viewtest.Says(dialogOf(t, w), "8 pictures") })
	w.Canvas().OnTypedKey()(viewtest.Key(fyne.KeyEscape))
}

func TestHelpSaysWhereTheDataLies(t *testing.T) {
	_, w := openDemo(t)
	w.showDataFolder()
	if !viewtest.Says(dialogOf(t, w), w.studio.Dir()) {
		t.Errorf("it says %q", viewtest.LabelTexts(dialogOf(t, w)))
	}
	w.Canvas().Focused().TypedKey(viewtest.Key(fyne.KeyEscape))
	w.showAbout()
	if !viewtest.Says(dialogOf(t, w), "A desktop studio for people") {
		t.Errorf("it says %q", viewtest.LabelTexts(dialogOf(t, w)))
	}
}
