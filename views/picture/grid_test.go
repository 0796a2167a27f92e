package picture

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"slices"
	"strings"
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"github.com/maquette-studio/maquette/views/internal/viewtest"
	"github.com/maquette-studio/maquette/views/kit"
)

// gridItems are n items named by their position.
func gridItems(n int) []Item {
	items := make([]Item, n)
	for i := range items {
		items[i] = Item{ID: fmt.Sprint(i), Title: fmt.Sprintf("photo %d", i)}
	}
	return items
}

// idSource makes pictures whose colour tells whose they are, and counts how often each is made.
type idSource struct {
	mu    sync.Mutex
	calls map[string]int
}

func newIDSource() *idSource { return &idSource{calls: map[string]int{}} }

func (s *idSource) load(_ context.Context, id string, _ int) (image.Image, error) {
	s.mu.Lock()
	s.calls[id]++
	s.mu.Unlock()
	return viewtest.Plain(2, 2, colorOf(id)), nil
}

func (s *idSource) total() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.calls)
}

func colorOf(id string) color.RGBA {
	var n uint32
	for _, r := range id {
		n = n*31 + uint32(r)
	}
	return color.RGBA{R: uint8(n >> 16), G: uint8(n >> 8), B: uint8(n), A: 255}
}

// showGrid shows n pictures, three in a row.
func showGrid(t *testing.T, n int) (*viewtest.UI, *Grid, *idSource) {
	t.Helper()
	ui := viewtest.Start(t)
	source := newIDSource()
	loader := NewLoader(source.load, 0)
	t.Cleanup(loader.Close)
	grid := NewGrid(loader)
	grid.SetItems(gridItems(n))
	cell := CellSize(grid.edge)
	ui.Window(grid, 3*cell.Width+40, 2*cell.Height+20)
	if grid.ColumnCount() != 3 {
		t.Fatalf("%d columns", grid.ColumnCount())
	}
	return ui, grid, source
}

// cellOf finds the cell that shows a title, as a person would.
func cellOf(t *testing.T, grid *Grid, title string) *gridCell {
	t.Helper()
	for _, cell := range viewtest.Find[*gridCell](grid) {
		for _, text := range viewtest.Find[*canvas.Text](cell) {
			if text.Text == title {
				return cell
			}
		}
	}
	t.Fatalf("no cell shows %q", title)
	return nil
}

func click(t *testing.T, grid *Grid, title string, modifier fyne.KeyModifier) {
	t.Helper()
	cell := cellOf(t, grid, title)
	event := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary, Modifier: modifier}
	cell.MouseDown(event)
	cell.MouseUp(event)
	test.Tap(cell)
}

func press(grid *Grid, held fyne.KeyModifier, names ...fyne.KeyName) {
	grid.Modifiers = func() fyne.KeyModifier { return held }
	for _, name := range names {
		grid.TypedKey(viewtest.Key(name))
	}
}

