package datasets_test

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/maquette-studio/maquette/app/datasets"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/assets"
	"github.com/maquette-studio/maquette/providers"
)

func captions(studio *rooms) []string {
	var all []string
	for _, p := range studio.Datasets.Photos() {
		all = append(all, p.Caption)
	}
	return all
}

// setCaptions gives the dataset's photos captions, in their order.
func setCaptions(t *testing.T, studio *rooms, all ...string) {
	t.Helper()
	given := map[string]string{}
	for i, caption := range all {
		given[studio.Datasets.Photos()[i].Hash] = caption
	}
	_, err := studio.Datasets.SetCaptions(studio.Datasets.Current().ID, given)
	noError(t, err)
}

func TestCaptionsChangeAllAtOnceAndBack(t *testing.T) {
	studio, _ := newWorld(t).open()
	addSamples(t, studio, 3)
	for name, row := range map[string]struct {
		change  func() (map[string]string, error)
		want    []string
		changed int
	}{
		"replace": {func() (map[string]string, error) {
			return studio.Datasets.ReplaceCaptions(studio.Datasets.Current().ID, "cat", "fox")
		}, []string{"a fox, fox food", "", "ukj, a dog"}, 1},
		"take out": {func() (map[string]string, error) {
			return studio.Datasets.ReplaceCaptions(studio.Datasets.Current().ID, "a ", "")
		}, []string{"cat, cat food", "", "ukj, dog"}, 2},
		"nothing": {func() (map[string]string, error) {
			return studio.Datasets.ReplaceCaptions(studio.Datasets.Current().ID, "", "x")
		}, []string{"a cat, cat food", "", "ukj, a dog"}, 0},
		"in front": {func() (map[string]string, error) {
			return studio.Datasets.PrefixCaptions(studio.Datasets.Current().ID, "ukj, ")
		}, []string{"ukj, a cat, cat food", "ukj,", "ukj, a dog"}, 2},
		"behind": {func() (map[string]string, error) {
			return studio.Datasets.SuffixCaptions(studio.Datasets.Current().ID, "dog")
		}, []string{"a cat, cat food dog", "dog", "ukj, a dog"}, 2},
		"with a comma": {func() (map[string]string, error) {
			return studio.Datasets.SuffixCaptions(studio.Datasets.Current().ID, ", outside")
		}, []string{"a cat, cat food, outside", ", outside", "ukj, a dog, outside"}, 3},
	} {
		setCaptions(t, studio, "a cat, cat food", "", "ukj, a dog")
		before, err := row.change()
		if err != nil || len(before) != row.changed || !slices.Equal(captions(studio), row.want) {
			t.Errorf("%s: %d changed to %q, %v", name, len(before), captions(studio), err)
		}
		_, err = studio.Datasets.SetCaptions(studio.Datasets.Current().ID, before)
		noError(t, err)
		if got := captions(studio); !slices.Equal(got, []string{"a cat, cat food", "", "ukj, a dog"}) {
			t.Errorf("%s: undone, the captions are %q", name, got)
		}
	}
	for name, row := range map[string]struct {
		change      func(dataset, words string) (map[string]string, error)
		words       string
		given, want []string
	}{
		"a word is in front already, another only begins with it": {
			studio.Datasets.PrefixCaptions, "a", []string{"apple on a table", "a table", "a"}, []string{"a apple on a table", "a table", "a"},
		},
		"a word ends the caption already, another only ends with it": {
			studio.Datasets.SuffixCaptions, "fox", []string{"a fox", "a swiftfox", "fox"}, []string{"a fox", "a swiftfox fox", "fox"},
		},
		"several words":     {studio.Datasets.PrefixCaptions, "a fox", []string{"a foxes' den", "a fox's den", "a fox, red"}, []string{"a fox a foxes' den", "a fox's den", "a fox, red"}},
		"letters with dots": {studio.Datasets.SuffixCaptions, "i", []string{"naïi", "nai\u0308", "1i"}, []string{"naïi i", "nai\u0308 i", "1i i"}},
		"after a comma":     {studio.Datasets.PrefixCaptions, "ukj,", []string{"ukj,fox", "ukj fox", ""}, []string{"ukj,fox", "ukj, ukj fox", "ukj,"}},
	} {
		setCaptions(t, studio, row.given...)
		if _, err := row.change(studio.Datasets.Current().ID, row.words); err != nil || !slices.Equal(captions(studio), row.want) {
			t.Errorf("%s: %q, %v", name, captions(studio), err)
		}
	}
	setCaptions(t, studio, "a cat, cat food", "", "ukj, a dog")
	if photos, times := datasets.CountInCaptions(studio.Datasets.Photos(), "cat"); photos != 1 || times != 2 {
		t.Errorf("cat is found %d times in %d captions", times, photos)
	}
	if photos, times := datasets.CountInCaptions(studio.Datasets.Photos(), ""); photos != 0 || times != 0 {
		t.Error("nothing is found somewhere")
	}
}

