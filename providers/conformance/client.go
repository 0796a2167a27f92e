package conformance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/providers"
)

// Probe is one call that a service's client makes.
type Probe struct {
	// Call makes the request, without steps around it.
	Call func(ctx context.Context, conn providers.Conn) error
	// Answer is a body that Call accepts.
	Answer string
	// Status is the answer's status; 0 means 200.
	Status int
	// Repeatable says that Call only reads, so that trouble may be asked
	// again. Any other call must be made exactly once.
	Repeatable bool
}

// ProbeOf is the call that an example of the calling package makes, with its
// one answer.
func ProbeOf(t *testing.T, service providers.Service, example string) Probe {
	t.Helper()
	examples, err := Examples("testdata/contract")
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(examples, func(e Example) bool { return e.Name == example })
	if at < 0 || len(examples[at].Exchanges) != 1 {
		t.Fatalf("there is no testdata/contract/%s.json with one exchange", example)
	}
	only := examples[at].Exchanges[0]
	return Probe{
		Answer: string(only.Answer), Status: only.Status, Repeatable: strings.HasPrefix(only.Request, http.MethodGet),
		Call: func(ctx context.Context, conn providers.Conn) error {
			_, err := Ask(ctx, t, service, examples[at].Offer, examples[at].Values, conn)
			return err
		},
	}
}

const (
	probeKey   = "key-not-for-anyones-eyes"
	readTries  = 4
	writeTries = 1
)

// misbehaviour is what a server does, and what the failure must say then.
type misbehaviour struct {
	name    string
	answer  http.HandlerFunc
	kind    providers.FailureKind
	outcome providers.Outcome
	garbled bool
	says    string        // part of the service's own words
	after   time.Duration // the failure's RetryAfter
	again   bool          // trouble that a read asks again
}

// Client runs a call against servers that answer well, badly or not at all,
// and checks that its failures tell the truth and no secrets.
func Client(t *testing.T, probe Probe) {
	t.Helper()
	t.Run("success", func(t *testing.T) {
		t.Parallel()
		server := newServer(t, probe.succeed)
		if err := probe.Call(t.Context(), server.conn()); err != nil {
			t.Fatalf("a good answer failed: %v", err)
		}
		if server.count() != 1 {
			t.Errorf("%d requests were made for one call", server.count())
		}
	})
	for _, bad := range misbehaviours(probe) {
		t.Run(bad.name, func(t *testing.T) {
			t.Parallel()
			misbehave(t, probe, bad)
		})
	}
	t.Run("no server", func(t *testing.T) { t.Parallel(); noServer(t, probe) })
	t.Run("slow", func(t *testing.T) { t.Parallel(); stopped(t, probe, context.DeadlineExceeded) })
	t.Run("cancelled", func(t *testing.T) { t.Parallel(); stopped(t, probe, context.Canceled) })
	t.Run("cancelled before", func(t *testing.T) { t.Parallel(); cancelledBefore(t, probe) })
	t.Run("redirect to another host", func(t *testing.T) { t.Parallel(); otherHost(t, probe) })
	t.Run("redirect within the host", func(t *testing.T) { t.Parallel(); sameHost(t, probe) })
}

