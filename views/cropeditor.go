// Choosing the part of a photo that stays.

package views

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
)

// cropPixels is the longest edge at which the photo is shown, in device pixels.
const cropPixels = 2048

// cropEditor lies over the window until a part is applied or Escape pressed.
type cropEditor struct {
	panel

	photo app.DatasetPhoto
	least int // pixels of the shorter edge that the service needs; 0 for none
	done  func(app.Crop)
	turn  latest

	stage   *cropStage
	size    *mutedText
	warning *widget.Label
	square  *widget.RadioGroup
}

// showCropEditor opens the editor; done gets the crop that is applied, the zero
// one for the whole photo.
func showCropEditor(w *Window, p app.DatasetPhoto, least int, done func(app.Crop)) *cropEditor {
	e := &cropEditor{photo: p, least: least, done: done}
	e.OnEnter = e.apply
	e.stage = newCropStage(newCropShape(p.Width, p.Height, p.Edit.Crop), e.key)
	e.stage.OnChanged = e.describe
	e.size = newMutedLine("")
	e.warning = widget.NewLabel("")
	e.warning.Importance = widget.WarningImportance
	e.show(w, e.layOut(), fyne.Size{}, e.stage)
	e.describe()
	e.load()
	return e
}

func (e *cropEditor) layOut() fyne.CanvasObject {
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
		e.window.Canvas().Focus(e.stage)
	}
	suggested := newPickerButton(lang.L("Suggested"), e.escape, e.suggest)
	reset := newPickerButton(lang.L("Reset"), e.escape, e.reset)
	cancel := newPickerButton(lang.L("Cancel"), e.escape, e.Close)
	apply := newPickerButton(lang.L("Apply"), e.escape, e.apply)
	apply.Importance = widget.HighImportance
	title := heading(fmt.Sprintf(lang.L("Crop %s"), shortened(e.photo.Name, datasetNameShown)))
	top := container.NewBorder(nil, nil, title, e.warning, e.size)
	hint := newCaption(lang.L("Arrow keys move the part, with Shift they resize it. Enter applies. The original stays as it is."))
	bottom := container.NewHBox(e.square, suggested, reset, layout.NewSpacer(), cancel, apply)
	return container.NewBorder(top, container.NewVBox(hint, bottom), nil, nil, e.stage)
}

// load decodes the photo in a worker.
func (e *cropEditor) load() {
	type loaded struct {
		img *image.RGBA
		err error
	}
	studio, ref := e.window.studio, e.photo.Ref()
	work(e.window, func(ctx context.Context) loaded {
		img, err := studio.Thumbnail(ctx, ref, cropPixels)
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
func (e *cropEditor) describe() {
	c := e.stage.shape.crop
	e.size.SetText(fmt.Sprintf(lang.L("%d × %d of %d × %d"), c.W, c.H, e.photo.Width, e.photo.Height))
	warning := ""
	if edge := min(c.W, c.H); edge < e.least {
		warning = fmt.Sprintf(lang.L("The service needs %d pixels a side"), e.least)
	}
	e.warning.SetText(warning)
}

// suggest looks for the most detailed square, in a worker.
func (e *cropEditor) suggest() {
	type suggested struct {
		crop app.Crop
		err  error
	}
	studio, photo := e.window.studio, e.photo
	workLatest(e.window, &e.turn, func(ctx context.Context) (s suggested) {
		s.crop, s.err = studio.SuggestCrop(ctx, photo)
		return s
	}, func(s suggested) {
		switch {
		case e.closed:
		case s.err != nil:
			e.warning.SetText(s.err.Error())
		default:
			e.square.SetSelected(lang.L("Square"))
			e.stage.shape.set(s.crop)
			e.stage.changed()
		}
	})
	e.window.Canvas().Focus(e.stage)
}

// reset goes back to the whole photo.
func (e *cropEditor) reset() {
	e.square.SetSelected(lang.L("Free"))
	e.stage.shape.set(app.Crop{})
	e.stage.changed()
	e.window.Canvas().Focus(e.stage)
}

func (e *cropEditor) apply() {
	if e.closed {
		return
	}
	e.Close()
	e.done(e.stage.shape.result())
}
