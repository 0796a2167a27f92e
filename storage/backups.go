// Which backups there are, what is in them, and which of them is good.

package storage

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"github.com/maquette-studio/maquette/storage/dbcheck"
)

// Backup is one backup of a database, as it was found when it was looked at.
type Backup struct {
	Path string
	Made time.Time
	// Records counts the readable records by table.
	Records map[string]int
	// Unreadable counts the others.
	Unreadable int
	// Err is why nothing of it can be used, nil where it is whole.
	Err error
}

// Total counts all readable records.
func (b Backup) Total() int {
	total := 0
	for _, n := range b.Records {
		total += n
	}
	return total
}

// Good reports whether it is whole and holds something.
func (b Backup) Good() bool { return b.Err == nil && b.Total() > 0 }

// Backups looks at every backup of the database at path, daily or before a
// migration: newest first. It reads all of them. A folder of them that can't be
// listed stands last, as one that can't be used.
func Backups(path string) []Backup {
	dir := filepath.Join(filepath.Dir(path), backupFolder)
	names, err := backupNames(dir)
	var found []Backup
	if errors.Is(err, fs.ErrPermission) {
		found = append(found, Backup{Path: dir, Err: BaseNameOnly(err)})
	}
	for _, name := range names {
		made, _ := backupDate(name)
		found = append(found, lookInto(filepath.Join(dir, name), made))
	}
	before, _ := filepath.Glob(globEscape(path) + beforeMigration + "*")
	for _, file := range before {
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
			found = append(found, lookInto(file, info.ModTime()))
		}
	}
	slices.SortStableFunc(found, func(a, b Backup) int { return b.Made.Compare(a.Made) })
	return found
}

// NewestGood is the newest of backups, newest first, that is good: the newest
// without an unreadable record, if there is one.
func NewestGood(backups []Backup) (Backup, bool) {
	for _, all := range []bool{true, false} {
		for _, b := range backups {
			if b.Good() && (b.Unreadable == 0 || !all) {
				return b, true
			}
		}
	}
	return Backup{}, false
}

// lookInto reads a whole backup.
func lookInto(path string, made time.Time) Backup {
	b := Backup{Path: path, Made: made, Records: map[string]int{}}
	b.Err = readBackup(path, func(table string, k, raw []byte) error {
		if _, err := readable(table, string(k), raw); err != nil {
			b.Unreadable++
		} else {
			b.Records[table]++
		}
		return nil
	})
	return b
}

// readBackup calls fn with every record of a database that nobody writes to.
func readBackup(path string, fn func(table string, k, raw []byte) error) (err error) {
	if err := dbcheck.Check(path); err != nil {
		return err
	}
	bolt, err := openBolt(path, true)
	if err != nil {
		return err
	}
	defer bolt.Close()
	defer faultsAsErrors(&err, func(fault error) error { return fault })()
	return bolt.View(func(tx *bbolt.Tx) error {
		if tx.Bucket(metaBucket) == nil {
			return errors.New("it was not made by Maquette")
		}
		return eachRaw(tx, fn)
	})
}

// eachRaw calls fn with every record as it lies in the file, but for what is
// noted of the file itself, and for choices of the moment.
func eachRaw(tx *bbolt.Tx, fn func(table string, k, raw []byte) error) error {
	return tx.ForEach(func(name []byte, bucket *bbolt.Bucket) error {
		if bytes.Equal(name, metaBucket) || string(name) == passing {
			return nil
		}
		return bucket.ForEach(func(k, raw []byte) error { return fn(string(name), k, raw) })
	})
}

// passing is the table of what is chosen just now: no content.
const passing = "choices"

// RecordID names a record.
type RecordID struct{ Table, Key string }

// FromBackups finds records in the newest backups of the database at path that
// hold them whole, and that good says are worth it. What none holds is left out.
func FromBackups(path string, wanted []RecordID, good func(RecordID, []byte) bool) map[RecordID][]byte {
	found := map[RecordID][]byte{}
	for _, b := range Backups(path) {
		if b.Err != nil || len(found) == len(wanted) {
			continue
		}
		_ = readBackup(b.Path, func(table string, k, raw []byte) error {
			id := RecordID{table, string(k)}
			if _, done := found[id]; done || !slices.Contains(wanted, id) {
				return nil
			}
			if record, err := readable(table, id.Key, raw); err == nil && good(id, record) {
				found[id] = bytes.Clone(record)
			}
			return nil
		})
	}
	return found
}

// ShrunkError says that the database holds far less than a backup of it, which
// is kept for that reason.
type ShrunkError struct {
	Now    int // records
	Backup Backup
}

func (e *ShrunkError) Error() string {
	return fmt.Sprintf("the database holds %d records, its backup of %s %d: that backup is kept",
		e.Now, e.Backup.Made.Local().Format(time.DateTime), e.Backup.Total())
}

// orNil is the error, or none.
func (e *ShrunkError) orNil() error {
	if e == nil {
		return nil
	}
	return e
}

// displaces reports whether a backup of so many records may take the place of
// one: it holds at least half as many.
func displaces(newer, older int) bool { return newer*2 >= older }

// records counts what the database holds.
func (db *DB) records() (n int, err error) {
	err = db.View(func(tx *Tx) error {
		return eachRaw(tx.bolt, func(string, []byte, []byte) error { n++; return nil })
	})
	return n, err
}

// shrunk compares the database with the largest backup in dir, where that is
// so much larger a file that it may hold far more; nil where it doesn't, or
// where neither can be told.
func (db *DB) shrunk(dir string, names []string) *ShrunkError {
	var size int64
	if own, err := os.Stat(db.path); err == nil {
		size = own.Size()
	}
	var largest string
	var most int64
	for _, name := range names {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && info.Size() > most {
			largest, most = name, info.Size()
		}
	}
	if most <= size*2 {
		return nil
	}
	made, _ := backupDate(largest)
	backup := lookInto(filepath.Join(dir, largest), made)
	return db.against(backup)
}

// against compares the database with a backup.
func (db *DB) against(backup Backup) *ShrunkError {
	if now, err := db.records(); err == nil && backup.Good() && !displaces(now, backup.Total()) {
		return &ShrunkError{Now: now, Backup: backup}
	}
	return nil
}
