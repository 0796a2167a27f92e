// Reading what lies at the service.

package remote

import "context"

// List lists everything but what is deleted.
func (r *Remote) List(ctx context.Context) (Holdings, error) {
	read := r.Trainings.starts.reading()
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

// Dataset reads a dataset with its images.
func (r *Remote) Dataset(ctx context.Context, id ID) (Dataset, error) { return r.dataset(ctx, id) }

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
