// What lies at the service, and how it belongs together.

package remote

import (
	"cmp"
	"strings"
)

// ID is an id at the service. Ids of different kinds of things overlap.
type ID string

// Kind is a kind of thing.
type Kind string

// The kinds of things.
const (
	KindProject Kind = "project"
	KindDataset Kind = "dataset"
	KindModel   Kind = "model"
)

// deleteCall is the call that deletes a thing of the kind.
func (k Kind) deleteCall() string { return string(k) + "-delete" }

// field is the field in which calls take the id of a thing of the kind.
func (k Kind) field() string { return string(k) + "_id" }

// Key names one thing. The zero Key names what all projects belong to.
type Key struct {
	Kind Kind `json:"kind"`
	ID   ID   `json:"id"`
}

// String is the key as text, such as "dataset/12".
func (k Key) String() string {
	if k == (Key{}) {
		return ""
	}
	return string(k.Kind) + "/" + string(k.ID)
}

// ParseKey reads a key's text; !ok where it is none.
func ParseKey(text string) (key Key, ok bool) {
	kind, id, _ := strings.Cut(text, "/")
	switch key = (Key{Kind(kind), ID(id)}); key.Kind {
	case KindProject, KindDataset, KindModel:
		return key, id != ""
	}
	return Key{}, text == ""
}

// Status is how a thing stands. One that isn't documented is as the service
// wrote it.
type Status string

// The statuses: a project is active, a dataset a draft or completed, and a
// model goes from created through its training to completed, which is trained.
const (
	Active     Status = "active"
	Draft      Status = "draft"
	Completed  Status = "completed"
	Created    Status = "created"
	InTraining Status = "in_progress"
	Stopping   Status = "stopping"
	Stopped    Status = "stopped"
	Failed     Status = "failed"
	deleted    Status = "deleted"
)

// Project holds one character, set or style.
type Project struct {
	ID            ID     `json:"id"`
	Name          string `json:"name"`
	Note          string `json:"note,omitempty"`
	Character     string `json:"character,omitempty"`      // its name
	CharacterNote string `json:"character_note,omitempty"` // what it looks like
	Medium        string `json:"medium,omitempty"`         // as the call that creates projects takes it
	Type          string `json:"type,omitempty"`           // the same
	Status        Status `json:"status,omitempty"`
}

// Key names the project.
func (p Project) Key() Key { return Key{KindProject, p.ID} }

// Dataset is a project's images with their captions.
type Dataset struct {
	ID      ID     `json:"id"`
	Project ID     `json:"project_id"`
	Name    string `json:"name"`
	Prefix  string `json:"caption_prefix,omitempty"` // how every caption begins
	Status  Status `json:"status,omitempty"`
	// Recaptioning reports that the service is writing all captions anew.
	Recaptioning bool `json:"recaptioning,omitempty"`
	// Count is how many images it holds; nil where the service didn't say.
	Count  *int    `json:"images_count,omitempty"`
	Images []Image `json:"images,omitempty"` // once it was read by itself
	Models []ID    `json:"model_ids,omitempty"`
}

// Key names the dataset.
func (d Dataset) Key() Key { return Key{KindDataset, d.ID} }

// Completed reports whether nothing in the dataset can be changed any more.
func (d Dataset) Completed() bool { return d.Status == Completed }

// Size is how many images the dataset holds, as far as is known.
func (d Dataset) Size() (images int, known bool) {
	if d.Count == nil {
		return len(d.Images), len(d.Images) > 0
	}
	return max(*d.Count, len(d.Images)), true
}

// Source is who wrote an image's caption. One that isn't documented is as the
// service wrote it.
type Source string

// The sources of captions.
const (
	Pending   Source = "pending"   // the service is writing it
	Manual    Source = "manual"    // a person
	Automatic Source = "automatic" // the service
)

