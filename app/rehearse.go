// Running a task to see what it would send: reads are made, the first writing
// request of each step is recorded instead of sent, and waiting for an answer
// ends it.

package app

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
	"github.com/maquette-studio/maquette/storage"
)

// recordedRequest is a request that was not sent. Where its headers hold the
// key there is a mark instead.
type recordedRequest struct {
	method, url string
	headers     []header
	body        string
}

type header struct{ name, value string }

// keyMark stands for the key; no header may hold it otherwise.
const keyMark = "\x00key\x00"

var (
	errRecorded  = errors.New("recorded, not sent")
	errRehearsed = errors.New("the rehearsal is over")
)

// rehearse returns the requests that the task would make.
func (s *Studio) rehearse(ctx context.Context, task *providers.Task, service *providers.Service, values providers.Values, photos []DatasetPhoto) ([]recordedRequest, error) {
	if err := s.bucketReady(ctx, task, values); err != nil {
		return nil, err
	}
	conn, err := s.Conn(ctx, service)
	var f *providers.Failure
	if errors.As(err, &f) && f.Kind == providers.BadKey {
		conn.Key = "no-key" // what needs no answer can be written without one
	} else if err != nil {
		return nil, err
	}
	r := &rehearsal{studio: s, key: conn.Key, local: isLoopback(conn.BaseURL), hosted: map[string]string{}}
	r.reads = &http.Transport{Proxy: http.ProxyFromEnvironment, TLSHandshakeTimeout: 15 * time.Second, ResponseHeaderTimeout: time.Minute}
	defer r.reads.CloseIdleConnections()
	conn.HTTP = &http.Client{Transport: r}
	err = task.Run(ctx, &providers.Run{Job: "copy", Values: values, Photos: s.photos(photos), Conn: conn, Steps: r})
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case len(r.requests) > 0 && !r.chained:
		return r.requests, nil
	case r.chained:
		return nil, &providers.Failure{
			Kind: providers.InvalidInput, Money: providers.NotSpent, Outcome: providers.NotSent,
			Message: task.Title + " takes several requests, each with the answer of the one before",
			Advice:  "Copy it as a command of Maquette's own instead.",
		}
	case err == nil:
		err = fmt.Errorf("%s makes no request", task.ID)
	}
	return nil, err
}

// rehearsal is providers.Steps without a job, and the transport beneath it.
type rehearsal struct {
	studio   *Studio
	key      string
	local    bool
	reads    *http.Transport
	hosted   map[string]string // links by step
	requests []recordedRequest
	chained  bool // what follows depends on an answer that there won't be
}

var (
	_ providers.Steps   = (*rehearsal)(nil)
	_ http.RoundTripper = (*rehearsal)(nil)
)

// RoundTrip lets reads through and records the rest.
func (r *rehearsal) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Method == http.MethodGet || request.Method == http.MethodHead {
		return r.reads.RoundTrip(request)
	}
	var body bytes.Buffer
	if request.Body != nil {
		defer request.Body.Close()
		if _, err := io.Copy(&body, request.Body); err != nil {
			return nil, err
		}
	}
	recorded := recordedRequest{method: request.Method, url: request.URL.String(), body: body.String()}
	for name, values := range request.Header {
		if name == "User-Agent" {
			continue
		}
		for _, value := range values {
			recorded.headers = append(recorded.headers, header{name, strings.ReplaceAll(value, r.key, keyMark)})
		}
	}
	slices.SortFunc(recorded.headers, func(a, b header) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.value, b.value)) })
	r.requests = append(r.requests, recorded)
	return nil, errRecorded
}

// record makes a request that is not sent.
func (r *rehearsal) record(ctx context.Context, create providers.Create) (providers.Receipt, error) {
	before := len(r.requests)
	receipt, err := create(ctx)
	if len(r.requests) > before {
		return providers.Receipt{ID: "recorded"}, nil
	}
	return receipt, err
}

// Once records the paid request.
func (r *rehearsal) Once(ctx context.Context, _ string, _ providers.Find, create providers.Create) (providers.Receipt, error) {
	return r.record(ctx, create)
}

// Ensure ends the rehearsal: what it makes is needed by what follows.
func (r *rehearsal) Ensure(context.Context, string, providers.Find, providers.Create) (providers.Receipt, error) {
	r.chained = true
	return providers.Receipt{}, errRehearsed
}

// Step asks what is only read, and records the rest.
func (r *rehearsal) Step(ctx context.Context, _ string, do providers.Create) (providers.Receipt, error) {
	return r.record(ctx, do)
}

// Watch ends the rehearsal: there is nothing to wait for.
func (r *rehearsal) Watch(context.Context, providers.Pace, func(context.Context) (providers.Status, error)) error {
	return errRehearsed
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
func (r *rehearsal) Image(_ context.Context, ref string) (providers.Photo, error) {
	return r.studio.image(ref)
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
