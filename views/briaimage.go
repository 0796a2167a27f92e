// One image of a dataset at Bria, with its caption beside it.

package views

import (
	"context"

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
	image   remote.Image
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

func (r *briaImageRow) show(img remote.Image) {
	r.image = remote.Image{} // so that setting the text isn't taken for typing
	if text := r.view.bria.Captions.Text(img); r.caption.Text != text {
		r.caption.SetText(text)
	}
	r.image = img
	r.thumb.show(img.Small())
	open := r.view.bria.DatasetActions(r.view.shown).Can(remote.EditCaptions)
	kit.SetEnabled(open, r.caption)
	kit.SetVisible(open, r.save, r.again, r.remove)
	r.offer()
	r.Refresh()
}

// captionWords say what becomes of an image's caption.
func captionWords(state remote.CaptionState) string {
	switch state {
	case remote.CaptionLost:
		return lang.L("Typed, but the dataset was completed without it")
	case remote.CaptionQueued:
		return lang.L("Yours is saved after Bria's own")
	case remote.CaptionUnsent:
		return lang.L("Yours is to be saved")
	case remote.CaptionPending:
		return lang.L("Bria is writing a caption…")
	case remote.CaptionTyped:
		return lang.L("Not saved yet")
	case remote.CaptionManual:
		return lang.L("Written by hand")
	case remote.CaptionNone:
		return lang.L("No caption yet")
	case remote.CaptionService:
		return lang.L("Written by Bria")
	}
	return ""
}

func (r *briaImageRow) typed(text string) {
	if r.image.ID == "" {
		return
	}
	r.view.bria.Captions.Type(r.view.shown, r.image, text)
	r.view.keepCaptions()
	r.offer()
}

// offer says how the caption stands, and lets a changed one be saved.
func (r *briaImageRow) offer() {
	v := r.view
	awaited := v.shown.Awaits(r.image)
	kit.SetEnabled(v.bria.Captions.Sendable(r.image.ID), r.save)
	kit.SetEnabled(!awaited, r.again)
	r.source.SetText(captionWords(v.bria.Captions.State(v.shown, r.image)))
	r.caption.SetPlaceHolder("")
	if awaited {
		r.caption.SetPlaceHolder(lang.L("What you write here can be saved now. It is sent after Bria's own."))
		r.writing.Start()
	} else {
		r.writing.Stop()
	}
	kit.SetVisible(awaited, r.writing)
}

// keep saves the caption, or has it wait until Bria has written its own.
func (r *briaImageRow) keep() {
	r.view.sendCaption(r.image.ID)
	r.offer()
}

func (r *briaImageRow) recaption() {
	v, dataset, id := r.view, r.view.shown.ID, r.image.ID
	send := func() {
		v.pane.do(lang.L("Asking for a new caption…"), func(ctx context.Context) error { return v.bria.Drafts.Recaption(ctx, dataset, id) }, v.look)
	}
	if !v.bria.Captions.Replaces(r.image) {
		send()
		return
	}
	kit.Confirm(v.pane.window, kit.Question{
		Title: lang.L("Have Bria write this caption again?"), Text: lang.L("The caption written by hand is replaced."),
		Yes: lang.L("Caption again"), No: lang.L("Keep the caption"),
	}, send)
}

func (r *briaImageRow) askRemove() {
	v, dataset, id := r.view, r.view.shown.ID, r.image.ID
	kit.Confirm(v.pane.window, kit.Question{
		Title: lang.L("Delete this picture at Bria?"), Text: lang.L("Its caption goes with it. Photos in Maquette stay."),
		Yes: lang.L("Delete"), No: lang.L("Keep it"),
	}, func() {
		v.pane.do(lang.L("Deleting the picture…"), func(ctx context.Context) error { return v.bria.Drafts.DeleteImage(ctx, dataset, id) }, v.look)
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
