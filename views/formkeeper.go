// Keeping what a tab's form holds for the next start, as it is typed.

package views

import (
	"context"
	"encoding/json"
	"maps"
	"time"

	"fyne.io/fyne/v2"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/providers"
)

// formRest is how long a person has stopped typing before a form is saved.
const formRest = time.Second

// formKeeper saves a tab's task and what its form holds, one write at a time.
// It belongs to the UI goroutine.
type formKeeper struct {
	window *Window
	tab    string // its key in Settings.LastTasks
	task   func() *providers.Task
	values func() map[string]any
	failed func(error)

	rest   context.CancelFunc
	saving bool
	stale  bool // something changed while saving
}

// note saves when the typing rests.
func (k *formKeeper) note() {
	k.stop()
	k.rest = afterRest(k.window, formRest, k.save)
}

func (k *formKeeper) stop() {
	call(k.rest)
}

// save saves now, in a worker.
func (k *formKeeper) save() {
	if k.saving {
		k.stale = true
		return
	}
	change := k.change()
	if change == nil {
		return
	}
	k.saving = true
	work(k.window, func(context.Context) error { return k.window.studio.ChangeSettings(change) }, func(err error) {
		k.saving = false
		if err != nil {
			k.failed(err)
			return
		}
		if k.stale {
			k.stale = false
			k.save()
		}
	})
}

// close saves what was typed last; the window is going away and nobody waits
// for a frame.
func (k *formKeeper) close() {
	k.stop()
	if change := k.change(); change != nil {
		if err := k.window.studio.ChangeSettings(change); err != nil {
			fyne.LogError("saving a form", err)
		}
	}
}

// kept is what the task's form held, if it is known.
func (k *formKeeper) kept(task *providers.Task) (map[string]any, bool) {
	values, kept := k.window.studio.Settings().LastForms[task.ID]
	return values, kept
}

// change is nil when everything is saved already.
func (k *formKeeper) change() func(*app.Settings) {
	task := k.task()
	if task == nil {
		return nil
	}
	id, values := task.ID, providers.Values(k.values())
	now := k.window.studio.Settings()
	if now.LastTasks[k.tab] == id && sameJSON(now.LastForms[id], values) {
		return nil
	}
	return func(s *app.Settings) {
		tasks, forms := maps.Clone(s.LastTasks), maps.Clone(s.LastForms)
		if tasks == nil {
			tasks = map[string]string{}
		}
		if forms == nil {
			forms = map[string]providers.Values{}
		}
		tasks[k.tab], forms[id] = id, values
		s.LastTasks, s.LastForms = tasks, forms
	}
}

func sameJSON(a, b any) bool {
	one, err := json.Marshal(a)
	other, otherErr := json.Marshal(b)
	return err == nil && otherErr == nil && string(one) == string(other)
}
