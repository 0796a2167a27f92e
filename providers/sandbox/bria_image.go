// The images of Bria's datasets: upload, captions, deletion.

package sandbox

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	briaMinSide = 1024 // pixels
	// briaCaptionTime is how long a new image waits for its automatic caption, before pace.
	briaCaptionTime = 700 * time.Millisecond
	// briaKeptSide is the longest side an image is kept at, in pixels.
	briaKeptSide = 2048
	briaThumb    = 256 // pixels
)

var briaFormats = []string{"jpeg", "png", "webp"}

// briaImage is one image of a dataset as stored.
type briaImage struct {
	ID      int    `json:"id"`
	Picture int    `json:"picture"` // the id it was uploaded under; clones share the file
	Name    string `json:"name"`
	Manual  string `json:"manual"`  // the caption a person wrote; empty when it is automatic, or Emptied
	Emptied bool   `json:"emptied"` // a person took the caption away
	Colors  colors `json:"colors"`  // what the automatic caption is made of, with Prefix
	Prefix  string `json:"prefix"`
	// Captioned is when the automatic caption is there.
	Captioned time.Time `json:"captioned"`
	Created   time.Time `json:"created"`
	Updated   time.Time `json:"updated"`
	Deleted   bool      `json:"deleted"`
}

// briaPicture is an uploaded file as kept: JPEG, no transparency.
type briaPicture struct {
	Full  []byte `json:"full"`
	Thumb []byte `json:"thumb"`
}

type briaImageAnswer struct {
	ID            int     `json:"id"`
	Dataset       int     `json:"dataset_id"`
	Caption       *string `json:"caption"`
	CaptionSource string  `json:"caption_source"`
	Name          string  `json:"image_name"`
	URL           string  `json:"image_url"`
	Thumbnail     string  `json:"thumbnail_url"`
	Created       string  `json:"created_at"`
	Updated       string  `json:"updated_at"`
}

func (d *briaDataset) imageAnswer(img briaImage, now time.Time, links site) briaImageAnswer {
	file := strconv.Itoa(img.Picture) + ".jpg"
	a := briaImageAnswer{
		ID: img.ID, Dataset: d.ID, CaptionSource: "pending", Name: img.Name,
		URL: links.lasting("bria", "images/"+file, img.Created), Thumbnail: links.lasting("bria", "thumbnails/"+file, img.Created),
		Created: briaTime(img.Created), Updated: briaTime(img.Updated),
	}
	switch {
	case img.Manual != "" || img.Emptied:
		a.Caption, a.CaptionSource = &img.Manual, "manual"
	case !now.Before(img.Captioned):
		caption := img.Colors.caption(img.Prefix)
		a.Caption, a.CaptionSource = &caption, "automatic"
	}
	return a
}

func (b *bria) routeImages() {
	const all = "/tailored-gen/datasets/{dataset_id}/images"
	b.route("POST "+all, b.uploadImage)
	b.route("GET "+all, b.listImages)
	b.route("PUT "+all, b.recaptionAll)
	b.route("PUT "+all+"/{$}", b.recaptionAll) // the document spells it both ways
	b.route("GET "+all+"/{image_id}", b.readImage)
	b.route("PUT "+all+"/{image_id}", b.updateCaption)
	b.route("DELETE "+all+"/{image_id}", b.deleteImage)
}

// draft finds a dataset that may still be changed; conflict says what a completed one refuses. b.mu is held.
func (b *bria) draft(id int, conflict string) (*briaDataset, error) {
	d, err := b.dataset(id)
	if err == nil && d.Completed {
		err = briaMessage(http.StatusConflict, conflict)
	}
	return d, err
}

func (d *briaDataset) image(id int) (int, error) {
	i := slices.IndexFunc(d.Images, func(img briaImage) bool { return img.ID == id && !img.Deleted })
	if i < 0 {
		return 0, briaMessage(http.StatusNotFound, "Image not found")
	}
	return i, nil
}

// changeImage stores a change of the i-th image. b.mu is held.
func (b *bria) changeImage(d *briaDataset, i int, do func(*briaImage)) error {
	return b.changeDataset(d, func(d *briaDataset) {
		d.Images = slices.Clone(d.Images)
		d.Images[i].Updated = d.Updated
		do(&d.Images[i])
	})
}

