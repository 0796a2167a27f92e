package jobs_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// room is the jobs alone: a service of the test's own, and nothing else of the
// program.
type room struct {
	*jobs.Jobs
	service *fakeService
	db      *storage.DB
	stop    func()
	close   func()
}

// open opens the data directory; jobs stop where they stand when it is closed.
func open(t *testing.T, dir string, service *fakeService) *room {
	t.Helper()
	return openWith(t, dir, service, func(*jobs.Config) {})
}

// openPaused opens it as a person who paused the jobs left it.
func openPaused(t *testing.T, dir string, service *fakeService) *room {
	t.Helper()
	return openWith(t, dir, service, func(c *jobs.Config) { c.Paused = true })
}

// openWith opens it with another configuration than the usual one.
func openWith(t *testing.T, dir string, service *fakeService, change func(*jobs.Config)) *room {
	t.Helper()
	layout := storage.LayoutAt(dir)
	noError(t, layout.Make())
	db, err := storage.Open(layout.DB)
	noError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	config := jobs.Config{
		DB: db, Services: providers.Services{service.declared()},
		Conn: func(context.Context, *providers.Service) (providers.Conn, error) {
			return providers.Conn{Key: service.key, BaseURL: cmp.Or(service.address, "https://fake.example.com")}, service.unreachable
		},
		Prove:  func(context.Context, *providers.Service, providers.Conn) error { return service.unproven },
		Photos: nobody{}, Place: nobody{}, Pictures: cmp.Or(service.pictures, jobs.Pictures(nobody{})), Models: nobody{}, Callbacks: nobody{}, Troubles: nobody{},
		Changed: func(string) {}, Patience: time.Second,
		Scaled: func(d time.Duration) time.Duration { return d / 1000 }, Late: func(d time.Duration) time.Duration { return d / 1000 }, Probe: func(string) {},
	}
	change(&config)
	all, err := jobs.Load(ctx, config)
	noError(t, err)
	r := &room{Jobs: all, service: service, db: db, stop: stop}
	r.close = sync.OnceFunc(func() {
		stop()
		all.Close()
		noError(t, db.Close())
	})
	t.Cleanup(r.close)
	return r
}

func (r *room) start(t *testing.T) jobs.Job {
	t.Helper()
	job, problems, err := r.Start(t.Context(), jobs.Order{Task: "fake/work", Values: providers.Values{"prompt": "a fox"}})
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	return job
}

