// The network between Maquette and the simulated services: it passes requests on, late, twice as slow, or not at all.

package soak_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// front stands before the simulated services and their bucket. Whatever it is asked for is decided by its fault.
type front struct {
	services, bucket *httptest.Server
	transport        *http.Transport
	targets          map[*httptest.Server]string

	mu       sync.Mutex
	held     int                     // requests that were taken and haven't arrived yet
	arrived  *sync.Cond              // on mu: one of them has
	fault    func(x *exchange) fault // nil passes everything
	accepted map[string]int          // answers that say yes to a paid request, by its mark
	asked    int
	gone     chan struct{} // closed when the front closes
}

// newFront puts a front before the addresses that a sandbox printed, and returns them as they are reached through it.
func newFront(t *testing.T, env map[string]string) (*front, map[string]string) {
	t.Helper()
	f := &front{
		transport: &http.Transport{MaxIdleConnsPerHost: 16, DisableCompression: true}, accepted: map[string]int{},
		targets: map[*httptest.Server]string{}, gone: make(chan struct{}),
	}
	f.arrived = sync.NewCond(&f.mu)
	f.services, f.bucket = f.serve(), f.serve()
	t.Cleanup(f.close)
	through := map[string]string{}
	for name, value := range env {
		through[name] = value
		for server, wanted := range map[*httptest.Server]bool{
			f.services: strings.HasSuffix(name, "_URL"), f.bucket: name == "MAQUETTE_BUCKET_ENDPOINT",
		} {
			if u, err := url.Parse(value); wanted && err == nil {
				f.targets[server] = u.Host
				through[name] = strings.Replace(value, u.Host, server.Listener.Addr().String(), 1)
			}
		}
	}
	return f, through
}

func (f *front) serve() *httptest.Server {
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { f.pass(server, w, r) }))
	return server
}

func (f *front) close() {
	close(f.gone)
	f.services.CloseClientConnections()
	f.bucket.CloseClientConnections()
	f.services.Close()
	f.bucket.Close()
	f.settle()
	f.transport.CloseIdleConnections()
}

// misbehave says from now on what becomes of each request.
func (f *front) misbehave(decide func(x *exchange) fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fault = decide
}

func (f *front) pass(server *httptest.Server, w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	x := &exchange{Request: r, front: f, target: f.targets[server], body: body, bucket: server == f.bucket}
	f.mu.Lock()
	f.asked++
	decide := passing
	if f.fault != nil {
		decide = f.fault(x)
	}
	f.mu.Unlock()
	decide.do(x, w)
}

// exchange is one request on its way.
type exchange struct {
	*http.Request
	front  *front
	target string
	body   []byte
	bucket bool
}

// answer is what came back of it.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// forward makes the request, whether anybody still waits for its answer or not; nil where the service is gone.
func (x *exchange) forward() *answer {
	request := x.Clone(context.WithoutCancel(x.Context()))
	request.RequestURI = ""
	request.URL.Scheme, request.URL.Host = "http", x.target
	request.Body = io.NopCloser(bytes.NewReader(x.body))
	request.ContentLength = int64(len(x.body))
	response, err := x.front.transport.RoundTrip(request)
	if err != nil {
		return nil
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil
	}
	a := &answer{response.StatusCode, response.Header, body}
	x.noteAccepted(a)
	return a
}

// later makes the request after a time, when its sender has long been told otherwise.
func (x *exchange) later(after time.Duration) {
	f := x.front
	f.mu.Lock()
	f.held++
	f.mu.Unlock()
	go func() {
		select {
		case <-time.After(after):
			x.forward()
		case <-f.gone:
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		f.held--
		f.arrived.Broadcast()
	}()
}

// settle waits until no request is on its way that was taken.
func (f *front) settle() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for f.held > 0 {
		f.arrived.Wait()
	}
}

var mark = regexp.MustCompile(`mark[0-9a-z]+`)

// noteAccepted counts the paid requests that a service said yes to. Bria's training isn't told apart here: its paid
// request names a model only.
func (x *exchange) noteAccepted(a *answer) {
	if x.Method != http.MethodPost || x.bucket || a.status > 299 || strings.Contains(x.URL.Path, "/tailored-gen/") {
		return
	}
	if found := mark.Find(x.body); found != nil {
		x.front.mu.Lock()
		defer x.front.mu.Unlock()
		x.front.accepted[string(found)]++
	}
}

var id = regexp.MustCompile(`/([0-9a-f-]{12,}|[0-9]+|[a-z]+_[0-9a-f]{6,})(\.[a-z0-9]+)?(/|$)`)

// endpoint names what was asked for, without the ids in it.
func (x *exchange) endpoint() string {
	path := x.URL.Path
	if x.bucket {
		return "bucket " + x.Method
	}
	for range 3 {
		path = id.ReplaceAllString(path, "/ID$2$3")
	}
	if strings.HasPrefix(path, "/assets/") {
		path = strings.Join(strings.SplitN(path, "/", 4)[:3], "/")
	}
	return x.Method + " " + path
}

// send answers as the service did.
func (a *answer) send(w http.ResponseWriter) {
	if a == nil {
		reset(w)
		return
	}
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

// reset ends the connection with a TCP reset.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	conn.Close()
}

// fromMaquette tells its requests from those of the services, which fetch photos.
func (x *exchange) fromMaquette() bool {
	agent := x.UserAgent()
	return strings.HasPrefix(agent, "Maquette") || strings.HasPrefix(agent, "MinIO")
}

var paidPaths = regexp.MustCompile(`/generations/image(/reframe)?$|/(dreambooth|image_gen|dreambooth_image_gen)$|/start_training$|/tailored/|/apiservices/v1/generate$`)

// paidEndpoint reports whether a request is one that is paid.
func paidEndpoint(x *exchange) bool {
	return x.Method == http.MethodPost && !x.bucket && paidPaths.MatchString(x.URL.Path)
}
