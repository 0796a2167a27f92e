package picker

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/filedialog"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
	"github.com/maquette-studio/maquette/views/kit"
)

func TestPathsAreRecognised(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	a, b := filepath.Join(home, "a fox.jpg"), filepath.Join(home, "b.jpg")
	for _, row := range []struct {
		text string
		want []string
	}{
		{a, []string{a}},
		{`"` + a + `"`, []string{a}},
		{"'" + a + "'\n" + b + "\n" + b + "\n", []string{a, b}},
		{"file://" + strings.ReplaceAll(filepath.ToSlash(a), " ", "%20") + "\r\n", []string{a}},
		{"copy\nfile://" + filepath.ToSlash(b), []string{b}},
		{"~/b.jpg", []string{b}},
		{"~", []string{home}},
		{"~other/b.jpg", nil},
		{"fox", nil},
		{"sub/fox.jpg", nil},
		{a + "\nand more", nil},
		{"https://example.com/a.jpg", nil},
		{"", nil},
		{`"`, nil},
	} {
		if got := pastedPaths(row.text); !slices.Equal(got, row.want) {
			t.Errorf("%q leads to %q", row.text, got)
		}
	}
}

// paste pastes into an entry as Ctrl+V does.
func paste(entry *kit.Entry, text string) {
	clipboard := test.NewClipboard()
	clipboard.SetContent(text)
	entry.TypedShortcut(&fyne.ShortcutPaste{Clipboard: clipboard})
}

func TestPastedPathsAreFollowedInThePicturePicker(t *testing.T) {
	root := photoTree(t)
	ui, picker, chosen := openPicker(t, t.TempDir())
	settled := func() {
		ui.Until("what was pasted", func() bool { return !picker.Work.Busy(workPasted) && !picker.Work.Busy(workRead) })
	}
	paste(picker.path, filepath.Join(root, "a.png")+"\n"+filepath.Join(root, "b.JPG"))
	settled()
	if got := picker.parts.choose.Text; picker.listing.path != root || got != "Choose 2 photos" {
		t.Errorf("in %s the button says %q", picker.listing.path, got)
	}
	paste(picker.path, filepath.Join(root, "notes.txt"))
	settled()
	if !strings.Contains(picker.notice.Text, "no picture that can be read") {
		t.Errorf("of a text it says %q", picker.notice.Text)
	}
	paste(picker.path, filepath.Join(root, "gone"))
	settled()
	if !strings.Contains(picker.notice.Text, "nothing at this place") {
		t.Errorf("of what is gone it says %q", picker.notice.Text)
	}
	paste(picker.path, "'"+filepath.Join(root, "Holiday")+"'")
	settled()
	if picker.listing.path != filepath.Join(root, "Holiday") {
		t.Errorf("a folder leads to %s", picker.listing.path)
	}
	want := []string{filepath.Join(root, "a.png"), filepath.Join(root, "Holiday", "beach.jpg")}
	paste(picker.path, strings.Join(want, "\n"))
	ui.Until("the choice", func() bool { return len(*chosen) == 1 })
	if !slices.Equal((*chosen)[0], want) {
		t.Errorf("chosen %v", *chosen)
	}
}

// openSave asks where to save fox.png.
func openSave(t *testing.T, folder string) (*viewtest.UI, *SavePicker, *[]string) {
	t.Helper()
	ui, work, saved := viewtest.Start(t), kit.NewWork(), []string{}
	w := ui.Window(widget.NewLabel(""), 900, 640)
	p := ChoosePlace(w, work, SaveRequest{Title: "Save picture", Yes: "Save", Name: "fox.png", Folder: folder}, func(folder, name string) {
		saved = append(saved, filepath.Join(folder, name))
	})
	t.Cleanup(func() {
		p.Close()
		work.Close()
	})
	settleSave(ui, p)
	return ui, p, &saved
}

func settleSave(ui *viewtest.UI, p *SavePicker) {
	ui.T.Helper()
	ui.Until("the folder", func() bool { return p.here && !p.Work.Busy(workPasted) && !p.Work.Busy(workRead) })
}

