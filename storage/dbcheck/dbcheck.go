// Package dbcheck checks the structure of a bbolt file by plain reads, before
// bbolt maps it into memory and trusts it: bbolt ends the process on pages it
// can't make sense of.
//
// It knows file format 2, as bbolt 1.5.0 writes it (internal/common in its
// source): pages with a 16-byte header, of branch, leaf, meta and freelist
// kind; numbers in the machine's byte order.
package dbcheck

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
)

const (
	// Bbolt is the version of bbolt whose files were looked at. Compare its
	// internal/common with this package before another one is used.
	Bbolt = "v1.5.0"
	// Format is the version of the file format, as it stands in the file.
	Format = 2
)

// ErrBroken is every problem that Check finds in a file.
var ErrBroken = errors.New("its structure is broken")

const (
	pageHeaderSize  = 16
	elementSize     = 16
	bucketSize      = 16
	metaSize        = 64
	branchFlag      = 0x01
	leafFlag        = 0x02
	freelistFlag    = 0x10
	bucketEntryFlag = 0x01
	boltMagic       = 0xED0CDAED
	noFreelist      = ^uint64(0)
	maxPageSize     = 1 << 24
)

var order = binary.NativeEndian

// Check verifies that every page reachable from the newest valid meta page
// lies within the file, is used once, and holds ordered elements within its
// bounds, and that none of those is listed as free. The file must not be
// written to meanwhile. A read error is returned as it is; any other problem
// is ErrBroken.
func Check(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	newest, err := newestMeta(f, info.Size())
	if err != nil {
		return err
	}
	c := &walk{file: f, meta: newest}
	if there := uint64(info.Size()) / uint64(c.pageSize); c.pages < 2 || c.pages > there {
		return broken("it should have %d pages but has %d: it was cut short", c.pages, there)
	}
	c.used = make([]bool, c.pages)
	c.used[0], c.used[1] = true, true
	if err := c.tree(c.root, 0, nil, nil); err != nil {
		return err
	}
	return c.freelist()
}

// LacksHeader reports whether one of the two headers is not what was written:
// the file is then read as it was one transaction earlier than it may have been.
func LacksHeader(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	first, ok := readMeta(f, 0)
	if !ok {
		return true, nil
	}
	_, ok = readMeta(f, int64(first.pageSize))
	return !ok, nil
}

func broken(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrBroken, fmt.Sprintf(format, args...))
}

// meta is what a meta page says.
type meta struct {
	pageSize             uint32
	root, freelistPage   uint64
	pages, transactionID uint64
}

// newestMeta returns the valid meta page with the highest transaction, the one
// bbolt will use.
func newestMeta(f *os.File, size int64) (meta, error) {
	first, ok := readMeta(f, 0)
	if ok {
		if second, ok := readMeta(f, int64(first.pageSize)); ok && second.transactionID > first.transactionID {
			return second, nil
		}
		return first, nil
	}
	for at := int64(1024); at <= maxPageSize && at < size; at *= 2 {
		if second, ok := readMeta(f, at); ok && int64(second.pageSize) == at {
			return second, nil
		}
	}
	return meta{}, broken("it has no valid header")
}

func readMeta(f *os.File, at int64) (meta, bool) {
	b := make([]byte, pageHeaderSize+metaSize)
	if _, err := f.ReadAt(b, at); err != nil {
		return meta{}, false
	}
	b = b[pageHeaderSize:]
	sum := fnv.New64a()
	sum.Write(b[:56])
	m := meta{
		pageSize:      order.Uint32(b[8:]),
		root:          order.Uint64(b[16:]),
		freelistPage:  order.Uint64(b[32:]),
		pages:         order.Uint64(b[40:]),
		transactionID: order.Uint64(b[48:]),
	}
	ok := order.Uint32(b) == boltMagic && order.Uint32(b[4:]) == Format &&
		order.Uint64(b[56:]) == sum.Sum64() &&
		m.pageSize >= 1024 && m.pageSize <= maxPageSize && m.pageSize&(m.pageSize-1) == 0
	return m, ok
}