func (r *room) ended(t *testing.T, id string, want providers.State) jobs.Job {
	t.Helper()
	job, err := r.Wait(t.Context(), id)
	noError(t, err)
	if job.State != want {
		t.Fatalf("the job is %s instead of %s: %+v", job.State, want, job.Error)
	}
	return job
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fakeService takes paid requests and knows what it took.
type fakeService struct {
	mu    sync.Mutex
	took  []string
	lose  bool          // takes the next request and doesn't answer
	late  time.Duration // takes the next request so much later, and says 504 at once
	lags  time.Duration // its list doesn't show a request before
	blind bool          // its list can't tell
	older bool          // what it took is older, by one of the clocks
	fail  error
	poll  func(context.Context) (providers.Status, error)
	key   string
	// unlisted is what its list answers so many times, instead of a list.
	unlisted    error
	unlistedFor int
	offset      time.Duration // of its clock, once a request was sent
	hold        chan struct{} // Run waits until it is closed; nil for not at all
	twice       bool          // Run makes two requests, and collects what was accepted
	collected   atomic.Int32  // how often it did
	hosts       bool          // Run hosts a file first
	since       []time.Time   // by the service's clock, of each look
	seen        time.Time     // when the list shows the last request
	wait        sync.WaitGroup
	// during is called while a request is at the service; nil for nothing.
	during func()
	answer json.RawMessage

	unproven    error // why its results could not be fetched here
	unreachable error // why there is no connection, such as for want of a key

	address  string        // where it is; "" for a made-up one
	makes    string        // the link of the picture that it makes; "" for none
	pictures jobs.Pictures // who keeps it
}

func (s *fakeService) declared() *providers.Service {
	check := func(_ context.Context, conn providers.Conn) (providers.Sentence, error) {
		conn.Clock.Note(time.Now().Add(-time.Hour))
		return providers.Sentence{}, nil
	}
	known := func(context.Context, providers.Conn) ([]providers.Remote, error) { return nil, nil }
	return &providers.Service{ID: "fake", Title: "Fake", Known: known, CheckKey: check, Tasks: []providers.Task{{
		ID: "fake/work", Kind: providers.Generate, Title: "Work", Cancel: providers.CancelStopsWaiting,
		Fields: []providers.Field{{Key: "prompt", Kind: providers.Prompt}},
		Run: func(ctx context.Context, run *providers.Run) error {
			if s.hold != nil {
				<-s.hold
			}
			if s.hosts {
				if _, err := run.HostFile(ctx, "words", "txt", []byte("words")); err != nil {
					return err
				}
			}
			pay := func(ctx context.Context) (providers.Receipt, error) {
				run.Conn.Clock.Note(time.Now().Add(-time.Hour)) // the service is an hour behind
				return s.pay(ctx)
			}
			find := func(ctx context.Context, intent providers.Intent) (providers.Finding, error) {
				run.Conn.Clock.Note(time.Now().Add(s.offset - time.Hour))
				return s.find(ctx, intent)
			}
			if _, err := run.Once(ctx, "pay", find, pay); err != nil {
				return err
			}
			if s.twice {
				_, err := run.Once(ctx, "pay again", find, pay)
				s.collected.Add(1)
				return err
			}
			if s.makes != "" {
				_, err := run.Keep(ctx, "keep", providers.Result{URL: s.makes})
				return err
			}
			if s.poll != nil {
				return run.Watch(ctx, providers.Pace{First: time.Second, Most: time.Second}, s.poll)
			}
			return s.fail
		},
	}}}
}

func (s *fakeService) pay(context.Context) (providers.Receipt, error) {
	if s.during != nil {
		s.during()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.late > 0 {
		late := s.late
		s.late = 0
		s.wait.Go(func() {
			time.Sleep(late)
			s.mu.Lock()
			defer s.mu.Unlock()
			s.took = append(s.took, fmt.Sprintf("r%d", len(s.took)+1))
		})
		return providers.Receipt{}, &providers.Failure{
			Kind: providers.ServiceTrouble, Status: 504, Outcome: providers.Unclear, Message: providers.Say("no answer in time"),
		}
	}
	id := fmt.Sprintf("r%d", len(s.took)+1)
	s.took, s.seen = append(s.took, id), time.Now().Add(s.lags)
	if s.lose {
		s.lose = false
		return providers.Receipt{}, &providers.Failure{Kind: providers.ServiceTrouble, Outcome: providers.Unclear, Message: providers.Say("no answer")}
	}
	return providers.Receipt{ID: id, Answer: s.answer}, nil
}

func (s *fakeService) find(_ context.Context, intent providers.Intent) (providers.Finding, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.since = append(s.since, intent.ServiceSent)
	if s.unlistedFor > 0 {
		s.unlistedFor--
		return providers.Finding{}, s.unlisted
	}
	if s.blind {
		return providers.Finding{Look: providers.Say("Look there.")}, nil
	}
	found := providers.Finding{Complete: true, Listed: []string{}}
	if time.Now().Before(s.seen) {
		return found, nil
	}
	for _, id := range s.took {
		found.Listed = append(found.Listed, id)
		found.Matches = append(found.Matches, providers.Receipt{ID: id})
	}
	if s.older {
		found.Matches, found.Maybe = nil, found.Matches
	}
	return found, nil
}

func (s *fakeService) paid() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.took)
}

// nobody stands for the other rooms.
type nobody struct{}

var errNobody = errors.New("nobody is there")

