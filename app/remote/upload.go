// Adding pictures to a dataset at the service. What is to be added is on disk
// before the first leaves, and each is named by its content there: nothing is
// lost, and nothing is added twice.

package remote

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/maquette-studio/maquette/app/consent"
	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// Rejected is a picture that can't be used, and why.
type Rejected struct {
	Name   string             `json:"name"`
	Reason providers.Sentence `json:"reason"`
}

// Uploaded counts what became of the pictures.
type Uploaded struct {
	Added    int        `json:"added"`
	There    int        `json:"there"`              // already, before
	Left     int        `json:"left"`               // not there, and kept to be tried again
	Room     int        `json:"room"`               // how many more the dataset could hold; -1 for any number
	Over     int        `json:"over"`               // of those left, how many were too many
	Rejected []Rejected `json:"rejected,omitempty"` // given up, or kept where the upload ends with an error
}

// Uploading is how far an upload is.
type Uploading struct {
	Done, Of int
	// Short reports that the dataset has room for fewer than are to be added;
	// Room is for how many.
	Short bool
	Room  int
}

// Uploads are the photos that are to be added to datasets.
type Uploads struct{ *client }

// Add adds photos to a dataset one by one, those left of earlier uploads
// first, and notes their captions to be sent once the service has written its
// own. What isn't there when it ends, by a failure, the context or for want of
// room, is kept: Add without photos goes on with it. Photos that the service
// can't use are given up. agreed is the person's statement about all of them,
// which is recorded; without it only those go that one was recorded for. tell may
// be nil.
func (u *Uploads) Add(ctx context.Context, dataset ID, photos []photo.Photo, agreed bool, tell func(Uploading)) (Uploaded, error) {
	one := &upload{client: u.client, dataset: dataset, tell: tell}
	if err := providers.Refusal(consent.Check(len(photos) > 0 || !u.Agreed(dataset), consent.Given{Now: agreed})); err != nil {
		one.done.Left = len(u.Waiting(dataset))
		return one.done, err
	}
	if err := one.enqueue(photos, agreed); err != nil {
		return one.done, err
	}
	release, err := u.takeTurn(ctx)
	if err == nil {
		defer release()
		err = one.addAll(ctx)
	}
	one.done.Left = len(u.Waiting(dataset))
	u.changed(dataset)
	return one.done, err
}

// Waiting are the photos that are to be added to a dataset and aren't there,
// in the order of their upload. Don't change them.
func (u *Uploads) Waiting(dataset ID) []Photo { return u.unsent.photos(dataset) }

// Agreed reports whether a consent was recorded for all photos that wait for a
// dataset.
func (u *Uploads) Agreed(dataset ID) bool { return u.unsent.agreed(dataset) }

// Forget gives up the photos that wait for a dataset.
func (u *Uploads) Forget(dataset ID) error {
	err := u.unsent.changePhotos(dataset, func([]Photo) []Photo { return nil })
	u.changed(dataset)
	return err
}

// All are the photos that wait for any dataset.
func (u *Uploads) All() (all []Photo) {
	u.unsent.mu.Lock()
	defer u.unsent.mu.Unlock()
	for _, photos := range u.unsent.now.Photos {
		all = append(all, photos...)
	}
	return all
}

// Hashes are the contents of the photos that are to be uploaded: their files
// are needed.
func (u *Uploads) Hashes() []string {
	u.unsent.mu.Lock()
	defer u.unsent.mu.Unlock()
	var hashes []string
	for _, photos := range u.unsent.now.Photos {
		for _, p := range photos {
			hashes = append(hashes, p.Hash)
		}
	}
	return hashes
}

// upload is one of them under way.
type upload struct {
	*client
	dataset ID
	tell    func(Uploading)
	sent    int   // those that are there now and were not before
	inRow   int   // failures without a success between them
	trouble error // the first that didn't end it
	done    Uploaded
}

