// Running a task to see what it would send: reads are made, writing requests
// are recorded instead of sent, and waiting for the job ends it.

package app

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
	"github.com/maquette-studio/maquette/storage"
)

// longBody is how long a body may be as an argument of a command, in bytes;
// Linux takes 128 KiB.
const longBody = 64 << 10

var errRehearsed = errors.New("the rehearsal is over")

// rehearse returns the requests that the order would make, and the marks in
// them.
func (s *Studio) rehearse(ctx context.Context, c copying) ([]recordedRequest, marks, error) {
	if c.hosts {
		if _, err := s.Bucket(ctx); err != nil {
			return nil, nil, err
		}
	}
	conn, err := s.Conn(ctx, c.service)
	var f *providers.Failure
	if errors.As(err, &f) && f.Kind == providers.BadKey {
		conn.Key = "no-key" // what needs no answer can be written without one
	} else if err != nil {
		return nil, nil, err
	}
	r := &rehearsal{studio: s, key: conn.Key, all: c.reads, hosted: map[string]string{}, marks: marks{c.service.KeyEnv: keyMark}}
	r.reads = plainTransport()
	defer r.reads.CloseIdleConnections()
	conn.HTTP = &http.Client{Transport: r}
	err = c.run(ctx, &providers.Run{Job: "copy", Values: c.values, Photos: s.photos(c.photos), Conn: conn, Steps: r})
	switch {
	case ctx.Err() != nil:
		return nil, nil, context.Cause(ctx)
	case r.failed != nil:
		return nil, nil, r.failed
	case len(r.requests) > 0:
		return r.requests, r.marks, nil
	case err == nil:
		err = fmt.Errorf("%s makes no request", c.title)
	}
	return nil, nil, err
}

// plainTransport is a transport of its own, for requests that are looked at;
// whoever makes it closes its connections.
func plainTransport() *http.Transport {
	return &http.Transport{Proxy: http.ProxyFromEnvironment, TLSHandshakeTimeout: 15 * time.Second, ResponseHeaderTimeout: time.Minute}
}

// rehearsal is providers.Steps without a job, and the transport beneath it.
type rehearsal struct {
	studio   *Studio
	key      string
	all      bool // reads are recorded too
	reads    *http.Transport
	hosted   map[string]string // links by step
	requests []recordedRequest
	marks    marks
	making   string          // the step whose request is answered with a mark
	waiting  *providers.Pace // of what is waited for
	failed   error           // why nothing could be recorded
}

var (
	_ providers.Steps   = (*rehearsal)(nil)
	_ http.RoundTripper = (*rehearsal)(nil)
)

// RoundTrip lets reads through, but for those that wait, and records the rest.
// What is recorded is answered: with a made-up id where the step makes
// something that what follows needs, else with nothing.
func (r *rehearsal) RoundTrip(request *http.Request) (*http.Response, error) {
	reads := request.Method == http.MethodGet || request.Method == http.MethodHead
	if reads && !r.all && r.waiting == nil {
		return r.reads.RoundTrip(request)
	}
	recorded, err := r.write(request)
	if err != nil {
		r.failed = err
		return nil, err
	}
	if r.waiting != nil {
		recorded.over, recorded.every = r.waiting.Over, int(r.waiting.Most/time.Second)
	}
	answer := "null"
	if r.making != "" && !reads {
		var mark string
		recorded.gives, mark = r.marks.add(r.making)
		answer = `{"id":` + mark + `,"status":"created"}`
	}
	r.requests = append(r.requests, recorded)
	return &http.Response{StatusCode: http.StatusOK, Request: request, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(answer))}, nil
}

// write reads the request, which it leaves without a body.
func (r *rehearsal) write(request *http.Request) (recordedRequest, error) {
	recorded := recordedRequest{method: request.Method, url: request.URL.String()}
	for name, values := range request.Header {
		if name == "User-Agent" {
			continue
		}
		for _, value := range values {
			recorded.headers = append(recorded.headers, header{name, strings.ReplaceAll(value, r.key, keyMark)})
		}
	}
	slices.SortFunc(recorded.headers, func(a, b header) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.value, b.value)) })
	if request.Body == nil {
		return recorded, nil
	}
	defer request.Body.Close()
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return recorded, err
	}
	if len(body) <= longBody {
		recorded.body = string(body)
		return recorded, nil
	}
	recorded.file, err = r.studio.keepCopied(body)
	return recorded, err
}

// Once records the paid request, whose answer nothing here needs.
func (r *rehearsal) Once(ctx context.Context, _ string, _ providers.Find, create providers.Create) (providers.Receipt, error) {
	before := len(r.requests)
	receipt, err := create(ctx)
	if len(r.requests) > before {
		return providers.Receipt{ID: "recorded"}, nil
	}
	return receipt, err
}

