// Package sandbox simulates the paid services Maquette speaks to, strictly, behind their documented
// HTTP contracts, together with an S3-compatible bucket. Everything runs in this process on loopback.
//
// Strict: a request a service's document forbids is refused with the documented status and body.
// Alive: jobs queue, run and finish by the wall clock, also across a restart, and their results are
// real pictures and small valid models. Durable: an answer leaves only after its effect is on disk.
// It can be told to misbehave; see ParseFault.
//
// Each service is one simulation listed in services(); adding one is one file pair and one line there.
package sandbox

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/maquette-studio/maquette/providers/network"
)

// maxBody is more than any request's body, in bytes.
const maxBody = 128 << 20

// Config says where a sandbox keeps its state and how it behaves.
type Config struct {
	// Dir is the state folder, kept across restarts and created if missing. One sandbox at a time may use it.
	Dir string
	// Listen is the address the services are served on. When empty it is a loopback address, on the
	// port used last time if that is still free. Any other lets the computers that reach it in; see Open.
	Listen string
	// Faults are rules as ParseFault reads them.
	Faults []string
	// Pace stretches the time jobs take, and the minute of limits: 1, also meant by 0, is a few seconds a job.
	Pace float64
	// MaxEdge is how many pixels the longer edge of a result has at most, which keeps its shape: for those
	// who look at anything but the picture. 0 draws results as large as the services do.
	MaxEdge int
	// Known are pictures whose automatic captions say what they show; others are described by their colours.
	Known []Known
	// Now is the services' clock, by which jobs go, links end and answers are dated; nil means time.Now.
	Now func() time.Time
}

// Known is a picture that captions can name.
type Known struct {
	JPEG  []byte
	Shows string // what a caption goes on with after its prefix
}

// Bucket describes the S3-compatible bucket: all that a client needs to use it.
type Bucket struct {
	Endpoint  string // such as http://127.0.0.1:9000
	Region    string
	Name      string
	AccessKey string
	SecretKey string
	PublicURL string // always empty: objects are reached by presigned links only
}

// service is one simulated service.
type service interface {
	name() string
	base() string // path of its base URL
	variables() (url, key string)
	// open loads what is stored and resumes unfinished jobs.
	open(s *Sandbox) error
	// ServeHTTP sees paths relative to base and refuses requests without the key.
	http.Handler
	// asset draws or builds a result file. The path is relative to the service's assets.
	asset(path string) (file, bool)
	submissions() int
	// errorBody is the JSON body of an error the service has no more to say about.
	errorBody(status int) any
}

func services() []service {
	return []service{&dreamlook{}, &luma{}, &bria{}, &lucydream{}}
}

// connsMost is how many connections each listener has at once; one more closes
// the slowest.
const connsMost = 512

// Sandbox is a running set of simulated services.
type Sandbox struct {
	dir      string
	pace     float64
	maxEdge  int
	known    func() []knownPicture
	now      func() time.Time
	store    *store
	secret   []byte // signs links to results
	keys     keys
	services []service
	faults   *faults
	limits   limits
	fetcher  *fetcher
	bucket   *bucket
	listener net.Listener
	servers  []*http.Server

	ctx    context.Context
	cancel context.CancelFunc
	detach func() bool // ends the watch on Start's context
	mu     sync.Mutex
	closed bool
	work   sync.WaitGroup
	once   sync.Once
	err    error
}

