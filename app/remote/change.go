// Changing what lies at the service.

package remote

import (
	"context"
	"strings"

	"github.com/maquette-studio/maquette/providers"
)

// Make makes one of the service's calls that create or change a thing, such as
// "project-create", and returns the id that the answer holds.
func (r *Remote) Make(ctx context.Context, call string, values providers.Values) (ID, error) {
	var answer struct {
		ID wireID `json:"id"`
	}
	err := r.ask(ctx, call, values, &answer)
	return ID(answer.ID), err
}

// SavePrefix sets how every caption of a draft begins, and returns it as it was
// sent: on one line. The captions that are there were written to go on from the
// old one; RecaptionAll has them written anew.
func (r *Remote) SavePrefix(ctx context.Context, dataset ID, text string) (prefix string, err error) {
	prefix = tidy(text)
	values := idIn(KindDataset, dataset)
	values["caption_prefix"] = prefix
	return prefix, r.ask(ctx, callDatasetUpdate, values, nil)
}

// RecaptionAll has the service write all captions of a draft anew. Those
// written by a person there are replaced; what is typed here stays.
func (r *Remote) RecaptionAll(ctx context.Context, dataset ID) error {
	return r.ask(ctx, callRecaptionAll, idIn(KindDataset, dataset), nil)
}

// Replaces reports whether having an image's caption written anew takes away
// what a person wrote.
func (r *Remote) Replaces(img Image) bool {
	_, typed := r.Typed(img.ID)
	return typed || img.Source == Manual
}

// Recaption has the service write an image's caption anew, and forgets what was
// typed for it.
func (r *Remote) Recaption(ctx context.Context, dataset, image ID) error {
	return r.changeImage(ctx, callRecaption, dataset, image)
}

// DeleteImage deletes an image of a draft, with its caption and what was typed
// for it.
func (r *Remote) DeleteImage(ctx context.Context, dataset, image ID) error {
	return r.changeImage(ctx, callImageDelete, dataset, image)
}

// changeImage makes a call after which nothing typed for the image is of use.
func (r *Remote) changeImage(ctx context.Context, call string, dataset, image ID) error {
	values := idIn(KindDataset, dataset)
	values["image_id"] = string(image)
	if err := r.ask(ctx, call, values, nil); err != nil {
		return err
	}
	r.DropCaption(image)
	r.changed(dataset)
	return r.SaveCaptions()
}

// Complete ends all changes of a draft, so that models can be trained on it.
// What is typed for its images and not there is forgotten: see Obstacles.
func (r *Remote) Complete(ctx context.Context, d Dataset) error {
	values := idIn(KindDataset, d.ID)
	values["status"] = string(Completed)
	if err := r.ask(ctx, callDatasetUpdate, values, nil); err != nil {
		return err
	}
	images := make([]ID, len(d.Images))
	for i, img := range d.Images {
		images[i] = img.ID
	}
	r.DropCaption(images...)
	r.changed(d.ID)
	return r.SaveCaptions()
}

// PrefixChanged reports whether a text can be saved as a dataset's prefix: it
// says something, and something else.
func PrefixChanged(d Dataset, text string) bool {
	return text != d.Prefix && strings.TrimSpace(text) != ""
}
