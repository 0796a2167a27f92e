// The fault table: every request that a task makes, and everything that can become of it.

package soak_test

import (
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
)

// cell is one of the table: a fault at a request of a task.
type cell struct {
	piece    piece
	endpoint string
	lost     bool // the answer to the paid request is lost too: only then is the endpoint asked
	fault    fault
	always   bool // not only the first time
}

func (c cell) String() string {
	how := "once"
	if c.always {
		how = "always"
	}
	if c.lost {
		how += ", after a lost answer"
	}
	return fmt.Sprintf("%s: %s: %s, %s", c.piece.task, c.endpoint, c.fault.name, how)
}

const (
	lanesInShort, cellsInShort = 5, 20
	lanesInSoak, slowLanes     = 36, 12 // those wait for minutes
)

// Whatever becomes of a request, at most one is paid, what is said of the money is true, and the job ends or asks.
func TestFaultTable(t *testing.T) {
	limit := share(t, 0.4)
	chance := seeded(t, 1)
	cells := table(t)
	whole := len(cells)
	chance.Shuffle(len(cells), func(i, j int) { cells[i], cells[j] = cells[j], cells[i] })
	quick, slow := lanesInSoak, slowLanes
	if limit == 0 {
		cells = slices.DeleteFunc(cells, func(c cell) bool { return c.fault.slow })[:cellsInShort]
		quick, slow = lanesInShort, 0
	}
	var sum outcomes
	began := time.Now()
	t.Run("cells", func(t *testing.T) {
		for lane := range quick + slow {
			t.Run(fmt.Sprint(lane), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, 0.002)
				for c := range sum.queue(cells, lane >= quick) {
					if limit > 0 && time.Since(began) > limit {
						return
					}
					w.try(t, c, &sum)
				}
			})
		}
	})
	sum.tell(whole)
}

// outcomes counts how cells ended.
type outcomes struct {
	mu                                     sync.Mutex
	next                                   map[bool]int // the first cell that isn't taken yet, of the slow and the quick ones
	cells, unmet, done, failed, asked, bad int
}

// queue hands out cells, each once: slow ones or quick ones.
func (o *outcomes) queue(cells []cell, slow bool) iter.Seq[cell] {
	return func(yield func(cell) bool) {
		for {
			c, left := o.take(cells, slow)
			if !left || !yield(c) {
				return
			}
		}
	}
}

func (o *outcomes) take(cells []cell, slow bool) (c cell, left bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.next == nil {
		o.next = map[bool]int{}
	}
	for o.next[slow] < len(cells) {
		c = cells[o.next[slow]]
		o.next[slow]++
		if c.fault.slow == slow {
			return c, true
		}
	}
	return cell{}, false
}

func (o *outcomes) tell(whole int) {
	const attack = "fault table"
	tell(attack, "cells tried, of all", fmt.Sprintf("%d of %d", o.cells, whole))
	tell(attack, "done; failed; a person asked; request not made", fmt.Sprintf("%d; %d; %d; %d", o.done, o.failed, o.asked, o.unmet))
	tell(attack, "broken promises", o.bad)
}

// try makes one cell true and looks at what came of it.
func (w *world) try(t *testing.T, c cell, sum *outcomes) {
	t.Helper()
	if c.piece.model && w.model == "" {
		w.train()
	}
	before := w.Submissions(c.piece.service())
	var mu sync.Mutex
	met, lost := 0, 0
	w.front.misbehave(func(x *exchange) fault {
		mu.Lock()
		defer mu.Unlock()
		switch at := x.endpoint(); {
		case !x.fromMaquette():
		case c.lost && lost == 0 && paidEndpoint(x):
			lost++
			return resetAfter
		case at == c.endpoint && (c.always || met == 0):
			met++
			return c.fault
		}
		return passing
	})
	job, ended := w.wait(w.start(c.piece, newMark()).ID)
	w.front.misbehave(nil)
	if !ended {
		t.Errorf("%s\n  hangs: %s, %s", c, job.State, job.Status.Note)
		_ = w.studio.Jobs.Cancel(job.ID)
		return
	}
	w.front.settle()
	paid := w.Submissions(c.piece.service()) - before
	why := judge(c, job, paid)
	sum.mu.Lock()
	defer sum.mu.Unlock()
	sum.cells++
	switch {
	case met == 0:
		sum.unmet++
	case job.State == providers.Done:
		sum.done++
	case job.State == providers.NeedsYou:
		sum.asked++
	default:
		sum.failed++
	}
	if why != "" {
		sum.bad++
		t.Errorf("%s\n  %s: %d paid, %s, %+v", c, why, paid, job.State, job.Error)
	}
}

