package picture

import (
	"math/rand/v2"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
	"github.com/maquette-studio/maquette/views/kit"
)

func TestAPartOfAPhotoIsShaped(t *testing.T) {
	for name, row := range map[string]struct {
		begin photo.Crop
		do    func(*cropShape)
		want  photo.Crop
	}{
		"moved":                      {photo.Crop{X: 10, Y: 10, W: 50, H: 40}, func(s *cropShape) { s.moveTo(30, 20) }, photo.Crop{X: 30, Y: 20, W: 50, H: 40}},
		"moved against the edge":     {photo.Crop{X: 10, Y: 10, W: 50, H: 40}, func(s *cropShape) { s.moveTo(900, -5) }, photo.Crop{X: 150, Y: 0, W: 50, H: 40}},
		"grown":                      {photo.Crop{X: 10, Y: 10, W: 50, H: 40}, func(s *cropShape) { s.grow(5, -5) }, photo.Crop{X: 10, Y: 10, W: 55, H: 35}},
		"a square grown":             {photo.Crop{X: 10, Y: 10, W: 40, H: 40}, func(s *cropShape) { s.grow(0, 5) }, photo.Crop{X: 10, Y: 10, W: 45, H: 45}},
		"a square grown to the edge": {photo.Crop{X: 10, Y: 10, W: 40, H: 40}, func(s *cropShape) { s.grow(900, 0) }, photo.Crop{X: 10, Y: 10, W: 90, H: 90}},
		"shrunk to the least":        {photo.Crop{X: 10, Y: 10, W: 50, H: 40}, func(s *cropShape) { s.grow(-900, -900) }, photo.Crop{X: 10, Y: 10, W: 16, H: 16}},
		"made square":                {photo.Crop{X: 10, Y: 10, W: 60, H: 40}, func(s *cropShape) { s.setSquare(true) }, photo.Crop{X: 20, Y: 10, W: 40, H: 40}},
		"drawn upwards":              {photo.Crop{}, func(s *cropShape) { s.stretch(100, 80, 40, 20) }, photo.Crop{X: 40, Y: 20, W: 60, H: 60}},
		"drawn beyond the photo":     {photo.Crop{}, func(s *cropShape) { s.stretch(150, 50, 999, 999) }, photo.Crop{X: 150, Y: 50, W: 50, H: 50}},
		"drawn from the edge":        {photo.Crop{}, func(s *cropShape) { s.stretch(200, 100, 200, 100) }, photo.Crop{X: 184, Y: 84, W: 16, H: 16}},
		"pulled at the left":         {photo.Crop{X: 50, Y: 10, W: 50, H: 40}, func(s *cropShape) { s.pull(-1, 0, 20, 0) }, photo.Crop{X: 20, Y: 10, W: 80, H: 40}},
		"pulled past the other edge": {photo.Crop{X: 50, Y: 10, W: 50, H: 40}, func(s *cropShape) { s.pull(0, 1, 0, -50) }, photo.Crop{X: 50, Y: 10, W: 50, H: 16}},
		"to everything":              {photo.Crop{}, func(s *cropShape) { s.stretch(0, 0, 200, 100) }, photo.Crop{}},
	} {
		s := newCropShape(200, 100, row.begin)
		row.do(&s)
		if got := s.result(); got != row.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestAPartNeverLeavesThePhoto(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	n := func() int { return dice.IntN(400) - 100 }
	for _, size := range [][2]int{{200, 100}, {100, 200}, {17, 300}, {5, 5}, {1, 1}} {
		s := newCropShape(size[0], size[1], photo.Crop{})
		for range 5000 {
			inX, inY := min(max(n(), 0), size[0]), min(max(n(), 0), size[1])
			switch dice.IntN(5) {
			case 0:
				s.moveTo(n(), n())
			case 1:
				s.grow(n(), n())
			case 2:
				s.stretch(inX, inY, n(), n())
			case 3:
				s.setSquare(dice.IntN(2) == 0)
			case 4:
				if !s.square {
					s.pull(dice.IntN(3)-1, dice.IntN(3)-1, n(), n())
				}
			}
			c := s.crop
			if c.X < 0 || c.Y < 0 || c.W < 1 || c.H < 1 || c.X+c.W > size[0] || c.Y+c.H > size[1] || s.square && c.W != c.H {
				t.Fatalf("in %v, square %v: %+v", size, s.square, c)
			}
		}
	}
}

// dragOver drags on the stage between two pixels of the photo.
func dragOver(s *cropStage, fromX, fromY, toX, toY int) {
	at, scale := s.area()
	from, to := at.AddXY(float32(fromX)*scale, float32(fromY)*scale), at.AddXY(float32(toX)*scale, float32(toY)*scale)
	s.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: to}, Dragged: fyne.NewDelta(to.X-from.X, to.Y-from.Y)})
	s.DragEnd()
}