func TestCaptionsComeFromTheFilesBesideThePhotos(t *testing.T) {
	studio, _ := newWorld(t).open()
	paths := samplePhotos(t, 3)
	dir := filepath.Dir(paths[0])
	beside := func(i int) string { return paths[i][:len(paths[i])-len(filepath.Ext(paths[i]))] + ".txt" }
	noError(t, os.WriteFile(beside(0), []byte("\ufeffa fox, sitting\n"), 0o600))
	noError(t, os.WriteFile(beside(1), []byte("\xff\xfe\x00"), 0o600))

	taken, rejected, err := studio.Intake.Photos(t.Context(), []string{dir})
	if err != nil || len(taken) != 3 || taken[0].Caption != "a fox, sitting" {
		t.Errorf("a job of its own takes in %+v, %v", taken, err)
	}
	if len(rejected) != 1 || rejected[0].Name != filepath.Base(beside(1)) {
		t.Errorf("told of %v", rejected)
	}
	made, rejected, err := studio.Datasets.ImportFolder(t.Context(), dir, nil)
	if err != nil || len(rejected) != 1 || len(made.Photos) != 3 || made.Name != filepath.Base(dir) {
		t.Errorf("imported: %+v, %v, %v", made, rejected, err)
	}
	if studio.Datasets.Current().ID != made.ID || captions(studio)[0] != "a fox, sitting" {
		t.Errorf("the dataset is %+v", studio.Datasets.Current())
	}
}

func TestAFolderWithoutPhotosChangesNothing(t *testing.T) {
	studio, _ := newWorld(t).open()
	addSamples(t, studio, 1)
	dir := t.TempDir()
	noError(t, os.WriteFile(filepath.Join(dir, "notes.jpg"), []byte("no photo"), 0o600))
	_, rejected, err := studio.Datasets.ImportFolder(t.Context(), dir, nil)
	if err != nil || len(rejected) != 1 || len(studio.Datasets.List()) != 1 || len(studio.Datasets.Photos()) != 1 {
		t.Errorf("%v, %v: the datasets are %q", rejected, err, datasetNames(studio))
	}
}

// While a folder is looked through a person may choose another dataset.
func TestAFolderWithoutPhotosLeavesWhatWasChosenMeanwhile(t *testing.T) {
	studio, _ := newWorld(t).open()
	addSamples(t, studio, 1)
	chosen, err := studio.Datasets.New("Chosen meanwhile")
	noError(t, err)
	noError(t, studio.Datasets.Choose(studio.Datasets.List()[0].ID))
	_, _, err = studio.Datasets.ImportFolder(t.Context(), t.TempDir(), func(int, int) { noError(t, studio.Datasets.Choose(chosen.ID)) })
	if err != nil || studio.Datasets.Current().ID != chosen.ID || len(studio.Datasets.List()) != 2 {
		t.Errorf("%v: of %q, %s is current", err, datasetNames(studio), studio.Datasets.Current().Name)
	}
}

func TestACaptionGoesToItsOwnDataset(t *testing.T) {
	studio, _ := newWorld(t).open()
	addSamples(t, studio, 1)
	first := studio.Datasets.Current()
	hash := first.Photos[0].Hash
	_, err := studio.Datasets.Duplicate(first.ID, "The same photo")
	noError(t, err)
	noError(t, studio.Datasets.SetCaption(first.ID, hash, "a fox"))
	before, err := studio.Datasets.PrefixCaptions(first.ID, "ukj")
	noError(t, err)
	if got := captions(studio); got[0] != "" {
		t.Errorf("the current dataset's caption became %q", got)
	}
	_, err = studio.Datasets.SetCaptions(first.ID, before)
	noError(t, err)
	noError(t, studio.Datasets.Choose(first.ID))
	if got := captions(studio); got[0] != "a fox" {
		t.Errorf("the caption became %q", got)
	}
	noError(t, studio.Datasets.RemovePhotos(hash))
	var gone *providers.Failure
	for _, dataset := range []string{first.ID, "none"} {
		if err := studio.Datasets.SetCaption(dataset, hash, "lost"); !errors.As(err, &gone) || gone.Kind != providers.NotFound {
			t.Errorf("a caption without its photo: %v", err)
		}
	}
	if _, err := studio.Datasets.SetCaptions(first.ID, before); err != nil {
		t.Errorf("an undo fails for a photo that is gone: %v", err)
	}
}

