// The part of the large view that holds the picture and takes the mouse.

package picture

import (
	"image"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/views/kit"
)

// viewerStage clips the picture and turns the mouse into zooming and panning.
type viewerStage struct {
	widget.BaseWidget

	viewer  *imageViewer
	back    *canvas.Rectangle
	picture *canvas.Image
	clip    *container.Clip
	busy    *widget.Activity
	problem *widget.Label
	unshown *kit.EmptyState
	notices *fyne.Container
}

var (
	_ fyne.Scrollable     = (*viewerStage)(nil)
	_ fyne.Draggable      = (*viewerStage)(nil)
	_ fyne.Tappable       = (*viewerStage)(nil)
	_ fyne.DoubleTappable = (*viewerStage)(nil)
	_ desktop.Cursorable  = (*viewerStage)(nil)
)

func newViewerStage(viewer *imageViewer) *viewerStage {
	s := &viewerStage{
		viewer:  viewer,
		back:    canvas.NewRectangle(theme.Color(kit.ColorMat)),
		picture: &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScaleFastest},
		busy:    widget.NewActivity(),
		problem: widget.NewLabel(""),
		unshown: kit.NewEmptyState(theme.FileImageIcon()),
	}
	s.problem.Alignment, s.problem.Wrapping = fyne.TextAlignCenter, fyne.TextWrapWord
	s.clip = container.NewClip(container.NewWithoutLayout(s.picture))
	s.notices = container.NewStack(
		container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(36), s.busy)),
		container.NewVBox(layout.NewSpacer(), s.problem, layout.NewSpacer()),
		s.unshown,
	)
	s.busy.Hide()
	s.ExtendBaseWidget(s)
	return s
}

func (s *viewerStage) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(s.back, s.clip, s.notices))
}

func (s *viewerStage) Resize(size fyne.Size) {
	s.BaseWidget.Resize(size)
	s.viewer.resized(size)
}

// Refresh follows a change of theme.
func (s *viewerStage) Refresh() {
	s.back.FillColor = theme.Color(kit.ColorMat)
	s.BaseWidget.Refresh()
}

func (s *viewerStage) setPicture(img *image.RGBA) {
	s.picture.Image = nil
	if img != nil {
		s.picture.Image = img
	}
	kit.SetVisible(img != nil, s.picture)
	s.picture.Refresh()
}

func (s *viewerStage) setFrame(at fyne.Position, size fyne.Size) { kit.Place(s.picture, at, size) }

func (s *viewerStage) setBusy(busy bool) {
	kit.SetVisible(busy, s.busy)
	if busy {
		s.busy.Start()
		return
	}
	s.busy.Stop()
}

func (s *viewerStage) setProblem(problem string) {
	s.problem.SetText(problem)
	showUnshown(s.unshown, nil, true)
}

// setUnshown says what the picture is that can't be shown.
func (s *viewerStage) setUnshown(u *Unshown) { showUnshown(s.unshown, u, true) }

// Scrolled zooms about the pointer.
func (s *viewerStage) Scrolled(event *fyne.ScrollEvent) {
	if event.Scrolled.DY == 0 {
		return
	}
	factor := float32(math.Pow(zoomStep, float64(event.Scrolled.DY/10)))
	factor = min(max(factor, 1/float32(zoomStep)), zoomStep)
	s.viewer.zoomTo(s.viewer.view.effectiveZoom()*factor, event.Position)
}

func (s *viewerStage) Dragged(event *fyne.DragEvent) {
	s.viewer.panBy(event.Dragged.DX, event.Dragged.DY)
}

func (s *viewerStage) DragEnd() {}

// Tapped takes the keyboard back from the toolbar.
func (s *viewerStage) Tapped(*fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(s.viewer); c != nil {
		c.Focus(s.viewer)
	}
}

// DoubleTapped changes between fit and 1:1 at the point.
func (s *viewerStage) DoubleTapped(event *fyne.PointEvent) {
	if s.viewer.view.fitted() {
		s.viewer.zoomTo(1, event.Position)
		return
	}
	s.viewer.ShowFit()
}

func (s *viewerStage) Cursor() desktop.Cursor { return desktop.CrosshairCursor }
