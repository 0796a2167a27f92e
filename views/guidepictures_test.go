// The guide's pictures: the demo as it looks, drawn without a screen. `make pictures` writes them anew.

package views

import (
	"bytes"
	"flag"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"github.com/zalando/go-keyring"
	"golang.org/x/image/draw"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
	"github.com/maquette-studio/maquette/views/kit"
)

var drawPictures = flag.Bool("pictures", false, "write docs/guide/pictures anew")

// pictureScale is how many pixels of a picture are one of the window's.
const pictureScale float32 = 1.25

// drawWindow writes it into a file, once all that is under way is shown.
func drawWindow(t *testing.T, c fyne.Canvas, name string) {
	t.Helper()
	c.Content().Resize(c.Size().AddWidthHeight(1, 1)) // what has grown since pushes the others aside, as it does on a screen
	c.Content().Resize(c.Size())
	shot := c.Capture()
	to := image.NewRGBA(image.Rect(0, 0, shot.Bounds().Dx(), shot.Bounds().Dy()))
	draw.Draw(to, to.Bounds(), shot, shot.Bounds().Min, draw.Src)
	file, err := os.Create(filepath.Join(filepath.FromSlash("../docs/guide/pictures"), name+".jpg"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	if err := jpeg.Encode(file, to, &jpeg.Options{Quality: 72}); err != nil {
		t.Fatal(err)
	}
}

func TestThePicturesOfTheGuide(t *testing.T) {
	if !*drawPictures {
		t.Skip("make pictures draws them")
	}
	t.Run("welcome", func(t *testing.T) {
		keyring.MockInit()
		ui, s, _ := firstStart(t, t.TempDir())
		ui.Until("the welcome", func() bool { return isWelcome(s) })
		scaled(s.window)
		settle(ui, s.window.Canvas())
		drawWindow(t, s.window.Canvas(), "welcome")
		if err := s.close(); err != nil {
			t.Error(err)
		}
	})
	t.Run("demo", drawDemo)
}

// scaled gives a window the pictures' size and scale, and light colours.
func scaled(w fyne.Window) {
	fyne.CurrentApp().Settings().SetTheme(kit.NewTheme(kit.AppearanceLight))
	w.Canvas().(interface{ SetScale(scale float32) }).SetScale(pictureScale)
	w.Resize(fyne.NewSize(1120, 740))
}

// settle runs what is posted until a picture stays as it is.
func settle(ui *viewtest.UI, c fyne.Canvas) {
	var before []byte
	var still int
	ui.Until("a picture that stays", func() bool {
		ui.Drain()
		time.Sleep(100 * time.Millisecond)
		shot, _ := c.Capture().(*image.NRGBA)
		if shot == nil || !bytes.Equal(shot.Pix, before) {
			still = 0
		}
		if shot != nil {
			before = shot.Pix
		}
		still++
		return still > 3
	})
}

func drawDemo(t *testing.T) {
	ui, w := openStudio(t, app.Config{Dir: t.TempDir(), Demo: true, SandboxPace: 0.4, SandboxMaxEdge: 512, Tempo: 0.2})
	scaled(w)
	c := w.Canvas()
	ui.Until("the sample photos", func() bool { return len(w.train.dataset.grid.Items()) == 8 })
	w.train.fill("dreamlook/dreambooth", map[string]any{"instance_prompt": "photo of ukj fox"})
	settle(ui, c)
	drawWindow(t, c, "train")

	for _, prompt := range []string{"a paper fox asleep in tall grass", "a paper fox on a snowy hill, morning light"} {
		makePictures(t, ui, w, map[string]any{"prompt": prompt, "count": 4})
	}
	w.tabs.SelectIndex(tabGenerate)
	w.generate.choice.SetSelected("Luma Dream Machine · Image")
	typePrompt(w, "a paper fox on a snowy hill, morning light")
	settle(ui, c)
	drawWindow(t, c, "generate")

	w.tabs.SelectIndex(tabGallery)
	settle(ui, c)
	drawWindow(t, c, "gallery")

	w.showPicture(w.studio.Library.SearchIDs(""), 0)
	settle(ui, c)
	drawWindow(t, c, "large")
	w.closePicture()

	training := startJob(t, w.studio, jobs.Order{
		Task: "dreamlook/dreambooth", Photos: w.studio.Datasets.Photos(), Consent: true,
		Values: providers.Values{"instance_prompt": "photo of ukj fox"},
	})
	w.showJob(training.ID)
	ui.Until("the training", func() bool {
		now, _ := w.studio.Jobs.Job(training.ID)
		return now.State == providers.Running && now.Status.Fraction > 0.3
	})
	ui.Drain()
	w.jobs.list.Refresh()
	drawWindow(t, c, "job")
	w.tabs.SelectIndex(tabSettings)
	settle(ui, c)
	drawWindow(t, c, "settings")
}
