// The thumbnail cache on disk: of bounded size; all of it can be made again.

package storage

import (
	"container/list"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	thumbMagic  = "MqT1"
	thumbHeader = len(thumbMagic) + 4 // and the CRC-32C of what follows
	// touchEvery bounds how often reading an entry writes its time of use.
	touchEvery = time.Hour
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Thumbs is a folder of small files, together at most maxBytes: the ones not
// used for longest go first. Safe for concurrent use. A time of use is the
// file's modification time, exact to an hour across restarts.
type Thumbs struct {
	dir string
	max int64

	mu     sync.Mutex
	loaded bool
	size   int64
	recent *list.List // of thumbEntry, most recently used first
	byName map[string]*list.Element
}

type thumbEntry struct {
	name string
	size int64
	used time.Time
}

// OpenThumbs opens the cache in dir, creating it when missing. It is quick:
// what lies there is counted when the first entry is put.
func OpenThumbs(dir string, maxBytes int64) (*Thumbs, error) {
	if maxBytes <= 0 {
		return nil, fmt.Errorf("opening the thumbnail cache: a size of %d bytes holds nothing", maxBytes)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("opening the thumbnail cache: %w", diskError(err))
	}
	return &Thumbs{dir: dir, max: maxBytes, recent: list.New(), byName: map[string]*list.Element{}}, nil
}

// ThumbKey is the key of a picture's thumbnail: the hash of its content, and
// its longest edge in pixels.
func ThumbKey(hash string, edge int) string { return fmt.Sprintf("%s-%d", hash, edge) }

// Get returns the bytes put under key, and whether they are there. A damaged
// entry is dropped and is a miss.
func (t *Thumbs) Get(key string) ([]byte, bool) {
	name := thumbName(key)
	path := filepath.Join(t.dir, name)
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, false
	}
	if !thumbWhole(b) {
		t.drop(name)
		return nil, false
	}
	t.use(name, path)
	return b[thumbHeader:], true
}

// thumbWhole reports whether an entry is what was put.
func thumbWhole(b []byte) bool {
	return len(b) >= thumbHeader && string(b[:len(thumbMagic)]) == thumbMagic &&
		binary.LittleEndian.Uint32(b[len(thumbMagic):]) == crc32.Checksum(b[thumbHeader:], castagnoli)
}

// Put keeps b under key, and drops the entries not used for longest until all
// fit. An entry larger than the whole cache is not kept, without an error.
// Errors: ErrDiskFull, ErrReadOnly, or the system's own; the cache stays good.
func (t *Thumbs) Put(key string, b []byte) error {
	size := int64(len(b) + thumbHeader)
	if size > t.max {
		return nil
	}
	name := thumbName(key)
	entry := binary.LittleEndian.AppendUint32([]byte(thumbMagic), crc32.Checksum(b, castagnoli))
	tmp, err := t.writeTemp(name, append(entry, b...))
	if err != nil {
		return fmt.Errorf("caching a thumbnail: %w", diskError(err))
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.place(tmp, thumbEntry{name: name, size: size, used: time.Now()}); err != nil {
		os.Remove(tmp)
		return fmt.Errorf("caching a thumbnail: %w", diskError(err))
	}
	return nil
}

// place moves a written entry in and the oldest ones out; the caller holds the lock.
func (t *Thumbs) place(tmp string, e thumbEntry) error {
	if err := t.load(); err != nil {
		return err
	}
	if err := os.Rename(tmp, filepath.Join(t.dir, e.name)); err != nil {
		return err
	}
	t.forget(e.name)
	t.add(e)
	for t.size > t.max {
		oldest := t.recent.Back().Value.(thumbEntry).name
		t.forget(oldest)
		os.Remove(filepath.Join(t.dir, oldest))
	}
	return nil
}

// writeTemp writes an entry beside its place. It is not synced: the checksum
// finds what a power cut damaged.
func (t *Thumbs) writeTemp(name string, b []byte) (path string, err error) {
	folder := filepath.Join(t.dir, filepath.Dir(name))
	if err := os.Mkdir(folder, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	tmp, err := os.CreateTemp(folder, tempPrefix)
	if err != nil {
		return "", err
	}
	_, err = tmp.Write(b)
	if closeErr := tmp.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		os.Remove(tmp.Name())
	}
	return tmp.Name(), err
}

// load counts what lies in the folder, once, and removes what a kill left
// half written; the caller holds the lock.
func (t *Thumbs) load() error {
	if t.loaded {
		return nil
	}
	var entries []thumbEntry
	var abandoned []string
	err := filepath.WalkDir(t.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return ignoreMissing(err)
		}
		info, err := d.Info()
		if err != nil {
			return ignoreMissing(err)
		}
		if strings.HasPrefix(d.Name(), tempPrefix) {
			if time.Since(info.ModTime()) > tempAge {
				abandoned = append(abandoned, path)
			}
			return nil
		}
		name, err := filepath.Rel(t.dir, path)
		entries = append(entries, thumbEntry{name: name, size: info.Size(), used: info.ModTime()})
		return err
	})
	if err != nil {
		return err
	}
	slices.SortFunc(entries, func(a, b thumbEntry) int { return a.used.Compare(b.used) })
	for _, e := range entries {
		t.add(e)
	}
	for _, path := range abandoned {
		os.Remove(path)
	}
	t.loaded = true
	return nil
}

// ignoreMissing passes over what another goroutine removed or renamed meanwhile.
func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (t *Thumbs) add(e thumbEntry) {
	t.byName[e.name] = t.recent.PushFront(e)
	t.size += e.size
}

func (t *Thumbs) forget(name string) {
	el, ok := t.byName[name]
	if !ok {
		return
	}
	t.size -= el.Value.(thumbEntry).size
	t.recent.Remove(el)
	delete(t.byName, name)
}

func (t *Thumbs) drop(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.forget(name)
	os.Remove(filepath.Join(t.dir, name))
}

// use notes that an entry was read, on disk too if that was not noted lately.
func (t *Thumbs) use(name, path string) {
	now := time.Now()
	t.mu.Lock()
	el, ok := t.byName[name]
	var last time.Time
	if ok {
		t.recent.MoveToFront(el)
		e := el.Value.(thumbEntry)
		if last = e.used; now.Sub(last) >= touchEvery {
			e.used = now
			el.Value = e
		}
	}
	t.mu.Unlock()
	if !ok {
		if info, err := os.Stat(path); err == nil {
			last = info.ModTime()
		}
	}
	if now.Sub(last) >= touchEvery {
		_ = os.Chtimes(path, now, now) // only the order of eviction would suffer
	}
}

// thumbName makes any key a safe file name, spread over 256 folders.
func thumbName(key string) string {
	sum := sha256.Sum256([]byte(key))
	name := hex.EncodeToString(sum[:16])
	return filepath.Join(name[:2], name)
}
