package views

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

func TestAFormIsCopiedAsCurlAndAsACommand(t *testing.T) {
	ui, w := openGenerate(t)
	clipboard := w.app.Clipboard()
	for _, row := range []struct{ choice, begins, holds string }{
		{"API request (curl)", "curl ", `"Authorization: Bearer $LUMAAI_API_KEY"`},
		{"Maquette command, once this window is closed", "maquette --demo ", `--set 'prompt=a fox that isn'\''t real'`},
	} {
		typePrompt(w, "a fox that isn't real")
		clipboard.SetContent("")
		test.Tap(w.generate.copyAs.button)
		chooseCopy(t, w, row.choice)
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
	chooseCopy(t, w, "API request (curl)")
	ui.until("the problem", func() bool { return w.generate.problem.Visible() })
	if clipboard.Content() != "as it was" || len(w.studio.Jobs()) != 0 {
		t.Error("an empty form was copied, or sent")
	}
}

// chooseCopy taps an item of the menu that is open.
func chooseCopy(t *testing.T, w *Window, label string) {
	t.Helper()
	for _, text := range find[*canvas.Text](w.Canvas().Overlays().Top()) {
		if text.Text == label {
			test.TapCanvas(w.Canvas(), w.app.Driver().AbsolutePositionForObject(text).AddXY(2, 2))
			return
		}
	}
	t.Fatalf("no menu with %q is open", label)
}
