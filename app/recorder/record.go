// Recording a task's requests: reads are made, writing requests are written
// down instead of sent, and waiting for the job ends it.

package recorder

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// longBody is how long a body may be as an argument of a command, in bytes;
// Linux takes 128 KiB.
const longBody = 64 << 10

// bodyLife is how long such a body is kept: as long as links to hosted photos
// last.
const bodyLife = 48 * time.Hour

// errEnough ends a recording: what follows is no request of the order's.
var errEnough = errors.New("the recording is over")

// record returns the requests that the order would make, and the placeholders
// in them.
func (r *Recorder) record(ctx context.Context, c copying) ([]request, placeholders, error) {
	if c.hosts != nil && c.hosts(c.values) {
		if err := r.Place.Ready(ctx); err != nil {
			return nil, nil, err
		}
	}
	conn, err := r.Conn(ctx, c.service)
	var f *providers.Failure
	if errors.As(err, &f) && f.Kind == providers.BadKey {
		conn.Key = "no-key" // what needs no answer can be written without one
	} else if err != nil {
		return nil, nil, err
	}
	rec := &recording{
		recorder: r, key: conn.Key, reads: c.reads, hosted: map[string]string{},
		placeholders: placeholders{c.service.KeyEnv: keyPlaceholder},
	}
	conn.Record = rec.take
	err = c.run(ctx, &providers.Run{Job: "copy", Values: c.values, Photos: r.Photos.Prepared(c.photos), Conn: conn, Steps: rec})
	switch {
	case ctx.Err() != nil:
		return nil, nil, context.Cause(ctx)
	case rec.failed != nil:
		return nil, nil, rec.failed
	case len(rec.requests) > 0:
		return rec.requests, rec.placeholders, nil
	case err == nil:
		err = providers.Errorf("%s makes no request", c.title)
	}
	return nil, nil, err
}

// recording is providers.Steps without a job.
type recording struct {
	recorder     *Recorder
	key          string
	reads        bool              // reads are written down too
	hosted       map[string]string // links by step
	requests     []request
	placeholders placeholders
	waiting      *providers.Pace // of what is waited for
	failed       error           // why nothing could be recorded
}

var _ providers.Steps = (*recording)(nil)

// take writes a request down, unless it is a read that is needed for those
// that follow.
func (r *recording) take(sent providers.Request) (taken bool, err error) {
	if sent.Reads() && !r.reads && r.waiting == nil {
		return false, nil
	}
	recorded, err := r.write(sent)
	if err != nil {
		r.failed = err
		return false, err
	}
	if r.waiting != nil {
		recorded.until, recorded.every = r.waiting.Until, int(r.waiting.Most/time.Second)
	}
	r.requests = append(r.requests, recorded)
	return true, nil
}

// write reads a request.
func (r *recording) write(sent providers.Request) (request, error) {
	recorded := request{method: sent.Method, url: sent.URL}
	for name, values := range sent.Header {
		if name == "User-Agent" {
			continue
		}
		for _, value := range values {
			recorded.headers = append(recorded.headers, header{name, strings.ReplaceAll(value, r.key, keyPlaceholder)})
		}
	}
	slices.SortFunc(recorded.headers, func(a, b header) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.value, b.value)) })
	if len(sent.Body) <= longBody {
		recorded.body = string(sent.Body)
		return recorded, nil
	}
	var err error
	recorded.file, err = r.recorder.keepBody(sent.Body)
	return recorded, err
}

// Once records the paid request, whose answer nothing here needs.
func (r *recording) Once(ctx context.Context, _ string, _ providers.Find, create providers.Create) (providers.Receipt, error) {
	receipt, err := create(ctx)
	if errors.Is(err, providers.ErrRecorded) {
		return providers.Receipt{ID: "recorded"}, nil
	}
	return receipt, err
}

