// The named datasets: which there are, which one is current, and how they are
// made, copied and deleted.

package app

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// Dataset is a named list of photos, gathered once and used with any service.
// A job that trains on it keeps a copy of the list as it was.
type Dataset struct {
	ID      string
	Name    string
	Photos  []DatasetPhoto // in the order they came; don't change it
	Created time.Time
}

// dataset is a Dataset on disk, under its id.
type dataset struct {
	Name    string         `json:"name,omitempty"`
	Photos  []DatasetPhoto `json:"photos"`
	Created time.Time      `json:"created,omitzero"`
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

type datasetStore struct {
	mu      sync.Mutex         // held while a change goes to disk
	deleted map[string]Dataset // in this session, by id; under mu

	shown sync.RWMutex
	list  datasetList
}

func (s *Studio) loadDatasets() error {
	var list datasetList
	err := s.db.View(func(tx *storage.Tx) (err error) {
		if list.current, _, err = choiceTable.Get(tx, currentKey); err != nil {
			return err
		}
		return datasetTable.Each(tx, "", func(id string, stored dataset) error {
			list.all = append(list.all, Dataset{id, cmp.Or(stored.Name, firstDatasetName), stored.Photos, stored.Created})
			return nil
		})
	})
	if err != nil {
		return fmt.Errorf("loading the datasets: %w", err)
	}
	if len(list.all) == 0 {
		list.all = []Dataset{{ID: firstDataset, Name: firstDatasetName}}
	}
	slices.SortFunc(list.all, func(a, b Dataset) int { return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID)) })
	if list.at(list.current) < 0 {
		list.current = list.all[0].ID
	}
	s.datasets.list, s.datasets.deleted = list, map[string]Dataset{}
	return nil
}

// Datasets lists every dataset, oldest first.
func (s *Studio) Datasets() []Dataset { return s.datasets.now().all }

// Dataset is the current dataset.
func (s *Studio) Dataset() Dataset {
	list := s.datasets.now()
	return list.all[list.at(list.current)]
}

// Photos lists the current dataset's photos, in the order they came.
func (s *Studio) Photos() []DatasetPhoto { return s.Dataset().Photos }

// ChooseDataset makes a dataset the current one.
func (s *Studio) ChooseDataset(id string) error {
	return s.changeDatasets(func(list datasetList) (datasetList, error) {
		if list.at(id) < 0 {
			return list, noDataset()
		}
		list.current = id
		return list, nil
	})
}

// NewDataset makes an empty dataset the current one. A name that is taken gets
// a number.
func (s *Studio) NewDataset(name string) (Dataset, error) { return s.addDataset(name, nil) }

// DuplicateDataset makes a copy of a dataset the current one; its photos'
// files are shared.
func (s *Studio) DuplicateDataset(id, name string) (Dataset, error) {
	list := s.datasets.now()
	at := list.at(id)
	if at < 0 {
		return Dataset{}, noDataset()
	}
	return s.addDataset(name, slices.Clone(list.all[at].Photos))
}

func (s *Studio) addDataset(name string, photos []DatasetPhoto) (made Dataset, err error) {
	err = s.changeDatasets(func(list datasetList) (datasetList, error) {
		free, err := list.freeName(name, "")
		if err != nil {
			return list, err
		}
		made = Dataset{ID: s.ids.next("d"), Name: free, Photos: photos, Created: time.Now()}
		list.current = made.ID
		return list.with(made), nil
	})
	return made, err
}

// RenameDataset gives a dataset another name.
func (s *Studio) RenameDataset(id, name string) error {
	return s.changeDatasets(func(list datasetList) (datasetList, error) {
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

// DeleteDataset removes a dataset; its neighbour becomes the current one, or
// an empty one when it was the last. RestoreDataset undoes it until the studio
// is closed. Jobs keep the photos they were given.
func (s *Studio) DeleteDataset(id string) error {
	return s.changeDatasets(func(list datasetList) (datasetList, error) {
		at := list.at(id)
		if at < 0 {
			return list, noDataset()
		}
		s.datasets.deleted[id] = list.all[at]
		return s.without(list, id), nil
	})
}

// without is the list without a dataset, if it is there.
func (s *Studio) without(list datasetList, id string) datasetList {
	at := list.at(id)
	if at < 0 {
		return list
	}
	list.all = slices.Delete(slices.Clone(list.all), at, at+1)
	if len(list.all) == 0 {
		list.all = []Dataset{{ID: s.ids.next("d"), Name: firstDatasetName, Created: time.Now()}}
	}
	if list.at(list.current) < 0 {
		list.current = list.all[min(at, len(list.all)-1)].ID
	}
	return list
}

// RestoreDataset makes a dataset that was deleted in this session the current
// one again.
func (s *Studio) RestoreDataset(id string) error {
	return s.changeDatasets(func(list datasetList) (datasetList, error) {
		restored, ok := s.datasets.deleted[id]
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
func (s *Studio) changePhotos(id string, change func([]DatasetPhoto) ([]DatasetPhoto, error)) error {
	return s.changeDatasets(func(list datasetList) (datasetList, error) {
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

// changeDatasets stores what change made of the datasets and then shows it.
// change must not alter what it is given.
func (s *Studio) changeDatasets(change func(datasetList) (datasetList, error)) error {
	s.datasets.mu.Lock()
	defer s.datasets.mu.Unlock()
	before := s.datasets.now()
	next, err := change(before)
	if err != nil {
		return err
	}
	if err := s.db.Update(func(tx *storage.Tx) error { return storeDatasets(tx, before, next) }); err != nil {
		return storageFailure("saving the dataset", err)
	}
	for _, d := range next.all {
		delete(s.datasets.deleted, d.ID)
	}
	s.datasets.shown.Lock()
	s.datasets.list = next
	s.datasets.shown.Unlock()
	s.publish(DatasetChanged, next.current)
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

func (d *datasetStore) now() datasetList {
	d.shown.RLock()
	defer d.shown.RUnlock()
	return d.list
}

// everyPhoto lists the photos of all datasets, those that can be restored
// included.
func (d *datasetStore) everyPhoto() []DatasetPhoto {
	d.mu.Lock()
	defer d.mu.Unlock()
	var photos []DatasetPhoto
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

// freeName is name, with a number if a dataset other than own has it.
func (l datasetList) freeName(name, own string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" || utf8.RuneCountInString(name) > longestName {
		return "", &providers.Failure{
			Kind: providers.InvalidInput, Message: fmt.Sprintf("A dataset's name has 1 to %d characters", longestName),
			Outcome: providers.NotSent,
		}
	}
	free := name
	for n := 2; slices.ContainsFunc(l.all, func(d Dataset) bool { return d.ID != own && d.Name == free }); n++ {
		free = fmt.Sprintf("%s (%d)", name, n)
	}
	return free, nil
}

func noDataset() error {
	return &providers.Failure{Kind: providers.NotFound, Message: "This dataset is no longer there", Outcome: providers.NotSent}
}
