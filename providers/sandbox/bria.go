// Bria's tailored generation: projects, datasets, models, and pictures made with them.
// Source: Bria API docs, "Tailored Generation". Here are its routes, errors and ids; bria_*.go hold the rest.

package sandbox

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	briaProjects    = "bria projects"
	briaDatasets    = "bria datasets"
	briaPictures    = "bria pictures" // an uploaded image and its thumbnail
	briaModels      = "bria models"
	briaLooks       = "bria looks" // model id → what its training pictures look like
	briaGenerations = "bria generations"
	briaReferences  = "bria references" // generation → the pictures that guide it

	// Ids count up from these, so that they are told apart at a glance.
	briaFirstProject = 101
	briaFirstDataset = 401
	briaFirstModel   = 701
	briaFirstImage   = 10_001

	// maxBriaRequest has room for five images of 12 MB in base64, in bytes.
	maxBriaRequest = 100 << 20
)

type bria struct {
	s   *Sandbox
	mux *http.ServeMux

	mu          sync.Mutex
	projects    []*briaProject // each in order of creation; deleted ones stay, marked
	datasets    []*briaDataset
	models      []*briaModel
	generations []*briaGeneration
	nextImage   int
}

func (b *bria) name() string                { return "bria" }
func (b *bria) base() string                { return "/bria/v1" }
func (b *bria) variables() (string, string) { return "MAQUETTE_BRIA_URL", "BRIA_API_TOKEN" }

func (b *bria) open(s *Sandbox) error {
	b.s, b.nextImage = s, briaFirstImage
	err := errors.Join(
		eachRecord(s.store, briaProjects, func(p briaProject) { b.projects = append(b.projects, &p) }),
		eachRecord(s.store, briaDatasets, func(d briaDataset) {
			b.datasets = append(b.datasets, &d)
			for _, img := range d.Images {
				b.nextImage = max(b.nextImage, img.ID+1)
			}
		}),
		eachRecord(s.store, briaModels, func(m briaModel) { b.models = append(b.models, &m) }),
		eachRecord(s.store, briaGenerations, func(g briaGeneration) { b.generations = append(b.generations, &g) }),
	)
	b.mux = http.NewServeMux()
	b.routeProjects()
	b.routeDatasets()
	b.routeImages()
	b.routeModels()
	b.routeGeneration()
	return err
}

// submissions counts what is paid for: trainings started and generations.
func (b *bria) submissions() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := len(b.generations)
	for _, m := range b.models {
		if !m.Started.IsZero() {
			n++
		}
	}
	return n
}

func (b *bria) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("api_token") != b.s.Key(b.name()) {
		answer(w, http.StatusUnauthorized, map[string]string{"message": "Unauthorized"})
		return
	}
	if _, pattern := b.mux.Handler(r); pattern != "" {
		b.mux.ServeHTTP(w, r)
		return
	}
	refused := record(r, b.mux) // 404, or 405 with the methods allowed
	if allow := refused.header.Get("Allow"); allow != "" {
		w.Header().Set("Allow", allow)
	}
	answer(w, refused.status, map[string]string{"message": http.StatusText(refused.status)})
}

// briaHandler answers a request: a status and a body, nil for none, or an error, best a briaRefusal.
type briaHandler func(r *http.Request) (status int, body any, err error)

func (b *bria) route(pattern string, do briaHandler) {
	b.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		status, body, err := do(r)
		var refused briaRefusal
		switch {
		case errors.As(err, &refused):
			answer(w, refused.status, refused.body)
		case err != nil:
			answer(w, http.StatusInternalServerError, "Internal server error: "+err.Error())
		case body == nil:
			w.WriteHeader(status)
		default:
			answer(w, status, body)
		}
	})
}

// briaRefusal is an error Bria answers with, in one of four shapes: of a message, of an error object, of an
// error text, or of a bare JSON string.
type briaRefusal struct {
	status int
	body   any
}

func (r briaRefusal) Error() string { return fmt.Sprintf("status %d: %v", r.status, r.body) }

// briaMessage is the shape of what conflicts or is not there.
func briaMessage(status int, text string) error {
	return briaRefusal{status, map[string]string{"message": text}}
}

// briaText is the shape of what is wrong with an uploaded image.
func briaText(status int, text string) error { return briaRefusal{status, text} }

// briaError is the shape of what is wrong with a generation's request.
func briaError(status int, text string) error {
	return briaRefusal{status, map[string]string{"error": text}}
}

// briaInvalid is the shape of what is wrong with other requests.
func briaInvalid(f *form) error {
	return briaRefusal{http.StatusBadRequest, briaErrorObject(http.StatusBadRequest, "Bad request - validation error", f.sentences())}
}

func briaErrorObject(status int, message string, details any) any {
	return map[string]any{"error": map[string]any{"code": status, "message": message, "details": details}}
}

// errorBody takes a different shape a status.
func (b *bria) errorBody(status int) any {
	switch status {
	case http.StatusTooManyRequests:
		return map[string]string{"message": "Request limit exceeded. Your account has reached its maximum allowed requests. Please upgrade your plan or try again later."}
	case http.StatusForbidden:
		return map[string]string{"error": "Your plan does not include this operation"}
	case http.StatusInternalServerError:
		return "Internal server error"
	}
	return briaErrorObject(status, http.StatusText(status), nil)
}

// sentences puts a form's problems into words, each after its field.
func (f *form) sentences() []string {
	all := make([]string, len(*f.problems))
	for i, p := range *f.problems {
		var at []string
		for _, step := range p.Loc[1:] { // the first is always "body"
			if text := fmt.Sprint(step); text != "" {
				at = append(at, text)
			}
		}
		all[i] = p.Msg
		if len(at) > 0 {
			all[i] = strings.Join(at, ".") + ": " + p.Msg
		}
	}
	return all
}

// readBria reads a request's JSON object.
func readBria(r *http.Request) (*form, error) {
	f := readFormUpTo(r, maxBriaRequest)
	if f.fields == nil {
		return nil, briaInvalid(f)
	}
	return f, nil
}

// checked refuses what a form collected, unknown fields included.
func (f *form) checked() error {
	f.only()
	if !f.ok() {
		return briaInvalid(f)
	}
	return nil
}

// pathNumber reads an id from the path; -1, which no record has, when it is no number.
func pathNumber(r *http.Request, name string) int {
	n, err := strconv.Atoi(r.PathValue(name))
	if err != nil {
		return -1
	}
	return n
}

// change alters a record on disk and then in memory. What a record's slices hold must not be written to.
func change[T any](s *store, bucket string, id int, record *T, do func(*T)) error {
	changed := *record
	do(&changed)
	if err := s.putNumbered(bucket, id, changed); err != nil {
		return err
	}
	*record = changed
	return nil
}

// briaTime is how Bria writes times.
func briaTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// soon is the time a job of this length ends when it starts now.
func (b *bria) soon(d time.Duration) time.Time {
	return b.s.stamp().Add(time.Duration(float64(d) * b.s.pace))
}
