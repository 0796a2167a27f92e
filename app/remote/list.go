// Reading what lies at the service.

package remote

import (
	"context"

	"github.com/maquette-studio/maquette/providers"
)

// List lists everything but what is deleted.
func (r *Remote) List(ctx context.Context) (Holdings, error) {
	read := r.starts.reading()
	var h Holdings
	var err error
	if h.Projects, err = r.projects(ctx); err != nil {
		return Holdings{}, err
	}
	if len(h.Projects) == 0 {
		return h, nil // what there is lies in projects
	}
	if h.Datasets, err = r.datasets(ctx, callDatasets, nil); err != nil {
		return Holdings{}, err
	}
	if h.Models, err = r.models(ctx, callModels, nil); err != nil {
		return Holdings{}, err
	}
	read()
	return h, nil
}

func (r *Remote) projects(ctx context.Context) ([]Project, error) {
	var answer []wireProject
	err := r.ask(ctx, callProjects, nil, &answer)
	return filter(readAll(answer, wireProject.read), func(p Project) bool { return p.ID != "" && p.Status != deleted }), err
}

func (r *Remote) datasets(ctx context.Context, call string, values providers.Values) ([]Dataset, error) {
	var answer []wireDataset
	err := r.ask(ctx, call, values, &answer)
	return filter(readAll(answer, wireDataset.read), func(d Dataset) bool { return d.ID != "" && d.Status != deleted }), err
}

func (r *Remote) models(ctx context.Context, call string, values providers.Values) ([]Model, error) {
	var answer []wireModel
	err := r.ask(ctx, call, values, &answer)
	return filter(readAll(answer, wireModel.read), func(m Model) bool { return m.ID != "" && m.Status != deleted }), err
}

// Dataset reads a dataset with its images.
func (r *Remote) Dataset(ctx context.Context, id ID) (Dataset, error) {
	var answer wireDataset
	if err := r.ask(ctx, callDataset, idIn(KindDataset, id), &answer); err != nil {
		return Dataset{}, err
	}
	d := answer.read()
	d.ID = id
	if d.Count != nil && len(d.Images) >= *d.Count || d.Count == nil && len(d.Images) > 0 {
		return d, nil
	}
	// The answer may show only some of the images, or none.
	images, err := r.images(ctx, id)
	if len(images) > len(d.Images) {
		d.Images = images
	}
	return d, err
}

func (r *Remote) images(ctx context.Context, dataset ID) ([]Image, error) {
	var answer []wireImage
	err := r.ask(ctx, callImages, idIn(KindDataset, dataset), &answer)
	return readAll(answer, wireImage.read), err
}

// CountImages says how many images these datasets hold. One whose count can't
// be had is left out.
func (r *Remote) CountImages(ctx context.Context, datasets []Dataset) map[ID]int {
	counts := map[ID]int{}
	for _, d := range datasets {
		if n, err := r.count(ctx, d); err == nil {
			counts[d.ID] = n
		}
	}
	return counts
}

func (r *Remote) count(ctx context.Context, d Dataset) (int, error) {
	if n, known := d.Size(); known {
		return n, nil
	}
	images, err := r.images(ctx, d.ID)
	return len(images), err
}
