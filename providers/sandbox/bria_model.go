// Bria's models: made from a dataset, trained, stopped.

package sandbox

import (
	"fmt"
	"image"
	"net/http"
	"strings"
	"time"
)

const (
	// briaTraining is how long a training takes, before pace.
	briaTraining = 3 * time.Second
	// briaStopping is how long stopping a training takes, before pace.
	briaStopping = 400 * time.Millisecond
)

// briaModel is one model as stored. Its state follows from the clock.
type briaModel struct {
	ID          int       `json:"id"`
	Project     int       `json:"project"`
	Dataset     int       `json:"dataset"`
	Name        string    `json:"name"`
	Description string    `json:"description"`
	Version     string    `json:"version"` // light or max
	Prefix      string    `json:"prefix"`
	Created     time.Time `json:"created"`
	Started     time.Time `json:"started,omitzero"`
	Ends        time.Time `json:"ends,omitzero"`    // when the training is over
	Stopped     time.Time `json:"stopped,omitzero"` // when stopping it is over
	Deleted     bool      `json:"deleted"`
}

type briaModelAnswer struct {
	ID          int    `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
	Status      string `json:"status"`
	Version     string `json:"training_version"`
	Prefix      string `json:"generation_prefix"`
	Project     int    `json:"project_id"`
	Dataset     int    `json:"dataset_id"`
	Created     string `json:"created_at"`
}

func (m *briaModel) answer(now time.Time) briaModelAnswer {
	return briaModelAnswer{m.ID, m.Name, m.Description, m.status(now), m.Version, m.Prefix, m.Project, m.Dataset, briaTime(m.Created)}
}

// status is the documented state. The training of a forbidden model fails.
func (m *briaModel) status(now time.Time) string {
	switch {
	case m.Started.IsZero():
		return "Created"
	case !m.Stopped.IsZero() && now.Before(m.Stopped):
		return "Stopping"
	case !m.Stopped.IsZero():
		return "Stopped"
	case now.Before(m.Ends):
		return "InProgress"
	case forbidden(m.Name):
		return "Failed"
	}
	return "Completed"
}

// inTraining holds until a training has ended or has been stopped.
func (m *briaModel) inTraining(now time.Time) bool {
	status := m.status(now)
	return !m.Deleted && (status == "InProgress" || status == "Stopping")
}

func (b *bria) routeModels() {
	b.route("POST /tailored-gen/models", b.createModel)
	b.route("GET /tailored-gen/models", b.listModels)
	b.route("GET /tailored-gen/projects/{project_id}/models", b.listProjectModels)
	b.route("GET /tailored-gen/models/{model_id}", b.readModel)
	b.route("PUT /tailored-gen/models/{model_id}", b.updateModel)
	b.route("DELETE /tailored-gen/models/{model_id}", b.deleteModel)
	b.route("POST /tailored-gen/models/{model_id}/start_training", b.startTraining)
	b.route("POST /tailored-gen/models/{model_id}/stop_training", b.stopTraining)
}

// model finds a model that was not deleted, alone or with its project. b.mu is held.
func (b *bria) model(id int) (*briaModel, error) {
	if i := id - briaFirstModel; i >= 0 && i < len(b.models) && !b.models[i].Deleted {
		if _, err := b.project(b.models[i].Project); err == nil {
			return b.models[i], nil
		}
	}
	return nil, briaMessage(http.StatusNotFound, "Model not found")
}

func (b *bria) changeModel(m *briaModel, do func(*briaModel)) error {
	return change(b.s.store, briaModels, m.ID, m, do)
}

func (b *bria) createModel(r *http.Request) (int, any, error) {
	f, err := readBria(r)
	if err != nil {
		return 0, nil, err
	}
	f.require("name", "dataset_id", "training_version")
	m := briaModel{
		Name:        or(f.text("name", 1, briaMaxText), ""),
		Dataset:     or(f.integer("dataset_id", 0, 1<<31-1), -1),
		Version:     or(f.choice("training_version", "light", "max"), ""),
		Description: or(f.text("description", 0, briaMaxText), ""),
		Created:     b.s.stamp(),
	}
	if err := f.checked(); err != nil {
		return 0, nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	d, err := b.dataset(m.Dataset)
	if err != nil {
		return 0, nil, err
	}
	p, err := b.project(d.Project)
	if err != nil {
		return 0, nil, err
	}
	if m.Version == "max" && p.Medium == "photography" {
		f.add("training_version", "value_error", "max is currently not available when ip_medium=photography")
		return 0, nil, briaInvalid(f)
	}
	m.ID, m.Project, m.Prefix = briaFirstModel+len(b.models), d.Project, d.Prefix
	if err := b.s.store.putNumbered(briaModels, m.ID, m); err != nil {
		return 0, nil, err
	}
	b.models = append(b.models, &m)
	a := m.answer(b.s.now())
	a.Status = strings.ToLower(a.Status) // as in the document's example, and only here
	return http.StatusCreated, a, nil
}

func (b *bria) listModels(*http.Request) (int, any, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := []briaModelAnswer{}
	for _, m := range b.models {
		if _, err := b.model(m.ID); err == nil {
			all = append(all, m.answer(b.s.now()))
		}
	}
	return http.StatusOK, all, nil
}

func (b *bria) listProjectModels(r *http.Request) (int, any, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p, err := b.project(pathNumber(r, "project_id"))
	if err != nil {
		return 0, nil, err
	}
	all := []briaModelAnswer{}
	for _, m := range b.models {
		if m.Project == p.ID && !m.Deleted {
			all = append(all, m.answer(b.s.now()))
		}
	}
	return http.StatusOK, all, nil
}

func (b *bria) readModel(r *http.Request) (int, any, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	m, err := b.model(pathNumber(r, "model_id"))
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, m.answer(b.s.now()), nil
}

// updateModel changes texts. The 400 for anything else is a choice: the document is silent.
func (b *bria) updateModel(r *http.Request) (int, any, error) {
	f, err := readBria(r)
	if err != nil {
		return 0, nil, err
	}
	name, description := f.text("name", 1, briaMaxText), f.text("description", 0, briaMaxText)
	if err := f.checked(); err != nil {
		return 0, nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	m, err := b.model(pathNumber(r, "model_id"))
	if err != nil {
		return 0, nil, err
	}
	err = b.changeModel(m, func(m *briaModel) {
		m.Name, m.Description = or(name, m.Name), or(description, m.Description)
	})
	return http.StatusOK, m.answer(b.s.now()), err
}

func (b *bria) deleteModel(r *http.Request) (int, any, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	m, err := b.model(pathNumber(r, "model_id"))
	switch {
	case err != nil:
		return 0, nil, err
	case m.inTraining(b.s.now()):
		return 0, nil, briaMessage(http.StatusConflict, "Cannot delete model while it is in training")
	}
	err = b.changeModel(m, func(m *briaModel) { m.Deleted = true })
	return http.StatusNoContent, nil, err
}

// briaTrainingAnswer is what starting and stopping answer.
type briaTrainingAnswer struct {
	ID     int    `json:"id"`
	Status string `json:"status"`
}

func (b *bria) startTraining(r *http.Request) (int, any, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	m, err := b.model(pathNumber(r, "model_id"))
	if err != nil {
		return 0, nil, err
	}
	d, err := b.dataset(m.Dataset)
	switch {
	case !m.Started.IsZero():
		return 0, nil, briaMessage(http.StatusConflict, "Training already started/cannot be resumed")
	case err != nil || !d.Completed:
		return 0, nil, briaMessage(http.StatusPreconditionFailed, "Dataset status must be 'completed' to start training")
	}
	look, err := b.look(m, d)
	if err != nil {
		return 0, nil, err
	}
	if err := b.s.store.putNumbered(briaLooks, m.ID, look); err != nil {
		return 0, nil, err
	}
	err = b.changeModel(m, func(m *briaModel) { m.Started, m.Ends = b.s.stamp(), b.soon(briaTraining) })
	return http.StatusOK, briaTrainingAnswer{m.ID, m.status(b.s.now())}, err
}

func (b *bria) stopTraining(r *http.Request) (int, any, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	m, err := b.model(pathNumber(r, "model_id"))
	switch {
	case err != nil:
		return 0, nil, err
	case m.status(b.s.now()) != "InProgress":
		return 0, nil, briaMessage(http.StatusConflict, "Training already stopped/not in training")
	}
	err = b.changeModel(m, func(m *briaModel) { m.Stopped = b.soon(briaStopping) })
	return http.StatusOK, briaTrainingAnswer{m.ID, m.status(b.s.now())}, err
}

// look is what a model makes of its training pictures: a character keeps the first one's face, everything
// else takes the colours of all. b.mu is held.
func (b *bria) look(m *briaModel, d *briaDataset) (influence, error) {
	p, err := b.project(m.Project)
	if err != nil {
		return influence{}, err
	}
	images := d.live()
	if p.Type == "defined_character" {
		first, err := b.picture(images[0].Picture)
		return influence{Manner: portrait, Strength: 1, Picture: first.Full}, err
	}
	var tiles []image.Image
	for _, img := range images[:min(16, len(images))] {
		p, err := b.picture(img.Picture)
		if err != nil {
			return influence{}, err
		}
		tiles = append(tiles, influence{Picture: p.Thumb}.decode())
	}
	return influence{Manner: styled, Strength: 1, Picture: jpegBytes(mosaic(tiles, 96))}, nil
}

// picture reads an uploaded file.
func (b *bria) picture(id int) (briaPicture, error) {
	var p briaPicture
	found, err := b.s.store.getNumbered(briaPictures, id, &p)
	if err == nil && !found {
		err = fmt.Errorf("picture %d is missing", id)
	}
	return p, err
}
