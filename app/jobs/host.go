// Photos where their service can fetch them.

package jobs

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/maquette-studio/maquette/app/retry"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
	"github.com/maquette-studio/maquette/storage"
)

// checkTries allows for buckets that show a new object with a lag.
const checkTries = 5

// Image resolves an image field's value.
func (s *steps) Image(ctx context.Context, ref string) (providers.Photo, error) {
	if s.imported {
		return providers.Photo{ID: ref, Name: ref, URL: ref}, nil
	}
	return s.engine.cfg.Photos.Image(ctx, ref)
}

// Host puts a photo where the service can fetch it, once a job, and returns a
// link to it.
func (s *steps) Host(ctx context.Context, photo providers.Photo) (string, error) {
	if s.imported {
		return photo.URL, nil
	}
	if photo.URL != "" {
		return photo.URL, s.checkLink(ctx, httpapi.NewFetcher(httpapi.IsLocal(s.conn)).CheckPicture, photo.URL)
	}
	return s.host(ctx, "host/"+photo.ID, photo.Ext, func() ([]byte, error) {
		r, err := photo.Open(ctx)
		if err != nil {
			return nil, err
		}
		defer r.Close()
		return io.ReadAll(r)
	}, s.engine.cfg.Place.CheckPicture)
}

// HostFile does the same for a file made by the task.
func (s *steps) HostFile(ctx context.Context, name, ext string, content []byte) (string, error) {
	return s.host(ctx, "host/"+name, ext, func() ([]byte, error) { return content, nil }, s.engine.cfg.Place.CheckFile)
}

func (s *steps) host(ctx context.Context, step, ext string, read func() ([]byte, error), check func(context.Context, string) error) (string, error) {
	place := s.engine.cfg.Place
	if err := place.Ready(ctx); err != nil {
		return "", err
	}
	rec, found, err := s.recall(step)
	if err != nil {
		return "", err
	}
	if !found {
		// The name is on disk before the copy exists, so that it is removed in
		// any case.
		rec.Receipt.ID = place.NewName(ext)
		err := s.store(nil, func(tx *storage.Tx) error {
			return errors.Join(place.Reserve(tx, rec.Receipt.ID, s.job, step), stepTable.Put(tx, s.key(step), rec))
		})
		if err != nil {
			return "", err
		}
	}
	if !rec.Done {
		if err := s.upload(ctx, rec.Receipt.ID, ext, read); err != nil {
			return "", err
		}
	}
	link, err := place.Link(ctx, rec.Receipt.ID)
	if err != nil || rec.Done {
		return link, err
	}
	if err := s.checkLink(ctx, check, link); err != nil {
		return "", err
	}
	rec.Done = true
	return link, s.record(step, rec, nil)
}

func (s *steps) upload(ctx context.Context, name, ext string, read func() ([]byte, error)) error {
	content, err := read()
	if err != nil {
		return err
	}
	return s.untilAnswered(ctx, repeatableQuestion, func() error {
		return s.engine.cfg.Place.Put(ctx, name, ext, content)
	})
}

// checkLink reads a link as the service will: without any key.
func (s *steps) checkLink(ctx context.Context, check func(context.Context, string) error, link string) error {
	var err error
	for try := 1; try <= checkTries; try++ {
		if err = check(ctx, link); err == nil || ctx.Err() != nil {
			return err
		}
		if try < checkTries {
			if err := s.pause(ctx, retry.Backoff(try, 0)); err != nil {
				return err
			}
		}
	}
	var f *providers.Failure
	if errors.As(err, &f) {
		f.Outcome, f.Money = providers.NotSent, ""
		if f.Kind == providers.NotFound || f.Kind == providers.BadKey {
			f.Kind = providers.NoBucket
		}
	}
	return err
}

// InBucket looks for an object that a service delivers to the bucket.
func (s *steps) InBucket(ctx context.Context, key string) (providers.Object, bool, error) {
	return s.engine.cfg.Place.Find(ctx, key)
}

// releaseHosted marks an ended job's copies for removal: at once when the
// service is through with them or never got them, after the links' life when
// it may still fetch them, not at all while a person has to decide.
func (e *engine) releaseHosted(id string) {
	job, ok := e.job(id)
	if !ok || !job.State.Ended() || job.State == providers.NeedsYou {
		return
	}
	mayStillBeFetched := job.Paid && job.Resumable() || e.openIntent(id) != nil
	err := e.cfg.DB.Update(func(tx *storage.Tx) error { return e.cfg.Place.Release(tx, id, mayStillBeFetched) })
	if err != nil {
		e.diskTrouble(err)
		return
	}
	e.sweepHosted(context.WithoutCancel(e.ctx), time.Now())
}

func (e *engine) sweepHosted(ctx context.Context, now time.Time) {
	e.cfg.Place.Sweep(ctx, now, func(tx *storage.Tx, job, step string) error {
		return stepTable.Delete(tx, job+"/"+step)
	})
}

// placeReady says before anything is prepared that the job needs a place for
// its photos and there is none.
func (e *engine) placeReady(ctx context.Context, task *providers.Task, values providers.Values) error {
	if !NeedsPlace(task, values, e.cfg.Photos.Hosted) {
		return nil
	}
	return e.cfg.Place.Ready(ctx)
}

// Placed says before a job is made that its order needs a place for photos and
// there is none.
func (j *Jobs) Placed(ctx context.Context, order Order) error {
	task, _, known := j.cfg.Services.Task(order.Task)
	if !known {
		return nil
	}
	return j.placeReady(ctx, task, order.Values)
}

// NeedsPlace reports whether running a task with these values puts photos
// where its service can fetch them. hosted reports whether values refer to
// pictures of this computer.
func NeedsPlace(task *providers.Task, values providers.Values, hosted func(providers.Values) bool) bool {
	if task.Hosted != nil {
		return task.Hosted(values)
	}
	return task.Photos != nil || hosted(values)
}
