// Reading folders for the picture picker, and the places it offers. All of it may wait on a disk: workers only.

package picker

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/maquette-studio/maquette/app/photo"
)

// folderBatch is how many entries are read between looks at whether anyone still waits for them.
const folderBatch = 256

// folderListing is what the picker shows of a folder; hidden files are left out.
type folderListing struct {
	path     string
	folders  []string // names
	pictures []string // names
}

// readFolder lists a folder, sorted by name without regard to case. It gives up between batches when ctx ends.
func readFolder(ctx context.Context, path string) (folderListing, error) {
	listing := folderListing{path: path}
	dir, err := os.Open(path)
	if err != nil {
		return listing, folderProblem(err)
	}
	defer dir.Close()
	for {
		if ctx.Err() != nil {
			return listing, ctx.Err()
		}
		entries, err := dir.ReadDir(folderBatch)
		for _, entry := range entries {
			listing.add(entry)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return listing, folderProblem(err)
		}
	}
	byName := func(a, b string) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a), strings.ToLower(b)), cmp.Compare(a, b))
	}
	slices.SortFunc(listing.folders, byName)
	slices.SortFunc(listing.pictures, byName)
	return listing, nil
}

func (l *folderListing) add(entry fs.DirEntry) {
	name := entry.Name()
	if strings.HasPrefix(name, ".") {
		return
	}
	kind := entry.Type()
	if kind&fs.ModeSymlink != 0 {
		target, err := os.Stat(filepath.Join(l.path, name))
		if err != nil {
			return
		}
		kind = target.Mode().Type()
	}
	switch {
	case kind.IsDir():
		l.folders = append(l.folders, name)
	case kind.IsRegular() && photo.HasReadExtension(name):
		l.pictures = append(l.pictures, name)
	}
}

// folderProblem says in a person's words why a folder can't be read.
func folderProblem(err error) error {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s: %w", lang.L("You have no permission to read this folder"), fs.ErrPermission)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: %w", lang.L("This folder is no longer there"), fs.ErrNotExist)
	}
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	return fmt.Errorf("%s: %w", lang.L("This folder can't be read"), err)
}

// folderPlace is a starting point the picker offers.
type folderPlace struct{ title, path string }

// folderPlaces are those of the usual places that exist.
func folderPlaces() []folderPlace {
	var places []folderPlace
	if home, err := os.UserHomeDir(); err == nil {
		dirs := userDirs(home)
		places = append(
			places,
			folderPlace{lang.L("Home"), home},
			folderPlace{lang.L("Pictures"), cmp.Or(dirs["XDG_PICTURES_DIR"], filepath.Join(home, "Pictures"))},
			folderPlace{lang.L("Desktop"), cmp.Or(dirs["XDG_DESKTOP_DIR"], filepath.Join(home, "Desktop"))},
			folderPlace{lang.L("Downloads"), cmp.Or(dirs["XDG_DOWNLOAD_DIR"], filepath.Join(home, "Downloads"))},
		)
	}
	for _, volume := range volumes() {
		places = append(places, folderPlace{cmp.Or(strings.TrimSuffix(filepath.Base(volume), `\`), volume), volume})
	}
	return slices.DeleteFunc(places, func(p folderPlace) bool {
		info, err := os.Stat(p.path)
		return err != nil || !info.IsDir()
	})
}

// volumes are where removable and further drives are mounted.
func volumes() []string {
	if runtime.GOOS == "windows" {
		var drives []string
		for letter := 'A'; letter <= 'Z'; letter++ {
			drives = append(drives, string(letter)+`:\`)
		}
		return drives
	}
	var found []string
	for _, pattern := range []string{"/Volumes/*", "/media/*/*", "/run/media/*/*", "/mnt/*"} {
		matches, err := filepath.Glob(pattern)
		if err == nil {
			found = append(found, matches...)
		}
	}
	return found
}

// userDirs reads the names that a Linux desktop gave its folders (freedesktop.org, xdg-user-dirs).
func userDirs(home string) map[string]string {
	config := cmp.Or(os.Getenv("XDG_CONFIG_HOME"), filepath.Join(home, ".config"))
	file, err := os.Open(filepath.Join(config, "user-dirs.dirs"))
	if err != nil {
		return nil
	}
	defer file.Close()
	dirs := map[string]string{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		name, value, ok := strings.Cut(strings.TrimSpace(lines.Text()), "=")
		if ok && !strings.HasPrefix(name, "#") {
			dirs[name] = strings.Replace(strings.Trim(value, `"`), "$HOME", home, 1)
		}
	}
	return dirs
}
