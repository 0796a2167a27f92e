// Captions that Bria is writing, which are looked for, and those of a person
// that wait for it.

package views

import (
	"context"
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/remote"
	"github.com/maquette-studio/maquette/views/kit"
)

// What the view does off the UI goroutine, by name.
const (
	workRead     = "read"
	workLook     = "look" // the wait for the next reading
	workCaptions = "captions"
)

// look reads the dataset at once, and goes on while captions are being
// written.
func (v *briaDatasetView) look() {
	v.pace = remote.Pace{}
	v.readImages()
}

func (v *briaDatasetView) readImages() {
	v.work.Drop(workLook)
	id := v.shown.ID
	type answer struct {
		dataset remote.Dataset
		err     error
	}
	kit.Begin(v.work, workRead, func(ctx context.Context) answer {
		d, err := v.bria.Dataset(ctx, id)
		return answer{d, err}
	}, func(a answer) {
		if a.err != nil {
			v.unread(a.err)
			return
		}
		v.read = true
		v.update(a.dataset)
		v.pane.counts[id] = len(a.dataset.Images)
		v.pane.tree.Refresh()
		v.sendReady()
		if a.dataset.Writing().Going {
			v.lookLater()
		}
	})
}

// unread says that the dataset can't be read; what may pass while captions are
// awaited is only waited out.
func (v *briaDatasetView) unread(err error) {
	if v.shown.Writing().Going && v.pace.Passing(err) {
		v.lookLater()
		return
	}
	v.nothing.Hide()
	if !v.pane.failure.Visible() {
		v.pane.fail(err, func() { v.pane.hush(); v.look() })
	}
}

// lookLater reads the dataset after a while.
func (v *briaDatasetView) lookLater() { v.lookAfter(v.pace.Next() / v.faster) }

// lookAfter reads the dataset after a pause. While nobody sees the pane Bria
// isn't asked.
func (v *briaDatasetView) lookAfter(pause time.Duration) {
	v.work.After(workLook, pause, func() {
		if !v.pane.inSight() {
			v.lookAfter(pause)
			return
		}
		v.readImages()
	})
}

// leave stops looking for captions.
func (v *briaDatasetView) leave() {
	v.work.Drop(workRead)
	v.work.Drop(workLook)
}

// close stops looking and saves what was typed last; the window is going away
// and nobody waits for a frame.
func (v *briaDatasetView) close() {
	v.work.End()
	if err := v.bria.Captions.Save(); err != nil {
		v.pane.fail(err, nil)
	}
}

// keepCaptions puts what is typed on disk when the typing rests.
func (v *briaDatasetView) keepCaptions() {
	v.work.After(workCaptions, captionRest, v.saveCaptions)
}

// saveCaptions puts what is typed on disk.
func (v *briaDatasetView) saveCaptions() {
	kit.Do(v.work, func(context.Context) error { return v.bria.Captions.Save() }, func(err error) {
		if err != nil {
			v.pane.fail(err, v.keepCaptions)
		}
	})
}

// sendCaption has an image's typed caption sent: now, or once Bria has written
// its own and no other change is under way.
func (v *briaDatasetView) sendCaption(image remote.ID) {
	if !v.bria.Captions.Queue(image) {
		return
	}
	v.saveCaptions()
	if v.pane.stop != nil || len(v.bria.Captions.Ready(v.shown)) == 0 {
		v.lookLater()
		return
	}
	v.pane.hush()
	v.sendReady()
}

// sendReady sends the captions that wait and can be sent by now.
func (v *briaDatasetView) sendReady() {
	d := v.shown
	if v.pane.stop != nil || len(v.bria.Captions.Ready(d)) == 0 {
		return
	}
	v.pane.begin(lang.L("Saving your captions…"), func(ctx context.Context, tell tellChange) (func(), error) {
		sent, err := v.bria.Captions.Send(ctx, d, func(done, of int) {
			tell(fmt.Sprintf(lang.L("Saving your caption %d of %d…"), done+1, of), done, of)
		})
		return func() { v.sent(d.ID, sent, err) }, err
	})
}

// sent shows captions as saved before they are read again.
func (v *briaDatasetView) sent(dataset remote.ID, sent []remote.SentCaption, err error) {
	if v.shown.ID != dataset {
		return
	}
	v.shown = v.shown.With(sent)
	v.images.Refresh()
	if err != nil && v.pane.failure.Visible() {
		v.pane.fail(err, func() { v.resume(dataset) })
		return
	}
	v.readImages()
}

// resume sends what waits after a failure.
func (v *briaDatasetView) resume(dataset remote.ID) {
	v.bria.Captions.Resume(dataset)
	v.pane.hush()
	v.look()
}

// briaWriting says that Bria is writing a dataset's captions, and how far it
// is.
type briaWriting struct {
	text    *kit.MutedText
	bar     *widget.ProgressBar
	endless *widget.ProgressBarInfinite
	content *fyne.Container
}

func newBriaWriting() *briaWriting {
	w := &briaWriting{text: kit.NewMutedLine(""), bar: widget.NewProgressBar(), endless: widget.NewProgressBarInfinite()}
	room := container.NewCenter(container.NewGridWrap(progressSize, container.NewStack(w.bar, w.endless)))
	w.content = container.New(layout.NewCustomPaddedLayout(0, 4, 0, 4), container.NewBorder(nil, nil, nil, room, w.text))
	w.bar.TextFormatter = func() string { return "" } // the text says it
	w.endless.Stop()
	w.content.Hide()
	return w
}

// show says how many captions of how many are there, where that is known.
func (w *briaWriting) show(now remote.Writing) {
	known := now.Of > 0
	kit.SetVisible(now.Going, w.content)
	kit.SetVisible(known, w.bar)
	kit.SetVisible(now.Going && !known, w.endless)
	if w.endless.Visible() {
		w.endless.Start()
	} else {
		w.endless.Stop()
	}
	w.text.SetText(lang.L("Bria is writing captions…"))
	if known {
		w.text.SetText(fmt.Sprintf(lang.L("Bria is writing captions: %d of %d are there"), now.Done, now.Of))
		w.bar.Max = float64(now.Of)
		w.bar.SetValue(float64(now.Done))
	}
}
