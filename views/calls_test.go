package views

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/maquette-studio/maquette/app/consent"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/form"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
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

// shows reports whether a form has exactly these fields of all that the services' calls have.
func shows(form *form.Form, fields []providers.Field, services []*providers.Service) bool {
	for _, service := range services {
		for _, call := range service.Calls {
			for _, field := range call.Fields {
				wanted := slices.ContainsFunc(fields, func(f providers.Field) bool { return f.Key == field.Key })
				if wanted != (form.Input(field.Key) != nil) {
					return false
				}
			}
		}
	}
	return true
}

func TestEveryCallCanBeAskedInTheWindow(t *testing.T) {
	ui, w := openDemo(t)
	p := showCalls(w.desk, w)
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
			if p.call().ID != call.ID || !shows(p.form, call.Fields, w.studio.Services()) {
				t.Errorf("%s shows another form", call.ID)
			}
			if explains := slices.Contains(viewtest.PanelButtonTexts(p.form.Content), "Explain"); explains != (len(call.Fields) > 0) {
				t.Errorf("%s: the button that explains its fields is shown: %v", call.ID, explains)
			}
		}
	}
	p.pickCall(t, "Luma Dream Machine", "Balance")
	test.Tap(p.ask)
	ui.Until("the balance", func() bool { return strings.Contains(p.answer.Text, "credit_balance") })
}

func TestAnAnswerThatIsARefusalIsSaidWithItsWords(t *testing.T) {
	ui, w := openDemo(t)
	p := showCalls(w.desk, w)
	p.pickCall(t, "Luma Dream Machine", "Generation")
	test.Tap(p.ask)
	ui.Until("the missing id", func() bool { return viewtest.Says(p.Object(), "is required") })
	p.form.SetValue("id", "no-such-generation")
	test.Tap(p.ask)
	ui.Until("the refusal", func() bool { return p.failure.Visible() })
}

func TestWhatDestroysIsConfirmedFirst(t *testing.T) {
	_, w := openDemo(t)
	p := showCalls(w.desk, w)
	p.pickCall(t, "Luma Dream Machine", "Delete generation")
	p.form.SetValue("id", "no-such-generation")
	test.Tap(p.ask)
	if overlay := w.Canvas().Overlays().Top(); overlay == p.Object() || p.failure.Visible() {
		t.Error("nobody was asked")
	}
}

func TestACallIsCopiedAsCurlAndAsACommand(t *testing.T) {
	ui, w := openDemo(t)
	p := showCalls(w.desk, w)
	clipboard := fyne.CurrentApp().Clipboard()
	p.pickCall(t, "Luma Dream Machine", "Generation")
	clipboard.SetContent("as it was")
	test.Tap(p.copyAs.button)
	viewtest.ChooseMenuItem(t, w.Canvas(), "Maquette command")
	ui.Until("the missing id", func() bool { return viewtest.Says(p.Object(), "is required") })
	if clipboard.Content() != "as it was" {
		t.Errorf("an empty form was copied as %s", clipboard.Content())
	}
	p.form.SetValue("id", "fox-7")
	for choice, want := range map[string]string{
		"Maquette command": "call luma/generation --set id=fox-7", "API request (curl)": "/generations/fox-7",
	} {
		test.Tap(p.copyAs.button)
		viewtest.ChooseMenuItem(t, w.Canvas(), choice)
		ui.Until("the copy as "+choice, func() bool { return strings.Contains(clipboard.Content(), want) })
	}
}

func TestEscapeClosesThePanelFromAnywhereInIt(t *testing.T) {
	_, w := openDemo(t)
	for name, press := range map[string]func(*callPanel){
		"a button": func(p *callPanel) { p.copyAs.button.TypedKey(viewtest.Key(fyne.KeyEscape)) },
		"a choice": func(p *callPanel) { p.service.TypedKey(viewtest.Key(fyne.KeyEscape)) },
		"a field":  func(p *callPanel) { p.form.Input(p.call().Fields[0].Key).TypedKey(viewtest.Key(fyne.KeyEscape)) },
		"nothing":  func(*callPanel) { w.Canvas().OnTypedKey()(viewtest.Key(fyne.KeyEscape)) },
	} {
		p := showCalls(w.desk, w)
		p.pickCall(t, "Luma Dream Machine", "Generation")
		press(p)
		if w.Canvas().Overlays().Top() != nil {
			t.Errorf("Escape on %s leaves the panel open", name)
			p.Close()
		}
	}
}

func TestACallThatTrainsTakesConsent(t *testing.T) {
	ui, w := openDemo(t)
	p := showCalls(w.desk, w)
	p.pickCall(t, "Bria", "Models")
	if p.consent.Visible() {
		t.Error("a list asks for consent")
	}
	p.pickCall(t, "Bria", "Start training")
	p.form.SetValue("model_id", "701")
	test.Tap(p.ask)
	if !viewtest.Says(p.Object(), consent.Statement) || !strings.Contains(p.problem.Text(), "state that you may use the photos") {
		t.Errorf("without the tick it says %q", viewtest.LabelTexts(p.Object()))
	}
	p.consent.SetChecked(true)
	test.Tap(p.ask)
	tapDialog(t, w, "Do it")
	ui.Until("Bria refuses a model that isn't there", func() bool { return p.failure.Visible() })
	all, err := w.studio.Consents()
	if err != nil || len(all) != 1 || all[0].Request != "bria/model-start" || all[0].Of["model_id"] != "701" {
		t.Errorf("recorded: %v, %v", all, err)
	}
	p.pickCall(t, "Bria", "Upload picture")
	if p.consent.Checked() || !p.consent.Visible() {
		t.Error("the tick for one call is taken for another")
	}
}
