// Dropping files: which part of the window takes them, and the area that invites to.

package kit

import (
	"cmp"
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// DropTarget takes dropped files and folders; pos is relative to the target. It answers false for what it has no
// use for, which is then offered to the target around it.
type DropTarget interface {
	AcceptDrop(pos fyne.Position, uris []fyne.URI) bool
}

// DropFunc makes a function a DropTarget.
type DropFunc func(pos fyne.Position, uris []fyne.URI) bool

// AcceptDrop calls the function.
func (f DropFunc) AcceptDrop(pos fyne.Position, uris []fyne.URI) bool { return f(pos, uris) }

// DropZone is a part of the window that takes drops for its target.
type DropZone struct {
	widget.BaseWidget

	target  DropTarget
	content fyne.CanvasObject
	probe   *canvas.Rectangle
}

// dropProbe is where a zone's probe lies in it. A driver gives 0,0 as the position of what isn't on screen, so a
// probe never lies there.
var dropProbe = fyne.NewPos(1, 1)

// Parts are what it is made of.
func (z *DropZone) Parts() fyne.CanvasObject { return z.content }

// CreateRenderer shows the content alone; the probe has no size.
func (z *DropZone) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(z.content, container.NewWithoutLayout(z.probe)))
}

// Drops brings a window's drops, which Fyne reports for the whole window, to the zone under them.
type Drops struct {
	window fyne.Window
	zones  []*DropZone
}

// NewDrops takes over the window's drops.
func NewDrops(window fyne.Window) *Drops {
	d := &Drops{window: window}
	window.SetOnDropped(func(pos fyne.Position, uris []fyne.URI) { d.Dropped(pos, uris) })
	return d
}

// Zone wraps content so that drops on it reach target. Zones may lie inside each other: the innermost is asked first.
func (d *Drops) Zone(content fyne.CanvasObject, target DropTarget) *DropZone {
	z := &DropZone{target: target, content: content, probe: canvas.NewRectangle(color.Transparent)}
	z.probe.Move(dropProbe)
	z.ExtendBaseWidget(z)
	d.zones = append(d.zones, z)
	return z
}

// Dropped offers files dropped at a window position to the visible zones there. It reports whether one took them.
// While a dialog is open, what is behind it takes nothing.
func (d *Drops) Dropped(pos fyne.Position, uris []fyne.URI) bool {
	if len(uris) == 0 || d.window.Canvas().Overlays().Top() != nil {
		return false
	}
	type hit struct {
		zone *DropZone
		at   fyne.Position
	}
	var hits []hit
	for _, z := range d.zones {
		if at, inside := z.locate(pos); inside {
			hits = append(hits, hit{z, at})
		}
	}
	area := func(h hit) float32 { return h.zone.Size().Width * h.zone.Size().Height }
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(area(a), area(b)) })
	return slices.ContainsFunc(hits, func(h hit) bool { return h.zone.target.AcceptDrop(h.at, uris) })
}

// locate turns a window position into one inside the zone; false when the zone is hidden or elsewhere.
func (z *DropZone) locate(pos fyne.Position) (fyne.Position, bool) {
	probe := fyne.CurrentApp().Driver().AbsolutePositionForObject(z.probe)
	if probe.IsZero() {
		return fyne.Position{}, false
	}
	at, size := pos.Subtract(probe.Subtract(dropProbe)), z.Size()
	return at, at.X >= 0 && at.Y >= 0 && at.X < size.Width && at.Y < size.Height
}

// DropHint invites to drop photos, with a button for those who'd rather choose. Empty places show it.
type DropHint struct {
	widget.BaseWidget

	frame   *Plate
	content fyne.CanvasObject
}

// dropHintWidth is the width of the invitation's text, in density-independent
// pixels.
const dropHintWidth float32 = 360

// NewDropHint says what may be dropped here; choose opens the picker.
func NewDropHint(sentence string, choose func()) *DropHint {
	text := widget.NewLabelWithStyle(sentence, fyne.TextAlignCenter, fyne.TextStyle{})
	text.Wrapping = fyne.TextWrapWord
	text.Resize(fyne.NewSize(dropHintWidth, 1)) // wrapped text knows its height once it knows its width
	button := widget.NewButtonWithIcon(lang.L("Choose photos…"), theme.FolderOpenIcon(), choose)
	icon := widget.NewIcon(theme.NewDisabledResource(theme.DownloadIcon()))
	h := &DropHint{frame: NewPlate(theme.ColorNameInputBackground, theme.ColorNameSeparator, 8)}
	h.content = container.NewPadded(container.NewBorder(
		nil, nil, nil, nil,
		container.NewCenter(container.NewVBox(
			container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(32), icon)),
			container.New(&FixedWidth{dropHintWidth}, text),
			container.NewCenter(button),
		))))
	h.ExtendBaseWidget(h)
	return h
}

// CreateRenderer draws a rounded frame around the invitation.
func (h *DropHint) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(h.frame, h.content))
}
