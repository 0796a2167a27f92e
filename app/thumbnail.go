package app

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"strings"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/storage"
)

const thumbnailQuality = 88

// cachedMost is the largest edge, pixels, that is cached on disk: what is
// looked at larger is decoded from the original, so that nothing of it is lost.
const cachedMost = 1024

// thumbnail reads the cache or decodes the original.
func (s *Studio) thumbnail(ctx context.Context, p DatasetPhoto, px int) (image.Image, error) {
	if px > cachedMost {
		return s.decoded(ctx, p, px)
	}
	key := storage.ThumbKey(p.editedID(), px)
	if cached, ok := s.thumbs.Get(key); ok {
		if img, _, err := image.Decode(bytes.NewReader(cached)); err == nil {
			return photo.ToRGBA(img), nil
		}
	}
	img, err := s.decoded(ctx, p, px)
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
		_ = s.thumbs.Put(key, encoded.Bytes())
	}
	return img, nil
}

func (s *Studio) decoded(ctx context.Context, p DatasetPhoto, px int) (*image.RGBA, error) {
	file, err := s.files.Open(p.Hash, p.Ext)
	if err != nil {
		return nil, fmt.Errorf("opening the picture: %w", err)
	}
	defer file.Close()
	if p.Ext == photo.ExtVector {
		return photo.VectorThumbnail(ctx, file, px)
	}
	if p.Edit != (Edit{}) {
		return photo.EditedThumbnail(ctx, file, p.Edit.options(), px)
	}
	return photo.Thumbnail(ctx, file, px)
}

// PreviewFile returns a small picture of a file that isn't in the library, for
// the picture picker. Nothing of it is cached on disk.
func (s *Studio) PreviewFile(ctx context.Context, path string, px int) (image.Image, error) {
	file, err := photo.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return photo.Thumbnail(ctx, file, px)
}

// contentPrefix marks a reference to bytes in the library's files that aren't
// a result: a photo, or a reference picture given to a job.
const contentPrefix = "content:"

func contentRef(hash, ext string) string { return contentPrefix + hash + "." + ext }

func splitContent(ref string) (hash, ext string, ok bool) {
	rest, ok := strings.CutPrefix(ref, contentPrefix)
	if !ok {
		return "", "", false
	}
	rest, _, _ = strings.Cut(rest, editMark)
	return strings.Cut(rest, ".")
}

// content finds the file behind a picture's id or a content reference.
func (s *Studio) content(ref string) (hash, ext string, ok bool) {
	if hash, ext, ok := splitContent(ref); ok {
		return hash, ext, true
	}
	p, ok := s.Picture(ref)
	return p.Hash, p.Ext, ok
}
