// Bria's datasets: images with captions, a draft until completed.

package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

const (
	briaMaxImages = 200
	// briaRecaption is how long regenerating all captions takes, before pace.
	briaRecaption = 1200 * time.Millisecond
)

// briaDataset is one dataset as stored.
type briaDataset struct {
	ID        int         `json:"id"`
	Project   int         `json:"project"`
	Name      string      `json:"name"`
	Prefix    string      `json:"prefix"`
	Completed bool        `json:"completed"`
	Deleted   bool        `json:"deleted"`
	Images    []briaImage `json:"images"` // deleted ones stay, marked
	Created   time.Time   `json:"created"`
	Updated   time.Time   `json:"updated"`
	// Recaptioned is when the captions regenerated last are there; zero when none ever were.
	Recaptioned time.Time `json:"recaptioned,omitzero"`
}

// briaDatasetAnswer is a dataset key by key as documented; which of the optional ones are there depends on
// the operation.
type briaDatasetAnswer struct {
	ID          int                `json:"id"`
	Project     int                `json:"project_id"`
	Name        string             `json:"name"`
	Prefix      string             `json:"caption_prefix"`
	Status      string             `json:"status"`
	Captions    string             `json:"captions_update_status"`
	ImagesCount *int               `json:"images_count,omitempty"`
	Images      *[]briaImageAnswer `json:"images,omitempty"`
	Models      *[]briaModelAnswer `json:"models,omitempty"`
	ModelIDs    *[]int             `json:"model_ids,omitempty"`
	Created     string             `json:"created_at"`
	Updated     string             `json:"updated_at"`
}

func (d *briaDataset) answer(now time.Time) briaDatasetAnswer {
	a := briaDatasetAnswer{
		ID: d.ID, Project: d.Project, Name: d.Name, Prefix: d.Prefix, Status: "draft", Captions: "completed",
		Created: briaTime(d.Created), Updated: briaTime(d.Updated),
	}
	if d.Completed {
		a.Status = "completed"
	}
	switch {
	case d.Recaptioned.IsZero():
		a.Captions = "empty"
	case now.Before(d.Recaptioned):
		a.Captions = "in_progress"
	}
	return a
}

// answerWhole includes the images.
func (d *briaDataset) answerWhole(now time.Time, links site) briaDatasetAnswer {
	a, images := d.answer(now), []briaImageAnswer{}
	for _, img := range d.live() {
		images = append(images, d.imageAnswer(img, now, links))
	}
	n := len(images)
	a.ImagesCount, a.Images = &n, &images
	return a
}

// live lists the images that were not deleted.
func (d *briaDataset) live() []briaImage {
	return slices.DeleteFunc(slices.Clone(d.Images), func(img briaImage) bool { return img.Deleted })
}

func (b *bria) routeDatasets() {
	b.route("POST /tailored-gen/datasets", b.createDataset)
	b.route("GET /tailored-gen/datasets", b.listDatasets)
	b.route("GET /tailored-gen/projects/{project_id}/datasets", b.listProjectDatasets)
	b.route("GET /tailored-gen/datasets/{dataset_id}", b.readDataset)
	b.route("PUT /tailored-gen/datasets/{dataset_id}", b.updateDataset)
	b.route("DELETE /tailored-gen/datasets/{dataset_id}", b.deleteDataset)
	b.route("POST /tailored-gen/datasets/{dataset_id}/clone", b.cloneDataset)
}

// dataset finds a dataset that was not deleted, alone or with its project. b.mu is held.
func (b *bria) dataset(id int) (*briaDataset, error) {
	d := b.anyDataset(id)
	if d == nil || b.datasetGone(d) {
		return nil, briaMessage(http.StatusNotFound, "Dataset not found")
	}
	return d, nil
}

// anyDataset finds a dataset that may have been deleted. b.mu is held.
func (b *bria) anyDataset(id int) *briaDataset {
	if i := id - briaFirstDataset; i >= 0 && i < len(b.datasets) {
		return b.datasets[i]
	}
	return nil
}

func (b *bria) datasetGone(d *briaDataset) bool {
	_, err := b.project(d.Project)
	return d.Deleted || err != nil
}

// changeDataset stores a change and its time. b.mu is held.
func (b *bria) changeDataset(d *briaDataset, do func(*briaDataset)) error {
	return change(b.s.store, briaDatasets, d.ID, d, func(d *briaDataset) {
		d.Updated = b.s.stamp()
		do(d)
	})
}

// addDataset stores a new dataset. b.mu is held.
func (b *bria) addDataset(d briaDataset) (*briaDataset, error) {
	d.ID, d.Created = briaFirstDataset+len(b.datasets), b.s.stamp()
	d.Updated = d.Created
	if err := b.s.store.putNumbered(briaDatasets, d.ID, d); err != nil {
		return nil, err
	}
	b.datasets = append(b.datasets, &d)
	return &d, nil
}

