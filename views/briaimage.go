// One image of a dataset at Bria, with its caption beside it.

package views

import (
	"cmp"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/remote"
	"github.com/maquette-studio/maquette/views/kit"
)

// briaImageRow is reused for whatever image scrolls into view.
type briaImageRow struct {
	widget.BaseWidget

	view    *briaDatasetView
	image   briaImage
	thumb   *remoteThumb
	caption *widget.Entry
	writing *widget.Activity
	source  *kit.MutedText
	save    *widget.Button
	again   *widget.Button
	remove  *widget.Button
	content fyne.CanvasObject
}

func newBriaImageRow(v *briaDatasetView) *briaImageRow {
	r := &briaImageRow{view: v, thumb: newRemoteThumb(v.pane.loader), caption: widget.NewMultiLineEntry(), source: kit.NewMutedLine("")}
	r.thumb.OnOpen = func() { v.enlarge(r.image.ID) }
	r.caption.Wrapping = fyne.TextWrapWord
	r.caption.SetMinRowsVisible(2)
	r.caption.OnChanged = r.typed
	r.caption.OnSubmitted = func(string) { r.keep() }
	r.writing = widget.NewActivity()
	r.writing.Hide()
	r.save = widget.NewButton(lang.L("Save"), r.keep)
	r.again = widget.NewButton(lang.L("Caption again"), r.recaption)
	r.remove = widget.NewButtonWithIcon("", theme.DeleteIcon(), r.askRemove)
	r.remove.Importance = widget.LowImportance
	beneath := container.NewBorder(nil, nil, container.NewCenter(r.writing), container.NewHBox(r.save, r.again, r.remove), r.source)
	square := container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(briaThumbEdge), r.thumb))
	r.content = container.NewPadded(container.NewBorder(nil, nil, square, nil, container.NewBorder(nil, beneath, nil, nil, r.caption)))
	r.ExtendBaseWidget(r)
	return r
}

func (r *briaImageRow) show(img briaImage) {
	r.image = briaImage{} // so that setting the text isn't taken for typing
	text := img.Caption
	if draft, typed := r.view.pane.drafts.get(img.ID); typed {
		text = draft.Text
	}
	if r.caption.Text != text {
		r.caption.SetText(text)
	}
	r.image = img
	r.thumb.show(img.thumbnail())
	open := !r.view.shown.completed()
	kit.SetEnabled(open, r.caption)
	kit.SetVisible(open, r.save, r.again, r.remove)
	r.offer()
	r.Refresh()
}

// thumbnail is the link to a small picture of the image.
func (img briaImage) thumbnail() string { return cmp.Or(img.Thumbnail, img.URL) }

// captionSource says who wrote a caption.
func captionSource(source string) string {
	switch strings.ToLower(source) {
	case "manual":
		return lang.L("Written by hand")
	case "automatic":
		return lang.L("Written by Bria")
	}
	return ""
}

// captionState says what becomes of an image's caption.
func (v *briaDatasetView) captionState(img briaImage) string {
	draft, typed := v.pane.drafts.get(img.ID)
	switch {
	case typed && v.shown.completed():
		return lang.L("Typed, but the dataset was completed without it")
	case typed && draft.Send && v.shown.awaits(img):
		return lang.L("Yours is saved after Bria's own")
	case typed && draft.Send:
		return lang.L("Yours is to be saved")
	case v.shown.awaits(img):
		return lang.L("Bria is writing a caption…")
	case typed:
		return lang.L("Not saved yet")
	}
	return captionSource(img.Source)
}

func (r *briaImageRow) typed(text string) {
	if r.image.ID == "" {
		return
	}
	if text == r.image.Caption {
		r.view.pane.drafts.drop(r.image.ID)
	} else {
		r.view.pane.drafts.set(r.image.ID, remote.UnsentCaption{Dataset: string(r.view.shown.ID), Text: text})
	}
	r.view.keepDrafts()
	r.offer()
}

// offer says how the caption stands, and lets a changed one be saved.
func (r *briaImageRow) offer() {
	v := r.view
	draft, typed := v.pane.drafts.get(r.image.ID)
	awaited := v.shown.awaits(r.image)
	kit.SetEnabled(typed && strings.TrimSpace(draft.Text) != "" && (!draft.Send || v.stuck), r.save)
	kit.SetEnabled(!awaited, r.again)
	r.source.SetText(v.captionState(r.image))
	r.caption.SetPlaceHolder("")
	if awaited {
		r.caption.SetPlaceHolder(lang.L("What you write here can be saved now. It is sent after Bria's own."))
		r.writing.Start()
	} else {
		r.writing.Stop()
	}
	kit.SetVisible(awaited, r.writing)
}

func (r *briaImageRow) values() map[string]any {
	values := r.view.id()
	values["image_id"] = string(r.image.ID)
	return values
}

// keep saves the caption, or has it wait until Bria has written its own.
func (r *briaImageRow) keep() {
	v, id := r.view, r.image.ID
	draft, typed := v.pane.drafts.get(id)
	if !typed || strings.TrimSpace(draft.Text) == "" {
		return
	}
	if v.shown.awaits(r.image) || v.pane.stop != nil {
		draft.Send, v.stuck = true, false
		v.pane.drafts.set(id, draft)
		v.keepDrafts()
		r.offer()
		v.lookLater()
		return
	}
	c := briaCaption{id, draft.Text}
	v.pane.send(lang.L("Saving the caption…"), c.request(v.shown.ID), func() {
		v.kept(c)
		v.keepDrafts()
		v.look()
	})
}

func (r *briaImageRow) recaption() {
	v, id, values := r.view, r.image.ID, r.values()
	send := func() {
		v.pane.send(lang.L("Asking for a new caption…"), briaRequest{"image-recaption", values}, func() {
			v.pane.drafts.drop(id)
			v.keepDrafts()
			v.look()
		})
	}
	_, typed := v.pane.drafts.get(id)
	if !typed && !strings.EqualFold(r.image.Source, "manual") {
		send()
		return
	}
	kit.Confirm(v.pane.window, kit.Question{
		Title: lang.L("Have Bria write this caption again?"), Text: lang.L("The caption written by hand is replaced."),
		Yes: lang.L("Caption again"), No: lang.L("Keep the caption"),
	}, send)
}

func (r *briaImageRow) askRemove() {
	v, id, values := r.view, r.image.ID, r.values()
	kit.Confirm(v.pane.window, kit.Question{
		Title: lang.L("Delete this image at Bria?"), Text: lang.L("Its caption goes with it. Photos in Maquette stay."),
		Yes: lang.L("Delete"), No: lang.L("Keep it"),
	}, func() {
		v.pane.send(lang.L("Deleting the image…"), briaRequest{"image-delete", values}, func() {
			v.pane.drafts.drop(id)
			v.keepDrafts()
			v.look()
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
