package views

import (
	"os"
	"testing"

	"github.com/maquette-studio/maquette/storage"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

func TestEverythingIsCheckedAndRepairedFromTheMenu(t *testing.T) {
	ui, w := openDemo(t)
	p := showCheck(w.desk)
	ui.Until("the end", func() bool { return p.cancel == nil })
	if p.text.Text != "Everything is whole." || p.repair.Visible() {
		t.Fatalf("it says %q", p.text.Text)
	}
	photo := w.studio.Datasets.Photos()[0]
	files, err := storage.OpenFiles(storage.LayoutAt(w.studio.Dir()).Library)
	if err != nil {
		t.Fatal(err)
	}
	path := files.Path(photo.Hash, photo.Ext)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, before[:len(before)-1], 0o600); err != nil {
		t.Fatal(err)
	}
	p.begin(false)
	ui.Until("the finding", func() bool { return p.cancel == nil })
	if len(p.findings) != 1 || !p.repair.Visible() || p.text.Text != "1 thing is damaged or missing." {
		t.Fatalf("it says %q of %+v", p.text.Text, p.findings)
	}
	viewtest.TapPanelButton(t, dialogOf(t, w), "Repair")
	ui.Until("the repair", func() bool { return p.cancel == nil })
	if p.text.Text != "1 thing can't be repaired." {
		t.Errorf("it says %q", p.text.Text)
	}
	if err := os.WriteFile(path, before, 0o600); err != nil { // as added again
		t.Fatal(err)
	}
	p.begin(false)
	p.Close()
	ui.Drain()
	if w.covered() {
		t.Error("it can't be closed while it checks")
	}
}
