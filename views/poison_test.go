// Services that put the worst into every text: what becomes of it in the window.

package views

import (
	"strings"
	"testing"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/registry"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

const (
	// longestDrawn is how long one drawn text may be, characters: what a sentence
	// quotes, and some words.
	longestDrawn = 2500
	// mostDrawn bounds all that is drawn at once, characters.
	mostDrawn = 100_000
)

// wantHarmless looks at every text that is drawn.
// Links are whole in the answer of a call, which was asked for them, and in
// what a person edits, which goes back as it is.
func wantHarmless(t *testing.T, where string, w *Window, secrets []string, answer ...*canvas.Text) {
	t.Helper()
	roots := append([]fyne.CanvasObject{w.Canvas().Content()}, w.Canvas().Overlays().List()...)
	var all strings.Builder
	for _, root := range roots {
		whole := map[*canvas.Text]bool{}
		for _, text := range answer {
			whole[text] = true
		}
		for _, entry := range viewtest.Find[*widget.Entry](root) {
			for _, text := range viewtest.Find[*canvas.Text](entry) {
				whole[text] = true
			}
		}
		for _, text := range viewtest.Find[*canvas.Text](root) {
			drawn := text.Text
			if strings.ContainsFunc(drawn, providers.Unprintable) || !utf8.ValidString(drawn) || utf8.RuneCountInString(drawn) > longestDrawn {
				t.Errorf("%s: %d bytes are drawn: %.200q", where, len(drawn), drawn)
			}
			if strings.Contains(drawn, "Signature=hidden") && !whole[text] {
				t.Errorf("%s: a signed link is drawn: %.300q", where, drawn)
			}
			all.WriteString(strings.TrimSpace(drawn))
		}
	}
	if all.Len() > mostDrawn {
		t.Errorf("%s: %d bytes are drawn", where, all.Len())
	}
	for _, secret := range secrets {
		if strings.Contains(all.String(), secret) {
			t.Errorf("%s: %.12s… is drawn", where, secret)
		}
	}
}

func TestWhatAServiceSaysDoesNothingInTheWindow(t *testing.T) {
	_, config := viewtest.Sandboxed(t)
	cfg := config()
	env, poisoner := cfg.Env, &conformance.Poisoner{}
	addresses := map[string]string{}
	cfg.Env = func(name string) string {
		if address, is := addresses[name]; is {
			return address
		}
		return env(name)
	}
	for _, service := range registry.All() {
		poisoner.Secrets = append(poisoner.Secrets, env(service.KeyEnv))
	}
	for _, service := range registry.All() {
		addresses[service.URLEnv] = poisoner.Before(t, env(service.URLEnv))
	}
	ui, w := openStudio(t, cfg)
	w.Resize(fyne.NewSize(1200, 800))
	look := func(where string) {
		t.Helper()
		ui.Drain()
		wantHarmless(t, where, w, poisoner.Secrets)
	}
	ask := func(service, call string) {
		t.Helper()
		p := showCalls(w.desk, w)
		p.pickCall(t, service, call)
		test.Tap(p.ask)
		ui.Until("an answer of "+call, func() bool { return p.answer.Text != "" || p.failure.Visible() })
		wantHarmless(t, call, w, poisoner.Secrets, viewtest.Find[*canvas.Text](p.answer)...)
		p.Close()
	}
	round := func(name string) {
		t.Helper()
		for _, order := range []jobs.Order{{Task: "luma/image", Values: map[string]any{"prompt": "a paper fox"}}, foxOrder} {
			job := startJob(t, w.studio, order)
			ui.Until("the end of "+order.Task, func() bool {
				now, _ := w.studio.Jobs.Job(job.ID)
				return now.State.Ended()
			})
			w.showJob(job.ID)
			look(name + ": " + order.Task)
		}
		for i := range declaredTabs() {
			w.openTab(i)
			look(name + ": " + w.tabs.Items[i].Text)
		}
		for _, id := range []string{"luma", "dreamlook", "bria", "lucydream"} {
			section, card := keyCard(w, id)
			w.openTab(tabSettings)
			w.settings.selectAccount(id)
			ui.Until("the key of "+id, func() bool { return !section.check.Disabled() })
			viewtest.TapButton(t, card, "Check")
			ui.Until("the check of "+id, func() bool { return section.result.problem.Text() != "" || !section.check.Disabled() })
			look(name + ": the key of " + id)
		}
		ask("Luma Dream Machine", "Generations")
		ask("Bria", "Projects")
	}
	ids := fillBria(t, w)
	round("answers")
	p := openBria(t, w)
	ui.Until("the dataset is listed", func() bool { return viewtest.Says(p.tree, "First drawings") })
	for _, page := range []string{"project/" + ids.project, "dataset/" + ids.dataset} {
		p.tree.Select(page)
		look(page)
	}
	poisoner.Status.Store(422)
	round("refusals")
	openBria(t, w)
	look("refused at Bria")
}
