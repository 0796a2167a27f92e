// Where the data directory is on each system, and what each path in it is called.

package storage

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// DataDir returns the folder that holds everything Maquette keeps:
// MAQUETTE_DATA when set, else the system's own place for application data
// (macOS: ~/Library/Application Support/Maquette, Windows:
// %LocalAppData%\Maquette, elsewhere: $XDG_DATA_HOME/maquette or
// ~/.local/share/maquette). The folder is not created.
func DataDir() (string, error) {
	if dir := os.Getenv("MAQUETTE_DATA"); dir != "" {
		abs, err := filepath.Abs(dir)
		if err != nil {
			return "", fmt.Errorf("finding the folder named by MAQUETTE_DATA: %w", err)
		}
		return abs, nil
	}
	return systemDataDir(runtime.GOOS, os.Getenv, os.UserHomeDir)
}

func systemDataDir(goos string, env func(string) string, home func() (string, error)) (string, error) {
	switch goos {
	case "windows":
		if local := env("LocalAppData"); local != "" {
			return filepath.Join(local, "Maquette"), nil
		}
		return "", errors.New("finding the data folder: %LocalAppData% is not set; set MAQUETTE_DATA to a folder")
	case "darwin":
		return underHome(home, "Library", "Application Support", "Maquette")
	default:
		// The XDG specification: a relative path is to be ignored.
		if xdg := env("XDG_DATA_HOME"); filepath.IsAbs(xdg) {
			return filepath.Join(xdg, "maquette"), nil
		}
		return underHome(home, ".local", "share", "maquette")
	}
}

func underHome(home func() (string, error), elem ...string) (string, error) {
	dir, err := home()
	if err != nil {
		return "", fmt.Errorf("finding the data folder: %w; set MAQUETTE_DATA to a folder", err)
	}
	return filepath.Join(append([]string{dir}, elem...)...), nil
}

// Layout names each path under one data directory.
type Layout struct {
	Root    string // the data directory itself
	DB      string // maquette.db: jobs, models, datasets, library records, settings
	Backups string // daily copies of maquette.db
	Library string // results and photos, by the hash of their content
	Thumbs  string // the thumbnail cache; may be deleted at any time
	Models  string // downloaded models
	Hosted  string // copies of photos that this computer serves itself, while a job needs them
	Copied  string // the bodies of requests that were copied as commands; kept for two days
	// Quarantine holds damaged files that a repair moved aside, as they were;
	// nothing refers to them. Made when there is one.
	Quarantine string
	Crashes    string // reports of crashes; made by whoever records them
}

// LayoutAt returns the layout of the data directory root. Nothing is created.
func LayoutAt(root string) Layout {
	return Layout{
		Root:    root,
		DB:      filepath.Join(root, "maquette.db"),
		Backups: filepath.Join(root, backupFolder),
		Library: filepath.Join(root, "library"),
		Thumbs:  filepath.Join(root, "thumbs"),
		Models:  filepath.Join(root, "models"),
		Hosted:  filepath.Join(root, "hosted"),
		Copied:  filepath.Join(root, "copied"),

		Quarantine: filepath.Join(root, "quarantine"),
		Crashes:    filepath.Join(root, "crashes"),
	}
}

// Make creates the data directory and the folders in it, readable by their
// owner only.
func (l Layout) Make() error {
	if err := os.MkdirAll(l.Root, 0o700); err != nil {
		return fmt.Errorf("creating the data folder: %w", diskError(err))
	}
	for _, dir := range []string{l.Backups, l.Library, l.Thumbs, l.Models, l.Hosted, l.Copied} {
		if err := makeFolder(dir); err != nil {
			return fmt.Errorf("creating the data folder: %w", diskError(err))
		}
	}
	return nil
}

// makeFolder makes a folder unless it is there. A file in its place is moved
// aside under a name with the date: it must not keep all else from being opened.
func makeFolder(dir string) error {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		if _, err := moveAside(dir, time.Now()); err != nil {
			return err
		}
	}
	return os.MkdirAll(dir, 0o700)
}

// Sweep removes temporary files that a killed program left more than an hour
// ago in any of the folders (Thumbs sweeps its own). Call it once at start.
func (l Layout) Sweep() error {
	return errors.Join(sweep(l.Root), sweep(l.Backups), sweep(l.Library), sweep(l.Models), sweep(l.Hosted), sweep(l.Copied))
}
