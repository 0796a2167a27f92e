// Luma's Dream Machine image API. Source: Luma's "Image Generation" guide and OpenAPI description.

package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"
)

const (
	lumaMaxConcurrent = 40
	lumaMaxPerMinute  = 80
	// lumaFirstBalance is what a new account holds, in US cents.
	lumaFirstBalance = 10_000.0
	lumaLinkValid    = time.Hour
	lumaJobs         = "luma generations"
	lumaInfluences   = "luma references"
)

// lumaModels maps a requested model to the version answers name and to the price of an image in US cents.
var lumaModels = map[string]struct {
	version string
	cents   float64
}{
	"photon-1":       {"photon-v1.0", 1.5},
	"photon-flash-1": {"photon-flash-v1.0", 0.4},
}

type luma struct {
	s       *Sandbox
	mux     *http.ServeMux
	balance float64 // before any generation, in US cents

	mu   sync.Mutex
	jobs []*lumaJob // in order of creation
	byID map[string]*lumaJob
}

// lumaJob is one generation as stored.
type lumaJob struct {
	ID      string      `json:"id"`
	Number  int         `json:"number"`
	Request lumaRequest `json:"request"`
	Cents   float64     `json:"cents"`
	Deleted bool        `json:"deleted"`
	Called  int         `json:"called"` // callbacks sent: dreaming, then the end
	timeline
}

func (l *luma) name() string { return "luma" }
func (l *luma) base() string { return "/luma/dream-machine/v1" }

func (l *luma) variables() (string, string) { return "MAQUETTE_LUMA_URL", "LUMAAI_API_KEY" }

func (l *luma) open(s *Sandbox) error {
	l.s, l.balance, l.byID = s, lumaFirstBalance, map[string]*lumaJob{}
	err := eachRecord(s.store, lumaJobs, func(j lumaJob) {
		l.jobs = append(l.jobs, &j)
		l.byID[j.ID] = &j
	})
	if err != nil {
		return err
	}
	l.mux = http.NewServeMux()
	l.mux.HandleFunc("GET /ping", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]string{"message": "pong"})
	})
	l.mux.HandleFunc("GET /credits", l.credits)
	l.mux.HandleFunc("POST /generations/image", l.create(readLumaImage))
	l.mux.HandleFunc("POST /generations/image/reframe", l.create(readLumaReframe))
	l.mux.HandleFunc("GET /generations", l.list)
	l.mux.HandleFunc("GET /generations/{id}", l.read)
	l.mux.HandleFunc("DELETE /generations/{id}", l.remove)
	l.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { refuse(w, http.StatusNotFound, "Not Found") })
	for _, j := range l.jobs {
		l.follow(*j)
	}
	return nil
}

func (l *luma) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	bearer(l.s.Key(l.name()), l.mux).ServeHTTP(w, r)
}

func (l *luma) errorBody(status int) any { return map[string]string{"detail": http.StatusText(status)} }

func (l *luma) submissions() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.jobs)
}

// left is the balance now: a generation that failed is refunded. l.mu is held.
func (l *luma) left() float64 {
	now, left := l.s.now(), l.balance
	for _, j := range l.jobs {
		if j.phase(now) != finished || j.Failure == "" {
			left -= j.Cents
		}
	}
	return left
}

// unfinished counts the generations that are queued or dreaming. l.mu is held.
func (l *luma) unfinished() int {
	now, n := l.s.now(), 0
	for _, j := range l.jobs {
		if !j.Deleted && j.phase(now) != finished {
			n++
		}
	}
	return n
}

// untilNext is how long no create is taken, because the last minute saw as many as it may. The minute is as
// long as the jobs' pace makes it. l.mu is held.
func (l *luma) untilNext() time.Duration {
	n := len(l.jobs)
	if n < lumaMaxPerMinute {
		return 0
	}
	minute := time.Duration(float64(time.Minute) * l.s.pace)
	return l.jobs[n-lumaMaxPerMinute].Created.Add(minute).Sub(l.s.now())
}

func (l *luma) credits(w http.ResponseWriter, _ *http.Request) {
	l.mu.Lock()
	left := l.left()
	l.mu.Unlock()
	answer(w, http.StatusOK, map[string]float64{"credit_balance": left})
}

func (l *luma) create(readRequest func(*form) lumaRequest) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f := readForm(r)
		if f.fields == nil {
			refuse(w, http.StatusBadRequest, (*f.problems)[0].Msg)
			return
		}
		request := readRequest(f)
		f.only()
		if !f.ok() {
			refuse(w, http.StatusBadRequest, *f.problems)
			return
		}
		j, err := l.accept(request)
		switch {
		case errors.Is(err, errTooMany):
			w.Header().Set("Retry-After", "1")
			refuse(w, http.StatusTooManyRequests, err.Error())
		case errors.Is(err, errTooFast):
			l.mu.Lock()
			wait := l.untilNext()
			l.mu.Unlock()
			w.Header().Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(wait.Seconds())))))
			refuse(w, http.StatusTooManyRequests, err.Error())
		case errors.Is(err, errNoCredits):
			refuse(w, http.StatusBadRequest, err.Error())
		case err != nil:
			troubled(w, err)
		default:
			answer(w, http.StatusCreated, l.generation(j, l.s.site(r)))
		}
	}
}

