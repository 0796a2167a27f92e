// How a cell of the picture grid is laid out and painted.

package picture

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/views/kit"
)

type gridCellRenderer struct {
	cell *gridCell

	back    *canvas.Rectangle // the whole cell: selection, hover, cursor
	mat     *canvas.Rectangle
	picture *canvas.Image
	broken  *widget.Icon
	shade   *canvas.Rectangle // under the hint
	hint    *widget.Label
	barBack *canvas.Rectangle
	bar     *canvas.Rectangle
	plate   *canvas.Rectangle // under the badge
	badge   *canvas.Text
	markOn  *canvas.Rectangle // under the warning mark
	mark    *widget.Icon
	caption *canvas.Text
	ring    *canvas.Rectangle // around the mat when selected

	captioned      string // what the caption was shortened from, and for which width
	captionedWidth float32
	objects        []fyne.CanvasObject
}

func (r *gridCellRenderer) MinSize() fyne.Size           { return r.cell.MinSize() }
func (r *gridCellRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *gridCellRenderer) Destroy()                     {}

func (r *gridCellRenderer) Layout(size fyne.Size) {
	kit.Place(r.back, fyne.NewSquareOffsetPos(1), size.SubtractWidthHeight(2, 2)) // the cursor's stroke needs room
	edge := fyne.NewSize(size.Width-2*cellMargin, size.Height-2*cellMargin-CellCaption)
	kit.Place(r.mat, fyne.NewPos(cellMargin, cellMargin), edge)
	kit.Place(r.ring, fyne.NewPos(cellMargin, cellMargin), edge)
	kit.Place(r.caption, fyne.NewPos(cellMargin, size.Height-cellMargin-CellCaption+1), fyne.NewSize(edge.Width, CellCaption))
	r.layoutPicture()
	r.layoutMarks()
	r.layoutHint()
	r.layoutBar()
}

// layoutPicture gives the picture exactly its own pixels, on whole pixels, so that it is shown unscaled.
func (r *gridCellRenderer) layoutPicture() {
	img := r.cell.slot.Picture
	if img == nil {
		return
	}
	scale := canvasScale(r.cell.grid)
	mat := r.mat.Size()
	size := contain(fyne.NewSize(float32(img.Rect.Dx())/scale, float32(img.Rect.Dy())/scale), mat)
	offset := func(free float32) float32 { return float32(int(free/2*scale)) / scale }
	at := fyne.NewPos(cellMargin+offset(mat.Width-size.Width), cellMargin+offset(mat.Height-size.Height))
	kit.Place(r.picture, at, size)
}

func (r *gridCellRenderer) layoutMarks() {
	mat, right := r.mat.Position(), r.mat.Position().X+r.mat.Size().Width
	text := r.badge.MinSize()
	plate := fyne.NewSize(min(text.Width+10, r.mat.Size().Width-2*cellCorner), text.Height+2)
	kit.Place(r.plate, mat.AddXY(cellCorner, cellCorner), plate)
	kit.Place(r.badge, mat.AddXY(cellCorner+5, cellCorner+1), text)
	mark := fyne.NewPos(right-cellCorner-cellMark-4, mat.Y+cellCorner)
	kit.Place(r.markOn, mark, fyne.NewSquareSize(cellMark+4))
	kit.Place(r.mark, mark.AddXY(2, 2), fyne.NewSquareSize(cellMark))
}

// layoutHint lays the sentence over the lower part of the mat; with no picture, under the broken-picture sign.
func (r *gridCellRenderer) layoutHint() {
	mat, at := r.mat.Size(), r.mat.Position()
	sign := min(28, mat.Height/4)
	kit.Place(r.broken, at.AddXY((mat.Width-sign)/2, mat.Height/2-sign-2), fyne.NewSquareSize(sign))
	r.hint.Resize(fyne.NewSize(mat.Width, r.hint.MinSize().Height))
	height := min(r.hint.MinSize().Height, mat.Height)
	top := mat.Height - height
	if r.cell.slot.Err != nil && r.cell.item().Warning == "" {
		top = min(top, mat.Height/2)
	}
	kit.Place(r.hint, at.AddXY(0, top), fyne.NewSize(mat.Width, height))
	kit.Place(r.shade, at.AddXY(0, top), fyne.NewSize(mat.Width, height))
}

