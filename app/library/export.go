// Copies of pictures for other programs.

package library

import (
	"errors"
	"strings"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
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

// ExportAs writes a copy of a picture into a folder under a name, or a free one
// like it, and returns its path. Nothing is overwritten.
func (l *Library) ExportAs(id, dir, name string) (string, error) {
	p, ok := l.Picture(id)
	if !ok {
		return "", providers.Errorf("there is no picture %s", id)
	}
	file, err := l.files.OpenVerified(p.Hash, p.Ext)
	if err != nil {
		return "", failure.Storage("reading the picture", err)
	}
	defer file.Close()
	path, err := storage.SaveAs(dir, name, file)
	if errors.Is(err, storage.ErrDamagedFile) {
		return "", failure.Storage("reading the picture", err)
	}
	return path, err
}

// exportName is the first words of the prompt and the id.
func exportName(p Picture) string {
	words := strings.FieldsFunc(strings.ToLower(p.Prompt), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	words = append(words[:min(len(words), 6)], p.ID)
	return strings.Join(words, "-") + "." + p.Ext
}

// ExportName is the file name that Export suggests.
func (l *Library) ExportName(id string) string {
	p, _ := l.Picture(id)
	return exportName(p)
}
