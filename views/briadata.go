// What lies at Bria as the Models tab shows it, read from what its calls
// answer: ids are numbers or texts, and anything may be missing or null.

package views

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
)

const briaService = "bria"

// briaID is an id as text, whether it is written as a number or as a text.
type briaID string

// UnmarshalJSON reads a number, a text or null.
func (id *briaID) UnmarshalJSON(data []byte) error {
	data = bytes.Trim(bytes.TrimSpace(data), `"`)
	if string(data) != "null" {
		*id = briaID(data)
	}
	return nil
}

type briaProject struct {
	ID            briaID `json:"id"`
	Name          string `json:"project_name"`
	Description   string `json:"project_description"`
	Character     string `json:"ip_name"`
	CharacterNote string `json:"ip_description"`
	Medium        string `json:"ip_medium"`
	Type          string `json:"ip_type"`
	Status        string `json:"status"`
}

type briaDataset struct {
	ID       briaID      `json:"id"`
	Project  briaID      `json:"project_id"`
	Name     string      `json:"name"`
	Prefix   string      `json:"caption_prefix"`
	Status   string      `json:"status"`
	Captions string      `json:"captions_update_status"`
	Count    *int        `json:"images_count"`
	Images   []briaImage `json:"images"`
	ModelIDs []briaID    `json:"model_ids"`
}

func (d briaDataset) completed() bool { return strings.EqualFold(d.Status, "completed") }

type briaImage struct {
	ID        briaID `json:"id"`
	Name      string `json:"image_name"`
	Caption   string `json:"caption"`
	Source    string `json:"caption_source"`
	URL       string `json:"image_url"`
	Thumbnail string `json:"thumbnail_url"`
}

type briaModel struct {
	ID          briaID `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
	Status      string `json:"status"`
	Version     string `json:"training_version"`
	Prefix      string `json:"generation_prefix"`
	Project     briaID `json:"project_id"`
	Dataset     briaID `json:"dataset_id"`
}

// is compares the status as Bria spells it, without case and separators.
func (m briaModel) is(state string) bool {
	return strings.NewReplacer(" ", "", "_", "", "-", "").Replace(strings.ToLower(m.Status)) == state
}

func (m briaModel) inTraining() bool { return m.is("inprogress") || m.is("stopping") }

// briaHoldings is all that lies at Bria, without the images.
type briaHoldings struct {
	projects []briaProject
	datasets []briaDataset
	models   []briaModel
}

// project finds a project; one that Bria doesn't list is empty.
func (h briaHoldings) project(id briaID) briaProject {
	for _, p := range h.projects {
		if p.ID == id {
			return p
		}
	}
	return briaProject{}
}

func (h briaHoldings) dataset(id briaID) (briaDataset, bool) {
	for _, d := range h.datasets {
		if d.ID == id {
			return d, true
		}
	}
	return briaDataset{}, false
}

func (h briaHoldings) model(id briaID) (briaModel, bool) {
	for _, m := range h.models {
		if m.ID == id {
			return m, true
		}
	}
	return briaModel{}, false
}

// briaAsker makes Bria's calls. Its methods belong into workers.
type briaAsker struct{ studio *app.Studio }

// ask makes a call and reads its answer into answer, unless that is nil.
func (a briaAsker) ask(ctx context.Context, call string, values map[string]any, answer any) error {
	said, problems, err := a.studio.Call(ctx, jobs.NewOrder(a.studio.Services(), briaService+"/"+call, values))
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return &providers.Failure{
			Kind: providers.InvalidInput, Message: problems[0].Error(), Field: problems[0].Field,
			Money: providers.NotSpent, Outcome: providers.NotSent,
		}
	}
	if answer == nil {
		return nil
	}
	text, err := json.Marshal(said)
	if err == nil {
		err = json.Unmarshal(text, answer)
	}
	if err != nil {
		return fmt.Errorf("reading what Bria answered: %w", err)
	}
	return nil
}

func deletedAtBria(status string) bool { return strings.EqualFold(status, "deleted") }

// holdings lists everything but what is deleted.
func (a briaAsker) holdings(ctx context.Context) (h briaHoldings, err error) {
	var all briaHoldings
	if err := a.ask(ctx, "projects", nil, &all.projects); err != nil {
		return h, err
	}
	for _, p := range all.projects {
		if p.ID != "" && !deletedAtBria(p.Status) {
			h.projects = append(h.projects, p)
		}
	}
	if len(h.projects) == 0 {
		return h, nil
	}
	if err := a.ask(ctx, "datasets", nil, &all.datasets); err != nil {
		return h, err
	}
	for _, d := range all.datasets {
		if d.ID != "" && !deletedAtBria(d.Status) {
			h.datasets = append(h.datasets, d)
		}
	}
	if err := a.ask(ctx, "models", nil, &all.models); err != nil {
		return h, err
	}
	for _, m := range all.models {
		if m.ID != "" && !deletedAtBria(m.Status) {
			h.models = append(h.models, m)
		}
	}
	return h, nil
}

// dataset reads a dataset with its images.
func (a briaAsker) dataset(ctx context.Context, id briaID) (d briaDataset, err error) {
	if err := a.ask(ctx, "dataset", map[string]any{"dataset_id": string(id)}, &d); err != nil {
		return d, err
	}
	if len(d.Images) == 0 && (d.Count == nil || *d.Count > 0) {
		err = a.ask(ctx, "images", map[string]any{"dataset_id": string(id)}, &d.Images)
	}
	return d, err
}

// images counts a dataset's images.
func (a briaAsker) images(ctx context.Context, d briaDataset) (int, error) {
	if d.Count != nil {
		return *d.Count, nil
	}
	var images []briaImage
	err := a.ask(ctx, "images", map[string]any{"dataset_id": string(d.ID)}, &images)
	return len(images), err
}
