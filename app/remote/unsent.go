// What a person meant for the service's datasets and isn't there yet: photos
// to be uploaded, and captions that are typed. It outlives a restart.

package remote

import (
	"maps"
	"slices"
	"sync"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// Photo is a photo that is to be uploaded.
type Photo struct {
	photo.Photo

	// Tried reports that its upload was begun: the service may have it.
	Tried bool `json:"tried,omitempty"`
	// Consent is the id of the recorded statement about the photo; "" for none.
	Consent string `json:"consent,omitempty"`
}

// Caption is a caption that the service doesn't have.
type Caption struct {
	Dataset ID     `json:"dataset"`
	Text    string `json:"text"`
	// Send reports that it is to be sent as soon as the service has written
	// its own, which would take this one's place.
	Send bool `json:"send,omitempty"`
}

// record is one service's on disk, under its id. Its slices are never changed
// in place.
type record struct {
	Captions map[ID]Caption `json:"captions,omitempty"` // by image
	Photos   map[ID][]Photo `json:"photos,omitempty"`   // by dataset, in the order of their upload
}

var unsentTable = storage.NewTable[record]("unsent")

// unsent keeps the record. Photos are on disk before they are known to be
// there; captions are known as they are typed, and on disk after a save.
type unsent struct {
	db      *storage.DB
	service string
	saving  sync.Mutex // held while a change goes to disk

	mu    sync.Mutex // never held during disk work: a window reads under it
	now   record
	typed int // counts the changes of captions
	saved int // typed, as it was when the captions were put on disk
}

func openUnsent(db *storage.DB, service string) (*unsent, error) {
	u := &unsent{db: db, service: service}
	var err error
	if u.now, _, err = unsentTable.LoadOne(db, service); err != nil {
		return nil, providers.Errorf("loading what is not at its service yet: %v", err)
	}
	u.now = u.now.clone()
	return u, nil
}

func (r record) clone() record {
	r.Captions, r.Photos = maps.Clone(r.Captions), maps.Clone(r.Photos)
	if r.Captions == nil {
		r.Captions = map[ID]Caption{}
	}
	if r.Photos == nil {
		r.Photos = map[ID][]Photo{}
	}
	return r
}

// photos are those that wait for a dataset; don't change them.
func (u *unsent) photos(dataset ID) []Photo {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.now.Photos[dataset]
}

// agreed reports whether a consent was recorded for all photos that wait for a
// dataset.
func (u *unsent) agreed(dataset ID) bool {
	return !slices.ContainsFunc(u.photos(dataset), func(p Photo) bool { return p.Consent == "" })
}

// changePhotos stores another list of a dataset's photos.
func (u *unsent) changePhotos(dataset ID, do func([]Photo) []Photo) error {
	return u.changePhotosWith(dataset, do, nil)
}

// changePhotosWith is changePhotos in one transaction with whatever else must
// become true.
func (u *unsent) changePhotosWith(dataset ID, do func([]Photo) []Photo, also func(*storage.Tx) error) error {
	u.saving.Lock()
	defer u.saving.Unlock()
	u.mu.Lock()
	next, typed := u.now.clone(), u.typed
	u.mu.Unlock()
	if photos := do(slices.Clone(next.Photos[dataset])); len(photos) > 0 {
		next.Photos[dataset] = photos
	} else {
		delete(next.Photos, dataset)
	}
	return u.put(next, typed, also)
}

// saveCaptions puts the captions on disk, if it doesn't know them yet.
func (u *unsent) saveCaptions() error {
	u.saving.Lock()
	defer u.saving.Unlock()
	u.mu.Lock()
	next, typed, known := u.now.clone(), u.typed, u.typed == u.saved
	u.mu.Unlock()
	if known {
		return nil
	}
	return u.put(next, typed, nil)
}

// put stores a record that was taken when captions had changed typed times.
func (u *unsent) put(next record, typed int, also func(*storage.Tx) error) error {
	err := u.db.Update(func(tx *storage.Tx) error {
		if also != nil {
			if err := also(tx); err != nil {
				return err
			}
		}
		return unsentTable.Put(tx, u.service, next)
	})
	if err != nil {
		return &providers.Failure{
			Kind: providers.NoStorage, Message: providers.Say("What is not at its service yet could not be kept: %v", err),
			Advice: providers.Say("Make room on the disk, or make the data folder writable, then try again: nothing is lost or sent twice."), Cause: err,
		}
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.now.Photos, u.saved = next.Photos, typed
	return nil
}

// caption is the caption of an image that isn't at the service.
func (u *unsent) caption(image ID) (Caption, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	caption, typed := u.now.Captions[image]
	return caption, typed
}

// changeCaptions changes the captions without putting them on disk.
func (u *unsent) changeCaptions(do func(map[ID]Caption)) {
	u.mu.Lock()
	defer u.mu.Unlock()
	before := maps.Clone(u.now.Captions)
	do(u.now.Captions)
	if !maps.Equal(before, u.now.Captions) {
		u.typed++
	}
}

// dropCaptions forgets what was typed for images, without putting that on disk.
func (u *unsent) dropCaptions(images ...ID) {
	u.changeCaptions(func(captions map[ID]Caption) {
		for _, image := range images {
			delete(captions, image)
		}
	})
}

// forget gives up everything that waits for a dataset.
func (u *unsent) forget(dataset ID) error {
	u.changeCaptions(func(captions map[ID]Caption) {
		maps.DeleteFunc(captions, func(_ ID, c Caption) bool { return c.Dataset == dataset })
	})
	if len(u.photos(dataset)) > 0 {
		return u.changePhotos(dataset, func([]Photo) []Photo { return nil })
	}
	return u.saveCaptions()
}

// waitingFor counts what waits for a dataset.
func (u *unsent) waitingFor(dataset ID) (photos, captions int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, c := range u.now.Captions {
		if c.Dataset == dataset {
			captions++
		}
	}
	return len(u.now.Photos[dataset]), captions
}