func (nobody) Check(providers.PhotoRules, []photo.Photo) []providers.Problem { return nil }
func (nobody) Images(_ context.Context, _ []providers.Field, v providers.Values) (providers.Values, []providers.Problem, error) {
	return v, nil, nil
}

func (nobody) Image(context.Context, string) (providers.Photo, error) {
	return providers.Photo{}, errNobody
}
func (nobody) Prepared([]photo.Photo) []providers.Photo          { return nil }
func (nobody) Hosted(providers.Values) bool                      { return false }
func (nobody) Ready(context.Context) error                       { return errNobody }
func (nobody) NewName(string) string                             { return "" }
func (nobody) Reserve(*storage.Tx, string, string, string) error { return errNobody }
func (nobody) Put(context.Context, string, string, []byte) error { return errNobody }
func (nobody) Link(context.Context, string) (string, error)      { return "", errNobody }
func (nobody) Open(context.Context, string) error                { return errNobody }
func (nobody) Here(string) bool                                  { return true }
func (nobody) Told(context.Context, string) (string, error)      { return "", errNobody }
func (nobody) Holds(context.Context, string) (bool, error)       { return true, nil }
func (nobody) CheckPicture(context.Context, string) error        { return errNobody }
func (nobody) CheckFile(context.Context, string) error           { return errNobody }
func (nobody) Find(context.Context, string) (providers.Object, bool, error) {
	return providers.Object{}, false, errNobody
}

func (nobody) Need(*storage.Tx, string) error { return nil }

func (nobody) Release(*storage.Tx, string, bool) error                                   { return nil }
func (nobody) Sweep(context.Context, time.Time, func(*storage.Tx, string, string) error) {}
func (nobody) Receive(context.Context, string, func(io.Writer) error) (jobs.Received, error) {
	return nil, errNobody
}

func (nobody) Resolve(_ string, _ *providers.Task, v providers.Values) (providers.Values, []providers.Problem) {
	return v, nil
}
func (nobody) Remember(string, string, providers.Model) (string, error) { return "", errNobody }
func (nobody) Download(context.Context, string) (string, error)         { return "", errNobody }
func (nobody) NewPath() string                                          { return "" }
func (nobody) Know(string, string)                                      {}
func (nobody) Address(string) string                                    { return "" }
func (nobody) Set(string, providers.Sentence, providers.Sentence)       {}
func (nobody) Clear(string)                                             {}

func TestAJobIsPaidOnceAndKeptAcrossStarts(t *testing.T) {
	t.Parallel()
	dir, service := t.TempDir(), &fakeService{}
	r := open(t, dir, service)
	job := r.ended(t, r.start(t).ID, providers.Done)
	if !job.Paid || job.RemoteID != "r1" || service.paid() != 1 {
		t.Errorf("%d requests, the job is %+v", service.paid(), job)
	}
	r.close()
	again := open(t, dir, service)
	again.ResumeAll()
	if list := again.List(); len(list) != 1 || list[0].State != providers.Done || service.paid() != 1 {
		t.Errorf("after a restart: %+v, %d requests", list, service.paid())
	}
}

func TestALostAnswerIsLookedForNotPaidAgain(t *testing.T) {
	t.Parallel()
	r := open(t, t.TempDir(), &fakeService{lose: true})
	if job := r.ended(t, r.start(t).ID, providers.Done); job.RemoteID != "r1" || r.service.paid() != 1 {
		t.Errorf("%d requests, adopted %s", r.service.paid(), job.RemoteID)
	}
}

