package views

import (
	"os"
	"testing"

	"fyne.io/fyne/v2/test"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/app/windowstate"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

// openDemo opens a window over a demo studio of its own.
func openDemo(t *testing.T) (*viewtest.UI, *Window) {
	t.Helper()
	return openStudio(t, app.Config{Dir: t.TempDir(), Demo: true, SandboxPace: 0.05, SandboxMaxEdge: 96, Tempo: 0.05})
}

// demoFilled is a demo's folder with the sample photos in it; "" before the
// first demo is opened.
var demoFilled string

// fillDemo gives a demo the sample photos: they are drawn and checked once.
func fillDemo(t *testing.T, dir string) {
	t.Helper()
	if demoFilled == "" {
		made, err := os.MkdirTemp("", "maquette-demo") //nolint:usetesting // it outlives this test
		if err != nil {
			t.Fatal(err)
		}
		studio, err := app.Open(app.Config{Dir: made, Demo: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := studio.Close(); err != nil {
			t.Fatal(err)
		}
		demoFilled = made
	}
	if err := os.CopyFS(dir, os.DirFS(demoFilled)); err != nil {
		t.Fatal(err)
	}
}

func openStudio(t *testing.T, cfg app.Config) (*viewtest.UI, *Window) {
	t.Helper()
	ui := viewtest.Start(t)
	if entries, err := os.ReadDir(cfg.Dir); cfg.Demo && err == nil && len(entries) == 0 {
		fillDemo(t, cfg.Dir)
	}
	studio, err := app.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	fyneApp := test.NewTempApp(t)
	w := build(fyneApp, fyneApp.NewWindow(windowTitle), studio, windowstate.Open(t.TempDir()), windowLeads{reopen: func() {}})
	t.Cleanup(func() {
		w.Shutdown()
		if err := studio.Close(); err != nil {
			t.Error(err)
		}
		w.Close()
	})
	studio.Resume()
	w.Show()
	return ui, w
}

// openBare opens a window over an empty studio: quicker than the demo, whose
// photos are drawn and checked first.
func openBare(t *testing.T) (*viewtest.UI, *Window) {
	t.Helper()
	return openStudio(t, app.Config{Dir: t.TempDir(), Env: func(string) string { return "" }})
}

func TestAFailureSaysWhatToDoAndLeadsThere(t *testing.T) {
	_, w := openBare(t)
	rows := []struct {
		failure *providers.Failure
		says    []string
		buttons []string
	}{
		{
			&providers.Failure{Kind: providers.BadKey, Message: providers.Say("The key was refused"), Advice: providers.Say("Check it."), Service: "Unauthorized", Money: providers.NotSpent},
			[]string{"The key was refused", "Check it.", "“Unauthorized”"},
			[]string{"Open Settings", "Retry"},
		},
		{
			&providers.Failure{Kind: providers.NoBucket, Message: providers.Say("No bucket")},
			[]string{"No bucket"},
			[]string{"Set up the bucket", "Retry"},
		},
		{
			&providers.Failure{Kind: providers.ServiceTrouble, Message: providers.Say("It broke"), Money: providers.MoneyUnknown},
			[]string{"It broke"},
			[]string{"Retry"},
		},
		{
			&providers.Failure{Kind: providers.NotFound, Message: providers.Say("It is gone"), Remedy: providers.Calling("luma/generations", "")},
			[]string{"It is gone"},
			[]string{"Ask for “Generations”…", "Retry"},
		},
		{
			&providers.Failure{Kind: providers.NoBucket, Message: providers.Say("It can't be read"), Remedy: providers.Remedy{Code: providers.CheckBucket}},
			[]string{"It can't be read"},
			[]string{"Check the bucket", "Retry"},
		},
		{
			&providers.Failure{Kind: providers.NoStorage, Message: providers.Say("It is full"), Remedy: providers.Remedy{Code: providers.RetryJob}},
			[]string{"It is full"},
			[]string{"Show the data folder", "Retry"},
		},
	}
	for _, row := range rows {
		card := newFailureCard(w.desk, w)
		card.SetFailure(row.failure, "luma", func() {})
		test.NewTempWindow(t, card)
		if got := viewtest.LabelTexts(card); !viewtest.ContainsAll(got, row.says) {
			t.Errorf("the card says %q, wanted %q", got, row.says)
		}
		if got := viewtest.ButtonTexts(card); !viewtest.ContainsAll(got, row.buttons) || len(got) != len(row.buttons) {
			t.Errorf("the buttons are %q, wanted %q", got, row.buttons)
		}
		if card.guide.Visible() != (guideOfFailure[row.failure.Kind] != "") {
			t.Errorf("the guide is offered for %q: %v", row.failure.Kind, card.guide.Visible())
		}
		if row.failure.Money != "" && card.money.Text() != say(jobs.MoneyWords(row.failure.Money)) {
			t.Errorf("of the money it says %q", card.money.Text())
		}
		card.SetFailure(nil, "", nil)
		if card.Visible() {
			t.Error("a card without a failure is still there")
		}
	}
}

func TestEveryOutcomeOfMoneyHasItsSentence(t *testing.T) {
	said := map[string]bool{}
	for _, money := range []providers.Money{providers.NotSpent, providers.Spent, providers.Refunded, providers.MoneyUnknown} {
		said[say(jobs.MoneyWords(money))] = true
	}
	if len(said) != 4 || said[""] {
		t.Errorf("the sentences are %v", said)
	}
}

func TestARemedyLeadsToTheCallWithItsValue(t *testing.T) {
	_, w := openBare(t)
	p := showCalls(w.desk, w)
	p.pickRemedy(providers.Calling("bria/dataset-update", "status=completed"))
	if p.call().ID != "bria/dataset-update" || p.form.Raw()["status"] != "completed" {
		t.Errorf("%s is shown with %v", p.call().ID, p.form.Raw())
	}
}