// Start opens the state folder and serves until ctx ends or Close is called. It fails when the folder
// can't be used, is used by another sandbox, the address is taken, or a fault rule is wrong.
func Start(ctx context.Context, cfg Config) (*Sandbox, error) {
	rules, err := parseFaults(cfg.Faults)
	if err != nil {
		return nil, err
	}
	if cfg.Pace < 0 {
		return nil, fmt.Errorf("starting the sandbox: pace %v is negative", cfg.Pace)
	}
	if cfg.Pace == 0 {
		cfg.Pace = 1
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("starting the sandbox: %w", err)
	}
	st, err := openStore(filepath.Join(cfg.Dir, "sandbox.db"))
	if err != nil {
		return nil, fmt.Errorf("opening the sandbox's state in %s: %w", cfg.Dir, err)
	}
	s := &Sandbox{dir: cfg.Dir, pace: cfg.Pace, maxEdge: cfg.MaxEdge, now: cfg.Now, store: st, services: services(), faults: rules, fetcher: newFetcher()}
	s.known = sync.OnceValue(func() []knownPicture { return smallKnown(cfg.Known) })
	s.ctx, s.cancel = context.WithCancel(ctx)
	if err := s.open(cfg.Listen); err != nil {
		s.cancel()
		return nil, errors.Join(fmt.Errorf("starting the sandbox: %w", err), s.Close())
	}
	s.mu.Lock()
	s.detach = context.AfterFunc(ctx, func() { s.Close() })
	s.mu.Unlock()
	return s, nil
}

func (s *Sandbox) open(listen string) error {
	var err error
	if s.secret, err = s.store.secret("secret"); err != nil {
		return err
	}
	if err = s.openKeys(); err != nil {
		return err
	}
	if s.listener, err = s.listen("port", listen); err != nil {
		return err
	}
	if s.bucket, err = openBucket(s); err != nil {
		return err
	}
	for _, svc := range s.services {
		if err := svc.open(s); err != nil {
			return fmt.Errorf("opening %s: %w", svc.name(), err)
		}
	}
	name, _, _ := net.SplitHostPort(listen) // it was listened on, or is empty
	s.serve(s.bucket.listener, door{next: s.faulty("bucket", "", s.bucket)})
	s.serve(s.listener, door{name: name, open: s.Open(), next: s.routes()})
	return nil
}

// listen uses the given address, or else the port remembered under name when it is free.
func (s *Sandbox) listen(name, address string) (net.Listener, error) {
	if address != "" {
		return net.Listen("tcp", address)
	}
	var port int
	if _, err := s.store.get(metaBucket, name, &port); err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		l, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return nil, err
	}
	if err := s.store.put(metaBucket, name, l.Addr().(*net.TCPAddr).Port); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

func (s *Sandbox) routes() http.Handler {
	mux := http.NewServeMux()
	for _, svc := range s.services {
		mux.Handle(svc.base()+"/", s.faulty(svc.name(), svc.base(), http.StripPrefix(svc.base(), svc)))
	}
	mux.Handle("/assets/", s.faulty("assets", "/assets", http.StripPrefix("/assets", http.HandlerFunc(s.serveAsset))))
	mux.HandleFunc("GET /_sandbox/submissions", func(w http.ResponseWriter, _ *http.Request) {
		counts := map[string]int{}
		for _, svc := range s.services {
			counts[svc.name()] = svc.submissions()
		}
		answer(w, http.StatusOK, counts)
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { refuse(w, http.StatusNotFound, "Not Found") })
	return mux
}

func (s *Sandbox) serve(l net.Listener, h http.Handler) {
	srv := &http.Server{
		ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute, ConnState: network.NewCrowd(connsMost).State,
		BaseContext: func(net.Listener) context.Context { return s.ctx },
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !s.begin() {
				panic(http.ErrAbortHandler)
			}
			defer s.work.Done()
			w.Header().Set("Date", s.now().UTC().Format(http.TimeFormat))
			h.ServeHTTP(w, r)
			// What is left of a large body would break the connection before the client reads the answer.
			_, _ = io.CopyN(io.Discard, r.Body, maxBody)
		}),
	}
	s.servers = append(s.servers, srv)
	s.spawn(func(context.Context) { _ = srv.Serve(l) })
}

// begin counts one piece of work that Close waits for, unless the sandbox is closing.
func (s *Sandbox) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.work.Add(1)
	return true
}

