// Captions that the service is writing, and those that wait for it: a caption
// sent while the service still writes its own would be replaced.

package remote

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/maquette-studio/maquette/providers"
)

// Awaits reports whether a caption of the image's that is sent now might be
// replaced by the service's own.
func (d Dataset) Awaits(img Image) bool {
	return img.Standing() == providers.CaptionComing || d.Recaptioning
}

// Standing is how the image's caption stands.
func (i Image) Standing() providers.CaptionStanding {
	return providers.CaptionStands(i.Caption, string(i.Source))
}

// Writing says whether the service is writing captions, and how many of how
// many are there; Of is 0 where that isn't known.
type Writing struct {
	Going bool `json:"going"`
	Done  int  `json:"done"`
	Of    int  `json:"of"`
}

// Writing reports how far the service is with a dataset's captions.
func (d Dataset) Writing() Writing {
	done := 0
	for _, img := range d.Images {
		if img.Standing() != providers.CaptionComing {
			done++
		}
	}
	if done < len(d.Images) {
		return Writing{Going: true, Done: done, Of: len(d.Images)}
	}
	return Writing{Going: d.Recaptioning}
}

// CaptionState says what becomes of an image's caption; "" where there is
// nothing to say.
type CaptionState string

// The states of captions.
const (
	CaptionLost    CaptionState = "lost"           // typed, but the dataset was completed without it
	CaptionQueued  CaptionState = "queued"         // a person's, to be sent after the service's own
	CaptionUnsent  CaptionState = "unsent"         // a person's, to be sent now
	CaptionPending CaptionState = "pending"        // the service is writing it
	CaptionTyped   CaptionState = "typed"          // typed, and not told to be sent
	CaptionManual  CaptionState = "manual"         // at the service, written by a person
	CaptionService CaptionState = "by_the_service" // at the service, written by it
	CaptionNone    CaptionState = "none"           // there is none, and nothing says that one comes
)

// Captions are those that are typed and not at the service, and how they get
// there.
type Captions struct {
	*client
	held held
}

// State is what becomes of the caption of an image.
func (c *Captions) State(d Dataset, img Image) CaptionState {
	draft, typed := c.Typed(img.ID)
	switch {
	case typed && d.Completed():
		return CaptionLost
	case typed && draft.Send && d.Awaits(img):
		return CaptionQueued
	case typed && draft.Send:
		return CaptionUnsent
	case d.Awaits(img):
		return CaptionPending
	case typed:
		return CaptionTyped
	case img.Standing() == providers.CaptionMissing:
		return CaptionNone
	case img.Source == Manual:
		return CaptionManual
	case img.Source == Automatic:
		return CaptionService
	}
	return ""
}

// Typed is a caption that was typed and isn't at the service.
func (c *Captions) Typed(image ID) (caption Caption, typed bool) { return c.unsent.caption(image) }

// Text is what was typed for an image, or else its caption.
func (c *Captions) Text(img Image) string {
	if draft, typed := c.Typed(img.ID); typed {
		return draft.Text
	}
	return img.Caption
}

// Type notes what a person types, in memory until Save: it may be called at
// each keystroke. The caption that is there takes it back, unless the service is
// about to write another.
func (c *Captions) Type(d Dataset, img Image, text string) {
	c.unsent.changeCaptions(func(captions map[ID]Caption) {
		if text == img.Caption && !d.Awaits(img) {
			delete(captions, img.ID)
			return
		}
		captions[img.ID] = Caption{Dataset: d.ID, Text: text}
	})
}

// Replaces reports whether having an image's caption written anew takes away
// what a person wrote.
func (c *Captions) Replaces(img Image) bool {
	_, typed := c.Typed(img.ID)
	return typed || img.Source == Manual
}

// Save puts on disk what was typed.
func (c *Captions) Save() error { return c.unsent.saveCaptions() }

// Sendable reports whether what was typed for an image can be told to be sent:
// something was, and it wasn't told yet, or sending it failed.
func (c *Captions) Sendable(image ID) bool {
	draft, typed := c.Typed(image)
	return typed && (!draft.Send || c.held.has(draft.Dataset))
}

// Queue has what was typed for an image sent by the next Send that finds the
// service's own written; in memory until Save. What shows nothing takes the
// caption away. It reports false where nothing was typed.
func (c *Captions) Queue(image ID) bool {
	draft, typed := c.Typed(image)
	if !typed {
		return false
	}
	c.unsent.changeCaptions(func(captions map[ID]Caption) {
		draft.Send = true
		captions[image] = draft
	})
	c.Resume(draft.Dataset)
	return true
}

