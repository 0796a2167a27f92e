// How a training runs: project, dataset, images, captions, model, training.
// Only starting the training is paid; nothing is made twice.

package bria

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/maquette-studio/maquette/providers"
)

// gently: polls count against the rate limit, and a training takes hours.
var gently = providers.Pace{First: 10 * time.Second, Most: time.Minute}

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
	if from.Completed {
		err = t.doubtCaptions(ctx, from.Dataset)
	} else {
		err = t.fill(ctx, from)
	}
	if err != nil {
		return err
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
			return t.fitting(ctx, idOf(t.values, "project_id"), "project_id")
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
// field is where the person chose the project, or what lies in it.
func (t training) fitting(ctx context.Context, id json.Number, field string) (providers.Receipt, error) {
	p, err := t.client.project(ctx, id)
	if err != nil {
		return providers.Receipt{}, atField(err, field, providers.Say("Bria has no project %s.", id))
	}
	return p.receipt(), providers.Refusal(checkVersion(t.values.Text("training_version"), p.Medium))
}

// knownDataset reads a dataset that is there already, once: this job changes it.
func (t training) knownDataset(ctx context.Context) (from source, err error) {
	known, err := t.run.Step(ctx, "dataset", func(ctx context.Context) (providers.Receipt, error) {
		d, err := t.client.dataset(ctx, idOf(t.values, "dataset_id"))
		if err != nil {
			return providers.Receipt{}, atField(err, "dataset_id", providers.Say("There is no dataset of that id."))
		}
		if d.Count == nil { // the answer may just not show them
			if d.Images, err = t.client.imagesOf(ctx, d); err != nil {
				return providers.Receipt{}, err
			}
		}
		if err := providers.Refusal(checkDataset(t.values, d, len(t.run.Photos))); err != nil {
			return providers.Receipt{}, clonable(err, d)
		}
		if _, err := t.fitting(ctx, d.Project, "dataset_id"); err != nil {
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
	case d.Project == "":
		return problem("dataset_id", "belongs to no project that Bria names; look at it at %s", console)
	case d.completed() && photos > 0:
		return problem("dataset_id", "is completed, so that no photos can be added; clone it first, or train without photos")
	case d.completed() && v.Has("caption_prefix") && v.Text("caption_prefix") != d.Prefix:
		return problem("caption_prefix", "can't be changed in a completed dataset; clone it first")
	case d.size()+photos == 0:
		return problem("dataset_id", "holds no pictures; add photos")
	case d.size()+photos > mostImages:
		return problem("dataset_id", "holds %d pictures already; with %d photos it would have more than %d", d.size(), photos, mostImages)
	}
	return nil
}

// clonable leads from what a completed dataset refuses to its clone.
func clonable(err error, d dataset) error {
	failure, ok := asFailure(err)
	if !ok || !d.completed() {
		return err
	}
	told := *failure
	told.Remedy = providers.Calling("bria/"+cloneCall, "")
	return &told
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
			return nil, t.about(i, err)
		}
		ids[i] = number(made)
	}
	return ids, nil
}

// about says in the failure of a photo that was refused which one it is. Its
// name is for the person's eyes: it stays on this computer.
func (t training) about(i int, err error) error {
	failure, ok := asFailure(err)
	if !ok || failure.Kind != providers.InvalidInput && failure.Kind != providers.RefusedContent {
		return err
	}
	told := *failure
	told.Message = providers.Say("Photo %d of %d, %s: %s", i+1, len(t.run.Photos), t.run.Photos[i].Name, failure.Message)
	return &told
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
	return advised(err, incompleteAdvice)
}
