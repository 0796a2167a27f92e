// What the service's calls answer, read leniently: ids are numbers or texts,
// anything may be missing or null, statuses are compared without regard to
// case and separators.

package remote

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/maquette-studio/maquette/providers"
)

// wireID is an id as it is answered: a number, a text or null.
type wireID ID

// UnmarshalJSON reads any of them.
func (id *wireID) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	if bytes.ContainsAny(data[:1], "{[tf") {
		return fmt.Errorf("%s is no id", data)
	}
	*id = wireID(bytes.Trim(data, `"`))
	return nil
}

type wireProject struct {
	ID            wireID `json:"id"`
	Name          string `json:"project_name"`
	Note          string `json:"project_description"`
	Character     string `json:"ip_name"`
	CharacterNote string `json:"ip_description"`
	Medium        string `json:"ip_medium"`
	Type          string `json:"ip_type"`
	Status        string `json:"status"`
}

func (w wireProject) read() Project {
	return Project{
		ID: ID(w.ID), Name: shown(w.Name), Note: shown(w.Note), Character: shown(w.Character), CharacterNote: shown(w.CharacterNote),
		Medium: strings.ToLower(shown(w.Medium)), Type: strings.ToLower(shown(w.Type)), Status: statusOf(w.Status),
	}
}

type wireDataset struct {
	ID       wireID      `json:"id"`
	Project  wireID      `json:"project_id"`
	Name     string      `json:"name"`
	Prefix   string      `json:"caption_prefix"`
	Status   string      `json:"status"`
	Captions string      `json:"captions_update_status"`
	Count    *int        `json:"images_count"`
	Images   []wireImage `json:"images"`
	Models   []wireID    `json:"model_ids"`
}

func (w wireDataset) read() Dataset {
	d := Dataset{
		ID: ID(w.ID), Project: ID(w.Project), Name: shown(w.Name), Prefix: w.Prefix, Status: statusOf(w.Status),
		Recaptioning: statusOf(w.Captions) == InTraining, Count: w.Count, Images: readAll(w.Images, wireImage.read),
	}
	for _, id := range w.Models {
		d.Models = append(d.Models, ID(id))
	}
	return d
}

type wireImage struct {
	ID        wireID `json:"id"`
	Name      string `json:"image_name"`
	Caption   string `json:"caption"`
	Source    string `json:"caption_source"`
	URL       string `json:"image_url"`
	Thumbnail string `json:"thumbnail_url"`
}

func (w wireImage) read() Image {
	return Image{
		ID: ID(w.ID), Name: shown(w.Name), Caption: w.Caption, Source: Source(strings.ToLower(w.Source)), URL: w.URL, Thumbnail: w.Thumbnail,
	}
}

type wireModel struct {
	ID      wireID `json:"id"`
	Name    string `json:"name"`
	Note    string `json:"description"`
	Status  string `json:"status"`
	Version string `json:"training_version"`
	Prefix  string `json:"generation_prefix"`
	Project wireID `json:"project_id"`
	Dataset wireID `json:"dataset_id"`
}

func (w wireModel) read() Model {
	return Model{
		ID: ID(w.ID), Project: ID(w.Project), Dataset: ID(w.Dataset), Name: shown(w.Name), Note: shown(w.Note),
		Status: statusOf(w.Status), Version: strings.ToLower(shown(w.Version)), Prefix: w.Prefix,
	}
}

func readAll[W, T any](list []W, read func(W) T) []T {
	var all []T
	for _, one := range list {
		all = append(all, read(one))
	}
	return all
}

// shown is a name or a state as it may be shown: on one line, and no longer than
// a line. Captions and their beginnings are whole: they are edited and sent back.
func shown(text string) string {
	return providers.Line(text)
}

var bare = strings.NewReplacer(" ", "", "_", "", "-", "")

// statusOf finds a documented status in any spelling.
func statusOf(word string) Status {
	plain := bare.Replace(strings.ToLower(word))
	for _, status := range []Status{Active, Draft, Completed, Created, InTraining, Stopping, Stopped, Failed, deleted} {
		if plain == bare.Replace(string(status)) {
			return status
		}
	}
	return Status(shown(word))
}