// spawn runs do in a goroutine that Close stops and waits for.
func (s *Sandbox) spawn(do func(context.Context)) {
	if !s.begin() {
		return
	}
	go func() {
		defer s.work.Done()
		do(s.ctx)
	}()
}

// stamp is the time as it is stored: what is read back after a restart is the same to the last digit.
func (s *Sandbox) stamp() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// wait sleeps until the clock shows t; it reports false when the sandbox closes first.
func (s *Sandbox) wait(ctx context.Context, t time.Time) bool {
	timer := time.NewTimer(t.Sub(s.now()))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// URL is the base URL of a service, empty for an unknown one.
func (s *Sandbox) URL(service string) string {
	svc := s.service(service)
	if svc == nil {
		return ""
	}
	return "http://" + s.host() + svc.base()
}

// Open reports whether other computers can reach the services, because they were told to listen beyond loopback. The
// bucket never is reached by others.
func (s *Sandbox) Open() bool { return !s.listener.Addr().(*net.TCPAddr).IP.IsLoopback() }

// host is where the services are reached from this machine.
func (s *Sandbox) host() string {
	address := s.listener.Addr().(*net.TCPAddr)
	if address.IP.IsUnspecified() {
		return fmt.Sprintf("127.0.0.1:%d", address.Port)
	}
	return address.String()
}

// Key is the API key a service accepts, empty for an unknown service.
func (s *Sandbox) Key(service string) string { return s.keys.Services[service] }

// Bucket describes the bucket that is ready for use.
func (s *Sandbox) Bucket() Bucket { return s.bucket.about }

// Env lists, as NAME=value, what a program needs in its environment to use this sandbox.
func (s *Sandbox) Env() []string {
	var urls, keys []string
	for _, svc := range s.services {
		u, k := svc.variables()
		urls = append(urls, u+"="+s.URL(svc.name()))
		keys = append(keys, k+"="+s.Key(svc.name()))
	}
	b := s.bucket.about
	return slices.Concat(urls, keys, []string{
		"MAQUETTE_BUCKET_ENDPOINT=" + b.Endpoint,
		"MAQUETTE_BUCKET_REGION=" + b.Region,
		"MAQUETTE_BUCKET_NAME=" + b.Name,
		"MAQUETTE_BUCKET_ACCESS_KEY=" + b.AccessKey,
		"MAQUETTE_BUCKET_SECRET_KEY=" + b.SecretKey,
	})
}

// Submissions counts the paid submissions a service has ever accepted; dry runs don't count.
func (s *Sandbox) Submissions(service string) int {
	svc := s.service(service)
	if svc == nil {
		return 0
	}
	return svc.submissions()
}

// AddFault adds a rule to those in force.
func (s *Sandbox) AddFault(rule string) error {
	f, err := ParseFault(rule)
	if err != nil {
		return err
	}
	s.faults.add(f)
	return nil
}

// Close stops everything and returns when no goroutine is left. It may be called more than once.
func (s *Sandbox) Close() error {
	s.once.Do(func() {
		s.mu.Lock()
		s.closed = true
		if s.detach != nil {
			s.detach()
		}
		s.mu.Unlock()
		s.cancel()
		for _, srv := range s.servers {
			s.err = errors.Join(s.err, srv.Close())
		}
		if s.listener != nil {
			s.listener.Close()
		}
		s.work.Wait()
		if s.bucket != nil {
			s.err = errors.Join(s.err, s.bucket.close())
		}
		s.err = errors.Join(s.err, s.store.close())
	})
	return s.err
}

func (s *Sandbox) service(name string) service { return serviceNamed(s.services, name) }

// serviceNamed finds a service; nil when there is none of that name.
func serviceNamed(all []service, name string) service {
	for _, svc := range all {
		if svc.name() == name {
			return svc
		}
	}
	return nil
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return b
}
