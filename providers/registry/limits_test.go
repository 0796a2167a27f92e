package registry_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
)

// stated are the limits beyond which nothing is sent, and where the service's
// documents state them. Any other limit is Soft: a warning.
var stated = map[string]string{
	"luma/image.prompt":           "OpenAPI description: prompt, 3 to 5000 characters",
	"luma/image.image_ref":        "Image Reference: up to 4 images",
	"luma/image.style_ref":        "OpenAPI description: one style reference",
	"luma/image.character_ref":    "Character Reference: up to 4 images of the same person",
	"luma/image.modify_image_ref": "Modify Image: an object, not a list",
	"luma/reframe.prompt":         "OpenAPI description: prompt, 3 to 5000 characters",
	"lucydream/train.title":       "tune.title: max 15 characters",

	"bria/text-to-image.num_results":         "integer [ 1 .. 4 ]",
	"bria/text-to-image.steps_num":           "integer [ 4 .. 20 ]; without fast the maximum is 50",
	"bria/text-to-image.model_influence":     "number [ 0 .. 1 ]",
	"bria/text-to-image.guidance":            "guidance_method_1 to guidance_method_4",
	"bria/text-to-image.guidance.scale":      "number [ 0 .. 1 ]",
	"bria/text-to-image.image_prompt_scale":  "number [ 0 .. 1 ]",
	"bria/text-to-vector.num_results":        "integer [ 1 .. 4 ]",
	"bria/text-to-vector.steps_num":          "integer [ 4 .. 20 ]; without fast the maximum is 50",
	"bria/text-to-vector.model_influence":    "number [ 0 .. 1 ]",
	"bria/text-to-vector.guidance":           "guidance_method_1 to guidance_method_4",
	"bria/text-to-vector.guidance.scale":     "number [ 0 .. 1 ]",
	"bria/text-to-vector.image_prompt_scale": "number [ 0 .. 1 ]",
}

func TestOnlyLimitsThatDocumentsStateRefuse(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	var walk func(at string, fields []providers.Field)
	walk = func(at string, fields []providers.Field) {
		for _, f := range fields {
			here := at + "." + f.Key
			if f.Bounded() && !f.Soft {
				found[here] = true
				if stated[here] == "" {
					t.Errorf("%s refuses what lies beyond %v to %v: name the document that states it, or make it Soft", here, f.Min, f.Max)
				}
			}
			walk(here, f.Items)
		}
	}
	for _, service := range registry.All() {
		for _, task := range service.Tasks {
			walk(task.ID, task.Fields)
		}
		for _, call := range service.Calls {
			walk(call.ID, call.Fields)
		}
	}
	for _, here := range slices.Sorted(maps.Keys(stated)) {
		if !found[here] {
			t.Errorf("%s has no such limit any more", here)
		}
	}
}