func TestGridSelection(t *testing.T) {
	const ctrl, shift = fyne.KeyModifierShortcutDefault, fyne.KeyModifierShift
	type step = func(t *testing.T, g *Grid)
	clicked := func(title string, modifier fyne.KeyModifier) step {
		return func(t *testing.T, g *Grid) { click(t, g, title, modifier) }
	}
	typed := func(names ...fyne.KeyName) step {
		return func(_ *testing.T, g *Grid) { press(g, 0, names...) }
	}
	shifted := func(names ...fyne.KeyName) step {
		return func(_ *testing.T, g *Grid) { press(g, fyne.KeyModifierShift, names...) }
	}
	all := func(_ *testing.T, g *Grid) { g.TypedShortcut(&fyne.ShortcutSelectAll{}) }
	ctrlRight := func(_ *testing.T, g *Grid) {
		g.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyRight, Modifier: ctrl})
	}

	for _, row := range []struct {
		name  string
		steps []step
		want  string
	}{
		{"a click selects one", []step{clicked("photo 1", 0), clicked("photo 2", 0)}, "2"},
		{"ctrl-click adds", []step{clicked("photo 2", 0), clicked("photo 0", ctrl)}, "0 2"},
		{"ctrl-click removes", []step{clicked("photo 2", 0), clicked("photo 0", ctrl), clicked("photo 2", ctrl)}, "0"},
		{"shift-click selects a range", []step{clicked("photo 1", 0), clicked("photo 4", shift)}, "1 2 3 4"},
		{"and turns it round its anchor", []step{clicked("photo 3", 0), clicked("photo 5", shift), clicked("photo 1", shift)}, "1 2 3"},
		{"shift-click with nothing selected begins at the first", []step{clicked("photo 2", shift)}, "0 1 2"},
		{"ctrl+A selects all", []step{all}, "0 1 2 3 4 5 6 7 8 9 10"},
		{"right and left move", []step{clicked("photo 0", 0), typed(fyne.KeyRight, fyne.KeyRight, fyne.KeyLeft)}, "1"},
		{"down and up move by a row", []step{clicked("photo 1", 0), typed(fyne.KeyDown, fyne.KeyDown, fyne.KeyUp)}, "4"},
		{"left stops at the first", []step{clicked("photo 0", 0), typed(fyne.KeyLeft)}, "0"},
		{"down stops at the last", []step{typed(fyne.KeyEnd, fyne.KeyDown)}, "10"},
		{"end and home", []step{typed(fyne.KeyEnd, fyne.KeyHome)}, "0"},
		{"page down moves what fits", []step{clicked("photo 1", 0), typed(fyne.KeyPageDown)}, "7"},
		{"page up too", []step{typed(fyne.KeyEnd, fyne.KeyPageUp)}, "4"},
		{"shift with arrows extends", []step{clicked("photo 1", 0), shifted(fyne.KeyRight, fyne.KeyDown)}, "1 2 3 4 5"},
		{"shift+end extends to the last", []step{clicked("photo 8", 0), shifted(fyne.KeyEnd)}, "8 9 10"},
		{"space takes away", []step{clicked("photo 1", 0), typed(fyne.KeySpace)}, ""},
		{"ctrl+arrow moves without selecting, space adds", []step{clicked("photo 1", 0), ctrlRight, ctrlRight, typed(fyne.KeySpace)}, "1 3"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, grid, _ := showGrid(t, 11)
			grid.Resize(fyne.NewSize(grid.Size().Width, 4*CellSize(grid.edge).Height)) // all eleven in sight
			var told []string
			grid.OnSelect = func(ids []string) { told = ids }
			for _, do := range row.steps {
				if row.name == "page down moves what fits" || row.name == "page up too" {
					grid.Resize(fyne.NewSize(grid.Size().Width, 2*CellSize(grid.edge).Height+20))
				}
				do(t, grid)
			}
			if got := strings.Join(grid.Selected(), " "); got != row.want {
				t.Errorf("selected %q, want %q", got, row.want)
			}
			if got := strings.Join(told, " "); got != row.want {
				t.Errorf("OnSelect said %q, want %q", got, row.want)
			}
		})
	}
}

func TestGridActions(t *testing.T) {
	_, grid, _ := showGrid(t, 11)
	var opened string
	var deleted, menu []string
	var other []fyne.KeyName
	grid.OnOpen = func(id string) { opened = id }
	grid.OnDelete = func(ids []string) { deleted = ids }
	grid.OnMenu = func(ids []string, _ fyne.Position) { menu = ids }
	grid.OnKey = func(event *fyne.KeyEvent) { other = append(other, event.Name) }

	test.DoubleTap(cellOf(t, grid, "photo 4"))
	if opened != "4" {
		t.Errorf("double click opened %q", opened)
	}
	press(grid, 0, fyne.KeyDelete)
	if deleted != nil {
		t.Errorf("Delete with nothing selected deleted %v", deleted)
	}
	click(t, grid, "photo 2", 0)
	press(grid, 0, fyne.KeyReturn)
	if opened != "2" {
		t.Errorf("Enter opened %q", opened)
	}
	click(t, grid, "photo 1", fyne.KeyModifierShortcutDefault)
	press(grid, 0, fyne.KeyDelete)
	if !slices.Equal(deleted, []string{"1", "2"}) {
		t.Errorf("Delete deleted %v", deleted)
	}

	rightClick := func(title string) {
		cell := cellOf(t, grid, title)
		cell.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonSecondary})
		test.TapSecondary(cell)
	}
	rightClick("photo 2")
	if !slices.Equal(menu, []string{"1", "2"}) {
		t.Errorf("right click on a selected picture is about %v", menu)
	}
	rightClick("photo 3")
	if !slices.Equal(menu, []string{"3"}) {
		t.Errorf("right click elsewhere is about %v", menu)
	}
	for name, open := range map[string]func(){
		"the Menu key": func() { press(grid, 0, desktop.KeyMenu) },
		"Shift+F10":    func() { press(grid, fyne.KeyModifierShift, fyne.KeyF10) },
	} {
		menu = nil
		open()
		if !slices.Equal(menu, []string{"3"}) {
			t.Errorf("%s is about %v", name, menu)
		}
	}
	press(grid, 0, fyne.KeyEscape)
	if !slices.Equal(other, []fyne.KeyName{fyne.KeyEscape}) {
		t.Errorf("handed on: %v", other)
	}
}

