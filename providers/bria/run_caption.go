// The captions of a training's dataset: Bria's own are awaited, written anew
// where the prefix changes, and then replaced by the person's.

package bria

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/providers"
)

// Captions take seconds to minutes.
var (
	// settledPace: nothing is being written anew.
	settledPace = captionsUntil(providers.Until{Lacks: []providers.Member{{Name: "captions_update_status", Value: "in progress"}}})
	// captionPace: no image is pending, or without a caption that may still come.
	captionPace = captionsUntil(providers.Until{
		Lacks:  []providers.Member{{Name: "caption_source", Value: "pending"}, {Name: "caption", Value: "null"}},
		Unless: &providers.Member{Name: "caption_source", Value: "unknown"},
	})
	// recaptionPace: what was asked for anew is written.
	recaptionPace = captionsUntil(providers.Until{Holds: &providers.Member{Name: "captions_update_status", Value: "completed"}})
)

func captionsUntil(until providers.Until) providers.Pace {
	return providers.Pace{First: 3 * time.Second, Most: 20 * time.Second, Until: &until}
}

// captionPatience is how long captions are awaited before a person is told.
const captionPatience = time.Hour

// caption awaits the automatic captions, has them written anew where the
// prefix changes, and then sets the person's own, which that would undo.
func (t training) caption(ctx context.Context, from source, images []json.Number) error {
	if t.values.Text("start_from") == fromDataset { // where they may be on their way already
		if err := t.await(ctx, "settled", settledPace, t.client.captionsSettled(from.Dataset)); err != nil {
			return err
		}
	}
	if err := t.await(ctx, "captions", captionPace, t.client.captionsReady(from.Dataset)); err != nil {
		return err
	}
	if prefix := t.values.Text("caption_prefix"); prefix != "" && prefix != from.Prefix {
		if err := t.changePrefix(ctx, from.Dataset, prefix); err != nil {
			return err
		}
	}
	for i, photo := range t.run.Photos {
		text := strings.TrimSpace(photo.Caption)
		if text == "" || !t.values.Bool("use_captions") {
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

func (t training) changePrefix(ctx context.Context, id json.Number, prefix string) error {
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
	return t.await(ctx, "recaptioned", recaptionPace, t.client.captionsUpdated(id))
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

// captionsReady reports whether every image of a dataset has a caption.
func (c client) captionsReady(id json.Number) func(context.Context) (providers.Status, error) {
	return func(ctx context.Context) (providers.Status, error) {
		images, err := c.images(ctx, id)
		if err != nil {
			return providers.Status{}, err
		}
		return captionStatus(images), nil
	}
}

func captionStatus(images []image) providers.Status {
	status := providers.Status{State: providers.Running, Fraction: -1, Of: len(images), Note: providers.Say("Bria writes captions")}
	for _, i := range images {
		if i.captioned() {
			status.Step++
		}
	}
	status.Done = status.Step == status.Of
	return status
}

// captionsUpdated reports whether captions that were asked for anew are there.
func (c client) captionsUpdated(id json.Number) func(context.Context) (providers.Status, error) {
	return func(ctx context.Context) (providers.Status, error) {
		d, err := c.dataset(ctx, id)
		if err != nil {
			return providers.Status{}, err
		}
		images, err := c.imagesOf(ctx, d)
		if err != nil {
			return providers.Status{}, err
		}
		status := captionStatus(images)
		status.Done = status.Done && plainState(d.Captions) == stateCompleted
		return status, nil
	}
}
