// Backups of the database: whole, verified, the last three days'.

package storage

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.etcd.io/bbolt"

	"github.com/maquette-studio/maquette/storage/dbcheck"
)

const (
	backupFolder     = "backups"             // beside the database
	backupTime       = "20060102-150405.000" // UTC, sorts by time
	backupsKept      = 3
	beforeMigration  = ".before-v"
	backupEvery      = 24 * time.Hour
	backupNameSuffix = ".db"
)

// Backup writes a consistent copy of the database to path while others read
// and write: what it holds, without what was once in its free pages. The copy is
// verified before it takes the place of an older one. Errors: ErrDiskFull,
// ErrReadOnly, ErrDamaged, or the system's own.
func (db *DB) Backup(path string) error {
	tmp, err := db.copied(filepath.Dir(path))
	if err == nil {
		err = moveInto(tmp, path)
	}
	if err != nil {
		return fmt.Errorf("backing up the database: %w", err)
	}
	return nil
}

// copied is a verified copy under a name of its own in dir. The file is copied
// page by page and looked at first, so that only whole pages are walked over.
func (db *DB) copied(dir string) (path string, err error) {
	pages, err := writeTemp(dir, 0o600, func(w io.Writer) error {
		return db.View(func(tx *Tx) error { return db.copyTo(w, tx.bolt) })
	})
	if err != nil {
		return "", err
	}
	defer os.Remove(pages)
	if err := dbcheck.Check(pages); err != nil {
		return "", openError(db.path, err)
	}
	path, err = writeTemp(dir, 0o600, func(io.Writer) error { return nil })
	if err != nil {
		return "", err
	}
	if err = errors.Join(compact(pages, path), markBackup(path)); err == nil {
		err = dbcheck.Check(path)
	}
	if err != nil {
		os.Remove(path)
		return "", openError(db.path, err)
	}
	return path, nil
}

// compactAtOnce bounds the memory that compacting takes, bytes of records.
const compactAtOnce = 16 << 20

// compact writes what one database holds into another, which is empty.
func compact(from, into string) error {
	source, err := openBolt(from, true)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := openBolt(into, false)
	if err != nil {
		return err
	}
	return errors.Join(bbolt.Compact(target, source, compactAtOnce), target.Close())
}

func (db *DB) copyTo(w io.Writer, tx *bbolt.Tx) error {
	_, err := tx.WriteTo(w)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return damaged(db.path, fmt.Errorf("it was cut short: %w", err))
	}
	return err
}

// BackupDaily writes a backup into dir unless one there is less than a day
// old at now, and keeps the three newest. One that holds more than twice what
// any newer one does is kept beyond that. Other files in dir are left alone.
// A *ShrunkError says that all was done, and that the database holds far less
// than one of its backups.
func (db *DB) BackupDaily(dir string, now time.Time) error {
	names, err := backupNames(dir)
	if err != nil {
		return fmt.Errorf("backing up the database: %w", err)
	}
	shrunk := db.shrunk(dir, names)
	if slices.ContainsFunc(names, func(name string) bool { return isFresh(dir, name, now) }) {
		return shrunk.orNil()
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("backing up the database: %w", diskError(err))
	}
	name := backupPrefix + now.UTC().Format(backupTime) + backupNameSuffix
	if err := db.Backup(filepath.Join(dir, name)); err != nil {
		return err
	}
	// The new one is always kept, even if a wrong clock dated the others later.
	kept, err := rotate(dir, name, names)
	if err != nil {
		return err
	}
	if kept != nil && shrunk == nil {
		shrunk = db.against(*kept)
	}
	return shrunk.orNil()
}

// rotate removes from dir the older backups that nobody needs any more, now
// that there is another one. It returns the fullest that was kept although it
// is old, nil for none.
func rotate(dir, newest string, older []string) (kept *Backup, err error) {
	if len(older) < backupsKept {
		return nil, nil
	}
	surplus := older[:len(older)-backupsKept+1]
	fullest := 0 // of those that stay
	for _, name := range append([]string{newest}, older[len(surplus):]...) {
		if b := lookInto(filepath.Join(dir, name), time.Time{}); b.Err == nil {
			fullest = max(fullest, b.Total())
		}
	}
	for _, name := range slices.Backward(surplus) {
		made, _ := backupDate(name)
		old := lookInto(filepath.Join(dir, name), made)
		if old.Good() && !displaces(fullest, old.Total()) {
			fullest, kept = old.Total(), &old
			continue
		}
		if err := os.Remove(old.Path); err != nil {
			return nil, fmt.Errorf("removing an old backup: %w", diskError(err))
		}
	}
	return kept, nil
}

const backupPrefix = "maquette-"

// backupNames lists the daily backups in dir, oldest first.
func backupNames(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if _, ok := backupDate(e.Name()); ok && e.Type().IsRegular() {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names, nil
}

func backupDate(name string) (time.Time, bool) {
	rest, ok := strings.CutPrefix(name, backupPrefix)
	rest, ok2 := strings.CutSuffix(rest, backupNameSuffix)
	if !ok || !ok2 {
		return time.Time{}, false
	}
	at, err := time.Parse(backupTime, rest)
	return at, err == nil
}

// isFresh reports whether a backup is less than a day from now. One dated in
// the future, by a clock that was wrong, does not count, nor an empty file.
func isFresh(dir, name string, now time.Time) bool {
	at, ok := backupDate(name)
	age := now.Sub(at)
	if !ok || age >= backupEvery || age <= -time.Minute {
		return false
	}
	info, err := os.Stat(filepath.Join(dir, name))
	return err == nil && info.Size() > 0
}

// globEscape escapes what Glob would take for a pattern in a folder's name.
func globEscape(path string) string {
	return strings.NewReplacer("*", "[*]", "?", "[?]", "[", "[[]").Replace(path)
}
