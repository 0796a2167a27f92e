// The captions of a training's dataset: Bria's own are awaited, written anew
// where the prefix changes, and then replaced by the person's.

package bria

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/providers"
)

// Captions take seconds to minutes.
var (
	// settledPace: nothing is being written anew.
	settledPace = captionsUntil(providers.Until{Lacks: []providers.Member{{Name: "captions_update_status", Value: "in progress"}}})
	// captionPace: no image is pending, or without a caption.
	captionPace = captionsUntil(providers.Until{
		Lacks: []providers.Member{{Name: "caption_source", Value: "pending"}, {Name: "caption", Value: "null"}, {Name: "caption", Value: ""}},
	})
	// recaptionPace: what was asked for anew is written.
	recaptionPace = captionsUntil(providers.Until{Holds: &providers.Member{Name: "captions_update_status", Value: "completed"}})
)

func captionsUntil(until providers.Until) providers.Pace {
	return providers.Pace{First: 3 * time.Second, Most: 20 * time.Second, Until: &until}
}

const (
	// captionPatience is how long captions are awaited that Bria says it is
	// writing, before a person is asked.
	captionPatience = time.Hour
	// captionLooks is how often in a row nothing may change where it doesn't:
	// three minutes.
	captionLooks = 12
)

// caption awaits the automatic captions, has them written anew where the
// prefix changes, and then sets the person's own, which that would undo.
func (t training) caption(ctx context.Context, from source, images []json.Number) error {
	if t.values.Text("start_from") == fromDataset { // where they may be on their way already
		if err := t.await(ctx, "settled", settledPace, t.client.captionsSettled(from.Dataset)); err != nil {
			return err
		}
	}
	own := t.ownCaptions(images)
	if err := t.awaitCaptions(ctx, "captions", captionPace, t.client.captionsReady(from.Dataset), own); err != nil {
		return err
	}
	if prefix := t.values.Text("caption_prefix"); prefix != "" && prefix != from.Prefix {
		if err := t.changePrefix(ctx, from.Dataset, prefix, own); err != nil {
			return err
		}
	}
	for i, photo := range t.run.Photos {
		text := own[images[i]]
		if text == "" {
			continue
		}
		_, err := t.run.Step(ctx, "caption/"+photo.ID, func(ctx context.Context) (providers.Receipt, error) {
			t.run.Report(providers.Status{State: providers.Running, Step: i + 1, Of: len(images), Note: providers.Say("Setting your captions")})
			path := imagesPath(from.Dataset) + "/" + images[i].String()
			_, err := put[image](ctx, t.client, "setting a caption", path, map[string]any{"caption": text})
			return providers.Receipt{}, advised(err, captionAdvice)
		})
		if err != nil {
			return t.about(i, err)
		}
	}
	return nil
}

// ownCaptions are the person's, by image.
func (t training) ownCaptions(images []json.Number) map[json.Number]string {
	own := map[json.Number]string{}
	for i, photo := range t.run.Photos {
		if text := strings.TrimSpace(photo.Caption); text != "" && t.values.Bool("use_captions") {
			own[images[i]] = text
		}
	}
	return own
}

func (t training) changePrefix(ctx context.Context, id json.Number, prefix string, own map[json.Number]string) error {
	_, err := t.run.Step(ctx, "prefix", func(ctx context.Context) (providers.Receipt, error) {
		_, err := put[dataset](ctx, t.client, "setting the caption prefix", datasetsPath+"/"+id.String(), map[string]any{"caption_prefix": prefix})
		return providers.Receipt{}, advised(err, prefixAdvice)
	})
	if err != nil {
		return err
	}
	_, err = t.run.Step(ctx, "recaption", func(ctx context.Context) (providers.Receipt, error) {
		_, err := put[dataset](ctx, t.client, "writing the captions anew", imagesPath(id), nil)
		return providers.Receipt{}, advised(err, recaptionAdvice)
	})
	if err != nil {
		return err
	}
	return t.awaitCaptions(ctx, "recaptioned", recaptionPace, t.client.captionsUpdated(id), own)
}

// awaitCaptions waits until every image has a caption, or will have the
// person's. Where some don't come, the person is asked before anything is paid.
func (t training) awaitCaptions(ctx context.Context, step string, pace providers.Pace, look captionLook, own map[json.Number]string) error {
	return t.run.Agree(ctx, "without/"+step, func(ctx context.Context) (providers.Doubt, error) {
		wait := captionWait{look: look, own: own, since: time.Now()}
		err := t.await(ctx, step, pace, wait.ready)
		if wait.over && ctx.Err() == nil {
			return wait.last.doubt(own), nil
		}
		return providers.Doubt{}, err
	})
}

