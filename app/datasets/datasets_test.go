package datasets_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/datasets"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

func datasetNames(studio *rooms) []string {
	var names []string
	for _, d := range studio.Datasets.List() {
		names = append(names, d.Name)
	}
	return names
}

func TestDatasetsAreMadeNamedCopiedAndDeleted(t *testing.T) {
	w := newWorld(t)
	studio, closeStudio := w.open()
	addSamples(t, studio, 2)
	first := studio.Datasets.Current()
	cats, err := studio.Datasets.New("  Cats \n")
	noError(t, err)
	if len(studio.Datasets.Photos()) != 0 || studio.Datasets.Current().ID != cats.ID {
		t.Fatalf("the new dataset is %+v", studio.Datasets.Current())
	}
	noError(t, studio.Datasets.Rename(first.ID, "Foxes"))
	copied, err := studio.Datasets.Duplicate(first.ID, "Foxes")
	noError(t, err)
	noError(t, studio.Datasets.SetCaption(studio.Datasets.Current().ID, first.Photos[0].Hash, "only in the copy"))
	if got := datasetNames(studio); !slices.Equal(got, []string{"Foxes", "Cats", "Foxes (2)"}) {
		t.Errorf("the datasets are %q", got)
	}
	noError(t, studio.Datasets.Choose(first.ID))
	if studio.Datasets.Photos()[0].Caption == "only in the copy" {
		t.Error("the copy's caption is the original's")
	}
	noError(t, studio.Datasets.Delete(first.ID))
	if studio.Datasets.Current().ID != cats.ID || len(studio.Datasets.List()) != 2 {
		t.Errorf("after deleting, the dataset is %+v", studio.Datasets.Current())
	}
	noError(t, studio.Datasets.Restore(first.ID))
	if d := studio.Datasets.Current(); d.Name != "Foxes" || len(d.Photos) != 2 {
		t.Errorf("the dataset restored is %+v", d)
	}
	noError(t, studio.Datasets.Delete(cats.ID))
	noError(t, studio.Datasets.Choose(copied.ID))
	closeStudio()

	again, _ := w.open()
	if d := again.Datasets.Current(); d.ID != copied.ID || len(d.Photos) != 2 || d.Photos[0].Caption != "only in the copy" {
		t.Errorf("after a restart the dataset is %+v", d)
	}
	if got := datasetNames(again); !slices.Equal(got, []string{"Foxes", "Foxes (2)"}) {
		t.Errorf("after a restart the datasets are %q", got)
	}
}

func TestThereIsAlwaysADataset(t *testing.T) {
	studio, _ := newWorld(t).open()
	addSamples(t, studio, 1)
	id := studio.Datasets.Current().ID
	noError(t, studio.Datasets.Delete(id))
	if d := studio.Datasets.Current(); len(d.Photos) != 0 || len(studio.Datasets.List()) != 1 {
		t.Errorf("it is %+v", d)
	}
	noError(t, studio.Datasets.Restore(id))
	if len(studio.Datasets.List()) != 1 || len(studio.Datasets.Photos()) != 1 {
		t.Errorf("restored: %+v", studio.Datasets.List())
	}
}

func TestDatasetsRefuseBadNamesAndUnknownIDs(t *testing.T) {
	studio, _ := newWorld(t).open()
	id := studio.Datasets.Current().ID
	for _, name := range []string{"", " \n ", strings.Repeat("x", 81)} {
		if _, err := studio.Datasets.New(name); err == nil {
			t.Errorf("a dataset may be called %q", name)
		}
		if err := studio.Datasets.Rename(id, name); err == nil {
			t.Errorf("a dataset may be renamed %q", name)
		}
	}
	for what, err := range map[string]error{
		"choose": studio.Datasets.Choose("none"), "rename": studio.Datasets.Rename("none", "x"),
		"delete": studio.Datasets.Delete("none"), "restore": studio.Datasets.Restore("none"),
		"put back": studio.Datasets.PutBack(datasets.Dataset{ID: "none"}),
	} {
		if err == nil {
			t.Errorf("%s works on a dataset that isn't there", what)
		}
	}
	if len(studio.Datasets.List()) != 1 {
		t.Errorf("there are %q", datasetNames(studio))
	}
}

// oldDraft is the dataset as versions before named datasets stored it.
type oldDraft struct {
	Photos []photo.Photo `json:"photos"`
}

