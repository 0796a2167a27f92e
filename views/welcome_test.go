package views

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"github.com/zalando/go-keyring"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/access"
	"github.com/maquette-studio/maquette/providers/sandbox"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

// firstStart opens a window over a data directory, with the addresses of a
// sandbox's services and a made-up keyring.
func firstStart(t *testing.T, dir string) (*viewtest.UI, *start, *sandbox.Sandbox) {
	t.Helper()
	box, err := sandbox.Start(t.Context(), sandbox.Config{Dir: t.TempDir(), Pace: 0.05, MaxEdge: 96})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	env := map[string]string{}
	for _, line := range box.Env() {
		if name, value, _ := strings.Cut(line, "="); strings.HasPrefix(name, "MAQUETTE_") && strings.HasSuffix(name, "_URL") && !strings.Contains(name, "BUCKET") {
			env[name] = value
		}
	}
	ui := viewtest.Start(t)
	s := newStart(fyne.CurrentApp(), dir, func(o Opening) (*app.Studio, error) {
		return app.Open(app.Config{
			Dir: dir, Demo: o.Demo, Env: func(name string) string { return env[name] }, Tempo: 0.05, SandboxPace: 0.05, SandboxMaxEdge: 96,
		})
	})
	if err := s.show(); err != nil {
		t.Fatal(err)
	}
	return ui, s, box
}

func hasTabs(s *start) bool {
	return len(viewtest.Find[*container.AppTabs](s.window.Content())) == 1
}

func isWelcome(s *start) bool { return viewtest.Says(s.window.Content(), "Welcome to Maquette") }

func TestTheWelcomeIsLeftForGoodAndComesBackFromHelp(t *testing.T) {
	keyring.MockInit()
	dir := t.TempDir()
	ui, s, _ := firstStart(t, dir)
	ui.Until("the welcome", func() bool { return isWelcome(s) })
	for _, words := range []string{"Bria works with a key alone", "not needed", "needed: a place for photos"} {
		if !viewtest.Says(s.window.Content(), words) {
			t.Errorf("the welcome doesn't say %q", words)
		}
	}
	viewtest.TapButton(t, s.window.Content(), "Later")
	ui.Until("the tabs", func() bool { return hasTabs(s) && s.studio.Settings.Now().Welcomed })
	help := s.window.MainMenu().Items[3]
	at := slices.IndexFunc(help.Items, func(item *fyne.MenuItem) bool { return item.Label == "Set up…" })
	help.Items[at].Action()
	ui.Until("the welcome again", func() bool { return isWelcome(s) })
	viewtest.TapButton(t, s.window.Content(), "Later")
	if err := s.close(); err != nil {
		t.Fatal(err)
	}
	studio, err := app.Open(app.Config{Dir: dir, Env: func(string) string { return "" }})
	if err != nil {
		t.Fatal(err)
	}
	defer studio.Close()
	if studio.FirstStart(t.Context()) {
		t.Error("the welcome would be shown again")
	}
}

func TestAKeyPastedInTheWelcomeIsCheckedAndTheFormsBeginWithIt(t *testing.T) {
	keyring.MockInit()
	ui, s, box := firstStart(t, t.TempDir())
	ui.Until("the welcome", func() bool { return isWelcome(s) })
	content := s.window.Content()
	var entry *widget.Entry
	for _, check := range viewtest.Find[*widget.Check](content) {
		if check.Text == "Luma Dream Machine" {
			test.Tap(check)
		}
	}
	entry = viewtest.Find[*widget.Entry](content)[0]
	if !viewtest.Says(content, "Luma Dream Machine can fetch them") && !slices.Contains(viewtest.ButtonTexts(content), "Use a bucket…") {
		t.Error("nothing says that a service that was chosen needs a bucket")
	}
	test.Type(entry, `  "`+box.Key("luma")+`" `)
	viewtest.TapButton(t, content, "Save and check")
	ui.Until("the service accepts it", func() bool { return viewtest.Says(content, "Key accepted") })
	ui.Until("it says so", func() bool { return slices.Contains(viewtest.ButtonTexts(content), "Start working") })
	viewtest.TapButton(t, content, "Start working")
	ui.Until("the tabs", func() bool { return hasTabs(s) })
	w := s.built
	if w.generate.task.ID != "luma/image" {
		t.Errorf("Generate begins with %s", w.generate.task.ID)
	}
	if titles := w.train.order.choice.Options; !strings.HasSuffix(titles[0], "(no key yet)") {
		t.Errorf("a service without a key isn't marked: %q", titles)
	}
	if titles := w.generate.choice.Options; slices.ContainsFunc(titles, func(s string) bool { return strings.HasPrefix(s, "Luma") && strings.Contains(s, "no key") }) {
		t.Errorf("a service with a key is marked: %q", titles)
	}
	if err := s.close(); err != nil {
		t.Fatal(err)
	}
}

func TestTheDemoOpensInTheWelcomesWindowAndLeadsBack(t *testing.T) {
	keyring.MockInit()
	dir := t.TempDir()
	fillDemo(t, dir)
	ui, s, _ := firstStart(t, dir)
	ui.Until("the welcome", func() bool { return isWelcome(s) })
	viewtest.TapButton(t, s.window.Content(), "Try the demo")
	ui.Until("the demo", func() bool { return hasTabs(s) && s.studio.Demo() })
	viewtest.TapButton(t, s.window.Content(), "Leave the demo")
	ui.Until("the welcome again", func() bool { return isWelcome(s) })
	if s.studio.Demo() {
		t.Error("the demo is still open")
	}
	if err := s.close(); err != nil {
		t.Fatal(err)
	}
}

func TestWhatAFormLacksIsSaidBeforeItIsFilledIn(t *testing.T) {
	ui, w, _ := openOnSandbox(t, map[string]string{"LUCYDREAM_API_KEY": "lucy-key-from-outside-0001"})
	notice := w.train.order.notice
	pick := func(task string) {
		t.Helper()
		w.openTab(tabTrain)
		w.fill(task, nil)
	}
	pick("lucydream/train")
	ui.Until("it says that a bucket is needed", func() bool { return viewtest.Says(notice, "served by this computer") })
	if viewtest.Says(notice, "no key") {
		t.Error("a service that has a key is said to have none")
	}
	viewtest.TapButton(t, notice, "Use a bucket…")
	if !w.inSight(tabSettings) {
		t.Error("the button doesn't lead to Settings")
	}
	pick("bria/train")
	ui.Until("it says that there is no key", func() bool { return viewtest.Says(notice, "no key for Bria") })
	if viewtest.Says(notice, "bucket") {
		t.Error("Bria is said to need a bucket")
	}
	viewtest.TapButton(t, notice, "Add the key…")
	if w.window.Canvas().Focused() != w.settings.sections["bria"].field() {
		t.Error("the button doesn't lead to the key")
	}
	if got := w.studio.Access.Presence("bria"); got != access.KeyMissing {
		t.Errorf("what is known of the key is %v", got)
	}
}
