// The rules of both tasks, at their fields and with their limits in words.

package luma

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
)

// pictures is a list of n references, each with more members.
func pictures(n int, more string) string {
	item := `{"image":"https://example.com/a.jpg"` + more + `},`
	return "[" + strings.TrimSuffix(strings.Repeat(item, n), ",") + "]"
}

func TestImageRules(t *testing.T) {
	for _, row := range []struct {
		name        string
		raw         map[string]any
		field, says string
	}{
		{"a prompt", nil, "", ""},
		{"no prompt", map[string]any{"prompt": ""}, "prompt", "required"},
		{"two characters", map[string]any{"prompt": "äö"}, "prompt", "3 to 5000 characters, not 2"},
		{"three characters", map[string]any{"prompt": "äöü"}, "", ""},
		{"5000 characters", map[string]any{"prompt": strings.Repeat("ä", 5000)}, "", ""},
		{"5001 characters", map[string]any{"prompt": strings.Repeat("ä", 5001)}, "prompt", "3 to 5000 characters, not 5001"},
		{"another model", map[string]any{"model": "photon-2"}, "model", `photon-1, photon-flash-1, not "photon-2"`},
		{"another ratio", map[string]any{"aspect_ratio": "2:1"}, "aspect_ratio", `1:1, 3:4, 4:3, 9:16, 16:9, 9:21, 21:9, not "2:1"`},
		{"another format", map[string]any{"format": "webp"}, "format", `jpg, png, not "webp"`},
		{"no image", map[string]any{"count": 0}, "count", "1 to 10000, not 0"},
		{"four references", map[string]any{"image_ref": pictures(4, "")}, "", ""},
		{"five references", map[string]any{"image_ref": pictures(5, "")}, "image_ref", "at most 4, not 5"},
		{"two styles", map[string]any{"style_ref": pictures(2, "")}, "style_ref", "at most 1, not 2"},
		{"five faces", map[string]any{"character_ref": pictures(5, "")}, "character_ref", "at most 4, not 5"},
		{"two pictures to change", map[string]any{"modify_image_ref": pictures(2, "")}, "modify_image_ref", "at most 1, not 2"},
		{"a reference without a picture", map[string]any{"image_ref": `[{"weight":1}]`}, "image_ref[0].image", "required"},
		{"a callback", map[string]any{"callback_url": "https://example.com/hook?token=1"}, "", ""},
		{"a callback on this computer", map[string]any{"callback_url": "http://127.0.0.1:8080/hook"}, "", ""},
		{"a callback in words", map[string]any{"callback_url": "here"}, "callback_url", "such as https://example.com/hook"},
		{"a callback without encryption", map[string]any{"callback_url": "http://example.com/hook"}, "callback_url", "https://"},
	} {
		t.Run(row.name, func(t *testing.T) {
			raw := map[string]any{"prompt": "a paper fox"}
			maps.Copy(raw, row.raw)
			task := imageTask()
			_, problems := task.Validate(raw)
			conformance.WantProblem(t, problems, row.field, row.says)
		})
	}
}

func TestReframeRules(t *testing.T) {
	for _, row := range []struct {
		raw         map[string]any
		field, says string
	}{
		{nil, "", ""},
		{map[string]any{"media": ""}, "media", "required"},
		{map[string]any{"aspect_ratio": "2:1"}, "aspect_ratio", "21:9"},
		{map[string]any{"prompt": "ab"}, "prompt", "3 to 5000 characters, not 2"},
		{map[string]any{"x_start": 1}, "", ""},
		{map[string]any{"y_end": 1}, "", ""},
		{map[string]any{"grid_position_x": 5}, "", ""},
		{map[string]any{"resized_height": 5}, "", ""},
		{map[string]any{"resized_height": 5, "resized_width": 5, "x_start": 0, "x_end": 6}, "", ""},
		{map[string]any{"x_start": 1, "x_end": 2}, "", ""},
		{map[string]any{"x_start": 2, "x_end": 2}, "", ""},
		{map[string]any{"callback_url": "ftp://example.com"}, "callback_url", "https://"},
	} {
		t.Run(fmt.Sprint(row.raw), func(t *testing.T) {
			raw := map[string]any{"media": "https://example.com/a.jpg"}
			maps.Copy(raw, row.raw)
			task := reframeTask()
			_, problems := task.Validate(raw)
			conformance.WantProblem(t, problems, row.field, row.says)
		})
	}
}

// What no document limits is told and sent.
func TestUnusualValuesAreToldAndSent(t *testing.T) {
	for _, row := range []struct {
		task        providers.Task
		raw         map[string]any
		field, says string
	}{
		{imageTask(), map[string]any{"prompt": "a paper fox", "count": 51}, "count", "1 to 50"},
		{imageTask(), map[string]any{"prompt": "a paper fox", "image_ref": pictures(1, `,"weight":1.1`)}, "image_ref[0].weight", "0 to 1"},
		{imageTask(), map[string]any{"prompt": "a paper fox", "style_ref": pictures(1, `,"weight":-0.1`)}, "style_ref[0].weight", "0 to 1"},
		{imageTask(), map[string]any{"prompt": "a paper fox", "modify_image_ref": pictures(1, `,"weight":2`)}, "modify_image_ref[0].weight", "0 to 1"},
		{reframeTask(), map[string]any{"media": "https://example.com/a.jpg", "x_start": -1, "x_end": 5}, "x_start", "0 to 100000"},
		{reframeTask(), map[string]any{"media": "https://example.com/a.jpg", "x_start": 2, "x_end": 2}, "x_end", "greater than x_start"},
		{reframeTask(), map[string]any{"media": "https://example.com/a.jpg", "y_start": 5, "y_end": 2}, "y_end", "greater than y_start"},
		{reframeTask(), map[string]any{"media": "https://example.com/a.jpg", "grid_position_y": 100_001}, "grid_position_y", "0 to 100000"},
		{reframeTask(), map[string]any{"media": "https://example.com/a.jpg", "resized_height": 0}, "resized_height", "1 to 100000"},
	} {
		t.Run(row.field, func(t *testing.T) {
			values, problems := row.task.Validate(row.raw)
			conformance.WantProblem(t, problems, "", "")
			conformance.WantProblem(t, row.task.Unusual(values), row.field, row.says)
		})
	}
}
