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
// stopped, verifies it and returns its path. One that is here already and whole
// is left as it is; a damaged one is set aside first. A second call for the
// same model waits for the first.
func (ms *Models) Download(ctx context.Context, id string) (string, error) {
	return ms.bring(ctx, id, func(err error) bool {
		return errors.Is(err, os.ErrNotExist) || errors.Is(err, storage.ErrDamagedFile)
	})
}

// Mend is Download where the file is known to be of no use: one that can't be
// read, for whatever reason, is set aside too. After an error the model counts
// as not downloaded.
func (ms *Models) Mend(ctx context.Context, id string) (string, error) {
	return ms.bring(ctx, id, func(error) bool { return true })
}

// bring downloads a model that isn't here, or whose file is of no use as
// useless says of why it can't be read.
func (ms *Models) bring(ctx context.Context, id string, useless func(error) bool) (string, error) {
	m, ok := ms.Model(id)
	if !ok {
		return "", providers.Errorf("there is no model %s", id)
	}
	b, mine := ms.begin(m.ID)
	if mine {
		b.path, b.err = ms.ensure(ctx, m.ID, useless)
		ms.end(m.ID)
		return b.path, b.err
	}
	select {
	case <-b.over:
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
	if b.err == nil {
		return b.path, nil
	}
	return ms.bring(ctx, id, useless)
}

// ensure looks at what is here of a model and downloads what isn't, alone with
// it.
func (ms *Models) ensure(ctx context.Context, id string, useless func(error) bool) (string, error) {
	m, ok := ms.Model(id)
	if !ok {
		return "", providers.Errorf("there is no model %s", id)
	}
	if m.File != "" {
		err := ms.Check(ctx, m)
		switch {
		case err == nil:
			return ms.Path(m), nil
		case ctx.Err() != nil:
			return "", context.Cause(ctx)
		case !useless(err):
			return "", err
		}
		if m, err = ms.setAside(m); err != nil {
			return "", err
		}
	}
	done, err := ms.downloaded(ctx, m)
	if err != nil {
		return "", err
	}
	return ms.Path(done), ms.record(done)
}

// downloaded is the model with its file and the file's checksum, for the
// record. One that came before, and could not be recorded then, is that.
func (ms *Models) downloaded(ctx context.Context, m Model) (Model, error) {
	if done, came := ms.unrecordedOf(m); came {
		return done, nil
	}
	file, err := ms.download(ctx, &m)
	m.Downloading, m.Downloaded = false, 0
	ms.show(m)
	if err != nil {
		return m, err
	}
	m.File = file
	if service, ok := ms.cfg.Services.Service(m.Service); ok && service.ModelLink != nil {
		m.URL = string(providers.Unsigned([]byte(m.URL))) // should it be fetched again, its service gives a new one
	}
	if m.SHA256, _, err = storage.SumFile(ms.Path(m)); err != nil {
		return m, failure.Storage("reading the model's file", err)
	}
	return m, nil
}

// unrecordedOf is a model whose file came and whose record could not be
// written, with what is known of it by now.
func (ms *Models) unrecordedOf(m Model) (Model, bool) {
	ms.mu.Lock()
	defer ms.mu.Unlock()
	done, came := ms.unrecorded[m.ID]
	m.File, m.SHA256 = done.File, done.SHA256
	if _, err := os.Stat(ms.Path(m)); !came || err != nil {
		return m, false
	}
	return m, true
}

// record writes down that a model's file came. Where that fails, the next call
// begins here.
func (ms *Models) record(done Model) error {
	err := ms.put(done)
	ms.mu.Lock()
	defer ms.mu.Unlock()
	if err != nil {
		ms.unrecorded[done.ID] = done
		return err
	}
	delete(ms.unrecorded, done.ID)
	return nil
}

// bringing is a download under way; path and err are its end's.
type bringing struct {
	over chan struct{}
	path string
	err  error
}

func (ms *Models) begin(id string) (b *bringing, mine bool) {
	ms.mu.Lock()
	defer ms.mu.Unlock()
	if b, running := ms.active[id]; running {
		return b, false
	}
	b = &bringing{over: make(chan struct{})}
	ms.active[id] = b
	return b, true
}

func (ms *Models) end(id string) {
	ms.mu.Lock()
	defer ms.mu.Unlock()
	close(ms.active[id].over)
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