func TestTheDraftOfOlderVersionsIsTheFirstDataset(t *testing.T) {
	w := newWorld(t)
	studio, closeStudio := w.open()
	taken := photos(t, studio, 3)
	closeStudio()
	db, err := storage.Open(storage.LayoutAt(w.dir).DB)
	noError(t, err)
	table := storage.NewTable[oldDraft]("datasets")
	noError(t, db.Update(func(tx *storage.Tx) error { return table.Put(tx, "draft", oldDraft{taken}) }))
	noError(t, db.Close())

	again, _ := w.open()
	if d := again.Datasets.Current(); d.Name != "My photos" || len(d.Photos) != 3 {
		t.Errorf("the dataset is %+v", d)
	}
	if _, err := again.Datasets.New("Another"); err != nil || !slices.Equal(datasetNames(again), []string{"My photos", "Another"}) {
		t.Errorf("the datasets are %q, %v", datasetNames(again), err)
	}
}

func TestPhotosGoToTheDatasetTheyWereAddedTo(t *testing.T) {
	studio, _ := newWorld(t).open()
	first := studio.Datasets.Current().ID
	_, err := studio.Datasets.AddPhotos(t.Context(), samplePhotos(t, 3), func(done, _ int) {
		if done == 1 {
			if _, err := studio.Datasets.New("Another"); err != nil {
				t.Error(err)
			}
		}
	})
	noError(t, err)
	if len(studio.Datasets.Photos()) != 0 {
		t.Error("photos went to the dataset chosen meanwhile")
	}
	noError(t, studio.Datasets.Choose(first))
	if len(studio.Datasets.Photos()) != 3 {
		t.Errorf("%d photos arrived", len(studio.Datasets.Photos()))
	}
}

func TestEditsThatMakeNoSenseAreRefused(t *testing.T) {
	studio, _ := newWorld(t).open()
	addSamples(t, studio, 1)
	p := studio.Datasets.Photos()[0]
	const huge = int(^uint(0) >> 1)
	for _, edit := range []photo.Edit{
		{Crop: photo.Crop{X: -1, W: 10, H: 10}},
		{Crop: photo.Crop{W: p.Width + 1, H: 10}},
		{Crop: photo.Crop{X: huge, Y: huge, W: huge, H: huge}},
		{Crop: photo.Crop{X: 5}},
		{MinEdge: 4 * p.Width},
		{MinEdge: -1},
		{Background: "white"},
		{Background: "#fffffg"},
		{Background: "ffffff"},
	} {
		if _, err := studio.Datasets.SetEdits(map[string]photo.Edit{p.Hash: edit}); err == nil || studio.Datasets.Photos()[0].Edit != (photo.Edit{}) {
			t.Errorf("%+v is taken: %v", edit, err)
		}
	}
	for _, ref := range []string{p.Ref() + "?", p.Ref() + "?1,2", p.Ref() + "?a,b,c,d,e,f", p.Ref() + "?0,0,99999,99999,0,"} {
		if _, err := studio.Library.Thumbnail(t.Context(), ref, 32); err == nil {
			t.Errorf("%s has a thumbnail", ref)
		}
	}
}

func TestFixesFollowTheRules(t *testing.T) {
	rules := providers.PhotoRules{MinEdge: 1024, Flatten: true}
	for name, row := range map[string]struct {
		p      photo.Photo
		kinds  []datasets.FixKind
		reason string
	}{
		"fits":          {photo.Photo{Width: 1200, Height: 1200}, nil, ""},
		"a little less": {photo.Photo{Width: 800, Height: 800}, []datasets.FixKind{datasets.FixResize}, ""},
		"far too small": {photo.Photo{Width: 500, Height: 500}, []datasets.FixKind{datasets.FixResize}, "2.0 times"},
		"oblong":        {photo.Photo{Width: 1600, Height: 1200}, []datasets.FixKind{datasets.FixSquare}, ""},
		"transparent":   {photo.Photo{Width: 1200, Height: 1200, HasAlpha: true}, []datasets.FixKind{datasets.FixFlatten}, ""},
		"everything":    {photo.Photo{Width: 900, Height: 1000, HasAlpha: true}, []datasets.FixKind{datasets.FixResize, datasets.FixFlatten, datasets.FixSquare}, ""},
		"mended": {
			photo.Photo{Width: 900, Height: 1000, HasAlpha: true, Edit: photo.Edit{Crop: photo.Crop{Y: 50, W: 900, H: 900}, Background: "#ffffff", MinEdge: 1024}},
			nil, "",
		},
	} {
		mends := datasets.Fixes(rules, row.p)
		var kinds []datasets.FixKind
		for _, m := range mends {
			kinds = append(kinds, m.Kind)
			if m.Reason.IsZero() {
				mended := row.p
				mended.Edit = m.Edit
				if w, h := mended.Size(); min(w, h) != m.Edge {
					t.Errorf("%s: %s promises %d pixels and gives %d × %d", name, m.Kind, m.Edge, w, h)
				}
			}
		}
		if !slices.Equal(kinds, row.kinds) {
			t.Errorf("%s: the mends are %q", name, kinds)
		}
		if row.reason != "" && !strings.Contains(mends[0].Reason.String(), row.reason) || row.reason == "" && len(mends) > 0 && !mends[0].Reason.IsZero() {
			t.Errorf("%s: the reason is %q", name, mends[0].Reason)
		}
	}
	if len(datasets.Fixes(providers.PhotoRules{}, photo.Photo{Width: 10, Height: 10, HasAlpha: true})) != 0 {
		t.Error("a mend is offered where no rule asks for it")
	}
}