func TestGridKeepsTheSelectionOverNewItems(t *testing.T) {
	_, grid, _ := showGrid(t, 6)
	grid.Select("1", "4")
	var told [][]string
	grid.OnSelect = func(ids []string) { told = append(told, ids) }

	grid.SetItems(append([]Item{{ID: "new"}}, gridItems(6)...))
	if got := grid.Selected(); !slices.Equal(got, []string{"1", "4"}) || told != nil {
		t.Errorf("after one was put before them: %v, told %v", got, told)
	}
	grid.SetItems(gridItems(3))
	if got := grid.Selected(); !slices.Equal(got, []string{"1"}) || len(told) != 1 {
		t.Errorf("after the other was gone: %v, told %v", got, told)
	}
	grid.SetItems(nil)
	press(grid, 0, fyne.KeyDown, fyne.KeyEnd, fyne.KeyReturn, fyne.KeySpace, desktop.KeyMenu)
	if got := grid.Selected(); len(got) != 0 {
		t.Errorf("selected in an empty grid: %v", got)
	}
}

func TestGridLoadsOnlyWhatIsSeen(t *testing.T) {
	ui, grid, source := showGrid(t, 100_000)
	loaded := func() bool {
		return !slices.ContainsFunc(viewtest.Find[*gridCell](grid), func(c *gridCell) bool { return c.slot.Picture == nil })
	}
	ui.Until("the first pictures", loaded)
	first := source.total()
	if limit := 5 * 3; first > limit {
		t.Errorf("%d pictures made to show at most %d", first, limit)
	}
	for _, offset := range []float32{50_000, 2_000_000, 4_000_000, 0} {
		grid.ScrollToOffset(offset)
		ui.Until("the pictures there", loaded)
	}
	press(grid, 0, fyne.KeyEnd)
	ui.Until("the last pictures", loaded)
	cellOf(t, grid, "photo 99999")
	if made, limit := source.total(), 6*5*3; made > limit {
		t.Errorf("%d pictures made while at most %d were seen", made, limit)
	}
	if live := len(grid.cells); live > 60 {
		t.Errorf("%d cells kept for a window of 9", live)
	}
}

func TestGridCellsNeverShowAnotherPicture(t *testing.T) {
	ui := viewtest.Start(t)
	gate := make(chan struct{})
	loader := NewLoader(func(_ context.Context, id string, _ int) (image.Image, error) {
		<-gate // and goes on when it is given up, as a decoder does
		return viewtest.Plain(2, 2, colorOf(id)), nil
	}, 0)
	defer loader.Close()
	grid := NewGrid(loader)
	grid.SetItems(gridItems(5_000))
	ui.Window(grid, 600, 500)

	for step := range 60 { // all of these are wanted, and scrolled away before they arrive
		grid.ScrollToOffset(float32((step * 7919) % 300_000))
	}
	close(gate)
	ui.Until("the pictures", func() bool {
		checkPictures(t, grid)
		return !slices.ContainsFunc(viewtest.Find[*gridCell](grid), func(c *gridCell) bool { return c.slot.Picture == nil })
	})
	ui.Until("nothing more to load", func() bool {
		loader.mu.Lock()
		defer loader.mu.Unlock()
		return len(loader.loads) == 0
	})
	ui.Drain()
	checkPictures(t, grid)
	for step := range 60 {
		grid.ScrollToOffset(float32((step * 104_729) % 300_000))
		checkPictures(t, grid)
		ui.Drain()
		checkPictures(t, grid)
	}
}

// checkPictures fails the test when a cell's caption and picture don't belong together.
func checkPictures(t *testing.T, grid *Grid) {
	t.Helper()
	for _, cell := range viewtest.Find[*gridCell](grid) {
		for _, picture := range viewtest.Find[*canvas.Image](cell) {
			shown, ok := picture.Image.(*image.RGBA) // signs are images too, of another kind
			if !ok {
				continue
			}
			id := strings.TrimPrefix(captionOf(cell), "photo ")
			if got := shown.RGBAAt(0, 0); got != colorOf(id) {
				t.Fatalf("the cell of photo %s shows the picture of another", id)
			}
		}
	}
}

