// The rules of reframing, at their fields.

package luma

import "testing"

func TestReframeRules(t *testing.T) {
	task := reframeTask()
	for _, row := range []struct {
		raw  map[string]any
		want string
	}{
		{nil, ""},
		{map[string]any{"x_start": 1, "x_end": 2}, ""},
		{map[string]any{"x_start": 1}, "x_end"},
		{map[string]any{"y_end": 1}, "y_start"},
		{map[string]any{"x_start": 2, "x_end": 2}, "x_end"},
		{map[string]any{"y_start": 5, "y_end": 2}, "y_end"},
		{map[string]any{"grid_position_x": 5}, "grid_position_y"},
		{map[string]any{"resized_height": 5}, "resized_width"},
		{map[string]any{"resized_height": 0, "resized_width": 5}, "resized_height"},
		{map[string]any{"resized_height": 5, "resized_width": 5, "x_start": 0, "x_end": 6}, "resized_width"},
		{map[string]any{"resized_height": 5, "resized_width": 5, "x_start": 0, "x_end": 5}, ""},
		{map[string]any{"x_start": -1, "x_end": 5}, "x_start"},
		{map[string]any{"prompt": "ab"}, "prompt"},
		{map[string]any{"aspect_ratio": "2:1"}, "aspect_ratio"},
	} {
		raw := map[string]any{"media": "https://example.com/a.jpg"}
		for key, value := range row.raw {
			raw[key] = value
		}
		_, problems := task.Validate(raw)
		switch {
		case row.want == "" && len(problems) > 0:
			t.Errorf("%v was refused: %v", row.raw, problems)
		case row.want != "" && (len(problems) != 1 || problems[0].Field != row.want):
			t.Errorf("%v: %v, want one problem at %s", row.raw, problems, row.want)
		}
	}
	if _, problems := task.Validate(nil); len(problems) != 1 || problems[0].Field != "media" {
		t.Errorf("without a picture: %v", problems)
	}
}
