// One image of a dataset at Bria, with its caption beside it.

package views

import (
	"image"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// briaThumbEdge is the edge of an image in the list, in density-independent
// pixels.
const briaThumbEdge float32 = 108

// briaImageRow is reused for whatever image scrolls into view.
type briaImageRow struct {
	widget.BaseWidget

	view    *briaDatasetView
	image   briaImage
	thumb   *remoteThumb
	caption *widget.Entry
	source  *mutedText
	save    *widget.Button
	again   *widget.Button
	remove  *widget.Button
	content fyne.CanvasObject
}

func newBriaImageRow(v *briaDatasetView) *briaImageRow {
	r := &briaImageRow{view: v, thumb: newRemoteThumb(v.pane.loader), caption: widget.NewMultiLineEntry(), source: newMutedLine("")}
	r.caption.Wrapping = fyne.TextWrapWord
	r.caption.SetMinRowsVisible(2)
	r.caption.OnChanged = r.typed
	r.caption.OnSubmitted = func(string) { r.keep() }
	r.save = widget.NewButton(lang.L("Save"), r.keep)
	r.again = widget.NewButton(lang.L("Caption again"), r.recaption)
	r.remove = widget.NewButtonWithIcon("", theme.DeleteIcon(), r.askRemove)
	r.remove.Importance = widget.LowImportance
	beneath := container.NewBorder(nil, nil, nil, container.NewHBox(r.save, r.again, r.remove), r.source)
	square := container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(briaThumbEdge), r.thumb))
	r.content = container.NewPadded(container.NewBorder(nil, nil, square, nil, container.NewBorder(nil, beneath, nil, nil, r.caption)))
	r.ExtendBaseWidget(r)
	return r
}

func (r *briaImageRow) show(img briaImage) {
	r.image = briaImage{} // so that setting the text isn't taken for typing
	text, typed := r.view.drafts[img.ID]
	if !typed {
		text = img.Caption
	}
	if r.caption.Text != text {
		r.caption.SetText(text)
	}
	r.image = img
	link := img.Thumbnail
	if link == "" {
		link = img.URL
	}
	r.thumb.show(link)
	r.source.SetText(captionSource(img.Source))
	open := !r.view.shown.completed()
	setEnabled(open, r.caption)
	setVisible(open, r.save, r.again, r.remove)
	r.offer()
	r.Refresh()
}

// captionSource says who wrote a caption.
func captionSource(source string) string {
	switch strings.ToLower(source) {
	case "manual":
		return lang.L("Written by hand")
	case "automatic":
		return lang.L("Written by Bria")
	case "pending":
		return lang.L("Bria is writing it…")
	}
	return ""
}

func (r *briaImageRow) typed(text string) {
	if r.image.ID == "" {
		return
	}
	if text == r.image.Caption {
		delete(r.view.drafts, r.image.ID)
	} else {
		r.view.drafts[r.image.ID] = text
	}
	r.offer()
}

// offer lets a changed caption be saved.
func (r *briaImageRow) offer() {
	text, typed := r.view.drafts[r.image.ID]
	setEnabled(typed && strings.TrimSpace(text) != "", r.save)
}

func (r *briaImageRow) values() map[string]any {
	values := r.view.id()
	values["image_id"] = string(r.image.ID)
	return values
}

func (r *briaImageRow) keep() {
	id := r.image.ID
	text, typed := r.view.drafts[id]
	if !typed || strings.TrimSpace(text) == "" {
		return
	}
	values := r.values()
	values["caption"] = text
	v := r.view
	v.pane.send(lang.L("Saving the caption…"), "image-caption", values, func() {
		v.kept(id, text)
		v.read(0)
	})
}

// kept shows a caption as saved before it is read again; what was typed
// meanwhile stays a draft.
func (v *briaDatasetView) kept(id briaID, text string) {
	if v.drafts[id] == text {
		delete(v.drafts, id)
	}
	for i := range v.shown.Images {
		if v.shown.Images[i].ID == id {
			v.shown.Images[i].Caption, v.shown.Images[i].Source = text, "manual"
		}
	}
	v.images.Refresh()
}

func (r *briaImageRow) recaption() {
	v, id, values := r.view, r.image.ID, r.values()
	send := func() {
		v.pane.send(lang.L("Asking for a new caption…"), "image-recaption", values, func() {
			delete(v.drafts, id)
			v.read(0)
		})
	}
	_, typed := v.drafts[id]
	if !typed && !strings.EqualFold(r.image.Source, "manual") {
		send()
		return
	}
	confirm(v.pane.window, question{
		title: lang.L("Have Bria write this caption again?"), text: lang.L("The caption written by hand is replaced."),
		yes: lang.L("Caption again"), no: lang.L("Keep the caption"),
	}, send)
}

func (r *briaImageRow) askRemove() {
	v, id, values := r.view, r.image.ID, r.values()
	confirm(v.pane.window, question{
		title: lang.L("Delete this image at Bria?"), text: lang.L("Its caption goes with it. Photos in Maquette stay."),
		yes: lang.L("Delete"), no: lang.L("Keep it"),
	}, func() {
		v.pane.send(lang.L("Deleting the image…"), "image-delete", values, func() {
			delete(v.drafts, id)
			v.read(0)
		})
	})
}

// Refresh follows a change of theme.
func (r *briaImageRow) Refresh() {
	r.content.Refresh()
	r.BaseWidget.Refresh()
}

// CreateRenderer shows the image and, beside it, the caption.
func (r *briaImageRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(r.content)
}

// remoteThumb is a small picture that a service links to.
type remoteThumb struct {
	widget.BaseWidget

	loader  *thumbLoader
	link    string
	px      int
	request *thumbRequest
	back    *canvas.Rectangle
	picture *canvas.Image
	broken  *widget.Icon
}

func newRemoteThumb(loader *thumbLoader) *remoteThumb {
	t := &remoteThumb{loader: loader, back: canvas.NewRectangle(nil), picture: &canvas.Image{FillMode: canvas.ImageFillContain}}
	t.broken = widget.NewIcon(theme.BrokenImageIcon())
	t.broken.Hide()
	t.ExtendBaseWidget(t)
	return t
}

func (t *remoteThumb) show(link string) {
	px := int(briaThumbEdge*canvasScale(t) + 0.5)
	if link == t.link && px == t.px {
		return
	}
	t.request.Cancel()
	t.request, t.link, t.px = nil, link, px
	t.got(nil, nil)
	if link == "" {
		t.broken.Show()
		return
	}
	if img, known, err := t.loader.Cached(link, px); known {
		t.got(img, err)
		return
	}
	t.request = t.loader.Request(link, px, func(img *image.RGBA, err error) {
		t.request = nil
		t.got(img, err)
	})
}

func (t *remoteThumb) got(img *image.RGBA, err error) {
	t.picture.Image = nil
	if img != nil {
		t.picture.Image = img
	}
	setVisible(err != nil, t.broken)
	t.Refresh()
	t.picture.Refresh()
}

// Refresh follows a change of theme.
func (t *remoteThumb) Refresh() {
	t.paint()
	t.BaseWidget.Refresh()
}

func (t *remoteThumb) paint() {
	t.back.FillColor = theme.Color(colorMat)
	t.back.CornerRadius = 4
}

// CreateRenderer stacks the mat, the picture and the sign for none.
func (t *remoteThumb) CreateRenderer() fyne.WidgetRenderer {
	t.paint()
	sign := container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(28), t.broken))
	return widget.NewSimpleRenderer(container.NewStack(t.back, t.picture, sign))
}
