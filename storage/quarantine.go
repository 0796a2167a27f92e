// Records that can't be read: taken out of their table and kept as they are.

package storage

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
)

// Quarantined is a record that could not be read, as it lay in its table.
type Quarantined struct {
	Table  string    `json:"table"`
	Key    string    `json:"key"`
	Raw    []byte    `json:"raw"`
	Reason string    `json:"reason"`
	Found  time.Time `json:"found"`
	// Repaired is when a good record took its place; zero before that.
	Repaired time.Time `json:"repaired,omitzero"`
}

const quarantineTable = "quarantine"

var quarantined = NewTable[Quarantined](quarantineTable)

func quarantineKey(table, key string, raw []byte) string {
	sum := sha256.Sum256(raw)
	return table + "/" + key + "#" + hex.EncodeToString(sum[:4])
}

// Quarantine takes a record that can't be read out of its table and keeps its
// bytes.
func Quarantine(tx *Tx, bad *RecordError) error {
	q := Quarantined{Table: bad.Table, Key: bad.Key, Raw: bad.Raw, Reason: bad.Err.Error(), Found: time.Now()}
	if err := quarantined.Put(tx, quarantineKey(q.Table, q.Key, q.Raw), q); err != nil {
		return err
	}
	bucket := tx.bolt.Bucket([]byte(bad.Table))
	if bucket == nil {
		return nil
	}
	if err := bucket.Delete([]byte(bad.Key)); err != nil {
		return fmt.Errorf("moving %q of %s into quarantine: %w", bad.Key, bad.Table, err)
	}
	return nil
}

// Quarantined lists the records in quarantine for which no good one was found.
func (db *DB) Quarantined() (list []Quarantined, err error) {
	err = db.View(func(tx *Tx) error {
		return quarantined.Each(tx, "", func(_ string, q Quarantined) error {
			if q.Repaired.IsZero() {
				list = append(list, q)
			}
			return nil
		})
	})
	_, err = Unreadable(err)
	return list, err
}

// Load calls fn with every record of the table, in key order, and moves those
// that can't be read into quarantine. fn must not use the database.
func (t Table[T]) Load(db *DB, fn func(key string, v T) error) error {
	bad, err := Unreadable(db.View(func(tx *Tx) error { return t.Each(tx, "", fn) }))
	if err != nil || len(bad) == 0 {
		return err
	}
	return db.Update(func(tx *Tx) error { return quarantineAll(tx, bad) })
}

func quarantineAll(tx *Tx, bad []*RecordError) error {
	for _, one := range bad {
		if err := Quarantine(tx, one); err != nil {
			return err
		}
	}
	return nil
}

// LoadOne is Load for the record at key alone.
func (t Table[T]) LoadOne(db *DB, key string) (v T, found bool, err error) {
	err = db.View(func(tx *Tx) (err error) {
		v, found, err = t.Get(tx, key)
		return err
	})
	bad, err := Unreadable(err)
	if err != nil || len(bad) == 0 {
		return v, found, err
	}
	var none T
	return none, false, db.Update(func(tx *Tx) error { return quarantineAll(tx, bad) })
}

// EachRecord calls fn with the name of every record, and with why it can't be
// read or nil, whatever its type.
func (db *DB) EachRecord(fn func(id RecordID, bad *RecordError)) error {
	return db.View(func(tx *Tx) error {
		return tx.bolt.ForEach(func(name []byte, bucket *bbolt.Bucket) error {
			if string(name) == string(metaBucket) {
				return nil
			}
			table := string(name)
			return bucket.ForEach(func(k, raw []byte) error {
				id := RecordID{table, string(k)}
				if _, err := readable(table, id.Key, raw); err != nil {
					fn(id, &RecordError{Table: table, Key: id.Key, Raw: append([]byte(nil), raw...), Err: err})
				} else {
					fn(id, nil)
				}
				return nil
			})
		})
	})
}

// Repair puts a record's JSON, such as a backup's, in the place of one that is
// in quarantine, unless another has taken it meanwhile.
func Repair(tx *Tx, q Quarantined, record []byte) error {
	bucket, err := tx.bolt.CreateBucketIfNotExists([]byte(q.Table))
	if err != nil {
		return err
	}
	if bucket.Get([]byte(q.Key)) == nil {
		err = bucket.Put([]byte(q.Key), seal(q.Table, q.Key, record))
	}
	return errors.Join(err, MarkRepaired(tx, q))
}

// MarkRepaired notes that a good record took the place of one in quarantine.
// Its bytes stay.
func MarkRepaired(tx *Tx, q Quarantined) error {
	q.Repaired = time.Now()
	return quarantined.Put(tx, quarantineKey(q.Table, q.Key, q.Raw), q)
}

// Dismiss notes that nobody needs the record any more that lay at a key and is
// in quarantine. Its bytes stay.
func Dismiss(tx *Tx, table, key string) error {
	var list []Quarantined
	_, err := Unreadable(quarantined.Each(tx, table+"/"+key+"#", func(_ string, q Quarantined) error {
		if q.Repaired.IsZero() {
			list = append(list, q)
		}
		return nil
	}))
	for _, q := range list {
		err = errors.Join(err, MarkRepaired(tx, q))
	}
	return err
}
