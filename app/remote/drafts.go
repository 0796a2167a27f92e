// Changing a dataset that is a draft, until it is completed.

package remote

import (
	"context"
	"slices"
	"strings"

	"github.com/maquette-studio/maquette/providers"
)

// Drafts are the datasets that can be changed.
type Drafts struct{ *client }

// SavePrefix sets how every caption of a draft begins, and returns it as it was
// sent: on one line. The captions that are there were written to go on from the
// old one; RecaptionAll has them written anew.
func (d *Drafts) SavePrefix(ctx context.Context, dataset ID, text string) (prefix string, err error) {
	prefix = tidy(shownText(text))
	values := idIn(KindDataset, dataset)
	values["caption_prefix"] = prefix
	return prefix, d.ask(ctx, callDatasetUpdate, values, nil)
}

// RecaptionAll has the service write all captions of a draft anew. Those
// written by a person there are replaced; what is typed here stays.
func (d *Drafts) RecaptionAll(ctx context.Context, dataset ID) error {
	return d.ask(ctx, callRecaptionAll, idIn(KindDataset, dataset), nil)
}

// Recaption has the service write an image's caption anew, and forgets what was
// typed for it.
func (d *Drafts) Recaption(ctx context.Context, dataset, image ID) error {
	return d.changeImage(ctx, callRecaption, dataset, image)
}

// DeleteImage deletes an image of a draft, with its caption and what was typed
// for it.
func (d *Drafts) DeleteImage(ctx context.Context, dataset, image ID) error {
	return d.changeImage(ctx, callImageDelete, dataset, image)
}

// changeImage makes a call after which nothing typed for the image is of use.
func (d *Drafts) changeImage(ctx context.Context, call string, dataset, image ID) error {
	values := idIn(KindDataset, dataset)
	values["image_id"] = string(image)
	if err := d.ask(ctx, call, values, nil); err != nil {
		return err
	}
	d.unsent.dropCaptions(image)
	d.changed(dataset)
	return d.unsent.saveCaptions()
}

// Complete ends all changes of a draft, so that models can be trained on it.
// What is typed for its images and not there is forgotten: see Obstacles.
func (d *Drafts) Complete(ctx context.Context, of Dataset) error {
	values := idIn(KindDataset, of.ID)
	values["status"] = string(Completed)
	if err := d.ask(ctx, callDatasetUpdate, values, nil); err != nil {
		return err
	}
	images := make([]ID, len(of.Images))
	for i, img := range of.Images {
		images[i] = img.ID
	}
	d.unsent.dropCaptions(images...)
	d.changed(of.ID)
	return d.unsent.saveCaptions()
}

// PrefixChanged reports whether a text can be saved as a dataset's prefix: it
// says something else, or nothing, which takes the prefix away.
func PrefixChanged(d Dataset, text string) bool { return tidy(shownText(text)) != d.Prefix }

// Obstacle is a reason not to complete a dataset yet.
type Obstacle string

// The obstacles.
const (
	PicturesWaiting Obstacle = "pictures_waiting" // some aren't there yet
	CaptionsPending Obstacle = "captions_pending" // the service is still writing some
	CaptionsMissing Obstacle = "captions_missing" // some pictures have none
	CaptionsUnsaved Obstacle = "captions_unsaved" // some are typed and not there: they would be lost
)

// Obstacles are the reasons not to complete a dataset that was read yet.
func (d *Drafts) Obstacles(of Dataset) []Obstacle {
	var found []Obstacle
	if len(d.unsent.photos(of.ID)) > 0 {
		found = append(found, PicturesWaiting)
	}
	if of.Writing().Going {
		found = append(found, CaptionsPending)
	}
	if slices.ContainsFunc(of.Images, func(i Image) bool { return i.Standing() == providers.CaptionMissing }) {
		found = append(found, CaptionsMissing)
	}
	if slices.ContainsFunc(of.Images, func(i Image) bool { _, typed := d.unsent.caption(i.ID); return typed }) {
		found = append(found, CaptionsUnsaved)
	}
	return found
}

// tidy is a text on one line, without spaces around it.
func tidy(text string) string { return strings.Join(strings.Fields(text), " ") }
