// Pictures made with trained models, against the sandbox.

package bria_test

import (
	"bytes"
	"context"
	"image"
	"image/gif"
	_ "image/png"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
)

const (
	imageID  = "bria/text-to-image"
	vectorID = "bria/text-to-vector"
	reimID   = "bria/reimagine"
)

// ready is a studio with one trained model, and its id.
func ready(t *testing.T, more map[string]any, faults ...string) (studio, string) {
	t.Helper()
	s := newStudio(t, faults...)
	id := s.trained(t, more)
	s.again(t)
	return s, id
}

// wantPictures checks what was kept: decodable pictures, one paid request.
func (s studio) wantPictures(t *testing.T, count int) {
	t.Helper()
	kept := s.steps.Kept()
	if len(kept) != count {
		t.Fatalf("%d pictures were kept, want %d", len(kept), count)
	}
	seen := map[string]bool{}
	for _, k := range kept {
		if _, _, err := image.DecodeConfig(bytes.NewReader(k.Bytes)); err != nil && k.Type != "image/svg+xml" {
			t.Errorf("%s is no picture: %v", k.Step, err)
		}
		if k.Result.Seed == nil || k.Result.RemoteID == "" || k.Result.Prompt != "lora on a hill" {
			t.Errorf("%s doesn't say what made it: %+v", k.Step, k.Result)
		}
		seen[k.Result.URL] = true
	}
	if len(seen) != count {
		t.Errorf("only %d of the pictures differ", len(seen))
	}
	if paid := s.sandbox.Submissions("bria"); paid != 2 {
		t.Errorf("%d paid requests, want the training's and one", paid)
	}
}

func TestPicturesOfEveryKind(t *testing.T) {
	t.Parallel()
	guidance := func(methods ...string) []any {
		var all []any
		for _, m := range methods {
			all = append(all, map[string]any{"method": m, "image": "square", "scale": 0.5})
		}
		return all
	}
	for name, row := range map[string]struct {
		task   string
		values map[string]any
		count  int
	}{
		"waiting":    {vectorID, map[string]any{"sync": true, "num_results": 1}, 1},
		"slow":       {imageID, map[string]any{"fast": false, "steps_num": 40, "num_results": 1, "seed": 7, "aspect_ratio": "16:9"}, 1},
		"guided":     {vectorID, map[string]any{"num_results": 1, "guidance": guidance("controlnet_canny", "controlnet_depth", "controlnet_recoloring", "controlnet_color_grid")}, 1},
		"prompted":   {vectorID, map[string]any{"num_results": 1, "image_prompt_file": "wide", "image_prompt_mode": "style_only", "image_prompt_scale": 0.7}, 1},
		"vector":     {vectorID, map[string]any{"num_results": 2, "model_influence": 0.8, "include_generation_prefix": false}, 2},
		"reimagined": {reimID, map[string]any{"structure_image_file": "wide", "structure_ref_influence": 0.9, "tailored_model_influence": 0.4, "num_results": 1}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, id := ready(t, nil)
			values := map[string]any{"model_id": id, "prompt": "lora on a hill"}
			maps.Copy(values, row.values)
			if err := s.run(t, row.task, values); err != nil {
				t.Fatal(err)
			}
			s.wantPictures(t, row.count)
			if svg := bytes.Contains(s.steps.Kept()[0].Bytes, []byte("<svg")); svg != (row.task == vectorID) {
				t.Errorf("svg: %v", svg)
			}
		})
	}
}

func TestLinksToPictures(t *testing.T) {
	t.Parallel()
	s, id := ready(t, nil)
	link, err := s.steps.Host(t.Context(), s.steps.AddPhoto("hosted", "png", conformance.Picture(640, 640)))
	if err != nil {
		t.Fatal(err)
	}
	err = s.run(t, vectorID, map[string]any{"model_id": id, "prompt": "lora on a hill", "num_results": 1, "image_prompt_urls": []any{map[string]any{"url": link}, map[string]any{"url": link}}})
	if err != nil {
		t.Fatal(err)
	}
	s.wantPictures(t, 1)

	// A link in a field that is sent along is fetched first.
	s.again(t)
	if err := s.run(t, vectorID, map[string]any{"model_id": id, "prompt": "lora on a hill", "num_results": 1, "image_prompt_file": link}); err != nil {
		t.Error(err)
	}
}

