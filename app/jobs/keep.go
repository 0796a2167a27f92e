// Results on this computer's disk: pictures and models.

package jobs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
	"github.com/maquette-studio/maquette/storage"
)

const (
	resultMost = 256 << 20 // bytes of one result picture
	keepTries  = 8
	// flawedTries is how often a result is fetched at most that comes with
	// something wrong with it. The same bytes twice are what the service has.
	flawedTries = 3
)

// Keep downloads one result, looks at it, and puts it into the library
// together with what made it. What came is not fetched again because the disk
// has no room for its place or its record.
func (s *steps) Keep(ctx context.Context, step string, result providers.Result) (id string, err error) {
	rec, found, err := s.recall(step)
	if err != nil || found && rec.Done {
		return rec.Receipt.ID, err
	}
	var received Received
	err = s.untilRoom(ctx, func() error {
		received, err = s.fetchPicture(ctx, result)
		return err
	})
	if err != nil {
		return "", err
	}
	err = s.untilRoom(ctx, func() error {
		id, err = s.keep(step, result, received)
		return err
	})
	if err != nil {
		received.Discard()
	}
	return id, err
}

// keep stores what came and records it. After an error it can be called again.
func (s *steps) keep(step string, result providers.Result, received Received) (string, error) {
	job, _ := s.engine.job(s.job)
	made := Made{
		ID: nextPicture(job), Job: s.job, Task: job.Task, Service: s.service.ID, Result: result,
	}
	made.Ordered = s.ordered()
	stored, err := received.Store(made)
	if err != nil {
		return "", err
	}
	err = s.store(func(job *Job) error {
		job.Images = append(job.Images, made.ID)
		job.Flaw = flaw(received.Found()).Or(job.Flaw)
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

// ordered is what kind of picture the job is to make; "" where that isn't known.
func (s *steps) ordered() string {
	job, _ := s.engine.job(s.job)
	task, known := s.service.FindTask(job.Task)
	if !known {
		return ""
	}
	return task.Ordered(job.Values)
}

// nextPicture is the id of the job's next picture: the first that is free from
// its count on, since a job that was restored may lack some of its pictures.
func nextPicture(job Job) string {
	for n := len(job.Images) + 1; ; n++ {
		if id := fmt.Sprintf("%s-%02d", job.ID, n); !slices.Contains(job.Images, id) {
			return id
		}
	}
}

// fetching is the download of one result, until it is whole or what came
// otherwise is kept.
type fetching struct {
	*steps
	fetcher *httpapi.Fetcher
	result  providers.Result
	link    string
	best    Received // of what came and had something wrong with it, nil for none
	flawed  int      // how often such a file came
	part    string   // the hash of what came last of a transfer that was cut
	parts   int      // how often it came
	waited  bool     // for another try, as the job says
}

// fetchPicture downloads a result. A refused link is read
// anew from the service, trouble that may pass is waited out. What came is
// never thrown away because it can't be shown: at most it is fetched again.
func (s *steps) fetchPicture(ctx context.Context, result providers.Result) (Received, error) {
	f := &fetching{steps: s, fetcher: httpapi.NewFetcher(httpapi.IsLocal(s.conn)), result: result, link: result.URL}
	defer f.fetcher.CloseIdleConnections()
	received, err := f.fetch(ctx)
	if err == nil && f.waited {
		s.Report(providers.Status{State: providers.Collecting, Fraction: -1}) // instead of what was waited for
	}
	return received, err
}

// fetch tries until there is a file to keep.
func (f *fetching) fetch(ctx context.Context) (Received, error) {
	var p patience
	for try := 1; ; try++ {
		received, err := f.try(ctx)
		if received != nil {
			return received, nil
		}
		if ctx.Err() != nil {
			f.discard()
			return nil, context.Cause(ctx)
		}
		wait, again := f.again(&p, err, try)
		if !again && f.best != nil {
			return f.best, nil
		}
		if !again {
			return nil, keepFailure(err)
		}
		f.waited = true
		if err := f.waiting(ctx, &p, err, wait); err != nil {
			f.discard()
			return nil, err
		}
		if err := f.renew(ctx, err); err != nil {
			if f.best != nil && ctx.Err() == nil {
				return f.best, nil
			}
			f.discard()
			return nil, err
		}
	}
}

// again says how long to wait before the next try, and whether there is one.
func (f *fetching) again(p *patience, err error, try int) (time.Duration, bool) {
	why, known := errors.AsType[*providers.Failure](err)
	switch {
	case !known, why.Kind == providers.NoStorage:
		return 0, false
	case try >= keepTries && why.Kind != providers.NoNetwork && !leadsAstray(why):
		return 0, false
	case (f.best != nil || errors.Is(err, httpapi.ErrTooLong)) && try >= flawedTries:
		return 0, false
	case !isRefused(why) && !leadsAstray(why) && !why.MayPass() && !errors.Is(err, httpapi.ErrTooLong):
		return 0, false
	}
	return p.next(f.steps, why)
}

// renew reads the link anew where the last one was refused, led astray, or led
// to something that is no picture. A service that doesn't tell just now is
// asked again after the next try of the old link.
func (f *fetching) renew(ctx context.Context, last error) error {
	why, known := errors.AsType[*providers.Failure](last)
	if !known || f.result.Fresh == nil || !isRefused(why) && !leadsAstray(why) && !why.Garbled {
		return nil
	}
	link, err := f.result.Fresh(ctx)
	if err == nil {
		f.link = link
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if trouble, known := errors.AsType[*providers.Failure](err); known && !trouble.Ended {
		return nil
	}
	return err
}

// leadsAstray reports whether a link led to where nobody answered and nothing
// was asked: a name that doesn't exist, an address that isn't public, or a
// redirect that isn't followed. Hosts of files come and go, so that is waited
// out like trouble of the network.
func leadsAstray(f *providers.Failure) bool {
	return f.Status == 0 && (f.Kind == providers.NotFound || f.Kind == providers.InvalidInput)
}

// isRefused reports whether a link was answered with anything but the file, and
// not by trouble that passes by itself.
func isRefused(f *providers.Failure) bool {
	return f.Status != 0 && f.Status < 500 && f.Status != http.StatusTooManyRequests
}

// try downloads once. It returns what is to be kept, or why to try again.
func (f *fetching) try(ctx context.Context) (Received, error) {
	var cut error
	received, err := f.engine.cfg.Pictures.Receive(ctx, f.ordered(), func(w io.Writer) error {
		_, n, err := f.fetcher.Download(ctx, f.link, w, resultMost)
		if why, known := errors.AsType[*providers.Failure](err); known && n > 0 && why.Kind == providers.NoNetwork && ctx.Err() == nil {
			cut, err = err, nil
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	found := received.Found()
	switch {
	case !found.NotPicture.IsZero():
		received.Discard()
		return nil, cmp.Or(cut, error(&providers.Failure{Kind: providers.BadResult, Message: found.NotPicture, Garbled: true}))
	case !found.Odd:
		f.discard()
		return received, nil // whole by its own account, whatever the host said of its length
	case cut != nil:
		return f.tryPart(received, cut)
	}
	f.flawed++
	settled := f.best != nil && f.best.Hash() == received.Hash() || f.flawed >= flawedTries
	f.keepBetter(received)
	if settled {
		return f.best, nil
	}
	return nil, &providers.Failure{Kind: providers.BadResult, Message: providers.Say("A picture came that isn't whole"), Garbled: true}
}

// tryPart looks at what came of a transfer that ended before it should have. A
// network cuts here and there, or stops; the same part again and again, from a
// host that ends there, is what the host has.
func (f *fetching) tryPart(received Received, cut error) (Received, error) {
	if f.part != received.Hash() || !errors.Is(cut, io.ErrUnexpectedEOF) {
		f.part, f.parts = received.Hash(), 0
	}
	if f.parts++; f.parts < flawedTries {
		received.Discard()
		return nil, cut
	}
	f.keepBetter(received)
	return f.best, nil
}

// keepBetter keeps the one of which more can be shown, the later one of equals.
func (f *fetching) keepBetter(received Received) {
	if f.best != nil && f.best.Found().Share > received.Found().Share {
		received.Discard()
		return
	}
	f.discard()
	f.best = received
}

func (f *fetching) discard() {
	if f.best != nil {
		f.best.Discard()
		f.best = nil
	}
}

// flaw is what a job says of a picture that was kept although something is
// wrong with it; nothing for a good one.
func flaw(found photo.Finding) providers.Sentence {
	note := found.Unreadable.Or(found.Damaged)
	if note.IsZero() {
		return note
	}
	return providers.Say("A picture came that isn't as it should be. %s", note)
}

// keepFailure says that the picture exists and is paid, and how to get it.
func keepFailure(err error) error {
	f := failure.Of(err, providers.BadResult)
	f.Message = providers.Say("A finished picture could not be downloaded: %s", f.Message)
	f.Advice = providers.Say("Try again soon: it is still at the service and isn't paid again.")
	f.Remedy = providers.Remedy{Code: providers.RetryJob}
	f.Money = providers.Spent
	if f.Kind == providers.ServiceTrouble || leadsAstray(f) {
		f.Kind = providers.BadResult // of this picture alone: the others are fetched
	}
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
