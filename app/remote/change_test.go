package remote_test

import (
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/remote"
	"github.com/maquette-studio/maquette/providers"
)

func TestWhatLiesThereIsChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0.05)
	made := w.fill()
	r, _ := w.open()
	d, err := r.Captions.Await(t.Context(), made.dataset, nil)
	noError(t, err)

	if !remote.PrefixChanged(d, "A drawing of Vix,") || remote.PrefixChanged(d, d.Prefix) || remote.PrefixChanged(d, " "+d.Prefix) || !remote.PrefixChanged(d, "  ") {
		t.Error("which prefixes can be saved is wrong")
	}
	prefix, err := r.Drafts.SavePrefix(t.Context(), made.dataset, " A drawing\nof  Vix, ")
	if err != nil || prefix != "A drawing of Vix," {
		t.Errorf("the prefix is %q, %v", prefix, err)
	}
	if _, err := r.Make(t.Context(), "dataset-update", providers.Values{"dataset_id": string(made.dataset), "name": "Second drawings"}); err != nil {
		t.Fatal(err)
	}
	r.Captions.Type(d, d.Images[0], "never sent")
	if got := r.Drafts.Obstacles(d); len(got) != 1 || got[0] != remote.CaptionsUnsaved {
		t.Errorf("before completing it says %v", got)
	}
	noError(t, r.Drafts.Complete(t.Context(), d))
	if _, typed := r.Captions.Typed(made.image); typed {
		t.Error("what was typed outlives the completion")
	}
	d, err = r.Dataset(t.Context(), made.dataset)
	if err != nil || !d.Completed() || d.Name != "Second drawings" || d.Prefix != prefix {
		t.Errorf("the dataset is %+v, %v", d, err)
	}
	clone, err := r.Make(t.Context(), "dataset-clone", providers.Values{"dataset_id": string(made.dataset), "name": "Third drawings"})
	noError(t, err)
	d, err = r.Dataset(t.Context(), clone)
	if err != nil || d.Name != "Third drawings" || d.Status != remote.Draft || len(d.Images) != 1 {
		t.Errorf("the clone is %+v, %v", d, err)
	}
	noError(t, r.Drafts.DeleteImage(t.Context(), clone, d.Images[0].ID))
	d, err = r.Dataset(t.Context(), clone)
	if err != nil || len(d.Images) != 0 || r.DatasetActions(d).Can(remote.Complete) {
		t.Errorf("without its image the clone is %+v, %v", d, err)
	}
}

func TestValuesThatTheCallRefusesAreNotSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0.05)
	r, _ := w.open()
	_, err := r.Make(t.Context(), "project-create", providers.Values{"project_name": "Foxes"})
	if f := failureOf(t, err); f.Outcome != providers.NotSent || f.Field == "" || !strings.Contains(f.Message.String(), "is required") {
		t.Errorf("refused with %+v", f)
	}
}
