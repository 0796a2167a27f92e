// The pictures: what shapes them.

package sandbox_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"testing"

	"github.com/maquette-studio/maquette/providers/sandbox"
)

// drawn generates with dreamlook and returns the pictures' bytes.
func drawn(t *testing.T, s *sandbox.Sandbox, body string) [][]byte {
	t.Helper()
	id := submitJob(t, s, "/image_gen", body)
	var all [][]byte
	for _, img := range images(poll(t, s, "dreamlook", "/jobs/image-gen/"+id, "success", "failure")) {
		all = append(all, get(t, img["url"].(string)).want(t, 200).body)
	}
	return all
}

func TestPictureFollowsPromptAndSeed(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := drawn(t, s, `{"prompt":"a castle","base_model":"sd","seed":5,"num_samples":2}`)
	same := drawn(t, s, `{"prompt":"a castle","base_model":"sd","seed":5}`)
	other := drawn(t, s, `{"prompt":"an island","base_model":"sd","seed":5}`)
	if !bytes.Equal(a[0], same[0]) {
		t.Error("the same prompt and seed draw another picture")
	}
	if bytes.Equal(a[0], a[1]) || bytes.Equal(a[0], other[0]) {
		t.Error("another seed or prompt draws the same picture")
	}
}

// mean is a picture's average colour.
func mean(img image.Image) (r, g, b int) {
	bounds := img.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y += 4 {
		for x := bounds.Min.X; x < bounds.Max.X; x += 4 {
			c := color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)
			r, g, b = r+int(c.R), g+int(c.G), b+int(c.B)
		}
	}
	n := bounds.Dx() * bounds.Dy() / 16
	return r / n, g / n, b / n
}

func TestReferencesShapePictures(t *testing.T) {
	t.Parallel()
	s := start(t)
	at := host(t, map[string][]byte{"/red.png": photo(red, red)})
	seen := func(field string) (r, g int) {
		body := `{"model":"photon-1","prompt":"a calm sea","aspect_ratio":"1:1"` + fill(field, at+"/red.png") + `}`
		img, _ := decode(t, get(t, imageURL(t, generate(t, s, body))).want(t, 200).body)
		r, g, _ = mean(img)
		return r, g
	}
	if r, g := seen(``); r > g {
		t.Errorf("a sea without references is red: %d, %d", r, g)
	}
	for name, field := range map[string]string{
		"style":     `,"style_ref":[{"url":"$1"}]`,
		"image":     `,"image_ref":[{"url":"$1","weight":1}]`,
		"character": `,"character_ref":{"identity0":{"images":["$1"]}}`,
		"modify":    `,"modify_image_ref":{"url":"$1","weight":1}`,
	} {
		if r, g := seen(field); r < g {
			t.Errorf("a red %s reference makes a picture with more green: %d, %d", name, r, g)
		}
	}
}

func TestTrainingPhotosShapePictures(t *testing.T) {
	t.Parallel()
	s := start(t)
	model := checkpoints(train(t, s, ``))[0].(object)["checkpoint_id"].(string)
	with := drawn(t, s, `{"prompt":"photo of ukj person","checkpoint_id":"`+model+`","seed":1}`)
	without := drawn(t, s, `{"prompt":"photo of ukj person","base_model":"sd","seed":1}`)
	if bytes.Equal(with[0], without[0]) {
		t.Error("the trained model draws what the base model draws")
	}
	img, _ := decode(t, with[0])
	if !near(img.At(256, 286), white) { // both photos have a white square in the middle
		t.Errorf("the photos don't show in the middle: %v", img.At(256, 286))
	}
}

func BenchmarkPicture(b *testing.B) {
	s, err := sandbox.Start(b.Context(), sandbox.Config{Dir: b.TempDir(), Pace: 0.001})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	made, err := try("POST", s.URL("luma")+"/generations/image", s.Key("luma"), `{"model":"photon-1","prompt":"ocean waves","aspect_ratio":"1:1"}`)
	if err != nil {
		b.Fatal(err)
	}
	var g struct {
		ID     string
		Assets struct{ Image string }
	}
	for g.Assets.Image == "" {
		if err := json.Unmarshal(made.body, &g); err != nil {
			b.Fatal(err)
		}
		if made, err = try("GET", s.URL("luma")+"/generations/"+g.ID, s.Key("luma"), ""); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if r, err := try("GET", g.Assets.Image, "", ""); err != nil || r.status != 200 {
			b.Fatal(r.status, err)
		}
	}
}
