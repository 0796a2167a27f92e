package app

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
)

// prepare returns a copy of a stored picture that may leave this computer:
// upright, edited and without any metadata.
func (s *Studio) prepare(ctx context.Context, p DatasetPhoto) (io.ReadCloser, error) {
	file, err := s.files.Open(p.Hash, p.Ext)
	if err != nil {
		return nil, storageFailure("opening a photo", err)
	}
	defer file.Close()
	ready, err := photo.Prepare(ctx, file, p.Edit.options())
	if err != nil {
		return nil, unfitFailure(err)
	}
	return io.NopCloser(bytes.NewReader(ready.Bytes)), nil
}

// unfitFailure makes what is wrong with a picture a failure a person can act
// on; other errors stay as they are.
func unfitFailure(err error) error {
	var unfit *photo.Rejected
	if !errors.As(err, &unfit) {
		return err
	}
	return &providers.Failure{
		Kind: providers.InvalidInput, Message: unfit.Error(), Cause: err, Outcome: providers.NotSent,
		Advice: "Remove it and start again; nothing was sent.",
	}
}

// takeInImages copies the local pictures that values refer to into the
// library's files, so that the job doesn't depend on where they came from, and
// returns values that refer to the copies.
func (s *Studio) takeInImages(ctx context.Context, fields []providers.Field, values providers.Values) (providers.Values, []providers.Problem, error) {
	out := values.Clone()
	var problems []providers.Problem
	for _, field := range fields {
		switch field.Kind {
		case providers.Image:
			ref := values.Text(field.Key)
			if ref == "" {
				continue
			}
			kept, err := s.takeInImage(ctx, ref)
			var unfit *photo.Rejected
			if errors.As(err, &unfit) {
				problems = append(problems, providers.Problem{Field: field.Key, Message: unfit.Error()})
				continue
			}
			if err != nil {
				return nil, nil, err
			}
			out[field.Key] = kept
		case providers.List:
			items := values.List(field.Key)
			kept := make([]providers.Values, len(items))
			for i, item := range items {
				next, found, err := s.takeInImages(ctx, field.Items, item)
				if err != nil {
					return nil, nil, err
				}
				for _, p := range found {
					problems = append(problems, providers.Problem{Field: fmt.Sprintf("%s[%d].%s", field.Key, i, p.Field), Message: p.Message})
				}
				kept[i] = next
			}
			if values.Has(field.Key) {
				out[field.Key] = kept
			}
		}
	}
	return out, problems, nil
}

// inlineImages puts prepared copies in the place of the pictures of this
// computer's that a call's values refer to, as data: URLs.
func (s *Studio) inlineImages(ctx context.Context, fields []providers.Field, values providers.Values) (providers.Values, []providers.Problem, error) {
	out := values.Clone()
	for _, field := range fields {
		ref := values.Text(field.Key)
		if field.Kind != providers.Image || ref == "" || isWebURL(ref) {
			continue
		}
		ready, err := s.inlined(ctx, ref)
		var unfit *photo.Rejected
		if errors.As(err, &unfit) {
			return nil, []providers.Problem{{Field: field.Key, Message: unfit.Error()}}, nil
		}
		if err != nil {
			return nil, nil, err
		}
		out[field.Key] = ready
	}
	return out, nil, nil
}

func (s *Studio) inlined(ctx context.Context, ref string) (string, error) {
	var file *os.File
	var err error
	if hash, ext, ok := s.content(ref); ok {
		file, err = s.files.Open(hash, ext)
	} else {
		file, err = photo.Open(ref)
	}
	if err != nil {
		return "", err
	}
	defer file.Close()
	edit, err := editOf(ref)
	if err != nil {
		return "", err
	}
	ready, err := photo.Prepare(ctx, file, edit.options())
	if err != nil {
		return "", err
	}
	return "data:" + contentType(ready.Ext) + ";base64," + base64.StdEncoding.EncodeToString(ready.Bytes), nil
}

func (s *Studio) takeInImage(ctx context.Context, ref string) (string, error) {
	if isWebURL(ref) {
		return ref, checkAddress(ref)
	}
	if hash, ext, ok := s.content(ref); ok {
		if !s.files.Has(hash, ext) {
			return "", &photo.Rejected{Reason: "is no longer in the library"}
		}
		if ext == photo.ExtVector {
			return "", &photo.Rejected{Reason: "is a vector graphic; services take JPEG, PNG or WebP pictures"}
		}
		return contentRef(hash, ext), nil
	}
	taken, err := s.takeIn(ctx, ref)
	if err != nil {
		return "", err
	}
	return taken.Ref(), nil
}

// checkAddress says why nobody could fetch a picture from a web address.
func checkAddress(ref string) error {
	u, err := url.Parse(ref)
	switch {
	case err != nil || u.Hostname() == "":
		return &photo.Rejected{Reason: "is no web address such as https://example.com/photo.jpg"}
	case u.Scheme == "http" && !isLoopback(ref):
		return &photo.Rejected{Reason: "must be reached by https"}
	}
	return nil
}

// ImportImage copies a picture file into the library's files and returns a
// reference to it for an image field and for Thumbnail.
func (s *Studio) ImportImage(ctx context.Context, path string) (string, error) {
	return s.takeInImage(ctx, path)
}

func baseName(path string) string { return filepath.Base(path) }
