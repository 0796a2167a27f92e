// Package library is the pictures that were made: which there are, search,
// trash, copies handed out, and what is shown of them.
package library

import (
	"cmp"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/app/search"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// Picture is one result in the library: its file lies under its content hash,
// and this record says what made it.
type Picture struct {
	ID       string    `json:"id"`
	Job      string    `json:"job"`
	Task     string    `json:"task"`
	Service  string    `json:"service"`
	Hash     string    `json:"hash"`
	Ext      string    `json:"ext"`
	Width    int       `json:"width"`
	Height   int       `json:"height"`
	Bytes    int64     `json:"bytes"`
	Prompt   string    `json:"prompt,omitempty"`
	Model    string    `json:"model,omitempty"`
	Seed     *int64    `json:"seed,omitempty"`
	RemoteID string    `json:"remote_id,omitempty"`
	Created  time.Time `json:"created"`
	Trashed  time.Time `json:"trashed,omitzero"`
	// Unreadable says why nothing of it can be shown, Damaged what of it can't;
	// either way the file is what the service sent, kept as it came.
	Unreadable providers.Sentence `json:"unreadable,omitzero"`
	Damaged    providers.Sentence `json:"damaged,omitzero"`
}

var pictureTable = storage.NewTable[Picture]("pictures")

// Library is every picture: an index in memory, loaded once, above the records
// on disk and the files.
type Library struct {
	db      *storage.DB
	files   *storage.Files
	thumbs  *storage.Thumbs
	changed func(id string)
	inUse   func() map[string]bool
	ordered func(task string) string

	index
}

// Config is what a library works with.
type Config struct {
	DB     *storage.DB
	Files  *storage.Files
	Thumbs *storage.Thumbs
	// Changed is called after pictures came, went or changed, with the id of
	// the one that came or "".
	Changed func(id string)
	// InUse are the content hashes that others refer to: their files stay when
	// the trash is emptied.
	InUse func() map[string]bool
	// Ordered says what kind of picture a task's results are, as photo.Examine
	// takes it.
	Ordered func(task string) string
}

// index is the records in memory.
type index struct {
	mu      sync.RWMutex
	byID    map[string]*entry
	newest  []*entry // not trashed, newest first
	trashed []*entry
}

// entry is a picture with the text that search looks at.
type entry struct {
	Picture
	text string
}

func newEntry(p Picture) *entry {
	return &entry{p, search.Text(p.Prompt, p.Model, p.Service, p.Task, p.ID)}
}

// Load reads the records of all pictures.
func Load(c Config) (*Library, error) {
	l := &Library{db: c.DB, files: c.Files, thumbs: c.Thumbs, changed: c.Changed, inUse: c.InUse, ordered: c.Ordered}
	l.byID = map[string]*entry{}
	err := pictureTable.Load(c.DB, func(id string, p Picture) error {
		if p.Ext == photo.ExtVector && p.Unreadable.IsZero() {
			p.Unreadable = photo.Misplaced(p.Ext, l.ordered(p.Task))
		}
		e := newEntry(p)
		l.byID[id] = e
		if p.Trashed.IsZero() {
			l.newest = append(l.newest, e)
		} else {
			l.trashed = append(l.trashed, e)
		}
		return nil
	})
	if err != nil {
		return nil, providers.Errorf("loading the library: %v", err)
	}
	slices.Reverse(l.newest) // keys order by time, but for those that were found
	if !slices.IsSortedFunc(l.newest, byTime) {
		slices.SortFunc(l.newest, byTime)
	}
	return l, nil
}

// byTime orders newest first; ids settle ties.
func byTime(a, b *entry) int {
	return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(b.ID, a.ID))
}

func (l *index) add(p Picture) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := newEntry(p)
	l.byID[p.ID] = e
	at, _ := slices.BinarySearchFunc(l.newest, e, byTime)
	l.newest = slices.Insert(slices.Clone(l.newest), at, e)
}

// Picture returns the picture of that id, trashed or not.
func (l *Library) Picture(id string) (Picture, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	e, ok := l.byID[id]
	if !ok {
		return Picture{}, false
	}
	return e.Picture, true
}

func pictures(entries []*entry) []Picture {
	list := make([]Picture, len(entries))
	for i, e := range entries {
		list[i] = e.Picture
	}
	return list
}

// Trash returns what was deleted, newest deletion first, and what was deleted
// together as it stood; it can be restored.
func (l *Library) Trash() []Picture {
	l.mu.RLock()
	list := pictures(l.trashed)
	l.mu.RUnlock()
	slices.SortFunc(list, func(a, b Picture) int {
		return cmp.Or(b.Trashed.Compare(a.Trashed), b.Created.Compare(a.Created), cmp.Compare(b.ID, a.ID))
	})
	return list
}

// Delete moves pictures to the trash; Restore undoes it.
func (l *Library) Delete(ids ...string) error { return l.setTrashed(ids, time.Now()) }

// Restore takes pictures out of the trash.
func (l *Library) Restore(ids ...string) error { return l.setTrashed(ids, time.Time{}) }

func (l *Library) setTrashed(ids []string, at time.Time) error {
	changed := make([]Picture, 0, len(ids))
	for _, id := range ids {
		if p, ok := l.Picture(id); ok {
			p.Trashed = at
			changed = append(changed, p)
		}
	}
	err := l.db.Update(func(tx *storage.Tx) error {
		for _, p := range changed {
			if err := pictureTable.Put(tx, p.ID, p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return failure.Storage("changing the trash", err)
	}
	l.replace(changed)
	l.changed("")
	return nil
}

// replace takes over changed records in one pass, however many they are.
func (l *index) replace(changed []Picture) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range changed {
		l.byID[p.ID] = newEntry(p)
	}
	l.newest, l.trashed = nil, nil
	for _, e := range l.byID {
		if e.Trashed.IsZero() {
			l.newest = append(l.newest, e)
		} else {
			l.trashed = append(l.trashed, e)
		}
	}
	slices.SortFunc(l.newest, byTime)
}

// EmptyTrash removes what was deleted before a time for good, files included
// where no other picture or dataset has the same content.
func (l *Library) EmptyTrash(before time.Time) error {
	return l.removeTrashed("emptying the trash", func(p Picture) bool { return p.Trashed.Before(before) })
}

// Remove is EmptyTrash for single pictures; what isn't in the trash stays.
func (l *Library) Remove(ids ...string) error {
	wanted := make(map[string]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	return l.removeTrashed("deleting pictures for good", func(p Picture) bool { return wanted[p.ID] })
}

func (l *Library) removeTrashed(doing string, wanted func(Picture) bool) error {
	var gone []Picture
	for _, p := range l.Trash() {
		if wanted(p) {
			gone = append(gone, p)
		}
	}
	err := l.db.Update(func(tx *storage.Tx) error {
		for _, p := range gone {
			if err := pictureTable.Delete(tx, p.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return failure.Storage(doing, err)
	}
	l.drop(gone)
	l.changed("")
	return l.removeFiles(gone)
}

func (l *index) drop(gone []Picture) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range gone {
		delete(l.byID, p.ID)
	}
	l.trashed = slices.DeleteFunc(slices.Clone(l.trashed), func(e *entry) bool { return l.byID[e.ID] == nil })
}

func (l *Library) removeFiles(gone []Picture) error {
	used := l.inUse()
	for _, p := range append(l.Search(""), l.Trash()...) {
		used[p.Hash] = true
	}
	var errs []error
	for _, p := range gone {
		if !used[p.Hash] {
			errs = append(errs, l.files.Remove(p.Hash, p.Ext))
		}
	}
	return errors.Join(errs...)
}
