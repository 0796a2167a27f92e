package views

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/maquette-studio/maquette/app/recorder/pasted"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

func TestAFormIsCopiedAsCurlAndAsACommand(t *testing.T) {
	ui, w := openGenerate(t)
	clipboard := fyne.CurrentApp().Clipboard()
	for _, row := range []struct{ choice, begins, holds string }{
		{"API request (curl)", "curl ", "\nAuthorization: Bearer $LUMAAI_API_KEY\n"},
		{"Maquette command", "maquette --demo ", `--set `},
	} {
		prompt := "a fox that isn't real " + pasted.Tricky + pasted.Steering
		typePrompt(w, prompt)
		clipboard.SetContent("")
		test.Tap(w.generate.copyAs.button)
		viewtest.ChooseMenuItem(t, w.Canvas(), row.choice)
		ui.Until("the copy of "+row.choice, func() bool { return clipboard.Content() != "" })
		if got := clipboard.Content(); !strings.HasPrefix(got, row.begins) || !strings.Contains(got, row.holds) {
			t.Errorf("%s copies %s", row.choice, got)
		}
		held, _ := w.generate.form.Values()
		words := strings.Join(pasted.Words(t, clipboard.Content()), "\n")
		if row.begins != "curl " && !strings.Contains(words, "\nprompt="+held.Text("prompt")) {
			t.Errorf("a shell reads %q", words)
		}
		if w.generate.copyAs.button.Text != "Copied" {
			t.Errorf("the button says %q", w.generate.copyAs.button.Text)
		}
		w.generate.copyAs.rest()
	}
	clipboard.SetContent("as it was")
	typePrompt(w, "")
	test.Tap(w.generate.copyAs.button)
	viewtest.ChooseMenuItem(t, w.Canvas(), "API request (curl)")
	ui.Until("the problem", func() bool { return w.generate.problem.Visible() })
	if clipboard.Content() != "as it was" || len(w.studio.Jobs.List()) != 0 {
		t.Error("an empty form was copied, or sent")
	}
}