// A thousandth of what people wait: absence after silence is believed after 600 ms.
func TestARequestThatArrivesLateIsNotSentAgain(t *testing.T) {
	t.Parallel()
	for name, service := range map[string]*fakeService{
		"taken after 504":           {late: 300 * time.Millisecond},
		"taken soon after 504":      {late: 20 * time.Millisecond},
		"listed with a lag":         {lose: true, lags: 120 * time.Millisecond},
		"taken, and listed at once": {lose: true},
	} {
		r := open(t, t.TempDir(), service)
		job := r.start(t)
		waitFor(t, func() bool { now, _ := r.Job(job.ID); return now.Looking != nil || now.State == providers.Done })
		if job = r.ended(t, job.ID, providers.Done); job.RemoteID != "r1" || service.paid() != 1 || job.Looking != nil {
			t.Errorf("%s: %d requests, adopted %q, still looking for %v", name, service.paid(), job.RemoteID, job.Looking)
		}
		service.wait.Wait()
		if service.paid() != 1 {
			t.Errorf("%s: in the end %d requests", name, service.paid())
		}
	}
}

func TestAnEmptyListThatLacksWhatIsKnownIsNoEvidence(t *testing.T) {
	t.Parallel()
	service := &fakeService{}
	r := open(t, t.TempDir(), service)
	r.ended(t, r.start(t).ID, providers.Done)
	service.mu.Lock()
	service.lose, service.lags = true, time.Hour // its list stays empty
	service.mu.Unlock()
	asked := r.ended(t, r.start(t).ID, providers.NeedsYou)
	if asked.Ask == nil || service.paid() != 2 {
		t.Errorf("%d requests, asked %+v", service.paid(), asked.Ask)
	}
}

func TestAPersonMayDecideBeforeAbsenceIsBelieved(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		how  jobs.Resolution
		paid int
		want providers.State
	}{
		"send again": {jobs.Resolution{Resubmit: true}, 2, providers.Done},
		"give up":    {jobs.Resolution{GiveUp: true}, 1, providers.Failed},
		"adopt":      {jobs.Resolution{Adopt: "r1"}, 1, providers.Done},
	} {
		service := &fakeService{lose: true, lags: time.Hour}
		r := open(t, t.TempDir(), service)
		job := r.start(t)
		waitFor(t, func() bool { now, _ := r.Job(job.ID); return now.Looking != nil })
		if _, err := r.Resolve(job.ID, row.how); err != nil {
			t.Fatal(err)
		}
		if job = r.ended(t, job.ID, row.want); service.paid() != row.paid {
			t.Errorf("%s: %d requests", name, service.paid())
		}
	}
}

// The clock of this computer was set back by hours between the lost answer and
// the next start.
func TestALostRequestIsFoundByTheServicesClock(t *testing.T) {
	t.Parallel()
	service := &fakeService{lose: true, lags: 50 * time.Millisecond}
	dir := t.TempDir()
	r := open(t, dir, service)
	job := r.start(t)
	waitFor(t, func() bool { now, _ := r.Job(job.ID); return now.Looking != nil })
	r.close()
	again := open(t, dir, service)
	again.ResumeAll()
	if job = again.ended(t, job.ID, providers.Done); job.RemoteID != "r1" || service.paid() != 1 {
		t.Errorf("%d requests, adopted %q", service.paid(), job.RemoteID)
	}
	for _, since := range service.since {
		if behind := time.Until(since); behind > -55*time.Minute || behind < -65*time.Minute {
			t.Errorf("looked for since %v by the service's clock", since)
		}
	}
}

// By its time the request may be another's: it is neither taken over nor sent
// again without a person's word.
func TestWhatIsOlderByOneClockIsNeitherAdoptedNorSentAgain(t *testing.T) {
	t.Parallel()
	service := &fakeService{lose: true, older: true}
	r := open(t, t.TempDir(), service)
	job := r.ended(t, r.start(t).ID, providers.NeedsYou)
	if service.paid() != 1 || job.Ask == nil || len(job.Ask.Candidates) != 1 || job.Ask.Candidates[0].ID != "r1" {
		t.Fatalf("%d requests, asked %+v", service.paid(), job.Ask)
	}
	if _, err := r.Resolve(job.ID, jobs.Resolution{Adopt: "r1"}); err != nil {
		t.Fatal(err)
	}
	if job = r.ended(t, job.ID, providers.Done); job.RemoteID != "r1" || service.paid() != 1 {
		t.Errorf("%d requests, adopted %q", service.paid(), job.RemoteID)
	}
}

