package conformance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/providers"
)

const (
	pollEvery    = 5 * time.Millisecond
	triesAtMost  = 20 // of what may pass, such as a lost connection
	afterTrouble = 20 * time.Millisecond
)

// Kept is one result as Steps kept it.
type Kept struct {
	Step   string
	Result providers.Result
	Type   string // content type
	Bytes  []byte
}

// Steps are providers.Steps in memory, for tests that run a service's tasks
// against the sandbox. What is hosted is served by a server of its own. A
// second Run with the same Steps behaves as after a restart.
type Steps struct {
	// Photos are what Image finds by id; https and http links need no entry.
	Photos map[string]providers.Photo
	// Objects are what InBucket finds by key.
	Objects map[string]providers.Object

	t      testing.TB
	server *httptest.Server
	client *http.Client

	mu       sync.Mutex
	hosted   map[string][]byte
	hosting  map[string]string // photo id or step name → link
	receipts map[string]providers.Receipt
	kept     []Kept
	models   []providers.Model
	statuses []providers.Status
}

var _ providers.Steps = (*Steps)(nil)

// NewSteps returns empty steps that end with the test.
func NewSteps(t testing.TB) *Steps {
	transport := &http.Transport{}
	s := &Steps{
		Photos: map[string]providers.Photo{}, Objects: map[string]providers.Object{},
		t: t, client: &http.Client{Transport: transport},
		hosted: map[string][]byte{}, hosting: map[string]string{}, receipts: map[string]providers.Receipt{},
	}
	s.server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(func() {
		s.server.Close()
		transport.CloseIdleConnections()
	})
	return s
}

// AddPhoto makes a photo of these bytes, which Image finds under its id.
func (s *Steps) AddPhoto(id, ext string, content []byte) providers.Photo {
	photo := providers.Photo{ID: id, Name: id, Ext: ext, Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(content)), nil
	}}
	s.Photos[id] = photo
	return photo
}

// Kept returns the results kept so far, in order.
func (s *Steps) Kept() []Kept {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Kept(nil), s.kept...)
}

// Models returns the models kept so far, in order.
func (s *Steps) Models() []providers.Model {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]providers.Model(nil), s.models...)
}

// Statuses returns what was reported so far, in order.
func (s *Steps) Statuses() []providers.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]providers.Status(nil), s.statuses...)
}

// Receipts returns the accepted requests by step.
func (s *Steps) Receipts() map[string]providers.Receipt {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.receipts)
}

// Once remembers what create answered; where its outcome is unclear it goes
// by find.
func (s *Steps) Once(ctx context.Context, step string, find providers.Find, create providers.Create) (providers.Receipt, error) {
	if receipt, done := s.recall(step); done {
		return receipt, nil
	}
	for range triesAtMost {
		intent := providers.Intent{Sent: time.Now()}
		receipt, err := create(ctx)
		var failure *providers.Failure
		switch {
		case err == nil:
			return s.remember(step, receipt), nil
		case ctx.Err() != nil:
			return receipt, ctx.Err()
		case !errors.As(err, &failure):
			s.t.Errorf("step %s failed with %T, not a *providers.Failure: %v", step, err, err)
			return receipt, err
		case failure.Kind == providers.RateLimited:
			if err := pause(ctx, afterTrouble); err != nil {
				return receipt, err
			}
			continue
		case failure.Outcome == providers.Refused || failure.Outcome == providers.NotSent:
			return receipt, err
		}
		receipt, absent, err := s.settle(ctx, find, intent)
		if err != nil {
			return receipt, err
		}
		if !absent {
			return s.remember(step, receipt), nil
		}
	}
	return providers.Receipt{}, &providers.Failure{Kind: providers.ServiceTrouble, Message: providers.Say("The service never accepted %s", step)}
}

func (s *Steps) settle(ctx context.Context, find providers.Find, intent providers.Intent) (receipt providers.Receipt, absent bool, err error) {
	var finding providers.Finding
	err = s.patiently(ctx, func() (err error) {
		finding, err = find(ctx, intent)
		return err
	})
	if err != nil {
		return receipt, false, err
	}
	var free []providers.Receipt
	for _, match := range finding.Matches {
		if !s.owns(match.ID) {
			free = append(free, match)
		}
	}
	switch {
	case len(free) == 1:
		return free[0], false, nil
	case len(free) == 0 && finding.Complete:
		return receipt, true, nil
	}
	return receipt, false, &providers.Failure{
		Kind: providers.UnknownOutcome, Money: providers.MoneyUnknown, Advice: finding.Look, Remedy: finding.Remedy,
		Message: providers.Say("%d requests at the service could be this one", len(free)),
	}
}