func (b *bria) uploadImage(r *http.Request) (int, any, error) {
	id := pathNumber(r, "dataset_id")
	if err := b.roomFor(id); err != nil {
		return 0, nil, err
	}
	f, err := readBria(r)
	if err != nil {
		return 0, nil, err
	}
	encoded, link, name := f.text("file", 1, maxBriaRequest), f.link("image_url"), f.text("image_name", 1, briaMaxText)
	if f.has("file") == f.has("image_url") {
		f.add("file", "value_error", "exactly one of file and image_url is required")
	}
	if err := f.checked(); err != nil {
		return 0, nil, err
	}
	picture, look, err := b.readyImage(r.Context(), encoded, link)
	if err != nil {
		return 0, nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	img := briaImage{ID: b.nextImage, Picture: b.nextImage, Name: or(name, ""), Colors: look, Captioned: b.soon(briaCaptionTime), Created: b.s.stamp()}
	img.Updated = img.Created
	if img.Name == "" && link != nil {
		img.Name = path.Base(withoutQuery(*link))
	} else if img.Name == "" {
		img.Name = "image_" + strconv.Itoa(img.ID)
	}
	b.nextImage++
	if err := b.s.store.putNumbered(briaPictures, img.Picture, picture); err != nil {
		return 0, nil, err
	}
	d, err := b.receiving(id) // it may have been completed, filled or deleted meanwhile
	if err != nil {
		return 0, nil, err
	}
	img.Prefix = d.Prefix
	err = b.changeDataset(d, func(d *briaDataset) { d.Images = append(slices.Clone(d.Images), img) })
	return http.StatusCreated, d.imageAnswer(img, b.s.now(), b.s.site(r)), err
}

// roomFor refuses an upload before its body is read.
func (b *bria) roomFor(dataset int) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, err := b.receiving(dataset)
	return err
}

// receiving finds a dataset that is neither completed nor full. b.mu is held.
func (b *bria) receiving(id int) (*briaDataset, error) {
	d, err := b.draft(id, "Cannot upload images to a completed dataset")
	if err == nil && len(d.live()) >= briaMaxImages {
		err = briaMessage(http.StatusPreconditionFailed, "Dataset cannot exceed 200 images")
	}
	return d, err
}

// readyImage reads an uploaded or linked image and readies it for keeping.
func (b *bria) readyImage(ctx context.Context, encoded, link *string) (briaPicture, colors, error) {
	img, err := b.incoming(ctx, encoded, link)
	if err != nil {
		return briaPicture{}, colors{}, err
	}
	if side := min(img.Bounds().Dx(), img.Bounds().Dy()); side < briaMinSide {
		return briaPicture{}, colors{}, briaText(http.StatusUnprocessableEntity, fmt.Sprintf("Image resolution must be at least 1024x1024 pixels, this one is %dx%d", img.Bounds().Dx(), img.Bounds().Dy()))
	}
	kept := fitWithin(onBlack(img), briaKeptSide)
	seen := colorsOf(kept)
	seen.Shows = b.s.shows(kept)
	return briaPicture{jpegBytes(kept), jpegBytes(fitWithin(kept, briaThumb))}, seen, nil
}

// incoming decodes an image given in base64 or by a link.
func (b *bria) incoming(ctx context.Context, encoded, link *string) (img image.Image, err error) {
	var format string
	if link != nil {
		img, format, err = b.s.fetcher.original(ctx, *link)
		if err != nil { // a link that is forbidden too: an upload documents no 403
			return nil, briaText(http.StatusUnprocessableEntity, "The URL does not point to a valid image or is inaccessible.")
		}
	} else {
		data, err := base64.StdEncoding.DecodeString(*encoded)
		if err != nil {
			return nil, briaText(http.StatusBadRequest, "The file is not valid base64")
		}
		done, err := b.s.fetcher.turn(ctx)
		if err != nil {
			return nil, err
		}
		defer done()
		if img, format, err = decodePicture(data); err != nil && !errors.Is(err, errNoImage) {
			return nil, briaText(http.StatusUnprocessableEntity, "The file can't be read: "+err.Error())
		}
	}
	if !slices.Contains(briaFormats, format) {
		return nil, briaText(http.StatusUnsupportedMediaType, briaInvalidType)
	}
	return img, nil
}

// onBlack replaces transparency by black, as Bria does.
func onBlack(img image.Image) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
	draw.Draw(out, out.Rect, image.Black, image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Over)
	return out
}

