// The files of reports, and which of them were told.

package crash

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/storage"
)

const (
	prefix  = "maquette-crash-"
	ending  = ".txt"
	untold  = ".new" // behind the name of a report that nobody was told of yet
	keptFor = 10     // so many reports are kept in a folder
)

// write writes a report into the folder or, where that can't be, into the
// system's folder for temporary files.
func write(folder, report string, now time.Time) error {
	name := prefix + now.UTC().Format("20060102T150405.000Z") + ending
	if err := writeInto(folder, name, report); err == nil {
		return nil
	}
	return writeInto(os.TempDir(), name, report)
}

func writeInto(folder, name, report string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("making the folder for crash reports: %w", err)
	}
	file := filepath.Join(folder, name)
	for _, one := range []struct{ path, text string }{{file, report}, {file + untold, ""}} {
		err := storage.WriteFile(one.path, func(w io.Writer) error {
			_, err := io.WriteString(w, one.text)
			return err
		})
		if err != nil {
			return fmt.Errorf("writing a crash report: %w", err)
		}
	}
	return nil
}

// Untold are the reports in the folder, and in the system's folder for
// temporary files, that this was not asked about before: the oldest first.
// Reports beyond the newest ten are removed.
func Untold(folder string) []string {
	var news []string
	for _, in := range []string{os.TempDir(), folder} {
		for _, mark := range named(in, ending+untold) {
			// Another person's can't be removed: it is theirs to be told.
			if err := os.Remove(mark); err == nil {
				news = append(news, strings.TrimSuffix(mark, untold))
			}
		}
	}
	prune(folder)
	return slices.DeleteFunc(news, func(report string) bool {
		_, err := os.Stat(report)
		return errors.Is(err, fs.ErrNotExist)
	})
}

func prune(folder string) {
	reports := named(folder, ending)
	for len(reports) > keptFor {
		_ = os.Remove(reports[0]) // tried again at the next start
		reports = reports[1:]
	}
}

// named are the files in a folder whose names are a report's with that end, by
// name, which is by time.
func named(folder, end string) []string {
	entries, _ := os.ReadDir(folder) // what can't be read holds none
	var files []string
	for _, entry := range entries {
		if name := entry.Name(); strings.HasPrefix(name, prefix) && strings.HasSuffix(name, end) {
			files = append(files, filepath.Join(folder, name))
		}
	}
	return files
}
