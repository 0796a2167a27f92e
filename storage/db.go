// The database: one bbolt file, opened by one process at a time.

package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/maquette-studio/maquette/storage/dbcheck"
)

var (
	// ErrInUse: another Maquette has the database open.
	ErrInUse = errors.New("another Maquette is using this data folder: close it first, or choose another folder with --data")
	// ErrDamaged: the database file is not what was written. It was not touched.
	ErrDamaged = errors.New("the database is damaged")
	// ErrNewer: the database was written by a newer Maquette. It was not touched.
	ErrNewer = errors.New("the database was written by a newer Maquette: update this one to open it")
)

// lockTimeout is how long Open waits for another process to let go: long
// enough for one that is just closing, too short to look like hanging.
const lockTimeout = 500 * time.Millisecond

// DamagedError says what is wrong with a database file and which its newest
// good backup is. It is ErrDamaged.
type DamagedError struct {
	Path   string // the damaged file, left as it was
	Backup string // the newest backup that is whole and holds something, "" when there is none
	Cause  error
}

func (e *DamagedError) Error() string {
	advice := "there is no good backup of it"
	if e.Backup != "" {
		advice = "the newest good backup is " + e.Backup
	}
	return fmt.Sprintf("%v: %v. %s was left untouched; %s", ErrDamaged, e.Cause, e.Path, advice)
}

// Unwrap makes the error both ErrDamaged and its cause.
func (e *DamagedError) Unwrap() []error { return []error{ErrDamaged, e.Cause} }

// DB is the open database. Its methods may be called from any goroutine.
type DB struct {
	bolt *bbolt.DB
	path string
	// behind reports that one of the file's headers was damaged when it was
	// opened, or that something paid left after it was copied, so that it may
	// lack what was written last.
	behind bool
	marked bool // something beside it tells so

	departing sync.Mutex
	unknown   *knownDeparture // the last departure, until a transaction has written it; with departing
}

// Open opens the database at path, creating it (0600) when missing and
// bringing an older schema up to date after a backup beside it. The whole file
// is checked before anything relies on it. Errors: ErrInUse, a DamagedError
// (ErrDamaged), ErrNewer, ErrDiskFull, ErrReadOnly, or the system's own.
func Open(path string) (*DB, error) { return open(path, migrations) }

func open(path string, migrations []migration) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("opening the database: %w", diskError(err))
	}
	if err := inspect(path); err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	behind := lacksHeader(path)
	bolt, err := openBolt(path, false)
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", openError(path, err))
	}
	db := &DB{bolt: bolt, path: path}
	missing, marked := db.misses()
	db.behind, db.marked = behind || missing, marked
	if err := db.migrate(migrations); err != nil {
		db.Close()
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	return db, nil
}

// inspect checks an existing file under a shared lock and by plain reads: bbolt
// trusts the pages it maps into memory, and a bad one can end the process in
// ways no recover catches (a fault in a goroutine of bbolt's own, endless
// recursion). Opened read-only, bbolt looks at nothing but the two meta pages.
func inspect(path string) error {
	info, err := os.Stat(path)
	missing := errors.Is(err, fs.ErrNotExist)
	if missing || err == nil && info.Size() == 0 {
		return inspectNothing(path, missing)
	}
	if err != nil {
		return err
	}
	if info.IsDir() {
		return damaged(path, errFolder)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a file", path)
	}
	bolt, err := openBolt(path, true)
	if err != nil {
		return openError(path, err)
	}
	defer bolt.Close()
	if err := dbcheck.Check(path); err != nil {
		return openError(path, err)
	}
	return nil
}

// inspectNothing judges a file that isn't there, or is empty: a new data
// directory has no more, but beside what only a database refers to it is lost.
func inspectNothing(path string, missing bool) error {
	switch {
	case !refersBeside(path):
		return nil
	case missing:
		return damaged(path, errMissing)
	}
	return damaged(path, errEmpty)
}

var (
	errMissing = errors.New("its file is missing, beside what it lists")
	errEmpty   = errors.New("its file is empty, beside what it lists")
	errFolder  = errors.New("a folder lies in the place of its file")
)

func lacksHeader(path string) bool {
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		return false
	}
	lacks, err := dbcheck.LacksHeader(path)
	return err == nil && lacks
}

