package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
	"github.com/maquette-studio/maquette/storage"
)

const (
	resultMost = 256 << 20 // bytes of one result picture
	keepTries  = 8
)

// Keep downloads one result, verifies that it is a whole picture, and puts it
// into the library together with what made it.
func (s *steps) Keep(ctx context.Context, step string, result providers.Result) (string, error) {
	rec, found, err := s.recall(step)
	if err != nil || found && rec.Done {
		return rec.Receipt.ID, err
	}
	content, picture, err := s.fetchPicture(ctx, result)
	if err != nil {
		return "", err
	}
	hash, size, err := s.engine.studio.files.Put(bytes.NewReader(content), picture.Ext)
	if err != nil {
		return "", storageFailure("keeping a result", err)
	}
	job, _ := s.engine.job(s.job)
	kept := Picture{
		ID: fmt.Sprintf("%s-%02d", s.job, len(job.Images)+1), Job: s.job, Task: job.Task, Service: s.service.ID,
		Hash: hash, Ext: picture.Ext, Width: picture.Width, Height: picture.Height, Bytes: size,
		Prompt: result.Prompt, Model: result.Model, Seed: result.Seed, RemoteID: result.RemoteID, Created: time.Now(),
	}
	err = s.store(func(job *Job) error {
		job.Images = append(job.Images, kept.ID)
		return nil
	}, func(tx *storage.Tx) error {
		if err := pictureTable.Put(tx, kept.ID, kept); err != nil {
			return err
		}
		return stepTable.Put(tx, s.key(step), stepRecord{Done: true, Receipt: providers.Receipt{ID: kept.ID}})
	})
	if err != nil {
		return "", err
	}
	s.engine.studio.library.add(kept)
	s.engine.studio.publish(PicturesChanged, kept.ID)
	return kept.ID, nil
}

// fetchPicture downloads and decodes; a refused link is read anew from the
// service, trouble that may pass is waited out.
func (s *steps) fetchPicture(ctx context.Context, result providers.Result) ([]byte, photo.Info, error) {
	fetcher := httpapi.NewFetcher(s.localService())
	link := result.URL
	var p patience
	for try := 1; ; try++ {
		var body bytes.Buffer
		_, _, err := fetcher.Download(ctx, link, &body, resultMost)
		if err == nil {
			inspect := photo.Inspect
			if photo.IsVector(body.Bytes()) {
				inspect = photo.InspectVector
			}
			info, damaged := inspect(ctx, bytes.NewReader(body.Bytes()), "The result")
			if damaged == nil {
				return body.Bytes(), info, nil
			}
			err = &providers.Failure{Kind: providers.BadResult, Message: damaged.Error(), Garbled: true, Cause: damaged}
		}
		if ctx.Err() != nil {
			return nil, photo.Info{}, context.Cause(ctx)
		}
		var f *providers.Failure
		if !errors.As(err, &f) || try >= keepTries && f.Kind != providers.NoNetwork {
			return nil, photo.Info{}, keepFailure(err)
		}
		refused := f.Status >= 400 && f.Status < 500 && f.Status != 429
		if !refused && !f.MayPass() {
			return nil, photo.Info{}, keepFailure(err)
		}
		wait, ok := p.next(s, f)
		if !ok {
			return nil, photo.Info{}, keepFailure(err)
		}
		if err := s.waiting(ctx, err, wait); err != nil {
			return nil, photo.Info{}, err
		}
		if refused && result.Fresh != nil {
			if link, err = result.Fresh(ctx); err != nil {
				return nil, photo.Info{}, err
			}
		}
	}
}

// keepFailure says that the picture exists and is paid, and how to get it.
func keepFailure(err error) error {
	f := failureOf(err, providers.BadResult)
	f.Message = "A finished picture could not be downloaded: " + f.Message
	f.Advice = "Retry soon: it is still at the service and isn't paid again."
	f.Money = providers.Spent
	return f
}

// localService reports whether the service itself is on this computer, as the
// sandbox is; only then may its links lead here.
func (s *steps) localService() bool { return isLoopback(s.conn.BaseURL) }
