// What the tests of the room have in common: a database, the sandbox's Bria or
// a service that answers as a test says, and photos.

package remote_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/maquette-studio/maquette/app/consent"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/app/remote"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/bria"
	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/sandbox"
	"github.com/maquette-studio/maquette/storage"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is the sandbox and the database of a room that uses it.
type world struct {
	*sandbox.Sandbox
	t       *testing.T
	conn    providers.Conn
	service *providers.Service
	db      string
	files   map[string][]byte // by reference: what the room's photos refer to
}

// square is a picture that Bria takes.
var square = sync.OnceValue(func() []byte { return conformance.Picture(1024, 1024) })

func newWorld(t *testing.T, pace float64) *world {
	t.Helper()
	box, err := sandbox.Start(t.Context(), sandbox.Config{Dir: t.TempDir(), Pace: pace, MaxEdge: 96})
	noError(t, err)
	client := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(func() {
		client.CloseIdleConnections()
		noError(t, box.Close())
	})
	service := bria.Service()
	return &world{
		Sandbox: box, t: t, service: &service, db: filepath.Join(t.TempDir(), "maquette.db"), files: map[string][]byte{},
		conn: providers.Conn{BaseURL: box.URL("bria"), Key: box.Key("bria"), HTTP: client},
	}
}

// open opens the room; the returned function closes it before the test ends.
func (w *world) open() (*remote.Remote, func()) {
	w.t.Helper()
	return openRoom(w.t, w.db, remote.Config{Service: w.service, Call: w.call, Local: func() bool { return true }})
}

func openRoom(t *testing.T, path string, cfg remote.Config) (*remote.Remote, func()) {
	t.Helper()
	var err error
	cfg.DB, err = storage.Open(path)
	noError(t, err)
	if cfg.Sleep == nil {
		cfg.Sleep = func(ctx context.Context, _ time.Duration) error {
			time.Sleep(20 * time.Millisecond)
			return ctx.Err()
		}
	}
	r, err := remote.Open(cfg)
	noError(t, err)
	closing := sync.OnceFunc(func() {
		r.Close()
		noError(t, cfg.DB.Close())
	})
	t.Cleanup(closing)
	return r, closing
}

// call makes a call of Bria's as app does.
func (w *world) call(ctx context.Context, id string, values providers.Values, _ consent.Given) (any, error) {
	call, ok := w.service.FindCall(id)
	if !ok {
		return nil, fmt.Errorf("there is no call %s", id)
	}
	read, problems := providers.Parse(call.Fields, values)
	if err := providers.Refusal(problems); err != nil {
		return nil, err
	}
	if content, ours := w.files[read.Text("file")]; ours {
		read["file"] = "data:image/png;base64," + base64.StdEncoding.EncodeToString(content)
	}
	return call.Do(ctx, w.conn, read)
}

// ask makes a call behind the room's back and returns its answer as JSON.
func (w *world) ask(call string, values providers.Values) string {
	w.t.Helper()
	answer, err := w.call(w.t.Context(), "bria/"+call, values, consent.Given{})
	noError(w.t, err)
	text, err := json.Marshal(answer)
	noError(w.t, err)
	return string(text)
}

// made is the id of what a call makes.
func (w *world) made(call string, values providers.Values) remote.ID {
	w.t.Helper()
	var made struct{ ID json.Number }
	noError(w.t, json.Unmarshal([]byte(w.ask(call, values)), &made))
	return remote.ID(made.ID)
}

// photo is a photo of the room's, with what it refers to.
func (w *world) photo(name, caption string, content []byte) photo.Photo {
	p := photo.Photo{Hash: strings.ReplaceAll(name, " ", ""), Ext: "png", Name: name, Caption: caption}
	w.files[p.EditedRef()] = content
	return p
}

// foxes are photos that Bria takes, each with a caption.
func (w *world) foxes(n int) []photo.Photo {
	var photos []photo.Photo
	for i := range n {
		photos = append(photos, w.photo(fmt.Sprintf("private fox %d.png", i), fmt.Sprintf("my fox %d", i), square()))
	}
	return photos
}

type ids struct{ project, dataset, image remote.ID }

// fill makes a project with a draft dataset of one image.
func (w *world) fill() (made ids) {
	w.t.Helper()
	made.project = w.made("project-create", providers.Values{
		"project_name": "Foxes", "ip_type": "defined_character", "ip_medium": "illustration", "ip_name": "Vix", "ip_description": "a red fox",
	})
	made.dataset = w.made("dataset-create", providers.Values{"project_id": string(made.project), "name": "First drawings"})
	first := w.photo("first.png", "", square())
	made.image = w.made("image-upload", providers.Values{"dataset_id": string(made.dataset), "file": first.EditedRef()})
	return made
}

func in(dataset remote.ID) providers.Values { return providers.Values{"dataset_id": string(dataset)} }

// complete completes the dataset.
func (w *world) complete(dataset remote.ID) {
	w.t.Helper()
	w.ask("dataset-update", providers.Values{"dataset_id": string(dataset), "status": "completed"})
}

// fake is a service that answers as a test says.
type fake struct {
	service *providers.Service
	answer  func(call string, values providers.Values) (string, error)

	mu    sync.Mutex
	asked []string
}

func (f *fake) open(t *testing.T) *remote.Remote {
	t.Helper()
	if f.service == nil {
		service := bria.Service()
		f.service = &service
	}
	r, _ := openRoom(t, filepath.Join(t.TempDir(), "maquette.db"), remote.Config{Service: f.service, Call: f.call})
	return r
}

func (f *fake) call(_ context.Context, id string, values providers.Values, _ consent.Given) (any, error) {
	call := strings.TrimPrefix(id, "bria/")
	f.mu.Lock()
	f.asked = append(f.asked, call)
	f.mu.Unlock()
	text, err := f.answer(call, values)
	return json.RawMessage(text), err
}

// count is how often a call was made.
func (f *fake) count(call string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, asked := range f.asked {
		if asked == call {
			n++
		}
	}
	return n
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func failureOf(t *testing.T, err error) *providers.Failure {
	t.Helper()
	return conformance.WantFailure(t, err)
}
