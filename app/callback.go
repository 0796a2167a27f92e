// The callback receiver: an optional HTTP server on this computer that
// services tell when a job has moved on. A callback only makes its job look at
// the service at once; nothing that it says is read, so a forged one learns
// and changes nothing.

package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/netutil"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
)

// The receiver can be set by the environment, which wins over Settings.
const (
	callbackListenEnv = "MAQUETTE_CALLBACK_LISTEN"
	callbackURLEnv    = "MAQUETTE_CALLBACK_URL"
)

const (
	callbackHeaderTime = 5 * time.Second
	callbackTime       = 10 * time.Second // the whole request
	callbackIdle       = 15 * time.Second
	callbackHeader     = 8 << 10  // bytes
	callbackBody       = 64 << 10 // bytes that are read, and dropped; what is left unread may reset the answer
	callbackConns      = 32       // at once; more wait to be accepted

	// A job is woken so many times at once, and then once a second.
	wakesAtOnce = 5

	callbackTrouble = "callbacks"
)

// receiver is the server while it listens.
type receiver struct {
	mu     sync.Mutex
	used   bool   // it was wanted once: from then on it follows the settings
	at     string // the address it listens at, "" for not at all
	server *http.Server
	paths  map[[sha256.Size]byte]*callbackPath
}

// callbackPath is one job's path.
type callbackPath struct {
	job   string
	wakes float64 // how many are allowed now
	last  time.Time
}

// CallbackSettings are the receiver's address and the public address that
// leads to it: the environment's, or those in Settings.
func (s *Studio) CallbackSettings() (listen, public string) {
	set := s.Settings()
	return cmp.Or(s.cfg.Env(callbackListenEnv), set.CallbackListen), cmp.Or(s.cfg.Env(callbackURLEnv), set.CallbackURL)
}

// CheckCallbacks says what is wrong with the receiver's settings. Both empty
// is right: there is no receiver.
func CheckCallbacks(listen, public string) error {
	if listen == "" && public == "" {
		return nil
	}
	_, port, err := net.SplitHostPort(listen)
	if n, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil || n == 0 {
		return fmt.Errorf("the address to listen at must be HOST:PORT, such as 127.0.0.1:8710")
	}
	if public == "" {
		return fmt.Errorf("the public address is missing, at which services reach this computer")
	}
	if err := httpapi.CheckBaseURL(public); err != nil {
		return fmt.Errorf("the public address can't be used: %w", err)
	}
	return nil
}

// newCallback makes a job's unguessable path; "" where there is no receiver.
func (s *Studio) newCallback() string {
	if listen, public := s.CallbackSettings(); listen == "" || public == "" {
		return ""
	}
	return rand.Text() // 130 bits
}

// callback is the address that a job gives to its service; "" while the
// receiver doesn't listen.
func (s *Studio) callback(job Job) string {
	if job.Callback == "" || !s.receive() {
		return ""
	}
	_, public := s.CallbackSettings()
	return strings.TrimRight(public, "/") + "/" + job.Callback
}

// receive makes the receiver be as the settings say and reports whether it
// listens. That it can't is a trouble of the studio's; jobs poll all the same.
func (s *Studio) receive() bool {
	listen, public := s.CallbackSettings()
	err := CheckCallbacks(listen, public)
	if err != nil || listen == "" {
		listen = ""
	}
	r := &s.receiver
	r.mu.Lock()
	r.used = true
	if s.ctx.Err() != nil {
		listen = ""
	}
	if r.at != listen {
		r.stop()
		if listen != "" {
			err = r.listen(s, listen)
		}
	}
	listening := r.server != nil
	r.mu.Unlock()
	if err != nil {
		s.troubles.set(s, Trouble{
			Code: callbackTrouble, Title: "Services can't call back",
			Text: err.Error() + ". Jobs go on all the same: Maquette asks the services itself.",
		})
	} else {
		s.troubles.clear(s, callbackTrouble)
	}
	return listening
}

// listen starts the server; r.mu is held.
func (r *receiver) listen(s *Studio, address string) error {
	var config net.ListenConfig
	listener, err := config.Listen(s.ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("the callback receiver could not start: %w", err)
	}
	r.paths = map[[sha256.Size]byte]*callbackPath{}
	for _, job := range s.Jobs() {
		r.add(job)
	}
	server := &http.Server{
		Handler: http.HandlerFunc(s.calledBack), ErrorLog: log.New(io.Discard, "", 0),
		ReadHeaderTimeout: callbackHeaderTime, ReadTimeout: callbackTime, WriteTimeout: callbackTime,
		IdleTimeout: callbackIdle, MaxHeaderBytes: callbackHeader,
		BaseContext: func(net.Listener) context.Context { return s.ctx },
	}
	r.at, r.server = address, server
	s.work.Go(func() { _ = server.Serve(netutil.LimitListener(listener, callbackConns)) })
	return nil
}

// stop ends the server; r.mu is held.
func (r *receiver) stop() {
	if r.server != nil {
		_ = r.server.Close()
	}
	r.at, r.server = "", nil
}

// know makes a new job's path known, if the receiver listens.
func (r *receiver) know(job Job) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.server != nil {
		r.add(job)
	}
}

// add makes a job's path known; r.mu is held.
func (r *receiver) add(job Job) {
	key := sha256.Sum256([]byte(job.Callback))
	if job.Callback != "" && r.paths[key] == nil {
		r.paths[key] = &callbackPath{job: job.ID, wakes: wakesAtOnce}
	}
}

// calledBack answers whoever calls. The last part of the path counts: what
// leads to this computer may have a path of its own before it. Looking it up
// by its hash takes the same time for every guess.
func (s *Studio) calledBack(w http.ResponseWriter, request *http.Request) {
	_, _ = io.CopyN(io.Discard, request.Body, callbackBody)
	key := sha256.Sum256([]byte(path.Base(request.URL.Path)))
	known, wake := s.receiver.wake(key, time.Now())
	status := http.StatusNotFound
	if known != "" && request.Method == http.MethodPost {
		status = http.StatusOK
		if job, ok := s.Job(known); wake && ok && job.State != providers.Submitting {
			s.Wake(known)
		}
	}
	w.Header().Set("Content-Type", "text/plain")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "\n")
}

// wake finds the job of a path and whether it may be woken again already.
func (r *receiver) wake(key [sha256.Size]byte, now time.Time) (job string, allowed bool) {
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