// held are the datasets whose captions could not be sent: they wait to be told
// to go on.
type held struct {
	mu       sync.Mutex
	datasets map[ID]bool
}

func (h *held) has(dataset ID) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.datasets[dataset]
}

func (h *held) set(dataset ID, to bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.datasets == nil {
		h.datasets = map[ID]bool{}
	}
	if delete(h.datasets, dataset); to {
		h.datasets[dataset] = true
	}
}

// Resume lets Send go on with a dataset after a failure.
func (c *Captions) Resume(dataset ID) { c.held.set(dataset, false) }

// SentCaption is a caption that the service has now.
type SentCaption struct {
	Image ID     `json:"image_id"`
	Text  string `json:"caption"`
}

// With is the dataset with captions that were sent since it was read.
func (d Dataset) With(sent []SentCaption) Dataset {
	d.Images = slices.Clone(d.Images)
	for _, c := range sent {
		for i := range d.Images {
			if d.Images[i].ID == c.Image {
				d.Images[i].Caption, d.Images[i].Source = c.Text, Manual
			}
		}
	}
	return d
}

// Ready are the captions that Send would send now: those told to be sent whose
// images the service has written its own for. After a failure there are none
// until Resume.
func (c *Captions) Ready(d Dataset) []SentCaption {
	if d.Completed() || c.held.has(d.ID) {
		return nil
	}
	var ready []SentCaption
	for _, img := range d.Images {
		if draft, typed := c.Typed(img.ID); typed && draft.Send && !d.Awaits(img) {
			ready = append(ready, SentCaption{img.ID, shownText(draft.Text)})
		}
	}
	return ready
}

// Send sends the captions that are ready for a dataset that was just
// read, one by one, and forgets those that are sent unless more was typed
// meanwhile. It returns those that were sent, after a failure too. tell may be
// nil.
func (c *Captions) Send(ctx context.Context, d Dataset, tell func(done, of int)) (sent []SentCaption, err error) {
	release, err := c.takeTurn(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	ready := c.Ready(d)
	for i, caption := range ready {
		if tell != nil {
			tell(i, len(ready))
		}
		if err = c.send(ctx, d.ID, caption); err != nil {
			c.held.set(d.ID, true)
			break
		}
		sent = append(sent, caption)
	}
	if len(ready) == 0 {
		return nil, nil
	}
	err = errors.Join(err, c.Save())
	c.changed(d.ID)
	return sent, err
}

func (c *Captions) send(ctx context.Context, dataset ID, one SentCaption) error {
	values := providers.Values{"dataset_id": string(dataset), "image_id": string(one.Image), "caption": one.Text}
	if err := c.ask(ctx, callCaption, values, nil); err != nil {
		return err
	}
	c.unsent.changeCaptions(func(captions map[ID]Caption) {
		if shownText(captions[one.Image].Text) == one.Text {
			delete(captions, one.Image)
		}
	})
	return nil
}

// shownText is a text, empty where it shows nothing.
func shownText(text string) string {
	if providers.Blank(text) {
		return ""
	}
	return text
}

// Pace is how soon to look again at captions that the service is writing. The
// zero Pace begins at PaceFirst; each look makes it longer, up to PaceMost.
type Pace struct{ pause time.Duration }

// The bounds of a Pace.
const (
	PaceFirst = 10 * time.Second
	PaceMost  = time.Minute
)

// Next is how long to wait before the next look.
func (p *Pace) Next() time.Duration {
	now := max(p.pause, PaceFirst)
	p.pause = max(now, min(now*3/2, PaceMost))
	return now
}

// Passing reports whether a look that failed may just be made again, later by
// what the service asked for.
func (p *Pace) Passing(err error) bool {
	f, ok := errors.AsType[*providers.Failure](err)
	if !ok || !f.MayPass() {
		return false
	}
	p.pause = max(p.pause, min(f.RetryAfter, 10*PaceMost))
	return true
}

// Await looks at a dataset until the service has written its captions
// and those that waited for them are sent. Trouble that may pass is waited out
// once the dataset was read. tell may be nil; it is told each dataset read.
func (c *Captions) Await(ctx context.Context, id ID, tell func(Dataset)) (Dataset, error) {
	var d Dataset
	var pace Pace
	for {
		now, err := c.dataset(ctx, id)
		switch {
		case err == nil:
			d = now
			if tell != nil {
				tell(d)
			}
			sent, err := c.Send(ctx, d, nil)
			d = d.With(sent)
			if err != nil || !d.Writing().Going {
				return d, err
			}
		case !d.Writing().Going || !pace.Passing(err):
			return d, err
		}
		if err := c.sleep(ctx, pace.Next()); err != nil {
			return d, err
		}
	}
}
