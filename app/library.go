package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"slices"
	"strings"
	"sync"
	"time"

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
}

var pictureTable = storage.NewTable[Picture]("pictures")

// library is the index of every picture, in memory, loaded once.
type library struct {
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
	return &entry{p, strings.ToLower(p.Prompt + "\n" + p.Model + "\n" + p.Service + "\n" + p.Task + "\n" + p.ID)}
}

func loadLibrary(db *storage.DB) (*library, error) {
	l := &library{byID: map[string]*entry{}}
	err := db.View(func(tx *storage.Tx) error {
		return pictureTable.Each(tx, "", func(id string, p Picture) error {
			e := newEntry(p)
			l.byID[id] = e
			if p.Trashed.IsZero() {
				l.newest = append(l.newest, e)
			} else {
				l.trashed = append(l.trashed, e)
			}
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("loading the library: %w", err)
	}
	slices.Reverse(l.newest) // keys order by time
	return l, nil
}

// byTime orders newest first; ids settle ties.
func byTime(a, b *entry) int {
	return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(b.ID, a.ID))
}

func (l *library) add(p Picture) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := newEntry(p)
	l.byID[p.ID] = e
	at, _ := slices.BinarySearchFunc(l.newest, e, byTime)
	l.newest = slices.Insert(slices.Clone(l.newest), at, e)
}

// Picture returns the picture of that id, trashed or not.
func (s *Studio) Picture(id string) (Picture, bool) {
	s.library.mu.RLock()
	defer s.library.mu.RUnlock()
	e, ok := s.library.byID[id]
	if !ok {
		return Picture{}, false
	}
	return e.Picture, true
}

// Search returns the pictures whose prompt, model, service and task together
// hold every word of query, newest first; all of them for an empty query.
// It reads memory only.
func (s *Studio) Search(query string) []Picture {
	return pictures(s.library.find(query))
}

// SearchIDs is Search for those who show only what is on screen: ids alone,
// without copying the records.
func (s *Studio) SearchIDs(query string) []string {
	found := s.library.find(query)
	ids := make([]string, len(found))
	for i, e := range found {
		ids[i] = e.ID
	}
	return ids
}

func (l *library) find(query string) []*entry {
	l.mu.RLock()
	all := l.newest // replaced, never altered, so it can be read unlocked
	l.mu.RUnlock()
	words := strings.Fields(strings.ToLower(query))
	if len(words) == 0 {
		return all
	}
	var found []*entry
	for _, e := range all {
		if holdsAll(e.text, words) {
			found = append(found, e)
		}
	}
	return found
}

func holdsAll(text string, words []string) bool {
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

func pictures(entries []*entry) []Picture {
	list := make([]Picture, len(entries))
	for i, e := range entries {
		list[i] = e.Picture
	}
	return list
}

// Trash returns what was deleted, newest deletion first; it can be restored.
func (s *Studio) Trash() []Picture {
	s.library.mu.RLock()
	list := pictures(s.library.trashed)
	s.library.mu.RUnlock()
	slices.SortFunc(list, func(a, b Picture) int { return b.Trashed.Compare(a.Trashed) })
	return list
}

// Delete moves pictures to the trash; Restore undoes it.
func (s *Studio) Delete(ids ...string) error { return s.setTrashed(ids, time.Now()) }

// Restore takes pictures out of the trash.
func (s *Studio) Restore(ids ...string) error { return s.setTrashed(ids, time.Time{}) }

func (s *Studio) setTrashed(ids []string, at time.Time) error {
	changed := make([]Picture, 0, len(ids))
	for _, id := range ids {
		if p, ok := s.Picture(id); ok {
			p.Trashed = at
			changed = append(changed, p)
		}
	}
	err := s.db.Update(func(tx *storage.Tx) error {
		for _, p := range changed {
			if err := pictureTable.Put(tx, p.ID, p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return storageFailure("changing the trash", err)
	}
	s.library.replace(changed)
	s.publish(PicturesChanged, "")
	return nil
}

// replace takes over changed records in one pass, however many they are.
func (l *library) replace(changed []Picture) {
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
func (s *Studio) EmptyTrash(before time.Time) error {
	var gone []Picture
	for _, p := range s.Trash() {
		if p.Trashed.Before(before) {
			gone = append(gone, p)
		}
	}
	err := s.db.Update(func(tx *storage.Tx) error {
		for _, p := range gone {
			if err := pictureTable.Delete(tx, p.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return storageFailure("emptying the trash", err)
	}
	s.library.drop(gone)
	s.publish(PicturesChanged, "")
	return s.removeFiles(gone)
}

func (l *library) drop(gone []Picture) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range gone {
		delete(l.byID, p.ID)
	}
	l.trashed = slices.DeleteFunc(slices.Clone(l.trashed), func(e *entry) bool { return l.byID[e.ID] == nil })
}

func (s *Studio) removeFiles(gone []Picture) error {
	used := s.usedHashes()
	var errs []error
	for _, p := range gone {
		if !used[p.Hash] {
			errs = append(errs, s.files.Remove(p.Hash, p.Ext))
		}
	}
	return errors.Join(errs...)
}

// usedHashes are the contents that pictures, datasets, jobs and uploads still
// refer to.
func (s *Studio) usedHashes() map[string]bool {
	used := map[string]bool{}
	s.library.mu.RLock()
	for _, e := range s.library.byID {
		used[e.Hash] = true
	}
	s.library.mu.RUnlock()
	for _, p := range s.datasets.everyPhoto() {
		used[p.Hash] = true
	}
	for _, job := range s.engine.list() {
		for _, p := range job.Photos {
			used[p.Hash] = true
		}
		for _, ref := range imageRefs(job.Values) {
			if hash, _, ok := splitContent(ref); ok {
				used[hash] = true
			}
		}
	}
	for _, hash := range s.unsentHashes() {
		used[hash] = true
	}
	return used
}

// PicturePath is where a picture's file lies; "" for an unknown id.
func (s *Studio) PicturePath(id string) string {
	p, ok := s.Picture(id)
	if !ok {
		return ""
	}
	return s.files.Path(p.Hash, p.Ext)
}

// Export writes a copy of a picture into a folder under a readable name,
// without overwriting anything, and returns its path.
func (s *Studio) Export(id, dir string) (string, error) {
	return s.ExportAs(id, dir, s.ExportName(id))
}

// ExportAs writes a copy of a picture into a folder under a name, or a free one
// like it, and returns its path. Nothing is overwritten.
func (s *Studio) ExportAs(id, dir, name string) (string, error) {
	p, ok := s.Picture(id)
	if !ok {
		return "", fmt.Errorf("there is no picture %s", id)
	}
	file, err := s.files.Open(p.Hash, p.Ext)
	if err != nil {
		return "", storageFailure("reading the picture", err)
	}
	defer file.Close()
	return storage.SaveAs(dir, name, file)
}

// exportName is the first words of the prompt and the id.
func exportName(p Picture) string {
	words := strings.FieldsFunc(strings.ToLower(p.Prompt), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	words = append(words[:min(len(words), 6)], p.ID)
	return strings.Join(words, "-") + "." + p.Ext
}

// ExportName is the file name that Export suggests.
func (s *Studio) ExportName(id string) string {
	p, _ := s.Picture(id)
	return exportName(p)
}

// Thumbnail returns a picture of at most px pixels an edge for a library id
// or a content reference, edited or not; from the cache where it is there. It reads the disk
// and decodes: never call it on the UI goroutine.
func (s *Studio) Thumbnail(ctx context.Context, ref string, px int) (image.Image, error) {
	hash, ext, ok := s.content(ref)
	if !ok {
		return nil, fmt.Errorf("the picture is no longer here")
	}
	edit, err := editOf(ref)
	if err != nil {
		return nil, err
	}
	return s.thumbnail(ctx, DatasetPhoto{Hash: hash, Ext: ext, Edit: edit}, px)
}
