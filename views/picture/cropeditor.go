// Choosing the part of a photo that stays.

package picture

import (
	"context"
	"fmt"
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/views/kit"
)

// cropPixels is the longest edge at which the photo is shown, in device pixels.
const cropPixels = 2048

// cropNameShown is how much of a photo's name is shown, in characters.
const cropNameShown = 48

// CropEditor lies over the window until a part is applied or Escape pressed.
type CropEditor struct {
	kit.Panel

	studio *app.Studio

	photo photo.Photo
	least int // pixels of the shorter edge that the service needs; 0 for none
	done  func(photo.Crop)

	stage   *cropStage
	size    *kit.MutedText
	warning *widget.Label
	square  *widget.RadioGroup
}

// ShowCropEditor opens the editor; done gets the crop that is applied, the zero
// one for the whole photo.
func ShowCropEditor(w fyne.Window, studio *app.Studio, work *kit.Work, p photo.Photo, least int, done func(photo.Crop)) *CropEditor {
	e := &CropEditor{studio: studio, photo: p, least: least, done: done}
	e.Work, e.OnEnter = work.Part(), e.apply
	e.stage = newCropStage(newCropShape(p.Width, p.Height, p.Edit.Crop), e.Key)
	e.stage.OnChanged = e.describe
	e.size = kit.NewMutedLine("")
	e.warning = widget.NewLabel("")
	e.warning.Importance = widget.WarningImportance
	e.Show(w, e.layOut(), fyne.Size{}, e.stage)
	e.describe()
	e.load()
	return e
}

func (e *CropEditor) layOut() fyne.CanvasObject {
	free, square := lang.L("Free"), lang.L("Square")
	e.square = widget.NewRadioGroup([]string{free, square}, nil)
	e.square.Horizontal, e.square.Required = true, true
	e.square.Selected = free
	if e.stage.shape.square {
		e.square.Selected = square
	}
	e.square.OnChanged = func(choice string) {
		e.stage.shape.setSquare(choice == square)
		e.stage.changed()
		e.Focus(e.stage)
	}
	suggested := kit.NewButton(lang.L("Suggested"), e.Escape, e.suggest)
	reset := kit.NewButton(lang.L("Reset"), e.Escape, e.reset)
	cancel := kit.NewButton(lang.L("Cancel"), e.Escape, e.Close)
	apply := kit.NewButton(lang.L("Apply"), e.Escape, e.apply)
	apply.Importance = widget.HighImportance
	title := kit.Heading(fmt.Sprintf(lang.L("Crop %s"), kit.Shortened(e.photo.Name, cropNameShown)))
	top := container.NewBorder(nil, nil, title, e.warning, e.size)
	hint := kit.NewCaption(lang.L("Arrow keys move the part, with Shift they resize it. Enter applies. The original stays as it is."))
	bottom := container.NewHBox(e.square, suggested, reset, layout.NewSpacer(), cancel, apply)
	return container.NewBorder(top, container.NewVBox(hint, bottom), nil, nil, e.stage)
}

// load decodes the photo in a worker.
func (e *CropEditor) load() {
	type loaded struct {
		img *image.RGBA
		err error
	}
	studio, ref := e.studio, e.photo.Ref()
	kit.Do(e.Work, func(ctx context.Context) loaded {
		img, err := studio.Library.Thumbnail(ctx, ref, cropPixels)
		if err != nil {
			return loaded{err: err}
		}
		return loaded{img: fitRGBA(img, cropPixels)}
	}, func(l loaded) {
		if l.err != nil {
			e.warning.SetText(l.err.Error())
			return
		}
		e.stage.setPicture(l.img)
	})
}

// describe says how large the part is, and whether the service takes it.
func (e *CropEditor) describe() {
	c := e.stage.shape.crop
	e.size.SetText(fmt.Sprintf(lang.L("%d × %d of %d × %d"), c.W, c.H, e.photo.Width, e.photo.Height))
	warning := ""
	if edge := min(c.W, c.H); edge < e.least {
		warning = fmt.Sprintf(lang.L("The service needs %d pixels a side"), e.least)
	}
	e.warning.SetText(warning)
}

// suggest looks for the most detailed square, in a worker.
func (e *CropEditor) suggest() {
	type suggested struct {
		crop photo.Crop
		err  error
	}
	studio, photo := e.studio, e.photo
	kit.Begin(e.Work, "suggest", func(ctx context.Context) (s suggested) {
		s.crop, s.err = studio.Datasets.SuggestCrop(ctx, photo)
		return s
	}, func(s suggested) {
		if s.err != nil {
			e.warning.SetText(s.err.Error())
			return
		}
		e.square.SetSelected(lang.L("Square"))
		e.stage.shape.set(s.crop)
		e.stage.changed()
	})
	e.Focus(e.stage)
}

// reset goes back to the whole photo.
func (e *CropEditor) reset() {
	e.square.SetSelected(lang.L("Free"))
	e.stage.shape.set(photo.Crop{})
	e.stage.changed()
	e.Focus(e.stage)
}

func (e *CropEditor) apply() {
	if e.Closed() {
		return
	}
	e.Close()
	e.done(e.stage.shape.result())
}