func captionOf(cell *gridCell) string {
	for _, text := range viewtest.Find[*canvas.Text](cell) {
		if strings.HasPrefix(text.Text, "photo ") {
			return text.Text
		}
	}
	return ""
}

func TestGridSaysWhyThereIsNoPicture(t *testing.T) {
	ui := viewtest.Start(t)
	var mu sync.Mutex
	calls := 0
	loader := NewLoader(func(context.Context, string, int) (image.Image, error) {
		mu.Lock()
		defer mu.Unlock()
		calls++
		return nil, errors.New("the file ends too early")
	}, 0)
	defer loader.Close()
	grid := NewGrid(loader)
	grid.SetItems([]Item{{ID: "bad", Title: "bad.jpg"}})
	ui.Window(grid, 400, 300)

	reason := func() bool { return slices.Contains(viewtest.Labels(grid), "No preview: the file ends too early") }
	ui.Until("the reason", reason)
	for range 5 {
		grid.Refresh()
		grid.SetItems([]Item{{ID: "bad", Title: "bad.jpg"}})
	}
	mu.Lock()
	if calls != 1 {
		t.Errorf("a picture that can't be made was tried %d times", calls)
	}
	mu.Unlock()
}

func TestGridMarks(t *testing.T) {
	_, grid, _ := showGrid(t, 3)
	item := Item{ID: "1", Title: "photo 1", Badge: "43 %", Warning: "Too small", Progress: 0.43}
	items := slices.Clone(grid.Items())
	items[1] = item
	grid.SetItems(items)
	cell := cellOf(t, grid, "photo 1")
	if texts := viewtest.Find[*canvas.Text](cell); !slices.ContainsFunc(texts, func(c *canvas.Text) bool { return c.Text == "43 %" }) {
		t.Error("the badge isn't shown")
	}
	if slices.Contains(viewtest.Labels(cell), "Too small") {
		t.Error("the warning's sentence is shown before anyone looks")
	}
	cell.MouseIn(&desktop.MouseEvent{})
	if !slices.Contains(viewtest.Labels(cell), "Too small") {
		t.Error("the warning's sentence isn't shown under the pointer")
	}
	cell.MouseOut()
}

func TestGridCellSize(t *testing.T) {
	ui, grid, _ := showGrid(t, 100)
	grid.SetCellSize(CellSmall)
	if got := grid.ColumnCount(); got != 4 {
		t.Errorf("%d columns of small cells", got)
	}
	cell := cellOf(t, grid, "photo 3")
	if cell.Size() != CellSize(CellSmall) {
		t.Errorf("the cell's size is %v", cell.Size())
	}
	ui.Until("pictures in the new size", func() bool { return cell.slot.Picture != nil && cell.slot.px == int(CellSmall) })
}

func TestCaptionsAreShortenedToTheirWidth(t *testing.T) {
	test.NewTempApp(t)
	for _, title := range []string{"", "a.jpg", strings.Repeat("long ", 100), strings.Repeat("宽", 500)} {
		got := kit.Ellipsize(title, 100, 12)
		if width := fyne.MeasureText(got, 12, fyne.TextStyle{}).Width; width > 100 {
			t.Errorf("%q is %.0f wide", got, width)
		}
		if len(title) < 10 && got != title {
			t.Errorf("%q became %q", title, got)
		}
	}
}

func BenchmarkGridSetItems(b *testing.B) {
	_, grid := benchmarkGrid(b)
	items := [][]Item{gridItems(100_000), gridItems(99_999)}
	turn := 0
	for b.Loop() {
		turn = 1 - turn
		grid.SetItems(items[turn])
	}
}

func BenchmarkGridScrollPage(b *testing.B) {
	ui, grid := benchmarkGrid(b)
	page := 0
	for b.Loop() {
		page = (page + 1) % 1000
		grid.ScrollToOffset(float32(page) * 700)
		ui.Drain()
	}
}

func benchmarkGrid(b *testing.B) (*viewtest.UI, *Grid) {
	ui := viewtest.Start(b)
	loader := NewLoader(newIDSource().load, 0)
	b.Cleanup(loader.Close)
	grid := NewGrid(loader)
	grid.SetItems(gridItems(100_000))
	ui.Window(grid, 1000, 700)
	return ui, grid
}
