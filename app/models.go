package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

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
	// Progress of a running download, bytes; not stored.
	Downloaded  int64 `json:"-"`
	Downloading bool  `json:"-"`
}

var modelTable = storage.NewTable[Model]("models")

// modelIndex holds every model in memory.
type modelIndex struct {
	mu     sync.Mutex
	byID   map[string]Model
	active map[string]chan struct{} // downloads under way, closed when over
}

func loadModels(db *storage.DB) (*modelIndex, error) {
	index := &modelIndex{byID: map[string]Model{}, active: map[string]chan struct{}{}}
	err := db.View(func(tx *storage.Tx) error {
		return modelTable.Each(tx, "", func(id string, m Model) error {
			index.byID[id] = m
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("loading models: %w", err)
	}
	return index, nil
}

// Models lists trained models, newest first.
func (s *Studio) Models() []Model {
	s.models.mu.Lock()
	defer s.models.mu.Unlock()
	list := make([]Model, 0, len(s.models.byID))
	for _, m := range s.models.byID {
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b Model) int {
		return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(a.ID, b.ID))
	})
	return list
}

// Model finds a model by its id, or by its service's id where only one has it.
func (s *Studio) Model(id string) (Model, bool) {
	s.models.mu.Lock()
	defer s.models.mu.Unlock()
	if m, ok := s.models.byID[id]; ok {
		return m, true
	}
	var found []Model
	for _, m := range s.models.byID {
		if m.RemoteID == id {
			found = append(found, m)
		}
	}
	if len(found) != 1 {
		return Model{}, false
	}
	return found[0], true
}

// ModelPath is where a downloaded model's file lies; "" before that.
func (s *Studio) ModelPath(m Model) string {
	if m.File == "" {
		return ""
	}
	return filepath.Join(s.layout.Models, m.File)
}

// ForgetModel removes a model from Maquette, its downloaded file included. At
// the service it stays.
func (s *Studio) ForgetModel(id string) error {
	m, ok := s.Model(id)
	if !ok {
		return fmt.Errorf("there is no model %s", id)
	}
	if m.Downloading {
		return fmt.Errorf("%s is being downloaded; cancel that first", m.Title)
	}
	err := s.db.Update(func(tx *storage.Tx) error { return modelTable.Delete(tx, m.ID) })
	if err != nil {
		return storageFailure("forgetting a model", err)
	}
	s.models.mu.Lock()
	delete(s.models.byID, m.ID)
	s.models.mu.Unlock()
	s.publish(ModelsChanged, m.ID)
	if path := s.ModelPath(m); path != "" {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("removing the model's file: %w", err)
		}
	}
	return nil
}

// putModel stores a model and shows it.
func (s *Studio) putModel(m Model) error {
	err := s.db.Update(func(tx *storage.Tx) error { return modelTable.Put(tx, m.ID, m) })
	if err != nil {
		return storageFailure("recording a model", err)
	}
	s.showModel(m)
	return nil
}

func (s *Studio) showModel(m Model) {
	s.models.mu.Lock()
	s.models.byID[m.ID] = m
	s.models.mu.Unlock()
	s.publish(ModelsChanged, m.ID)
}

// KeepModel records a trained model and downloads its file.
func (s *steps) KeepModel(ctx context.Context, model providers.Model) error {
	studio := s.engine.studio
	id := s.service.ID + ":" + model.RemoteID
	m, known := studio.Model(id)
	if !known {
		m = Model{ID: id, Service: s.service.ID, Job: s.job, Created: time.Now()}
	}
	m.Model = model
	if err := studio.putModel(m); err != nil {
		return err
	}
	err := s.store(func(job *Job) error {
		if !slices.Contains(job.Models, id) {
			job.Models = append(job.Models, id)
		}
		return nil
	}, nil)
	if err != nil || !model.Downloadable() {
		return err
	}
	s.Report(providers.Status{State: providers.Collecting, Fraction: -1, Note: "Downloading " + model.Title})
	if _, err = studio.DownloadModel(ctx, id); err != nil && ctx.Err() == nil {
		return modelFailure(model, err)
	}
	s.Report(providers.Status{State: providers.Collecting, Fraction: -1})
	return err
}

func modelFailure(model providers.Model, err error) error {
	f := failureOf(err, providers.BadResult)
	f.Message = "The trained model could not be downloaded: " + f.Message
	switch {
	case model.Object == "":
		f.Advice = "It is trained and listed under Models. Retry before its link expires: the download goes on where it stopped."
	case f.Kind == providers.NoBucket:
		f.Advice = "It is trained and listed under Models. " + f.Advice
	default:
		f.Advice = "It is trained and listed under Models, and its file stays in your bucket. Retry: the download goes on where it stopped."
	}
	f.Money = providers.Spent
	return f
}
