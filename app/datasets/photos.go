// The photos of the current dataset: added, edited, removed and put back.

package datasets

import (
	"context"
	"errors"
	"slices"

	"github.com/maquette-studio/maquette/app/intake"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
)

// AddPhotos takes files and folders into the dataset that is current when it
// begins: each is checked and copied into the library, so that nothing depends
// on where it came from. A text file beside a photo (photo.txt beside
// photo.jpg) is its caption. What can't be used, or is there already, is told;
// the rest is added at the end, all at once: a kill adds nothing, what came
// before a stop or an error is added. progress may be nil; it is called with
// how many of how many are through.
func (d *Datasets) AddPhotos(ctx context.Context, paths []string, progress func(done, of int)) ([]intake.Rejected, error) {
	dataset := d.Current().ID
	taken, rejected, release, err := d.intake.Take(ctx, paths, progress)
	defer release()
	if len(taken) == 0 {
		return rejected, err
	}
	var known []intake.Rejected
	added := d.changePhotos(dataset, func(photos []photo.Photo) ([]photo.Photo, error) {
		photos, known = intake.WithAll(photos, taken)
		return photos, nil
	})
	return append(rejected, known...), errors.Join(err, added)
}

// RemovePhotos takes photos out of the current dataset. PutBack undoes it.
func (d *Datasets) RemovePhotos(hashes ...string) error {
	return d.changePhotos(d.Current().ID, func(photos []photo.Photo) ([]photo.Photo, error) {
		return slices.DeleteFunc(photos, func(p photo.Photo) bool { return slices.Contains(hashes, p.Hash) }), nil
	})
}

// PutBack gives a dataset the photos it had before, in their order, each as it
// is now if it is still there; what was added since stays, behind them.
func (d *Datasets) PutBack(before Dataset) error {
	return d.changePhotos(before.ID, func(now []photo.Photo) ([]photo.Photo, error) {
		all := slices.Clone(before.Photos)
		for _, p := range now {
			if i := slices.IndexFunc(all, func(q photo.Photo) bool { return q.Hash == p.Hash }); i >= 0 {
				all[i] = p
			} else {
				all = append(all, p)
			}
		}
		return all, nil
	})
}

// SetEdits changes what is done to the copies of the current dataset's photos,
// by hash, and returns the edits they had. It fails with a *providers.Failure,
// having changed nothing, when an edit makes no sense for its photo.
func (d *Datasets) SetEdits(edits map[string]photo.Edit) (before map[string]photo.Edit, err error) {
	before = map[string]photo.Edit{}
	err = d.changePhotos(d.Current().ID, func(photos []photo.Photo) ([]photo.Photo, error) {
		for i, p := range photos {
			edit, ok := edits[p.Hash]
			if !ok {
				continue
			}
			if err := edit.Check(p); err != nil {
				return nil, &providers.Failure{
					Kind: providers.InvalidInput, Message: providers.SentenceOf(err), Outcome: providers.NotSent, Cause: err,
				}
			}
			before[p.Hash] = p.Edit
			photos[i].Edit = edit.Tidy(p)
		}
		return photos, nil
	})
	return before, err
}
