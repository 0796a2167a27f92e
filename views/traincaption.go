// The selected photo of the Train tab, large enough to write its caption.

package views

import (
	"context"
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picture"
)

const (
	// previewEdge is the longest edge of the selected photo, in
	// density-independent pixels.
	previewEdge float32 = 172
	// captionRest is how long a person has stopped typing before the caption
	// is saved.
	captionRest = 400 * time.Millisecond
)

// captionPane shows one photo with its caption, and leads to the next.
type captionPane struct {
	widget.BaseWidget

	desk
	dataset *datasetPane
	saver   *captionSaver

	ref     string // of the photo shown, "" for none
	slot    *picture.Slot
	filling bool // the entry is being given a stored caption

	picture  *canvas.Image
	name     *widget.Label
	facts    *kit.MutedText
	verdict  *widget.Label
	fixes    *fixBar
	entry    *captionEntry
	previous *widget.Button
	next     *widget.Button
	content  fyne.CanvasObject
}

func newCaptionPane(w desk, dataset *datasetPane) *captionPane {
	c := &captionPane{desk: w, dataset: dataset}
	c.saver = newCaptionSaver(func(of captionPlace, caption string) error {
		return w.studio.Datasets.SetCaption(of.dataset, of.hash, caption)
	})
	c.slot = picture.NewSlot(w.loader, c.draw)
	c.picture = &canvas.Image{FillMode: canvas.ImageFillContain, ScaleMode: canvas.ImageScaleFastest}
	c.picture.SetMinSize(fyne.NewSquareSize(previewEdge))
	c.name = widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	c.name.Truncation = fyne.TextTruncateEllipsis
	c.facts = kit.NewMutedLine("")
	c.verdict = widget.NewLabel("")
	c.verdict.Truncation = fyne.TextTruncateEllipsis
	c.verdict.Importance = widget.WarningImportance
	c.fixes = newFixBar(dataset)
	c.entry = newCaptionEntry(c.step, func() { w.window.Canvas().Focus(dataset.grid) })
	c.entry.OnChanged = c.typed
	c.previous = widget.NewButtonWithIcon("", theme.NavigateBackIcon(), func() { c.step(-1) })
	c.next = widget.NewButtonWithIcon("", theme.NavigateNextIcon(), func() { c.step(1) })
	c.previous.Importance, c.next.Importance = widget.LowImportance, widget.LowImportance
	top := container.NewBorder(nil, nil, nil, container.NewHBox(c.previous, c.next), c.name)
	text := container.NewBorder(container.NewVBox(top, c.facts, c.verdict, c.fixes.content), nil, nil, nil, c.entry)
	c.content = container.NewVBox(widget.NewSeparator(), container.NewBorder(nil, nil, container.NewPadded(c.picture), nil, text))
	c.ExtendBaseWidget(c)
	c.Hide()
	return c
}

// CreateRenderer shows picture and caption side by side.
func (c *captionPane) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(c.content)
}

// show shows the selected photo; the pane is hidden unless it is exactly one.
func (c *captionPane) show(refs []string) {
	c.flush()
	if len(refs) != 1 {
		c.clear()
		c.Hide()
		return
	}
	if refs[0] != c.ref {
		c.clear()
		c.ref = refs[0]
	}
	c.Show()
	c.refresh()
}

func (c *captionPane) clear() {
	c.ref = ""
	c.slot.Set("", 0)
	c.picture.Image = nil
	c.picture.Refresh()
}

// load shows the photo as it is edited now; what was shown of it stays until
// then.
func (c *captionPane) load(ref string) {
	if c.slot.Set(ref, picture.Pixels(c, previewEdge)) {
		c.draw()
	}
}

func (c *captionPane) draw() {
	if c.slot.Picture != nil {
		c.picture.Image = c.slot.Picture
		c.picture.Refresh()
	}
}

