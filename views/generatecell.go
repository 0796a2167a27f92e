// One picture among the results, or the place of one that is still to come.

package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picture"
)

// resultEdge is a picture's longest edge in density-independent pixels.
const resultEdge float32 = 232

func resultCellSize() fyne.Size { return fyne.NewSize(resultEdge, resultEdge+picture.CellCaption) }

// resultCell opens its picture on a click, Enter or Space.
type resultCell struct {
	widget.BaseWidget

	open func()
	slot *picture.Slot

	mat     *canvas.Rectangle
	ring    *canvas.Rectangle
	picture *canvas.Image
	broken  *widget.Icon
	busy    *widget.Activity
	words   *widget.Label
	caption *canvas.Text
	focused bool
	hovered bool
}

var (
	_ fyne.Tappable      = (*resultCell)(nil)
	_ fyne.Focusable     = (*resultCell)(nil)
	_ desktop.Hoverable  = (*resultCell)(nil)
	_ desktop.Cursorable = (*resultCell)(nil)
)

func newResultCell(loader *picture.Loader, open func()) *resultCell {
	c := &resultCell{
		open: open, mat: canvas.NewRectangle(nil), ring: canvas.NewRectangle(nil),
		picture: &canvas.Image{FillMode: canvas.ImageFillContain, ScaleMode: canvas.ImageScaleFastest},
		broken:  widget.NewIcon(theme.BrokenImageIcon()), busy: widget.NewActivity(), words: widget.NewLabel(""),
		caption: canvas.NewText("", nil),
	}
	c.slot = picture.NewSlot(loader, c.draw)
	c.mat.CornerRadius, c.ring.CornerRadius = 6, 6
	c.words.Alignment, c.words.Wrapping, c.words.SizeName = fyne.TextAlignCenter, fyne.TextWrapWord, theme.SizeNameCaptionText
	c.caption.Alignment = fyne.TextAlignCenter
	c.broken.Hide()
	c.busy.Hide()
	c.ExtendBaseWidget(c)
	return c
}

// showPicture shows a picture of the library.
func (c *resultCell) showPicture(id, caption string) {
	c.wait("")
	c.caption.Text = caption
	if c.slot.Set(id, picture.Pixels(c, resultEdge)) {
		c.draw()
	}
	c.Refresh()
}

// showWaiting shows that the picture is still to come; words say how far it is.
func (c *resultCell) showWaiting(words string) {
	if c.slot.Set("", 0) {
		c.draw()
	}
	c.caption.Text = ""
	c.wait(words)
	c.Refresh()
}

func (c *resultCell) wait(words string) {
	c.words.SetText(words)
	kit.SetVisible(words != "", c.words, c.busy)
	if words == "" {
		c.busy.Stop()
		return
	}
	c.busy.Start()
}

// draw shows what is known of the picture by now.
func (c *resultCell) draw() {
	c.picture.Image = c.slot.Image()
	c.picture.Refresh()
	if u := picture.UnshownOf(c.slot.Err); u != nil {
		c.broken.SetResource(theme.NewDisabledResource(theme.FileImageIcon()))
		c.words.SetText(u.Label())
		c.words.Show()
	} else {
		c.broken.SetResource(theme.BrokenImageIcon())
		kit.SetVisible(c.busy.Visible(), c.words)
	}
	kit.SetVisible(c.slot.Err != nil, c.broken)
	c.Refresh()
}

// Tapped opens the picture.
func (c *resultCell) Tapped(*fyne.PointEvent) {
	if c.slot.ID() != "" {
		c.open()
	}
}

// TypedKey opens the picture.
func (c *resultCell) TypedKey(event *fyne.KeyEvent) {
	switch event.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		c.Tapped(nil)
	}
}

// TypedRune is needed for keys to arrive.
func (c *resultCell) TypedRune(rune) {}

// FocusGained shows the ring.
func (c *resultCell) FocusGained() {
	c.focused = true
	c.Refresh()
}

// FocusLost hides the ring.
func (c *resultCell) FocusLost() {
	c.focused = false
	c.Refresh()
}

// ShowsFocus says that the frame shows where the keyboard is.
func (c *resultCell) ShowsFocus() bool { return true }

// MouseIn shows that the picture can be opened.
func (c *resultCell) MouseIn(*desktop.MouseEvent) {
	c.hovered = true
	c.Refresh()
}

func (c *resultCell) MouseMoved(*desktop.MouseEvent) {}

// MouseOut is the counterpart of MouseIn.
func (c *resultCell) MouseOut() {
	c.hovered = false
	c.Refresh()
}

// Cursor shows that the picture can be opened.
func (c *resultCell) Cursor() desktop.Cursor {
	if c.slot.ID() == "" {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// MinSize is the same for all cells.
func (c *resultCell) MinSize() fyne.Size { return resultCellSize() }

// Refresh follows state and theme.
func (c *resultCell) Refresh() {
	c.paint()
	c.BaseWidget.Refresh()
}

func (c *resultCell) paint() {
	c.mat.FillColor = theme.Color(kit.ColorMat)
	c.ring.StrokeWidth = 0
	switch {
	case c.focused:
		c.ring.StrokeColor, c.ring.StrokeWidth = theme.Color(theme.ColorNamePrimary), 2
	case c.hovered && c.slot.ID() != "":
		c.ring.StrokeColor, c.ring.StrokeWidth = theme.Color(theme.ColorNameSeparator), 2
	}
	c.caption.Color, c.caption.TextSize = theme.Color(kit.ColorMuted), theme.CaptionTextSize()
}

// CreateRenderer lays the picture on its mat and the caption under it.
func (c *resultCell) CreateRenderer() fyne.WidgetRenderer {
	c.paint()
	waiting := container.NewCenter(container.NewVBox(
		container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(28), c.busy)),
		container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(32), c.broken)),
		container.New(&kit.FixedWidth{Width: resultEdge - 16}, c.words)))
	face := container.NewStack(c.mat, c.picture, waiting, c.ring)
	caption := container.New(&kit.FixedHeight{Height: picture.CellCaption}, c.caption)
	return widget.NewSimpleRenderer(container.NewBorder(nil, caption, nil, nil, face))
}
