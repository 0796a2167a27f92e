// The captions that lie beside photos, as the well-known trainers write them.

package photo

import (
	"cmp"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/maquette-studio/maquette/storage/filename"
)

// maxCaption bounds a caption file, bytes; no service takes nearly as much.
const maxCaption = 64 << 10

// captionExtensions are those of files that hold one photo's caption, the one
// taken first where there are several: kohya's sd-scripts (.caption, or what
// caption_extension says), OneTrainer, taggui and ai-toolkit (.txt), others.
var captionExtensions = []string{"txt", "caption", "cap", "captions", "tags"}

// tableNames are those of files that hold the captions of many. Kohya's may be
// called anything; these are its documentation's.
var tableNames = []string{
	"metadata.jsonl", "metadata.csv", "captions.jsonl", "captions.csv", "captions.json",
	"meta_cap.json", "meta_cap_dd.json", "meta_clean.json", "meta_lat.json", "metadata.json", "meta.json",
}

// Captions finds photos' captions. It remembers the folders it has looked
// into: use one for a batch, in one goroutine.
type Captions struct{ folders map[string]*captionFolder }

// NewCaptions has looked nowhere yet.
func NewCaptions() *Captions { return &Captions{folders: map[string]*captionFolder{}} }

// captionFolder is what a folder has.
type captionFolder struct {
	files  map[string]string // names, by their folded form
	tables []namedTable
}

type namedTable struct {
	name     string
	captions captionTable
}

// found is a caption, and the name of the file it is in.
type found struct{ text, in string }

// Of finds the caption of the photo at path; "" when there is none. Names are
// compared as a person reads them: cases and compositions of letters don't
// matter. The text file with the photo's name comes first (photo.txt,
// photo.caption, photo.jpg.txt), then a JSON file of its own, then a file of
// the folder, or the one above, that lists photos. told says, by the file's
// name, what can't be read, and which of two captions was taken.
func (c *Captions) Of(path string) (caption string, told []Rejected) {
	dir, name := filepath.Split(path)
	dir = filepath.Clean(dir)
	here := c.folder(dir)
	var all []found
	for _, file := range here.beside(name) {
		text, foreign, err := readCaption(filepath.Join(dir, file))
		switch {
		case err != nil:
			told = append(told, *asNamed(err, file))
			continue
		case foreign:
			why := rejected("is not UTF-8; it was taken for Windows' Western letters: look at its accents")
			told = append(told, Rejected{Name: file, Reason: why.Reason, Harmless: true})
		}
		all = append(all, found{text, file})
	}
	for _, table := range here.tables {
		all = append(all, found{table.captions.find(name), table.name})
	}
	for _, table := range c.folder(filepath.Dir(dir)).tables {
		all = append(all, found{table.captions.findBelow(filepath.Base(dir) + "/" + name), table.name})
	}
	all = slices.DeleteFunc(all, func(f found) bool { return f.text == "" })
	if len(all) == 0 {
		return "", told
	}
	if other := slices.IndexFunc(all, func(f found) bool { return f.text != all[0].text }); other > 0 {
		why := rejected("has two captions: that in %s was taken, not that in %s", all[0].in, all[other].in)
		told = append(told, Rejected{Name: name, Reason: why.Reason, Harmless: true})
	}
	return all[0].text, told
}

func asNamed(err error, name string) *Rejected {
	why := asRejected(err)
	return &Rejected{Name: name, Reason: why.Reason}
}

func (c *Captions) folder(dir string) *captionFolder {
	if known := c.folders[dir]; known != nil {
		return known
	}
	f := &captionFolder{files: map[string]string{}}
	c.folders[dir] = f
	entries, err := os.ReadDir(dir)
	if err != nil && len(entries) == 0 {
		return f
	}
	for _, e := range entries {
		folded := filename.Fold(e.Name())
		if _, twice := f.files[folded]; !twice && !strings.HasPrefix(folded, ".") {
			f.files[folded] = e.Name()
		}
	}
	for folded, name := range f.files {
		if !slices.Contains(tableNames, folded) && !strings.HasSuffix(folded, "_md.json") {
			continue
		}
		content, err := readBounded(filepath.Join(dir, name), tableMost)
		if table := readTable(name, content); err == nil && len(table) > 0 {
			f.tables = append(f.tables, namedTable{name, table})
		}
	}
	slices.SortFunc(f.tables, func(a, b namedTable) int {
		return cmp.Or(tableRank(a.name)-tableRank(b.name), cmp.Compare(a.name, b.name))
	})
	return f
}

// tableRank is which of a folder's tables comes first.
func tableRank(name string) int {
	if at := slices.Index(tableNames, filename.Fold(name)); at >= 0 {
		return at
	}
	return len(tableNames)
}

// beside are the files with one photo's caption, the one taken first before.
func (f *captionFolder) beside(name string) (files []string) {
	whole, stem := filename.Fold(name), filename.Fold(stemOf(name))
	for _, start := range []string{stem, whole} {
		for _, ext := range captionExtensions {
			if file, ok := f.files[start+"."+ext]; ok {
				files = append(files, file)
			}
		}
	}
	for _, start := range []string{stem, whole} {
		if file, ok := f.files[start+".json"]; ok && !slices.Contains(tableNames, start+".json") {
			files = append(files, file)
		}
	}
	return files
}

// findBelow is find for a photo in a folder below the file's: what names no
// folder doesn't mean it.
func (t captionTable) findBelow(relative string) string {
	key := filename.Fold(relative)
	if caption := t[key]; caption != "" {
		return caption
	}
	return t[stemOf(key)]
}

// readCaption reads a file with one caption; an empty one, and a folder, have none.
func readCaption(path string) (text string, foreign bool, err error) {
	if info, err := os.Stat(path); err == nil && (info.IsDir() || info.Size() == 0) {
		return "", false, nil
	}
	content, err := readBounded(path, maxCaption)
	if extensionOfName(path) == "json" { // another program's, perhaps: nothing is told of it
		return captionInJSON(content), false, nil
	}
	if err != nil {
		return "", false, err
	}
	text, foreign, ok := captionText(content)
	if !ok {
		return "", false, rejected("is not a text; save it as UTF-8")
	}
	return text, foreign, nil
}

func readBounded(path string, most int64) ([]byte, error) {
	f, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, unreadable(err)
	}
	if int64(len(content)) > most {
		return nil, rejected("is too long for a caption; the limit is %d KiB", most>>10)
	}
	return content, nil
}