// refresh follows a change of the dataset; what is being typed stays.
func (c *captionPane) refresh() {
	p, at := c.dataset.photo(c.ref)
	if at < 0 {
		return
	}
	c.load(p.EditedRef())
	c.name.SetText(p.Name)
	width, height := p.Size()
	facts := fmt.Sprintf(lang.L("%d of %d · %d × %d · %s"), at+1, len(c.dataset.photos), width, height, bytesInWords(p.Bytes))
	c.facts.SetText(kit.Dotted(facts, kindWords(p)))
	c.fixes.show(p)
	kit.SetText(c.verdict, kit.Parted(sayAll(c.dataset.verdicts[p.Hash].Reasons)...))
	kit.SetEnabled(at > 0, c.previous)
	kit.SetEnabled(at < len(c.dataset.photos)-1, c.next)
	if caption := c.caption(p.Hash); c.entry.Text != caption {
		c.filling = true
		c.entry.SetText(caption)
		c.filling = false
	}
}

// kindWords are a photo's kind of file, and that of the copy which is sent where
// it is another.
func kindWords(p photo.Photo) string {
	kind, sent := kit.FileKind(p.Ext), kit.FileKind(p.EditedExt())
	if kind == sent {
		return kind
	}
	return fmt.Sprintf(lang.L("%s, sent as %s"), kind, sent)
}

// caption is what was typed last, else what is stored just now: the dataset
// pane's own list may be older.
func (c *captionPane) caption(hash string) string {
	if typed, pending := c.saver.typed(captionPlace{c.dataset.id, hash}); pending {
		return typed
	}
	for _, p := range c.studio.Datasets.Photos() {
		if p.Hash == hash {
			return p.Caption
		}
	}
	return ""
}

// focus begins to write the caption.
func (c *captionPane) focus() {
	if c.Visible() {
		c.window.Canvas().Focus(c.entry)
	}
}

// step shows the photo before or after this one; the caption keeps the focus
// if it has it.
func (c *captionPane) step(by int) {
	_, at := c.dataset.photo(c.ref)
	if to := at + by; at >= 0 && to >= 0 && to < len(c.dataset.photos) {
		c.dataset.grid.Select(c.dataset.photos[to].Ref())
		c.dataset.grid.ScrollTo(to)
	}
}

// typed notes the caption and saves it when the typing rests.
func (c *captionPane) typed(text string) {
	p, at := c.dataset.photo(c.ref)
	if c.filling || at < 0 {
		return
	}
	c.saver.note(captionPlace{c.dataset.id, p.Hash}, text)
	c.work.After(workSave, captionRest, c.flush)
}

// workSave is the saving of a caption once the typing rests.
const workSave = "save"

// flush saves what was typed, in a worker.
func (c *captionPane) flush() {
	c.work.Drop(workSave)
	if c.saver.idle() {
		return
	}
	kit.Do(c.work, func(context.Context) error { return c.saver.save() }, func(err error) {
		c.dataset.failure.SetFailure(err, "", c.flush)
	})
}

// close saves what was typed last; the window is closing and nobody waits for
// a frame.
func (c *captionPane) close() {
	c.work.Drop(workSave)
	if err := c.saver.save(); err != nil {
		fyne.LogError("saving a caption", err)
	}
}

// captionEntry is the text field of a caption: PageUp and PageDown lead to the
// photos beside, Escape back to the grid.
type captionEntry struct {
	widget.Entry

	step  func(by int)
	leave func()
}

func newCaptionEntry(step func(by int), leave func()) *captionEntry {
	e := &captionEntry{step: step, leave: leave}
	e.MultiLine = true
	e.Wrapping = fyne.TextWrapWord
	e.SetPlaceHolder(lang.L("Caption: what this photo shows. PageDown leads to the next photo."))
	e.ExtendBaseWidget(e)
	return e
}

// TypedKey takes the keys that leave the caption.
func (e *captionEntry) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyPageUp:
		e.step(-1)
	case fyne.KeyPageDown:
		e.step(1)
	case fyne.KeyEscape:
		e.leave()
	default:
		e.Entry.TypedKey(key)
	}
}