func (s *Steps) recall(step string) (providers.Receipt, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	receipt, done := s.receipts[step]
	return receipt, done
}

func (s *Steps) remember(step string, receipt providers.Receipt) providers.Receipt {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.receipts[step] = receipt
	return receipt
}

func (s *Steps) owns(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, receipt := range s.receipts {
		if receipt.ID == id {
			return true
		}
	}
	return false
}

// Ensure is Once.
func (s *Steps) Ensure(ctx context.Context, step string, find providers.Find, create providers.Create) (providers.Receipt, error) {
	return s.Once(ctx, step, find, create)
}

// Agree fails with the doubt: nobody is there to agree.
func (s *Steps) Agree(ctx context.Context, _ string, look func(context.Context) (providers.Doubt, error)) error {
	doubt, err := look(ctx)
	if err != nil || doubt.Message.IsZero() {
		return err
	}
	return &providers.Failure{Kind: providers.Interrupted, Message: doubt.Message, Advice: doubt.Look, Money: providers.NotSpent}
}

// Step remembers what do answered.
func (s *Steps) Step(ctx context.Context, step string, do providers.Create) (receipt providers.Receipt, err error) {
	if receipt, done := s.recall(step); done {
		return receipt, nil
	}
	err = s.patiently(ctx, func() (err error) {
		receipt, err = do(ctx)
		return err
	})
	if err != nil {
		return receipt, err
	}
	return s.remember(step, receipt), nil
}

// Watch polls without waiting long; it waits out twenty troubles in a row.
func (s *Steps) Watch(ctx context.Context, _ providers.Pace, poll func(context.Context) (providers.Status, error)) error {
	for {
		var status providers.Status
		err := s.patiently(ctx, func() (err error) {
			status, err = poll(ctx)
			return err
		})
		if err != nil {
			return err
		}
		s.Report(status)
		if status.Done {
			return nil
		}
		if err := pause(ctx, pollEvery); err != nil {
			return err
		}
	}
}

// patiently repeats what may pass, also what the service doesn't know yet.
func (s *Steps) patiently(ctx context.Context, do func() error) error {
	for try := 1; ; try++ {
		err := do()
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		var failure *providers.Failure
		if !errors.As(err, &failure) {
			s.t.Errorf("failed with %T, not a *providers.Failure: %v", err, err)
			return err
		}
		if failure.Ended || !failure.MayPass() && failure.Kind != providers.NotFound || try == triesAtMost {
			return err
		}
		if err := pause(ctx, afterTrouble); err != nil {
			return err
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// Report records the status.
func (s *Steps) Report(status providers.Status) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.statuses = append(s.statuses, status)
}

// Keep downloads a result once, with a fresh link where the first is refused.
func (s *Steps) Keep(ctx context.Context, step string, result providers.Result) (string, error) {
	if receipt, done := s.recall("keep " + step); done {
		return receipt.ID, nil
	}
	link := result.URL
	for fresh := 0; ; fresh++ {
		kind, content, err := s.download(ctx, link)
		if err == nil {
			s.mu.Lock()
			s.kept = append(s.kept, Kept{Step: step, Result: result, Type: kind, Bytes: content})
			id := fmt.Sprintf("image-%d", len(s.kept))
			s.mu.Unlock()
			s.remember("keep "+step, providers.Receipt{ID: id})
			return id, nil
		}
		if result.Fresh == nil || fresh == 2 || ctx.Err() != nil {
			return "", err
		}
		if link, err = result.Fresh(ctx); err != nil {
			return "", err
		}
	}
}

func (s *Steps) download(ctx context.Context, link string) (contentType string, content []byte, err error) {
	fail := func(why string) (string, []byte, error) {
		return "", nil, &providers.Failure{Kind: providers.BadResult, Message: providers.Say("The result could not be downloaded: %s", why)}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return fail("not a link")
	}
	response, err := s.client.Do(request)
	if err != nil {
		return fail("no answer")
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fail(response.Status)
	}
	if content, err = io.ReadAll(response.Body); err != nil || len(content) == 0 {
		return fail("cut or empty")
	}
	return response.Header.Get("Content-Type"), content, nil
}

// KeepModel records the model.
func (s *Steps) KeepModel(_ context.Context, model providers.Model) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.models = append(s.models, model)
	return nil
}

// InBucket looks into Objects.
func (s *Steps) InBucket(_ context.Context, key string) (providers.Object, bool, error) {
	object, found := s.Objects[key]
	return object, found, nil
}
