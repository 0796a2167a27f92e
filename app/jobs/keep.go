// Results on this computer's disk: pictures and models.

package jobs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/maquette-studio/maquette/app/failure"
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
func (s *steps) Keep(ctx context.Context, step string, result providers.Result) (id string, err error) {
	err = s.untilRoom(ctx, func() error {
		id, err = s.keep(ctx, step, result)
		return err
	})
	return id, err
}

func (s *steps) keep(ctx context.Context, step string, result providers.Result) (string, error) {
	rec, found, err := s.recall(step)
	if err != nil || found && rec.Done {
		return rec.Receipt.ID, err
	}
	job, _ := s.engine.job(s.job)
	made := Made{
		ID: fmt.Sprintf("%s-%02d", s.job, len(job.Images)+1), Job: s.job, Task: job.Task, Service: s.service.ID, Result: result,
	}
	stored, err := s.fetchPicture(ctx, made)
	if err != nil {
		return "", err
	}
	err = s.store(func(job *Job) error {
		job.Images = append(job.Images, made.ID)
		return nil
	}, func(tx *storage.Tx) error {
		done := stepRecord{Done: true, Receipt: providers.Receipt{ID: made.ID}}
		return errors.Join(stored.Record(tx), stepTable.Put(tx, s.key(step), done))
	})
	if err != nil {
		return "", err
	}
	stored.Show()
	return made.ID, nil
}

// fetchPicture downloads a result and has it stored; a refused link is read
// anew from the service, trouble that may pass is waited out.
func (s *steps) fetchPicture(ctx context.Context, made Made) (Stored, error) {
	fetcher := httpapi.NewFetcher(httpapi.IsLocal(s.conn))
	link := made.Result.URL
	var p patience
	for try := 1; ; try++ {
		stored, err := s.tryPicture(ctx, fetcher, link, made)
		if err == nil {
			return stored, nil
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		var f *providers.Failure
		if !errors.As(err, &f) || try >= keepTries && f.Kind != providers.NoNetwork {
			return nil, keepFailure(err)
		}
		if f.Kind == providers.NoStorage {
			return nil, err
		}
		refused := f.Status >= 400 && f.Status < 500 && f.Status != 429
		if !refused && !f.MayPass() {
			return nil, keepFailure(err)
		}
		wait, ok := p.next(s, f)
		if !ok {
			return nil, keepFailure(err)
		}
		if err := s.waiting(ctx, err, wait); err != nil {
			return nil, err
		}
		if refused && made.Result.Fresh != nil {
			if link, err = made.Result.Fresh(ctx); err != nil {
				return nil, err
			}
		}
	}
}

func (s *steps) tryPicture(ctx context.Context, fetcher *httpapi.Fetcher, link string, made Made) (Stored, error) {
	var body bytes.Buffer
	if _, _, err := fetcher.Download(ctx, link, &body, resultMost); err != nil {
		return nil, err
	}
	stored, err := s.engine.cfg.Pictures.Store(ctx, body.Bytes(), made)
	if known := (*providers.Failure)(nil); err == nil || errors.As(err, &known) {
		return stored, err
	}
	return nil, &providers.Failure{Kind: providers.BadResult, Message: providers.SentenceOf(err), Garbled: true, Cause: err}
}

// keepFailure says that the picture exists and is paid, and how to get it.
func keepFailure(err error) error {
	f := failure.Of(err, providers.BadResult)
	f.Message = providers.Say("A finished picture could not be downloaded: %s", f.Message)
	f.Advice = providers.Say("Try again soon: it is still at the service and isn't paid again.")
	f.Remedy = providers.Remedy{Code: providers.RetryJob}
	f.Money = providers.Spent
	return f
}

// KeepModel records a trained model and downloads its file.
func (s *steps) KeepModel(ctx context.Context, model providers.Model) error {
	return s.untilRoom(ctx, func() error { return s.keepModel(ctx, model) })
}

func (s *steps) keepModel(ctx context.Context, model providers.Model) error {
	id, err := s.engine.cfg.Models.Remember(s.service.ID, s.job, model)
	if err != nil {
		return err
	}
	err = s.store(func(job *Job) error {
		if !slices.Contains(job.Models, id) {
			job.Models = append(job.Models, id)
		}
		return nil
	}, nil)
	if err != nil || !model.Downloadable() {
		return err
	}
	s.Report(providers.Status{State: providers.Collecting, Fraction: -1, Note: providers.Say("Downloading %s", model.Title)})
	if _, err = s.engine.cfg.Models.Download(ctx, id); err != nil && ctx.Err() == nil {
		return modelFailure(model, err)
	}
	s.Report(providers.Status{State: providers.Collecting, Fraction: -1})
	return err
}

func modelFailure(model providers.Model, err error) error {
	f := failure.Of(err, providers.BadResult)
	f.Message = providers.Say("The trained model could not be downloaded: %s", f.Message)
	switch {
	case model.Object == "":
		f.Advice = providers.Say("It is trained and listed with your models. Try again before its link expires: the download goes on where it stopped.")
		f.Remedy = providers.Remedy{Code: providers.RetryJob}
	case f.Kind == providers.NoBucket:
		f.Advice = providers.Say("It is trained and listed with your models. %s", f.Advice)
	default:
		f.Advice = providers.Say("It is trained and listed with your models, and its file stays in your bucket. Try again: the download goes on where it stopped.")
		f.Remedy = providers.Remedy{Code: providers.RetryJob}
	}
	f.Money = providers.Spent
	return f
}
