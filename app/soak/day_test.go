//go:build !race

// A day of work in a minute: the whole studio under a clock of its own, with services that fail and come back. The race
// detector keeps memory and goroutines of its own: this runs without it.

package soak_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/sandbox"
)

// A day: hours that pass, and how far apart orders are.
const (
	dayInShort, ordersInShort = 8 * time.Hour, 20 * time.Minute
	dayInSoak, ordersInSoak   = 24 * time.Hour, 8 * time.Minute
)

// usage is what the program holds at one moment.
type usage struct {
	goroutines, files int
	heap              uint64
	db                int64
	jobs              int
}

// What the program holds levels off: after the first half of a long day it grows by nothing but the records of its jobs.
//
// The studio lives in a bubble of testing/synctest, where hours pass as soon as nothing is left to do. The simulated
// services are outside of it, on real sockets, and are told the bubble's time; each connection serves one request, since
// one that idles would keep the bubble's clock from going on.
func TestADayOfWorkLevelsOff(t *testing.T) {
	day, every := dayInShort, ordersInShort
	if share(t, 1) > 0 {
		day, every = dayInSoak, ordersInSoak
	}
	chance := seeded(t, 3)
	var now atomic.Int64 // the bubble's
	s, err := sandbox.Start(context.Background(), sandbox.Config{
		Dir: t.TempDir(), Pace: 0.001, MaxEdge: 64, Now: func() time.Time { return time.Unix(0, now.Load()) },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	network, env := newFront(t, variables(s.Env()))
	var down atomic.Bool
	network.misbehave(func(*exchange) fault {
		return fault{do: func(x *exchange, w http.ResponseWriter) {
			w.Header().Set("Connection", "close")
			// The bucket stays: a service that can't fetch a photo ends its job, as it should.
			if down.Load() && !x.bucket {
				w.Header()["Date"] = nil // the front knows another day
				refuse(w, http.StatusServiceUnavailable, 0)
				return
			}
			x.forward().send(w)
		}}
	})
	dir, photos := t.TempDir(), newStock(t)
	var hours []usage
	synctest.Test(t, func(t *testing.T) {
		now.Store(time.Now().UnixNano())
		studio, err := app.Open(app.Config{Dir: dir, Env: func(name string) string { return env[name] }})
		if err != nil {
			t.Fatal(err)
		}
		studio.Resume()
		w := &world{Sandbox: s, t: t, front: network, env: env, stock: photos, studio: studio}
		hours = w.live(day, every, chance, &now, &down, dir)
		if err := studio.Close(); err != nil {
			t.Error(err)
		}
	})
	first, last := hours[len(hours)/2], hours[len(hours)-1]
	level(t, hours[0], first, last)
	const attack = "simulated day"
	tell(attack, "hours; jobs", fmt.Sprintf("%v; %d", day.Hours(), last.jobs))
	tell(attack, "goroutines, in the middle and at the end", fmt.Sprintf("%d; %d", first.goroutines, last.goroutines))
	tell(attack, "files and sockets open", fmt.Sprintf("%d; %d", first.files, last.files))
	tell(attack, "heap, KB", fmt.Sprintf("%d; %d", first.heap>>10, last.heap>>10))
	tell(attack, "database, KB", fmt.Sprintf("%d; %d", first.db>>10, last.db>>10))
}

// live orders and waits, hour by hour, and measures each.
func (w *world) live(day, every time.Duration, chance *rand.Rand, now *atomic.Int64, down *atomic.Bool, dir string) (hours []usage) {
	w.t.Helper()
	began, ordered := time.Now(), 0
	var ids []string
	findable := map[string]bool{} // by task: the service can be asked what became of a lost request
	for _, p := range pieces() {
		findable[p.task] = p.findable
	}
	for hour := time.Duration(0); hour < day; hour += time.Hour {
		for until := began.Add(hour + time.Hour); time.Now().Before(until); {
			if time.Since(began) >= time.Duration(ordered)*every {
				kinds := slices.DeleteFunc(pieces(), func(p piece) bool { return p.model })
				ids = append(ids, w.start(kinds[chance.IntN(len(kinds))], newMark()).ID)
				ordered++
			}
			// Every third hour the services are away for a while.
			down.Store(int(hour.Hours())%3 == 1 && time.Until(until) > 40*time.Minute)
			time.Sleep(10 * time.Second)
			now.Store(time.Now().UnixNano())
		}
		hours = append(hours, w.measure(dir, len(ids)))
	}
	for _, id := range ids {
		job := w.end(id)
		asks := job.State == providers.NeedsYou && !findable[job.Task] // about a request that nobody answered
		if job.State != providers.Done && !asks {
			w.t.Errorf("a job of %s is %s: %+v", job.Task, job.State, job.Error)
		}
	}
	return hours
}

func (w *world) measure(dir string, ordered int) usage {
	w.t.Helper()
	synctest.Wait()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	u := usage{goroutines: runtime.NumGoroutine(), heap: stats.HeapInuse, jobs: ordered}
	if open, err := os.ReadDir("/proc/self/fd"); err == nil {
		u.files = len(open)
	}
	if about, err := os.Stat(filepath.Join(dir, "maquette.db")); err == nil {
		u.db = about.Size()
	}
	return u
}

const (
	// slack is how much what is open may waver: a job may be at work in one moment and none in the other.
	slack = 6
	// bytes that a job may leave behind, in memory and in the database.
	heapPerJob, dbPerJob = 64 << 10, 32 << 10
	heapSlack, dbSlack   = 8 << 20, 1 << 20
)

// level fails the test where something grew in the second half.
func level(t *testing.T, begin, middle, end usage) {
	t.Helper()
	grown := end.jobs - middle.jobs
	if grown <= 0 || begin.jobs == 0 {
		t.Fatalf("%d jobs in the second half", grown)
	}
	for what, grew := range map[string]int64{
		"goroutines": int64(end.goroutines - middle.goroutines - slack),
		"open files": int64(end.files - middle.files - slack),
		"the heap":   int64(end.heap) - int64(middle.heap) - heapSlack - int64(grown)*heapPerJob,
		"database":   end.db - middle.db - dbSlack - int64(grown)*dbPerJob,
	} {
		if grew > 0 {
			t.Errorf("%s grew by %d more than %d jobs need: %+v, then %+v", what, grew, grown, middle, end)
		}
	}
}
