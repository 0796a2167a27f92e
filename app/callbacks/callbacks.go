// Package callbacks answers services that tell when a job has moved on. A
// callback only makes its job look at the service at once; nothing that it says
// is read, so a forged one learns and changes nothing.
package callbacks

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/maquette-studio/maquette/app/door"
	"github.com/maquette-studio/maquette/app/settings"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
)

// The receiver can be set by the environment, which wins over Settings.
const (
	listenEnv = "MAQUETTE_CALLBACK_LISTEN"
	urlEnv    = "MAQUETTE_CALLBACK_URL"
)

const (
	// A job is woken so many times at once, and then once a second.
	wakesAtOnce = 5

	troubleCode = "callbacks"
)

// Config is what the receiver works with.
type Config struct {
	Env      func(string) string // environment variables
	Settings func() settings.Settings
	Troubles Troubles
	Doors    *door.Doors
	// Place is the public address of photos that this computer serves, which
	// leads here as well; "" while it doesn't. Placed reports whether photos are
	// served from here at all.
	Place  func() string
	Placed func() bool
	// Paths are the paths of all jobs, by job.
	Paths func() map[string]string
	// Wake makes a job look at its service at once.
	Wake func(job string)
}

// Troubles shows what is wrong with the studio as a whole until it is over.
type Troubles interface {
	Set(code string, title, text providers.Sentence)
	Clear(code string)
}

// Receiver answers those who call back: at a door of its own where that is set
// up, and at the one through which photos are served.
type Receiver struct {
	cfg Config
	ctx context.Context

	mu    sync.Mutex
	used  bool   // it was wanted once: from then on it follows the settings
	at    string // the address it listens at, "" for not at all
	door  *door.Door
	paths map[[sha256.Size]byte]*jobPath // nil until they are needed
}

// New makes a receiver that listens, once it is wanted, until ctx ends.
func New(ctx context.Context, cfg Config) *Receiver {
	return &Receiver{cfg: cfg, ctx: ctx}
}

// jobPath is one job's path.
type jobPath struct {
	job   string
	wakes float64 // how many are allowed now
	last  time.Time
}

// Settings are the receiver's address and the public address that
// leads to it: the environment's, or those in Settings.
func (r *Receiver) Settings() (listen, public string) {
	set := r.cfg.Settings()
	return cmp.Or(r.cfg.Env(listenEnv), set.CallbackListen), cmp.Or(r.cfg.Env(urlEnv), set.CallbackURL)
}

// Check says what is wrong with the receiver's settings. Both empty
// is right: there is no receiver.
func Check(listen, public string) error {
	if listen == "" && public == "" {
		return nil
	}
	if err := door.Check(listen); err != nil {
		return err
	}
	if public == "" {
		return providers.Errorf("the public address is missing, at which services reach this computer")
	}
	if err := httpapi.CheckBaseURL(public); err != nil {
		return providers.Errorf("the public address can't be used: %v", err)
	}
	return nil
}

// NewPath makes a job's unguessable path; "" where there is no receiver.
func (r *Receiver) NewPath() string {
	if listen, public := r.Settings(); (listen == "" || public == "") && !r.cfg.Placed() {
		return ""
	}
	return rand.Text() // 130 bits
}

// Address is what a job with this path gives to its service; "" while nobody
// would answer there.
func (r *Receiver) Address(path string) string {
	if path == "" {
		return ""
	}
	_, public := r.Settings()
	if !r.Follow() {
		if public = r.cfg.Place(); public == "" {
			return ""
		}
	}
	return strings.TrimRight(public, "/") + "/" + path
}

// Follow makes the receiver be as the settings say and reports whether it
// listens. That it can't is a trouble of the studio's; jobs poll all the same.
func (r *Receiver) Follow() bool {
	listen, public := r.Settings()
	err := Check(listen, public)
	if err != nil || listen == "" {
		listen = ""
	}
	r.mu.Lock()
	r.used = true
	if r.ctx.Err() != nil {
		listen = ""
	}
	if r.at != listen {
		r.stop()
		if listen != "" {
			err = r.listen(listen)
		}
	}
	listening := r.door != nil
	r.mu.Unlock()
	if err != nil {
		r.cfg.Troubles.Set(troubleCode, providers.Say("Services can't call back"),
			providers.Say("%v. Jobs go on all the same: Maquette asks the services itself.", err))
	} else {
		r.cfg.Troubles.Clear(troubleCode)
	}
	return listening
}

// listen opens the receiver's own door; r.mu is held.
func (r *Receiver) listen(address string) (err error) {
	if r.door, err = r.cfg.Doors.Open(address, r.Answer); err != nil {
		return providers.Errorf("the callback receiver could not start: %v", err)
	}
	r.at = address
	return nil
}

// FollowAgain is Follow for changed settings, once the receiver was wanted.
func (r *Receiver) FollowAgain() {
	r.mu.Lock()
	used := r.used
	r.mu.Unlock()
	if used {
		r.Follow()
	}
}

// Close closes the receiver's door.
func (r *Receiver) Close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stop()
}

// stop closes the receiver's door; r.mu is held.
func (r *Receiver) stop() {
	if r.door != nil {
		r.door.Close()
	}
	r.at, r.door = "", nil
}

// Know makes a new job's path known.
func (r *Receiver) Know(job, path string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.load()
	r.add(job, path)
}

// load makes the paths of all jobs known; r.mu is held.
func (r *Receiver) load() {
	if r.paths != nil {
		return
	}
	r.paths = map[[sha256.Size]byte]*jobPath{}
	for job, path := range r.cfg.Paths() {
		r.add(job, path)
	}
}

// add makes a job's path known; r.mu is held.
func (r *Receiver) add(job, path string) {
	key := sha256.Sum256([]byte(path))
	if path != "" && r.paths[key] == nil {
		r.paths[key] = &jobPath{job: job, wakes: wakesAtOnce}
	}
}

// Answer answers whoever calls back with a job's path. The last part of the
// path counts: what leads to this computer may have a path of its own before it.
// Looking it up by its hash takes the same time for every guess.
func (r *Receiver) Answer(w http.ResponseWriter, request *http.Request) bool {
	if request.Method != http.MethodPost {
		return false
	}
	key := sha256.Sum256([]byte(path.Base(request.URL.Path)))
	known, wake := r.wake(key, time.Now())
	if known == "" {
		return false
	}
	if wake {
		r.cfg.Wake(known)
	}
	door.Nothing(w, http.StatusOK)
	return true
}

// wake finds the job of a path and whether it may be woken again already.
func (r *Receiver) wake(key [sha256.Size]byte, now time.Time) (job string, allowed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.load()
	p := r.paths[key]
	if p == nil {
		return "", false
	}
	p.wakes = min(p.wakes+max(0, now.Sub(p.last).Seconds()), wakesAtOnce)
	p.last = now
	if p.wakes < 1 {
		return p.job, false
	}
	p.wakes--
	return p.job, true
}
