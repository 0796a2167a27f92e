// The schema's version, and the way from an older one to this program's.

package storage

import (
	"errors"
	"fmt"
	"strconv"

	"go.etcd.io/bbolt"
)

// migration brings the database from one schema version to the next, inside
// one transaction.
type migration func(*Tx) error

// migrations lead from version 1 to the current one: migrations[0] from 1 to
// 2, and so on. Only ever append.
var migrations []migration

var (
	metaBucket = []byte("meta")
	schemaKey  = []byte("schema")
)

// migrate brings the schema up to date, each step in a transaction of its own,
// after a backup beside the database.
func (db *DB) migrate(migrations []migration) error {
	current := len(migrations) + 1
	version, err := db.schemaVersion()
	switch {
	case err != nil:
		return err
	case version > current:
		return fmt.Errorf("%w (its schema is %d, this program's is %d)", ErrNewer, version, current)
	case version == current:
		return nil
	case version == 0:
		return db.Update(func(tx *Tx) error { return setSchemaVersion(tx, current) })
	}
	if err := db.Backup(fmt.Sprintf("%s%s%d", db.path, beforeMigration, version+1)); err != nil {
		return err
	}
	for ; version < current; version++ {
		err := db.Update(func(tx *Tx) error {
			if err := migrations[version-1](tx); err != nil {
				return err
			}
			return setSchemaVersion(tx, version+1)
		})
		if err != nil {
			return fmt.Errorf("bringing the database from schema %d to %d: %w", version, version+1, err)
		}
	}
	return nil
}

// schemaVersion returns 0 for a database in which nothing was ever written.
func (db *DB) schemaVersion() (version int, err error) {
	err = db.View(func(tx *Tx) error {
		meta := tx.bolt.Bucket(metaBucket)
		if meta == nil {
			return tx.bolt.ForEach(func([]byte, *bbolt.Bucket) error {
				return damaged(db.path, errors.New("it was not made by Maquette"))
			})
		}
		version, err = strconv.Atoi(string(meta.Get(schemaKey)))
		if err != nil || version < 1 {
			return damaged(db.path, errors.New("its schema version cannot be read"))
		}
		return nil
	})
	return version, err
}

func setSchemaVersion(tx *Tx, version int) error {
	meta, err := tx.bolt.CreateBucketIfNotExists(metaBucket)
	if err != nil {
		return err
	}
	return meta.Put(schemaKey, strconv.AppendInt(nil, int64(version), 10))
}
