// Copies for other programs: into a person's own folders, over nothing.

package storage

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/maquette-studio/maquette/storage/filename"
)

// Folder is a folder into which copies are saved, each under a name that is
// free also where letters' cases or compositions aren't told apart: what was
// saved on one system can be moved to another. One goroutine.
type Folder struct {
	dir          string
	names, stems map[string]bool // folded
	create       func(path string) error
}

// OpenFolder looks at what is in a folder. One that can't be listed may still
// be saved into.
func OpenFolder(dir string) *Folder {
	f := &Folder{dir: dir, names: map[string]bool{}, stems: map[string]bool{}, create: createEmpty}
	entries, err := os.ReadDir(dir)
	if err != nil && len(entries) == 0 {
		return f
	}
	for _, e := range entries {
		f.take(e.Name())
	}
	return f
}

func (f *Folder) take(name string) {
	stem, _ := filename.Split(name)
	f.names[filename.Fold(name)], f.stems[filename.Fold(stem)] = true, true
}

// Save writes what r holds to a new file called name, and returns where it
// lies. It never overwrites: when name is taken, the file is called
// "name (2).ext", and so on, and where the folder's file system refuses it for
// its length, it is shortened. The file appears only when it is whole, with the
// permissions new files have for this user. name is a plain file name.
func (f *Folder) Save(name string, r io.Reader) (path string, err error) {
	if !filepath.IsLocal(name) || filepath.Base(name) != name || name == "." {
		return "", fmt.Errorf("saving %q: not a file name", filepath.Base(name))
	}
	tmp, err := writeTemp(f.dir, 0o666, func(w io.Writer) error {
		_, err := io.Copy(w, r)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("saving %s: %w", name, err)
	}
	path, err = f.claim(name)
	if err != nil {
		os.Remove(tmp)
		return "", fmt.Errorf("saving %s: %w", name, diskError(BaseNameOnly(err)))
	}
	if err := moveInto(tmp, path); err != nil {
		os.Remove(path)
		return "", fmt.Errorf("saving %s: %w", name, err)
	}
	return path, nil
}

// claim creates an empty file under the first free variant of name, so that
// nobody else can take the name before the content is moved there.
func (f *Folder) claim(name string) (string, error) {
	for n := 1; ; n++ {
		free := name
		if n > 1 {
			free = filename.Numbered(name, n)
		}
		if f.names[filename.Fold(free)] {
			continue
		}
		path := filepath.Join(f.dir, free)
		switch err := f.create(path); {
		case errors.Is(err, fs.ErrExist):
			f.take(free)
		case isTooLong(err) && len(free) > filename.Short:
			name, n = filename.Fit(name, filename.Short-len(" (9999)")), 0
		case err != nil:
			return "", err
		default:
			f.take(free)
			return path, nil
		}
	}
}

func createEmpty(path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	return file.Close()
}

// FreeName is name, with a number where the folder has a file of that name,
// whatever its extension: other files can be put beside it that differ in
// nothing else.
func (f *Folder) FreeName(name string) string {
	free := name
	for n := 2; ; n++ {
		if stem, _ := filename.Split(free); !f.stems[filename.Fold(stem)] {
			return free
		}
		free = filename.Numbered(name, n)
	}
}

// SaveAs is Save for one file.
func SaveAs(dir, name string, r io.Reader) (path string, err error) {
	return OpenFolder(dir).Save(name, r)
}
