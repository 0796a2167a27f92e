// The JSON that Bria answers, read leniently: ids are numbers or texts,
// anything may be null, and states are compared without regard to case.

package bria

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
)

// The versions of a training.
const (
	versionLight = "light"
	versionMax   = "max"
)

var errNoID = providers.Errorf("it holds no id")

func wantID(id json.Number) error {
	if id == "" {
		return errNoID
	}
	return nil
}

type project struct {
	ID     json.Number `json:"id"`
	Name   string      `json:"project_name"`
	Medium string      `json:"ip_medium"`
	Status string      `json:"status"`
}

// Check reports an answer without an id.
func (p *project) Check() error { return wantID(p.ID) }

func (p project) receipt() providers.Receipt { return receipt("project", p.ID, p.Name) }

func (p project) photography() bool { return strings.EqualFold(p.Medium, photography) }

type dataset struct {
	ID       json.Number `json:"id"`
	Project  json.Number `json:"project_id"`
	Name     string      `json:"name"`
	Prefix   string      `json:"caption_prefix"`
	Status   string      `json:"status"`
	Captions string      `json:"captions_update_status"`
	Count    *int        `json:"images_count"`
	Images   []image     `json:"images"`
}

// Check reports an answer without an id.
func (d *dataset) Check() error { return wantID(d.ID) }

func (d dataset) receipt() providers.Receipt { return receipt("dataset", d.ID, d.Name) }

func (d dataset) completed() bool { return strings.EqualFold(d.Status, "completed") }

// size is how many images the dataset holds; an answer may count more than it
// lists.
func (d dataset) size() int {
	if d.Count == nil {
		return len(d.Images)
	}
	return max(*d.Count, len(d.Images))
}

// recaptioning reports whether captions that were asked for anew are not all
// there yet.
func (d dataset) recaptioning() bool { return plainState(d.Captions) == stateInProgress }

// image is a picture of a dataset.
type image struct {
	ID      json.Number `json:"id"`
	Name    string      `json:"image_name"`
	Caption *string     `json:"caption"`
	Source  string      `json:"caption_source"`
}

// Check reports an answer without an id.
func (i *image) Check() error { return wantID(i.ID) }

func (i image) receipt() providers.Receipt { return receipt("image", i.ID, i.Name) }

// caption is how the image's caption stands.
func (i image) caption() providers.CaptionStanding {
	text := ""
	if i.Caption != nil {
		text = *i.Caption
	}
	return providers.CaptionStands(text, i.Source)
}

type model struct {
	ID      json.Number `json:"id"`
	Name    string      `json:"name"`
	Status  string      `json:"status"`
	Version string      `json:"training_version"`
	Project json.Number `json:"project_id"`
	Dataset json.Number `json:"dataset_id"`
}

// Check reports an answer that doesn't say which model it is, or its state.
func (m *model) Check() error {
	if m.Status == "" {
		return providers.Errorf("it holds no status")
	}
	return wantID(m.ID)
}

func (m model) receipt() providers.Receipt { return receipt("model", m.ID, m.Name) }

// started is the receipt of the model's training.
func (m model) started() providers.Receipt { return receipt("training", m.ID, m.Name) }

// The states of a model, as they are compared.
const (
	stateCreated    = "created"
	stateInProgress = "inprogress"
	stateCompleted  = "completed"
	stateFailed     = "failed"
	stateStopping   = "stopping"
	stateStopped    = "stopped"
)

func (m model) state() string { return plainState(m.Status) }

// plainState is a status without case, spaces, hyphens and underscores.
func plainState(status string) string {
	return strings.NewReplacer(" ", "", "_", "", "-", "").Replace(strings.ToLower(status))
}

// described is the model as Maquette keeps it.
func (m model) described(title string) providers.Model {
	return providers.Model{
		RemoteID: m.ID.String(), Title: title, Type: tailored + strings.ToLower(m.Version), Family: "Bria",
	}
}

// tailored begins the type of every model of Bria's; its version follows.
const tailored = "tailored "

func deleted(status string) bool { return strings.EqualFold(status, "deleted") }

// receipt names what was created: the ids of Bria's kinds of things overlap.
func receipt(kind string, id json.Number, title string) providers.Receipt {
	return providers.Receipt{ID: kind + "/" + id.String(), Title: title}
}

// number is the id at Bria of what a receipt is for.
func number(r providers.Receipt) json.Number { return json.Number(path.Base(r.ID)) }

// trainingState is the answer to starting and stopping a training.
type trainingState struct {
	ID json.Number `json:"id"`
}

// Check reports an answer without an id.
func (s *trainingState) Check() error { return wantID(s.ID) }

// generated is the answer of a generation: one element a picture.
type generated struct {
	Results []result `json:"result"`
}

type result struct {
	URLs []string    `json:"urls"`
	Seed json.Number `json:"seed,omitempty"`
	UUID string      `json:"uuid,omitempty"`
}

// Check reports an answer without any link to a picture.
func (g *generated) Check() error {
	for _, r := range g.Results {
		if slices.ContainsFunc(r.URLs, func(link string) bool { return link != "" }) {
			return nil
		}
	}
	return providers.Errorf("it holds no link to a picture")
}

// document is what a call shows of an answer.
type document = httpapi.Object
