// Those who wait for a change of one job.

package jobs

import "sync"

// watchers are told of each change of the job that they wait for.
type watchers struct {
	mu    sync.Mutex
	byJob map[string]map[chan struct{}]bool
}

// add returns what is signalled after each change of the job, until remove is
// called.
func (w *watchers) add(job string) (changed <-chan struct{}, remove func()) {
	signal := make(chan struct{}, 1)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.byJob == nil {
		w.byJob = map[string]map[chan struct{}]bool{}
	}
	if w.byJob[job] == nil {
		w.byJob[job] = map[chan struct{}]bool{}
	}
	w.byJob[job][signal] = true
	return signal, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.byJob[job], signal)
		if len(w.byJob[job]) == 0 {
			delete(w.byJob, job)
		}
	}
}

func (w *watchers) tell(job string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for signal := range w.byJob[job] {
		select {
		case signal <- struct{}{}:
		default:
		}
	}
}
