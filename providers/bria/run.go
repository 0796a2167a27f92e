// How a training runs: project, dataset, images, captions, model, training.
// Only starting the training is paid; nothing is made twice.

package bria

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/providers"
)

var (
	// gently: polls count against the rate limit, and a training takes hours.
	gently = providers.Pace{First: 10 * time.Second, Most: time.Minute}
	// captionPace: captions take seconds to minutes. They are there when no
	// image is without one,
	captionPace = providers.Pace{First: 3 * time.Second, Most: 20 * time.Second, Over: `sh -c '! grep -Eiq "\"caption_source\": *\"pending\"|\"caption\": *null"'`}
	// and written anew when the dataset says so.
	recaptionPace = providers.Pace{First: 3 * time.Second, Most: 20 * time.Second, Over: `grep -Eiq '"captions_update_status": *"completed"'`}
)

// captionPatience is how long captions are awaited before a person is told.
const captionPatience = time.Hour

// The steps that others than train look at.
const (
	modelStep = "model"
	startStep = "start"
)

type training struct {
	run    *providers.Run
	client client
	values providers.Values
	tag    string // in every name, so that finding the name proves whose it is
}

// source is the dataset to train on, as it was when the job began.
type source struct {
	Project   json.Number `json:"project"`
	Dataset   json.Number `json:"dataset"`
	Completed bool        `json:"completed,omitempty"`
	Prefix    string      `json:"prefix,omitempty"`
}

func train(ctx context.Context, run *providers.Run) error {
	t := training{run: run, client: connect(run.Conn), values: run.Values, tag: tagOf(run.Job)}
	from, err := t.source(ctx)
	if err != nil {
		return err
	}
	if !from.Completed {
		if err := t.fill(ctx, from); err != nil {
			return err
		}
	}
	m, err := t.start(ctx, from)
	if err != nil {
		return err
	}
	if err := t.watch(ctx, m); err != nil {
		return err
	}
	trained := model{ID: m, Version: t.values.Text("training_version")}
	return run.KeepModel(ctx, trained.described(t.values.Text("model_name")))
}

// tagOf is the part of a job's id that tells it from any other.
func tagOf(job string) string {
	const length = 9
	return job[max(0, len(job)-length):]
}

func (t training) named(name string) string { return name + " (" + t.tag + ")" }

func (t training) source(ctx context.Context) (source, error) {
	if t.values.Text("start_from") == fromDataset {
		return t.knownDataset(ctx)
	}
	project, err := t.project(ctx)
	if err != nil {
		return source{}, err
	}
	name := t.values.Text("dataset_name")
	if name == "" {
		name = t.values.Text("model_name")
	}
	name = t.named(name)
	made, err := t.run.Ensure(ctx, "dataset", t.client.findDataset(project, name), func(ctx context.Context) (providers.Receipt, error) {
		d, err := post[dataset](ctx, t.client, "creating the dataset", datasetsPath, map[string]any{"project_id": project, "name": name})
		return d.receipt(), err
	})
	return source{Project: project, Dataset: number(made)}, err
}

func (t training) project(ctx context.Context) (json.Number, error) {
	if t.values.Text("start_from") == fromProject {
		known, err := t.run.Step(ctx, "project", func(ctx context.Context) (providers.Receipt, error) {
			return t.fitting(ctx, idOf(t.values, "project_id"))
		})
		return number(known), err
	}
	body := t.values.Payload(projectFields())
	body["project_name"] = t.named(t.values.Text("project_name"))
	made, err := t.run.Ensure(ctx, "project", t.client.findProject(t.named(t.values.Text("project_name"))), func(ctx context.Context) (providers.Receipt, error) {
		p, err := post[project](ctx, t.client, "creating the project", projectsPath, body)
		return p.receipt(), err
	})
	return number(made), err
}

// fitting reads a project that is there already and holds the training to it.
func (t training) fitting(ctx context.Context, id json.Number) (providers.Receipt, error) {
	p, err := t.client.project(ctx, id)
	if err != nil {
		return providers.Receipt{}, atField(err, "project_id", "There is no project of that id.")
	}
	return p.receipt(), refuse(checkVersion(t.values.Text("training_version"), p.Medium))
}