func TestAnExportedDatasetComesBackTheSame(t *testing.T) {
	studio, _ := newWorld(t).open()
	addSamples(t, studio, 2)
	setCaptions(t, studio, "first, ein Füchslein", "")
	dir := t.TempDir()
	noError(t, exported(studio.Datasets.ExportOriginals(t.Context(), studio.Datasets.Photos(), dir, nil)))
	before := studio.Datasets.Photos()
	made, rejected, err := studio.Datasets.ImportFolder(t.Context(), dir, nil)
	if err != nil || len(rejected) > 0 || len(made.Photos) != 2 {
		t.Fatal(made, rejected, err)
	}
	for i, p := range made.Photos {
		if p.Hash != before[i].Hash || p.Caption != before[i].Caption || p.Name != before[i].Name {
			t.Errorf("%+v came back as %+v", before[i], p)
		}
	}
}

func TestAnExportOverwritesNothingAndKeepsPairsTogether(t *testing.T) {
	studio, _ := newWorld(t).open()
	addSamples(t, studio, 1)
	setCaptions(t, studio, "mine")
	dir := t.TempDir()
	p := studio.Datasets.Photos()[0]
	stem := p.Name[:len(p.Name)-len(filepath.Ext(p.Name))]
	noError(t, os.WriteFile(filepath.Join(dir, stem+".txt"), []byte("yours"), 0o600))
	for range 2 {
		noError(t, exported(studio.Datasets.ExportOriginals(t.Context(), studio.Datasets.Photos(), dir, nil)))
	}
	for name, want := range map[string]string{stem: "yours", stem + " (2)": "mine\n", stem + " (3)": "mine\n"} {
		got, err := os.ReadFile(filepath.Join(dir, name+".txt"))
		if err != nil || string(got) != want {
			t.Errorf("%s.txt holds %q, %v", name, got, err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, stem+" (3).jpg")); err != nil {
		t.Error(err)
	}
}

func TestEditedCopiesAreExportedWithoutMetadata(t *testing.T) {
	studio, _ := newWorld(t).open()
	secret := plantMetadata(t, samplePhotos(t, 1)[0])
	_, err := studio.Datasets.AddPhotos(t.Context(), []string{secret}, nil)
	noError(t, err)
	p := studio.Datasets.Photos()[0]
	_, err = studio.Datasets.SetEdits(map[string]photo.Edit{p.Hash: {Crop: photo.Crop{W: 64, H: 48}}})
	noError(t, err)
	dir := t.TempDir()
	noError(t, exported(studio.Datasets.ExportEdited(t.Context(), studio.Datasets.Photos(), dir, nil)))
	content, err := os.ReadFile(filepath.Join(dir, p.Name))
	noError(t, err)
	config, _, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil || config.Width != 64 || config.Height != 48 || bytes.Contains(content, []byte("52.5163")) {
		t.Errorf("the copy is %d × %d, %v", config.Width, config.Height, err)
	}
	if _, err := studio.Datasets.ExportEdited(t.Context(), studio.Datasets.Photos(), filepath.Join(dir, "nowhere"), nil); err == nil {
		t.Error("a folder that isn't there is written to")
	}
}

func TestTheSuggestedCropIsASquareWithinThePhoto(t *testing.T) {
	studio, _ := newWorld(t).open()
	path := filepath.Join(t.TempDir(), "wide.jpg")
	sample, err := jpeg.Decode(bytes.NewReader(assets.Samples(1)[0].JPEG))
	noError(t, err)
	noError(t, writeJPEG(path, sample, image.Rect(0, 0, sample.Bounds().Dx(), sample.Bounds().Dy()/2)))
	_, err = studio.Datasets.AddPhotos(t.Context(), []string{path}, nil)
	noError(t, err)
	p := studio.Datasets.Photos()[0]
	crop, err := studio.Datasets.SuggestCrop(t.Context(), p)
	if err != nil || crop.W != crop.H || crop.W != p.Height || crop.X+crop.W > p.Width {
		t.Errorf("of %d × %d, %+v is suggested, %v", p.Width, p.Height, crop, err)
	}
}

// writeJPEG writes a part of a picture.
func writeJPEG(path string, img image.Image, part image.Rectangle) error {
	var file bytes.Buffer
	if err := jpeg.Encode(&file, img.(*image.YCbCr).SubImage(part), nil); err != nil {
		return err
	}
	return os.WriteFile(path, file.Bytes(), 0o600)
}
