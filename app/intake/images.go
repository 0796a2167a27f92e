// The pictures that image fields name: files, pictures of the library,
// references, and addresses on the web.

package intake

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
	"github.com/maquette-studio/maquette/storage"
)

// IsWebURL reports whether an image field's value is an address on the web.
func IsWebURL(ref string) bool {
	return strings.HasPrefix(ref, "https://") || strings.HasPrefix(ref, "http://")
}

// Refs are the pictures of this computer that values refer to, in lists too.
func Refs(values providers.Values) []string {
	var refs []string
	for _, value := range values {
		switch v := value.(type) {
		case string:
			if photo.IsRef(v) {
				refs = append(refs, v)
			}
		case []providers.Values:
			for _, item := range v {
				refs = append(refs, Refs(item)...)
			}
		}
	}
	return refs
}

// content finds the file behind a picture's id or a content reference.
func (in *Intake) content(ref string) (hash, ext string, ok bool) {
	if hash, ext, ok := photo.SplitRef(ref); ok {
		return hash, ext, true
	}
	return in.picture(ref)
}

// Images copies the local pictures that values refer to into the
// library's files, so that the job doesn't depend on where they came from, and
// returns values that refer to the copies.
func (in *Intake) Images(ctx context.Context, fields []providers.Field, values providers.Values) (providers.Values, []providers.Problem, error) {
	out := values.Clone()
	var problems []providers.Problem
	for _, field := range fields {
		switch field.Kind {
		case providers.Image:
			ref := values.Text(field.Key)
			if ref == "" {
				continue
			}
			kept, err := in.Import(ctx, ref)
			var why *photo.Rejected
			if errors.As(err, &why) {
				problems = append(problems, providers.Problem{Field: field.Key, Message: why.Sentence()})
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
				next, found, err := in.Images(ctx, field.Items, item)
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

// Inline puts prepared copies in the place of the pictures of this
// computer's that a call's values refer to, as data: URLs.
func (in *Intake) Inline(ctx context.Context, fields []providers.Field, values providers.Values) (providers.Values, []providers.Problem, error) {
	out := values.Clone()
	for _, field := range fields {
		ref := values.Text(field.Key)
		if field.Kind != providers.Image || ref == "" || IsWebURL(ref) {
			continue
		}
		ready, err := in.inlined(ctx, ref)
		var why *photo.Rejected
		if errors.As(err, &why) {
			return nil, []providers.Problem{{Field: field.Key, Message: why.Sentence()}}, nil
		}
		if err != nil {
			return nil, nil, err
		}
		out[field.Key] = ready
	}
	return out, nil, nil
}

func (in *Intake) inlined(ctx context.Context, ref string) (string, error) {
	var file *os.File
	var err error
	if hash, ext, ok := in.content(ref); ok {
		file, err = in.whole(hash, ext)
	} else {
		file, err = photo.Open(ref)
	}
	if err != nil {
		return "", err
	}
	defer file.Close()
	edit, err := photo.EditOf(ref)
	if err != nil {
		return "", err
	}
	ready, err := photo.Prepare(ctx, file, edit.Options())
	if err != nil {
		return "", err
	}
	return "data:" + photo.ContentType(ready.Ext) + ";base64," + base64.StdEncoding.EncodeToString(ready.Bytes), nil
}

// Named is a picture as it is told in words.
type Named struct {
	Hash string // SHA-256 of the original; "" for one on the web
	Name string
}

// Known says which picture an image field's value names, without copying it: a
// file, a picture of the library, a reference or an address on the web.
func (in *Intake) Known(ctx context.Context, ref string) (Named, error) {
	if IsWebURL(ref) {
		bare, _, _ := strings.Cut(ref, "?")
		return Named{Name: bare}, nil
	}
	if hash, _, ok := in.content(ref); ok {
		name := ref
		for _, p := range in.known() {
			if p.Hash == hash {
				name = p.Name
				break
			}
		}
		return Named{Hash: hash, Name: name}, ctx.Err()
	}
	file, err := photo.Open(ref)
	if err != nil {
		return Named{}, err
	}
	defer file.Close()
	hash, _, err := storage.Sum(file)
	if err != nil {
		return Named{}, providers.Errorf("reading a photo: %v", err)
	}
	return Named{Hash: hash, Name: filepath.Base(ref)}, ctx.Err()
}

// Import copies the picture that an image field names into the library's files
// and returns a reference to the copy, for the field and for thumbnails. An
// address on the web stays as it is.
func (in *Intake) Import(ctx context.Context, ref string) (string, error) {
	if IsWebURL(ref) {
		return ref, checkAddress(ref)
	}
	if hash, ext, ok := in.content(ref); ok {
		if !in.files.Has(hash, ext) {
			return "", &photo.Rejected{Reason: providers.Say("is no longer in the library")}
		}
		if ext == photo.ExtVector {
			return "", &photo.Rejected{Reason: providers.Say("is a vector graphic; services take JPEG, PNG or WebP pictures")}
		}
		if photo.IsRef(ref) {
			return photo.Ref(hash, ext), nil // it was looked at when it became one
		}
		return photo.Ref(hash, ext), in.checkResult(ctx, hash, ext)
	}
	taken, err := in.File(ctx, ref)
	if err != nil {
		return "", err
	}
	return taken.Ref(), nil
}

// checkResult says why a result can't be sent to a service: what is kept as it
// came may be damaged, or of a kind that no service takes.
func (in *Intake) checkResult(ctx context.Context, hash, ext string) error {
	file, err := in.files.Open(hash, ext)
	if err != nil {
		return failure.Storage("reading a picture", err)
	}
	defer file.Close()
	_, err = photo.Inspect(ctx, file, "")
	return err
}

// checkAddress says why nobody could fetch a picture from a web address.
func checkAddress(ref string) error {
	u, err := url.Parse(ref)
	switch {
	case err != nil || u.Hostname() == "":
		return &photo.Rejected{Reason: providers.Say("is no web address such as https://example.com/photo.jpg")}
	case u.Scheme == "http" && !httpapi.IsLoopbackURL(ref):
		return &photo.Rejected{Reason: providers.Say("must be reached by https")}
	}
	return nil
}

// Image is the picture that an image field's value names, as it leaves.
func (in *Intake) Image(ctx context.Context, ref string) (providers.Photo, error) {
	if IsWebURL(ref) {
		return providers.Photo{ID: ref, Name: ref, URL: ref}, nil
	}
	hash, ext, ok := in.content(ref)
	if !ok {
		return providers.Photo{}, &providers.Failure{
			Kind: providers.InvalidInput, Message: providers.Say("The picture %s is no longer in the library", ref),
			Advice: providers.Say("Choose another one."),
		}
	}
	if ext == "jpg" || ext == "png" {
		return in.prepared(photo.Photo{Hash: hash, Ext: ext, Name: ref}), nil
	}
	// What it leaves as depends on whether it is transparent.
	picture, err := in.recalled(ctx, ref)
	if err != nil {
		return providers.Photo{}, failure.Photo(err)
	}
	return in.prepared(picture), nil
}