func misbehaviours(probe Probe) []misbehaviour {
	refused := func(kind providers.FailureKind, name string, status int, body, says string) misbehaviour {
		return misbehaviour{name: name, answer: answering(status, body), kind: kind, outcome: providers.Refused, says: says}
	}
	trouble := func(name string, answer http.HandlerFunc) misbehaviour {
		return misbehaviour{name: name, answer: answer, kind: providers.ServiceTrouble, outcome: providers.Unclear, again: true}
	}
	garbled := func(name string, answer http.HandlerFunc, says string) misbehaviour {
		return misbehaviour{name: name, answer: answer, kind: providers.ServiceTrouble, outcome: providers.Unclear, garbled: true, says: says}
	}
	status := max(probe.Status, http.StatusOK)
	return []misbehaviour{
		refused(providers.BadKey, "401", 401, `{"detail":"no such key: `+probeKey+`"}`, "no such key"),
		refused(providers.NoCredit, "402", 402, `{"detail":"pay first"}`, "pay first"),
		refused(providers.NoCredit, "403 about credit", 403, `{"detail":"Not enough credits in your balance"}`, "Not enough credits"),
		refused(providers.NotFound, "404", 404, `{"detail":"not found"}`, "not found"),
		refused(providers.InvalidInput, "400", 400, `{"detail":"no"}`, "no"),
		refused(providers.InvalidInput, "409", 409, `{"detail":"already there"}`, "already there"),
		refused(providers.InvalidInput, "422 with a list", 422, `{"detail":[{"loc":["body","prompt"],"msg":"too short","type":"x"}]}`, "too short"),
		refused(providers.RefusedContent, "400 about content", 400, `{"detail":"failed to moderate prompt"}`, "moderate"),
		refused(providers.InvalidInput, "418 as a web page", 418, `<html><head><title>A teapot</title></head><body>secret</body></html>`, "A teapot"),
		{
			name: "429 with Retry-After", kind: providers.RateLimited, outcome: providers.Refused, after: 7 * time.Second,
			answer: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", "7")
				w.WriteHeader(http.StatusTooManyRequests)
			},
		},
		trouble("408", answering(408, `{}`)),
		trouble("500", answering(500, `{"detail":"boom"}`)),
		trouble("503 as a web page", answering(503, `<html><title>Down</title></html>`)),
		trouble("reset", reset),
		garbled("web page", answering(status, `<html><head><title>Log in</title></head></html>`), "Log in"),
		garbled("null", answering(status, `null`), "null"),
		garbled("wrong type", answering(status, `["a list"]`), "a list"),
		garbled("empty body", answering(status, ``), ""),
		garbled("cut body", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(len(probe.Answer)+100))
			w.WriteHeader(status)
			_, _ = io.WriteString(w, probe.Answer)
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}, ""),
		garbled("endless body", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			for chunk := strings.Repeat("a", 64<<10); ; {
				if _, err := io.WriteString(w, chunk); err != nil {
					return
				}
			}
		}, "aaaa"),
	}
}

func misbehave(t *testing.T, probe Probe, bad misbehaviour) {
	server := newServer(t, bad.answer)
	failure := wantFailure(t, probe.Call(t.Context(), server.conn()))
	if failure.Kind != bad.kind || failure.Outcome != bad.outcome || failure.Garbled != bad.garbled {
		t.Errorf("got kind %q, outcome %q, garbled %v; want %q, %q, %v (%v)",
			failure.Kind, failure.Outcome, failure.Garbled, bad.kind, bad.outcome, bad.garbled, failure)
	}
	if !strings.Contains(failure.Service, bad.says) {
		t.Errorf("the service said %q; want %q in it", failure.Service, bad.says)
	}
	if failure.RetryAfter != bad.after {
		t.Errorf("retry after %v, want %v", failure.RetryAfter, bad.after)
	}
	tries := writeTries
	if probe.Repeatable && bad.again {
		tries = readTries
	}
	if server.count() != tries {
		t.Errorf("%d requests were made, want %d", server.count(), tries)
	}
}

// wantFailure checks what every failure must have, and must not show.
func wantFailure(t testing.TB, err error) *providers.Failure {
	t.Helper()
	failure := WantFailure(t, err)
	if failure.Kind == "" || failure.Message.IsZero() || failure.Outcome == "" {
		t.Errorf("the failure lacks its kind, message or outcome: %+v", *failure)
	}
	shown := failure.Error() + failure.Message.String() + failure.Advice.String() + failure.Service
	for _, secret := range []string{probeKey, "Bearer"} {
		if strings.Contains(shown, secret) {
			t.Errorf("the failure shows %q: %s", secret, shown)
		}
	}
	if len([]rune(failure.Service)) > 310 {
		t.Errorf("the service's words have %d characters", len([]rune(failure.Service)))
	}
	return failure
}

func noServer(t *testing.T, probe Probe) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	failure := wantFailure(t, probe.Call(t.Context(), providers.Conn{BaseURL: "http://" + address, Key: probeKey}))
	if failure.Kind != providers.NoNetwork || failure.Outcome != providers.NotSent {
		t.Errorf("got kind %q, outcome %q; want %q, %q", failure.Kind, failure.Outcome, providers.NoNetwork, providers.NotSent)
	}
}