func openBolt(path string, readOnly bool) (db *bbolt.DB, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		// bbolt panics on pages it cannot make sense of.
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", dbcheck.ErrBroken, r)
		}
	}()
	return bbolt.Open(path, 0o600, &bbolt.Options{
		Timeout:      lockTimeout,
		ReadOnly:     readOnly,
		FreelistType: bbolt.FreelistMapType,
		NoStatistics: true,
	})
}

// openError turns an error of bbolt's or the system's into one of this package's.
func openError(path string, err error) error {
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return ErrInUse
	case errors.Is(err, bolterrors.ErrInvalid),
		errors.Is(err, bolterrors.ErrVersionMismatch),
		errors.Is(err, bolterrors.ErrChecksum),
		errors.Is(err, dbcheck.ErrBroken):
		return damaged(path, err)
	}
	var pathErr *fs.PathError
	var errno interface{ Timeout() bool } // what system errors have in common
	if errors.As(err, &pathErr) || errors.As(err, &errno) {
		return diskError(err)
	}
	return damaged(path, err)
}

func damaged(path string, cause error) error {
	newest, _ := NewestGood(Backups(path))
	return &DamagedError{Path: path, Backup: newest.Path, Cause: cause}
}

// Close closes the database. It waits for transactions that are under way.
func (db *DB) Close() error {
	if err := db.bolt.Close(); err != nil {
		return fmt.Errorf("closing the database: %w", err)
	}
	return nil
}

// Check reads the whole file and verifies its structure, holding off writers
// meanwhile. A problem is ErrDamaged.
func (db *DB) Check() (err error) {
	defer db.faultsAsDamage(&err)()
	tx, err := db.bolt.Begin(true)
	if err != nil {
		return fmt.Errorf("checking the database: %w", err)
	}
	defer tx.Rollback()
	if err := dbcheck.Check(db.path); err != nil {
		return fmt.Errorf("checking the database: %w", openError(db.path, err))
	}
	return nil
}

// Tx is a transaction, valid inside the function it was given to.
type Tx struct{ bolt *bbolt.Tx }

// Update runs fn in a transaction that is on the disk when Update returns nil,
// and undone when fn or the disk fails. One Update runs at a time; fn must not
// call Update or View. Errors: fn's own, ErrDiskFull, ErrReadOnly, ErrDamaged.
func (db *DB) Update(fn func(*Tx) error) (err error) {
	db.departing.Lock()
	defer db.departing.Unlock()
	defer db.faultsAsDamage(&err)()
	var fnErr error
	err = db.bolt.Update(func(tx *bbolt.Tx) error {
		if fnErr = fn(&Tx{bolt: tx}); fnErr == nil {
			fnErr = db.knowDeparture(tx)
		}
		return fnErr
	})
	if err == nil {
		db.unknown = nil
	}
	if err == nil || fnErr != nil {
		return fnErr
	}
	return fmt.Errorf("writing to the database: %w", diskError(err))
}

// View runs fn in a transaction that sees the database as it is now, whatever
// is written meanwhile. A long one keeps the file growing; fn must not call
// Update. Errors: fn's own, ErrDamaged.
func (db *DB) View(fn func(*Tx) error) (err error) {
	defer db.faultsAsDamage(&err)()
	var fnErr error
	err = db.bolt.View(func(tx *bbolt.Tx) error {
		fnErr = fn(&Tx{bolt: tx})
		return fnErr
	})
	if err == nil || fnErr != nil {
		return fnErr
	}
	return fmt.Errorf("reading the database: %w", err)
}

func (db *DB) faultsAsDamage(err *error) func() {
	return faultsAsErrors(err, func(fault error) error { return damaged(db.path, fault) })
}

// faultsAsErrors makes a memory fault on the mapped file (it was cut short, or
// its disk failed, after the check) an error of its caller's instead of the
// end of the process. Every other panic is passed on. Use:
// defer faultsAsErrors(&err, wrap)()
func faultsAsErrors(err *error, wrap func(error) error) func() {
	old := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(old)
		r := recover()
		if r == nil {
			return
		}
		fault, ok := r.(interface {
			runtime.Error
			Addr() uintptr
		})
		if !ok {
			panic(r)
		}
		*err = wrap(fmt.Errorf("%w: reading it failed (%w)", dbcheck.ErrBroken, fault))
	}
}
