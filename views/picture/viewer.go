// The large view of one picture: fit, 1:1, zoom, pan, the next and the previous.

package picture

import (
	"context"
	"errors"
	"fmt"
	"image"
	"maps"
	"math"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/views/kit"
)

const (
	// maxViewPixels bounds a picture's edge: older graphics cards take no larger texture.
	maxViewPixels = 4096
	// viewerRest is how long the picture must lie still before it is redrawn sharply.
	viewerRest = 120 * time.Millisecond
	// maxAheadBytes bounds a picture that is held ready: 4 megapixels. There are two of them.
	maxAheadBytes = 4 << 20 * 4
	zoomStep      = 1.25
	panStep       = 60 // density-independent pixels for an arrow key
)

// imageViewer shows one picture large. Its methods belong to the UI goroutine. Set the On… functions before it is
// shown; one that is nil hides its button.
type imageViewer struct {
	widget.BaseWidget

	OnPrevious func() // Left when the whole picture is in sight
	OnNext     func() // Right
	OnClose    func() // Escape

	source     Source
	view       viewport
	shown      string      // the id of the picture shown
	full       *image.RGBA // as the source gave it
	neighbours []string    // loaded once the picture shown is
	ahead      map[string]*image.RGBA
	work       *kit.Work

	stage    *viewerStage
	title    *widget.Label
	zoom     *widget.Label
	previous *widget.Button
	next     *widget.Button
	closing  *widget.Button
	bar      *fyne.Container
	content  fyne.CanvasObject
}

var _ fyne.Focusable = (*imageViewer)(nil)

// newImageViewer shows pictures made by source, which is asked for an edge of at most 4096 pixels, as long as work goes on.
func newImageViewer(work *kit.Work, source Source) *imageViewer {
	v := &imageViewer{work: work, source: source, ahead: map[string]*image.RGBA{}}
	v.view.scale = 1
	v.stage = newViewerStage(v)
	v.title = widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	v.title.Truncation = fyne.TextTruncateEllipsis
	v.zoom = widget.NewLabel("")
	v.previous = v.button(theme.NavigateBackIcon(), func() { kit.Call(v.OnPrevious) })
	v.next = v.button(theme.NavigateNextIcon(), func() { kit.Call(v.OnNext) })
	v.closing = v.button(theme.CancelIcon(), func() { kit.Call(v.OnClose) })

	fit := widget.NewButton(lang.L("Fit"), v.ShowFit)
	actual := widget.NewButton("1:1", v.ShowActual)
	out := v.button(theme.ZoomOutIcon(), func() { v.zoomBy(1 / zoomStep) })
	in := v.button(theme.ZoomInIcon(), func() { v.zoomBy(zoomStep) })
	for _, b := range []*widget.Button{fit, actual} {
		b.Importance = widget.LowImportance
	}
	left := container.NewHBox(v.closing, v.previous, v.next)
	right := container.NewHBox(v.zoom, out, in, fit, actual)
	v.bar = container.NewBorder(nil, nil, left, right, v.title)
	v.content = container.NewBorder(
		container.NewVBox(container.New(layout.NewCustomPaddedLayout(3, 2, 6, 6), v.bar), widget.NewSeparator()),
		nil, nil, nil, v.stage)
	v.ExtendBaseWidget(v)
	return v
}

func (v *imageViewer) button(icon fyne.Resource, tapped func()) *widget.Button {
	b := widget.NewButtonWithIcon("", icon, tapped)
	b.Importance = widget.LowImportance
	return b
}

// CreateRenderer lays the toolbar over the stage.
func (v *imageViewer) CreateRenderer() fyne.WidgetRenderer {
	kit.SetVisible(v.OnPrevious != nil, v.previous)
	kit.SetVisible(v.OnNext != nil, v.next)
	kit.SetVisible(v.OnClose != nil, v.closing)
	return widget.NewSimpleRenderer(v.content)
}

