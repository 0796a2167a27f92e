package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
	"github.com/maquette-studio/maquette/storage"
)

// hostedPhoto is an object in the bucket that must go once it isn't needed.
type hostedPhoto struct {
	Job    string    `json:"job"`
	Step   string    `json:"step"`
	Remove time.Time `json:"remove,omitzero"` // zero while the job needs it
}

var hostedTable = storage.NewTable[hostedPhoto]("hosted")

const (
	// linkLife is how long a link can be read: a job's patience with the
	// network and the service's queue together.
	linkLife = 48 * time.Hour
	// checkTries allows for buckets that show a new object with a lag.
	checkTries = 5
)

// Host puts a photo in the bucket, once a job, and returns a link to it.
func (s *steps) Host(ctx context.Context, photo providers.Photo) (string, error) {
	if s.broughtIn {
		return photo.URL, nil
	}
	if photo.URL != "" {
		return photo.URL, s.checkLink(ctx, httpapi.NewFetcher(s.localService()).CheckPicture, photo.URL)
	}
	bucket, err := s.engine.studio.Bucket(ctx)
	if err != nil {
		return "", err
	}
	return s.host(ctx, bucket, "host/"+photo.ID, photo.Ext, func() ([]byte, error) {
		r, err := photo.Open(ctx)
		if err != nil {
			return nil, err
		}
		defer r.Close()
		return io.ReadAll(r)
	}, httpapi.NewFetcher(s.engine.studio.bucketIsLocal()).CheckPicture)
}

// HostFile puts a file made by the task in the bucket.
func (s *steps) HostFile(ctx context.Context, name, ext string, content []byte) (string, error) {
	bucket, err := s.engine.studio.Bucket(ctx)
	if err != nil {
		return "", err
	}
	return s.host(ctx, bucket, "host/"+name, ext, func() ([]byte, error) { return content, nil },
		httpapi.NewFetcher(s.engine.studio.bucketIsLocal()).Check)
}

func (s *steps) host(ctx context.Context, bucket *storage.Bucket, step, ext string, read func() ([]byte, error), check func(context.Context, string) error) (string, error) {
	rec, found, err := s.recall(step)
	if err != nil {
		return "", err
	}
	if !found {
		// The name is on disk before the object exists, so that it is removed
		// in any case.
		rec.Receipt.ID = storage.UnguessableName(ext)
		err := s.store(nil, func(tx *storage.Tx) error {
			if err := hostedTable.Put(tx, rec.Receipt.ID, hostedPhoto{Job: s.job, Step: step}); err != nil {
				return err
			}
			return stepTable.Put(tx, s.key(step), rec)
		})
		if err != nil {
			return "", err
		}
	}
	if !rec.Done {
		if err := s.upload(ctx, bucket, rec.Receipt.ID, ext, read); err != nil {
			return "", err
		}
	}
	link, err := bucket.Link(ctx, rec.Receipt.ID, linkLife)
	if err != nil {
		return "", bucketFailure(err)
	}
	if rec.Done {
		return link, nil
	}
	if err := s.checkLink(ctx, check, link); err != nil {
		return "", err
	}
	rec.Done = true
	return link, s.record(step, rec, nil)
}

func (s *steps) upload(ctx context.Context, bucket *storage.Bucket, key, ext string, read func() ([]byte, error)) error {
	content, err := read()
	if err != nil {
		return err
	}
	return s.untilAnswered(ctx, repeatableQuestion, func() error {
		err := bucket.Put(ctx, key, bytes.NewReader(content), int64(len(content)), contentType(ext))
		return bucketFailure(err)
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
			if err := s.pause(ctx, backoff(try, 0)); err != nil {
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

func contentType(ext string) string {
	switch strings.ToLower(ext) {
	case "jpg", "jpeg":
		return "image/jpeg"
	case "json":
		return "application/json"
	case "webp":
		return "image/webp"
	}
	return "image/png"
}

// bucketFailure makes the bucket's errors failures with advice.
func bucketFailure(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	f := &providers.Failure{
		Kind: providers.NoBucket, Message: err.Error(), Cause: err, Outcome: providers.NotSent,
		Advice: "Check the bucket in Settings, or with: maquette bucket check",
	}
	if errors.Is(err, storage.ErrBucketUnreachable) {
		f.Kind = providers.NoNetwork
	}
	return f
}

// InBucket looks for an object that a service delivers to the bucket.
func (s *steps) InBucket(ctx context.Context, key string) (providers.Object, bool, error) {
	return s.engine.studio.inBucket(ctx, key)
}

// inBucket looks for an object in the bucket and signs a new link to it.
func (s *Studio) inBucket(ctx context.Context, key string) (providers.Object, bool, error) {
	bucket, err := s.Bucket(ctx)
	if err != nil {
		return providers.Object{}, false, err
	}
	size, found, err := bucket.Stat(ctx, key)
	if err != nil || !found {
		return providers.Object{}, false, bucketFailure(err)
	}
	link, err := bucket.Link(ctx, key, linkLife)
	return providers.Object{Key: key, Size: size, URL: link}, true, bucketFailure(err)
}

// releaseHosted marks an ended job's photos for removal: at once when the
// service is through with them or never got them, after the links' life when
// it may still fetch them, not at all while a person has to decide.
func (e *engine) releaseHosted(id string) {
	job, ok := e.job(id)
	if !ok || !job.State.Ended() || job.State == providers.NeedsYou {
		return
	}
	at := time.Now()
	if job.Paid && job.Resumable() || e.openIntent(id) != nil {
		at = at.Add(linkLife)
	}
	err := e.studio.db.Update(func(tx *storage.Tx) error {
		var keys []string
		err := stepTable.Each(tx, id+"/host/", func(_ string, rec stepRecord) error {
			keys = append(keys, rec.Receipt.ID)
			return nil
		})
		for _, key := range keys {
			hosted, found, getErr := hostedTable.Get(tx, key)
			err = errors.Join(err, getErr)
			if found {
				hosted.Remove = at
				err = errors.Join(err, hostedTable.Put(tx, key, hosted))
			}
		}
		return err
	})
	if err != nil {
		e.studio.diskTrouble(err)
		return
	}
	e.studio.unhost(context.WithoutCancel(e.studio.ctx), time.Now())
}

// unhost removes from the bucket what is due. What can't be removed now is
// tried again within the hour and at the next start.
func (s *Studio) unhost(ctx context.Context, now time.Time) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	due := map[string]hostedPhoto{}
	err := s.db.View(func(tx *storage.Tx) error {
		return hostedTable.Each(tx, "", func(key string, h hostedPhoto) error {
			if !h.Remove.IsZero() && !h.Remove.After(now) {
				due[key] = h
			}
			return nil
		})
	})
	if err != nil || len(due) == 0 {
		return
	}
	bucket, err := s.Bucket(ctx)
	for key, h := range due {
		if err == nil {
			err = bucket.Remove(ctx, key)
		}
		if err != nil {
			s.troubles.set(s, Trouble{
				Code: "hosted", Title: "Photos are still in the bucket",
				Text: fmt.Sprintf("%d hosted copies could not be removed yet; Maquette keeps trying. Their links expire by themselves.", len(due)),
			})
			return
		}
		_ = s.db.Update(func(tx *storage.Tx) error {
			return errors.Join(hostedTable.Delete(tx, key), stepTable.Delete(tx, h.Job+"/"+h.Step))
		})
	}
	s.troubles.clear(s, "hosted")
}
