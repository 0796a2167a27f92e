// The picture grid: any number of pictures in cells of one size, chosen and opened by mouse or keyboard.

package picture

import (
	"cmp"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Item is one picture of a grid.
type Item struct {
	ID       string  // unique within the grid
	Picture  string  // what the Source is asked for; "" for the ID
	Title    string  // one line under the picture
	Badge    string  // a word in the corner
	Warning  string  // what is wrong with the picture; a mark, and the sentence under pointer or cursor
	Progress float64 // shown as a bar while above 0 and below 1
}

// picture is what the Source is asked for.
func (i Item) picture() string { return cmp.Or(i.Picture, i.ID) }

// Edges in density-independent pixels that the size slider steps through.
const (
	CellSmall  float32 = 112
	CellMedium float32 = 160
	CellLarge  float32 = 232
)

// Grid shows gridItems. Only visible cells exist and only their pictures are loaded. Everything here
// belongs to the UI goroutine; set the On… functions before the grid is shown.
type Grid struct {
	widget.GridWrap

	OnOpen   func(id string)                       // Enter, double click
	OnDelete func(ids []string)                    // Delete
	OnMenu   func(ids []string, pos fyne.Position) // right click, Menu key, Shift+F10; pos is for a pop-up menu
	OnSelect func(ids []string)                    // ids in the order shown
	OnKey    func(event *fyne.KeyEvent)            // keys the grid has no use for, Escape among them

	loader    *Loader
	items     []Item
	selection gridSelection
	edge      float32
	cells     map[int]*gridCell // by the position they show; stale ones are pruned
	focused   bool
	Modifiers func() fyne.KeyModifier // held now; TypedKey isn't told
}

var (
	_ fyne.Focusable    = (*Grid)(nil)
	_ fyne.Shortcutable = (*Grid)(nil)
)

// NewGrid shows pictures that loader loads; whoever made the loader closes it.
func NewGrid(loader *Loader) *Grid {
	g := &Grid{loader: loader, selection: newGridSelection(), edge: CellMedium, cells: map[int]*gridCell{}}
	g.Modifiers = heldModifiers
	g.Length = func() int { return len(g.items) }
	g.CreateItem = func() fyne.CanvasObject { return newGridCell(g) }
	g.UpdateItem = func(i widget.GridWrapItemID, object fyne.CanvasObject) { g.place(i, object.(*gridCell)) }
	g.ExtendBaseWidget(g)
	return g
}

// SetItems replaces all items and keeps the slice: don't change it afterwards. Selected pictures that are still
// there stay selected.
func (g *Grid) SetItems(items []Item) {
	cursor, anchor := g.idAt(g.selection.cursor), g.idAt(g.selection.anchor)
	before := len(g.selection.at)
	g.items = items
	g.selection.relocate(items, cursor, anchor)
	g.startCursor()
	g.Refresh()
	if len(g.selection.at) != before {
		g.tellSelection()
	}
}

// Items are those last set; don't change them.
func (g *Grid) Items() []Item { return g.items }

// SetCellSize sets the longest edge of the pictures in density-independent pixels.
func (g *Grid) SetCellSize(edge float32) {
	if edge == g.edge {
		return
	}
	g.edge = edge
	g.Refresh() // measures the new cell
	g.GridWrap.Resize(g.Size())
	g.Refresh() // and lays out in the new number of columns
	g.reveal()
}

// Selected are the selected ids in the order shown.
func (g *Grid) Selected() []string { return g.selection.ids() }

// Select selects exactly ids, as far as they are there.
func (g *Grid) Select(ids ...string) {
	g.selection.replace(g.items, ids)
	g.selectionChanged()
}

// Resize also corrects the length of the scroll bar, which GridWrap keeps from the old number of columns. What was
// selected and in sight stays in sight.
func (g *Grid) Resize(size fyne.Size) {
	if size == g.Size() {
		return
	}
	before, kept := g.ColumnCount(), g.inSight(g.selection.cursor)
	g.GridWrap.Resize(size)
	if g.ColumnCount() != before {
		g.Refresh()
	}
	if kept && g.selection.has(g.idAt(g.selection.cursor)) {
		g.reveal()
	}
}

// inSight reports whether a part of the picture at i can be seen.
func (g *Grid) inSight(i int) bool {
	top := float32(i/max(1, g.ColumnCount()))*g.rowHeight() - g.GetScrollOffset()
	return i >= 0 && top < g.Size().Height && top+g.rowHeight() > 0
}

// FocusGained shows the cursor.
func (g *Grid) FocusGained() {
	g.focused = true
	g.startCursor()
	g.restyle()
}

// ShowsFocus says that the cursor shows where the keyboard is.
func (g *Grid) ShowsFocus() bool { return len(g.items) > 0 }

// startCursor puts the cursor of a grid that has the keyboard somewhere.
func (g *Grid) startCursor() {
	if g.focused && g.selection.cursor < 0 && len(g.items) > 0 {
		g.selection.cursor = 0
	}
}

// FocusLost hides the cursor.
func (g *Grid) FocusLost() {
	g.focused = false
	g.restyle()
}

// TypedShortcut selects all on Ctrl+A, and moves the cursor alone on Ctrl with an arrow.
func (g *Grid) TypedShortcut(shortcut fyne.Shortcut) {
	switch s := shortcut.(type) {
	case *fyne.ShortcutSelectAll:
		g.selection.all(g.items)
		g.selectionChanged()
	case *desktop.CustomShortcut:
		if to, ok := g.destination(s.KeyName); ok && s.Modifier == fyne.KeyModifierShortcutDefault {
			g.selection.cursor = to
			g.reveal()
			g.restyle()
		}
	}
}

// TypedKey is the grid by keyboard.
func (g *Grid) TypedKey(event *fyne.KeyEvent) {
	if to, ok := g.destination(event.Name); ok {
		g.moveTo(to)
		return
	}
	switch event.Name {
	case fyne.KeySpace:
		if g.idAt(g.selection.cursor) != "" {
			g.selection.toggle(g.items, g.selection.cursor)
			g.selectionChanged()
		}
	case fyne.KeyReturn, fyne.KeyEnter:
		g.open(g.selection.cursor)
	case fyne.KeyDelete:
		if len(g.selection.at) > 0 && g.OnDelete != nil {
			g.OnDelete(g.Selected())
		}
	case desktop.KeyMenu:
		g.menuAtCursor()
	case fyne.KeyF10:
		if g.Modifiers() == fyne.KeyModifierShift { // alone it is the window's
			g.menuAtCursor()
		}
	default:
		if g.OnKey != nil {
			g.OnKey(event)
		}
	}
}

// destination is the position a movement key leads to from the cursor.
func (g *Grid) destination(key fyne.KeyName) (int, bool) {
	last := len(g.items) - 1
	if last < 0 {
		return 0, false
	}
	from, columns := max(0, g.selection.cursor), g.ColumnCount()
	page := columns * max(1, int(g.Size().Height/g.rowHeight()))
	var to int
	switch key {
	case fyne.KeyLeft:
		to = from - 1
	case fyne.KeyRight:
		to = from + 1
	case fyne.KeyUp:
		to = stepRows(from, -columns, last)
	case fyne.KeyDown:
		to = stepRows(from, columns, last)
	case fyne.KeyPageUp:
		to = stepRows(from, -page, last)
	case fyne.KeyPageDown:
		to = stepRows(from, page, last)
	case fyne.KeyHome:
		to = 0
	case fyne.KeyEnd:
		to = last
	default:
		return 0, false
	}
	return min(max(to, 0), last), true
}

// stepRows moves by whole rows and stops at the first and last picture.
func stepRows(from, by, last int) int { return min(max(from+by, 0), last) }

func (g *Grid) moveTo(i int) {
	if g.Modifiers() == fyne.KeyModifierShift {
		g.selection.extend(g.items, i)
	} else {
		g.selection.only(g.items, i)
	}
	g.reveal()
	g.selectionChanged()
}

// press is a mouse button on the cell at i.
func (g *Grid) press(i int, button desktop.MouseButton, modifiers fyne.KeyModifier) {
	if i < 0 || i >= len(g.items) {
		return
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(g); c != nil && !g.focused {
		c.Focus(g)
	}
	switch {
	case button == desktop.MouseButtonSecondary && g.selection.has(g.items[i].ID):
		g.selection.cursor = i
	case modifiers&fyne.KeyModifierShift != 0:
		g.selection.extend(g.items, i)
	case modifiers&fyne.KeyModifierShortcutDefault != 0:
		g.selection.toggle(g.items, i)
	default:
		g.selection.only(g.items, i)
	}
	g.selectionChanged()
}

func (g *Grid) open(i int) {
	if id := g.idAt(i); id != "" && g.OnOpen != nil {
		g.OnOpen(id)
	}
}

func (g *Grid) menu(pos fyne.Position) {
	if ids := g.Selected(); len(ids) > 0 && g.OnMenu != nil {
		g.OnMenu(ids, pos)
	}
}

func (g *Grid) menuAtCursor() {
	if len(g.selection.at) == 0 && g.idAt(g.selection.cursor) != "" {
		g.selection.only(g.items, g.selection.cursor)
		g.selectionChanged()
	}
	var place fyne.CanvasObject = g
	if cell := g.cells[g.selection.cursor]; cell != nil {
		place = cell
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(place)
	g.menu(at.AddXY(g.edge/2, g.edge/2))
}

func (g *Grid) selectionChanged() {
	g.restyle()
	g.tellSelection()
}

func (g *Grid) tellSelection() {
	if g.OnSelect != nil {
		g.OnSelect(g.Selected())
	}
}

// reveal scrolls so that the cursor is in sight.
func (g *Grid) reveal() { g.ScrollTo(g.selection.cursor) }

func (g *Grid) restyle() {
	for i, cell := range g.cells {
		if cell.index == i {
			cell.restyle()
		}
	}
}

// place lets a cell show position i. Cells that scrolled far away lose their picture, so that their number, and
// what they hold, follows the window and not the length of the grid.
func (g *Grid) place(i int, cell *gridCell) {
	if i < 0 || i >= len(g.items) {
		return
	}
	if g.cells[cell.index] == cell {
		delete(g.cells, cell.index)
	}
	g.cells[i] = cell
	cell.show(i)
	if first, last := g.visible(); len(g.cells) > 2*(last-first+1) {
		for at, old := range g.cells {
			if at < first || at > last {
				old.release()
				delete(g.cells, at)
			}
		}
	}
}

// visible is the range of positions that may be on screen, a row more at either end.
func (g *Grid) visible() (first, last int) {
	row, columns := g.rowHeight(), g.ColumnCount()
	top := int(g.GetScrollOffset() / row)
	rows := int(g.Size().Height/row) + 2
	return (top - 1) * columns, (top + rows + 1) * columns
}

func (g *Grid) rowHeight() float32 { return CellSize(g.edge).Height + theme.Padding() }

func (g *Grid) idAt(i int) string {
	if i < 0 || i >= len(g.items) {
		return ""
	}
	return g.items[i].ID
}

func heldModifiers() fyne.KeyModifier {
	if driver, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok {
		return driver.CurrentKeyModifiers()
	}
	return 0
}