func TestALookUpWithAnotherKeyIsNoLookUp(t *testing.T) {
	t.Parallel()
	service := &fakeService{lose: true, lags: time.Hour, key: "one"}
	dir := t.TempDir()
	r := open(t, dir, service)
	job := r.start(t)
	waitFor(t, func() bool { now, _ := r.Job(job.ID); return now.Looking != nil })
	r.close()
	service.key, service.lags, service.seen = "another", 0, time.Time{}
	again := open(t, dir, service)
	again.ResumeAll()
	asked := again.ended(t, job.ID, providers.NeedsYou)
	if service.paid() != 1 || asked.Ask == nil || asked.Error.Money != providers.MoneyUnknown {
		t.Fatalf("%d requests, asked %+v", service.paid(), asked.Ask)
	}
	service.key = "one"
	if _, err := again.Resolve(job.ID, jobs.Resolution{Look: true}); err != nil {
		t.Fatal(err)
	}
	if job = again.ended(t, job.ID, providers.Done); job.RemoteID != "r1" || service.paid() != 1 {
		t.Errorf("%d requests, adopted %q", service.paid(), job.RemoteID)
	}
}

// Without a key, or with an address that is none, nothing can be asked: that
// says nothing of what was paid.
func TestAJobThatMayBePaidDoesNotFailForWantOfAKey(t *testing.T) {
	t.Parallel()
	noKey := &providers.Failure{Kind: providers.BadKey, Message: providers.Say("There is no key"), Money: providers.NotSpent}
	poll := func(ctx context.Context) (providers.Status, error) {
		<-ctx.Done()
		return providers.Status{}, ctx.Err()
	}
	for name, row := range map[string]struct {
		service *fakeService
		money   providers.Money
	}{
		"its answer was lost":          {&fakeService{lose: true, lags: time.Hour}, providers.MoneyUnknown},
		"the service is working on it": {&fakeService{poll: poll}, providers.Spent},
	} {
		dir, service := t.TempDir(), row.service
		r := open(t, dir, service)
		job := r.start(t)
		waitFor(t, func() bool { now, _ := r.Job(job.ID); return now.Looking != nil || now.Paid })
		r.close()
		service.unreachable = noKey
		r = open(t, dir, service)
		r.ResumeAll()
		job = r.ended(t, job.ID, providers.NeedsYou)
		if job.Error.Money != row.money || !strings.Contains(job.Error.Message.String(), "There is no key") {
			t.Errorf("%s: %+v", name, job.Error)
		}
		service.unreachable, service.poll, service.lags, service.seen = nil, nil, 0, time.Time{}
		if _, err := r.Resolve(job.ID, jobs.Resolution{Look: true}); err != nil {
			t.Fatal(name, err)
		}
		if job = r.ended(t, job.ID, providers.Done); job.RemoteID != "r1" || service.paid() != 1 {
			t.Errorf("%s: %d requests, adopted %q", name, service.paid(), job.RemoteID)
		}
	}
}

