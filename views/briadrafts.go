// Captions that are typed and not at Bria yet.

package views

import (
	"maps"
	"sync"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/remote"
)

// briaDrafts hold the captions of all datasets at Bria that are typed and not
// there yet, by image. They are read where they are changed at once, and on
// disk after save. Its methods are safe from any goroutine.
type briaDrafts struct {
	studio *app.Studio
	saving sync.Mutex // held by save

	mu    sync.Mutex
	now   map[string]remote.UnsentCaption
	stale bool // the disk knows less
}

func newBriaDrafts(studio *app.Studio) *briaDrafts {
	return &briaDrafts{studio: studio, now: studio.Waiting.Unsent(briaService).Captions}
}

func (d *briaDrafts) get(image briaID) (draft remote.UnsentCaption, typed bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	draft, typed = d.now[string(image)]
	return draft, typed
}

func (d *briaDrafts) set(image briaID, draft remote.UnsentCaption) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stale = d.stale || d.now[string(image)] != draft
	d.now[string(image)] = draft
}

// drop forgets a draft.
func (d *briaDrafts) drop(image briaID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, typed := d.now[string(image)]
	d.stale = d.stale || typed
	delete(d.now, string(image))
}

// sent forgets a draft that is at Bria now, unless more was typed meanwhile.
func (d *briaDrafts) sent(image briaID, text string) {
	if draft, typed := d.get(image); typed && draft.Text == text {
		d.drop(image)
	}
}

// save puts everything on disk: never on the UI goroutine of a window in use.
func (d *briaDrafts) save() error {
	d.saving.Lock()
	defer d.saving.Unlock()
	d.mu.Lock()
	stale, now := d.stale, maps.Clone(d.now)
	d.stale = false
	d.mu.Unlock()
	if !stale {
		return nil
	}
	err := d.studio.Waiting.Change(briaService, func(kept *remote.Unsent) { kept.Captions = now })
	if err != nil {
		d.mu.Lock()
		d.stale = true
		d.mu.Unlock()
	}
	return err
}
