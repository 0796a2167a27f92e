// The fields of Bria's training and of its projects, with the documents'
// ranges and defaults.

package bria

import (
	"slices"

	"github.com/maquette-studio/maquette/providers"
)

// What a training starts from.
const (
	fromNew     = "new"
	fromProject = "project"
	fromDataset = "dataset"
)

// The media of a project.
const (
	illustration = "illustration"
	photography  = "photography"
)

// The types of a project's IP that need more than a name.
const (
	definedCharacter = "defined_character"
	objectVariants   = "object_variants"
)

var ipTypes = []providers.Option{
	{Value: definedCharacter, Label: "Defined character"},
	{Value: "character_variants", Label: "Character variants"},
	{Value: "multi_object_set", Label: "Multi-object set"},
	{Value: objectVariants, Label: "Object variants"},
	{Value: "icons", Label: "Icons"},
	{Value: "stylized_scene", Label: "Stylized scene"},
	{Value: "other", Label: "Other"},
}

var mediums = []providers.Option{
	{Value: illustration, Label: "Illustration"}, {Value: photography, Label: "Photography (beta)"},
}

var versions = []providers.Option{{Value: versionLight, Label: "Light version"}, {Value: versionMax, Label: "Max version"}}

func trainingFields() []providers.Field {
	start := []providers.Field{
		{
			Key: "model_name", Label: "Model name", Kind: providers.Text, Required: true,
			Help: "What the model is called, here and at Bria.",
		},
		{
			Key: "training_version", Label: "Version", Kind: providers.Choice, Default: versionLight, Options: versions, Required: true,
			Help: "Light generates fast and can follow guidance pictures. Max keeps finer detail and follows prompts better, without either; not for photography.",
		},
		{
			Key: "start_from", Label: "Start from", Kind: providers.Choice, Default: fromNew, Local: true,
			Options: []providers.Option{
				{Value: fromNew, Label: "A new project"},
				{Value: fromProject, Label: "A project at Bria"},
				{Value: fromDataset, Label: "A dataset at Bria"},
			},
			Help: "A project holds one character, set or style. Choose one that is there already to train it again, with new photos or with a dataset's.",
		},
		shownWith("start_from", projectID(), fromProject),
		shownWith("start_from", idField("dataset_id", "Dataset",
			"The dataset's id. Photos are added while it is a draft; a completed one is trained on as it is, without photos.", listedDatasets), fromDataset),
	}
	project := projectFields()
	for i := range project {
		if project[i].When == nil {
			project[i] = shownWith("start_from", project[i], fromNew)
		}
	}
	return slices.Concat(start, project, []providers.Field{
		shownWith("start_from", providers.Field{
			Key: "dataset_name", Label: "Dataset name", Kind: providers.Text, Advanced: true,
			Help: "What the dataset is called at Bria. Left empty: as the model.",
		}, fromNew, fromProject),
		{
			Key: "caption_prefix", Label: "Caption prefix", Kind: providers.Text, Advanced: true,
			Help: "How every caption begins. Left empty, Bria writes one, which is advised for a first training. Given, every caption in the dataset is written anew to fit it.",
		},
		{
			Key: "use_captions", Label: "Use captions", Kind: providers.Bool, Default: true, Local: true,
			Help: "Replaces Bria's automatic captions by the photos' own, where they have one. They go on from the caption prefix.",
		},
		{
			Key: "model_description", Label: "Model description", Kind: providers.Text, Advanced: true,
			Help: "A note about the model, shown at Bria.",
		},
	})
}

// projectFields are what a new project is made of.
func projectFields() []providers.Field {
	return []providers.Field{
		{
			Key: "project_name", Label: "Project name", Kind: providers.Text, Required: true,
			Help: "What the project is called at Bria.",
		},
		{
			Key: "ip_medium", Label: "Medium", Kind: providers.Choice, Default: illustration, Options: mediums, Required: true,
			Help: "Whether the pictures are illustrations or photographs. Photography takes defined characters, stylized scenes and others only.",
		},
		{
			Key: "ip_type", Label: "Type", Kind: providers.Choice, Default: definedCharacter, Options: ipTypes, Required: true,
			Help: "What the pictures have in common: one character, several built alike, objects of one style, variations of one object, icons, scenes, or something else.",
		},
		shownWith("ip_type", providers.Field{
			Key: "ip_name", Label: "Character's name", Kind: providers.Text, Required: true,
			Help: "1 to 3 words, such as “Captain Smith”. Prompts use it later.",
		}, definedCharacter),
		shownWith("ip_type", providers.Field{
			Key: "ip_description", Label: "Description", Kind: providers.Text, Required: true,
			Help: "Up to 6 words with what sets it apart most, such as “a female character with purple hair”.",
		}, definedCharacter, objectVariants),
		{
			Key: "project_description", Label: "Project description", Kind: providers.Text, Advanced: true,
			Help: "A note about the project, shown at Bria.",
		},
	}
}

// shownWith shows a field only while another holds one of the values.
func shownWith(key string, field providers.Field, in ...string) providers.Field {
	field.When = &providers.Condition{Key: key, In: in}
	return field
}

// What there is at Bria to choose from.
var (
	listedProjects = &providers.Listing{Call: "bria/projects", Value: "id", Title: "project_name"}
	listedDatasets = &providers.Listing{Call: "bria/datasets", Value: "id", Title: "name"}
	listedModels   = &providers.Listing{Call: "bria/models", Value: "id", Title: "name"}
)

func idField(key, label, help string, listed *providers.Listing) providers.Field {
	return providers.Field{Key: key, Label: label, Kind: providers.Text, Required: true, Help: help, Listed: listed, Remote: true}
}

func options(values ...string) []providers.Option {
	out := make([]providers.Option, len(values))
	for i, value := range values {
		out[i] = providers.Option{Value: value}
	}
	return out
}
