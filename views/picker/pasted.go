// Paths that a person pastes or types where a name or a path goes.

package picker

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/maquette-studio/maquette/app/filedialog"
	"github.com/maquette-studio/maquette/views/kit"
)

// pastedPaths are the absolute paths in a text, one a line, as file managers and
// terminals copy them: plain, quoted, as file URI, from the home folder on. It is
// empty where a line is none.
func pastedPaths(text string) []string {
	var paths []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") || line == "copy" || line == "cut" { // as text/uri-list and file managers have it
			continue
		}
		path, ok := pastedPath(line)
		if !ok {
			return nil
		}
		if !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	return paths
}

func pastedPath(line string) (path string, ok bool) {
	if quote := line[0]; len(line) > 1 && (quote == '"' || quote == '\'') && line[len(line)-1] == quote {
		line = line[1 : len(line)-1]
	}
	if path, ok := filedialog.PathOf(line); ok {
		return path, true
	}
	home := line == "~" || strings.HasPrefix(line, "~/") || strings.HasPrefix(line, `~\`)
	if !home && !filepath.IsAbs(line) {
		return "", false
	}
	path = tidyPath(line)
	return path, filepath.IsAbs(path)
}

// found is what paths lead to.
type found struct {
	folder  string   // the one there is, or the one of all files
	files   []string // in the order given
	missing bool     // something isn't there
}

// lookUp looks where paths lead. It reads the disk.
func lookUp(paths []string) (f found) {
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case err != nil:
			f.missing = true
		case info.IsDir():
			f.folder = path
		default:
			f.files = append(f.files, path)
		}
	}
	return f
}

// workPasted is the look at where pasted paths lead.
const workPasted = "pasted"

// follow looks where the paths in a text lead; it answers false where there are
// none in it.
func (b *folderBrowser) follow(text string, then func(found)) bool {
	paths := pastedPaths(text)
	if len(paths) == 0 {
		return false
	}
	kit.Begin(b.Work, workPasted, func(context.Context) found { return lookUp(paths) }, func(f found) {
		if f.folder == "" && len(f.files) == 0 {
			b.say(lang.L("There is nothing at this place."))
			return
		}
		then(f)
	})
	return true
}

// takePaths goes to the folder of pasted files and selects them there; those of
// several folders are chosen at once.
func (p *PicturePicker) takePaths(text string) bool {
	return p.follow(text, func(f found) {
		if len(f.files) == 0 {
			p.open(f.folder)
			return
		}
		folder := filepath.Dir(f.files[0])
		elsewhere := func(path string) bool { return filepath.Dir(path) != folder }
		if slices.ContainsFunc(f.files, elsewhere) {
			p.finish(f.files)
			return
		}
		p.wanted = f.files
		p.open(folder)
	})
}

// selectWanted selects the pasted files in their folder, once that is read.
func (p *PicturePicker) selectWanted() {
	if len(p.wanted) == 0 {
		return
	}
	wanted := p.wanted
	p.wanted = nil
	p.parts.grid.Select(wanted...)
	if len(p.parts.grid.Selected()) == 0 {
		p.say(lang.L("What was pasted is no picture that can be read."))
		return
	}
	p.Focus(p.parts.grid)
}

// takePath goes to where a pasted path leads and keeps the file's name.
func (p *SavePicker) takePath(text string) bool {
	paths := pastedPaths(text)
	if len(paths) == 0 {
		return false
	}
	path := paths[0]
	kit.Begin(p.Work, workPasted, func(context.Context) (f found) {
		if f = lookUp([]string{path}); f.folder == "" {
			f.folder = lookUp([]string{filepath.Dir(path)}).folder
			f.files = []string{path}
		}
		return f
	}, func(f found) {
		if f.folder == "" {
			p.problem.SetText(lang.L("There is no such folder."))
			return
		}
		if len(f.files) > 0 && p.request.Name != "" {
			p.name.SetText(filepath.Base(path))
		} else if len(pastedPaths(p.name.Text)) > 0 {
			p.name.SetText(p.request.Name)
		}
		p.open(f.folder)
	})
	return true
}