// openCrop opens the crop editor for a demo photo, taken to be of 200 × 100 pixels.
func openCrop(t *testing.T) (ui *viewtest.UI, e *CropEditor, applied *[]photo.Crop) {
	t.Helper()
	ui = viewtest.Start(t)
	w := ui.Window(widget.NewLabel("behind"), 1100, 760)
	studio, err := app.Open(app.Config{Dir: t.TempDir(), Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	work := kit.NewWork()
	t.Cleanup(func() {
		work.Close()
		if err := studio.Close(); err != nil {
			t.Error(err)
		}
	})
	applied = &[]photo.Crop{}
	cropped := studio.Datasets.Photos()[0]
	cropped.Width, cropped.Height = 200, 100
	e = ShowCropEditor(w, studio, work, cropped, 64, func(c photo.Crop) { *applied = append(*applied, c) })
	ui.Until("the photo to be shown", func() bool { return e.stage.picture.Image != nil })
	return ui, e, applied
}

func TestAPartIsDrawnMovedAndApplied(t *testing.T) {
	ui, e, applied := openCrop(t)
	dragOver(e.stage, 40, 20, 140, 80)
	if got := e.stage.shape.crop; got != (photo.Crop{X: 40, Y: 20, W: 100, H: 60}) {
		t.Fatalf("drawn: %+v", got)
	}
	if !viewtest.Says(e.Object(), "100 × 60 of 200 × 100") || !viewtest.Says(e.Object(), "needs 64 pixels") {
		t.Errorf("the texts are %q", viewtest.LabelTexts(e.Object()))
	}
	dragOver(e.stage, 90, 50, 100, 40)
	dragOver(e.stage, 150, 70, 180, 75)
	if got := e.stage.shape.crop; got != (photo.Crop{X: 50, Y: 10, W: 130, H: 65}) {
		t.Errorf("moved and stretched at a corner: %+v", got)
	}
	dragOver(e.stage, 50, 40, 20, 40)
	if got := e.stage.shape.crop; got != (photo.Crop{X: 20, Y: 10, W: 160, H: 65}) {
		t.Errorf("pulled at the left: %+v", got)
	}
	ui.Canvas.Focused().TypedKey(viewtest.Key(fyne.KeyReturn))
	if len(*applied) != 1 || (*applied)[0] != (photo.Crop{X: 20, Y: 10, W: 160, H: 65}) || !e.Closed() {
		t.Errorf("applied: %+v", *applied)
	}
}

func TestAPartIsShapedByKeys(t *testing.T) {
	_, e, applied := openCrop(t)
	var held fyne.KeyModifier
	e.stage.modifiers = func() fyne.KeyModifier { return held }
	press := func(times int, name fyne.KeyName) {
		for range times {
			e.stage.TypedKey(viewtest.Key(name))
		}
	}
	held = fyne.KeyModifierShift
	press(20, fyne.KeyLeft)
	press(5, fyne.KeyUp)
	held = 0
	press(3, fyne.KeyRight)
	press(100, fyne.KeyDown)
	if got := e.stage.shape.crop; got != (photo.Crop{X: 6, Y: 10, W: 160, H: 90}) {
		t.Errorf("the part is %+v", got)
	}
	e.stage.TypedKey(viewtest.Key(fyne.KeyEscape))
	if !e.Closed() || len(*applied) != 0 {
		t.Errorf("Escape applied %+v", *applied)
	}
}

func TestTheButtonsOfTheCropEditor(t *testing.T) {
	ui, e, applied := openCrop(t)
	e.square.SetSelected("Square")
	if got := e.stage.shape.crop; got != (photo.Crop{X: 50, W: 100, H: 100}) {
		t.Errorf("square: %+v", got)
	}
	viewtest.TapPanelButton(t, e.Object(), "Reset")
	if e.stage.shape.result() != (photo.Crop{}) || e.square.Selected != "Free" {
		t.Errorf("reset: %+v", e.stage.shape)
	}
	dragOver(e.stage, 10, 10, 60, 60)
	viewtest.TapPanelButton(t, e.Object(), "Suggested")
	ui.Until("the suggestion", func() bool { return e.stage.shape.crop != (photo.Crop{X: 10, Y: 10, W: 50, H: 50}) })
	viewtest.TapPanelButton(t, e.Object(), "Apply")
	if len(*applied) != 1 {
		t.Error("nothing was applied")
	}
}
