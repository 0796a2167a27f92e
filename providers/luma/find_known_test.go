package luma

import (
	"reflect"
	"testing"

	"github.com/maquette-studio/maquette/providers"
)

type object = map[string]any

func TestImagesAreToldFromVideosInEverySpelling(t *testing.T) {
	picture := object{"image": "https://results.test/a.jpg", "video": nil}
	video := object{"image": "https://results.test/thumbnail.jpg", "video": "https://results.test/a.mp4"}
	for _, row := range []struct {
		name       string
		generation object
		task       string // "" where it isn't offered
	}{
		{"the document's example", object{"type": "image", "assets": picture, "request": object{"type": "image", "model": "photon-1"}}, "luma/image"},
		{"the live spelling", object{"generation_type": "image", "assets": picture, "request": object{"generation_type": "image"}}, "luma/image"},
		{"told at the top alone", object{"type": "image", "assets": picture, "request": nil}, "luma/image"},
		{"told in the request alone", object{"assets": picture, "request": object{"type": "image"}}, "luma/image"},
		{"in capitals", object{"type": "IMAGE", "assets": picture, "request": nil}, "luma/image"},
		{"a reframed picture", object{"type": "image", "assets": picture, "request": object{"generation_type": "reframe_image"}}, "luma/reframe"},
		{"one told by type", object{"type": "image", "assets": picture, "request": object{"type": "reframe_image"}}, "luma/reframe"},
		{"one told at the top", object{"type": "reframe_image", "assets": picture, "request": nil}, "luma/reframe"},
		{"one told at the top, as live", object{"generation_type": "reframe_image", "assets": picture, "request": object{"type": "image"}}, "luma/reframe"},
		{"one told by its picture", object{"assets": picture, "request": object{"model": "photon-1", "media": object{"url": "https://a.test/a.jpg"}}}, "luma/reframe"},
		{"nothing told but the model", object{"model": "photon-v1.0", "assets": picture, "request": nil}, "luma/image"},
		{"a video", object{"type": "video", "assets": video, "request": object{"model": "ray-2"}}, ""},
		{"a video with a thumbnail that says nothing", object{"assets": video, "request": object{"model": "ray-2"}}, ""},
		{"a reframed video", object{"assets": video, "request": object{"generation_type": "reframe_video"}}, ""},
		{"a video told as live", object{"generation_type": "video", "assets": video, "request": nil}, ""},
		{"an image without a link", object{"type": "image", "assets": nil, "request": nil}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.generation["id"], row.generation["state"] = "g", "completed"
			all, err := known(t.Context(), listServer(t, []any{row.generation}, false))
			if err != nil {
				t.Fatal(err)
			}
			task := ""
			if len(all) == 1 {
				task = all[0].Task
			}
			if task != row.task {
				t.Errorf("brought in as %q, want %q", task, row.task)
			}
		})
	}
}

func TestValuesAreBroughtInAsFarAsTheyAreTold(t *testing.T) {
	all, err := known(t.Context(), listServer(t, []any{object{
		"id": "g", "type": "image", "state": "dreaming", "request": object{
			"prompt": "a paper fox", "model": "photon-1", "aspect_ratio": "1:1", "callback_url": "https://elsewhere.test/hook",
			"image_ref":        []any{object{"url": "https://a.test/a.jpg", "weight": nil}, object{"url": "https://a.test/b.jpg", "weight": 0.3}},
			"modify_image_ref": object{"url": "https://a.test/c.jpg"},
		},
	}}, false))
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	want := providers.Values{
		"prompt": "a paper fox", "model": "photon-1", "aspect_ratio": "1:1",
		"image_ref":        []any{object{"image": "https://a.test/a.jpg"}, object{"image": "https://a.test/b.jpg", "weight": 0.3}},
		"modify_image_ref": []any{object{"image": "https://a.test/c.jpg"}},
	}
	if got := all[0].Values; !reflect.DeepEqual(got, want) {
		t.Errorf("brought in %v, want %v", got, want)
	}
}