// Ensure records the request and answers with a mark for the id of what it
// would make.
func (r *rehearsal) Ensure(ctx context.Context, step string, _ providers.Find, create providers.Create) (providers.Receipt, error) {
	r.making = step
	defer func() { r.making = "" }()
	return create(ctx)
}

// Step asks what is only read, and records the rest.
func (r *rehearsal) Step(ctx context.Context, step string, do providers.Create) (providers.Receipt, error) {
	return r.Ensure(ctx, step, nil, do)
}

// Watch records what is asked until the waiting is over. Waiting for the job
// itself ends the rehearsal.
func (r *rehearsal) Watch(ctx context.Context, pace providers.Pace, poll func(context.Context) (providers.Status, error)) error {
	if pace.Over == "" {
		return errRehearsed
	}
	r.waiting = &pace
	defer func() { r.waiting = nil }()
	before := len(r.requests)
	if _, err := poll(ctx); len(r.requests) == before {
		return err
	}
	return nil
}

// Keep ends the rehearsal.
func (r *rehearsal) Keep(context.Context, string, providers.Result) (string, error) {
	return "", errRehearsed
}

// KeepModel ends the rehearsal.
func (r *rehearsal) KeepModel(context.Context, providers.Model) error { return errRehearsed }

// InBucket ends the rehearsal.
func (r *rehearsal) InBucket(context.Context, string) (providers.Object, bool, error) {
	return providers.Object{}, false, errRehearsed
}

// Report shows nothing: nobody watches.
func (r *rehearsal) Report(providers.Status) {}

// Image resolves an image field's value.
func (r *rehearsal) Image(ctx context.Context, ref string) (providers.Photo, error) {
	return r.studio.image(ctx, ref)
}

// Host puts a photo in the bucket until its link ends.
func (r *rehearsal) Host(ctx context.Context, photo providers.Photo) (string, error) {
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
func (r *rehearsal) HostFile(ctx context.Context, name, ext string, content []byte) (string, error) {
	return r.host(ctx, "host/"+name, ext, func() ([]byte, error) { return content, nil })
}

func (r *rehearsal) host(ctx context.Context, step, ext string, read func() ([]byte, error)) (string, error) {
	if link, done := r.hosted[step]; done {
		return link, nil
	}
	bucket, err := r.studio.Bucket(ctx)
	if err != nil {
		return "", err
	}
	content, err := read()
	if err != nil {
		return "", err
	}
	name := storage.UnguessableName(ext)
	// The name is on disk before the object exists, so that it is removed in any case.
	err = r.studio.db.Update(func(tx *storage.Tx) error {
		return hostedTable.Put(tx, name, hostedPhoto{Job: "copy", Step: step, Remove: time.Now().Add(linkLife)})
	})
	if err != nil {
		return "", storageFailure("noting a hosted photo", err)
	}
	if err := bucket.Put(ctx, name, bytes.NewReader(content), int64(len(content)), contentType(ext)); err != nil {
		return "", bucketFailure(err)
	}
	link, err := bucket.Link(ctx, name, linkLife)
	if err != nil {
		return "", bucketFailure(err)
	}
	if err := httpapi.NewFetcher(r.studio.bucketIsLocal()).Check(ctx, link); err != nil {
		return "", bucketFailure(err)
	}
	r.hosted[step] = link
	return link, nil
}

// keepCopied keeps a long body as a file for as long as links to hosted photos
// last, and returns its path.
func (s *Studio) keepCopied(body []byte) (string, error) {
	sum := sha256.Sum256(body)
	path := filepath.Join(s.layout.Copied, hex.EncodeToString(sum[:])+".json")
	err := storage.WriteFile(path, func(w io.Writer) error {
		_, err := w.Write(body)
		return err
	})
	if err != nil {
		return "", storageFailure("keeping a request's body", err)
	}
	return path, nil
}

// dropCopied removes the bodies that have been kept long enough.
func (s *Studio) dropCopied(now time.Time) {
	files, err := os.ReadDir(s.layout.Copied)
	for _, file := range files {
		info, statErr := file.Info()
		if statErr == nil && now.Sub(info.ModTime()) > linkLife {
			err = errors.Join(err, os.Remove(filepath.Join(s.layout.Copied, file.Name())))
		}
	}
	if err != nil {
		s.troubles.set(s, Trouble{Code: "copied", Title: "Copies of pictures in requests could not be removed yet", Text: err.Error()})
		return
	}
	s.troubles.clear(s, "copied")
}
