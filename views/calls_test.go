package views

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// pickCall picks a call as a person does: the service, then what to ask it.
func (p *callPanel) pickCall(t *testing.T, service, title string) {
	t.Helper()
	p.service.SetSelected(service)
	p.pick.SetSelected(title)
	if p.service.Selected != service || p.pick.Selected != title {
		t.Fatalf("there is no call %q of %q", title, service)
	}
}

func TestEveryCallCanBeAskedInTheWindow(t *testing.T) {
	ui, w := openDemo(t)
	p := w.showCalls()
	for _, service := range w.studio.Services() {
		if len(service.Calls) == 0 {
			continue
		}
		p.service.SetSelected(service.Title)
		if len(p.pick.Options) != len(service.Calls) {
			t.Errorf("%d calls of %s are offered of %d", len(p.pick.Options), service.Title, len(service.Calls))
		}
		for i, call := range service.Calls {
			p.pick.SetSelectedIndex(i)
			if p.call().ID != call.ID || len(p.form.group.rows) != len(call.Fields) {
				t.Errorf("%s shows another form", call.ID)
			}
			if explains := p.form.group.foot.Visible(); explains != (len(call.Fields) > 0) {
				t.Errorf("%s: the button that explains its fields is shown: %v", call.ID, explains)
			}
		}
	}
	p.pickCall(t, "Luma Dream Machine", "Balance")
	test.Tap(p.ask)
	ui.until("the balance", func() bool { return strings.Contains(p.answer.Text, "credit_balance") })
}

func TestAnAnswerThatIsARefusalIsSaidWithItsWords(t *testing.T) {
	ui, w := openDemo(t)
	p := w.showCalls()
	p.pickCall(t, "Luma Dream Machine", "Generation")
	test.Tap(p.ask)
	ui.until("the missing id", func() bool { return says(p.overlay, "is required") })
	p.form.SetValue("id", "no-such-generation")
	test.Tap(p.ask)
	ui.until("the refusal", func() bool { return p.failure.Visible() })
}

func TestWhatDestroysIsConfirmedFirst(t *testing.T) {
	_, w := openDemo(t)
	p := w.showCalls()
	p.pickCall(t, "Luma Dream Machine", "Delete generation")
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
	p.pickCall(t, "Luma Dream Machine", "Generation")
	clipboard.SetContent("as it was")
	test.Tap(p.copyAs.button)
	chooseCopy(t, w, "Maquette command, once this window is closed")
	ui.until("the missing id", func() bool { return says(p.overlay, "is required") })
	if clipboard.Content() != "as it was" {
		t.Errorf("an empty form was copied as %s", clipboard.Content())
	}
	p.form.SetValue("id", "fox-7")
	for choice, want := range map[string]string{
		"Maquette command, once this window is closed": "call luma/generation --set id=fox-7", "API request (curl)": "/generations/fox-7",
	} {
		test.Tap(p.copyAs.button)
		chooseCopy(t, w, choice)
		ui.until("the copy as "+choice, func() bool { return strings.Contains(clipboard.Content(), want) })
	}
}

func TestEscapeClosesThePanelFromAnywhereInIt(t *testing.T) {
	_, w := openDemo(t)
	for name, press := range map[string]func(*callPanel){
		"a button": func(p *callPanel) { p.copyAs.button.TypedKey(key(fyne.KeyEscape)) },
		"a choice": func(p *callPanel) { p.service.TypedKey(key(fyne.KeyEscape)) },
		"a field":  func(p *callPanel) { p.form.group.rows[0].input.focus().TypedKey(key(fyne.KeyEscape)) },
		"nothing":  func(*callPanel) { w.Canvas().OnTypedKey()(key(fyne.KeyEscape)) },
	} {
		p := w.showCalls()
		p.pickCall(t, "Luma Dream Machine", "Generation")
		press(p)
		if w.Canvas().Overlays().Top() != nil {
			t.Errorf("Escape on %s leaves the panel open", name)
			p.Close()
		}
	}
}
