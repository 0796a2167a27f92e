// Package datasets is photos gathered once and used with any service: named
// lists, their captions and edits, how well each photo suits a task and what
// can be done about it, and folders in and out.
package datasets

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/app/ids"
	"github.com/maquette-studio/maquette/app/intake"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
	"github.com/maquette-studio/maquette/storage/filename"
)

// Dataset is a named list of photos, gathered once and used with any service.
// A job that trains on it keeps a copy of the list as it was.
type Dataset struct {
	ID      string
	Name    string
	Photos  []photo.Photo // in the order they came; don't change it
	Created time.Time
}

// dataset is a Dataset on disk, under its id.
type dataset struct {
	Name    string        `json:"name,omitempty"`
	Photos  []photo.Photo `json:"photos"`
	Created time.Time     `json:"created,omitzero"`
}

var (
	datasetTable = storage.NewTable[dataset]("datasets")
	choiceTable  = storage.NewTable[string]("choices")
)

const (
	// firstDataset is the id of the dataset that everybody begins with.
	firstDataset = "draft"
	// firstDatasetName is what it is called before it is given a name.
	firstDatasetName = "My photos"
	// currentKey is the choice of the current dataset.
	currentKey = "dataset"
	// longestName is in characters.
	longestName = 80
)

// datasetList is all datasets at one moment; it is replaced, never altered.
type datasetList struct {
	all     []Dataset // oldest first, at least one
	current string    // an id of one of them
}

// Datasets holds every dataset in memory and on disk.
type Datasets struct {
	db      *storage.DB
	files   *storage.Files
	intake  *intake.Intake
	changed func(id string)
	ids     ids.Source

	mu      sync.Mutex         // held while a change goes to disk
	deleted map[string]Dataset // in this session, by id; under mu

	shown sync.RWMutex
	list  datasetList
}

// Config is what datasets work with.
type Config struct {
	DB     *storage.DB
	Files  *storage.Files
	Intake *intake.Intake
	// Changed is called after a change, with the id of the current dataset.
	Changed func(id string)
}

// Load reads every dataset.
func Load(c Config) (*Datasets, error) {
	d := &Datasets{db: c.DB, files: c.Files, intake: c.Intake, changed: c.Changed, deleted: map[string]Dataset{}}
	var err error
	d.list, err = read(c.DB)
	return d, err
}

// Reload reads every dataset again, once the record of one was repaired.
func (d *Datasets) Reload() error {
	d.mu.Lock()
	list, err := read(d.db)
	if err == nil {
		d.shown.Lock()
		d.list = list
		d.shown.Unlock()
	}
	d.mu.Unlock()
	if err == nil {
		d.changed(list.current)
	}
	return err
}

func read(db *storage.DB) (list datasetList, err error) {
	list.current, _, err = choiceTable.LoadOne(db, currentKey)
	if err == nil {
		err = datasetTable.Load(db, func(id string, stored dataset) error {
			list.all = append(list.all, Dataset{id, cmp.Or(stored.Name, firstDatasetName), stored.Photos, stored.Created})
			return nil
		})
	}
	if err != nil {
		return list, providers.Errorf("loading the datasets: %v", err)
	}
	if len(list.all) == 0 {
		list.all = []Dataset{{ID: firstDataset, Name: firstDatasetName}}
	}
	slices.SortFunc(list.all, func(a, b Dataset) int { return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID)) })
	if list.at(list.current) < 0 {
		list.current = list.all[0].ID
	}
	return list, nil
}

// List is every dataset, oldest first.
func (d *Datasets) List() []Dataset { return d.now().all }

// Current is the current dataset.
func (d *Datasets) Current() Dataset {
	list := d.now()
	return list.all[list.at(list.current)]
}

// Photos lists the current dataset's photos, in the order they came.
func (d *Datasets) Photos() []photo.Photo { return d.Current().Photos }

// Choose makes a dataset the current one.
func (d *Datasets) Choose(id string) error {
	return d.change(func(list datasetList) (datasetList, error) {
		if list.at(id) < 0 {
			return list, noDataset()
		}
		list.current = id
		return list, nil
	})
}

// New makes an empty dataset the current one. A name that is taken gets
// a number.
func (d *Datasets) New(name string) (Dataset, error) { return d.add(name, nil) }

// Duplicate makes a copy of a dataset the current one; its photos'
// files are shared.
func (d *Datasets) Duplicate(id, name string) (Dataset, error) {
	list := d.now()
	at := list.at(id)
	if at < 0 {
		return Dataset{}, noDataset()
	}
	return d.add(name, slices.Clone(list.all[at].Photos))
}

func (d *Datasets) add(name string, photos []photo.Photo) (made Dataset, err error) {
	err = d.change(func(list datasetList) (datasetList, error) {
		free, err := list.freeName(name, "")
		if err != nil {
			return list, err
		}
		made = Dataset{ID: d.ids.Next("d"), Name: free, Photos: photos, Created: time.Now()}
		list.current = made.ID
		return list.with(made), nil
	})
	return made, err
}

// Rename gives a dataset another name.
func (d *Datasets) Rename(id, name string) error {
	return d.change(func(list datasetList) (datasetList, error) {
		at := list.at(id)
		if at < 0 {
			return list, noDataset()
		}
		free, err := list.freeName(name, id)
		if err != nil {
			return list, err
		}
		renamed := list.all[at]
		renamed.Name = free
		return list.with(renamed), nil
	})
}

