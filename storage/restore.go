// Putting a database in the place of one that is damaged or missing.

package storage

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/maquette-studio/maquette/storage/dbcheck"
)

// foundAfterKey notes since when files may lie in the library whose records
// the database lacks, as RFC 3339.
var foundAfterKey = []byte("found_after")

// asideTime dates what is moved aside; UTC.
const asideTime = "20060102-150405"

// refersBeside reports whether files lie beside the database at path that only
// a database tells the meaning of: pictures, models, or backups that hold something.
func refersBeside(path string) bool {
	l := LayoutAt(filepath.Dir(path))
	for _, dir := range []string{l.Library, l.Models} {
		if holdsFile(dir) {
			return true
		}
	}
	for _, backup := range Backups(path) {
		// One that can't be read once held something, for all that is known.
		if backup.Good() || backup.Err != nil {
			return true
		}
	}
	return false
}

// errHolds ends a walk.
var errHolds = errors.New("there is one")

func holdsFile(dir string) bool {
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && !strings.HasPrefix(d.Name(), tempPrefix) {
			return errHolds
		}
		return nil
	})
	return errors.Is(err, errHolds)
}

// Restore puts a copy of a backup in the place of the database at path, which
// nobody may have open. What lay there is moved aside, to a name with the date;
// aside is that name, "" where nothing lay there. The copy is marked as
// restored. A kill in between leaves the old file or none.
// Errors: ErrInUse, ErrDiskFull, ErrReadOnly, ErrDamaged where the backup is,
// or the system's own.
func Restore(path, backup string, now time.Time) (aside string, err error) {
	info, err := os.Stat(backup)
	if err != nil {
		return "", fmt.Errorf("restoring the database: %w", BaseNameOnly(err))
	}
	made, daily := backupDate(filepath.Base(backup))
	if !daily {
		made = info.ModTime()
	}
	return replace(path, now, made, func(tmp string) error {
		from, err := os.Open(backup)
		if err != nil {
			return err
		}
		defer from.Close()
		to, err := os.OpenFile(tmp, os.O_WRONLY|os.O_TRUNC, 0o600)
		if err != nil {
			return err
		}
		_, err = io.Copy(to, from)
		if closing := to.Close(); err == nil {
			err = closing
		}
		if err == nil {
			err = dbcheck.Check(tmp)
		}
		return err
	})
}

// Rebuild is Restore with an empty database, for where there is no backup: what
// it lacks is made again from the files that lie beside it.
func Rebuild(path string, now time.Time) (aside string, err error) {
	return replace(path, now, time.Time{}, func(string) error { return nil })
}

// replace moves the database aside and another in its place, which fill makes
// of an empty file.
func replace(path string, now, foundAfter time.Time, fill func(tmp string) error) (aside string, err error) {
	if bolt, err := openBolt(path, true); err == nil {
		bolt.Close()
	} else if errors.Is(err, bolterrors.ErrTimeout) {
		return "", fmt.Errorf("restoring the database: %w", ErrInUse)
	}
	tmp, err := writeTemp(filepath.Dir(path), 0o600, func(io.Writer) error { return nil })
	if err != nil {
		return "", fmt.Errorf("restoring the database: %w", err)
	}
	err = fill(tmp)
	if err == nil {
		err = markRestored(tmp, foundAfter)
	}
	if err == nil {
		aside, err = moveAside(path, now)
	}
	if err != nil {
		os.Remove(tmp)
		return "", fmt.Errorf("restoring the database: %w", openError(path, err))
	}
	if err := moveInto(tmp, path); err != nil {
		return aside, fmt.Errorf("restoring the database: %w", err)
	}
	return aside, nil
}

// markRestored marks a database as one that lacks what was done after a time.
func markRestored(path string, foundAfter time.Time) error {
	bolt, err := openBolt(path, false)
	if err != nil {
		return err
	}
	err = bolt.Update(func(tx *bbolt.Tx) error {
		meta, err := tx.CreateBucketIfNotExists(metaBucket)
		if err != nil {
			return err
		}
		if meta.Get(schemaKey) == nil {
			err = setSchemaVersion(&Tx{bolt: tx}, len(migrations)+1)
		}
		return errors.Join(err, meta.Put(backupKey, []byte("true")),
			meta.Put(foundAfterKey, []byte(foundAfter.UTC().Format(time.RFC3339))))
	})
	if closing := bolt.Close(); err == nil {
		err = closing
	}
	return err
}

// moveAside renames the file at path to a free name with the date; one that is
// missing is no error.
func moveAside(path string, now time.Time) (aside string, err error) {
	stem := path + ".damaged-" + now.UTC().Format(asideTime)
	for n := 1; ; n++ {
		aside = stem
		if n > 1 {
			aside = fmt.Sprintf("%s-%d", stem, n)
		}
		if _, err := os.Lstat(aside); errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	err = os.Rename(path, aside)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return aside, err
}

// FoundAfter returns since when files of the library may lack their records, by
// the files' own times, because the database was restored or rebuilt; !restored
// where it wasn't, or where that has been seen to.
func (db *DB) FoundAfter() (after time.Time, restored bool, err error) {
	err = db.View(func(tx *Tx) error {
		text := tx.bolt.Bucket(metaBucket).Get(foundAfterKey)
		if text == nil {
			return nil
		}
		restored = true
		after, err = time.Parse(time.RFC3339, string(text))
		return err
	})
	return after, restored, err
}

// FoundAll notes, in a transaction, that those files have their records.
func (db *DB) FoundAll(tx *Tx) error { return tx.bolt.Bucket(metaBucket).Delete(foundAfterKey) }