func (r *gridCellRenderer) layoutBar() {
	at := r.mat.Position().AddXY(cellCorner, r.mat.Size().Height-cellBar-cellCorner)
	width := r.mat.Size().Width - 2*cellCorner
	kit.Place(r.barBack, at, fyne.NewSize(width, cellBar))
	kit.Place(r.bar, at, fyne.NewSize(width*float32(min(max(r.cell.item().Progress, 0), 1)), cellBar))
}

func (r *gridCellRenderer) Refresh() {
	item := r.cell.item()
	selected := r.cell.grid.selection.has(item.ID) && item.ID != ""

	r.paintFrame(selected)
	r.paintCaption(item.Title, selected)
	r.paintPicture()
	kit.SetVisible(r.cell.slot.Picture != nil, r.picture)
	r.paintBroken()
	r.paintMarks(item)

	hint := r.cell.hint()
	if hint != r.hint.Text {
		r.hint.SetText(hint)
	}
	r.shade.FillColor = theme.Color(theme.ColorNameOverlayBackground)
	kit.SetVisible(hint != "", r.hint)
	kit.SetVisible(hint != "" && r.cell.slot.Picture != nil, r.shade)

	r.Layout(r.cell.Size())
	canvas.Refresh(r.cell)
}

// paintPicture refreshes the image itself: refreshing the cell leaves the old one on the graphics card.
func (r *gridCellRenderer) paintPicture() {
	if img := r.cell.slot.Image(); img != r.picture.Image {
		r.picture.Image = img
		canvas.Refresh(r.picture)
	}
}

// paintBroken shows a sign where there is no picture: a file that is kept is
// not a broken one.
func (r *gridCellRenderer) paintBroken() {
	sign := theme.BrokenImageIcon()
	if UnshownOf(r.cell.slot.Err) != nil {
		sign = theme.NewDisabledResource(theme.FileImageIcon())
	}
	if r.broken.Resource == nil || r.broken.Resource.Name() != sign.Name() {
		r.broken.SetResource(sign)
	}
	kit.SetVisible(r.cell.slot.Err != nil, r.broken)
}

func (r *gridCellRenderer) paintFrame(selected bool) {
	r.back.CornerRadius = theme.Size(theme.SizeNameInputRadius) + 2
	r.mat.CornerRadius, r.ring.CornerRadius = 2, 2
	r.mat.FillColor = theme.Color(kit.ColorMat)
	r.back.FillColor = color.Transparent
	switch {
	case selected:
		r.back.FillColor = theme.Color(theme.ColorNameSelection)
	case r.cell.hovered:
		r.back.FillColor = theme.Color(theme.ColorNameHover)
	}
	r.back.StrokeWidth = 0
	if r.cell.atCursor() {
		r.back.StrokeWidth, r.back.StrokeColor = cellCursor, theme.Color(theme.ColorNameForeground)
	}
	r.ring.StrokeWidth, r.ring.StrokeColor = cellSelection, theme.Color(theme.ColorNamePrimary)
	kit.SetVisible(selected, r.ring)
}

func (r *gridCellRenderer) paintCaption(title string, selected bool) {
	r.caption.TextSize = theme.Size(theme.SizeNameCaptionText)
	r.caption.Color = theme.Color(kit.ColorMuted)
	if selected {
		r.caption.Color = theme.Color(theme.ColorNameForeground)
	}
	width := r.cell.grid.edge
	if title == r.captioned && width == r.captionedWidth {
		return
	}
	r.captioned, r.captionedWidth = title, width
	r.caption.Text = kit.Ellipsize(title, width, r.caption.TextSize)
}

func (r *gridCellRenderer) paintMarks(item Item) {
	r.badge.Text, r.badge.TextSize = item.Badge, theme.Size(theme.SizeNameCaptionText)-1
	r.badge.Color = theme.Color(theme.ColorNameForeground)
	r.plate.FillColor, r.plate.CornerRadius = theme.Color(theme.ColorNameOverlayBackground), 3
	kit.SetVisible(item.Badge != "", r.badge, r.plate)

	r.markOn.FillColor, r.markOn.CornerRadius = theme.Color(theme.ColorNameOverlayBackground), 10
	kit.SetVisible(item.Warning != "", r.mark, r.markOn)

	r.bar.FillColor, r.bar.CornerRadius = theme.Color(theme.ColorNamePrimary), cellBar/2
	r.barBack.FillColor, r.barBack.CornerRadius = theme.Color(theme.ColorNameOverlayBackground), cellBar/2
	kit.SetVisible(item.Progress > 0 && item.Progress < 1, r.bar, r.barBack)
}
