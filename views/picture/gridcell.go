// One cell of the picture grid: the picture on its mat, a caption under it, marks in the corners.

package picture

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/maquette-studio/maquette/views/kit"
)

// Measures in density-independent pixels.
const (
	cellMargin    float32 = 5  // around mat and caption
	CellCaption   float32 = 20 // height of the caption line
	cellCorner    float32 = 4  // from the mat's edge to a mark
	cellMark      float32 = 16 // edge of the warning mark
	cellBar       float32 = 3  // height of the progress bar
	cellSelection float32 = 2.5
	cellCursor    float32 = 1.5
)

// CellSize is the whole cell for pictures of the given edge.
func CellSize(edge float32) fyne.Size {
	return fyne.NewSize(edge+2*cellMargin, edge+2*cellMargin+CellCaption)
}

// gridCell is reused for many items. It remembers whose picture it shows and drops what arrives for another.
type gridCell struct {
	widget.BaseWidget

	grid    *Grid
	index   int // position shown, -1 for none
	slot    *Slot
	hovered bool
	pressed bool // MouseDown has already selected
}

var (
	_ desktop.Mouseable      = (*gridCell)(nil)
	_ desktop.Hoverable      = (*gridCell)(nil)
	_ fyne.Tappable          = (*gridCell)(nil)
	_ fyne.DoubleTappable    = (*gridCell)(nil)
	_ fyne.SecondaryTappable = (*gridCell)(nil)
)

func newGridCell(grid *Grid) *gridCell {
	c := &gridCell{grid: grid, index: -1}
	c.slot = NewSlot(grid.loader, c.Refresh)
	c.ExtendBaseWidget(c)
	return c
}

// MinSize is the size of every cell; GridWrap asks a fresh cell at each refresh, so nothing is drawn for it.
func (c *gridCell) MinSize() fyne.Size { return CellSize(c.grid.edge) }

// MouseDown selects at once: a cell that can be double-clicked is told of single clicks late.
func (c *gridCell) MouseDown(event *desktop.MouseEvent) {
	c.pressed = true
	c.grid.press(c.index, event.Button, event.Modifier)
}

func (c *gridCell) MouseUp(*desktop.MouseEvent) {}

// Tapped selects where there is no mouse, only touch.
func (c *gridCell) Tapped(*fyne.PointEvent) {
	if !c.pressed {
		c.grid.press(c.index, desktop.MouseButtonPrimary, 0)
	}
	c.pressed = false
}

func (c *gridCell) DoubleTapped(*fyne.PointEvent) {
	c.pressed = false
	c.grid.open(c.index)
}

func (c *gridCell) TappedSecondary(event *fyne.PointEvent) {
	if !c.pressed {
		c.grid.press(c.index, desktop.MouseButtonSecondary, 0)
	}
	c.pressed = false
	c.grid.menu(event.AbsolutePosition)
}

func (c *gridCell) MouseIn(*desktop.MouseEvent) {
	c.hovered = true
	c.restyle()
}

func (c *gridCell) MouseMoved(*desktop.MouseEvent) {}

func (c *gridCell) MouseOut() {
	c.hovered = false
	c.restyle()
}

// show makes the cell that of position i.
func (c *gridCell) show(i int) {
	c.index = i
	c.slot.Set(c.grid.items[i].picture(), Pixels(c.grid, c.grid.edge))
	c.Refresh()
}

// release gives up the picture, and the wish for it.
func (c *gridCell) release() { c.slot.Set("", 0) }

func (c *gridCell) restyle() { c.Refresh() }

func (c *gridCell) item() Item {
	if c.index < 0 || c.index >= len(c.grid.items) {
		return Item{}
	}
	return c.grid.items[c.index]
}

// hint is the sentence laid over the picture: what is wrong with the item, or why there is no picture.
func (c *gridCell) hint() string {
	attended := c.hovered || c.atCursor()
	switch warning := c.item().Warning; {
	case warning != "" && attended:
		return warning
	case UnshownOf(c.slot.Err) != nil:
		return UnshownOf(c.slot.Err).Label()
	case c.slot.Err != nil:
		return kit.Explained(lang.L("No preview"), c.slot.Err.Error())
	default:
		return ""
	}
}

func (c *gridCell) atCursor() bool { return c.grid.focused && c.index == c.grid.selection.cursor }

// CreateRenderer draws the cell.
func (c *gridCell) CreateRenderer() fyne.WidgetRenderer {
	r := &gridCellRenderer{
		cell:    c,
		back:    canvas.NewRectangle(nil),
		mat:     canvas.NewRectangle(nil),
		picture: &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScaleFastest},
		broken:  widget.NewIcon(theme.BrokenImageIcon()),
		bar:     canvas.NewRectangle(nil),
		barBack: canvas.NewRectangle(nil),
		badge:   canvas.NewText("", nil),
		plate:   canvas.NewRectangle(nil),
		mark:    widget.NewIcon(theme.NewWarningThemedResource(theme.WarningIcon())),
		markOn:  canvas.NewRectangle(nil),
		caption: canvas.NewText("", nil),
		ring:    canvas.NewRectangle(nil),
		shade:   canvas.NewRectangle(nil),
		hint:    widget.NewLabel(""),
	}
	r.hint.Wrapping = fyne.TextWrapWord
	r.hint.Alignment = fyne.TextAlignCenter
	r.hint.SizeName = theme.SizeNameCaptionText
	r.caption.Alignment = fyne.TextAlignCenter
	r.objects = []fyne.CanvasObject{
		r.back, r.mat, r.picture, r.broken, r.shade, r.hint, r.barBack, r.bar,
		r.plate, r.badge, r.markOn, r.mark, r.caption, r.ring,
	}
	r.Refresh()
	return r
}
