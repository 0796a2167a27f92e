// The sandbox's state on disk: JSON records in one bbolt file, each write on disk before it returns.

package sandbox

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// metaBucket holds the ports and the signing secret.
const metaBucket = "meta"

type store struct{ db *bbolt.DB }

func openStore(path string) (*store, error) {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Second / 2})
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, errors.New("another sandbox is using it")
	}
	if err != nil {
		return nil, err
	}
	return &store{db: db}, nil
}

func (s *store) close() error { return s.db.Close() }

// get reads a record into v and reports whether it was there.
func (s *store) get(bucket, key string, v any) (bool, error) {
	found := false
	err := s.db.View(func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte(bucket))
		if b == nil {
			return nil
		}
		data := b.Get([]byte(key))
		if data == nil {
			return nil
		}
		found = true
		return json.Unmarshal(data, v)
	})
	if err != nil {
		return false, fmt.Errorf("reading %s/%s: %w", bucket, key, err)
	}
	return found, nil
}

func (s *store) put(bucket, key string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("writing %s/%s: %w", bucket, key, err)
	}
	err = s.db.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists([]byte(bucket))
		if err != nil {
			return err
		}
		return b.Put([]byte(key), data)
	})
	if err != nil {
		return fmt.Errorf("writing %s/%s: %w", bucket, key, err)
	}
	return nil
}

// secret returns the random bytes kept under key, making them the first time.
func (s *store) secret(key string) ([]byte, error) {
	var secret []byte
	found, err := s.get(metaBucket, key, &secret)
	if err != nil || found {
		return secret, err
	}
	secret = randomBytes(32)
	return secret, s.put(metaBucket, key, secret)
}

// numberKey orders as the number does.
func numberKey(n int) string { return string(binary.BigEndian.AppendUint64(nil, uint64(n))) }

// getNumbered is get for a record that putNumbered wrote.
func (s *store) getNumbered(bucket string, n int, v any) (bool, error) {
	return s.get(bucket, numberKey(n), v)
}

// putNumbered writes a record under a number, so that eachRecord finds records in that order.
func (s *store) putNumbered(bucket string, n int, v any) error {
	return s.put(bucket, numberKey(n), v)
}

// eachRecord hands every record of a bucket to use, in key order.
func eachRecord[T any](s *store, bucket string, use func(T)) error {
	return s.db.View(func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte(bucket))
		if b == nil {
			return nil
		}
		return b.ForEach(func(_, data []byte) error {
			var v T
			if err := json.Unmarshal(data, &v); err != nil {
				return fmt.Errorf("reading a record of %s: %w", bucket, err)
			}
			use(v)
			return nil
		})
	})
}