func TestANameTakesPathsAndTheRightExtension(t *testing.T) {
	root, elsewhere := photoTree(t), t.TempDir()
	ui, p, saved := openSave(t, elsewhere)
	p.name.SetText("vixen.jpg")
	if !p.taken.Visible() || !strings.Contains(p.taken.Text(), "vixen.png") || !p.correct.Visible() {
		t.Errorf("of another kind's extension it says %q", p.taken.Text())
	}
	test.Tap(&p.correct.Button)
	if p.name.Text != "vixen.png" || p.correct.Visible() {
		t.Errorf("put right it is %q", p.name.Text)
	}
	p.name.SetText("version 1.5")
	if p.fileName() != "version 1.5.png" || p.correct.Visible() {
		t.Errorf("what is no extension makes it %q", p.fileName())
	}

	paste(p.name, filepath.Join(root, "Holiday")) // a folder: the name stays
	settleSave(ui, p)
	if p.listing.path != filepath.Join(root, "Holiday") || p.name.Text != "version 1.5" {
		t.Errorf("a folder leads to %s, the name is %q", p.listing.path, p.name.Text)
	}
	paste(p.name, filepath.Join(root, "gone", "x.png"))
	ui.Until("what was pasted", func() bool { return !p.Work.Busy(workPasted) })
	if !strings.Contains(p.problem.Text(), "no such folder") {
		t.Errorf("of no folder it says %q", p.problem.Text())
	}
	p.name.SetText(filepath.Join(root, "mine.png")) // typed, not pasted
	if !strings.Contains(p.taken.Text(), "Enter goes") || !p.confirm.Disabled() {
		t.Errorf("of a path it says %q", p.taken.Text())
	}
	p.name.TypedKey(viewtest.Key(fyne.KeyReturn))
	ui.Until("the folder", func() bool { return p.listing.path == root })
	settleSave(ui, p)
	p.name.TypedKey(viewtest.Key(fyne.KeyReturn))
	if !slices.Equal(*saved, []string{filepath.Join(root, "mine.png")}) {
		t.Errorf("saved as %v", *saved)
	}
}

func TestTheSystemsDialogIsOfferedBesideOurs(t *testing.T) {
	before := systemDialogs
	defer func() { systemDialogs = before }()
	var asked filedialog.Request
	answer, fails := []string(nil), error(nil)
	systemDialogs.available = func(context.Context) bool { return true }
	systemDialogs.show = func(_ context.Context, request filedialog.Request) ([]string, error) {
		asked = request
		return answer, fails
	}
	root := photoTree(t)
	ui, p, saved := openSave(t, root)
	ui.Until("the button", p.system.Visible)
	press := func() {
		t.Helper()
		test.Tap(&p.system.Button)
		ui.Until("the answer", func() bool { return !p.Work.Busy(workSystem) })
	}
	press() // and cancelled
	if asked.Kind != filedialog.SaveFile || asked.Folder != root || asked.Name != "fox.png" || p.Closed() || p.system.Disabled() {
		t.Errorf("asked %+v", asked)
	}
	fails = errors.New("no backend")
	press()
	if !strings.Contains(p.notice.Text, "no backend") {
		t.Errorf("of trouble it says %q", p.notice.Text)
	}
	fails, answer = nil, []string{filepath.Join(root, "Holiday", "chosen.jpg")}
	press()
	if want := filepath.Join(root, "Holiday", "chosen.png"); !slices.Equal(*saved, []string{want}) {
		t.Errorf("saved as %v", *saved)
	}
}

func TestTheWidthOfThePickersListsIsRemembered(t *testing.T) {
	root := photoTree(t)
	_, picker, _ := openPicker(t, root)
	picker.parts.split.SetOffset(0.4)
	picker.Close()
	if got := fyne.CurrentApp().Preferences().Float("picker.side"); fmt.Sprintf("%.2f", got) != "0.40" {
		t.Errorf("remembers %v", got)
	}
}
