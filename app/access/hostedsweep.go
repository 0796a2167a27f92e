// Removing copies that nobody needs, and keeping this computer reachable for as
// long as somebody does.

package access

import (
	"context"
	"errors"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// Sweep removes what is due by now; forget is called in the
// transaction that forgets a copy. What can't be removed is tried again by the
// next Sweep.
func (h *Hosted) Sweep(ctx context.Context, now time.Time, forget func(tx *storage.Tx, job, step string) error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	lie := h.Computer.names() // before the notes are read: a note is older than its copy
	noted, err := h.noted()
	if err != nil {
		return
	}
	due := map[string]hostedCopy{}
	for name, c := range noted {
		if !c.Remove.IsZero() && !c.Remove.After(now) {
			due[name] = c
		}
	}
	for _, name := range lie {
		if _, known := noted[name]; !known {
			_ = h.Computer.remove(name) // tried again
		}
	}
	h.removeAll(ctx, due, forget)
	h.follow(noted, due)
}

func (h *Hosted) removeAll(ctx context.Context, due map[string]hostedCopy, forget func(tx *storage.Tx, job, step string) error) {
	var err error
	for name, c := range due {
		if err == nil {
			err = h.remove(ctx, name, c)
		}
		if err != nil {
			h.Troubles.Set("hosted", providers.Say("Photos are still in the bucket"),
				providers.Say("%d hosted copies could not be removed yet; Maquette keeps trying. Their links expire by themselves.", len(due)))
			return
		}
		_ = h.DB.Update(func(tx *storage.Tx) error {
			return errors.Join(hostedTable.Delete(tx, name), forget(tx, c.Job, c.Step))
		})
	}
	if len(due) > 0 {
		h.Troubles.Clear("hosted")
	}
}

func (h *Hosted) remove(ctx context.Context, name string, c hostedCopy) error {
	if c.Computer {
		return h.Computer.remove(name)
	}
	client, err := h.Bucket.Open(ctx)
	if err != nil {
		return err
	}
	return client.Remove(ctx, name)
}

// noted are all copies that there may be, by name.
func (h *Hosted) noted() (map[string]hostedCopy, error) {
	noted := map[string]hostedCopy{}
	err := h.DB.View(func(tx *storage.Tx) error {
		return hostedTable.Each(tx, "", func(name string, c hostedCopy) error {
			noted[name] = c
			return nil
		})
	})
	return noted, err
}

// Follow keeps this computer reachable while a copy on it is needed.
func (h *Hosted) Follow() {
	noted, err := h.noted()
	if err == nil {
		h.follow(noted, nil)
	}
}

// follow is Follow for these copies, without those that are gone.
func (h *Hosted) follow(noted, gone map[string]hostedCopy) {
	told := map[string]string{} // addresses, by jobs that were accepted
	h.mu.Lock()
	needed := len(h.using) > 0
	h.mu.Unlock()
	for name, c := range noted {
		if _, is := gone[name]; is || !c.Computer {
			continue
		}
		needed = true
		if h.Accepted(c.Job) {
			told[c.Job] = c.Told
		}
	}
	h.Computer.Follow(needed, func(err error) {
		h.sayUnreachable(err)
		h.sayMoved(told)
	})
}

// sayUnreachable shows why copies on this computer can't be fetched.
func (h *Hosted) sayUnreachable(err error) {
	if err == nil {
		h.Troubles.Clear("place")
		return
	}
	h.Troubles.Set("place", providers.Say("Services can't reach the photos on this computer"),
		providers.Say("%v. A job that was accepted goes on if its service has fetched them.", err))
}

// sayMoved shows that links which services were given lead nowhere any more.
func (h *Hosted) sayMoved(told map[string]string) {
	now, moved := h.Computer.Now(), false
	for _, address := range told {
		moved = moved || now != "" && address != "" && address != now
	}
	if !moved {
		h.Troubles.Clear("place_moved")
		return
	}
	h.Troubles.Set("place_moved", providers.Say("The address of photos on this computer has changed"),
		providers.Say("Jobs were accepted with links to the address before. A service that has fetched the photos goes on; one that had not can't any more: if such a job fails, start it again."))
}

// CheckComputer tries the way to this computer that is set up.
func (h *Hosted) CheckComputer(ctx context.Context) (Reached, error) {
	defer h.Follow()
	return h.Computer.Check(ctx)
}
