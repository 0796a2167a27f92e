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
// and write. The copy is verified before it takes the place of an older one.
// Errors: ErrDiskFull, ErrReadOnly, ErrDamaged, or the system's own.
func (db *DB) Backup(path string) error {
	tmp, err := writeTemp(filepath.Dir(path), 0o600, func(w io.Writer) error {
		return db.View(func(tx *Tx) error { return db.copyTo(w, tx.bolt) })
	})
	if err != nil {
		return fmt.Errorf("backing up the database: %w", err)
	}
	if err := markBackup(tmp); err != nil {
		os.Remove(tmp)
		return fmt.Errorf("backing up the database: %w", err)
	}
	if err := dbcheck.Check(tmp); err != nil {
		os.Remove(tmp)
		return fmt.Errorf("backing up the database: %w", openError(db.path, err))
	}
	if err := moveInto(tmp, path); err != nil {
		return fmt.Errorf("backing up the database: %w", err)
	}
	return nil
}

func (db *DB) copyTo(w io.Writer, tx *bbolt.Tx) error {
	_, err := tx.WriteTo(w)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return damaged(db.path, fmt.Errorf("it was cut short: %w", err))
	}
	return err
}

// BackupDaily writes a backup into dir unless one there is less than a day
// old at now, and keeps the three newest. Other files in dir are left alone.
func (db *DB) BackupDaily(dir string, now time.Time) error {
	names, err := backupNames(dir)
	if err != nil {
		return fmt.Errorf("backing up the database: %w", err)
	}
	if slices.ContainsFunc(names, func(name string) bool { return isFresh(name, now) }) {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("backing up the database: %w", diskError(err))
	}
	name := backupPrefix + now.UTC().Format(backupTime) + backupNameSuffix
	if err := db.Backup(filepath.Join(dir, name)); err != nil {
		return err
	}
	// The new one is always kept, even if a wrong clock dated the others later.
	for len(names) >= backupsKept {
		if err := os.Remove(filepath.Join(dir, names[0])); err != nil {
			return fmt.Errorf("removing an old backup: %w", diskError(err))
		}
		names = names[1:]
	}
	return nil
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
// the future, by a clock that was wrong, does not count.
func isFresh(name string, now time.Time) bool {
	at, ok := backupDate(name)
	age := now.Sub(at)
	return ok && age < backupEvery && age > -time.Minute
}

// newestBackup returns the path of the newest backup of the database at path,
// daily or before a migration, "" when there is none.
func newestBackup(path string) string {
	candidates, _ := filepath.Glob(globEscape(path) + beforeMigration + "*")
	dir := filepath.Join(filepath.Dir(path), backupFolder)
	names, _ := backupNames(dir)
	for _, name := range names {
		candidates = append(candidates, filepath.Join(dir, name))
	}
	var newest string
	var newestTime time.Time
	for _, c := range candidates {
		info, err := os.Stat(c)
		if err == nil && !info.ModTime().Before(newestTime) {
			newest, newestTime = c, info.ModTime()
		}
	}
	return newest
}

// globEscape escapes what Glob would take for a pattern in a folder's name.
func globEscape(path string) string {
	return strings.NewReplacer("*", "[*]", "?", "[?]", "[", "[[]").Replace(path)
}
