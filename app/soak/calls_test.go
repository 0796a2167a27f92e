// The fault table of the calls, which cost nothing and answer at once.

package soak_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/registry"
)

const (
	callLanes    = 4
	callsInShort = 24
	// callHangs is how long a call may take: a few tries of half a minute, and Bria's uploads of five.
	callHangs = 8 * time.Minute
)

// callCell is a fault at the request of a call.
type callCell struct {
	call   string
	values map[string]any
	fault  fault
}

// Whatever becomes of a call's request, it ends in an answer or in words, and nothing is paid.
func TestFaultTableOfCalls(t *testing.T) {
	limit := share(t, 0.05)
	chance := seeded(t, 4)
	cells := callTable(t)
	whole := len(cells)
	chance.Shuffle(len(cells), func(i, j int) { cells[i], cells[j] = cells[j], cells[i] })
	// Those that wait for minutes come last, when there is time.
	slices.SortStableFunc(cells, func(a, b callCell) int { return cmp.Compare(a.fault.rank(), b.fault.rank()) })
	if limit == 0 {
		cells = cells[:callsInShort]
	}
	queue := make(chan callCell, len(cells))
	for _, c := range cells {
		queue <- c
	}
	close(queue)
	began := time.Now()
	var mu sync.Mutex
	tried, failed := 0, 0
	t.Run("cells", func(t *testing.T) {
		for lane := range callLanes {
			t.Run(fmt.Sprint(lane), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, 0.002)
				for c := range queue {
					if limit > 0 && time.Since(began) > limit {
						return
					}
					err := w.call(t, c)
					mu.Lock()
					tried++
					if err != nil {
						failed++
					}
					mu.Unlock()
				}
			})
		}
	})
	tell("fault table of calls", "cells tried, of all; failed in words", fmt.Sprintf("%d of %d; %d", tried, whole, failed))
}

// call makes one cell's call and looks at what comes of it.
func (w *world) call(t *testing.T, c callCell) error {
	t.Helper()
	var once sync.Once
	w.front.misbehave(func(x *exchange) (now fault) {
		now = passing
		once.Do(func() { now = c.fault })
		return now
	})
	defer w.front.misbehave(nil)
	before := w.paid()
	ctx, cancel := context.WithTimeout(t.Context(), callHangs)
	defer cancel()
	order := jobs.NewOrder(registry.All(), c.call, w.filled(c.values))
	order.Consent = true
	_, problems, err := w.studio.Call(ctx, order)
	w.front.settle()
	var f *providers.Failure
	switch {
	case ctx.Err() != nil:
		t.Errorf("%s: %s: hangs", c.call, c.fault.name)
	case len(problems) > 0:
		t.Errorf("%s: its example isn't valid: %v", c.call, problems)
	case err != nil && (!errors.As(err, &f) || f.Message.IsZero()):
		t.Errorf("%s: %s: it doesn't say what happened: %v", c.call, c.fault.name, err)
	case w.paid() != before:
		t.Errorf("%s: %s: something was paid", c.call, c.fault.name)
	}
	return err
}

// filled puts a picture where the example leaves one out.
func (w *world) filled(values map[string]any) map[string]any {
	values = maps.Clone(values)
	for key, value := range values {
		if text, ok := value.(string); ok && strings.Contains(text, "{{picture}}") {
			values[key] = w.stock.drawings[0]
		}
	}
	return values
}

// paid is how many paid requests all services have accepted.
func (w *world) paid() (all int) {
	for _, service := range w.studio.Services() {
		all += w.Submissions(service.ID)
	}
	return all
}

// callTable is every call, as its service's example makes it, with every fault.
func callTable(t *testing.T) (cells []callCell) {
	t.Helper()
	for _, service := range registry.All() {
		examples, err := conformance.Examples(filepath.Join("..", "..", "providers", service.ID, "testdata", "contract"))
		if err != nil {
			t.Fatal(err)
		}
		for _, example := range examples {
			if _, ok := service.FindCall(example.Offer); !ok {
				continue
			}
			for _, f := range faults() {
				cells = append(cells, callCell{example.Offer, example.Values, f})
			}
		}
	}
	return cells
}