var (
	errTooMany   = errors.New("Too many concurrent generations, the limit is 40") //nolint:staticcheck // the service's own words
	errTooFast   = errors.New("Too many requests, the limit is 80 per minute")    //nolint:staticcheck // the service's own words
	errNoCredits = errors.New("Insufficient credits")                             //nolint:staticcheck // the service's own words
)

// accept charges and stores a new generation.
func (l *luma) accept(request lumaRequest) (lumaJob, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	cents := lumaModels[request.Model].cents
	switch {
	case l.untilNext() > 0:
		return lumaJob{}, errTooFast
	case l.unfinished() >= lumaMaxConcurrent:
		return lumaJob{}, errTooMany
	case l.left() < cents:
		return lumaJob{}, errNoCredits
	}
	j := &lumaJob{ID: uuid.NewString(), Number: len(l.jobs), Request: request, Cents: cents}
	j.timeline = newTimeline(j.ID, l.s.stamp(), l.s.pace)
	if forbidden(request.promptText()) {
		j.Failure = "400: failed to moderate prompt"
	}
	if err := l.s.store.putNumbered(lumaJobs, j.Number, j); err != nil {
		return lumaJob{}, err
	}
	l.jobs = append(l.jobs, j)
	l.byID[j.ID] = j
	l.follow(*j)
	return *j, nil
}

// update changes a stored job.
func (l *luma) update(id string, change func(*lumaJob)) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	j := l.byID[id]
	changed := *j
	change(&changed)
	if err := l.s.store.putNumbered(lumaJobs, j.Number, changed); err != nil {
		return err
	}
	*j = changed
	return nil
}

// snapshot finds a job that was not deleted.
func (l *luma) snapshot(id string) (lumaJob, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	j := l.byID[id]
	if j == nil || j.Deleted {
		return lumaJob{}, false
	}
	return *j, true
}

func (l *luma) read(w http.ResponseWriter, r *http.Request) {
	j, found := l.snapshot(r.PathValue("id"))
	if !found {
		refuse(w, http.StatusNotFound, "Generation not found")
		return
	}
	answer(w, http.StatusOK, l.generation(j, l.s.site(r)))
}

func (l *luma) remove(w http.ResponseWriter, r *http.Request) {
	j, found := l.snapshot(r.PathValue("id"))
	if !found {
		refuse(w, http.StatusNotFound, "Generation not found")
		return
	}
	if err := l.update(j.ID, func(j *lumaJob) { j.Deleted = true }); err != nil {
		troubled(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (l *luma) list(w http.ResponseWriter, r *http.Request) {
	f := queryForm(r, "limit", "offset")
	limit, offset := max(0, or(f.anyInteger("limit"), 100)), max(0, or(f.anyInteger("offset"), 0))
	if !f.ok() {
		refuse(w, http.StatusBadRequest, *f.problems)
		return
	}
	l.mu.Lock()
	var page []lumaJob
	more, skipped := false, 0
	for _, j := range slices.Backward(l.jobs) {
		switch {
		case j.Deleted:
			continue
		case skipped < offset:
			skipped++
			continue
		case len(page) == limit:
			more = true
		}
		if more {
			break
		}
		page = append(page, *j)
	}
	l.mu.Unlock()
	generations := make([]lumaGeneration, 0, len(page))
	for _, j := range page {
		generations = append(generations, l.generation(j, l.s.site(r)))
	}
	answer(w, http.StatusOK, map[string]any{
		"has_more": more, "count": len(page), "limit": limit, "offset": offset, "generations": generations,
	})
}

// follow fetches a new generation's references and meanwhile sends its callbacks; after a restart it goes on
// from there.
func (l *luma) follow(j lumaJob) {
	if j.Deleted || (!j.Ready.IsZero() && (j.Request.CallbackURL == nil || j.Called == 2)) {
		return
	}
	ready := make(chan struct{})
	l.s.spawn(func(ctx context.Context) {
		l.prepare(ctx, j.ID)
		close(ready)
	})
	if j.Request.CallbackURL == nil {
		return
	}
	l.s.spawn(func(ctx context.Context) {
		if j.Called == 0 && !l.callBack(ctx, j.ID, 0, j.starts()) {
			return
		}
		select {
		case <-ready:
		case <-ctx.Done():
			return
		}
		if j, found := l.snapshot(j.ID); found && !j.Ready.IsZero() {
			l.callBack(ctx, j.ID, 1, j.ends())
		}
	})
}

// callBack posts a generation as it is at a moment; it reports whether it may go on with the next.
func (l *luma) callBack(ctx context.Context, id string, sent int, at time.Time) bool {
	if !l.s.wait(ctx, at) {
		return false
	}
	j, found := l.snapshot(id)
	if !found {
		return false
	}
	body, _ := json.Marshal(l.generation(j, l.s.ownSite())) // plain data always marshals
	l.s.fetcher.post(ctx, *j.Request.CallbackURL, body, 4, 100*time.Millisecond)
	return ctx.Err() == nil && l.update(id, func(j *lumaJob) { j.Called = sent + 1 }) == nil
}

// queryForm reads whole-number query parameters with the same checks as fields.
func queryForm(r *http.Request, names ...string) *form {
	f := &form{at: []any{"query"}, fields: map[string]any{}, problems: &[]problem{}, seen: map[string]bool{}}
	for _, name := range names {
		if v := r.URL.Query().Get(name); v != "" {
			f.fields[name] = json.Number(v)
			if _, err := strconv.Atoi(v); err != nil {
				f.fields[name] = v
			}
		}
	}
	return f
}
