// The captions that lie as text files beside photos.

package photo

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// maxCaption bounds a caption file, bytes; no service takes nearly as much.
const maxCaption = 64 << 10

// CaptionBeside reads the caption of the photo at path from the text file with
// its name, photo.txt beside photo.jpg; "" when there is none. A byte order
// mark and the white space around the text are left out. It fails with an
// *Rejected, which bears the text file's name, when that can't be read as UTF-8.
func CaptionBeside(path string) (string, error) {
	beside := strings.TrimSuffix(path, filepath.Ext(path)) + ".txt"
	info, err := os.Stat(beside)
	if errors.Is(err, fs.ErrNotExist) || err == nil && (info.IsDir() || info.Size() == 0) {
		return "", nil
	}
	caption, err := readCaption(beside)
	if err != nil {
		return "", withName(err, filepath.Base(beside))
	}
	return caption, nil
}

func readCaption(path string) (string, error) {
	f, err := openFile(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxCaption+1))
	switch {
	case err != nil:
		return "", unreadable(err)
	case len(text) > maxCaption:
		return "", rejected("is too long for a caption; the limit is %d KiB", maxCaption>>10)
	case !utf8.Valid(text) || strings.ContainsRune(string(text), 0):
		return "", rejected("is not UTF-8 text; save it as UTF-8")
	}
	return strings.TrimSpace(strings.TrimPrefix(string(text), "\ufeff")), nil
}
