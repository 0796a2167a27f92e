// Photos where their service can fetch them.

package jobs

import (
	"context"
	"errors"
	"io"
	"maps"
	"slices"
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
	rec, found, err := s.recall(step)
	if err != nil {
		return "", err
	}
	sent := s.sent()
	if rec.Done && sent && !s.anew {
		return s.told(ctx, rec.Receipt.ID)
	}
	if err := place.Ready(ctx); err != nil {
		return "", err
	}
	if found && !sent && !place.Here(rec.Receipt.ID) { // another place was chosen since
		rec, found = stepRecord{}, false
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
	link, err := s.link(ctx, rec.Receipt.ID)
	if err != nil || rec.Done {
		return link, err
	}
	if err := s.checkLink(ctx, check, link); err != nil {
		return "", err
	}
	rec.Done = true
	return link, s.record(step, rec, nil)
}

// sent reports whether a paid request has left: it may be known by its photos'
// names, and needs no link that leads anywhere unless another one leaves.
func (s *steps) sent() bool {
	job, _ := s.engine.job(s.job)
	_, _, open := s.engine.openStep(s.job)
	return open || job.Paid
}

// link is a link to a copy, once it leads there.
func (s *steps) link(ctx context.Context, name string) (link string, err error) {
	err = s.untilAnswered(ctx, repeatableQuestion, func() (err error) {
		link, err = s.engine.cfg.Place.Link(ctx, name)
		return err
	})
	if err != nil {
		return "", err
	}
	if httpapi.IsLoopbackURL(link) && !httpapi.IsLocal(s.conn) {
		return "", &providers.Failure{
			Kind: providers.NoBucket, Money: providers.NotSpent, Outcome: providers.NotSent,
			Message: providers.Say("The links to the photos lead to this computer itself, where %s can't fetch them", s.service.Title),
			Advice:  providers.Say("Set up a place that can be reached from the internet."), Remedy: providers.Remedy{Code: providers.OpenPlace},
		}
	}
	s.links = append(s.links, link)
	return link, nil
}

// told is the link that the service was given.
func (s *steps) told(ctx context.Context, name string) (string, error) {
	link, err := s.engine.cfg.Place.Told(ctx, name)
	s.links = append(s.links, link)
	return link, err
}

// errLinksMoved is that links lead nowhere any more, before a request with them
// left: the task runs from its top with new ones.
var errLinksMoved = errors.New("the links to the photos lead nowhere any more")

// linksHold says, before a paid request leaves, that links in it lead nowhere.
func (s *steps) linksHold(ctx context.Context, rec stepRecord) error {
	if !rec.Paid {
		return nil
	}
	for _, link := range s.links {
		holds := false
		err := s.untilAnswered(ctx, repeatableQuestion, func() (err error) {
			holds, err = s.engine.cfg.Place.Holds(ctx, link)
			return err
		})
		if err != nil {
			return err
		}
		if !holds {
			return &providers.Failure{
				Kind: providers.NoBucket, Money: providers.NotSpent, Outcome: providers.NotSent, Cause: errLinksMoved,
				Message: providers.Say("The public address of this computer changed again and again before the request could leave"),
				Advice:  providers.Say("Use an address of your own, or a bucket."), Remedy: providers.Remedy{Code: providers.OpenPlace},
			}
		}
	}
	return nil
}

// linksTries is how often a task runs from its top for new links.
const linksTries = 3

// runTask runs the task, from its top again where its links moved meanwhile.
func (s *steps) runTask(ctx context.Context, job Job, values providers.Values) error {
	if err := s.openPlace(ctx, values); err != nil {
		return err
	}
	for tries := 1; ; tries++ {
		err := s.task.Run(ctx, &providers.Run{
			Job: job.ID, Values: values, Photos: s.engine.cfg.Photos.Prepared(job.Photos), Conn: s.conn, Steps: s,
			Callback: s.engine.cfg.Callbacks.Address(job.Callback),
		})
		if s.heldUp && ctx.Err() == nil {
			if err := s.hold(ctx); err != nil {
				return err
			}
			s.heldUp, s.links, tries = false, nil, tries-1
			continue
		}
		if !errors.Is(err, errLinksMoved) || ctx.Err() != nil || tries == linksTries {
			return err
		}
		s.links, s.anew = nil, true
	}
}

// openPlace makes the place reachable before a job's photos are put there. What
// left already goes on without.
func (s *steps) openPlace(ctx context.Context, values providers.Values) error {
	if s.imported || s.sent() || !NeedsPlace(s.task, values, s.engine.cfg.Photos.Hosted) {
		return nil
	}
	return s.untilAnswered(ctx, repeatableQuestion, func() error { return s.engine.cfg.Place.Open(ctx, s.job) })
}

func (s *steps) upload(ctx context.Context, name, ext string, read func() ([]byte, error)) error {
	content, err := read()
	if err != nil {
		return err
	}
	shown := s.uploading()
	return s.untilAnswered(ctx, repeatableQuestion, func() error {
		s.Report(shown)
		if err := s.hold(ctx); err != nil {
			return err
		}
		defer s.engine.sends(s.job)()
		return s.engine.cfg.Place.Put(ctx, name, ext, content)
	})
}

// uploading is what is shown while a photo is on its way: what the task says of
// its uploads, where it says something.
func (s *steps) uploading() providers.Status {
	if job, _ := s.engine.job(s.job); job.Status.State == providers.Uploading {
		return job.Status
	}
	return providers.Status{State: providers.Uploading, Fraction: -1}
}

// Uploading reports whether a photo is on its way just now, to a service or to
// the place for photos: the end of the program would cut it.
func (j *Jobs) Uploading() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.ContainsFunc(slices.Collect(maps.Keys(j.sending)), func(id string) bool {
		return j.statuses[id].State == providers.Uploading
	})
}

// sends notes that something of a job is on its way until the returned function
// is called.
func (e *engine) sends(id string) (over func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.sending[id] = true
	return func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		delete(e.sending, id)
	}
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

// NeedsPlace reports whether an order puts photos where its service can fetch
// them.
func (j *Jobs) NeedsPlace(order Order) bool {
	task, _, known := j.cfg.Services.Task(order.Task)
	return known && NeedsPlace(task, order.Values, j.cfg.Photos.Hosted)
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
