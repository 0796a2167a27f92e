// Tables: records of one Go type, kept as JSON in one bbolt bucket.

package storage

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// RecordError is a record that is there but cannot be decoded.
type RecordError struct {
	Table string
	Key   string
	Err   error
}

func (e *RecordError) Error() string {
	return fmt.Sprintf("record %q in %s cannot be read: %v", e.Key, e.Table, e.Err)
}

// Unwrap returns what the decoder said.
func (e *RecordError) Unwrap() error { return e.Err }

// Table is a named set of records of type T, in key order.
type Table[T any] struct{ name string }

// NewTable names a table; it comes into being with its first record. The name
// is part of the file's schema.
func NewTable[T any](name string) Table[T] { return Table[T]{name: name} }

// Get returns the record at key and whether it is there. One that is there but
// cannot be decoded gives true and a RecordError.
func (t Table[T]) Get(tx *Tx, key string) (T, bool, error) {
	var v T
	bucket := tx.bolt.Bucket([]byte(t.name))
	if bucket == nil {
		return v, false, nil
	}
	b := bucket.Get([]byte(key))
	if b == nil {
		return v, false, nil
	}
	if err := json.Unmarshal(b, &v); err != nil {
		var zero T
		return zero, true, &RecordError{Table: t.name, Key: key, Err: err}
	}
	return v, true, nil
}

// Put writes v at key, replacing what was there. A key is 1 to 32,768 bytes.
func (t Table[T]) Put(tx *Tx, key string, v T) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("writing %q to %s: %w", key, t.name, err)
	}
	bucket, err := tx.bolt.CreateBucketIfNotExists([]byte(t.name))
	if err != nil {
		return fmt.Errorf("writing %q to %s: %w", key, t.name, err)
	}
	if err := bucket.Put([]byte(key), b); err != nil {
		return fmt.Errorf("writing %q to %s: %w", key, t.name, err)
	}
	return nil
}

// Delete removes the record at key. A missing one is no error.
func (t Table[T]) Delete(tx *Tx, key string) error {
	bucket := tx.bolt.Bucket([]byte(t.name))
	if bucket == nil {
		return nil
	}
	if err := bucket.Delete([]byte(key)); err != nil {
		return fmt.Errorf("deleting %q from %s: %w", key, t.name, err)
	}
	return nil
}

// Each calls fn with every record whose key begins with prefix, in key order,
// until fn returns an error. A record that cannot be decoded is passed over;
// all of those are in the returned error as RecordErrors, joined with fn's.
// fn must not write to the table.
func (t Table[T]) Each(tx *Tx, prefix string, fn func(key string, v T) error) error {
	bucket := tx.bolt.Bucket([]byte(t.name))
	if bucket == nil {
		return nil
	}
	var bad []error
	cursor := bucket.Cursor()
	for k, b := cursor.Seek([]byte(prefix)); k != nil && bytes.HasPrefix(k, []byte(prefix)); k, b = cursor.Next() {
		var v T
		key := string(k)
		if err := json.Unmarshal(b, &v); err != nil {
			bad = append(bad, &RecordError{Table: t.name, Key: key, Err: err})
			continue
		}
		if err := fn(key, v); err != nil {
			if bad == nil {
				return err
			}
			return errors.Join(append(bad, err)...)
		}
	}
	return errors.Join(bad...)
}
