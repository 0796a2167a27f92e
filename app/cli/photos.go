// The photos that a command names, and their captions.

package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
)

// photoList is what --photo and --caption collect: each photo with the caption
// that follows it.
type photoList []photoArgument

type photoArgument struct {
	path    string
	caption *string // nil for what lies beside the file
}

// photoValue is the value of --photo.
type photoValue struct{ list *photoList }

func (v photoValue) String() string { return "" }
func (v photoValue) Type() string   { return "fileArray" } // completion offers an array's flag again

func (v photoValue) Set(path string) error {
	*v.list = append(*v.list, photoArgument{path: path})
	return nil
}

// captionValue is the value of --caption.
type captionValue struct{ list *photoList }

func (v captionValue) String() string { return "" }
func (v captionValue) Type() string   { return "stringArray" }

func (v captionValue) Set(text string) error {
	list := *v.list
	if len(list) == 0 || list[len(list)-1].caption != nil {
		return errors.New("belongs after the --photo that it is of")
	}
	list[len(list)-1].caption = &text
	return nil
}

// batches are the paths as they are imported together: those without a caption
// of their own that follow each other, and each of the others alone.
func (l photoList) batches() [][]string {
	var all [][]string
	alone := true
	for _, given := range l {
		if alone || given.caption != nil {
			all = append(all, nil)
		}
		all[len(all)-1] = append(all[len(all)-1], given.path)
		alone = given.caption != nil
	}
	return all
}

// importPhotos checks the photos; one that can't be used means that nothing
// starts. What is only worth knowing, a photo given twice among it, is told.
func (c *command) importPhotos(ctx context.Context, list photoList) ([]photo.Photo, error) {
	var photos []photo.Photo
	var problems []providers.Problem
	refuse := func(name string, reason providers.Sentence) {
		problems = append(problems, providers.Problem{Field: jobs.PhotosField, Message: providers.Say("%s %s", name, reason)})
	}
	next := 0
	for _, paths := range list.batches() {
		caption := list[next].caption
		next += len(paths)
		imported, rejected, err := c.studio.Intake.Photos(ctx, c.paths(paths))
		if err != nil {
			return nil, err
		}
		for _, r := range rejected {
			if r.Harmless {
				fmt.Fprintln(c.Err, "maquette:", r.Name, r.Reason)
				continue
			}
			refuse(r.Name, r.Reason)
		}
		if caption != nil && len(imported) > 1 {
			return nil, usagef("--caption is of one photo, and %s holds %d", paths[0], len(imported))
		}
		for _, p := range imported {
			if caption != nil {
				p.Caption = *caption
			}
			if i := slices.IndexFunc(photos, func(q photo.Photo) bool { return q.Hash == p.Hash }); i >= 0 {
				fmt.Fprintln(c.Err, "maquette:", p.Name, providers.Say("has the same content as %s", photos[i].Name))
				continue
			}
			photos = append(photos, p)
		}
	}
	if len(problems) > 0 {
		return nil, c.sayProblems(problems)
	}
	return photos, nil
}