// A copy of the database, made while a job hadn't been sent, takes the place of
// the one in which it was.
func TestARestoredDatabaseSendsNothingThatWasSentSince(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		blind bool
		plain bool // the copy is none of this program's own
		want  providers.State
	}{
		"the service tells":                  {false, false, providers.Done},
		"the service can't tell":             {true, false, providers.NeedsYou},
		"a plain copy, the service tells":    {false, true, providers.Done},
		"a plain copy, and it can't be told": {true, true, providers.NeedsYou},
	} {
		dir, service := t.TempDir(), &fakeService{blind: row.blind}
		layout := storage.LayoutAt(dir)
		r := openHeld(t, dir, service)
		job := r.start(t)
		copied := filepath.Join(t.TempDir(), "backup.db")
		noError(t, r.db.Backup(copied))
		if row.plain {
			noError(t, r.db.Update(func(*storage.Tx) error { // nobody writes meanwhile
				content, err := os.ReadFile(layout.DB)
				return errors.Join(err, os.WriteFile(copied, content, 0o600))
			}))
		}
		close(service.hold)
		r.ended(t, job.ID, providers.Done)
		r.close()
		if service.paid() != 1 {
			t.Fatalf("%s: %d requests", name, service.paid())
		}

		content, err := os.ReadFile(copied)
		noError(t, err)
		noError(t, os.WriteFile(layout.DB, content, 0o600))
		again := open(t, dir, service)
		again.ResumeAll()
		if again.ended(t, job.ID, row.want); service.paid() != 1 {
			t.Errorf("%s: restored, %d requests", name, service.paid())
		}
		if row.blind { // a person's word is enough, once
			_, err := again.Resolve(job.ID, jobs.Resolution{Resubmit: true})
			noError(t, err)
			again.ended(t, job.ID, providers.Done)
			if service.paid() != 2 {
				t.Errorf("%s: sent again by choice, %d requests", name, service.paid())
			}
			again.close()
			continue
		}
		fresh := again.start(t)
		if service.blind = false; !fresh.Restored {
			again.ended(t, fresh.ID, providers.Done)
		}
		again.close()
		if service.paid() != 2 {
			t.Errorf("%s: with a new job, %d requests", name, service.paid())
		}
	}
}

// openHeld is open with a service whose Run waits until hold is closed.
func openHeld(t *testing.T, dir string, service *fakeService) *room {
	t.Helper()
	service.hold = make(chan struct{})
	return open(t, dir, service)
}

func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("waited in vain")
		}
	}
}

func TestAPersonDecidesWhereTheServiceCannotTell(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		answer jobs.Resolution
		state  providers.State
		paid   int
	}{
		"it is there":  {jobs.Resolution{Adopt: "r1"}, providers.Done, 1},
		"send again":   {jobs.Resolution{Resubmit: true}, providers.Done, 2},
		"give up":      {jobs.Resolution{GiveUp: true}, providers.Failed, 1},
		"ask it again": {jobs.Resolution{Look: true}, providers.NeedsYou, 1},
	} {
		r := open(t, t.TempDir(), &fakeService{lose: true, blind: true})
		job := r.ended(t, r.start(t).ID, providers.NeedsYou)
		if job.Ask == nil || job.Ask.Look.String() != "Look there." || job.Error.Money != providers.MoneyUnknown {
			t.Fatalf("%s: asked %+v, %+v", name, job.Ask, job.Error)
		}
		claims, err := r.Claims("fake")
		noError(t, err)
		if claims.Open.IsZero() || len(claims.Owned) != 0 {
			t.Errorf("%s: the claims are %+v", name, claims)
		}
		_, err = r.Resolve(job.ID, row.answer)
		noError(t, err)
		if job, _ = r.Job(job.ID); !job.State.Ended() {
			job, err = r.Wait(t.Context(), job.ID)
			noError(t, err)
		}
		if job.State != row.state || r.service.paid() != row.paid {
			t.Errorf("%s: %s after %d requests", name, job.State, r.service.paid())
		}
	}
}

func TestARetryGoesOnWithWhatWasPaid(t *testing.T) {
	t.Parallel()
	service := &fakeService{fail: &providers.Failure{Kind: providers.BadResult, Message: providers.Say("cut")}}
	r := open(t, t.TempDir(), service)
	failed := r.ended(t, r.start(t).ID, providers.Failed)
	if failed.Error.Money != providers.Spent || !failed.Resumable() {
		t.Errorf("%+v", failed.Error)
	}
	service.fail = nil
	again, problems, err := r.Retry(t.Context(), failed.ID)
	if err != nil || len(problems) > 0 || again.ID != failed.ID {
		t.Fatal(again.ID, problems, err)
	}
	r.ended(t, failed.ID, providers.Done)
	if service.paid() != 1 {
		t.Errorf("%d requests", service.paid())
	}
}

