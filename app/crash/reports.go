// The files: what Go wrote as a program broke becomes a report, and the oldest
// reports go.

package crash

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/app/release"
	"github.com/maquette-studio/maquette/storage"
)

const (
	prefix     = "maquette-crash-"
	ending     = ".txt"
	rawEnding  = ".raw" // what a running program keeps open, and what Go wrote there
	timeFormat = "20060102T150405.000Z"
	keptFor    = 10      // so many reports are kept in a folder
	mostBytes  = 4 << 20 // of what Go wrote; there can be a thousand goroutines
)

// News makes reports of what broke since it was last asked, and returns them,
// the oldest first. What Go wrote is gone then. Reports beyond the newest ten
// are removed.
func News(folder string) []string {
	var news []string
	for _, raw := range named(folder, rawEnding) {
		report, err := reportOf(raw)
		if err != nil {
			continue // its program runs, or it is tried again at the next start
		}
		if report != "" {
			news = append(news, report)
		}
		_ = os.Remove(raw)
	}
	prune(folder, ending)
	return news
}

// prune removes all but the newest files that end so and that no running
// program holds.
func prune(folder, end string) {
	files := named(folder, end)
	for _, old := range files[:max(0, len(files)-keptFor)] {
		if file, err := take(old); err == nil {
			_ = file.Close()
			_ = os.Remove(old) // tried again at the next start
		}
	}
}

// reportOf writes the report of one file, "" where the program didn't break.
// The error is why it can't be known now.
func reportOf(raw string) (report string, err error) {
	file, err := take(raw)
	if err != nil {
		return "", err
	}
	defer file.Close()
	written, err := io.ReadAll(io.LimitReader(file, mostBytes))
	if err != nil {
		return "", err
	}
	build, said, _ := bytes.Cut(written, []byte("\n"))
	if len(bytes.TrimSpace(said)) == 0 {
		return "", nil
	}
	about, err := file.Stat()
	if err != nil {
		return "", err
	}
	report = strings.TrimSuffix(raw, rawEnding) + ending
	return report, storage.WriteFile(report, func(w io.Writer) error {
		_, err := io.WriteString(w, text(string(build), string(said), about.ModTime()))
		return err
	})
}

// text is the whole report.
func text(build, said string, at time.Time) string {
	var report strings.Builder
	fmt.Fprintf(&report, "Maquette broke at %s.\n%s\n\n", at.UTC().Format(time.RFC3339), build)
	report.WriteString("This report holds names of functions and lines of code. Keys, texts, names of files and all other\n" +
		"values were left out. It was sent to nobody. If you want this mended, hand it on:\n" +
		release.Site + "/issues\n\n")
	report.WriteString(withoutValues(said))
	return report.String()
}

// named are the files in a folder whose names are of this package and end so,
// by name, which is by time.
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
