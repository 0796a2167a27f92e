package views

import (
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/remote"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

// openWriting shows a dataset of one image whose caption Bria takes its time
// to write.
func openWriting(t *testing.T) (*viewtest.UI, *Window, *briaPane, briaIDs) {
	t.Helper()
	ui, w := openStudio(t, slowDemo(t))
	p, ids := showWriting(t, ui, w)
	return ui, w, p, ids
}

// slowDemo is a demo whose Bria takes its time.
func slowDemo(t *testing.T) app.Config {
	t.Helper()
	return app.Config{Dir: t.TempDir(), Demo: true, SandboxPace: 8, Tempo: 0.05}
}

func showWriting(t *testing.T, ui *viewtest.UI, w *Window) (*briaPane, briaIDs) {
	t.Helper()
	ids := fillBria(t, w)
	p := showDataset(t, ui, w, ids.dataset)
	if !viewtest.Says(p.detail, "Bria is writing captions: 0 of 1 are there") || !viewtest.Says(p.detail, "Bria is writing a caption…") {
		t.Fatalf("while Bria writes the page says %q", viewtest.LabelTexts(p.detail))
	}
	return p, ids
}

func TestACaptionTypedWhileBriaWritesIsSavedAfterwards(t *testing.T) {
	ui, w, p, ids := openWriting(t)
	row := viewtest.Find[*briaImageRow](p.detail)[0]
	row.caption.SetText("a fox of mine")
	viewtest.TapButton(t, row, "Save")
	if p.stop != nil || !viewtest.Says(row, "Yours is saved after Bria's own") {
		t.Errorf("the row says %q", viewtest.LabelTexts(row))
	}
	ui.Until("the caption is saved", func() bool { return viewtest.Says(p.detail, "Written by hand") })
	if got := atDataset(t, w, ids.dataset)[0]; got.Caption != "a fox of mine" || got.Source != remote.Manual {
		t.Errorf("at Bria there is %+v", got)
	}
	if row.caption.Text != "a fox of mine" || viewtest.Says(p.detail, "Bria is writing") {
		t.Errorf("the page says %q", viewtest.LabelTexts(p.detail))
	}
}

func TestWhatIsTypedStaysWhileBriaWrites(t *testing.T) {
	ui, cfg := viewtest.Start(t), slowDemo(t)
	w, closing := openAgain(t, cfg)
	p, ids := showWriting(t, ui, w)
	row := viewtest.Find[*briaImageRow](p.detail)[0]
	row.caption.SetText("a fox, not finis")
	ui.Until("Bria has written its own", func() bool { return viewtest.Says(row, "Not saved yet") })
	if row.caption.Text != "a fox, not finis" {
		t.Errorf("what was typed became %q", row.caption.Text)
	}
	if got := atDataset(t, w, ids.dataset)[0]; got.Source != remote.Automatic {
		t.Errorf("what isn't saved is at Bria: %+v", got)
	}
	row.caption.SetText("a fox, not finish")
	closing()
	w, closing = openAgain(t, cfg)
	defer closing()
	if draft, typed := w.studio.Bria.Captions.Typed(remote.ID(ids.image)); !typed || draft.Text != "a fox, not finish" {
		t.Errorf("after a restart there is %+v", draft)
	}
}

func TestCaptioningAllAgainIsAwaitedAndKeepsWhatIsTyped(t *testing.T) {
	ui, _, p, _ := openWriting(t)
	row := viewtest.Find[*briaImageRow](p.detail)[0]
	ui.Until("the first caption", func() bool { return viewtest.Says(row, "Written by Bria") })
	row.caption.SetText("typed before")
	p.dataset.entry.SetText("A drawing of Vix,")
	viewtest.TapButton(t, p.detail, "Save prefix")
	ui.Until("it says what is next", func() bool {
		return viewtest.Says(p.content, "were written to go on from the old one; Bria can write them anew")
	})
	viewtest.TapButton(t, p.notice.content, "Caption all again…")
	viewtest.TapPanelButton(t, p.window.Canvas().Overlays().Top(), "Caption all again")
	ui.Until("Bria writes", func() bool { return viewtest.Says(p.detail, "Bria is writing captions") && row.again.Disabled() })
	ui.Until("Bria has written", func() bool { return !viewtest.Says(p.detail, "Bria is writing") && viewtest.Says(row, "Not saved yet") })
	if row.caption.Text != "typed before" {
		t.Errorf("what was typed became %q", row.caption.Text)
	}
}

func TestCaptionsAreLookedForGentlyAndOnlyWhileSeen(t *testing.T) {
	ui, w := openStudio(t, slowDemo(t))
	if v := w.models.bria.dataset; v.faster != 1 || v.pace.Next() < 10*time.Second {
		t.Error("Bria is asked more often than each ten seconds")
	}
	p, _ := showWriting(t, ui, w)
	v := p.dataset
	pause := func() time.Duration { next := v.pace; return next.Next() }
	ui.Until("a look", func() bool { return pause() > remote.PaceFirst })
	before := pause()
	ui.Until("each look comes later", func() bool { return pause() > before })

	w.tabs.SelectIndex(tabJobs)
	ui.Until("the last look is over", func() bool { return !v.work.Busy(workRead) })
	unseen := v.pace
	for range 5 {
		v.lookAfter(time.Millisecond)
		ui.Until("the pause is over", func() bool { return true })
		ui.Drain()
	}
	if v.pace != unseen || v.work.Busy(workRead) {
		t.Error("Bria is asked while nobody sees the page")
	}
	w.tabs.SelectIndex(tabModels)
	ui.Until("it goes on when the page is seen again", func() bool { return viewtest.Says(p.detail, "Written by Bria") })
	p.tree.Select(remote.Key{Kind: remote.KindProject, ID: v.shown.Project}.String())
	if v.work.Busy(workRead) {
		t.Error("Bria is asked about a dataset that isn't shown")
	}
}

func TestAWaitingCaptionThatCantBeSavedIsKept(t *testing.T) {
	service, config := viewtest.Sandboxed(t)
	ui, w := openStudio(t, config())
	ids := fillBria(t, w)
	p := showDataset(t, ui, w, ids.dataset)
	ui.Until("the caption is there", func() bool { return viewtest.Says(p.detail, "Written by Bria") })
	if err := service.AddFault("bria PUT /tailored-gen/datasets/: status 403 x1"); err != nil {
		t.Fatal(err)
	}
	w.studio.Bria.Captions.Type(p.dataset.shown, p.dataset.shown.Images[0], "waits")
	w.studio.Bria.Captions.Queue(remote.ID(ids.image))
	p.dataset.look()
	ui.Until("the failure is told", func() bool { return p.failure.Visible() && p.stop == nil })
	if row := viewtest.Find[*briaImageRow](p.detail)[0]; row.caption.Text != "waits" || !viewtest.Says(row, "Yours is to be saved") {
		t.Errorf("the row says %q, %q", row.caption.Text, viewtest.LabelTexts(row))
	}
	viewtest.TapButton(t, p.failure, "Retry")
	ui.Until("it is saved after all", func() bool { return viewtest.Says(p.detail, "Written by hand") })
}
