package ratelimit_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/maquette-studio/maquette/providers/ratelimit"
)

var plans = []ratelimit.Limit{{PerMinute: []int{10, 60}}}

// counted is a service that lets so many requests a minute pass at each
// endpoint: from minute to minute, or in whatever minute one looks at.
type counted struct {
	perMinute int
	sliding   bool
	after     func(wait time.Duration) time.Duration // Retry-After

	mu      sync.Mutex
	passed  map[string][]time.Time
	refused []time.Time
}

func (s *counted) take(endpoint string) (after time.Duration, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	since := now.Add(-time.Minute)
	if !s.sliding {
		since = now.Truncate(time.Minute).Add(-1)
	}
	var within []time.Time
	for _, at := range s.passed[endpoint] {
		if at.After(since) {
			within = append(within, at)
		}
	}
	if s.passed == nil {
		s.passed = map[string][]time.Time{}
	}
	if len(within) < s.perMinute {
		s.passed[endpoint] = append(within, now)
		return 0, true
	}
	s.refused = append(s.refused, now)
	if s.after == nil {
		return 0, false
	}
	wait := within[0].Add(time.Minute).Sub(now)
	if !s.sliding {
		wait = now.Truncate(time.Minute).Add(time.Minute).Sub(now)
	}
	return s.after(wait), false
}

// mostRefused is how many requests were refused in the worst of the service's
// minutes.
func (s *counted) mostRefused() (most int) {
	for _, from := range s.refused {
		if !s.sliding {
			from = from.Truncate(time.Minute)
		}
		n := 0
		for _, at := range s.refused {
			if d := at.Sub(from); d >= 0 && d < time.Minute {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// ask makes one request, until it passes.
func ask(t *testing.T, caller *ratelimit.Caller, service *counted, endpoint string) bool {
	t.Helper()
	for {
		turn, err := caller.Turn(t.Context(), "GET", endpoint, true)
		if err != nil {
			return false
		}
		time.Sleep(rand.N(time.Second))
		after, ok := service.take(ratelimit.Endpoint(endpoint))
		time.Sleep(rand.N(time.Second))
		if ok {
			turn.Answered()
			return true
		}
		turn.Refused(after)
	}
}

func TestFourJobsThatPollMeetOneRefusalAWindow(t *testing.T) {
	said := map[string]func(time.Duration) time.Duration{
		"absent": nil, "right": func(d time.Duration) time.Duration { return d.Round(time.Second) + time.Second },
		"zero": func(time.Duration) time.Duration { return 0 }, "short": func(time.Duration) time.Duration { return time.Second },
	}
	for _, sliding := range []bool{false, true} {
		for name, after := range said {
			for _, perMinute := range []int{10, 60, 7} {
				t.Run(fmt.Sprintf("sliding %v, Retry-After %s, %d a minute", sliding, name, perMinute), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						service := &counted{perMinute: perMinute, sliding: sliding, after: after}
						limiter := ratelimit.New(plans, nil)
						end := time.Now().Add(2 * time.Hour)
						var polls sync.WaitGroup
						answered := make([]int, 4)
						for job := range answered {
							caller := limiter.For(fmt.Sprint("job", job), nil)
							polls.Go(func() {
								for i := 0; time.Now().Before(end); i++ {
									endpoint := fmt.Sprintf("models/%d", job)
									if i%3 == 0 {
										endpoint = fmt.Sprintf("datasets/%d/images", job)
									}
									ask(t, caller, service, endpoint)
									answered[job]++
									time.Sleep(2 * time.Second)
								}
							})
						}
						polls.Wait()
						allowed := 1
						if name == "short" {
							allowed = 2 // it was believed once
						}
						if most := service.mostRefused(); most > allowed {
							t.Errorf("%d refusals in a minute, %d in all", most, len(service.refused))
						}
						if len(service.refused) > 40 {
							t.Errorf("%d refusals in two hours", len(service.refused))
						}
						least, most := answered[0], answered[0]
						for _, n := range answered {
							least, most = min(least, n), max(most, n)
						}
						if least < most*8/10 || least < 120*min(perMinute, 10)/8 {
							t.Errorf("answers by job: %v", answered)
						}
					})
				})
			}
		}
	}
}

func TestAHigherPlanIsNotHeldToALowerOnes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		service := &counted{perMinute: 60, sliding: true}
		caller := ratelimit.New(plans, nil).For("job", nil)
		began := time.Now()
		for range 600 {
			ask(t, caller, service, "models")
		}
		if took := time.Since(began); took > 30*time.Minute {
			t.Errorf("600 requests took %v", took)
		}
	})
}

