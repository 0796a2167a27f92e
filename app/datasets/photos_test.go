package datasets_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/datasets"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
)

func TestPhotosAreTakenInWithTheirFitness(t *testing.T) {
	w := newWorld(t)
	studio, closeStudio := w.open()
	paths := samplePhotos(t, 3)
	bad := filepath.Join(t.TempDir(), "notes.jpg")
	if err := os.WriteFile(bad, []byte("not a picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "copy.jpg")
	content, err := os.ReadFile(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(copied, content, 0o600); err != nil {
		t.Fatal(err)
	}
	var seen []int
	rejected, err := studio.Datasets.AddPhotos(t.Context(), append(paths, bad, copied), func(done, of int) { seen = append(seen, done) })
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, r := range rejected {
		names = append(names, r.Name)
	}
	slices.Sort(names)
	if len(studio.Datasets.Photos()) != 3 || !slices.Equal(names, []string{"copy.jpg", "notes.jpg"}) {
		t.Fatalf("%d photos; told of %v", len(studio.Datasets.Photos()), rejected)
	}
	if len(seen) == 0 || seen[len(seen)-1] == 0 {
		t.Errorf("the progress was %v", seen)
	}

	p := studio.Datasets.Photos()[0]
	if err := studio.Datasets.SetCaption(studio.Datasets.Current().ID, p.Hash, "a fox, sitting"); err != nil {
		t.Fatal(err)
	}
	before := studio.Datasets.Current()
	if err := studio.Datasets.RemovePhotos(before.Photos[1].Hash, before.Photos[2].Hash); err != nil {
		t.Fatal(err)
	}
	if len(studio.Datasets.Photos()) != 1 {
		t.Fatal("two photos were not removed")
	}
	if err := studio.Datasets.PutBack(before); err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	closeStudio()

	again, _ := w.open()
	if len(again.Datasets.Photos()) != 3 || again.Datasets.Photos()[0].Caption != "a fox, sitting" {
		t.Errorf("after a restart: %d photos", len(again.Datasets.Photos()))
	}
	if _, err := again.Library.Thumbnail(t.Context(), again.Datasets.Photos()[0].Ref(), 64); err != nil {
		t.Errorf("the photo needs its original file: %v", err)
	}
}

// A removal is undone while photos are still being taken in: those come to the
// ones put back, and none gets lost.
func TestPuttingPhotosBackKeepsWhatCameSince(t *testing.T) {
	studio, _ := newWorld(t).open()
	addSamples(t, studio, 2)
	before := studio.Datasets.Current()
	noError(t, studio.Datasets.RemovePhotos(before.Photos[0].Hash))
	noError(t, studio.Datasets.SetCaption(before.ID, before.Photos[1].Hash, "written since"))
	_, err := studio.Datasets.AddPhotos(t.Context(), samplePhotos(t, 5)[2:], func(done, _ int) {
		if done == 2 {
			noError(t, studio.Datasets.PutBack(before))
		}
	})
	noError(t, err)
	after := studio.Datasets.Photos()
	if len(after) != 5 || after[0].Hash != before.Photos[0].Hash || after[1].Caption != "written since" {
		t.Errorf("the photos are %+v", after)
	}
	noError(t, studio.Datasets.PutBack(before))
	if again := studio.Datasets.Photos(); !slices.EqualFunc(again, after, func(a, b photo.Photo) bool { return a.Hash == b.Hash }) {
		t.Errorf("put back twice, the photos are %+v", again)
	}
}

func TestFitnessFollowsTheRules(t *testing.T) {
	good := photo.Photo{Hash: "a", Name: "a.jpg", Width: 1200, Height: 1100, Bytes: 1 << 20, Sharpness: 90, PerceptualHash: 0x0123456789abcdef}
	for _, row := range []struct {
		name   string
		rules  providers.PhotoRules
		change func(*photo.Photo)
		level  datasets.Level
		says   string
	}{
		{"fits", providers.PhotoRules{MinEdge: 1024}, func(*photo.Photo) {}, datasets.OK, ""},
		{"too small", providers.PhotoRules{MinEdge: 1024}, func(p *photo.Photo) { p.Height = 800 }, datasets.Error, "1024"},
		{"rather small", providers.PhotoRules{AdvisedEdge: 1024}, func(p *photo.Photo) { p.Height = 800 }, datasets.Warning, "better"},
		{"too heavy", providers.PhotoRules{MaxBytes: 12 << 20}, func(p *photo.Photo) { p.Bytes = 13 << 20 }, datasets.Error, "12 MB"},
		{"a caption that fits", providers.PhotoRules{CaptionTokens: 77}, func(p *photo.Photo) { p.Caption = strings.Repeat("an orange paper fox, ", 15) }, datasets.OK, ""},
		{"a long caption", providers.PhotoRules{CaptionTokens: 77}, func(p *photo.Photo) { p.Caption = strings.Repeat("an orange paper fox, ", 16) }, datasets.Warning, "about 80 tokens; the service reads 77"},
		{"two that fit, one drawn", providers.PhotoRules{CaptionTokens: 77, CaptionLines: true}, func(p *photo.Photo) { p.Caption = strings.Repeat(strings.Repeat("an orange paper fox, ", 15)+"\n", 2) }, datasets.OK, ""},
		{"two that fit, taken as one", providers.PhotoRules{CaptionTokens: 77}, func(p *photo.Photo) { p.Caption = strings.Repeat(strings.Repeat("an orange paper fox, ", 15)+"\n", 2) }, datasets.Warning, "about 150 tokens"},
		{"long words", providers.PhotoRules{CaptionTokens: 77}, func(p *photo.Photo) { p.Caption = strings.Repeat("incomprehensibilities ", 26) }, datasets.Warning, "about 78 tokens"},
		{"another script", providers.PhotoRules{CaptionTokens: 77}, func(p *photo.Photo) { p.Caption = strings.Repeat("紙の狐", 26) }, datasets.Warning, "about 78 tokens"},
		{"numbers", providers.PhotoRules{CaptionTokens: 77}, func(p *photo.Photo) { p.Caption = strings.Repeat("2026 ", 20) }, datasets.Warning, "about 80 tokens"},
		{"no limit for captions", providers.PhotoRules{}, func(p *photo.Photo) { p.Caption = strings.Repeat("an orange paper fox, ", 99) }, datasets.OK, ""},
		{"blurred", providers.PhotoRules{}, func(p *photo.Photo) { p.Sharpness = 5 }, datasets.Warning, "blurred"},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := good
			row.change(&p)
			verdicts, _ := datasets.Fitness(row.rules, []photo.Photo{p})
			if verdicts[0].Level != row.level || !strings.Contains(fmt.Sprint(verdicts[0].Reasons), row.says) {
				t.Errorf("got %+v", verdicts[0])
			}
			refused := len(datasets.CheckPhotos(row.rules, []photo.Photo{p})) > 0
			if refused != (row.level == datasets.Error) {
				t.Errorf("refused: %v", refused)
			}
		})
	}
	rules := providers.PhotoRules{Min: 5, Max: 5}
	for n, want := range map[int]int{0: 1, 4: 1, 5: 0, 6: 1} {
		many := make([]photo.Photo, n)
		for i := range many {
			many[i] = good
		}
		if got := len(datasets.CheckPhotos(rules, many)); got != want {
			t.Errorf("%d photos give %d problems", n, got)
		}
	}
	for says, rules := range map[string]providers.PhotoRules{
		"exactly 5": {Min: 5, Max: 5}, "at least 3": {Min: 3}, "2 to 20": {Min: 2, Max: 20},
	} {
		if problems := datasets.CheckPhotos(rules, nil); len(problems) != 1 || !strings.Contains(problems[0].Message.String(), says) {
			t.Errorf("without photos: %v instead of %s", problems, says)
		}
	}
}
