// The calls about Bria's models.

package bria

import (
	"cmp"
	"context"

	"github.com/maquette-studio/maquette/providers"
)

func modelCalls() []providers.Call {
	return []providers.Call{
		{
			ID: "bria/models", Title: "Models",
			Help: "Lists all models, of every project.",
			Do: checked(func(ctx context.Context, c client, _ providers.Values) (any, error) {
				return get[[]document](ctx, c, "listing models", modelsPath, nil)
			}),
		},
		{
			ID: "bria/project-models", Title: "A project's models", Fields: []providers.Field{projectID()},
			Help: "Lists a project's models.",
			Do: checked(func(ctx context.Context, c client, v providers.Values) (any, error) {
				return get[[]document](ctx, c, "listing models", projectPath(v)+"/models", nil)
			}),
		},
		{
			ID: "bria/model-create", Title: "Create model",
			Help: "Creates a model from a dataset, to be trained. A dataset can train several, light and max.",
			Fields: []providers.Field{
				datasetID(),
				required(text("name", "Name", "The model's name.")),
				{
					Key: "training_version", Label: "Version", Kind: providers.Choice, Options: versions, Default: versionLight, Required: true,
					Help: "Light generates fast and can follow guidance pictures. Max keeps finer detail, without either; not for photography.",
				},
				text("description", "Description", "A note about the model."),
			},
			Do: checked(func(ctx context.Context, c client, v providers.Values) (any, error) {
				if err := c.fits(ctx, v); err != nil {
					return nil, err
				}
				body := some(v, "name", "training_version", "description")
				body["dataset_id"] = idOf(v, "dataset_id")
				return post[document](ctx, c, "creating the model", modelsPath, body)
			}, filled("name")),
		},
		{
			ID: "bria/model", Title: "Model", Fields: []providers.Field{modelID()},
			Help: "Reads one model: its state, its version, the words it was trained with.",
			Do: checked(func(ctx context.Context, c client, v providers.Values) (any, error) {
				return get[document](ctx, c, "reading the model", modelPath(v), nil)
			}),
		},
		{
			ID: "bria/model-update", Title: "Change model",
			Help: "Changes a model's name or description. Its version and dataset stay.",
			Fields: []providers.Field{
				modelID(), text("name", "Name", "The new name."), emptied(text("description", "Description", "The new note.")),
			},
			Do: checked(func(ctx context.Context, c client, v providers.Values) (any, error) {
				return put[document](ctx, c, "changing the model", modelPath(v), some(v, "name", "description"))
			}, something("name", "description"), filled("name")),
		},
		{
			ID: "bria/model-delete", Title: "Delete model", Fields: []providers.Field{modelID()},
			Help:        "Deletes a model.",
			Consequence: "Bria deletes the model: nothing can be generated with it any more. Pictures that Maquette has kept stay.",
			Do: checked(func(ctx context.Context, c client, v providers.Values) (any, error) {
				err := c.remove(ctx, "deleting the model", modelPath(v))
				return removed(v, "model_id", advised(err, modelGoneAdvice))
			}),
		},
		{
			ID: "bria/model-start", Title: "Start training", Fields: []providers.Field{modelID()},
			Help:        "Starts a model's training, which takes 1 to 3 hours and is paid. Its dataset must be completed. Maquette doesn't watch it: the task bria/train does all of it.",
			Consequence: "Bria charges for the training. Once started it can't be started again.",
			Person:      true, Trained: trainedImages,
			Do: checked(func(ctx context.Context, c client, v providers.Values) (any, error) {
				answer, err := post[document](ctx, c, "starting the training", modelPath(v)+"/start_training", nil)
				return answer, advised(unclear(err), startAdvice)
			}),
		},
		{
			ID: "bria/model-stop", Title: "Stop training", Fields: []providers.Field{modelID()},
			Help:        "Stops a model's training.",
			Consequence: "A stopped training can't be resumed: another model has to be created and trained, which is paid again.",
			Do: checked(func(ctx context.Context, c client, v providers.Values) (any, error) {
				answer, err := post[document](ctx, c, "stopping the training", modelPath(v)+"/stop_training", nil)
				return answer, advised(err, stopAdvice)
			}),
		},
	}
}

// fits reads a dataset's project, where the version is not for every medium.
// What can't be read is left to Bria, which refuses the model itself.
func (c client) fits(ctx context.Context, v providers.Values) error {
	if v.Text("training_version") != versionMax {
		return nil
	}
	d, err := c.dataset(ctx, idOf(v, "dataset_id"))
	if err == nil && d.Project != "" {
		var p project
		p, err = c.project(ctx, d.Project)
		if err == nil {
			return providers.Refusal(checkVersion(versionMax, p.Medium))
		}
	}
	if failure, ok := asFailure(err); ok && failure.Garbled {
		return nil
	}
	return atField(err, "dataset_id", providers.Say("There is no dataset of that id."))
}

// trainedImages reads which pictures a model is trained on. They lie at Bria:
// each has the name that it was uploaded under, or its id.
func trainedImages(ctx context.Context, conn providers.Conn, v providers.Values) ([]string, error) {
	if problems := checkID(v, "model_id"); len(problems) > 0 {
		return nil, providers.Refusal(problems)
	}
	c := connect(conn)
	m, err := c.model(ctx, idOf(v, "model_id"))
	if err != nil || m.Dataset == "" {
		return nil, err
	}
	d, err := c.dataset(ctx, m.Dataset)
	if err != nil {
		return nil, err
	}
	images, err := c.imagesOf(ctx, d)
	names := make([]string, len(images))
	for i, img := range images {
		names[i] = cmp.Or(img.Name, img.ID.String())
	}
	return names, err
}

// unclear says how to find out whether a training was started.
func unclear(err error) error {
	failure, ok := asFailure(err)
	if !ok || failure.Outcome != providers.Unclear {
		return err
	}
	told := *failure
	told.Money = providers.MoneyUnknown
	told.Advice = providers.Say("The training may have been started. Look at the model's state before starting it again.")
	told.Remedy = providers.Calling("bria/model", "")
	return &told
}