// ShowPicture loads and shows the picture named id, whole.
func (v *imageViewer) ShowPicture(id, title string) {
	v.keepAhead(v.shown, v.full)
	v.Clear()
	v.shown, v.neighbours = id, nil
	v.title.SetText(title)
	if img := v.ahead[id]; img != nil {
		v.loaded(img, nil)
		return
	}
	v.stage.setBusy(true)
	v.begin(workLoad, id, v.loaded)
}

// Clear shows nothing and gives up what is loading.
func (v *imageViewer) Clear() {
	v.cancel()
	v.shown, v.full = "", nil
	v.view.picture = fyne.Size{}
	v.view.fit()
	v.title.SetText("")
	v.stage.setBusy(false)
	v.stage.setProblem("")
	v.stage.setPicture(nil)
	v.layoutPicture()
}

// Preload makes these pictures ready to be shown next, once the picture shown
// is, and forgets all others.
func (v *imageViewer) Preload(ids ...string) {
	v.neighbours = ids
	maps.DeleteFunc(v.ahead, func(id string, _ *image.RGBA) bool { return !slices.Contains(ids, id) })
	if v.full != nil {
		v.preload()
	}
}

// preload loads the first neighbour that isn't there yet.
func (v *imageViewer) preload() {
	next := slices.IndexFunc(v.neighbours, func(id string) bool {
		_, known := v.ahead[id]
		return !known && id != v.shown
	})
	if next < 0 {
		return
	}
	id := v.neighbours[next]
	v.begin(workPreload, id, func(img *image.RGBA, err error) {
		if err != nil || !v.keepAhead(id, img) {
			v.ahead[id] = nil // it is loaded when it is shown
		}
		v.preload()
	})
}

// keepAhead holds a picture ready, unless it is too large for that.
func (v *imageViewer) keepAhead(id string, img *image.RGBA) bool {
	if img == nil || len(img.Pix) > maxAheadBytes {
		return false
	}
	v.ahead[id] = img
	return true
}

// What the viewer does off the UI goroutine, by name.
const (
	workLoad    = "load"
	workPreload = "preload"
	workSharpen = "sharpen"
)

func (v *imageViewer) cancel() {
	for _, name := range []string{workLoad, workPreload, workSharpen} {
		v.work.Drop(name)
	}
}

// begin loads a picture, in place of what the same name was loading before.
func (v *imageViewer) begin(name, id string, then func(*image.RGBA, error)) {
	type result struct {
		img *image.RGBA
		err error
	}
	kit.Begin(v.work, name, func(ctx context.Context) (r result) {
		r.img, r.err = v.load(ctx, id)
		return r
	}, func(r result) { then(r.img, r.err) })
}

func (v *imageViewer) load(ctx context.Context, id string) (img *image.RGBA, err error) {
	defer func() {
		if problem := recover(); problem != nil {
			img, err = nil, fmt.Errorf("decoding the picture: %v", problem)
		}
	}()
	decoded, err := v.source(ctx, id, maxViewPixels)
	if err != nil {
		return nil, err
	}
	if decoded == nil || decoded.Bounds().Empty() {
		return nil, errors.New("the picture is empty")
	}
	return fitRGBA(decoded, maxViewPixels), nil
}

func (v *imageViewer) loaded(img *image.RGBA, err error) {
	v.stage.setBusy(false)
	if u := UnshownOf(err); u != nil {
		v.stage.setUnshown(u)
		v.preload()
		return
	}
	if err != nil {
		v.stage.setProblem(kit.Explained(lang.L("This picture can't be shown"), err.Error()))
		return
	}
	v.full = img
	v.view.picture = fyne.NewSize(float32(img.Rect.Dx()), float32(img.Rect.Dy()))
	v.moved()
	v.preload()
}

// ShowFit shows the whole picture.
func (v *imageViewer) ShowFit() {
	v.view.fit()
	v.moved()
}

// ShowActual shows one picture pixel on one device pixel.
func (v *imageViewer) ShowActual() { v.zoomTo(1, v.middle()) }

