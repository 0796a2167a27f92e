// Package callbacks is an optional HTTP server on this computer that services
// tell when a job has moved on. A callback only makes its job look at the
// service at once; nothing that it says is read, so a forged one learns and
// changes nothing.
package callbacks

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"io"
	"log"
	"net"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/maquette-studio/maquette/app/settings"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
	"github.com/maquette-studio/maquette/providers/network"
)

// The receiver can be set by the environment, which wins over Settings.
const (
	listenEnv = "MAQUETTE_CALLBACK_LISTEN"
	urlEnv    = "MAQUETTE_CALLBACK_URL"
)

const (
	headerTime  = 5 * time.Second
	requestTime = 10 * time.Second // the whole request
	idleTime    = 15 * time.Second
	headerMost  = 8 << 10  // bytes
	bodyMost    = 64 << 10 // bytes that are read, and dropped; what is left unread may reset the answer
	connsMost   = 64       // at once; one more closes the slowest

	// A job is woken so many times at once, and then once a second.
	wakesAtOnce = 5

	troubleCode = "callbacks"
)

// Config is what the receiver works with.
type Config struct {
	Env      func(string) string // environment variables
	Settings func() settings.Settings
	Troubles Troubles
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

// Receiver is the server while it listens.
type Receiver struct {
	cfg  Config
	ctx  context.Context
	work sync.WaitGroup

	mu     sync.Mutex
	used   bool   // it was wanted once: from then on it follows the settings
	at     string // the address it listens at, "" for not at all
	server *http.Server
	paths  map[[sha256.Size]byte]*jobPath
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
	_, port, err := net.SplitHostPort(listen)
	if n, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil || n == 0 {
		return providers.Errorf("the address to listen at must be HOST:PORT, such as 127.0.0.1:8710")
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
	if listen, public := r.Settings(); listen == "" || public == "" {
		return ""
	}
	return rand.Text() // 130 bits
}

// Address is what a job with this path gives to its service; "" while the
// receiver doesn't listen.
func (r *Receiver) Address(path string) string {
	if path == "" || !r.Follow() {
		return ""
	}
	_, public := r.Settings()
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
	listening := r.server != nil
	r.mu.Unlock()
	if err != nil {
		r.cfg.Troubles.Set(troubleCode, providers.Say("Services can't call back"),
			providers.Say("%v. Jobs go on all the same: Maquette asks the services itself.", err))
	} else {
		r.cfg.Troubles.Clear(troubleCode)
	}
	return listening
}

// listen starts the server; r.mu is held.
func (r *Receiver) listen(address string) error {
	var config net.ListenConfig
	listener, err := config.Listen(r.ctx, "tcp", address)
	if err != nil {
		return providers.Errorf("the callback receiver could not start: %v", err)
	}
	r.paths = map[[sha256.Size]byte]*jobPath{}
	for job, path := range r.cfg.Paths() {
		r.add(job, path)
	}
	server := &http.Server{
		Handler: http.HandlerFunc(r.calledBack), ErrorLog: log.New(io.Discard, "", 0),
		ReadHeaderTimeout: headerTime, ReadTimeout: requestTime, WriteTimeout: requestTime,
		IdleTimeout: idleTime, MaxHeaderBytes: headerMost,
		BaseContext: func(net.Listener) context.Context { return r.ctx }, ConnState: network.NewCrowd(connsMost).State,
	}
	r.at, r.server = address, server
	r.work.Go(func() { _ = server.Serve(listener) })
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

// Close ends the server and waits for it.
func (r *Receiver) Close() {
	r.mu.Lock()
	r.stop()
	r.mu.Unlock()
	r.work.Wait()
}

// stop ends the server; r.mu is held.
func (r *Receiver) stop() {
	if r.server != nil {
		_ = r.server.Close()
	}
	r.at, r.server = "", nil
}

// Know makes a new job's path known, if the receiver listens.
func (r *Receiver) Know(job, path string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.server != nil {
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

// calledBack answers whoever calls. The last part of the path counts: what
// leads to this computer may have a path of its own before it. Looking it up
// by its hash takes the same time for every guess.
func (r *Receiver) calledBack(w http.ResponseWriter, request *http.Request) {
	_, _ = io.CopyN(io.Discard, request.Body, bodyMost)
	key := sha256.Sum256([]byte(path.Base(request.URL.Path)))
	known, wake := r.wake(key, time.Now())
	status := http.StatusNotFound
	if known != "" && request.Method == http.MethodPost {
		status = http.StatusOK
		if wake {
			r.cfg.Wake(known)
		}
	}
	w.Header().Set("Content-Type", "text/plain")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "\n")
}

// wake finds the job of a path and whether it may be woken again already.
func (r *Receiver) wake(key [sha256.Size]byte, now time.Time) (job string, allowed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
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
