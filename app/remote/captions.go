// Captions that the service is writing, and those that wait for it: a caption
// sent while the service still writes its own would be replaced.

package remote

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/maquette-studio/maquette/providers"
)

// Awaits reports whether a caption of the image's that is sent now might be
// replaced by the service's own.
func (d Dataset) Awaits(img Image) bool { return img.Source == Pending || d.Recaptioning }

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
		if img.Source != Pending {
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
)

// CaptionState is what becomes of the caption of an image.
func (r *Remote) CaptionState(d Dataset, img Image) CaptionState {
	draft, typed := r.Typed(img.ID)
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
	case img.Source == Manual:
		return CaptionManual
	case img.Source == Automatic:
		return CaptionService
	}
	return ""
}

// Typed is a caption that was typed and isn't at the service.
func (r *Remote) Typed(image ID) (caption Caption, typed bool) { return r.unsent.caption(image) }

// CaptionText is what was typed for an image, or else its caption.
func (r *Remote) CaptionText(img Image) string {
	if draft, typed := r.Typed(img.ID); typed {
		return draft.Text
	}
	return img.Caption
}

// TypeCaption notes what a person types, in memory until SaveCaptions: it may
// be called at each keystroke. The caption that is there takes it back.
func (r *Remote) TypeCaption(d Dataset, img Image, text string) {
	r.unsent.changeCaptions(func(captions map[ID]Caption) {
		if text == img.Caption {
			delete(captions, img.ID)
			return
		}
		captions[img.ID] = Caption{Dataset: d.ID, Text: text}
	})
}

// DropCaption forgets what was typed for images, in memory until SaveCaptions.
func (r *Remote) DropCaption(images ...ID) {
	r.unsent.changeCaptions(func(captions map[ID]Caption) {
		for _, image := range images {
			delete(captions, image)
		}
	})
}

// SaveCaptions puts on disk what was typed.
func (r *Remote) SaveCaptions() error { return r.unsent.saveCaptions() }

// Sendable reports whether what was typed for an image can be told to be sent:
// something was, and it wasn't told yet, or sending it failed.
func (r *Remote) Sendable(image ID) bool {
	draft, typed := r.Typed(image)
	return typed && strings.TrimSpace(draft.Text) != "" && (!draft.Send || r.held.has(draft.Dataset))
}

// QueueCaption has what was typed for an image sent by the next SendCaptions
// that finds the service's own written; in memory until SaveCaptions. It
// reports false where nothing was typed.
func (r *Remote) QueueCaption(image ID) bool {
	draft, typed := r.Typed(image)
	if !typed || strings.TrimSpace(draft.Text) == "" {
		return false
	}
	r.unsent.changeCaptions(func(captions map[ID]Caption) {
		draft.Send = true
		captions[image] = draft
	})
	r.ResumeCaptions(draft.Dataset)
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

// ResumeCaptions lets SendCaptions go on with a dataset after a failure.
func (r *Remote) ResumeCaptions(dataset ID) { r.held.set(dataset, false) }

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

// Ready are the captions that SendCaptions would send now: those told to be
// sent whose images the service has written its own for. After a failure there
// are none until ResumeCaptions.
func (r *Remote) Ready(d Dataset) []SentCaption {
	if d.Completed() || r.held.has(d.ID) {
		return nil
	}
	var ready []SentCaption
	for _, img := range d.Images {
		if draft, typed := r.Typed(img.ID); typed && draft.Send && !d.Awaits(img) {
			ready = append(ready, SentCaption{img.ID, draft.Text})
		}
	}
	return ready
}

// SendCaptions sends the captions that are ready for a dataset that was just
// read, one by one, and forgets those that are sent unless more was typed
// meanwhile. It returns those that were sent, after a failure too. tell may be
// nil.
func (r *Remote) SendCaptions(ctx context.Context, d Dataset, tell func(done, of int)) (sent []SentCaption, err error) {
	release, err := r.takeTurn(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	ready := r.Ready(d)
	for i, c := range ready {
		if tell != nil {
			tell(i, len(ready))
		}
		if err = r.sendCaption(ctx, d.ID, c); err != nil {
			r.held.set(d.ID, true)
			break
		}
		sent = append(sent, c)
	}
	if len(ready) == 0 {
		return nil, nil
	}
	err = errors.Join(err, r.SaveCaptions())
	r.changed(d.ID)
	return sent, err
}

func (r *Remote) sendCaption(ctx context.Context, dataset ID, c SentCaption) error {
	values := providers.Values{"dataset_id": string(dataset), "image_id": string(c.Image), "caption": c.Text}
	if err := r.ask(ctx, callCaption, values, nil); err != nil {
		return err
	}
	r.unsent.changeCaptions(func(captions map[ID]Caption) {
		if captions[c.Image].Text == c.Text {
			delete(captions, c.Image)
		}
	})
	return nil
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

// AwaitCaptions looks at a dataset until the service has written its captions
// and those that waited for them are sent. Trouble that may pass is waited out
// once the dataset was read. tell may be nil; it is told each dataset read.
func (r *Remote) AwaitCaptions(ctx context.Context, id ID, tell func(Dataset)) (Dataset, error) {
	var d Dataset
	var pace Pace
	for {
		now, err := r.Dataset(ctx, id)
		switch {
		case err == nil:
			d = now
			if tell != nil {
				tell(d)
			}
			sent, err := r.SendCaptions(ctx, d, nil)
			d = d.With(sent)
			if err != nil || !d.Writing().Going {
				return d, err
			}
		case !d.Writing().Going || !pace.Passing(err):
			return d, err
		}
		if err := r.sleep(ctx, pace.Next()); err != nil {
			return d, err
		}
	}
}