func (b *bria) listImages(r *http.Request) (int, any, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	d, err := b.dataset(pathNumber(r, "dataset_id"))
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, *d.answerWhole(b.s.now(), b.s.site(r)).Images, nil
}

func (b *bria) readImage(r *http.Request) (int, any, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	d, err := b.dataset(pathNumber(r, "dataset_id"))
	if err != nil {
		return 0, nil, err
	}
	i, err := d.image(pathNumber(r, "image_id"))
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, d.imageAnswer(d.Images[i], b.s.now(), b.s.site(r)), nil
}

// recaptionAll replaces every caption, those written by hand too, by an automatic one that fits the prefix. The 409
// for a completed dataset is a choice: the document only says that its captions cannot be edited.
func (b *bria) recaptionAll(r *http.Request) (int, any, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	d, err := b.draft(pathNumber(r, "dataset_id"), "Cannot update captions in a completed dataset")
	if err != nil {
		return 0, nil, err
	}
	err = b.changeDataset(d, func(d *briaDataset) {
		d.Recaptioned = b.soon(briaRecaption)
		d.Images = slices.Clone(d.Images)
		for i := range d.Images {
			img := &d.Images[i]
			img.Manual, img.Emptied, img.Prefix, img.Captioned, img.Updated = "", false, d.Prefix, d.Recaptioned, d.Updated
		}
	})
	return http.StatusAccepted, d.answer(b.s.now()), err
}

func (b *bria) updateCaption(r *http.Request) (int, any, error) {
	f, err := readBria(r)
	if err != nil {
		return 0, nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	id := pathNumber(r, "dataset_id")
	if d := b.anyDataset(id); d != nil && b.datasetGone(d) {
		return 0, nil, briaMessage(http.StatusGone, "Dataset deleted")
	}
	d, err := b.dataset(id)
	if err != nil {
		return 0, nil, err
	}
	i, err := d.image(pathNumber(r, "image_id"))
	if err != nil {
		return 0, nil, err
	}
	caption, again := f.text("caption", 0, briaMaxText), f.boolean("regenerate_caption")
	switch {
	case f.has("caption") && f.has("regenerate_caption"):
		f.add("caption", "value_error", "cannot provide both caption and regenerate_caption")
	case f.ok() && caption == nil && !or(again, false):
		f.add("caption", "value_error", "provide either caption or regenerate_caption")
	}
	if err := f.checked(); err != nil {
		return 0, nil, err
	}
	if d.Completed {
		return 0, nil, briaMessage(http.StatusConflict, "Cannot update caption in a completed dataset")
	}
	err = b.changeImage(d, i, func(img *briaImage) {
		img.Manual, img.Emptied = or(caption, ""), caption != nil && *caption == ""
		img.Prefix, img.Captioned = d.Prefix, img.Updated
	})
	return http.StatusOK, d.imageAnswer(d.Images[i], b.s.now(), b.s.site(r)), err
}

func (b *bria) deleteImage(r *http.Request) (int, any, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	d, err := b.dataset(pathNumber(r, "dataset_id"))
	if err != nil {
		return 0, nil, err
	}
	i, err := d.image(pathNumber(r, "image_id"))
	switch {
	case err != nil:
		return 0, nil, err
	case d.Completed:
		return 0, nil, briaMessage(http.StatusConflict, "Cannot delete an image from a completed dataset")
	}
	err = b.changeImage(d, i, func(img *briaImage) { img.Deleted = true })
	return http.StatusNoContent, nil, err
}

// imageAsset serves the file of an image that some dataset still holds.
func (b *bria) imageAsset(kind, name string) (file, bool) {
	picture, err := strconv.Atoi(strings.TrimSuffix(name, ".jpg"))
	if err != nil {
		return file{}, false
	}
	b.mu.Lock()
	held, since := false, time.Time{}
	for _, d := range b.datasets {
		for _, img := range d.Images {
			if img.Picture == picture && !img.Deleted && !b.datasetGone(d) {
				held, since = true, img.Created
			}
		}
	}
	b.mu.Unlock()
	if !held {
		return file{}, false
	}
	p, err := b.picture(picture)
	if err != nil {
		return file{}, false
	}
	data := p.Full
	if kind == "thumbnails" {
		data = p.Thumb
	}
	return file{data: data, contentType: "image/jpeg", modified: since}, true
}
