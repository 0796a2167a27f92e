// Package door is where others reach this computer: an HTTP server that is
// bounded in every way, so that slow callers starve nobody, and that says
// nothing to whom it doesn't know. Rooms that are reached at the same address
// share one door.
package door

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/network"
)

const (
	headerTime  = 5 * time.Second
	requestTime = 10 * time.Second // the whole request, and an answer that has no file
	partTime    = 30 * time.Second // each part of a file that is sent
	idleTime    = 15 * time.Second
	headerMost  = 8 << 10  // bytes
	bodyMost    = 64 << 10 // bytes that are read, and dropped; what is left unread may reset the answer
	connsMost   = 64       // at once; one more closes the slowest
)

// Answer answers a request that it knows, and reports whether it did. Where it
// doesn't, it writes nothing.
type Answer func(w http.ResponseWriter, r *http.Request) bool

// Doors are those that stand open.
type Doors struct {
	ctx  context.Context
	work sync.WaitGroup

	mu  sync.Mutex
	all map[string]*server // by the address that was asked for
}

// NewDoors is none, to be opened until ctx ends.
func NewDoors(ctx context.Context) *Doors { return &Doors{ctx: ctx, all: map[string]*server{}} }

// server is one door, and who answers there.
type server struct {
	http  *http.Server
	at    string
	users []*Door
}

// Door is a room's share of a door.
type Door struct {
	doors   *Doors
	address string
	at      string
	answer  Answer
}

// Check says what is wrong with an address to listen at: it is HOST:PORT.
func Check(address string) error {
	_, port, err := net.SplitHostPort(address)
	if n, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil || n == 0 {
		return providers.Errorf("the address to listen at must be HOST:PORT, such as 127.0.0.1:8710")
	}
	return nil
}

// Open opens a door at an address, such as 127.0.0.1:8710, or :0 for a free
// port. Where one stands open there, it is shared: whoever came first answers
// first.
func (d *Doors) Open(address string, answer Answer) (*Door, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ctx.Err() != nil {
		return nil, context.Cause(d.ctx)
	}
	_, port, _ := net.SplitHostPort(address)
	s := d.all[address]
	if s == nil {
		var err error
		if s, err = d.listen(address); err != nil {
			return nil, err
		}
	}
	opened := &Door{doors: d, address: address, at: s.at, answer: answer}
	if port == "0" { // another one each time
		opened.address = s.at
	}
	s.users = append(s.users, opened)
	d.all[opened.address] = s
	return opened, nil
}

// listen starts a server; d.mu is held.
func (d *Doors) listen(address string) (*server, error) {
	var config net.ListenConfig
	listener, err := config.Listen(d.ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	s := &server{at: listener.Addr().String()}
	crowd := network.NewCrowd(connsMost)
	s.http = &http.Server{
		Handler:  http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { d.serve(s, crowd, w, r) }),
		ErrorLog: log.New(io.Discard, "", 0), ReadHeaderTimeout: headerTime, ReadTimeout: requestTime, WriteTimeout: requestTime,
		IdleTimeout: idleTime, MaxHeaderBytes: headerMost, ConnState: crowd.State,
		BaseContext: func(net.Listener) context.Context { return d.ctx },
		ConnContext: func(ctx context.Context, conn net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, conn)
		},
	}
	d.work.Go(func() { _ = s.http.Serve(listener) })
	return s, nil
}

type connKey struct{}

// serve asks each room in turn. Nobody's request is answered by nothing.
func (d *Doors) serve(s *server, crowd *network.Crowd, w http.ResponseWriter, r *http.Request) {
	_, _ = io.CopyN(io.Discard, r.Body, bodyMost)
	d.mu.Lock()
	users := slices.Clone(s.users)
	d.mu.Unlock()
	conn, _ := r.Context().Value(connKey{}).(net.Conn)
	paced := &pacedWriter{ResponseWriter: w, control: http.NewResponseController(w), moved: func() { crowd.Moved(conn) }}
	for _, user := range users {
		if user.answer(paced, r) {
			return
		}
	}
	Nothing(w, http.StatusNotFound)
}

// Nothing is an answer that says no more than its status.
func Nothing(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/plain")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "\n")
}

// pacedWriter gives each part of an answer its own time: a large file may take
// long, who reads nothing may not. A connection that moves isn't the slowest.
type pacedWriter struct {
	http.ResponseWriter

	control *http.ResponseController
	moved   func()
}

// Write sends a part.
func (p *pacedWriter) Write(part []byte) (int, error) {
	p.moved()
	_ = p.control.SetWriteDeadline(time.Now().Add(partTime)) // a connection that can't is closed by its own error
	return p.ResponseWriter.Write(part)
}

// Address is where the door is on this computer, with the port that it has.
func (o *Door) Address() string { return o.at }

// Close takes the room's share back. The last one closes the door.
func (o *Door) Close() {
	d := o.doors
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.all[o.address]
	if s == nil {
		return
	}
	s.users = slices.DeleteFunc(s.users, func(user *Door) bool { return user == o })
	if len(s.users) == 0 {
		_ = s.http.Close()
		delete(d.all, o.address)
	}
}

// Close closes all doors and waits for them.
func (d *Doors) Close() {
	d.mu.Lock()
	for address, s := range d.all {
		_ = s.http.Close()
		delete(d.all, address)
	}
	d.mu.Unlock()
	d.work.Wait()
}

// Trouble is why a door could not be opened, in words.
func Trouble(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	return err
}
