// Keeping what a tab's form holds for the next start, as it is typed.

package form

import (
	"context"
	"encoding/json"
	"maps"
	"time"

	"fyne.io/fyne/v2"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/settings"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// formRest is how long a person has stopped typing before a form is saved.
const formRest = time.Second

// Keeper saves a tab's task and what its form holds, one write at a time.
// It belongs to the UI goroutine.
type Keeper struct {
	Studio *app.Studio
	Work   *kit.Work // ends with the form
	Tab    string    // its key in Settings.LastTasks
	Task   func() *providers.Task
	Raw    func() map[string]any // what the form holds
	Failed func(error)

	saving bool
	stale  bool // something changed while saving
}

// Note saves when the typing rests.
func (k *Keeper) Note() { k.Work.After("rest", formRest, k.Save) }

// Save saves now, in a worker.
func (k *Keeper) Save() {
	if k.saving {
		k.stale = true
		return
	}
	change := k.change()
	if change == nil {
		return
	}
	k.saving = true
	kit.Do(k.Work, func(context.Context) error { return k.Studio.Settings.Change(change) }, func(err error) {
		k.saving = false
		if err != nil {
			k.Failed(err)
			return
		}
		if k.stale {
			k.stale = false
			k.Save()
		}
	})
}

// Close saves what was typed last; the window is going away and nobody waits
// for a frame.
func (k *Keeper) Close() {
	k.Work.End()
	if change := k.change(); change != nil {
		if err := k.Studio.Settings.Change(change); err != nil {
			fyne.LogError("saving a form", err)
		}
	}
}

// Kept is what the task's form held, if it is known.
func (k *Keeper) Kept(task *providers.Task) (map[string]any, bool) {
	values, kept := k.Studio.Settings.Now().LastForms[task.ID]
	return values, kept
}

// change is nil when everything is saved already.
func (k *Keeper) change() func(*settings.Settings) {
	task := k.Task()
	if task == nil {
		return nil
	}
	id, values := task.ID, providers.Values(k.Raw())
	now := k.Studio.Settings.Now()
	if now.LastTasks[k.Tab] == id && sameJSON(now.LastForms[id], values) {
		return nil
	}
	return func(s *settings.Settings) {
		tasks, forms := maps.Clone(s.LastTasks), maps.Clone(s.LastForms)
		if tasks == nil {
			tasks = map[string]string{}
		}
		if forms == nil {
			forms = map[string]providers.Values{}
		}
		tasks[k.Tab], forms[id] = id, values
		s.LastTasks, s.LastForms = tasks, forms
	}
}

func sameJSON(a, b any) bool {
	one, err := json.Marshal(a)
	other, otherErr := json.Marshal(b)
	return err == nil && otherErr == nil && string(one) == string(other)
}
