package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
	"github.com/maquette-studio/maquette/storage"
)

// DownloadModel brings the model's file here, going on where an earlier try
// stopped, verifies it and returns its path. A second call for the same model
// waits for the first.
func (s *Studio) DownloadModel(ctx context.Context, id string) (string, error) {
	m, ok := s.Model(id)
	if !ok {
		return "", fmt.Errorf("there is no model %s", id)
	}
	if path := s.ModelPath(m); path != "" {
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	over, mine := s.models.begin(m.ID)
	if !mine {
		select {
		case <-over:
			return s.DownloadModel(ctx, id)
		case <-ctx.Done():
			return "", context.Cause(ctx)
		}
	}
	defer s.models.end(m.ID)
	file, err := s.download(ctx, &m)
	m.Downloading, m.Downloaded = false, 0
	if err != nil {
		s.showModel(m)
		return "", err
	}
	m.File = file
	return s.ModelPath(m), s.putModel(m)
}

func (x *modelIndex) begin(id string) (over chan struct{}, mine bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if over, running := x.active[id]; running {
		return over, false
	}
	over = make(chan struct{})
	x.active[id] = over
	return over, true
}

func (x *modelIndex) end(id string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	close(x.active[id])
	delete(x.active, id)
}

const (
	downloadTries = 6
	modelMost     = 64 << 30 // bytes
)

// download fetches the model's bytes into its file, resuming by ranges; a
// refused link is read anew from the service.
func (s *Studio) download(ctx context.Context, m *Model) (string, error) {
	name := modelFileName(*m)
	part, err := storage.OpenPart(filepath.Join(s.layout.Models, name))
	if err != nil {
		return "", storageFailure("opening the model's file", err)
	}
	defer part.Close()
	service, ok := s.Service(m.Service)
	if !ok {
		return "", fmt.Errorf("there is no service %s", m.Service)
	}
	for try := 1; ; try++ {
		err := s.pull(ctx, m, service, part)
		if err == nil {
			break
		}
		var f *providers.Failure
		if ctx.Err() != nil || !errors.As(err, &f) || try >= downloadTries || f.Kind == providers.NoStorage || f.Kind == providers.NoBucket {
			return "", errors.Join(context.Cause(ctx), err)
		}
		if !sleep(ctx, s.scaled(backoff(try, f.RetryAfter))) {
			return "", context.Cause(ctx)
		}
		if err := s.refreshLink(ctx, m, service, f); err != nil {
			return "", err
		}
	}
	if err := verifyModel(*m, part); err != nil {
		return "", errors.Join(err, part.Discard())
	}
	if err := part.Commit(); err != nil {
		return "", storageFailure("finishing the model's file", err)
	}
	return name, nil
}

func (s *Studio) refreshLink(ctx context.Context, m *Model, service *providers.Service, why *providers.Failure) error {
	if service.ModelLink == nil || why.Status < 400 || why.Status >= 500 {
		return nil
	}
	conn, err := s.Conn(ctx, service)
	if err != nil {
		return err
	}
	fresh, err := service.ModelLink(ctx, conn, m.Model)
	if err != nil {
		return err
	}
	m.Model = fresh
	return s.putModel(*m)
}

// pull makes one try.
func (s *Studio) pull(ctx context.Context, m *Model, service *providers.Service, part *storage.Part) error {
	link, local, err := s.modelSource(ctx, m, service)
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
			return storageFailure("starting the model's file", err)
		}
	}
	if total > modelMost {
		return &providers.Failure{Kind: providers.BadResult, Message: fmt.Sprintf("The model claims to have %d bytes", total)}
	}
	watch := &progressWriter{part: part, tell: func(n int64) {
		m.Downloading, m.Downloaded = true, n
		if m.Size == 0 {
			m.Size = total
		}
		s.showModel(*m)
	}}
	if _, err := io.Copy(watch, body); err != nil {
		return transferFailure(err)
	}
	if total > 0 && part.Offset() != total {
		return &providers.Failure{Kind: providers.NoNetwork, Message: "The download stopped in the middle"}
	}
	return nil
}

// modelSource is the link to read the model's file from, and whether it may
// lead to this computer. A model in the bucket gets a link signed just now, so
// that none is stored and none expires.
func (s *Studio) modelSource(ctx context.Context, m *Model, service *providers.Service) (link string, local bool, err error) {
	if m.Object == "" {
		return m.URL, isLoopback(s.BaseURL(service)), nil
	}
	object, found, err := s.inBucket(ctx, m.Object)
	if err != nil {
		return "", false, err
	}
	if !found {
		return "", false, &providers.Failure{
			Kind: providers.NoBucket, Message: "The model's file, " + m.Object + ", is not in the bucket",
			Advice: "Check that Settings name the bucket it was delivered to, and that it wasn't deleted there.",
		}
	}
	m.Size = object.Size
	return object.URL, s.bucketIsLocal(), nil
}

func transferFailure(err error) error {
	if known := (*providers.Failure)(nil); errors.As(err, &known) {
		return err
	}
	if errors.Is(err, storage.ErrDiskFull) || errors.Is(err, storage.ErrReadOnly) {
		return storageFailure("writing the model's file", err)
	}
	return &providers.Failure{Kind: providers.NoNetwork, Message: "The download was interrupted", Advice: "Retry: it goes on where it stopped.", Cause: err}
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

func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// modelFileName is readable and holds nothing a file system could misread.
func modelFileName(m Model) string {
	clean := func(text string) string {
		return strings.Trim(strings.Map(func(r rune) rune {
			switch {
			case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
				return r
			}
			return '-'
		}, text), "-")
	}
	format := clean(cmp.Or(m.Format, "safetensors"))
	return fmt.Sprintf("%s-%s.%s", m.Service, clean(m.RemoteID), format)
}
