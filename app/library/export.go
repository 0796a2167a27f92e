// Copies of pictures for other programs.

package library

import (
	"context"
	"errors"
	"strings"
	"unicode"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
	"github.com/maquette-studio/maquette/storage/filename"
)

// Path is where a picture's file lies; "" for an unknown id.
func (l *Library) Path(id string) string {
	p, ok := l.Picture(id)
	if !ok {
		return ""
	}
	return l.files.Path(p.Hash, p.Ext)
}

// Export writes a copy of a picture into a folder under a readable name,
// without overwriting anything, and returns its path. A damaged one isn't
// copied.
func (l *Library) Export(id, dir string) (string, error) {
	return l.ExportAs(id, dir, l.ExportName(id))
}

// ExportAs writes a copy of a picture into a folder under a name, made valid
// where it isn't, or a free one like it, and returns its path. Nothing is
// overwritten.
func (l *Library) ExportAs(id, dir, name string) (string, error) {
	return l.exportInto(storage.OpenFolder(dir), id, name)
}

// ExportAll is Export for many: one that fails doesn't stop the rest. It
// returns how many were written, and an error that names the others, or the
// cause where ctx ended before all were. progress is called with how many are
// through.
func (l *Library) ExportAll(ctx context.Context, ids []string, dir string, progress func(done int)) (written int, err error) {
	folder := storage.OpenFolder(dir)
	written, left, err := failure.Batch(ctx, ids, l.ExportName, progress, func(id string) error {
		_, err := l.exportInto(folder, id, l.ExportName(id))
		return err
	})
	if err == nil && len(left) > 0 {
		err = providers.Errorf("%d of %d pictures were exported. Not exported: %s", written, len(ids), failure.List(left))
	}
	return written, err
}

func (l *Library) exportInto(folder *storage.Folder, id, name string) (string, error) {
	p, ok := l.Picture(id)
	if !ok {
		return "", providers.Errorf("there is no picture %s", id)
	}
	file, err := l.files.OpenVerified(p.Hash, p.Ext)
	if err != nil {
		return "", failure.Storage("reading the picture", err)
	}
	defer file.Close()
	path, err := folder.Save(filename.Clean(name, "picture"), file)
	if errors.Is(err, storage.ErrDamagedFile) {
		return "", failure.Storage("reading the picture", err)
	}
	return path, err
}

// ExportName is the file name that Export suggests: the first words of the
// prompt, and the id.
func (l *Library) ExportName(id string) string {
	p, _ := l.Picture(id)
	words := strings.FieldsFunc(strings.ToLower(p.Prompt), func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.M, unicode.N)
	})
	last := "-" + p.ID
	if len(words) == 0 {
		last = p.ID
	}
	start := filename.Stem(strings.Join(words[:min(len(words), 6)], "-"), "", len(last)+1+len(p.Ext))
	return filename.Clean(start+last+"."+p.Ext, "picture")
}
