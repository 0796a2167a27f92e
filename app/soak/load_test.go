// Three hundred jobs at once.

package soak_test

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/providers"
)

const (
	loadInShort, loadInSoak = 12, 300
	// heapMost is what jobs, studio and simulated services take together at most, in bytes.
	heapMost = 300 << 20
)

// However many jobs are started at once, each is done, with one paid request and in bounded memory.
func TestManyJobsAtOnce(t *testing.T) {
	many := loadInShort
	if share(t, 1) > 0 {
		many = loadInSoak
	}
	chance := seeded(t, 2)
	w := newWorld(t, 0.02)
	w.train()
	before := map[string]int{}
	for _, service := range w.studio.Services() {
		before[service.ID] = w.Submissions(service.ID)
	}
	began := time.Now()
	peak := watchHeap(t)
	orders := map[string]piece{} // by job
	ordered := map[string]int{}  // by service
	for range many {
		p := pieces()[chance.IntN(len(pieces()))]
		orders[w.start(p, newMark()).ID] = p
		ordered[p.service()]++
	}
	for id, p := range orders {
		job := w.end(id)
		if missing := p.whole(job.Images, job.Models); job.State != providers.Done || missing != "" {
			t.Errorf("a job of %s is %s with %s: %+v", p.task, job.State, missing, job.Error)
		}
	}
	for service, want := range ordered {
		if paid := w.Submissions(service) - before[service]; paid != want {
			t.Errorf("%s was paid %d times for %d jobs", service, paid, want)
		}
	}
	most := peak()
	if most > heapMost {
		t.Errorf("the heap grew to %d MB", most>>20)
	}
	const attack = "load"
	tell(attack, "jobs at once", many)
	tell(attack, "time until the last was done", time.Since(began).Round(time.Second))
	tell(attack, "heap at most, services included", fmt.Sprintf("%d MB", most>>20))
}

// watchHeap looks at the heap until the returned function is called, which tells how large it was at most.
func watchHeap(t *testing.T) (most func() uint64) {
	t.Helper()
	var peak atomic.Uint64
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			var stats runtime.MemStats
			runtime.ReadMemStats(&stats)
			peak.Store(max(peak.Load(), stats.HeapInuse))
			select {
			case <-stop:
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	}()
	return func() uint64 { close(stop); <-stopped; return peak.Load() }
}
