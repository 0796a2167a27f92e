package views

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// choose picks a call by its title in the list.
func (p *callPanel) pickCall(t *testing.T, title string) {
	t.Helper()
	for _, option := range p.pick.Options {
		if strings.HasSuffix(option, title) {
			p.pick.SetSelected(option)
			return
		}
	}
	t.Fatalf("there is no call %q among %q", title, p.pick.Options)
}

func TestEveryCallCanBeAskedInTheWindow(t *testing.T) {
	ui, w := openDemo(t)
	p := w.showCalls()
	calls := 0
	for _, service := range w.studio.Services() {
		calls += len(service.Calls)
	}
	if len(p.pick.Options) != calls {
		t.Errorf("%d calls are offered of %d", len(p.pick.Options), calls)
	}
	p.pickCall(t, "Balance")
	test.Tap(p.ask)
	ui.until("the balance", func() bool { return strings.Contains(p.answer.Text, "credit_balance") })
}

func TestAnAnswerThatIsARefusalIsSaidWithItsWords(t *testing.T) {
	ui, w := openDemo(t)
	p := w.showCalls()
	p.pickCall(t, "Generation")
	test.Tap(p.ask)
	ui.until("the missing id", func() bool { return says(p.overlay, "is required") })
	p.form.SetValue("id", "no-such-generation")
	test.Tap(p.ask)
	ui.until("the refusal", func() bool { return p.failure.Visible() })
}

func TestWhatDestroysIsConfirmedFirst(t *testing.T) {
	_, w := openDemo(t)
	p := w.showCalls()
	p.pickCall(t, "Delete generation")
	p.form.SetValue("id", "no-such-generation")
	test.Tap(p.ask)
	if overlay := w.Canvas().Overlays().Top(); overlay == fyne.CanvasObject(p.overlay) || p.failure.Visible() {
		t.Error("nobody was asked")
	}
}

func TestACallIsCopiedAsCurlAndAsACommand(t *testing.T) {
	ui, w := openDemo(t)
	p := w.showCalls()
	clipboard := w.app.Clipboard()
	p.pickCall(t, "Generation")
	clipboard.SetContent("as it was")
	test.Tap(p.copyAs.button)
	chooseCopy(t, w, "Maquette command")
	ui.until("the missing id", func() bool { return says(p.overlay, "is required") })
	if clipboard.Content() != "as it was" {
		t.Errorf("an empty form was copied as %s", clipboard.Content())
	}
	p.form.SetValue("id", "fox-7")
	for choice, want := range map[string]string{
		"Maquette command": "call luma/generation --set id=fox-7", "API request (curl)": "/generations/fox-7",
	} {
		test.Tap(p.copyAs.button)
		chooseCopy(t, w, choice)
		ui.until("the copy as "+choice, func() bool { return strings.Contains(clipboard.Content(), want) })
	}
	p.copyAs.button.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if w.Canvas().Overlays().Top() == fyne.CanvasObject(p.overlay) {
		t.Error("Escape on the button leaves the panel open")
	}
}