// judge says which promise is broken; "" for none.
func judge(c cell, job jobs.Job, paid int) string {
	if paid > 1 {
		return "paid twice"
	}
	if job.State == providers.Done {
		if paid == 0 {
			return "done without having been paid"
		}
		return c.piece.whole(job.Images, job.Models)
	}
	asks := job.State == providers.NeedsYou
	if job.Error == nil || job.Error.Message.IsZero() || asks != (job.Ask != nil) || !asks && job.State != providers.Failed {
		return "doesn't say how it ended"
	}
	if strings.Contains(job.Error.Message.String(), "A mistake in Maquette") {
		return "panicked"
	}
	reads := strings.HasPrefix(c.endpoint, http.MethodGet)
	switch money := job.Error.Money; {
	case jobs.MoneyWords(money).IsZero():
		return "doesn't say what became of the money"
	case money == providers.NotSpent && paid > 0:
		return "said not to be charged, and was"
	case money == providers.Spent && paid == 0:
		return "said to be charged, and wasn't"
	case asks && job.Error.Advice.IsZero():
		return "asks without saying where to look"
	case paid == 1 && reads && !c.always && !c.lost:
		return "ended by one bad answer to a question"
	case !asks && money == providers.Spent && !c.aboutResults() && job.Error.Kind != providers.NotFound:
		return "failed, charged, while the service works on it"
	}
	return ""
}

// aboutResults reports whether the fault keeps results from coming here, when the service is through.
func (c cell) aboutResults() bool {
	return strings.Contains(c.endpoint, "/assets") || strings.HasPrefix(c.endpoint, "bucket")
}

func TestBrokenPromisesAreSeen(t *testing.T) {
	poll := cell{piece: pieces()[0], endpoint: "GET /generations/ID", always: true}
	say := providers.Say("no")
	failed := func(money providers.Money) jobs.Job {
		return jobs.Job{State: providers.Failed, Error: &providers.Failure{Message: say, Money: money}}
	}
	done := jobs.Job{State: providers.Done, Images: []string{"one"}}
	for want, row := range map[string]struct {
		job  jobs.Job
		paid int
	}{
		"":                              {done, 1},
		"paid twice":                    {done, 2},
		"done without having been paid": {done, 0},
		"0 pictures and 0 models instead of 1 and 0":     {jobs.Job{State: providers.Done}, 1},
		"doesn't say how it ended":                       {jobs.Job{State: providers.NeedsYou}, 1},
		"doesn't say what became of the money":           {failed(""), 0},
		"said not to be charged, and was":                {failed(providers.NotSpent), 1},
		"said to be charged, and wasn't":                 {failed(providers.Spent), 0},
		"failed, charged, while the service works on it": {failed(providers.Spent), 1},
	} {
		if got := judge(poll, row.job, row.paid); got != want {
			t.Errorf("judged as %q instead of %q", got, want)
		}
	}
	poll.always = false
	if got := judge(poll, failed(providers.MoneyUnknown), 1); got != "ended by one bad answer to a question" {
		t.Errorf("judged as %q", got)
	}
}

// table is every cell, found by running every task with and without its answer.
func table(t *testing.T) (cells []cell) {
	t.Helper()
	w := newWorld(t, 0.002)
	for _, p := range pieces() {
		plain := w.endpointsOf(p, false)
		afterLoss := w.endpointsOf(p, true)
		if len(plain) == 0 || !slices.ContainsFunc(plain, func(e string) bool { return strings.HasPrefix(e, http.MethodPost) }) {
			t.Fatalf("%s asks for %v", p.task, plain)
		}
		add := func(endpoint string, lost bool) {
			for _, f := range faults() {
				cells = append(cells, cell{piece: p, endpoint: endpoint, lost: lost, fault: f})
				// Bria's links are awaited for ten minutes, since nothing says that a picture will never come.
				if awaited := p.model && strings.Contains(endpoint, "/assets"); !f.slow && !awaited {
					cells = append(cells, cell{piece: p, endpoint: endpoint, lost: lost, fault: f, always: true})
				}
			}
		}
		for _, endpoint := range plain {
			add(endpoint, false)
		}
		for _, endpoint := range afterLoss {
			if !slices.Contains(plain, endpoint) {
				add(endpoint, true)
			}
		}
	}
	return cells
}

// endpointsOf runs a piece and lists what it asks for.
func (w *world) endpointsOf(p piece, lose bool) (endpoints []string) {
	w.t.Helper()
	if p.model && w.model == "" {
		w.train()
	}
	var mu sync.Mutex
	w.front.misbehave(func(x *exchange) fault {
		mu.Lock()
		defer mu.Unlock()
		if at := x.endpoint(); x.fromMaquette() && !slices.Contains(endpoints, at) {
			endpoints = append(endpoints, at)
		}
		if lose && paidEndpoint(x) {
			lose = false
			return resetAfter
		}
		return passing
	})
	job := w.end(w.start(p, newMark()).ID)
	w.front.misbehave(nil)
	if job.State != providers.Done && (p.findable || job.State != providers.NeedsYou) {
		w.t.Fatalf("%s ended as %s: %v", p.task, job.State, job.Error)
	}
	return endpoints
}
