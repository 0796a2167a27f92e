// What the tests share: a service that answers from files, and durable steps
// that only note what was asked of them.

package dreamlook_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/dreamlook"
	"github.com/maquette-studio/maquette/providers/httpapi"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		httpapi.CloseIdleConnections()
		os.Exit(code)
	}))
}

const (
	trainID    = "dreamlook/dreambooth"
	generateID = "dreamlook/image_gen"
	bothID     = "dreamlook/dreambooth_image_gen"
)

// fake answers each route ("GET /jobs/dreambooth") with its bodies in turn,
// the last one again and again, and any other with 404.
type fake struct {
	mu     sync.Mutex
	routes map[string][]string
	bodies map[string]string // what was posted
}

func serve(t *testing.T, routes map[string][]string) (*fake, providers.Conn) {
	t.Helper()
	f := &fake{routes: routes, bodies: map[string]string{}}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	return f, providers.Conn{BaseURL: server.URL, Key: "dl-test"}
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	route := r.Method + " " + r.URL.Path
	body, _ := io.ReadAll(r.Body)
	f.bodies[route] = string(body)
	answers := f.routes[route]
	if len(answers) == 0 {
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `{"detail":"Not Found"}`)
		return
	}
	if len(answers) > 1 {
		f.routes[route] = answers[1:]
	}
	_, _ = io.WriteString(w, answers[0])
}

// notes are steps that happen at once and are written down.
type notes struct {
	statuses []providers.Status
	hosted   map[string]string // captions and the like, by name
	kept     map[string]providers.Result
	order    []string // the steps' names as they came
	models   []providers.Model
	paid     int
	find     providers.Find // of the paid request
	refuse   map[string]error
}

func newNotes() *notes {
	return &notes{hosted: map[string]string{}, kept: map[string]providers.Result{}, refuse: map[string]error{}}
}

func (n *notes) Image(context.Context, string) (providers.Photo, error) {
	return providers.Photo{}, errors.New("no task of dreamlook.ai takes an image")
}

func (n *notes) Host(_ context.Context, photo providers.Photo) (string, error) {
	return photo.URL, nil
}

func (n *notes) HostFile(_ context.Context, name, ext string, content []byte) (string, error) {
	n.hosted[name] = string(content)
	return "https://photos.test/" + name + "." + ext, nil
}

func (n *notes) Once(ctx context.Context, _ string, find providers.Find, create providers.Create) (providers.Receipt, error) {
	n.paid, n.find = n.paid+1, find
	return create(ctx)
}

func (n *notes) Ensure(ctx context.Context, _ string, _ providers.Find, create providers.Create) (providers.Receipt, error) {
	return create(ctx)
}

func (n *notes) Agree(ctx context.Context, _ string, look func(context.Context) (providers.Doubt, error)) error {
	_, err := look(ctx)
	return err
}

func (n *notes) Step(ctx context.Context, _ string, do providers.Create) (providers.Receipt, error) {
	return do(ctx)
}

func (n *notes) Watch(ctx context.Context, _ providers.Pace, poll func(context.Context) (providers.Status, error)) error {
	for range 20 {
		status, err := poll(ctx)
		if err != nil {
			return err
		}
		n.Report(status)
		if status.Done {
			return nil
		}
	}
	return errors.New("the job never ended")
}

func (n *notes) Report(status providers.Status) { n.statuses = append(n.statuses, status) }

func (n *notes) Keep(_ context.Context, step string, result providers.Result) (string, error) {
	n.order = append(n.order, step)
	n.kept[result.RemoteID] = result
	return step, n.refuse[step]
}

func (n *notes) KeepModel(_ context.Context, model providers.Model) error {
	n.models = append(n.models, model)
	return n.refuse[model.RemoteID]
}

func (n *notes) InBucket(context.Context, string) (providers.Object, bool, error) {
	return providers.Object{}, false, nil
}

// twoPhotos are on the web already, so that hosting changes nothing.
func twoPhotos() []providers.Photo {
	return []providers.Photo{{Name: "a", URL: "https://photos.test/a.jpg"}, {Name: "b", URL: "https://photos.test/b.jpg"}}
}

func perform(t *testing.T, id string, raw map[string]any, photos []providers.Photo, conn providers.Conn, steps providers.Steps) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	return conformance.Perform(ctx, t, dreamlook.Service(), id, raw, providers.Run{Job: "1", Photos: photos, Conn: conn, Steps: steps})
}

// answerOf is the last answer of an example, such as the documents' job.
func answerOf(t *testing.T, name string) string {
	t.Helper()
	examples, err := conformance.Examples("testdata/contract")
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(examples, func(e conformance.Example) bool { return e.Name == name })
	if at < 0 {
		t.Fatalf("there is no example %s", name)
	}
	exchanges := examples[at].Exchanges
	return string(exchanges[len(exchanges)-1].Answer)
}

func file(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
