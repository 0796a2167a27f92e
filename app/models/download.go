// Bringing a model's file here.

package models

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/app/retry"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
	"github.com/maquette-studio/maquette/storage"
)

// Download brings the model's file here, going on where an earlier try
// stopped, verifies it and returns its path. A second call for the same model
// waits for the first.
func (ms *Models) Download(ctx context.Context, id string) (string, error) {
	m, ok := ms.Model(id)
	if !ok {
		return "", providers.Errorf("there is no model %s", id)
	}
	if path := ms.Path(m); path != "" {
		switch err := ms.Check(ctx, m); {
		case err == nil:
			return path, nil
		case ctx.Err() != nil:
			return "", context.Cause(ctx)
		case !errors.Is(err, os.ErrNotExist):
			if err := ms.Drop(m); err != nil {
				return "", err
			}
			m, _ = ms.Model(m.ID)
		}
	}
	over, mine := ms.begin(m.ID)
	if !mine {
		select {
		case <-over:
			return ms.Download(ctx, id)
		case <-ctx.Done():
			return "", context.Cause(ctx)
		}
	}
	defer ms.end(m.ID)
	file, err := ms.download(ctx, &m)
	m.Downloading, m.Downloaded = false, 0
	if err != nil {
		ms.show(m)
		return "", err
	}
	m.File = file
	if service, ok := ms.cfg.Services.Service(m.Service); ok && service.ModelLink != nil {
		m.URL = string(providers.Unsigned([]byte(m.URL))) // should it be fetched again, its service gives a new one
	}
	if m.SHA256, _, err = storage.SumFile(ms.Path(m)); err != nil {
		return "", failure.Storage("reading the model's file", err)
	}
	return ms.Path(m), ms.put(m)
}

func (ms *Models) begin(id string) (over chan struct{}, mine bool) {
	ms.mu.Lock()
	defer ms.mu.Unlock()
	if over, running := ms.active[id]; running {
		return over, false
	}
	over = make(chan struct{})
	ms.active[id] = over
	return over, true
}

func (ms *Models) end(id string) {
	ms.mu.Lock()
	defer ms.mu.Unlock()
	close(ms.active[id])
	delete(ms.active, id)
}

const (
	downloadTries = 6
	// further is how many bytes more make a download one that goes on: a host
	// that gives a byte a second doesn't.
	further   = 64 << 10
	modelMost = 64 << 30 // bytes
)

// download fetches the model's bytes into its file, resuming by ranges; a
// refused link is read anew from the service. A host that gives a part at a
// time may take as many tries as it wants to.
func (ms *Models) download(ctx context.Context, m *Model) (string, error) {
	name := ms.freeFileName(*m)
	part, err := storage.OpenPart(filepath.Join(ms.cfg.Dir, name))
	if err != nil {
		return "", failure.Storage("opening the model's file", err)
	}
	defer part.Close()
	service, ok := ms.cfg.Services.Service(m.Service)
	if !ok {
		return "", providers.Errorf("there is no service %s", m.Service)
	}
	furthest, since := part.Offset(), time.Now() // when it came as far
	for try := 1; ; try++ {
		before := part.Offset()
		err := ms.pullWhole(ctx, m, service, part)
		if err == nil {
			break
		}
		if part.Offset() >= furthest+further {
			furthest, since, try = part.Offset(), time.Now(), 1
		}
		var f *providers.Failure
		if ctx.Err() != nil || !errors.As(err, &f) || f.Kind == providers.NoStorage || f.Kind == providers.NoBucket {
			return "", errors.Join(context.Cause(ctx), err)
		}
		outage := f.Kind == providers.NoNetwork && part.Offset() == before && time.Since(since) < ms.cfg.Patience
		if try >= downloadTries && !outage {
			return "", err
		}
		if err := retry.Sleep(ctx, ms.cfg.Scaled(retry.Backoff(try, f.RetryAfter))); err != nil {
			return "", err
		}
		if err := ms.refreshLink(ctx, m, service, f); err != nil {
			return "", err
		}
	}
	if err := part.Commit(); err != nil {
		return "", failure.Storage("finishing the model's file", err)
	}
	return name, nil
}