func TestARefusalToTellHowAJobStandsEndsNoPaidJob(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 401, 403, 409, 412, 415, 422, 425} {
		refused := &providers.Failure{Kind: providers.InvalidInput, Status: status, Outcome: providers.Refused, Message: providers.Say("no")}
		polls := 0
		service := &fakeService{poll: func(context.Context) (providers.Status, error) {
			if polls++; polls < 3 {
				return providers.Status{}, refused
			}
			return providers.Status{State: providers.Running, Done: true}, nil
		}}
		r := open(t, t.TempDir(), service)
		r.ended(t, r.start(t).ID, providers.Done)

		service.poll = func(context.Context) (providers.Status, error) { return providers.Status{}, refused }
		asked := r.ended(t, r.start(t).ID, providers.NeedsYou)
		if asked.Ask == nil || !asked.Ask.Accepted() || asked.Error.Money != providers.Spent {
			t.Fatalf("%d: asked %+v, %+v", status, asked.Ask, asked.Error)
		}
		for _, wrong := range []jobs.Resolution{{Resubmit: true}, {Adopt: "r1"}} {
			if _, err := r.Resolve(asked.ID, wrong); err == nil {
				t.Errorf("%d: %+v is taken of a job that was accepted", status, wrong)
			}
		}
		service.poll = func(context.Context) (providers.Status, error) {
			return providers.Status{State: providers.Running, Done: true}, nil
		}
		if _, err := r.Resolve(asked.ID, jobs.Resolution{Look: true}); err != nil {
			t.Fatal(err)
		}
		r.ended(t, asked.ID, providers.Done)
		if service.paid() != 2 {
			t.Errorf("%d: %d requests for two jobs", status, service.paid())
		}
	}
}

// The service refuses to show what it has: once, and for good.
func TestARefusalToShowWhatIsThereIsNoAbsence(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 401, 403, 404, 410, 422, 451, 503} {
		kind := providers.InvalidInput
		switch status {
		case 404, 410:
			kind = providers.NotFound
		case 503:
			kind = providers.ServiceTrouble
		}
		refused := &providers.Failure{Kind: kind, Status: status, Outcome: providers.Refused, Message: providers.Say("no")}
		service := &fakeService{lose: true, unlisted: refused, unlistedFor: 2}
		r := open(t, t.TempDir(), service)
		if job := r.ended(t, r.start(t).ID, providers.Done); job.RemoteID != "r1" || service.paid() != 1 {
			t.Errorf("%d, twice: %d requests, adopted %q", status, service.paid(), job.RemoteID)
		}
		service = &fakeService{lose: true, unlisted: refused, unlistedFor: 1 << 30}
		r = open(t, t.TempDir(), service)
		asked := r.ended(t, r.start(t).ID, providers.NeedsYou)
		if asked.Ask == nil || asked.Ask.Accepted() || asked.Error.Money != providers.MoneyUnknown || service.paid() != 1 {
			t.Fatalf("%d for good: %d requests, asked %+v, %+v", status, service.paid(), asked.Ask, asked.Error)
		}
		service.mu.Lock()
		service.unlistedFor = 0
		service.mu.Unlock()
		if _, err := r.Resolve(asked.ID, jobs.Resolution{Look: true}); err != nil {
			t.Fatal(err)
		}
		if r.ended(t, asked.ID, providers.Done); service.paid() != 1 {
			t.Errorf("%d, asked again: %d requests", status, service.paid())
		}
	}
}