func (v *imageViewer) zoomBy(factor float32) { v.zoomTo(v.view.effectiveZoom()*factor, v.middle()) }

func (v *imageViewer) zoomTo(zoom float32, at fyne.Position) {
	if v.full == nil {
		return
	}
	v.view.zoomTo(zoom, at)
	v.moved()
}

func (v *imageViewer) panBy(dx, dy float32) {
	v.view.pan(dx, dy)
	v.moved()
}

func (v *imageViewer) middle() fyne.Position {
	return fyne.NewPos(v.view.view.Width/2, v.view.view.Height/2)
}

// resized is the stage's new size.
func (v *imageViewer) resized(size fyne.Size) {
	v.view.view, v.view.scale = size, canvasScale(v.stage)
	if !v.view.fitted() {
		v.view.keepInside()
	}
	v.moved()
}

// moved shows the picture at its new place at once, scaled by the graphics card, and sharply when it rests there.
func (v *imageViewer) moved() {
	v.work.Drop(workSharpen)
	if v.full != nil {
		v.stage.setPicture(v.full)
	}
	v.layoutPicture()
	if v.full != nil && v.view.effectiveZoom() < 1 {
		v.work.After(workSharpen, viewerRest, v.sharpen)
	}
}

// sharpen replaces a shrunk picture by one of exactly the pixels it is shown with.
func (v *imageViewer) sharpen() {
	full, zoom := v.full, v.view.effectiveZoom()
	if full == nil || zoom >= 1 {
		return
	}
	size := image.Pt(max(1, roundTo(float32(full.Rect.Dx())*zoom)), max(1, roundTo(float32(full.Rect.Dy())*zoom)))
	kit.Begin(v.work, workSharpen, func(context.Context) *image.RGBA { return resizeRGBA(full, size) }, v.stage.setPicture)
}

func roundTo(f float32) int { return int(math.Round(float64(f))) }

func (v *imageViewer) layoutPicture() {
	at, size := v.view.frame()
	v.stage.setFrame(at, size)
	text := ""
	if v.full != nil {
		text = fmt.Sprintf("%d × %d   %d %%", v.full.Rect.Dx(), v.full.Rect.Dy(), roundTo(v.view.effectiveZoom()*100))
	}
	if text != v.zoom.Text {
		v.zoom.SetText(text)
		v.bar.Refresh() // makes room for the text
	}
}

// FocusGained is needed for keys to arrive.
func (v *imageViewer) FocusGained() {}

// FocusLost is the counterpart of FocusGained.
func (v *imageViewer) FocusLost() {}

// TypedRune zooms: + and − by a step, 0 fits, 1 shows one pixel on one.
func (v *imageViewer) TypedRune(r rune) {
	switch r {
	case '+', '=':
		v.zoomBy(zoomStep)
	case '-', '−':
		v.zoomBy(1 / zoomStep)
	case '0':
		v.ShowFit()
	case '1':
		v.ShowActual()
	}
}

// TypedKey pans, or turns to the next picture while the whole one is in sight.
func (v *imageViewer) TypedKey(event *fyne.KeyEvent) {
	fitted := v.view.fitted() || v.view.zoom <= v.view.fitZoom()
	switch event.Name {
	case fyne.KeyEscape:
		kit.Call(v.OnClose)
	case fyne.KeyLeft:
		v.turnOrPan(fitted, v.OnPrevious, panStep, 0)
	case fyne.KeyRight:
		v.turnOrPan(fitted, v.OnNext, -panStep, 0)
	case fyne.KeyUp:
		v.panBy(0, panStep)
	case fyne.KeyDown:
		v.panBy(0, -panStep)
	case fyne.KeyPageUp:
		kit.Call(v.OnPrevious)
	case fyne.KeyPageDown, fyne.KeySpace:
		kit.Call(v.OnNext)
	}
}

func (v *imageViewer) turnOrPan(fitted bool, turn func(), dx, dy float32) {
	if fitted {
		kit.Call(turn)
		return
	}
	v.panBy(dx, dy)
}