func TestAFixTakesAwayItsWarning(t *testing.T) {
	rules := providers.PhotoRules{MinEdge: 1024, Flatten: true}
	p := photo.Photo{Hash: "a", Width: 900, Height: 900, HasAlpha: true}
	for _, want := range []datasets.Level{datasets.Error, datasets.Warning, datasets.OK} {
		verdicts, _ := datasets.Fitness(rules, []photo.Photo{p})
		if verdicts[0].Level != want {
			t.Fatalf("with %+v the photo is %+v", p.Edit, verdicts[0])
		}
		if mends := datasets.Fixes(rules, p); len(mends) > 0 {
			p.Edit = mends[0].Edit
		}
	}
}

func TestACropKeepsEnlargingOnlyWhereItIsSensible(t *testing.T) {
	p := photo.Photo{Width: 900, Height: 900, Edit: photo.Edit{MinEdge: 1024, Background: "#000000"}}
	if edit := p.Cropped(photo.Crop{W: 800, H: 800}); edit.MinEdge != 1024 || edit.Background != "#000000" {
		t.Errorf("a large crop gives %+v", edit)
	}
	if edit := p.Cropped(photo.Crop{W: 300, H: 300}); edit.MinEdge != 0 {
		t.Errorf("a small crop gives %+v", edit)
	}
	if edit := p.Cropped(photo.Crop{W: 900, H: 900}); edit.Crop != (photo.Crop{}) {
		t.Errorf("a crop to everything gives %+v", edit)
	}
}

func TestTransparencyIsNoticedAndFlattened(t *testing.T) {
	studio, _ := newWorld(t).open()
	var file bytes.Buffer
	noError(t, png.Encode(&file, image.NewNRGBA(image.Rect(0, 0, 40, 40))))
	path := filepath.Join(t.TempDir(), "clear.png")
	noError(t, os.WriteFile(path, file.Bytes(), 0o600))
	_, err := studio.Datasets.AddPhotos(t.Context(), []string{path}, nil)
	noError(t, err)
	p := studio.Datasets.Photos()[0]
	if !p.HasAlpha {
		t.Fatal("the transparency isn't noticed")
	}
	_, err = studio.Datasets.SetEdits(map[string]photo.Edit{p.Hash: {Background: "#ff0000"}})
	noError(t, err)
	thumb, err := studio.Library.Thumbnail(t.Context(), studio.Datasets.Photos()[0].EditedRef(), 16)
	noError(t, err)
	if got := color.NRGBAModel.Convert(thumb.At(5, 5)).(color.NRGBA); got.R < 250 || got.G > 5 {
		t.Errorf("it is flattened onto %v", got)
	}
}

func TestTheBestPhotosAreSharpAndDifferent(t *testing.T) {
	list := []photo.Photo{
		{Hash: "blurred", PerceptualHash: 0xff, Sharpness: 4},
		{Hash: "sharp", PerceptualHash: 0xff, Sharpness: 200},
		{Hash: "other", PerceptualHash: ^uint64(0xff), Sharpness: 90},
	}
	if got := datasets.PickBest(list, 2); !slices.Equal(got, []string{"sharp", "other"}) {
		t.Errorf("the best are %q", got)
	}
}
