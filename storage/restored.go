// A database that was restored: it lacks what was done after it was copied.

package storage

import (
	"errors"
	"fmt"
	"os"

	"go.etcd.io/bbolt"
)

var (
	// backupKey marks a copy that this program made as a backup.
	backupKey = []byte("backup")
	// fileKey is which file the database is, where the system tells: a copy of
	// it, whoever made it, is another.
	fileKey = []byte("file")
)

// markBackup marks a copy of a database.
func markBackup(path string) error {
	bolt, err := openBolt(path, false)
	if err != nil {
		return openError(path, err)
	}
	err = bolt.Update(func(tx *bbolt.Tx) error {
		meta, err := tx.CreateBucketIfNotExists(metaBucket)
		if err != nil {
			return err
		}
		return meta.Put(backupKey, []byte("true"))
	})
	if closing := bolt.Close(); err == nil {
		err = closing
	}
	return diskError(err)
}

// Restored reports whether the database may lack what was done lately: it is a
// copy that took the place of another (a backup, or a file that was put here
// from elsewhere, or written into the same file), or the header of its last
// transaction was damaged. Where that, or which file it is, isn't settled,
// Settle is to be called.
func (db *DB) Restored() (restored, settled bool, err error) {
	file := fileIdentity(db.path)
	err = db.View(func(tx *Tx) error {
		meta := tx.bolt.Bucket(metaBucket)
		known, backup := string(meta.Get(fileKey)), meta.Get(backupKey) != nil
		restored = db.behind || backup || known != "" && file != "" && known != file
		settled = !restored && known == file && db.marked
		return nil
	})
	return restored, settled, err
}

// Settle provides, in one transaction, for what a restored database may lack,
// and notes that it did.
func (db *DB) Settle(provide func(*Tx) error) error {
	err := db.Update(func(tx *Tx) error {
		meta := tx.bolt.Bucket(metaBucket)
		if err := errors.Join(provide(tx), meta.Delete(backupKey), meta.Delete(departureKey)); err != nil {
			return err
		}
		if file := fileIdentity(db.path); file != "" {
			return meta.Put(fileKey, []byte(file))
		}
		return nil
	})
	if err != nil {
		return err
	}
	// Where it fails, the database counts as restored once more.
	_ = db.Depart()
	return nil
}

// fileIdentity is the file's number in its file system, as JSON; "" where
// there is none.
func fileIdentity(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	number, known := inode(info)
	if !known {
		return ""
	}
	return fmt.Sprintf(`"%d"`, number)
}
