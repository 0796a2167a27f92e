// The copies of photos in the bucket or on this computer: put there for a job,
// read by its service, and removed once nobody needs them.

package access

import (
	"bytes"
	"context"
	"errors"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
	"github.com/maquette-studio/maquette/storage"
)

// Hosted puts copies where services can fetch them, and removes them.
type Hosted struct {
	DB       *storage.DB
	Bucket   *Bucket
	Computer *Computer
	Troubles Troubles
	// Accepted reports whether a job's service has taken it and isn't done.
	Accepted func(job string) bool

	mu    sync.Mutex
	using map[string]bool // jobs that need this computer to be reachable
}

// hostedCopy is a copy that must go once it isn't needed.
type hostedCopy struct {
	Job    string    `json:"job"`
	Step   string    `json:"step"`
	Remove time.Time `json:"remove,omitzero"` // zero while the job needs it
	// Computer reports that this computer serves it, under Told when its link
	// was made last. Else it lies in the bucket.
	Computer bool   `json:"computer,omitempty"`
	Told     string `json:"told,omitempty"`
}

var hostedTable = storage.NewTable[hostedCopy]("hosted")

// Load takes the notes that can't be read out of the way of the others.
func (h *Hosted) Load() error {
	h.using = map[string]bool{}
	if err := hostedTable.Load(h.DB, func(string, hostedCopy) error { return nil }); err != nil {
		return providers.Errorf("loading which photos are in the bucket: %v", err)
	}
	return nil
}

// Named reports whether there is a place for photos, as far as its settings
// tell. It answers at once.
func (h *Hosted) Named() bool { return h.Computer.Chosen() || h.Bucket.Named() }

// Ready says why nothing can be hosted now, as far as it is known without
// asking anybody.
func (h *Hosted) Ready(ctx context.Context) error {
	if h.Computer.Chosen() {
		return h.Computer.Ready()
	}
	if !h.Bucket.Named() {
		return noPlace(providers.Say("No place for photos is set up, where the service can fetch them"),
			providers.Say("Set up a bucket, have this computer serve them, or give pictures as web links."), nil)
	}
	_, err := h.Bucket.Open(ctx)
	return err
}

// Open makes a job's copies reachable, and keeps them so until Release.
func (h *Hosted) Open(ctx context.Context, job string) error {
	if !h.Computer.Chosen() {
		return h.Ready(ctx)
	}
	h.mu.Lock()
	h.using[job] = true
	h.mu.Unlock()
	_, err := h.Computer.Open(ctx)
	return err
}

// NewName is an unguessable name for a copy.
func (h *Hosted) NewName(ext string) string {
	if h.Computer.Chosen() {
		return storage.UnguessableName(ext)
	}
	return storage.CopyName(ext)
}

// Reserve writes down that a step of a job puts a copy under a name, before it
// does, so that the copy is removed in any case.
func (h *Hosted) Reserve(tx *storage.Tx, name, job, step string) error {
	return hostedTable.Put(tx, name, hostedCopy{Job: job, Step: step, Computer: h.Computer.Chosen()})
}

// copyOf is what is noted of a copy; the zero hostedCopy where nothing is.
func (h *Hosted) copyOf(name string) (c hostedCopy) {
	_ = h.DB.View(func(tx *storage.Tx) (err error) { // what can't be read isn't there
		c, _, err = hostedTable.Get(tx, name)
		return err
	})
	return c
}

// Here reports whether a copy lies where copies are put now.
func (h *Hosted) Here(name string) bool { return h.copyOf(name).Computer == h.Computer.Chosen() }

// Serves reports whether this computer serves a copy now.
func (h *Hosted) Serves(name string) bool {
	c := h.copyOf(name)
	return c.Computer && (c.Remove.IsZero() || time.Now().Before(c.Remove))
}

// Put writes a copy. Putting it again changes nothing.
func (h *Hosted) Put(ctx context.Context, name, ext string, content []byte) error {
	if h.copyOf(name).Computer {
		return h.Computer.put(name, content)
	}
	client, err := h.Bucket.Open(ctx)
	if err != nil {
		return err
	}
	return bucketFailure(client.Put(ctx, name, bytes.NewReader(content), int64(len(content)), contentType(ext)))
}

// Link is a link to a copy: signed for two days, or to this computer, which is
// reachable there now.
func (h *Hosted) Link(ctx context.Context, name string) (string, error) {
	if c := h.copyOf(name); c.Computer {
		address, err := h.Computer.Open(ctx)
		if err == nil && c.Told != address {
			c.Told = address
			err = h.DB.Update(func(tx *storage.Tx) error { return hostedTable.Put(tx, name, c) })
		}
		return address + "/" + name, err
	}
	return h.signed(ctx, name)
}

// Told is the link to a copy that was given to its service, where that isn't to
// be given again: nobody needs to be reachable for it.
func (h *Hosted) Told(ctx context.Context, name string) (string, error) {
	if c := h.copyOf(name); c.Computer {
		return c.Told + "/" + name, nil
	}
	return h.signed(ctx, name)
}

// Holds reports whether a link still leads to its copy, before a request that
// holds it leaves. A signed one lasts for days.
func (h *Hosted) Holds(ctx context.Context, link string) (bool, error) {
	if !h.copyOf(path.Base(link)).Computer {
		return true, nil
	}
	address, err := h.Computer.Open(ctx)
	return strings.HasPrefix(link, address+"/"), err
}

func (h *Hosted) signed(ctx context.Context, name string) (string, error) {
	client, err := h.Bucket.Open(ctx)
	if err != nil {
		return "", err
	}
	link, err := client.Link(ctx, name, linkLife)
	return link, bucketFailure(err)
}

// CheckPicture reads a link as a service will: without any key.
func (h *Hosted) CheckPicture(ctx context.Context, link string) error {
	if name := path.Base(link); h.copyOf(name).Computer {
		return h.Computer.checkCopy(ctx, link, name)
	}
	return httpapi.NewFetcher(h.Bucket.IsLocal()).CheckPicture(ctx, link)
}

// CheckFile is CheckPicture for what is no picture.
func (h *Hosted) CheckFile(ctx context.Context, link string) error {
	if name := path.Base(link); h.copyOf(name).Computer {
		return h.Computer.checkCopy(ctx, link, name)
	}
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
		return hostedTable.Put(tx, name, hostedCopy{Job: "copy", Step: step, Remove: time.Now().Add(linkLife), Computer: h.Computer.Chosen()})
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
	h.mu.Lock()
	delete(h.using, job)
	h.mu.Unlock()
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
