// The calls about Bria's datasets.

package bria

import (
	"context"
	"net/url"

	"github.com/maquette-studio/maquette/providers"
)

func datasetCalls() []providers.Call {
	return []providers.Call{
		{
			ID: "bria/datasets", Title: "Datasets",
			Help: "Lists all datasets, of every project.",
			Do: checked(func(ctx context.Context, c client, _ providers.Values) (any, error) {
				return get[[]document](ctx, c, "listing datasets", datasetsPath, nil)
			}),
		},
		{
			ID: "bria/project-datasets", Title: "A project's datasets",
			Help: "Lists a project's datasets, with the models trained on each where asked for.",
			Fields: []providers.Field{
				projectID(),
				{Key: "include_models", Label: "With models", Kind: providers.Bool, Default: false, Help: "Shows the models that use each dataset."},
				{Key: "include_models_ids", Label: "With models' ids", Kind: providers.Bool, Default: false, Help: "Shows the ids of the models that use each dataset."},
			},
			Do: checked(func(ctx context.Context, c client, v providers.Values) (any, error) {
				query := url.Values{}
				for _, key := range []string{"include_models", "include_models_ids"} {
					if v.Bool(key) {
						query.Set(key, "true")
					}
				}
				return get[[]document](ctx, c, "listing datasets", projectPath(v)+"/datasets", query)
			}),
		},
		{
			ID: "bria/dataset-create", Title: "Create dataset",
			Help:   "Creates an empty dataset in a project.",
			Fields: []providers.Field{projectID(), required(text("name", "Name", "The dataset's name."))},
			Do: checked(func(ctx context.Context, c client, v providers.Values) (any, error) {
				body := map[string]any{"project_id": idOf(v, "project_id"), "name": v.Text("name")}
				return post[document](ctx, c, "creating the dataset", datasetsPath, body)
			}, filled("name")),
		},
		{
			ID: "bria/dataset", Title: "Dataset", Fields: []providers.Field{datasetID()},
			Help: "Reads one dataset with its pictures and captions.",
			Do: checked(func(ctx context.Context, c client, v providers.Values) (any, error) {
				return get[document](ctx, c, "reading the dataset", datasetPath(v), nil)
			}),
		},
		updateDatasetCall(),
		{
			ID: "bria/dataset-clone", Title: "Clone dataset",
			Help: "Makes a new draft of a dataset, with its pictures and captions, to change it for another training.",
			Fields: []providers.Field{
				datasetID(),
				text("name", "Name", "The new dataset's name. Left empty: “Copy of” and the old one."),
				emptied(text("description", "Description", "The new dataset's note. Left out: the old one.")),
			},
			Do: checked(func(ctx context.Context, c client, v providers.Values) (any, error) {
				return post[document](ctx, c, "cloning the dataset", datasetPath(v)+"/clone", some(v, "name", "description"))
			}, filled("name")),
		},
		{
			ID: "bria/dataset-delete", Title: "Delete dataset", Fields: []providers.Field{datasetID()},
			Help:        "Deletes a dataset with its pictures.",
			Consequence: "Bria deletes the dataset with all its pictures and captions for good. Photos in Maquette stay.",
			Do: checked(func(ctx context.Context, c client, v providers.Values) (any, error) {
				err := c.remove(ctx, "deleting the dataset", datasetPath(v))
				return removed(v, "dataset_id", advised(err, datasetGoneAdvice))
			}),
		},
	}
}

func updateDatasetCall() providers.Call {
	return providers.Call{
		ID: "bria/dataset-update", Title: "Change dataset",
		Help: "Renames a dataset, changes its caption prefix, or completes it so that a model can be trained on it.",
		Fields: []providers.Field{
			datasetID(),
			text("name", "Name", "The new name."),
			emptied(text("caption_prefix", "Caption prefix", "How every caption begins. Have all captions written anew afterwards (bria/images-recaption), before the dataset is completed.")),
			{
				Key: "status", Label: "Status", Kind: providers.Choice, Options: options("draft", "completed"),
				Help: "“completed” allows training and ends all changes: pictures and captions stay as they are then. It takes at least " + counted(leastImages, "picture") + ".",
			},
		},
		Consequence: "A dataset that is completed can't be changed any more; a clone of it can.",
		Do: checked(func(ctx context.Context, c client, v providers.Values) (any, error) {
			answer, err := put[document](ctx, c, "changing the dataset", datasetPath(v), some(v, "name", "caption_prefix", "status"))
			if v.Has("caption_prefix") {
				return answer, advised(err, prefixAdvice)
			}
			return answer, advised(err, statusAdvice)
		}, something("name", "caption_prefix", "status"), filled("name"), prefixBeforeCompletion),
	}
}

// prefixBeforeCompletion leaves room between a new prefix and the completion
// for the captions that it needs.
func prefixBeforeCompletion(v providers.Values) []providers.Problem {
	if v.Has("caption_prefix") && v.Text("status") == "completed" {
		return problem("caption_prefix", "can't be changed while the dataset is completed: change it, have all captions written anew (bria/images-recaption), then complete the dataset")
	}
	return nil
}
