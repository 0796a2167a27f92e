// Captions that Bria is writing, and those that wait for it: a caption sent
// while Bria still writes its own would be replaced.

package views

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

const (
	// captionPace is how soon captions that Bria is writing are looked for
	// again; each look makes it longer, up to captionPaceMost.
	captionPace     = 10 * time.Second
	captionPaceMost = time.Minute
)

// What the view does off the UI goroutine, by name.
const (
	workRead   = "read"
	workLook   = "look" // the wait for the next reading
	workDrafts = "drafts"
)

// pending reports whether Bria is writing the image's caption.
func (img briaImage) pending() bool { return strings.EqualFold(img.Source, "pending") }

// awaits reports whether a caption of the image's that is sent now might be
// replaced by Bria's own.
func (d briaDataset) awaits(img briaImage) bool {
	return img.pending() || strings.EqualFold(d.Captions, "in_progress")
}

// writing reports whether captions are still being written, and how many are
// there; of is 0 where that isn't known.
func (d briaDataset) writing() (writing bool, done, of int) {
	for _, img := range d.Images {
		if !img.pending() {
			done++
		}
	}
	if done < len(d.Images) {
		return true, done, len(d.Images)
	}
	return strings.EqualFold(d.Captions, "in_progress"), 0, 0
}

// look reads the dataset at once, and goes on while captions are being
// written.
func (v *briaDatasetView) look() {
	v.pause = v.pace
	v.read()
}

func (v *briaDatasetView) read() {
	v.work.Drop(workLook)
	id := v.shown.ID
	type answer struct {
		dataset briaDataset
		err     error
	}
	kit.Begin(v.work, workRead, func(ctx context.Context) answer {
		d, err := v.pane.asker.dataset(ctx, id)
		return answer{d, err}
	}, func(a answer) {
		if a.err != nil {
			v.unread(a.err)
			return
		}
		v.update(a.dataset)
		v.pane.counts[id] = len(a.dataset.Images)
		v.pane.tree.Refresh()
		v.sendWaiting()
		if writing, _, _ := a.dataset.writing(); writing {
			v.lookLater()
		}
	})
}

// unread says that the dataset can't be read; what may pass while captions are
// awaited is only waited out.
func (v *briaDatasetView) unread(err error) {
	f, ok := errors.AsType[*providers.Failure](err)
	if writing, _, _ := v.shown.writing(); writing && ok && f.MayPass() {
		v.pause = max(v.pause, min(f.RetryAfter, 10*captionPaceMost))
		v.lookLater()
		return
	}
	v.nothing.Hide()
	if !v.pane.failure.Visible() {
		v.pane.fail(err, func() { v.pane.failure.SetFailure(nil, "", nil); v.look() })
	}
}

// lookLater reads the dataset after a while. While nobody sees the pane it
// isn't asked.
func (v *briaDatasetView) lookLater() {
	v.work.After(workLook, v.pause, func() {
		if !v.pane.inSight() {
			v.lookLater()
			return
		}
		v.pause = max(v.pause, min(v.pause*3/2, captionPaceMost))
		v.read()
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
	if err := v.pane.drafts.save(); err != nil {
		v.pane.fail(err, nil)
	}
}

// keepDrafts puts what is typed on disk when the typing rests.
func (v *briaDatasetView) keepDrafts() {
	v.work.After(workDrafts, captionRest, func() {
		kit.Do(v.work, func(context.Context) error { return v.pane.drafts.save() }, func(err error) {
			if err != nil {
				v.pane.fail(err, v.keepDrafts)
			}
		})
	})
}

// briaCaption is a caption to be sent.
type briaCaption struct {
	image briaID
	text  string
}

func (c briaCaption) request(dataset briaID) briaRequest {
	return briaRequest{"image-caption", map[string]any{"dataset_id": string(dataset), "image_id": string(c.image), "caption": c.text}}
}

// waiting are the captions that were to be sent once Bria has written its own,
// which it has.
func (v *briaDatasetView) waiting() []briaCaption {
	var ready []briaCaption
	for _, img := range v.shown.Images {
		if draft, typed := v.pane.drafts.get(img.ID); typed && draft.Send && !v.shown.awaits(img) {
			ready = append(ready, briaCaption{img.ID, draft.Text})
		}
	}
	return ready
}

// sendWaiting sends them. After a failure it waits to be told to go on.
func (v *briaDatasetView) sendWaiting() {
	ready := v.waiting()
	if len(ready) == 0 || v.stuck || v.pane.stop != nil || v.shown.completed() {
		return
	}
	asker, drafts, dataset := v.pane.asker, v.pane.drafts, v.shown.ID
	v.pane.begin(lang.L("Saving your captions…"), func(ctx context.Context, tell tellChange) (func(), error) {
		var sent []briaCaption
		var err error
		for i, c := range ready {
			tell(fmt.Sprintf(lang.L("Saving your caption %d of %d…"), i+1, len(ready)), i, len(ready))
			request := c.request(dataset)
			if err = asker.ask(ctx, request.call, request.values, nil); err != nil {
				break
			}
			drafts.sent(c.image, c.text)
			sent = append(sent, c)
		}
		err = errors.Join(err, drafts.save())
		return func() { v.sent(dataset, sent, err) }, err
	})
}

// sent shows captions as saved before they are read again.
func (v *briaDatasetView) sent(dataset briaID, sent []briaCaption, err error) {
	v.stuck = err != nil
	if v.shown.ID != dataset {
		return
	}
	for _, c := range sent {
		v.kept(c)
	}
	if err != nil && v.pane.failure.Visible() {
		v.pane.fail(err, v.resume)
		return
	}
	v.read()
}

// resume sends what waits after a failure.
func (v *briaDatasetView) resume() {
	v.stuck = false
	v.pane.failure.SetFailure(nil, "", nil)
	v.look()
}

// kept shows a caption as saved; what was typed meanwhile stays a draft.
func (v *briaDatasetView) kept(c briaCaption) {
	v.pane.drafts.sent(c.image, c.text)
	for i := range v.shown.Images {
		if v.shown.Images[i].ID == c.image {
			v.shown.Images[i].Caption, v.shown.Images[i].Source = c.text, "manual"
		}
	}
	v.images.Refresh()
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

// show says how many captions of how many are there; of 0 means that it isn't
// known.
func (w *briaWriting) show(writing bool, done, of int) {
	kit.SetVisible(writing, w.content)
	kit.SetVisible(of > 0, w.bar)
	kit.SetVisible(writing && of == 0, w.endless)
	if w.endless.Visible() {
		w.endless.Start()
	} else {
		w.endless.Stop()
	}
	w.text.SetText(lang.L("Bria is writing captions…"))
	if of > 0 {
		w.text.SetText(fmt.Sprintf(lang.L("Bria is writing captions: %d of %d are there"), done, of))
		w.bar.Max = float64(of)
		w.bar.SetValue(float64(done))
	}
}