func (b *bria) createDataset(r *http.Request) (int, any, error) {
	f, err := readBria(r)
	if err != nil {
		return 0, nil, err
	}
	f.require("project_id", "name")
	project, name := or(f.integer("project_id", 0, 1<<31-1), -1), or(f.text("name", 1, briaMaxText), "")
	if err := f.checked(); err != nil {
		return 0, nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	p, err := b.project(project)
	if err != nil {
		return 0, nil, err
	}
	d, err := b.addDataset(briaDataset{Project: p.ID, Name: name, Prefix: p.captionPrefix()})
	if err != nil {
		return 0, nil, err
	}
	return http.StatusCreated, d.answer(b.s.now()), nil
}

func (b *bria) listDatasets(*http.Request) (int, any, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := []briaDatasetAnswer{}
	for _, d := range b.datasets {
		if !b.datasetGone(d) {
			all = append(all, d.answer(b.s.now()))
		}
	}
	return http.StatusOK, all, nil
}

func (b *bria) listProjectDatasets(r *http.Request) (int, any, error) {
	withModels, err := queryFlag(r, "include_models")
	if err != nil {
		return 0, nil, err
	}
	withIDs, err := queryFlag(r, "include_models_ids")
	if err != nil {
		return 0, nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	p, err := b.project(pathNumber(r, "project_id"))
	if err != nil {
		return 0, nil, err
	}
	all := []briaDatasetAnswer{}
	for _, d := range b.datasets {
		if d.Project != p.ID || d.Deleted {
			continue
		}
		a := d.answer(b.s.now())
		models, ids := b.modelsOf(d)
		if withModels {
			a.Models = &models
		}
		if withIDs {
			a.ModelIDs = &ids
		}
		all = append(all, a)
	}
	return http.StatusOK, all, nil
}

// modelsOf lists the models that use a dataset. b.mu is held.
func (b *bria) modelsOf(d *briaDataset) ([]briaModelAnswer, []int) {
	models, ids := []briaModelAnswer{}, []int{}
	for _, m := range b.models {
		if m.Dataset == d.ID && !m.Deleted {
			models, ids = append(models, m.answer(b.s.now())), append(ids, m.ID)
		}
	}
	return models, ids
}

// queryFlag reads a boolean from the query, false when absent. The 400 for anything else is a choice: the document is
// silent.
func queryFlag(r *http.Request, name string) (bool, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return false, nil
	}
	on, err := strconv.ParseBool(text)
	if err != nil {
		return false, briaError(http.StatusBadRequest, name+" has to be true or false")
	}
	return on, nil
}

func (b *bria) readDataset(r *http.Request) (int, any, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	d, err := b.dataset(pathNumber(r, "dataset_id"))
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, d.answerWhole(b.s.now(), b.s.site(r)), nil
}

func (b *bria) updateDataset(r *http.Request) (int, any, error) {
	f, err := readBria(r)
	if err != nil {
		return 0, nil, err
	}
	name, prefix := f.text("name", 1, briaMaxText), f.text("caption_prefix", 0, briaMaxText)
	status := f.choice("status", "draft", "completed")
	if err := f.checked(); err != nil {
		return 0, nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	d, err := b.dataset(pathNumber(r, "dataset_id"))
	if err != nil {
		return 0, nil, err
	}
	completes := or(status, "") == "completed"
	switch {
	case d.Completed && prefix != nil:
		return 0, nil, briaMessage(http.StatusConflict, "Cannot update caption_prefix of a completed dataset")
	case d.Completed && or(status, "") == "draft":
		return 0, nil, briaMessage(http.StatusConflict, "A completed dataset cannot become a draft again, clone it as draft instead")
	case completes && len(d.live()) == 0:
		f.add("status", "value_error", "a dataset must have at least 1 image to be marked as completed")
		return 0, nil, briaInvalid(f)
	}
	err = b.changeDataset(d, func(d *briaDataset) {
		d.Name, d.Prefix = or(name, d.Name), or(prefix, d.Prefix)
		d.Completed = d.Completed || completes
	})
	return http.StatusOK, d.answer(b.s.now()), err
}

func (b *bria) deleteDataset(r *http.Request) (int, any, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	d, err := b.dataset(pathNumber(r, "dataset_id"))
	if err != nil {
		return 0, nil, err
	}
	for _, m := range b.models {
		if m.Dataset == d.ID && m.inTraining(b.s.now()) {
			return 0, nil, briaMessage(http.StatusConflict, "Cannot delete a dataset that is used by a model that is in training")
		}
	}
	err = b.changeDataset(d, func(d *briaDataset) { d.Deleted = true })
	return http.StatusNoContent, nil, err
}

// cloneDataset copies images and captions into a new draft. The body is optional; the 400 for one that can't be read is
// a choice: the document is silent.
func (b *bria) cloneDataset(r *http.Request) (int, any, error) {
	var name *string
	if r.ContentLength != 0 {
		f, err := readBria(r)
		if err != nil {
			return 0, nil, err
		}
		name = f.text("name", 1, briaMaxText)
		f.text("description", 0, briaMaxText) // taken, but no answer ever shows a dataset's description
		if err := f.checked(); err != nil {
			return 0, nil, err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	original, err := b.dataset(pathNumber(r, "dataset_id"))
	if err != nil {
		return 0, nil, err
	}
	images := original.live()
	for i := range images {
		images[i].ID = b.nextImage
		b.nextImage++
	}
	d, err := b.addDataset(briaDataset{
		Project: original.Project, Name: or(name, "Copy of "+original.Name), Prefix: original.Prefix, Images: images,
	})
	if err != nil {
		return 0, nil, err
	}
	return http.StatusCreated, d.answerWhole(b.s.now(), b.s.site(r)), nil
}
