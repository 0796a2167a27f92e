package views

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"
)

func TestAFormIsCopiedAsCurlAndAsACommand(t *testing.T) {
	ui, w := openGenerate(t)
	clipboard := w.app.Clipboard()
	for _, row := range []struct{ choice, begins, holds string }{
		{"API request (curl)", "curl ", `"Authorization: Bearer $LUMAAI_API_KEY"`},
		{"Maquette command", "maquette --demo ", `--set 'prompt=a fox that isn'\''t real'`},
	} {
		typePrompt(w, "a fox that isn't real")
		clipboard.SetContent("")
		test.Tap(w.generate.copyAs.button)
		chooseCopy(t, w, w.generate.copyAs, row.choice)
		ui.until("the copy of "+row.choice, func() bool { return clipboard.Content() != "" })
		if got := clipboard.Content(); !strings.HasPrefix(got, row.begins) || !strings.Contains(got, row.holds) {
			t.Errorf("%s copies %s", row.choice, got)
		}
		if w.generate.copyAs.button.Text != "Copied" {
			t.Errorf("the button says %q", w.generate.copyAs.button.Text)
		}
		w.generate.copyAs.rest()
	}
	clipboard.SetContent("as it was")
	typePrompt(w, "")
	test.Tap(w.generate.copyAs.button)
	chooseCopy(t, w, w.generate.copyAs, "API request (curl)")
	ui.until("the problem", func() bool { return w.generate.problem.Visible() })
	if clipboard.Content() != "as it was" || len(w.studio.Jobs()) != 0 {
		t.Error("an empty form was copied, or sent")
	}
}

// chooseCopy picks from the open menu of a form's button.
func chooseCopy(t *testing.T, w *Window, c *copyAs, label string) {
	t.Helper()
	menu := w.Canvas().Overlays().Top()
	if menu == nil {
		t.Fatal("no menu is open")
	}
	w.Canvas().Overlays().Remove(menu)
	for _, item := range c.menu().Items {
		if item.Label == label {
			item.Action()
			return
		}
	}
	t.Fatalf("the menu has no %q", label)
}
