// Tables: records of one Go type, kept as JSON with a checksum in one bbolt bucket.

package storage

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// RecordError is a record that is there but cannot be read: its checksum is
// wrong, or it is not what its table holds.
type RecordError struct {
	Table string
	Key   string
	Raw   []byte // as it lies in the database
	Err   error
}

func (e *RecordError) Error() string {
	return fmt.Sprintf("record %q in %s cannot be read: %v", e.Key, e.Table, e.Err)
}

// Unwrap returns why.
func (e *RecordError) Unwrap() error { return e.Err }

// Unreadable takes the RecordErrors out of what a reading returned, and returns
// what else went wrong.
func Unreadable(err error) (bad []*RecordError, rest error) {
	var record *RecordError
	switch e := err.(type) { //nolint:errorlint // a joined error is taken apart, not looked through
	case nil:
	case *RecordError:
		bad = append(bad, e)
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			more, other := Unreadable(one)
			bad, rest = append(bad, more...), errors.Join(rest, other)
		}
	default:
		if errors.As(err, &record) {
			return append(bad, record), nil
		}
		rest = err
	}
	return bad, rest
}

// Table is a named set of records of type T, in key order.
type Table[T any] struct{ name string }

// NewTable names a table; it comes into being with its first record. The name
// is part of the file's schema.
func NewTable[T any](name string) Table[T] { return Table[T]{name: name} }

// Name is what the table is called in the file.
func (t Table[T]) Name() string { return t.name }

// Get returns the record at key and whether it is there. One that is there but
// cannot be read gives true and a RecordError.
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
	v, err := t.decode(key, b)
	return v, true, err
}

// decode reads the record that lies at key as b.
func (t Table[T]) decode(key string, b []byte) (v T, err error) {
	record, err := unseal(t.name, key, b)
	if err == nil {
		err = json.Unmarshal(record, &v)
	}
	if err != nil {
		var zero T
		return zero, &RecordError{Table: t.name, Key: key, Raw: bytes.Clone(b), Err: err}
	}
	return v, nil
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
	if err := bucket.Put([]byte(key), seal(t.name, key, b)); err != nil {
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
// until fn returns an error. A record that cannot be read is passed over;
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
		key := string(k)
		v, err := t.decode(key, b)
		if err != nil {
			bad = append(bad, err)
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
