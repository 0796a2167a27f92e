// What is ordered: every task there is, each order with a mark of its own by which its requests are known.

package soak_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/maquette-studio/maquette/assets"
	"github.com/maquette-studio/maquette/providers/registry"
)

// piece is a task, an order of it, and what the order makes.
type piece struct {
	task             string
	values           map[string]any
	marked           string // the value that holds the mark
	photos           int    // sample photos to train on
	small            bool   // small drawings instead
	model            bool   // generates with a trained model of the same service
	pictures, models int
	findable         bool // the service can be asked what became of a lost request
}

func pieces() []piece {
	dream := map[string]any{"num_samples": 1, "base_model": "stable-diffusion-v1-5"}
	bria := map[string]any{"num_results": 1}
	return []piece{
		{task: "luma/image", values: map[string]any{"model": "photon-flash-1"}, marked: "prompt", pictures: 1, findable: true},
		{task: "luma/reframe", values: map[string]any{"media": "PHOTO", "aspect_ratio": "16:9", "model": "photon-flash-1"}, marked: "prompt", pictures: 1, findable: true},
		{task: "dreamlook/dreambooth", values: map[string]any{"steps": 300}, marked: "instance_prompt", photos: 2, models: 1, findable: true},
		{task: "dreamlook/image_gen", values: dream, marked: "prompt", pictures: 1, findable: true},
		{
			task: "dreamlook/dreambooth_image_gen", values: map[string]any{"steps": 300, "image_gen": `[{"prompt":"a fox","num_samples":1}]`},
			marked: "instance_prompt", photos: 2, pictures: 1, models: 1, findable: true,
		},
		{
			task: "bria/train", marked: "model_name", photos: 2, models: 1, findable: true,
			values: map[string]any{
				"project_name": "Foxes", "ip_type": "defined_character", "ip_medium": "illustration",
				"ip_name": "Fox", "ip_description": "a folded orange paper fox", "caption_prefix": "A paper fox,",
			},
		},
		{task: "bria/text-to-image", values: bria, marked: "prompt", model: true, pictures: 1},
		{task: "bria/text-to-vector", values: bria, marked: "prompt", model: true, pictures: 1},
		{task: "bria/reimagine", values: map[string]any{"num_results": 1, "structure_image_file": "PHOTO"}, marked: "prompt", model: true, pictures: 1},
		{task: "lucydream/train", values: map[string]any{"name": "woman"}, marked: "title", photos: 5, small: true, models: 1},
	}
}

func (p piece) service() string {
	service, _, _ := strings.Cut(p.task, "/")
	return service
}

func TestEveryTaskIsAttacked(t *testing.T) {
	for _, service := range registry.All() {
		for _, task := range service.Tasks {
			if !slices.ContainsFunc(pieces(), func(p piece) bool { return p.task == task.ID }) {
				t.Errorf("%s is missing in pieces", task.ID)
			}
		}
	}
}

var marks atomic.Int64

// newMark is a word that stands in one order only.
func newMark() string { return fmt.Sprintf("mark%d", marks.Add(1)) }

// stock is the photos on disk that orders name.
type stock struct{ samples, drawings []string }

func newStock(t *testing.T) stock {
	t.Helper()
	dir := t.TempDir()
	var s stock
	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, sample := range assets.Samples(2) {
		s.samples = append(s.samples, write(sample.Name, sample.JPEG))
	}
	for i := range 5 {
		picture := image.NewGray(image.Rect(0, 0, 64, 64))
		for p := range picture.Pix {
			picture.Pix[p] = uint8(p * (i + 1))
		}
		var content bytes.Buffer
		if err := png.Encode(&content, picture); err != nil {
			t.Fatal(err)
		}
		s.drawings = append(s.drawings, write(fmt.Sprintf("%d.png", i), content.Bytes()))
	}
	return s
}

// of are the values and photos of an order of p.
func (s stock) of(p piece, mark, model string) (values map[string]any, photos []string) {
	values = maps.Clone(p.values)
	for key, value := range values {
		if value == "PHOTO" {
			values[key] = s.drawings[0]
		}
	}
	values[p.marked] = mark + " fox"
	if p.model {
		values["model_id"] = model
	}
	if p.small {
		return values, s.drawings[:p.photos]
	}
	return values, s.samples[:p.photos]
}

// whole says what is missing in a job that is done; "" for nothing.
func (p piece) whole(pictures, models []string) string {
	if len(pictures) != p.pictures || len(models) != p.models {
		return fmt.Sprintf("%d pictures and %d models instead of %d and %d", len(pictures), len(models), p.pictures, p.models)
	}
	return ""
}