// Delete removes a dataset; its neighbour becomes the current one, or
// an empty one when it was the last. Restore undoes it until the studio
// is closed. Jobs keep the photos they were given.
func (d *Datasets) Delete(id string) error {
	return d.change(func(list datasetList) (datasetList, error) {
		at := list.at(id)
		if at < 0 {
			return list, noDataset()
		}
		d.deleted[id] = list.all[at]
		return d.without(list, id), nil
	})
}

// without is the list without a dataset, if it is there.
func (d *Datasets) without(list datasetList, id string) datasetList {
	at := list.at(id)
	if at < 0 {
		return list
	}
	list.all = slices.Delete(slices.Clone(list.all), at, at+1)
	if len(list.all) == 0 {
		list.all = []Dataset{{ID: d.ids.Next("d"), Name: firstDatasetName, Created: time.Now()}}
	}
	if list.at(list.current) < 0 {
		list.current = list.all[min(at, len(list.all)-1)].ID
	}
	return list
}

// Restore makes a dataset that was deleted in this session the current
// one again.
func (d *Datasets) Restore(id string) error {
	return d.change(func(list datasetList) (datasetList, error) {
		restored, ok := d.deleted[id]
		if !ok {
			return list, noDataset()
		}
		if only := list.all[0]; len(list.all) == 1 && only.Name == firstDatasetName && len(only.Photos) == 0 {
			list.all = nil // it only stood in for the deleted one
		}
		restored.Name, _ = list.freeName(restored.Name, id)
		list.current = id
		return list.with(restored), nil
	})
}

// changePhotos stores a changed copy of a dataset's photos and then shows it.
func (d *Datasets) changePhotos(id string, change func([]photo.Photo) ([]photo.Photo, error)) error {
	return d.change(func(list datasetList) (datasetList, error) {
		at := list.at(id)
		if at < 0 {
			return list, noDataset()
		}
		changed := list.all[at]
		var err error
		if changed.Photos, err = change(slices.Clone(changed.Photos)); err != nil {
			return list, err
		}
		return list.with(changed), nil
	})
}

// change stores what change made of the datasets and then shows it.
// change must not alter what it is given.
func (d *Datasets) change(change func(datasetList) (datasetList, error)) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	before := d.now()
	next, err := change(before)
	if err != nil {
		return err
	}
	if err := d.db.Update(func(tx *storage.Tx) error { return storeDatasets(tx, before, next) }); err != nil {
		return failure.Storage("saving the dataset", err)
	}
	for _, kept := range next.all {
		delete(d.deleted, kept.ID)
	}
	d.shown.Lock()
	d.list = next
	d.shown.Unlock()
	d.changed(next.current)
	return nil
}

// storeDatasets writes what differs.
func storeDatasets(tx *storage.Tx, before, next datasetList) error {
	for _, d := range before.all {
		if next.at(d.ID) < 0 {
			if err := datasetTable.Delete(tx, d.ID); err != nil {
				return err
			}
		}
	}
	for _, d := range next.all {
		if at := before.at(d.ID); at >= 0 && before.all[at].sameAs(d) {
			continue
		}
		if err := datasetTable.Put(tx, d.ID, dataset{d.Name, d.Photos, d.Created}); err != nil {
			return err
		}
	}
	return choiceTable.Put(tx, currentKey, next.current)
}

// sameAs reports whether nothing was changed: lists of photos are replaced,
// never altered, so it is enough to look where they begin.
func (d Dataset) sameAs(o Dataset) bool {
	samePhotos := len(d.Photos) == len(o.Photos) && (len(d.Photos) == 0 || &d.Photos[0] == &o.Photos[0])
	return d.ID == o.ID && d.Name == o.Name && samePhotos
}

func (d *Datasets) now() datasetList {
	d.shown.RLock()
	defer d.shown.RUnlock()
	return d.list
}

// EveryPhoto lists the photos of all datasets, those that can be restored
// included.
func (d *Datasets) EveryPhoto() []photo.Photo {
	d.mu.Lock()
	defer d.mu.Unlock()
	var photos []photo.Photo
	for _, one := range d.now().all {
		photos = append(photos, one.Photos...)
	}
	for _, one := range d.deleted {
		photos = append(photos, one.Photos...)
	}
	return photos
}

// at is a dataset's position; -1 when there is none.
func (l datasetList) at(id string) int {
	return slices.IndexFunc(l.all, func(d Dataset) bool { return d.ID == id })
}

// with is the list with a dataset replaced or added.
func (l datasetList) with(d Dataset) datasetList {
	l.all = slices.Clone(l.all)
	if at := l.at(d.ID); at >= 0 {
		l.all[at] = d
	} else {
		l.all = append(l.all, d)
	}
	return l
}

// freeName is name, with a number if a dataset other than own has it, however
// it writes it (see filename.Fold).
func (l datasetList) freeName(name, own string) (string, error) {
	name = norm.NFC.String(strings.Join(strings.Fields(name), " "))
	if name == "" || utf8.RuneCountInString(name) > longestName {
		return "", &providers.Failure{
			Kind: providers.InvalidInput, Message: providers.Say("A dataset's name has 1 to %d characters", longestName),
			Outcome: providers.NotSent,
		}
	}
	free := name
	taken := func(d Dataset) bool { return d.ID != own && filename.Fold(d.Name) == filename.Fold(free) }
	for n := 2; slices.ContainsFunc(l.all, taken); n++ {
		free = fmt.Sprintf("%s (%d)", name, n)
	}
	return free, nil
}

func noDataset() error {
	return &providers.Failure{Kind: providers.NotFound, Message: providers.Say("This dataset is no longer there"), Outcome: providers.NotSent}
}