// Somebody on the way writes a wrong Date, or a clock is set while the request
// is looked for: nothing is sent again by it.
func TestAWrongTimeMakesNothingAbsentSooner(t *testing.T) {
	t.Parallel()
	for name, offset := range map[string]time.Duration{"a day ahead": 24 * time.Hour, "a day behind": -24 * time.Hour} {
		service := &fakeService{late: 300 * time.Millisecond, offset: offset}
		r := open(t, t.TempDir(), service)
		job := r.ended(t, r.start(t).ID, providers.Done)
		if service.wait.Wait(); service.paid() != 1 || job.RemoteID != "r1" {
			t.Errorf("%s: %d requests, adopted %q", name, service.paid(), job.RemoteID)
		}
		service = &fakeService{lose: true, lags: time.Hour, offset: offset}
		r = open(t, t.TempDir(), service)
		job = r.start(t)
		if asked := r.ended(t, job.ID, providers.NeedsYou); asked.Ask == nil {
			t.Errorf("%s: absent by clocks that disagree: %+v", name, asked.Error)
		}
	}
}

// The request left after the copy was made, and arrives only after that copy
// was put back; and with another key by then.
func TestARestoredDatabaseWaitsForWhatArrivesLate(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"", "another"} {
		dir, service := t.TempDir(), &fakeService{lags: 100 * time.Millisecond}
		layout := storage.LayoutAt(dir)
		r := openHeld(t, dir, service)
		job := r.start(t)
		copied := filepath.Join(t.TempDir(), "backup.db")
		noError(t, r.db.Backup(copied))
		close(service.hold)
		r.ended(t, job.ID, providers.Done)
		r.close()
		content, err := os.ReadFile(copied)
		noError(t, err)
		noError(t, os.WriteFile(layout.DB, content, 0o600))
		service.mu.Lock()
		service.seen, service.key = time.Now().Add(100*time.Millisecond), key
		service.mu.Unlock()
		want := providers.Done
		if key != "" {
			want = providers.NeedsYou
		}
		again := open(t, dir, service)
		again.ResumeAll()
		if again.ended(t, job.ID, want); service.paid() != 1 {
			t.Errorf("key %q: %d requests", key, service.paid())
		}
	}
}

func TestAnImportedJobIsClaimedOnce(t *testing.T) {
	t.Parallel()
	r := open(t, t.TempDir(), &fakeService{})
	stranger := providers.Remote{Task: "fake/work", ID: "r9", Step: "pay", Values: providers.Values{"prompt": "a fox"}}
	imported, err := r.Import("fake", []providers.Remote{stranger, stranger})
	if err != nil || len(imported) != 1 || !imported[0].Imported {
		t.Fatal(imported, err)
	}
	r.ended(t, imported[0].ID, providers.Done)
	claims, err := r.Claims("fake")
	noError(t, err)
	if !claims.Owned["r9"] || r.service.paid() != 0 {
		t.Errorf("%+v, %d requests", claims, r.service.paid())
	}
}

func TestWhatAnOrderLacksIsSaidBeforeAnythingIsWritten(t *testing.T) {
	t.Parallel()
	r := open(t, t.TempDir(), &fakeService{})
	for name, order := range map[string]jobs.Order{
		"no such task":        {Task: "fake/other"},
		"not parsed":          jobs.NewOrder(providers.Services{r.service.declared()}, "fake/work", map[string]any{"seed": 1}),
		"photos nobody takes": {Task: "fake/work", Photos: []photo.Photo{{Hash: "a"}}},
	} {
		_, problems, err := r.Start(t.Context(), order)
		if err != nil || len(problems) == 0 {
			t.Errorf("%s: %v, %v", name, problems, err)
		}
	}
	if len(r.List()) != 0 || r.service.paid() != 0 {
		t.Errorf("%d jobs, %d requests", len(r.List()), r.service.paid())
	}
	if fields := fieldsOf(jobs.NewOrder(providers.Services{r.service.declared()}, "fake/none", nil).Invalid); !slices.Equal(fields, []string{"task"}) {
		t.Errorf("an unknown task is a problem of %v", fields)
	}
}

func fieldsOf(problems []providers.Problem) []string {
	fields := make([]string, len(problems))
	for i, p := range problems {
		fields[i] = p.Field
	}
	return fields
}
