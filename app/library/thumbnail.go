// Pictures as they are shown, small or large.

package library

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"image/png"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

const thumbnailQuality = 88

// cachedMost is the largest edge, pixels, that is cached on disk: what is
// looked at larger is decoded from the original, so that nothing of it is lost.
const cachedMost = 1024

// Thumbnail returns a picture of at most px pixels an edge for a library id
// or a content reference, edited or not; from the cache where it is there. It reads the disk
// and decodes: never call it on the UI goroutine.
func (l *Library) Thumbnail(ctx context.Context, ref string, px int) (image.Image, error) {
	hash, ext, ok := l.content(ref)
	if !ok {
		return nil, providers.Errorf("the picture is no longer here")
	}
	if p, known := l.Picture(ref); ext == photo.ExtVector && (!known || !p.Unreadable.IsZero()) {
		return nil, providers.Errorf("a graphic that wasn't ordered isn't drawn")
	}
	edit, err := photo.EditOf(ref)
	if err != nil {
		return nil, err
	}
	return l.thumbnail(ctx, photo.Photo{Hash: hash, Ext: ext, Edit: edit}, px)
}

// thumbnail reads the cache or decodes the original.
func (l *Library) thumbnail(ctx context.Context, p photo.Photo, px int) (image.Image, error) {
	if px > cachedMost {
		return l.decoded(ctx, p, px)
	}
	key := storage.ThumbKey(p.EditedID(), px)
	if cached, ok := l.thumbs.Get(key); ok {
		if img, _, err := image.Decode(bytes.NewReader(cached)); err == nil {
			return photo.ToRGBA(img), nil
		}
	}
	img, err := l.decoded(ctx, p, px)
	if err != nil {
		return nil, err
	}
	var encoded bytes.Buffer
	if img.Opaque() {
		err = jpeg.Encode(&encoded, img, &jpeg.Options{Quality: thumbnailQuality})
	} else {
		err = png.Encode(&encoded, img)
	}
	if err == nil {
		// The cache is a convenience: without it the next look decodes again.
		_ = l.thumbs.Put(key, encoded.Bytes())
	}
	return img, nil
}

func (l *Library) decoded(ctx context.Context, p photo.Photo, px int) (*image.RGBA, error) {
	file, err := l.files.Open(p.Hash, p.Ext)
	if err != nil {
		return nil, failure.Storage("opening the picture", err)
	}
	defer file.Close()
	if p.Ext == photo.ExtVector {
		return photo.VectorThumbnail(ctx, file, px)
	}
	if p.Edit != (photo.Edit{}) {
		return photo.EditedThumbnail(ctx, file, p.Edit.Options(), px)
	}
	return photo.Thumbnail(ctx, file, px)
}

// PreviewFile returns a small picture of a file that isn't in the library, for
// the picture picker. Nothing of it is cached on disk.
func (l *Library) PreviewFile(ctx context.Context, path string, px int) (image.Image, error) {
	file, err := photo.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return photo.Thumbnail(ctx, file, px)
}

// File finds the file of a picture by its id.
func (l *Library) File(id string) (hash, ext string, ok bool) {
	p, ok := l.Picture(id)
	return p.Hash, p.Ext, ok
}

// content finds the file behind a picture's id or a content reference.
func (l *Library) content(ref string) (hash, ext string, ok bool) {
	if hash, ext, ok := photo.SplitRef(ref); ok {
		return hash, ext, true
	}
	return l.File(ref)
}