// doubtCaptions asks about a dataset that is completed without some of its
// captions: nothing in it can be changed any more.
func (t training) doubtCaptions(ctx context.Context, id json.Number) error {
	return t.run.Agree(ctx, "without/captions", func(ctx context.Context) (providers.Doubt, error) {
		var now captions
		err := t.run.Watch(ctx, captionPace, func(ctx context.Context) (_ providers.Status, err error) {
			if now, err = t.client.captionsReady(id)(ctx); status(err) == http.StatusNotFound {
				err = nil // Bria doesn't show them
			}
			return providers.Status{State: providers.Preparing, Fraction: -1, Done: true}, err
		})
		if err != nil {
			return providers.Doubt{}, err
		}
		return now.doubt(nil), nil
	})
}

// captionWait is the wait for the captions of a dataset.
type captionWait struct {
	look  captionLook
	own   map[json.Number]string
	since time.Time

	last  captions
	looks int  // in a row that changed nothing
	over  bool // no more is awaited, and some are missing
}

// ready reports whether the wait is over; where some captions are missing, with
// a failure.
func (w *captionWait) ready(ctx context.Context) (providers.Status, error) {
	now, err := w.look(ctx)
	if err != nil {
		return providers.Status{}, err
	}
	w.looks++
	if now.there() != w.last.there() || now.coming() {
		w.looks = 0
	}
	w.last = now
	status := now.status()
	if status.Done || w.looks < captionLooks && time.Since(w.since) < captionPatience {
		return status, nil
	}
	w.over = now.missing(w.own) > 0
	status.Done = !w.over
	if w.over {
		return status, &providers.Failure{Kind: providers.BadResult, Message: now.doubt(w.own).Message, Ended: true}
	}
	return status, nil
}

// await polls until captions are there, and remembers it: afterwards the
// dataset may go without the training noticing.
func (t training) await(ctx context.Context, step string, pace providers.Pace, ready func(context.Context) (providers.Status, error)) error {
	_, err := t.run.Step(ctx, step, func(ctx context.Context) (providers.Receipt, error) {
		since := time.Now()
		return providers.Receipt{}, t.run.Watch(ctx, pace, func(ctx context.Context) (providers.Status, error) {
			status, err := ready(ctx)
			if err == nil && !status.Done && time.Since(since) > captionPatience {
				return status, &providers.Failure{
					Kind: providers.BadResult, Message: providers.Say("Bria has not captioned every photo within an hour."),
					Advice: providers.Say("Trying again goes on waiting and sends nothing twice. If it stays, look at the dataset at %s.", console),
					Remedy: providers.Remedy{Code: providers.RetryJob},
				}
			}
			return status, err
		})
	})
	return err
}

// captionsSettled reports whether no captions are being written anew: until
// then the images still show the old ones.
func (c client) captionsSettled(id json.Number) func(context.Context) (providers.Status, error) {
	return func(ctx context.Context) (providers.Status, error) {
		d, err := c.dataset(ctx, id)
		return providers.Status{State: providers.Running, Fraction: -1, Note: providers.Say("Bria writes captions"), Done: !d.recaptioning()}, err
	}
}

// captions are those of a dataset as they were read.
type captions struct {
	images   []image
	updating bool // they are being written anew
}

// captionLook reads the captions of a dataset.
type captionLook func(context.Context) (captions, error)

// captionsReady reads every image of a dataset.
func (c client) captionsReady(id json.Number) captionLook {
	return func(ctx context.Context) (captions, error) {
		images, err := c.images(ctx, id)
		return captions{images: images}, err
	}
}

// captionsUpdated reads captions that were asked for anew.
func (c client) captionsUpdated(id json.Number) captionLook {
	return func(ctx context.Context) (captions, error) {
		d, err := c.dataset(ctx, id)
		if err != nil {
			return captions{}, err
		}
		images, err := c.imagesOf(ctx, d)
		return captions{images, plainState(d.Captions) != stateCompleted}, err
	}
}

func (c captions) status() providers.Status {
	status := providers.Status{
		State: providers.Running, Fraction: -1, Step: c.there(), Of: len(c.images), Note: providers.Say("Bria writes captions"),
	}
	status.Done = status.Step == status.Of && !c.updating
	return status
}

// there is how many images have their caption.
func (c captions) there() (n int) {
	for _, i := range c.images {
		if i.caption() == providers.CaptionThere {
			n++
		}
	}
	return n
}

// coming reports whether Bria says that it is writing.
func (c captions) coming() bool {
	return c.updating || slices.ContainsFunc(c.images, func(i image) bool { return i.caption() == providers.CaptionComing })
}

// missing is how many images have no caption and get none of the person's.
func (c captions) missing(own map[json.Number]string) (n int) {
	for _, i := range c.images {
		if i.caption() != providers.CaptionThere && own[i.ID] == "" {
			n++
		}
	}
	return n
}

// doubt is what the person is asked where captions are missing.
func (c captions) doubt(own map[json.Number]string) (doubt providers.Doubt) {
	if n := c.missing(own); n > 0 {
		doubt.Message = providers.Say("Bria has no captions for %d of %d pictures. Nothing was paid yet.", n, len(c.images))
		doubt.Look = providers.Say("A training without them learns less. Look at the dataset at %s.", console)
	}
	return doubt
}