// ending is a context that ends by hand, for whatever reason.
type ending struct {
	context.Context
	why  error
	done chan struct{}
}

func (e ending) Done() <-chan struct{} { return e.done }

func (e ending) Err() error {
	select {
	case <-e.done:
		return e.why
	default:
		return e.Context.Err()
	}
}

// stopped ends the context once the request is at the server.
func stopped(t *testing.T, probe Probe, why error) {
	ctx := ending{t.Context(), why, make(chan struct{})}
	end := sync.OnceFunc(func() { close(ctx.done) })
	defer end()
	server := newServer(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body) // only then is the client's leaving noticed
		end()
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	})
	failure := wantFailure(t, probe.Call(ctx, server.conn()))
	if !errors.Is(failure, why) || failure.Outcome != providers.Unclear {
		t.Errorf("got %v with outcome %q; want %v wrapped, outcome %q", failure.Cause, failure.Outcome, why, providers.Unclear)
	}
}

func cancelledBefore(t *testing.T, probe Probe) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	server := newServer(t, probe.succeed)
	failure := wantFailure(t, probe.Call(ctx, server.conn()))
	if !errors.Is(failure, context.Canceled) || failure.Outcome != providers.NotSent {
		t.Errorf("got %v with outcome %q; want a cancelled request that was not sent", failure.Cause, failure.Outcome)
	}
	if server.count() != 0 {
		t.Error("a cancelled request was sent")
	}
}

func otherHost(t *testing.T, probe Probe) {
	other := newServer(t, probe.succeed)
	server := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		redirect(w, other.url+r.URL.Path)
	})
	failure := wantFailure(t, probe.Call(t.Context(), server.conn()))
	if failure.Outcome != providers.Refused {
		t.Errorf("outcome %q, want %q", failure.Outcome, providers.Refused)
	}
	if other.count() != 0 {
		t.Error("the request was sent to another host")
	}
}

func sameHost(t *testing.T, probe Probe) {
	var first, second sent
	server := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/moved/") {
			first = read(r)
			redirect(w, "/moved"+r.URL.RequestURI())
			return
		}
		second = read(r)
		probe.succeed(w, r)
	})
	if err := probe.Call(t.Context(), server.conn()); err != nil {
		t.Fatalf("the redirect was not followed: %v", err)
	}
	if first != second {
		t.Errorf("%+v became %+v on its way", first, second)
	}
	if first.auth == "" {
		t.Error("the key was not sent")
	}
}

func redirect(w http.ResponseWriter, to string) {
	w.Header().Set("Location", to)
	w.WriteHeader(http.StatusTemporaryRedirect)
}

type sent struct{ method, body, query, contentType, auth string }

func read(r *http.Request) sent {
	body, _ := io.ReadAll(r.Body)
	var auth strings.Builder
	for _, values := range r.Header {
		for _, value := range values {
			if strings.Contains(value, probeKey) {
				auth.WriteString(value)
			}
		}
	}
	return sent{r.Method, string(body), r.URL.RawQuery, r.Header.Get("Content-Type"), auth.String()}
}

func (p Probe) succeed(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(max(p.Status, http.StatusOK))
	_, _ = io.WriteString(w, p.Answer)
}

func answering(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// reset breaks the connection once the request was read.
func reset(w http.ResponseWriter, r *http.Request) {
	_, _ = io.ReadAll(r.Body)
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// server counts the requests it gets.
type server struct {
	url    string
	client *http.Client

	mu       sync.Mutex
	requests int
}

func newServer(t *testing.T, answer http.HandlerFunc) *server {
	s := &server{}
	listening := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests++
		s.mu.Unlock()
		answer(w, r)
	}))
	transport := &http.Transport{}
	s.url, s.client = listening.URL, &http.Client{Transport: transport}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		listening.Close()
	})
	return s
}

func (s *server) conn() providers.Conn {
	return providers.Conn{BaseURL: s.url, Key: probeKey, HTTP: s.client}
}

func (s *server) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}
