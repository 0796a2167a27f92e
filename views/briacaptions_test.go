package views

import (
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app"
)

// openWriting shows a dataset of one image whose caption Bria takes its time
// to write.
func openWriting(t *testing.T) (*testUI, *Window, *briaPane, briaIDs) {
	t.Helper()
	ui, w := openStudio(t, app.Config{Dir: t.TempDir(), Demo: true, SandboxPace: 4, Tempo: 0.05})
	ids := furnishBria(t, w)
	p := showDataset(t, ui, w, ids.dataset)
	if !says(p.detail, "Bria is writing captions: 0 of 1 are there") || !says(p.detail, "Bria is writing a caption…") {
		t.Fatalf("while Bria writes the page says %q", labelTexts(p.detail))
	}
	return ui, w, p, ids
}

func TestACaptionTypedWhileBriaWritesIsSavedAfterwards(t *testing.T) {
	ui, w, p, ids := openWriting(t)
	row := find[*briaImageRow](p.detail)[0]
	row.caption.SetText("a fox of mine")
	tapButton(t, row, "Save")
	if p.stop != nil || !says(row, "Yours is saved after Bria's own") {
		t.Errorf("the row says %q", labelTexts(row))
	}
	ui.until("the caption is saved", func() bool { return says(p.detail, "Written by hand") })
	if got := atDataset(t, w, ids.dataset)[0]; got.Caption != "a fox of mine" || got.Source != "manual" {
		t.Errorf("at Bria there is %+v", got)
	}
	if row.caption.Text != "a fox of mine" || says(p.detail, "Bria is writing") {
		t.Errorf("the page says %q", labelTexts(p.detail))
	}
}

func TestWhatIsTypedStaysWhileBriaWrites(t *testing.T) {
	ui, w, p, ids := openWriting(t)
	row := find[*briaImageRow](p.detail)[0]
	row.caption.SetText("a fox, not finis")
	ui.until("Bria has written its own", func() bool { return says(row, "Not saved yet") })
	if row.caption.Text != "a fox, not finis" {
		t.Errorf("what was typed became %q", row.caption.Text)
	}
	if got := atDataset(t, w, ids.dataset)[0]; got.Source != "automatic" {
		t.Errorf("what isn't saved is at Bria: %+v", got)
	}
	w.models.bria.dataset.close() // as the window does
	if draft, typed := newBriaDrafts(w.studio).get(briaID(ids.image)); !typed || draft.Text != "a fox, not finis" {
		t.Errorf("after a restart there would be %+v", draft)
	}
}

func TestCaptioningAllAgainIsAwaitedAndKeepsWhatIsTyped(t *testing.T) {
	ui, _, p, _ := openWriting(t)
	row := find[*briaImageRow](p.detail)[0]
	ui.until("the first caption", func() bool { return says(row, "Written by Bria") })
	row.caption.SetText("typed before")
	p.dataset.entry.SetText("A drawing of Vix,")
	tapButton(t, p.detail, "Save prefix")
	ui.until("it says what is next", func() bool {
		return says(p.content, "were written to go on from the old one; Bria can write them anew")
	})
	tapButton(t, p.notice.content, "Caption all again…")
	tapPickerButton(t, p.window.Canvas().Overlays().Top(), "Caption all again")
	ui.until("Bria writes", func() bool { return says(p.detail, "Bria is writing captions") && row.again.Disabled() })
	ui.until("Bria has written", func() bool { return !says(p.detail, "Bria is writing") && says(row, "Not saved yet") })
	if row.caption.Text != "typed before" {
		t.Errorf("what was typed became %q", row.caption.Text)
	}
}

func TestCaptionsAreLookedForGentlyAndOnlyWhileSeen(t *testing.T) {
	if captionPace < 10*time.Second {
		t.Errorf("Bria is asked every %s", captionPace)
	}
	ui, w, p, _ := openWriting(t)
	v := p.dataset
	ui.until("a look", func() bool { return v.pause > v.pace })
	before := v.pause
	ui.until("each look comes later", func() bool { return v.pause > before })

	w.tabs.SelectIndex(tabJobs)
	ui.until("the last look is over", func() bool { return v.reading.cancel == nil })
	turn := v.reading.turn
	for range 5 {
		v.lookLater()
		ui.until("the pause is over", func() bool { return true })
		ui.drain()
	}
	if v.reading.turn != turn {
		t.Error("Bria is asked while nobody sees the page")
	}
	w.tabs.SelectIndex(tabModels)
	ui.until("it goes on when the page is seen again", func() bool { return says(p.detail, "Written by Bria") })
	p.tree.Select(string(keyFor(kindProject, v.shown.Project)))
	if v.reading.cancel != nil {
		t.Error("Bria is asked about a dataset that isn't shown")
	}
}

func TestAWaitingCaptionThatCantBeSavedIsKept(t *testing.T) {
	service, config := sandboxed(t)
	ui, w := openStudio(t, config())
	ids := furnishBria(t, w)
	p := showDataset(t, ui, w, ids.dataset)
	ui.until("the caption is there", func() bool { return says(p.detail, "Written by Bria") })
	if err := service.AddFault("bria PUT /tailored-gen/datasets/: status 403 x1"); err != nil {
		t.Fatal(err)
	}
	p.drafts.set(briaID(ids.image), app.UnsentCaption{Dataset: ids.dataset, Text: "waits", Send: true})
	p.dataset.look()
	ui.until("the failure is told", func() bool { return p.failure.Visible() && p.stop == nil })
	if row := find[*briaImageRow](p.detail)[0]; row.caption.Text != "waits" || !says(row, "Yours is to be saved") {
		t.Errorf("the row says %q, %q", row.caption.Text, labelTexts(row))
	}
	tapButton(t, p.failure, "Retry")
	ui.until("it is saved after all", func() bool { return says(p.detail, "Written by hand") })
}
