// Files and folders that arguments name, and files that are written for them.

package cli

import (
	"context"
	"path/filepath"

	"github.com/maquette-studio/maquette/app/intake"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
)

// path is the file or folder that an argument names: a guest's relative paths
// start from its caller's working directory. What refers to a photo by its
// content stays as it is.
func (c *command) path(name string) string {
	if c.Dir == "" || name == "" || filepath.IsAbs(name) || photo.IsRef(name) {
		return name
	}
	return filepath.Join(c.Dir, name)
}

func (c *command) paths(names []string) []string {
	whole := make([]string, len(names))
	for i, name := range names {
		whole[i] = c.path(name)
	}
	return whole
}

// localImages are values whose image fields, in lists too, hold whole paths.
func (c *command) localImages(fields []providers.Field, values providers.Values) providers.Values {
	if c.Dir == "" || values == nil {
		return values
	}
	out := values.Clone()
	for _, field := range fields {
		switch field.Kind {
		case providers.Image:
			if name := values.Text(field.Key); name != "" && !c.isPicture(name) {
				out[field.Key] = c.path(name)
			}
		case providers.List:
			if !values.Has(field.Key) {
				continue
			}
			var items []providers.Values
			for _, item := range values.List(field.Key) {
				items = append(items, c.localImages(field.Items, item))
			}
			out[field.Key] = items
		}
	}
	return out
}

// isPicture reports whether an image field names a picture on the web or in
// the library.
func (c *command) isPicture(name string) bool {
	_, ok := c.studio.Library.Picture(name)
	return ok || intake.IsWebURL(name)
}

// exportPicture copies a picture into the folder of --out and returns its path
// as it is printed: relative if --out is.
func (c *command) exportPicture(id string) (string, error) {
	path, err := c.studio.Library.Export(id, c.path(c.out))
	return filepath.Join(c.out, filepath.Base(path)), err
}

// exportModel does the same with a model's file.
func (c *command) exportModel(ctx context.Context, id string) (string, error) {
	path, err := c.studio.Models.Export(ctx, id, c.path(c.out))
	return filepath.Join(c.out, filepath.Base(path)), err
}
