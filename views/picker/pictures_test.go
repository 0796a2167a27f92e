package picker

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/views/internal/viewtest"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picture"
)

// photoTree is a folder with pictures, things that are none, and folders in it.
func photoTree(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for _, dir := range []string{"Holiday", "empty", ".hidden"} {
		if err := os.Mkdir(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"b.JPG", "a.png", "c.webp", "d.jpeg", ".e.jpg", "notes.txt", "Holiday/beach.jpg"} {
		if err := os.WriteFile(filepath.Join(root, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestReadFolder(t *testing.T) {
	root := photoTree(t)
	links := map[string]string{"linked": "Holiday", "linked.jpg": "a.png", "dangling.jpg": "nowhere"}
	for name, target := range links {
		if err := os.Symlink(filepath.Join(root, target), filepath.Join(root, name)); err != nil {
			t.Skipf("no symbolic links here: %v", err)
		}
	}
	listing, err := readFolder(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"empty", "Holiday", "linked"}; !slices.Equal(listing.folders, want) {
		t.Errorf("folders %v, want %v", listing.folders, want)
	}
	if want := []string{"a.png", "b.JPG", "c.webp", "d.jpeg", "linked.jpg"}; !slices.Equal(listing.pictures, want) {
		t.Errorf("pictures %v, want %v", listing.pictures, want)
	}

	if _, err := readFolder(t.Context(), filepath.Join(root, "gone")); !errors.Is(err, fs.ErrNotExist) ||
		strings.Contains(err.Error(), root) {
		t.Errorf("a folder that isn't there: %v", err)
	}
	if _, err := readFolder(t.Context(), filepath.Join(root, "notes.txt")); err == nil {
		t.Error("a file was read as a folder")
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := readFolder(ended, root); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	for err, sentence := range map[error]string{
		fs.ErrPermission: "no permission",
		&fs.PathError{Op: "open", Path: "/secret/place", Err: fs.ErrPermission}:       "no permission",
		&fs.PathError{Op: "read", Path: "/secret/place", Err: errors.New("io error")}: "can't be read: io error",
	} {
		if got := folderProblem(err).Error(); !strings.Contains(got, sentence) || strings.Contains(got, "/secret") {
			t.Errorf("%v is told as %q", err, got)
		}
	}
}

// openPicker shows a picker on a folder and waits until that is read.
func openPicker(t *testing.T, start string) (*viewtest.UI, *PicturePicker, *[][]string) {
	t.Helper()
	ui := viewtest.Start(t)
	w := ui.Window(widget.NewLabel("behind"), 1000, 700)
	var chosen [][]string
	work := kit.NewWork()
	picker := ChoosePictures(w, work, start, func(context.Context, string, int) (image.Image, error) {
		return viewtest.Plain(4, 4, color.White), nil
	}, func(paths []string) { chosen = append(chosen, paths) })
	t.Cleanup(func() {
		picker.Close()
		work.Close()
	})
	arrived(ui, picker)
	return ui, picker, &chosen
}

// arrived waits until the folder last opened is read.
func arrived(ui *viewtest.UI, picker *PicturePicker) {
	ui.T.Helper()
	ui.Until("the folder", func() bool {
		return picker.arriving != "" && !picker.Work.Busy(workPasted) && !picker.Work.Busy(workRead)
	})
}

func shownTitles(picker *PicturePicker) []string {
	var titles []string
	for _, item := range picker.parts.grid.Items() {
		titles = append(titles, item.Title)
	}
	return titles
}

func pressButton(t *testing.T, picker *PicturePicker, text string) {
	t.Helper()
	for _, button := range viewtest.Find[*kit.Button](picker.Object()) {
		if button.Text == text {
			test.Tap(button)
			return
		}
	}
	t.Fatalf("no button says %q", text)
}

// marked reports whether the cell that shows a title has the cursor's frame.
func marked(grid *picture.Grid, title string) bool {
	return slices.ContainsFunc(viewtest.Find[fyne.Widget](grid), func(cell fyne.Widget) bool {
		named := slices.ContainsFunc(viewtest.Find[*canvas.Text](cell), func(text *canvas.Text) bool { return text.Text == title })
		return named && slices.ContainsFunc(viewtest.Find[*canvas.Rectangle](cell), func(frame *canvas.Rectangle) bool {
			return frame.StrokeWidth > 0 && frame.StrokeColor == theme.Color(theme.ColorNameForeground)
		})
	})
}

// typeKeys types keys into the grid while modifiers are held.
func typeKeys(grid *picture.Grid, held fyne.KeyModifier, names ...fyne.KeyName) {
	grid.Modifiers = func() fyne.KeyModifier { return held }
	for _, name := range names {
		grid.TypedKey(viewtest.Key(name))
	}
}

func TestPickerByKeyboardAlone(t *testing.T) {
	root := photoTree(t)
	ui, picker, chosen := openPicker(t, root)
	if got := shownTitles(picker); !slices.Equal(got, []string{"a.png", "b.JPG", "c.webp", "d.jpeg"}) {
		t.Fatalf("shows %v", got)
	}
	grid, ok := ui.Canvas.Focused().(*picture.Grid)
	if !ok {
		t.Fatalf("the keyboard is at %T", ui.Canvas.Focused())
	}
	if !marked(grid, "a.png") {
		t.Error("the cursor isn't shown on the first picture")
	}
	typeKeys(grid, 0, fyne.KeyRight, fyne.KeyRight, fyne.KeySpace, fyne.KeySpace)
	typeKeys(grid, fyne.KeyModifierShift, fyne.KeyRight)
	if got := picker.parts.choose.Text; got != "Choose 2 photos" {
		t.Errorf("the button says %q", got)
	}
	typeKeys(grid, 0, fyne.KeyReturn)
	want := [][]string{{filepath.Join(root, "c.webp"), filepath.Join(root, "d.jpeg")}}
	if fmt.Sprint(*chosen) != fmt.Sprint(want) {
		t.Errorf("chosen %v", *chosen)
	}
	if ui.Canvas.Overlays().Top() != nil {
		t.Error("the picker is still there")
	}
}

func TestPickerGoesThroughFolders(t *testing.T) {
	root := photoTree(t)
	ui, picker, chosen := openPicker(t, root)

	folders := picker.folders
	ui.Canvas.Focus(folders)
	folders.TypedKey(viewtest.Key(fyne.KeyDown))
	folders.TypedKey(viewtest.Key(fyne.KeyReturn)) // Holiday
	arrived(ui, picker)
	if got := shownTitles(picker); !slices.Equal(got, []string{"beach.jpg"}) {
		t.Fatalf("in Holiday: %v", got)
	}
	if got := picker.path.Text; got != filepath.Join(root, "Holiday") {
		t.Errorf("the path says %q", got)
	}
	pressButton(t, picker, "") // up
	arrived(ui, picker)
	if got := len(shownTitles(picker)); got != 4 {
		t.Errorf("%d pictures one up", got)
	}

	ui.Canvas.Focus(picker.path)
	picker.path.SetText(filepath.Join(root, "empty"))
	picker.path.TypedKey(viewtest.Key(fyne.KeyReturn))
	arrived(ui, picker)
	if got := picker.notice; !got.Visible() || !strings.Contains(got.Text, "No pictures that can be read") {
		t.Errorf("an empty folder says %q", got.Text)
	}
	if !picker.parts.whole.Disabled() || !picker.parts.choose.Disabled() {
		t.Error("an empty folder can be chosen")
	}

	picker.parts.grid.TypedKey(viewtest.Key(fyne.KeyBackspace))
	arrived(ui, picker)
	pressButton(t, picker, "Choose whole folder")
	if fmt.Sprint(*chosen) != fmt.Sprint([][]string{{root}}) {
		t.Errorf("chosen %v", *chosen)
	}
	if got := fyne.CurrentApp().Preferences().String(pickerFolderKey); got != root {
		t.Errorf("remembers %q", got)
	}
}

func TestPickerSaysWhatItCantRead(t *testing.T) {
	root := photoTree(t)
	ui, picker, _ := openPicker(t, root)
	locked := filepath.Join(root, "Holiday")
	if err := os.Chmod(locked, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(locked, 0o700) })
	want := "no permission"
	if _, err := os.ReadDir(locked); err == nil { // root reads everything
		locked, want = filepath.Join(root, "gone"), "no longer there"
	}
	picker.open(locked)
	arrived(ui, picker)
	if got := picker.notice.Text; !strings.Contains(got, want) {
		t.Errorf("says %q", got)
	}
	if got := fyne.CurrentApp().Preferences().String(pickerFolderKey); got != root {
		t.Errorf("remembers %q", got)
	}
}

func TestPickerIsCancelledByEscapeFromAnywhere(t *testing.T) {
	root := photoTree(t)
	for name, focus := range map[string]func(*PicturePicker) fyne.Focusable{
		"the pictures": func(p *PicturePicker) fyne.Focusable { return p.parts.grid },
		"the path":     func(p *PicturePicker) fyne.Focusable { return p.path },
		"the folders":  func(p *PicturePicker) fyne.Focusable { return p.folders },
		"the places":   func(p *PicturePicker) fyne.Focusable { return p.places },
		"a button":     func(p *PicturePicker) fyne.Focusable { return p.parts.whole },
	} {
		t.Run(name, func(t *testing.T) {
			ui, picker, chosen := openPicker(t, root)
			ui.Canvas.Focus(focus(picker))
			ui.Canvas.Focused().TypedKey(viewtest.Key(fyne.KeyEscape))
			if ui.Canvas.Overlays().Top() != nil || len(*chosen) != 0 {
				t.Errorf("still there, or chosen %v", *chosen)
			}
		})
	}
	t.Run("nowhere", func(t *testing.T) {
		ui, picker, _ := openPicker(t, root)
		ui.Canvas.Unfocus()
		ui.Canvas.OnTypedKey()(viewtest.Key(fyne.KeyEscape))
		if !picker.Closed() {
			t.Error("still there")
		}
		if ui.Canvas.OnTypedKey() != nil {
			t.Error("the window's keys weren't given back")
		}
	})
}

func TestPickerGivesUpAFolderOneLeaves(t *testing.T) {
	root := photoTree(t)
	ui, picker, _ := openPicker(t, root)
	picker.open(root)
	picker.open(filepath.Join(root, "Holiday"))
	arrived(ui, picker)
	flushed := false
	kit.Do(picker.Work, func(context.Context) bool { return true }, func(bool) { flushed = true })
	ui.Until("what was begun later", func() bool { return flushed })
	if got := shownTitles(picker); !slices.Equal(got, []string{"beach.jpg"}) {
		t.Errorf("shows %v", got)
	}
}

func BenchmarkReadFolder(b *testing.B) {
	root := b.TempDir()
	for i := range 10_000 {
		if err := os.WriteFile(filepath.Join(root, fmt.Sprintf("photo-%05d.jpg", i)), nil, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if _, err := readFolder(b.Context(), root); err != nil {
			b.Fatal(err)
		}
	}
}
