// Package models is the trained models: which there are, where their files
// are, and how they are downloaded and verified.
package models

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// Model is a trained model or checkpoint, and where its file is once it has
// been downloaded.
type Model struct {
	providers.Model
	ID      string    `json:"id"` // service id, a colon, and the service's own id
	Service string    `json:"service"`
	Job     string    `json:"job"`
	Created time.Time `json:"created"`
	File    string    `json:"file,omitempty"` // path below the models folder; empty until verified
	// SHA256 is the file's, in hex, as it was downloaded; empty where an older
	// program downloaded it.
	SHA256 string `json:"sha256,omitempty"`
	// Progress of a running download, bytes; not stored.
	Downloaded  int64 `json:"-"`
	Downloading bool  `json:"-"`
}

var table = storage.NewTable[Model]("models")

// Models holds every model in memory.
type Models struct {
	cfg Config

	mu     sync.Mutex
	byID   map[string]Model
	active map[string]*bringing // downloads under way
	// unrecorded are models whose file came and whose record couldn't be
	// written since.
	unrecorded map[string]Model
}

// Config is what the models work with.
type Config struct {
	DB       *storage.DB
	Dir      string // where downloaded files lie
	Services providers.Services
	// Conn is the way to a service.
	Conn func(ctx context.Context, service *providers.Service) (providers.Conn, error)
	// IsLocal reports whether a service is on this computer; only then may its
	// links lead here.
	IsLocal func(service *providers.Service) bool
	Bucket  Bucket
	// Changed is called after a model came, went or changed, and while it is
	// downloaded.
	Changed func(id string)
	// SetAside moves a damaged file out of the way.
	SetAside func(path string) error
	// Patience is how long a download waits for the network to come back.
	Patience time.Duration
	// Scaled is a wait between tries as the studio's tempo makes it.
	Scaled func(time.Duration) time.Duration
}

// Bucket is where some services deliver models.
type Bucket interface {
	// Find signs a new link to an object.
	Find(ctx context.Context, key string) (providers.Object, bool, error)
	// IsLocal reports whether the links lead to this computer.
	IsLocal() bool
}

// Load reads the records of all models.
func Load(c Config) (*Models, error) {
	m := &Models{cfg: c, byID: map[string]Model{}, active: map[string]*bringing{}, unrecorded: map[string]Model{}}
	err := table.Load(c.DB, func(id string, model Model) error {
		m.byID[id] = model
		return nil
	})
	if err != nil {
		return nil, providers.Errorf("loading models: %v", err)
	}
	return m, nil
}

// List lists trained models, newest first.
func (ms *Models) List() []Model {
	ms.mu.Lock()
	defer ms.mu.Unlock()
	list := make([]Model, 0, len(ms.byID))
	for _, m := range ms.byID {
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b Model) int {
		return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(a.ID, b.ID))
	})
	return list
}

// Model finds a model by its id, or by its service's id where only one has it.
func (ms *Models) Model(id string) (Model, bool) {
	ms.mu.Lock()
	defer ms.mu.Unlock()
	if m, ok := ms.byID[id]; ok {
		return m, true
	}
	var found []Model
	for _, m := range ms.byID {
		if m.RemoteID == id {
			found = append(found, m)
		}
	}
	if len(found) != 1 {
		return Model{}, false
	}
	return found[0], true
}

// Path is where a downloaded model's file lies; "" before that.
func (ms *Models) Path(m Model) string {
	if m.File == "" {
		return ""
	}
	return filepath.Join(ms.cfg.Dir, m.File)
}

// Forget removes a model from Maquette, its downloaded file included. At
// the service it stays.
func (ms *Models) Forget(id string) error {
	m, ok := ms.Model(id)
	if !ok {
		return providers.Errorf("there is no model %s", id)
	}
	if m.Downloading {
		return providers.Errorf("%s is being downloaded; cancel that first", m.Title)
	}
	err := ms.cfg.DB.Update(func(tx *storage.Tx) error { return table.Delete(tx, m.ID) })
	if err != nil {
		return failure.Storage("forgetting a model", err)
	}
	ms.mu.Lock()
	delete(ms.byID, m.ID)
	ms.mu.Unlock()
	ms.cfg.Changed(m.ID)
	if path := ms.Path(m); path != "" {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return providers.Errorf("removing the model's file: %v", err)
		}
	}
	return nil
}

// lined is a model whose words, which are its service's, each fit on a line.
func lined(m Model) Model {
	m.Title, m.Type, m.Family, m.Base = providers.Line(m.Title), providers.Line(m.Type), providers.Line(m.Family), providers.Line(m.Base)
	return m
}

// put stores a model and shows it.
func (ms *Models) put(m Model) error {
	m = lined(m)
	err := ms.cfg.DB.Update(func(tx *storage.Tx) error { return table.Put(tx, m.ID, m) })
	if err != nil {
		return failure.Storage("recording a model", err)
	}
	ms.show(m)
	return nil
}

func (ms *Models) show(m Model) {
	m = lined(m)
	ms.mu.Lock()
	ms.byID[m.ID] = m
	ms.mu.Unlock()
	ms.cfg.Changed(m.ID)
}

// Remember records a model that a job trained, or what is newly known of it,
// and returns its id here.
func (ms *Models) Remember(service, job string, model providers.Model) (id string, err error) {
	id = service + ":" + model.RemoteID
	m, known := ms.Model(id)
	if !known {
		m = Model{ID: id, Service: service, Job: job, Created: time.Now()}
	}
	m.Model = model
	return id, ms.put(m)
}

// Resolve puts a service's own id where the values of one of its tasks name a
// model by its id here, and says what the values ask wrongly of a model that
// is known. An id that isn't known is taken for the service's own.
func (ms *Models) Resolve(service string, task *providers.Task, values providers.Values) (providers.Values, []providers.Problem) {
	var problems []providers.Problem
	for _, field := range task.Fields {
		if field.Kind != providers.Trained || values.Text(field.Key) == "" {
			continue
		}
		model, known := ms.Model(values.Text(field.Key))
		if !known {
			continue
		}
		if model.Service != service {
			problems = append(problems, providers.Problem{Field: field.Key, Message: providers.Say("%s was trained at another service", model.Title)})
			continue
		}
		values[field.Key] = model.RemoteID
		if task.CheckModel != nil {
			problems = append(problems, task.CheckModel(values, model.Model)...)
		}
	}
	return values, problems
}