// knownDataset reads a dataset that is there already, once: this job changes it.
func (t training) knownDataset(ctx context.Context) (from source, err error) {
	known, err := t.run.Step(ctx, "dataset", func(ctx context.Context) (providers.Receipt, error) {
		d, err := t.client.dataset(ctx, idOf(t.values, "dataset_id"))
		if err != nil {
			return providers.Receipt{}, atField(err, "dataset_id", "There is no dataset of that id.")
		}
		if err := refuse(checkDataset(t.values, d, len(t.run.Photos))); err != nil {
			return providers.Receipt{}, err
		}
		if _, err := t.fitting(ctx, d.Project); err != nil {
			return providers.Receipt{}, err
		}
		r := d.receipt()
		r.Answer, err = json.Marshal(source{Project: d.Project, Dataset: d.ID, Completed: d.completed(), Prefix: d.Prefix})
		return r, err
	})
	if err != nil {
		return source{}, err
	}
	return from, json.Unmarshal(known.Answer, &from)
}

// checkDataset holds a training on a dataset that is there already to what the
// dataset still takes.
func checkDataset(v providers.Values, d dataset, photos int) []providers.Problem {
	switch {
	case d.completed() && photos > 0:
		return problem("dataset_id", "is completed, so that no photos can be added; clone it first (bria/dataset-clone), or train without photos")
	case d.completed() && v.Has("caption_prefix") && v.Text("caption_prefix") != d.Prefix:
		return problem("caption_prefix", "can't be changed in a completed dataset; clone it first (bria/dataset-clone)")
	case len(d.Images)+photos == 0:
		return problem("dataset_id", "holds no images; add photos")
	case len(d.Images)+photos > maxImages:
		return problem("dataset_id", "holds %d images already; with %d photos it would have more than %d", len(d.Images), photos, maxImages)
	}
	return nil
}

// fill brings the draft to completion: images, captions, status.
func (t training) fill(ctx context.Context, from source) error {
	images, err := t.upload(ctx, from.Dataset)
	if err != nil {
		return err
	}
	if err := t.caption(ctx, from, images); err != nil {
		return err
	}
	_, err = t.run.Step(ctx, "complete", func(ctx context.Context) (providers.Receipt, error) {
		return providers.Receipt{}, t.client.complete(ctx, from.Dataset)
	})
	return err
}

// upload sends every photo and returns the images' ids in the same order.
func (t training) upload(ctx context.Context, dataset json.Number) ([]json.Number, error) {
	ids := make([]json.Number, len(t.run.Photos))
	for i, photo := range t.run.Photos {
		// The photo's own name stays here.
		name := fmt.Sprintf("%s-%03d", t.tag, i+1)
		made, err := t.run.Ensure(ctx, "image/"+photo.ID, t.client.findImage(dataset, name), func(ctx context.Context) (providers.Receipt, error) {
			t.run.Report(providers.Status{State: providers.Uploading, Step: i + 1, Of: len(ids)})
			content, err := encoded(ctx, photo)
			if err != nil {
				return providers.Receipt{}, err
			}
			body := map[string]any{"file": content, "image_name": name}
			made, err := post[image](ctx, t.client, "uploading a photo", imagesPath(dataset), body)
			return made.receipt(), advised(err, uploadAdvice)
		})
		if err != nil {
			return nil, err
		}
		ids[i] = number(made)
	}
	return ids, nil
}