// Image is one image of a dataset.
type Image struct {
	ID        ID     `json:"id"`
	Name      string `json:"name,omitempty"`
	Caption   string `json:"caption,omitempty"`
	Source    Source `json:"caption_source,omitempty"`
	URL       string `json:"url,omitempty"`
	Thumbnail string `json:"thumbnail,omitempty"`
}

// Small is the link to a small picture of the image, "" for none.
func (i Image) Small() string { return cmp.Or(i.Thumbnail, i.URL) }

// Large is the link to the image itself, "" for none.
func (i Image) Large() string { return cmp.Or(i.URL, i.Thumbnail) }

// Model is trained, or to be trained, on a dataset.
type Model struct {
	ID      ID     `json:"id"`
	Project ID     `json:"project_id"`
	Dataset ID     `json:"dataset_id"`
	Name    string `json:"name"`
	Note    string `json:"note,omitempty"`
	Status  Status `json:"status,omitempty"`
	Version string `json:"version,omitempty"` // as the call that creates models takes it
	Prefix  string `json:"prompt_prefix,omitempty"`
}

// Key names the model.
func (m Model) Key() Key { return Key{KindModel, m.ID} }

// InTraining reports whether a training is under way, which keeps the model
// and its dataset from being deleted.
func (m Model) InTraining() bool { return m.Status == InTraining || m.Status == Stopping }

// Holdings is all that lies at the service, without the images, in the
// service's order.
type Holdings struct {
	Projects []Project `json:"projects"`
	Datasets []Dataset `json:"datasets"`
	Models   []Model   `json:"models"`
}

// Project finds a project.
func (h Holdings) Project(id ID) (Project, bool) {
	return find(h.Projects, func(p Project) bool { return p.ID == id })
}

// Dataset finds a dataset.
func (h Holdings) Dataset(id ID) (Dataset, bool) {
	return find(h.Datasets, func(d Dataset) bool { return d.ID == id })
}

// Model finds a model.
func (h Holdings) Model(id ID) (Model, bool) {
	return find(h.Models, func(m Model) bool { return m.ID == id })
}

func find[T any](all []T, is func(T) bool) (found T, ok bool) {
	for _, one := range all {
		if is(one) {
			return one, true
		}
	}
	return found, false
}

// Has reports whether a thing is listed.
func (h Holdings) Has(key Key) (found bool) {
	switch key.Kind {
	case KindProject:
		_, found = h.Project(key.ID)
	case KindDataset:
		_, found = h.Dataset(key.ID)
	case KindModel:
		_, found = h.Model(key.ID)
	}
	return found
}

// ProjectOf is the project that a thing is, or belongs to; "" where that isn't
// known.
func (h Holdings) ProjectOf(key Key) ID {
	switch key.Kind {
	case KindProject:
		return key.ID
	case KindDataset:
		d, _ := h.Dataset(key.ID)
		return d.Project
	case KindModel:
		m, _ := h.Model(key.ID)
		return m.Project
	}
	return ""
}

// Children are the projects for the zero Key, and a project's datasets and
// then its models.
func (h Holdings) Children(of Key) []Key {
	var keys []Key
	switch of.Kind {
	case "":
		for _, p := range h.Projects {
			keys = append(keys, p.Key())
		}
	case KindProject:
		for _, d := range h.DatasetsOf(of.ID) {
			keys = append(keys, d.Key())
		}
		for _, m := range h.ModelsOf(of.ID) {
			keys = append(keys, m.Key())
		}
	}
	return keys
}

// DatasetsOf are a project's datasets.
func (h Holdings) DatasetsOf(project ID) []Dataset {
	return filter(h.Datasets, func(d Dataset) bool { return d.Project == project })
}

// ModelsOf are a project's models.
func (h Holdings) ModelsOf(project ID) []Model {
	return filter(h.Models, func(m Model) bool { return m.Project == project })
}

func filter[T any](all []T, is func(T) bool) []T {
	var some []T
	for _, one := range all {
		if is(one) {
			some = append(some, one)
		}
	}
	return some
}
