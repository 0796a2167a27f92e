// A slot for one picture: dropped, picked, from the gallery, or a link.

package form

import (
	"context"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/intake"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picker"
	"github.com/maquette-studio/maquette/views/picture"
)

// slotEdge is the preview's edge in density-independent pixels.
const slotEdge float32 = 76

// imageInput holds a library id, a content reference or an https URL.
type imageInput struct {
	host   Host
	work   *kit.Work
	edited func()
	report func(problem string)

	ref  string
	busy bool // a file is being brought in
	slot *picture.Slot

	preview  *canvas.Image
	icon     *widget.Icon
	activity *widget.Activity
	choose   *widget.Button
	clear    *widget.Button
	link     *widget.Entry
	box      *fyne.Container
}

func newImageInput(form *Form, edited func(), report func(string)) *imageInput {
	s := &imageInput{host: form.host, work: form.work.Part(), edited: edited, report: report}
	s.slot = picture.NewSlot(form.host.Loader, s.loaded)
	s.preview = &canvas.Image{FillMode: canvas.ImageFillContain, ScaleMode: canvas.ImageScaleFastest}
	s.icon = widget.NewIcon(theme.NewDisabledResource(theme.MediaPhotoIcon()))
	s.activity = widget.NewActivity()
	s.activity.Hide()
	s.choose = widget.NewButtonWithIcon(lang.L("Choose…"), theme.FolderOpenIcon(), s.pick)
	gallery := widget.NewButton(lang.L("Gallery…"), s.fromGallery)
	s.clear = widget.NewButtonWithIcon("", theme.ContentClearIcon(), func() { s.change("") })
	s.clear.Importance = widget.LowImportance
	s.link = widget.NewEntry()
	s.link.OnChanged = s.linked
	edge := fyne.NewSquareSize(slotEdge)
	slot := container.NewGridWrap(edge, container.NewStack(
		kit.NewPlate(kit.ColorMat, theme.ColorNameSeparator, 6), container.NewPadded(s.preview),
		container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(24), s.icon)),
		container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(24), s.activity)),
	))
	buttons := container.NewHBox(s.choose, gallery, s.clear)
	s.box = container.NewBorder(nil, nil, slot, nil, container.NewVBox(buttons, s.link))
	s.show()
	return s
}

func (s *imageInput) object() fyne.CanvasObject { return s.box }
func (s *imageInput) value() any                { return textValue(s.ref) }
func (s *imageInput) focus() fyne.Focusable     { return s.choose }

func (s *imageInput) set(value any) {
	s.work.Drop(workImport)
	s.ref, s.busy = textOf(value), false
	if !intake.IsWebURL(s.ref) && s.link.Text != "" {
		s.setLink("")
	} else if intake.IsWebURL(s.ref) && s.link.Text != s.ref {
		s.setLink(s.ref)
	}
	s.show()
}

func (s *imageInput) setLink(text string) {
	s.link.OnChanged = nil
	s.link.SetText(text)
	s.link.OnChanged = s.linked
}

// change is what a person does; set is what the program does.
func (s *imageInput) change(ref string) {
	s.set(ref)
	s.edited()
}

// linked takes a link as it is typed or pasted.
func (s *imageInput) linked(text string) {
	text = strings.TrimSpace(text)
	switch {
	case text == "" && intake.IsWebURL(s.ref), strings.HasPrefix(text, "https://"):
		s.work.Drop(workImport)
		s.ref, s.busy = text, false
		s.show()
		s.edited()
	case text != "":
		s.report(lang.L("a link begins with https://"))
	default:
		s.report("")
	}
}

func (s *imageInput) pick() {
	picker.ChoosePictures(s.host.Window, s.host.Work, "", s.host.Studio.Library.PreviewFile, func(paths []string) {
		if len(paths) > 0 {
			s.take(paths[0])
		}
	})
}

func (s *imageInput) fromGallery() {
	picker.ChooseFromGallery(s.host.Window, s.host.Studio, s.host.Loader, s.host.Work, func(id string) { s.change(id) })
}

// workImport is the import of a file; a later choice gives it up.
const workImport = "import"

// take brings a picture file into the library's files and holds it.
func (s *imageInput) take(path string) {
	s.busy = true
	s.report("")
	s.show()
	type taken struct {
		ref string
		err error
	}
	kit.Begin(s.work, workImport, func(ctx context.Context) taken {
		ref, err := s.host.Studio.Intake.Import(ctx, path)
		return taken{ref, err}
	}, func(got taken) {
		s.busy = false
		if got.err != nil {
			s.show()
			s.report(adviceOf(got.err))
			return
		}
		s.change(got.ref)
	})
}

// show draws what the slot holds.
func (s *imageInput) show() {
	s.icon.SetResource(theme.NewDisabledResource(theme.MediaPhotoIcon()))
	if intake.IsWebURL(s.ref) {
		s.icon.SetResource(theme.NewDisabledResource(theme.MailAttachmentIcon()))
	}
	s.link.SetPlaceHolder(s.hint())
	kit.SetVisible(s.ref != "", s.clear)
	kit.SetVisible(!s.busy, s.icon)
	kit.SetVisible(s.busy, s.activity)
	if s.busy {
		s.activity.Start()
	} else {
		s.activity.Stop()
	}
	shown := s.ref
	if intake.IsWebURL(s.ref) || s.busy {
		shown = ""
	}
	s.slot.Set(shown, picture.Pixels(s.box, slotEdge))
	s.loaded()
}

// hint is what stands where a link may be put: of a kind that services can't
// read, that they get a copy.
func (s *imageInput) hint() string {
	if _, ext, ok := photo.SplitRef(s.ref); ok && ext != "jpg" && ext != "png" {
		return fmt.Sprintf(lang.L("%s: services get a copy they can read"), kit.FileKind(ext))
	}
	return lang.L("Drop a picture, or paste an https link")
}

// loaded draws what is known of the picture by now.
func (s *imageInput) loaded() {
	s.preview.Image = s.slot.Image()
	s.preview.Refresh()
	switch {
	case s.slot.Err != nil:
		s.icon.SetResource(theme.NewWarningThemedResource(theme.BrokenImageIcon()))
	case s.slot.Picture != nil:
		s.icon.Hide()
	}
}