// caption awaits the automatic captions, has them written anew where the
// prefix changes, and then sets the person's own, which that would undo.
func (t training) caption(ctx context.Context, from source, images []json.Number) error {
	if err := t.await(ctx, "captions", captionPace, t.client.captionsReady(from.Dataset)); err != nil {
		return err
	}
	if prefix := t.values.Text("caption_prefix"); prefix != "" && prefix != from.Prefix {
		if err := t.changePrefix(ctx, from.Dataset, prefix); err != nil {
			return err
		}
	}
	for i, photo := range t.run.Photos {
		text := strings.TrimSpace(photo.Caption)
		if text == "" || !t.values.Bool("use_captions") {
			continue
		}
		_, err := t.run.Step(ctx, "caption/"+photo.ID, func(ctx context.Context) (providers.Receipt, error) {
			t.run.Report(providers.Status{State: providers.Running, Step: i + 1, Of: len(images), Note: "Setting your captions"})
			path := imagesPath(from.Dataset) + "/" + images[i].String()
			_, err := put[image](ctx, t.client, "setting a caption", path, map[string]any{"caption": text})
			return providers.Receipt{}, advised(err, captionAdvice)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (t training) changePrefix(ctx context.Context, id json.Number, prefix string) error {
	_, err := t.run.Step(ctx, "prefix", func(ctx context.Context) (providers.Receipt, error) {
		_, err := put[dataset](ctx, t.client, "setting the caption prefix", datasetsPath+"/"+id.String(), map[string]any{"caption_prefix": prefix})
		return providers.Receipt{}, advised(err, datasetAdvice)
	})
	if err != nil {
		return err
	}
	_, err = t.run.Step(ctx, "recaption", func(ctx context.Context) (providers.Receipt, error) {
		_, err := put[dataset](ctx, t.client, "writing the captions anew", imagesPath(id), nil)
		return providers.Receipt{}, advised(err, captionAdvice)
	})
	if err != nil {
		return err
	}
	return t.await(ctx, "recaptioned", recaptionPace, t.client.captionsUpdated(id))
}

// await polls until captions are there, and remembers it: afterwards the
// dataset may go without the training noticing.
func (t training) await(ctx context.Context, step string, pace providers.Pace, ready func(context.Context) (providers.Status, error)) error {
	_, err := t.run.Step(ctx, step, func(ctx context.Context) (providers.Receipt, error) {
		since := time.Now()
		return providers.Receipt{}, t.run.Watch(ctx, pace, func(ctx context.Context) (providers.Status, error) {
			status, err := ready(ctx)
			if err == nil && !status.Done && time.Since(since) > captionPatience {
				return status, &providers.Failure{
					Kind: providers.BadResult, Message: "Bria has not captioned every photo within an hour.",
					Advice: "Retry goes on waiting and sends nothing twice. If it stays, look at the dataset at " + console + ".",
				}
			}
			return status, err
		})
	})
	return err
}

// captionsReady reports whether every image of a dataset has a caption.
func (c client) captionsReady(id json.Number) func(context.Context) (providers.Status, error) {
	return func(ctx context.Context) (providers.Status, error) {
		images, err := c.images(ctx, id)
		if err != nil {
			return providers.Status{}, err
		}
		return captionStatus(images), nil
	}
}

func captionStatus(images []image) providers.Status {
	status := providers.Status{State: providers.Running, Fraction: -1, Of: len(images), Note: "Bria writes captions"}
	for _, i := range images {
		if i.captioned() {
			status.Step++
		}
	}
	status.Done = status.Step == status.Of
	return status
}

// captionsUpdated reports whether captions that were asked for anew are there.
func (c client) captionsUpdated(id json.Number) func(context.Context) (providers.Status, error) {
	return func(ctx context.Context) (providers.Status, error) {
		d, err := c.dataset(ctx, id)
		if err != nil {
			return providers.Status{}, err
		}
		status := captionStatus(d.Images)
		status.Done = status.Done && strings.EqualFold(d.Captions, "completed")
		return status, nil
	}
}

// complete marks the dataset as ready to be trained on; one that is already
// may refuse it.
func (c client) complete(ctx context.Context, id json.Number) error {
	_, err := put[dataset](ctx, c, "completing the dataset", datasetsPath+"/"+id.String(), map[string]any{"status": "completed"})
	if status(err) != http.StatusConflict {
		return err
	}
	d, readErr := c.dataset(ctx, id)
	switch {
	case readErr != nil:
		return readErr
	case d.completed():
		return nil
	}
	return advised(err, datasetAdvice)
}