func TestAServiceWithoutKnownLimitsIsLearnt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		service := &counted{perMinute: 20}
		limiter := ratelimit.New(nil, nil)
		var jobs sync.WaitGroup
		end := time.Now().Add(time.Hour)
		for job := range 8 {
			caller := limiter.For(fmt.Sprint(job), nil)
			jobs.Go(func() {
				for time.Now().Before(end) {
					ask(t, caller, service, fmt.Sprintf("generations/%d", job))
					time.Sleep(time.Second)
				}
			})
		}
		jobs.Wait()
		if n := len(service.refused); n > 60 {
			t.Errorf("%d refusals in an hour", n)
		}
	})
}

func TestAPersonGoesFirstAndJobsAreNotStarved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limiter := ratelimit.New(plans, nil)
		first, err := limiter.For("a", nil).Turn(t.Context(), "GET", "models", true)
		if err != nil {
			t.Fatal(err)
		}
		var order []string
		var mu sync.Mutex
		var waiting sync.WaitGroup
		queue := func(name string, n int) {
			for range n {
				waiting.Go(func() {
					turn, err := limiter.For(name, nil).Turn(t.Context(), "GET", "models", true)
					if err != nil {
						t.Error(err)
					}
					mu.Lock()
					order = append(order, name)
					mu.Unlock()
					turn.Answered()
				})
				synctest.Wait()
			}
		}
		queue("a", 4)
		queue("b", 1)
		queue("", 3)
		first.Answered()
		waiting.Wait()
		if got := fmt.Sprint(order); got != "[ b  a  a a a]" {
			t.Errorf("order: %q", got)
		}
	})
}

func TestAWaitEndsWithItsContextAndGivesItsTurnBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limiter := ratelimit.New(plans, nil)
		told := make(chan int, 1)
		caller := limiter.For("job", func(perMinute int) func() {
			told <- perMinute
			return func() { close(told) }
		})
		turn, _ := caller.Turn(t.Context(), "GET", "models/1", true)
		turn.Refused(time.Hour)
		ctx, cancel := context.WithCancelCause(t.Context())
		cause := errors.New("cancelled")
		time.AfterFunc(10*time.Second, func() { cancel(cause) })
		if _, err := caller.Turn(ctx, "GET", "models/2", true); !errors.Is(err, cause) {
			t.Errorf("got %v", err)
		}
		if n := <-told; n != 10 {
			t.Errorf("told of %d a minute", n)
		}
		<-told
	})
}

func TestWhatIsPaidDoesNotWaitWithItsIntentOnDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		caller := ratelimit.New(plans, nil).For("job", nil)
		turn, _ := caller.Turn(t.Context(), "POST", "models/1/start", false)
		turn.Refused(20 * time.Second)
		ctx, done := ratelimit.AtOnce(t.Context(), nil)
		_, err := caller.Turn(ctx, "POST", "models/2/start", false)
		done()
		var busy *ratelimit.Busy
		if !errors.As(err, &busy) {
			t.Fatalf("got %v", err)
		}
		began := time.Now()
		if turn, err = busy.Wait(t.Context()); err != nil || time.Since(began) != 20*time.Second {
			t.Fatalf("after %v: %v", time.Since(began), err)
		}
		ctx, done = ratelimit.AtOnce(t.Context(), turn)
		defer done()
		if turn, err = caller.Turn(ctx, "POST", "models/3/start", false); err != nil {
			t.Fatal(err)
		}
		turn.Answered()
	})
}

func TestWhatTheServiceSaysIsLeftIsKeptTo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		caller := ratelimit.New(nil, nil).For("job", nil)
		began := time.Now()
		for left := range 3 {
			turn, _ := caller.Turn(t.Context(), "GET", "jobs/1", true)
			turn.Left(2-left, 30*time.Second)
			turn.Answered()
		}
		if waited := time.Since(began); waited != 0 {
			t.Errorf("waited %v for what was left", waited)
		}
		if _, err := caller.Turn(t.Context(), "GET", "jobs/1", true); err != nil || time.Since(began) != 30*time.Second {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
	})
}

func TestEndpoints(t *testing.T) {
	for path, want := range map[string]string{
		"tailored-gen/datasets/456/images/7?limit=3": "tailored-gen/datasets/{id}/images/{id}",
		"jobs/image-gen/ig_8f2":                      "jobs/image-gen/{id}",
		"dreambooth_image_gen":                       "dreambooth_image_gen",
		"generations/123e4567-e89b":                  "generations/{id}",
		"jobs/dreambooth/db_abcdefghijklmnopqrstuv":  "jobs/dreambooth/{id}",
	} {
		if got := ratelimit.Endpoint(path); got != want {
			t.Errorf("%s: %s", path, got)
		}
	}
}

func TestANilCallerNeverWaits(t *testing.T) {
	var caller *ratelimit.Caller
	turn, err := caller.Named("job", nil).Turn(t.Context(), "GET", "models", true)
	turn.Left(0, time.Hour)
	turn.Refused(time.Hour)
	if err != nil || turn != nil {
		t.Error(turn, err)
	}
}