// uploadName says which photo it is without the file's own name, which stays
// here.
func uploadName(p photo.Photo) string {
	sum := sha256.Sum256([]byte(p.EditedRef()))
	return "maquette-" + hex.EncodeToString(sum[:6])
}

// change stores another list of the photos to be added.
func (u *upload) change(do func([]Photo) []Photo) error {
	return u.unsent.changePhotos(u.dataset, do)
}

// enqueue adds photos to the list, together with the consent for all that are on
// it.
func (u *upload) enqueue(photos []photo.Photo, agreed bool) error {
	if !agreed || len(photos) == 0 && u.unsent.agreed(u.dataset) {
		return nil // nothing to add or to agree to
	}
	given := consent.New(u.service.ID, u.service.ID+"/"+callUpload)
	given.Of = map[string]string{KindDataset.field(): string(u.dataset)}
	return u.unsent.changePhotosWith(u.dataset, func(list []Photo) []Photo {
		for _, p := range photos {
			if !slices.ContainsFunc(list, func(q Photo) bool { return uploadName(q.Photo) == uploadName(p) }) {
				list = append(list, Photo{Photo: p})
			}
		}
		for i := range list {
			list[i].Consent = given.ID
			given.Photos = append(given.Photos, consent.Photo{Hash: list[i].Hash, Name: list[i].Name})
		}
		return list
	}, func(tx *storage.Tx) error {
		err := given.Put(tx) // with the photos that it was given above
		return err
	})
}

// standing is a dataset as an upload finds it.
type standing struct {
	there map[string]Image // by the name without an extension, which the service may add
	whole bool             // every image was listed
}

func (u *upload) look(ctx context.Context) (standing, error) {
	now, err := u.client.dataset(ctx, u.dataset)
	if err != nil {
		return standing{}, err
	}
	if now.Completed() {
		return standing{}, &providers.Failure{
			Kind: providers.InvalidInput, Money: providers.NotSpent, Outcome: providers.NotSent,
			Message: providers.Say("“%s” is completed: nothing can be added to it", now.Name),
			Advice:  providers.Say("Clone it as a draft, and add the pictures to the clone."),
			Remedy:  providers.Calling(u.service.ID+"/dataset-clone", ""),
		}
	}
	s := standing{there: map[string]Image{}}
	for _, img := range now.Images {
		stem, _, _ := strings.Cut(img.Name, ".")
		s.there[stem] = img
	}
	size, _ := now.Size()
	s.whole = size == len(now.Images)
	u.done.Room = -1
	if most := u.limits.Max; most > 0 {
		u.done.Room = max(0, most-size)
	}
	return s, nil
}

func (u *upload) addAll(ctx context.Context) error {
	list := u.unsent.photos(u.dataset)
	if len(list) == 0 {
		return nil
	}
	now, err := u.look(ctx)
	if err != nil {
		return err
	}
	short := u.isShort(list, now)
	for i, p := range list {
		if err := ctx.Err(); err != nil {
			return err
		}
		if u.tell != nil {
			u.tell(Uploading{Done: i, Of: len(list), Short: short, Room: u.done.Room})
		}
		img, found := now.there[uploadName(p.Photo)]
		switch {
		case found:
			err = u.found(p, img)
		case p.Tried && !now.whole:
			err = u.unlisted()
		case u.sent == u.done.Room:
			u.done.Over++
		default:
			if err := u.held(); err != nil {
				return err
			}
			err = u.goOn(ctx, p, u.add(ctx, p))
		}
		if err != nil {
			return err
		}
	}
	return u.trouble
}

// troublesMost is how many photos in a row may fail at the service before the
// rest isn't tried.
const troublesMost = 3

