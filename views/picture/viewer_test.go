package picture

import (
	"context"
	"errors"
	"image"
	"image/color"
	"slices"
	"strings"
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/views/internal/viewtest"
	"github.com/maquette-studio/maquette/views/kit"
)

// showViewer opens a viewer on pictures of 2000 × 1000 pixels.
func showViewer(t *testing.T) (*viewtest.UI, *imageViewer) {
	t.Helper()
	ui := viewtest.Start(t)
	work := kit.NewWork()
	viewer := newImageViewer(work, func(_ context.Context, id string, _ int) (image.Image, error) {
		if id == "bad" {
			return nil, errors.New("the file ends too early")
		}
		return viewtest.Plain(2000, 1000, colorOf(id)), nil
	})
	t.Cleanup(work.Close)
	w := ui.Window(viewer, 1000, 700)
	w.Canvas().Focus(viewer)
	return ui, viewer
}

func shownIn(viewer *imageViewer) *canvas.Image {
	for _, picture := range viewtest.Find[*canvas.Image](viewer.stage) {
		if picture.Image != nil {
			return picture
		}
	}
	return nil
}

func view(ui *viewtest.UI, viewer *imageViewer, id string) *canvas.Image {
	ui.T.Helper()
	viewer.ShowPicture(id, id)
	ui.Until("the picture", func() bool { return shownIn(viewer) != nil })
	return shownIn(viewer)
}

func TestViewerFitsThenSharpens(t *testing.T) {
	ui, viewer := showViewer(t)
	picture := view(ui, viewer, "a")
	if picture.Size() != fyne.NewSize(1000, 500) {
		t.Errorf("shown in %v", picture.Size())
	}
	ui.Until("the exact pixels", func() bool { return picture.Image.Bounds().Size() == image.Pt(1000, 500) })
	test.Scroll(ui.Canvas, fyne.NewPos(500, 400), 0, 10)
	if got := picture.Image.Bounds().Size(); got != image.Pt(2000, 1000) {
		t.Errorf("while zooming the picture has %v pixels, want all", got)
	}
}

func TestViewerKeys(t *testing.T) {
	ui, viewer := showViewer(t)
	var did []string
	viewer.OnPrevious = func() { did = append(did, "previous") }
	viewer.OnNext = func() { did = append(did, "next") }
	viewer.OnClose = func() { did = append(did, "close") }
	picture := view(ui, viewer, "a")
	typed := func(names ...fyne.KeyName) {
		for _, name := range names {
			viewer.TypedKey(viewtest.Key(name))
		}
	}

	typed(fyne.KeyLeft, fyne.KeyRight, fyne.KeyEscape)
	if !slices.Equal(did, []string{"previous", "next", "close"}) {
		t.Errorf("with the whole picture in sight the keys did %v", did)
	}
	test.Type(viewer, "1")
	if picture.Size() != fyne.NewSize(2000, 1000) {
		t.Errorf("1 shows it in %v", picture.Size())
	}
	before := picture.Position()
	typed(fyne.KeyRight, fyne.KeyDown)
	if moved := picture.Position().Subtract(before); moved != fyne.NewPos(-panStep, -panStep) {
		t.Errorf("arrows moved the picture by %v", moved)
	}
	if len(did) != 3 {
		t.Errorf("arrows turned the page of an enlarged picture: %v", did)
	}
	test.Type(viewer, "+")
	if picture.Size() != fyne.NewSize(2500, 1250) {
		t.Errorf("+ shows it in %v", picture.Size())
	}
	test.Type(viewer, "0")
	if picture.Size() != fyne.NewSize(1000, 500) {
		t.Errorf("0 shows it in %v", picture.Size())
	}
	test.Type(viewer, "-")
	if picture.Size() != fyne.NewSize(1000, 500) {
		t.Errorf("− shrinks below the whole picture, to %v", picture.Size())
	}
}

func TestViewerMouse(t *testing.T) {
	ui, viewer := showViewer(t)
	picture := view(ui, viewer, "a")
	viewer.stage.DoubleTapped(&fyne.PointEvent{Position: fyne.NewPos(0, 300)})
	if picture.Size() != fyne.NewSize(2000, 1000) || picture.Position().X != 0 {
		t.Errorf("a double click at the left edge shows %v from %v", picture.Size(), picture.Position())
	}
	test.Drag(ui.Canvas, fyne.NewPos(500, 400), -150, 0)
	if picture.Position().X != -150 {
		t.Errorf("dragged to %v", picture.Position())
	}
	viewer.stage.DoubleTapped(&fyne.PointEvent{Position: fyne.NewPos(500, 300)})
	if picture.Size() != fyne.NewSize(1000, 500) {
		t.Errorf("a double click again shows %v", picture.Size())
	}
}

func TestViewerSaysWhatIsWrong(t *testing.T) {
	ui, viewer := showViewer(t)
	problem := func() string { return strings.Join(viewtest.Labels(viewer.stage), "") }
	viewer.ShowPicture("bad", "bad.jpg")
	if len(viewtest.Find[*widget.Activity](viewer.stage)) != 1 {
		t.Error("nothing shows that it is loading")
	}
	ui.Until("the problem", func() bool { return strings.Contains(problem(), "the file ends too early") })
	if len(viewtest.Find[*widget.Activity](viewer.stage)) != 0 {
		t.Error("it still seems to be loading")
	}
	view(ui, viewer, "a")
	if problem() != "" {
		t.Errorf("the next picture is said to have a problem: %s", problem())
	}
}

func TestViewerShowsTheLastPictureAskedFor(t *testing.T) {
	ui := viewtest.Start(t)
	var returned sync.WaitGroup
	returned.Add(2)
	gates := map[string]chan struct{}{"slow": make(chan struct{}), "fast": make(chan struct{})}
	work := kit.NewWork()
	viewer := newImageViewer(work, func(_ context.Context, id string, _ int) (image.Image, error) {
		defer returned.Done()
		<-gates[id]
		return viewtest.Plain(10, 10, colorOf(id)), nil
	})
	t.Cleanup(work.Close)
	ui.Window(viewer, 600, 400)

	viewer.ShowPicture("slow", "slow")
	viewer.ShowPicture("fast", "fast")
	close(gates["fast"])
	ui.Until("the picture", func() bool { return shownIn(viewer) != nil })
	close(gates["slow"])
	returned.Wait()
	flushed := false
	kit.Do(work, func(context.Context) bool { return true }, func(bool) { flushed = true })
	ui.Until("what was begun later", func() bool { return flushed })
	if got := shownIn(viewer).Image.At(0, 0); got != color.Color(colorOf("fast")) {
		t.Error("a picture given up was shown")
	}
	viewer.Clear()
	if shownIn(viewer) != nil {
		t.Error("something is shown after Clear")
	}
}
