// The copies of photos in the bucket: put there for a job, read by its
// service, and removed once nobody needs them.

package access

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
	"github.com/maquette-studio/maquette/storage"
)

// Hosted puts copies into the bucket and removes them.
type Hosted struct {
	DB       *storage.DB
	Bucket   *Bucket
	Troubles Troubles
}

// hostedCopy is an object in the bucket that must go once it isn't needed.
type hostedCopy struct {
	Job    string    `json:"job"`
	Step   string    `json:"step"`
	Remove time.Time `json:"remove,omitzero"` // zero while the job needs it
}

var hostedTable = storage.NewTable[hostedCopy]("hosted")

// Load takes the notes that can't be read out of the way of the others.
func (h *Hosted) Load() error {
	if err := hostedTable.Load(h.DB, func(string, hostedCopy) error { return nil }); err != nil {
		return providers.Errorf("loading which photos are in the bucket: %v", err)
	}
	return nil
}

// Ready says why nothing can be hosted now.
func (h *Hosted) Ready(ctx context.Context) error {
	_, err := h.Bucket.Open(ctx)
	return err
}

// NewName is an unguessable name for a copy.
func (h *Hosted) NewName(ext string) string { return storage.UnguessableName(ext) }

// Reserve writes down that a step of a job puts a copy under a name, before it
// does, so that the copy is removed in any case.
func (h *Hosted) Reserve(tx *storage.Tx, name, job, step string) error {
	return hostedTable.Put(tx, name, hostedCopy{Job: job, Step: step})
}

// Put writes a copy. Putting it again changes nothing.
func (h *Hosted) Put(ctx context.Context, name, ext string, content []byte) error {
	client, err := h.Bucket.Open(ctx)
	if err != nil {
		return err
	}
	return bucketFailure(client.Put(ctx, name, bytes.NewReader(content), int64(len(content)), contentType(ext)))
}

// Link signs a link to a copy, which lasts two days.
func (h *Hosted) Link(ctx context.Context, name string) (string, error) {
	client, err := h.Bucket.Open(ctx)
	if err != nil {
		return "", err
	}
	link, err := client.Link(ctx, name, linkLife)
	return link, bucketFailure(err)
}

// CheckPicture reads a link as a service will: without any key.
func (h *Hosted) CheckPicture(ctx context.Context, link string) error {
	return httpapi.NewFetcher(h.Bucket.IsLocal()).CheckPicture(ctx, link)
}

// CheckFile is CheckPicture for what is no picture.
func (h *Hosted) CheckFile(ctx context.Context, link string) error {
	return httpapi.NewFetcher(h.Bucket.IsLocal()).Check(ctx, link)
}

// Find looks for an object that a service delivers to the bucket.
func (h *Hosted) Find(ctx context.Context, key string) (providers.Object, bool, error) {
	return h.Bucket.Find(ctx, key)
}

// Lend puts up a copy that no job needs, checks that anybody with its link can
// read it, and returns the link. The copy goes when the link ends.
func (h *Hosted) Lend(ctx context.Context, step, ext string, content []byte) (string, error) {
	name := h.NewName(ext)
	err := h.DB.Update(func(tx *storage.Tx) error {
		return hostedTable.Put(tx, name, hostedCopy{Job: "copy", Step: step, Remove: time.Now().Add(linkLife)})
	})
	if err != nil {
		return "", failure.Storage("noting a hosted photo", err)
	}
	if err := h.Put(ctx, name, ext, content); err != nil {
		return "", err
	}
	link, err := h.Link(ctx, name)
	if err != nil {
		return "", err
	}
	return link, bucketFailure(h.CheckFile(ctx, link))
}

// Need takes back the removal of a job's copies.
func (h *Hosted) Need(tx *storage.Tx, job string) error {
	return h.setRemoval(tx, job, time.Time{})
}

// Release has a job's copies removed once it is time: at once when its service
// is through with them, when their links end where it may still fetch them.
func (h *Hosted) Release(tx *storage.Tx, job string, mayStillBeFetched bool) error {
	at := time.Now()
	if mayStillBeFetched {
		at = at.Add(linkLife)
	}
	return h.setRemoval(tx, job, at)
}

func (h *Hosted) setRemoval(tx *storage.Tx, job string, at time.Time) error {
	changed := map[string]hostedCopy{}
	err := hostedTable.Each(tx, "", func(name string, c hostedCopy) error {
		if c.Job == job {
			c.Remove = at
			changed[name] = c
		}
		return nil
	})
	for name, c := range changed {
		err = errors.Join(err, hostedTable.Put(tx, name, c))
	}
	return err
}

// Sweep removes from the bucket what is due by now; forget is called in the
// transaction that forgets a copy. What can't be removed is tried again by the
// next Sweep.
func (h *Hosted) Sweep(ctx context.Context, now time.Time, forget func(tx *storage.Tx, job, step string) error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	due, err := h.due(now)
	if err != nil || len(due) == 0 {
		return
	}
	client, err := h.Bucket.Open(ctx)
	for name, c := range due {
		if err == nil {
			err = client.Remove(ctx, name)
		}
		if err != nil {
			h.Troubles.Set("hosted", providers.Say("Photos are still in the bucket"),
				providers.Say("%d hosted copies could not be removed yet; Maquette keeps trying. Their links expire by themselves.", len(due)))
			return
		}
		_ = h.DB.Update(func(tx *storage.Tx) error {
			return errors.Join(hostedTable.Delete(tx, name), forget(tx, c.Job, c.Step))
		})
	}
	h.Troubles.Clear("hosted")
}

func (h *Hosted) due(now time.Time) (due map[string]hostedCopy, err error) {
	due = map[string]hostedCopy{}
	err = h.DB.View(func(tx *storage.Tx) error {
		return hostedTable.Each(tx, "", func(name string, c hostedCopy) error {
			if !c.Remove.IsZero() && !c.Remove.After(now) {
				due[name] = c
			}
			return nil
		})
	})
	return due, err
}

func contentType(ext string) string {
	if ext == "json" {
		return "application/json"
	}
	return photo.ContentType(ext)
}

// bucketFailure makes the bucket's errors failures with advice.
func bucketFailure(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	if known := (*providers.Failure)(nil); errors.As(err, &known) {
		return err
	}
	f := &providers.Failure{
		Kind: providers.NoBucket, Message: providers.SentenceOf(err), Cause: err, Outcome: providers.NotSent,
		Advice: providers.Say("Check the bucket."), Remedy: providers.Remedy{Code: providers.CheckBucket},
	}
	if errors.Is(err, storage.ErrBucketUnreachable) {
		f.Kind = providers.NoNetwork
	}
	return f
}