// linked are files by their extension, on a server of their own.
func linked(t *testing.T, files map[string][]byte) map[string]string {
	t.Helper()
	links := map[string]string{}
	for ext, content := range files {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(content) }))
		t.Cleanup(server.Close)
		links[ext] = server.URL + "/a." + ext
	}
	return links
}

// moving is a GIF.
func moving(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := gif.Encode(&out, image.NewGray(image.Rect(0, 0, 64, 64)), nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestWhatIsWrongWithPicturesIsSaidAtTheFieldBeforeAnythingIsPaid(t *testing.T) {
	t.Parallel()
	s, id := ready(t, nil)
	one := func(values map[string]any) map[string]any {
		values["model_id"], values["prompt"], values["num_results"] = id, "lora on a hill", 1
		return values
	}
	links := linked(t, map[string][]byte{"png": conformance.Picture(64, 64), "gif": moving(t), "html": []byte("<html>no picture</html>")})
	edges := func(ref string) map[string]any { return map[string]any{"method": "controlnet_canny", "image": ref} }
	for name, row := range map[string]struct {
		task, field, says string
		values            map[string]any
	}{
		"shapes differ": {imageID, "guidance[1].image", "same aspect ratio", one(map[string]any{"guidance": []any{edges("square"), edges("wide")}})},
		"no picture":    {imageID, "guidance[0].image", "can't be read", one(map[string]any{"guidance": []any{edges("text")}})},
		"too large":     {imageID, "image_prompt_file", "has 12.1 MB; 12 MB are the most", one(map[string]any{"image_prompt_file": "huge"})},
		"gone":          {imageID, "image_prompt_file", "", one(map[string]any{"image_prompt_file": s.conn.BaseURL + "/none.png"})},
		"a linked gif":  {vectorID, "image_prompt_urls[1].url", "is a gif; use a jpeg, png or webp", one(map[string]any{"image_prompt_urls": []any{map[string]any{"url": links["png"]}, map[string]any{"url": links["gif"]}}})},
		"a linked page": {imageID, "image_prompt_urls[0].url", "can't be read", one(map[string]any{"image_prompt_urls": []any{map[string]any{"url": links["html"]}}})},
		"redrawn gif":   {reimID, "structure_image_url", "is a gif; use a jpeg, png or webp", one(map[string]any{"structure_image_url": links["gif"]})},
		"no such link":  {reimID, "structure_image_url", "can't be read by anybody", one(map[string]any{"structure_image_url": s.conn.BaseURL + "/none.png"})},
		"before models": {imageID, "guidance[0].image", "can't be read", map[string]any{"model_id": "999", "prompt": "x", "num_results": 1, "guidance": []any{edges("text")}}},
		"structure":     {reimID, "structure_image_file", "can't be read", one(map[string]any{"structure_image_file": "text"})},
		"no such model": {imageID, "model_id", "no model", map[string]any{"model_id": "999", "prompt": "x"}},
	} {
		s.again(t)
		s.steps.AddPhoto("text", "png", []byte("no picture"))
		s.steps.AddPhoto("huge", "png", append(conformance.Picture(64, 64), make([]byte, 12<<20)...))
		failure := conformance.WantFailure(t, s.run(t, row.task, row.values))
		if failure.Field != row.field || !strings.Contains(failure.Message.String(), row.says) || failure.Outcome == providers.Unclear {
			t.Errorf("%s: %+v", name, failure)
		}
	}
	if paid := s.sandbox.Submissions("bria"); paid != 1 {
		t.Errorf("%d paid requests, want the training's only", paid)
	}
}

func TestWhatAMaxModelCannotDoIsSaidBeforeAnythingIsPaid(t *testing.T) {
	t.Parallel()
	s, id := ready(t, map[string]any{"training_version": "max"})
	links := linked(t, map[string][]byte{"png": conformance.Picture(64, 64)})
	for field, row := range map[string]struct {
		task   string
		values map[string]any
	}{
		"fast":              {imageID, map[string]any{}},
		"guidance":          {imageID, map[string]any{"fast": false, "num_results": 1, "guidance": []any{map[string]any{"image": "square"}}}},
		"image_prompt_file": {vectorID, map[string]any{"fast": false, "num_results": 1, "image_prompt_file": "square"}},
		"image_prompt_urls": {vectorID, map[string]any{"fast": false, "num_results": 1, "image_prompt_urls": []any{map[string]any{"url": links["png"]}}}},
		"model_id":          {reimID, map[string]any{"structure_image_file": "square"}},
	} {
		row.values["model_id"], row.values["prompt"] = id, "lora on a hill"
		s.again(t)
		if failure := conformance.WantFailure(t, s.run(t, row.task, row.values)); failure.Field != field || failure.Outcome != providers.NotSent {
			t.Errorf("%s: %+v", field, failure)
		}
	}
	if err := s.run(t, vectorID, map[string]any{"model_id": id, "prompt": "lora on a hill", "fast": false, "num_results": 1}); err != nil {
		t.Fatal(err)
	}
	s.wantPictures(t, 1)
}

func TestVectorsTakeNoModelOfPhotographs(t *testing.T) {
	t.Parallel()
	s, id := ready(t, map[string]any{"ip_medium": "photography"})
	failure := conformance.WantFailure(t, s.run(t, vectorID, map[string]any{"model_id": id, "prompt": "lora on a hill"}))
	if failure.Field != "model_id" || !strings.Contains(failure.Message.String(), "illustrations") {
		t.Errorf("%+v", failure)
	}
}

func TestALostAnswerIsNeverSentAgain(t *testing.T) {
	t.Parallel()
	for _, action := range []string{"lost", "garble", "status 500"} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			s, id := ready(t, nil, "bria POST /text-to-image: "+action+" x1")
			failure := conformance.WantFailure(t, s.run(t, imageID, map[string]any{"model_id": id, "prompt": "lora on a hill"}))
			if failure.Kind != providers.UnknownOutcome || !strings.Contains(failure.Advice.String(), "no list") {
				t.Errorf("got %+v", failure)
			}
			if paid := s.sandbox.Submissions("bria"); paid > 2 {
				t.Errorf("%d paid requests, want at most the training's and one", paid)
			}
		})
	}
}

