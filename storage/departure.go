// What is kept beside the database so that an older copy of it is known, even
// one that was written into the same file.

package storage

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"

	"go.etcd.io/bbolt"
)

// departureKey is the last departure that the database knows of.
var departureKey = []byte("departure")

// departure is what lies in a file beside the database. It is written anew
// before anything paid leaves, so that no copy of the database from before then
// fits to it, and no copy of both, because the file shows when it was changed.
type departure struct {
	ID string `json:"id"`
	// Before is the departure that the database knew of by then, "" for none,
	// and Tx its last transaction.
	Before string `json:"before"`
	Tx     int    `json:"tx"`
}

// knownDeparture is the same as the database knows it, from its next
// transaction on.
type knownDeparture struct {
	ID string `json:"id"`
	// Changed is when the system says that the file was last changed, which no
	// copying sets; "" where it doesn't tell.
	Changed string `json:"changed"`
}

func (db *DB) departurePath() string { return db.path + ".sent" }

// Depart notes beside the database that something paid is about to leave. To
// be called between the transaction with its intent and the request itself.
// Errors: ErrDiskFull, ErrReadOnly, or the system's own.
func (db *DB) Depart() error {
	db.departing.Lock()
	defer db.departing.Unlock()
	next := departure{ID: rand.Text()}
	err := db.View(func(tx *Tx) error {
		known, err := departureIn(tx)
		next.Before, next.Tx = known.ID, tx.bolt.ID()
		return err
	})
	if err != nil {
		return err
	}
	err = WriteFile(db.departurePath(), func(w io.Writer) error { return json.NewEncoder(w).Encode(next) })
	if err != nil {
		return err
	}
	db.unknown = &knownDeparture{ID: next.ID, Changed: changedAt(db.departurePath())}
	return nil
}

// knowDeparture writes the last departure into the database, with whatever
// else a transaction writes.
func (db *DB) knowDeparture(tx *bbolt.Tx) error {
	meta := tx.Bucket(metaBucket)
	if db.unknown == nil || meta == nil {
		return nil
	}
	encoded, err := json.Marshal(db.unknown)
	if err != nil {
		return err
	}
	return meta.Put(departureKey, encoded)
}

func departureIn(tx *Tx) (known knownDeparture, err error) {
	encoded := tx.bolt.Bucket(metaBucket).Get(departureKey)
	if encoded == nil {
		return known, nil
	}
	return known, json.Unmarshal(encoded, &known)
}

// misses reports whether something paid left since the database was as it is
// now: it is a copy from before. !marked where nothing beside it tells. It is to
// be asked before anything is written.
func (db *DB) misses() (missing, marked bool) {
	var known knownDeparture
	var tx int
	err := db.View(func(t *Tx) (err error) {
		if tx = t.bolt.ID(); t.bolt.Bucket(metaBucket) != nil {
			known, err = departureIn(t)
		}
		return err
	})
	encoded, reading := os.ReadFile(db.departurePath())
	if errors.Is(reading, fs.ErrNotExist) {
		return known.ID != "", false
	}
	var last departure
	if err != nil || reading != nil || json.Unmarshal(encoded, &last) != nil {
		return true, true // what can't be read fits to nothing
	}
	if known.ID == last.ID {
		changed := changedAt(db.departurePath())
		return known.Changed != "" && changed != "" && known.Changed != changed, true
	}
	// A kill may have come before the database knew of it.
	return known.ID != last.Before || tx < last.Tx, true
}