// pullWhole makes one try and holds what came to what a model's file is. What
// is none, such as a web page in its place, is thrown away, so that the next
// try begins anew.
func (ms *Models) pullWhole(ctx context.Context, m *Model, service *providers.Service, part *storage.Part) error {
	if err := ms.pull(ctx, m, service, part); err != nil {
		return err
	}
	damaged := verify(*m, part)
	if damaged == nil {
		return nil
	}
	if err := part.Restart(""); err != nil {
		return failure.Storage("starting the model's file anew", err)
	}
	return damaged
}

func (ms *Models) refreshLink(ctx context.Context, m *Model, service *providers.Service, why *providers.Failure) error {
	refused := why.Status >= 400 && why.Status < 500
	astray := why.Kind == providers.NotFound || why.Kind == providers.InvalidInput
	if service.ModelLink == nil || !refused && !astray && why.Kind != providers.BadResult {
		return nil
	}
	conn, err := ms.cfg.Conn(ctx, service)
	if err != nil {
		return err
	}
	fresh, err := service.ModelLink(ctx, conn, m.Model)
	if trouble, known := errors.AsType[*providers.Failure](err); known && !trouble.Ended && ctx.Err() == nil {
		return nil // asked again after the next try of the old link
	}
	if err != nil {
		return err
	}
	m.Model = fresh
	return ms.put(*m)
}

// pull makes one try.
func (ms *Models) pull(ctx context.Context, m *Model, service *providers.Service, part *storage.Part) error {
	link, local, err := ms.source(ctx, m, service)
	if err != nil {
		return err
	}
	if m.Size > 0 && part.Offset() == m.Size {
		return nil
	}
	body, total, restarted, validator, err := httpapi.NewFetcher(local).Resume(ctx, link, part.Offset(), part.Validator())
	if err != nil {
		return err
	}
	defer body.Close()
	if restarted || part.Offset() == 0 {
		if err := part.Restart(validator); err != nil {
			return failure.Storage("starting the model's file", err)
		}
	}
	if total > modelMost {
		return &providers.Failure{Kind: providers.BadResult, Message: providers.Say("The model claims to have %d bytes", total)}
	}
	watch := &progressWriter{part: part, tell: func(n int64) {
		m.Downloading, m.Downloaded = true, n
		if m.Size == 0 {
			m.Size = total
		}
		ms.show(*m)
	}}
	if _, err := io.Copy(watch, body); err != nil {
		return failure.Transfer("writing the model's file", err)
	}
	if total > 0 && part.Offset() != total {
		return &providers.Failure{Kind: providers.NoNetwork, Message: providers.Say("The download stopped in the middle")}
	}
	return nil
}

// source is the link to read the model's file from, and whether it may
// lead to this computer. A model in the bucket gets a link signed just now, so
// that none is stored and none expires.
func (ms *Models) source(ctx context.Context, m *Model, service *providers.Service) (link string, local bool, err error) {
	if m.Object == "" {
		return m.URL, ms.cfg.IsLocal(service), nil
	}
	object, found, err := ms.cfg.Bucket.Find(ctx, m.Object)
	if err != nil {
		return "", false, err
	}
	if !found {
		return "", false, &providers.Failure{
			Kind: providers.NoBucket, Message: providers.Say("The model's file, %s, is not in the bucket", m.Object),
			Advice: providers.Say("Check that the bucket is set to which it was delivered, and that it wasn't deleted there."),
			Remedy: providers.Remedy{Code: providers.OpenBucket},
		}
	}
	m.Size = object.Size
	return object.URL, ms.cfg.Bucket.IsLocal(), nil
}

// progressWriter tells how far a download is, a few times a second.
type progressWriter struct {
	part *storage.Part
	tell func(int64)
	last time.Time
}

func (w *progressWriter) Write(b []byte) (int, error) {
	n, err := w.part.Write(b)
	if now := time.Now(); now.Sub(w.last) > 250*time.Millisecond {
		w.last = now
		w.tell(w.part.Offset())
	}
	return n, err
}