func TestALinkThatAPersonAdoptedIsCollected(t *testing.T) {
	t.Parallel()
	s, id := ready(t, nil)
	values := map[string]any{"model_id": id, "prompt": "lora on a hill", "num_results": 1}
	if err := s.run(t, vectorID, values); err != nil {
		t.Fatal(err)
	}
	link := s.steps.Kept()[0].Result.URL
	s.again(t)
	adopted := adopting{s.steps, link}
	task := declared(t, vectorID)
	parsed, _ := task.Validate(values)
	if err := task.Run(t.Context(), &providers.Run{Job: "j", Values: parsed, Conn: s.conn, Steps: adopted}); err != nil {
		t.Fatal(err)
	}
	if kept := s.steps.Kept(); len(kept) != 1 || kept[0].Result.URL != link {
		t.Errorf("kept %v", kept)
	}
	adopted.id = "no-link"
	if failure := conformance.WantFailure(t, task.Run(t.Context(), &providers.Run{Job: "j", Values: parsed, Conn: s.conn, Steps: adopted})); !failure.Ended {
		t.Errorf("%+v", failure)
	}
}

// adopting answers the paid step with what a person said it is.
type adopting struct {
	providers.Steps
	id string
}

func (a adopting) Once(context.Context, string, providers.Find, providers.Create) (providers.Receipt, error) {
	return providers.Receipt{ID: a.id}, nil
}

func TestPicturesAreWaitedFor(t *testing.T) {
	t.Parallel()
	for _, fault := range []string{
		"assets /bria/generated: status 404 x6", "assets /bria/generated: status 503 x3", "assets /bria/generated: html x5",
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			s, id := ready(t, nil, fault)
			if err := s.run(t, vectorID, map[string]any{"model_id": id, "prompt": "lora on a hill", "num_results": 1}); err != nil {
				t.Fatal(err)
			}
			s.wantPictures(t, 1)
		})
	}
}