// Ensure records the request and answers with a placeholder for the id of what
// it would make.
func (r *recording) Ensure(ctx context.Context, step string, _ providers.Find, create providers.Create) (providers.Receipt, error) {
	receipt, err := create(ctx)
	if !errors.Is(err, providers.ErrRecorded) {
		return receipt, err
	}
	made := &r.requests[len(r.requests)-1]
	if made.until != nil {
		return providers.Receipt{}, nil
	}
	var placeholder string
	made.gives, placeholder = r.placeholders.add(step)
	return providers.Receipt{ID: placeholder}, nil
}

// Step asks what is only read, and records the rest.
// Agree looks, and records whatever a person would decide.
func (r *recording) Agree(ctx context.Context, _ string, look func(context.Context) (providers.Doubt, error)) error {
	_, err := look(ctx)
	return err
}

func (r *recording) Step(ctx context.Context, step string, do providers.Create) (providers.Receipt, error) {
	return r.Ensure(ctx, step, nil, do)
}

// Watch records what is asked until the waiting is over. Waiting for the job
// itself ends the recording.
func (r *recording) Watch(ctx context.Context, pace providers.Pace, poll func(context.Context) (providers.Status, error)) error {
	if pace.Until == nil {
		return errEnough
	}
	r.waiting = &pace
	defer func() { r.waiting = nil }()
	_, err := poll(ctx)
	if errors.Is(err, providers.ErrRecorded) {
		return nil
	}
	return err
}

// Keep ends the recording.
func (r *recording) Keep(context.Context, string, providers.Result) (string, error) {
	return "", errEnough
}

// KeepModel ends the recording.
func (r *recording) KeepModel(context.Context, providers.Model) error { return errEnough }

// InBucket ends the recording.
func (r *recording) InBucket(context.Context, string) (providers.Object, bool, error) {
	return providers.Object{}, false, errEnough
}

// Report shows nothing: nobody watches.
func (r *recording) Report(providers.Status) {}

// Image resolves an image field's value.
func (r *recording) Image(ctx context.Context, ref string) (providers.Photo, error) {
	return r.recorder.Photos.Image(ctx, ref)
}

// Host puts a photo in the bucket until its link ends.
func (r *recording) Host(ctx context.Context, photo providers.Photo) (string, error) {
	if photo.URL != "" {
		return photo.URL, nil
	}
	return r.host(ctx, "host/"+photo.ID, photo.Ext, func() ([]byte, error) {
		file, err := photo.Open(ctx)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		return io.ReadAll(file)
	})
}

// HostFile does the same for a file of the task's own.
func (r *recording) HostFile(ctx context.Context, name, ext string, content []byte) (string, error) {
	return r.host(ctx, "host/"+name, ext, func() ([]byte, error) { return content, nil })
}

func (r *recording) host(ctx context.Context, step, ext string, read func() ([]byte, error)) (string, error) {
	if link, done := r.hosted[step]; done {
		return link, nil
	}
	content, err := read()
	if err != nil {
		return "", err
	}
	link, err := r.recorder.Place.Lend(ctx, step, ext, content)
	if err == nil {
		r.hosted[step] = link
	}
	return link, err
}

// keepBody keeps a long body as a file for as long as links to hosted photos
// last, and returns its path.
func (r *Recorder) keepBody(body []byte) (string, error) {
	sum := sha256.Sum256(body)
	path := filepath.Join(r.Dir, hex.EncodeToString(sum[:])+".json")
	err := storage.WriteFile(path, func(w io.Writer) error {
		_, err := w.Write(body)
		return err
	})
	if err != nil {
		return "", failure.Storage("keeping a request's body", err)
	}
	return path, nil
}

// DropBodies removes the bodies that have been kept long enough.
func (r *Recorder) DropBodies(now time.Time) {
	files, err := os.ReadDir(r.Dir)
	for _, file := range files {
		info, statErr := file.Info()
		if statErr == nil && now.Sub(info.ModTime()) > bodyLife {
			err = errors.Join(err, os.Remove(filepath.Join(r.Dir, file.Name())))
		}
	}
	if err != nil {
		r.Troubles.Set("copied", providers.Say("Copies of pictures in requests could not be removed yet"), providers.SentenceOf(err))
		return
	}
	r.Troubles.Clear("copied")
}