// goOn is nil where a photo's failure is no reason to stop: its file here is
// damaged, or the service had trouble with it. It is told, and kept.
func (u *upload) goOn(ctx context.Context, p Photo, err error) error {
	if err == nil {
		u.inRow = 0
		return nil
	}
	f, known := errors.AsType[*providers.Failure](err)
	here := known && f.Kind == providers.NoStorage && !failure.EndsBatch(err)
	there := known && f.Kind == providers.ServiceTrouble && f.Status >= http.StatusInternalServerError
	if ctx.Err() != nil || !here && !there {
		return err
	}
	if u.inRow++; u.inRow == troublesMost {
		return err
	}
	u.done.Rejected = append(u.done.Rejected, Rejected{p.Name, f.Message})
	if u.trouble == nil {
		u.trouble = err
	}
	return nil
}

// isShort reports whether the dataset has no room for all that aren't there.
func (u *upload) isShort(list []Photo, now standing) bool {
	fresh := 0
	for _, p := range list {
		if _, found := now.there[uploadName(p.Photo)]; !found {
			fresh++
		}
	}
	return u.done.Room >= 0 && fresh > u.done.Room
}

// unlisted says that a photo that may be there can't be looked for.
func (u *upload) unlisted() error {
	return &providers.Failure{
		Kind: providers.ServiceTrouble, Money: providers.NotSpent, Outcome: providers.NotSent,
		Message: providers.Say("%s doesn't list all of the dataset's pictures, so that it can't be known whether a picture is there already", u.service.Title),
		Advice:  providers.Say("Try again later: the pictures are kept, and none is added twice."),
	}
}

// found takes a photo off the list that the service has. Where that is by an
// upload that ended before its answer came, its caption is still to be sent.
func (u *upload) found(p Photo, img Image) error {
	if p.Tried {
		u.done.Added++
		return u.added(p, img.ID)
	}
	u.done.There++
	return u.remove(p)
}

// add sends a photo as it leaves this computer. One that the service can't use
// is told, and taken off the list.
func (u *upload) add(ctx context.Context, p Photo) error {
	name := uploadName(p.Photo)
	err := u.change(func(list []Photo) []Photo {
		for i := range list {
			list[i].Tried = list[i].Tried || uploadName(list[i].Photo) == name
		}
		return list
	})
	if err != nil {
		return err
	}
	var made wireImage
	values := providers.Values{"dataset_id": string(u.dataset), "file": p.EditedRef(), "image_name": name}
	err = u.askAgreed(ctx, callUpload, values, consent.Given{Record: p.Consent}, &made)
	if why, rejected := rejectedFor(err); rejected {
		u.done.Rejected = append(u.done.Rejected, Rejected{p.Name, why})
		return u.remove(p)
	}
	if err != nil {
		return err
	}
	u.done.Added++
	u.sent++
	return u.added(p, ID(made.ID))
}

// added takes a photo off the list once its caption waits for the service's
// own, which would take its place.
func (u *upload) added(p Photo, image ID) error {
	if caption := strings.TrimSpace(p.Caption); caption != "" && image != "" {
		u.unsent.changeCaptions(func(captions map[ID]Caption) {
			captions[image] = Caption{Dataset: u.dataset, Text: caption, Send: true}
		})
		if err := u.unsent.saveCaptions(); err != nil {
			return err
		}
	}
	return u.remove(p)
}

// remove takes a photo off the list.
func (u *upload) remove(p Photo) error {
	return u.change(func(list []Photo) []Photo {
		return slices.DeleteFunc(list, func(q Photo) bool { return uploadName(q.Photo) == uploadName(p.Photo) })
	})
}

// rejectedFor reports whether an error is about the photo alone, and why it
// can't be used.
func rejectedFor(err error) (why providers.Sentence, rejected bool) {
	f, ok := errors.AsType[*providers.Failure](err)
	if !ok {
		return providers.Sentence{}, false
	}
	switch f.Status {
	case http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge:
		return f.Sentence(), true
	}
	return f.Message, f.Kind == providers.InvalidInput && f.Status == 0
}
