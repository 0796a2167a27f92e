// The bodies of requests, made from a task's values.

package dreamlook

import (
	"slices"
	"strings"

	"github.com/maquette-studio/maquette/providers"
)

// request is the body of a request.
type request map[string]any

// trainingPart says what to train on and how.
func trainingPart(v providers.Values, photoURLs []string, captionsURL string) (request, error) {
	body := request(v.Payload(trainingFields()))
	chooseModel(body, v)
	body["image_urls"] = photoURLs
	if captionsURL != "" {
		body["captions_file_url"] = captionsURL
	}
	if v.Has("save_checkpoints_at") {
		steps, err := checkpointSteps(v.Text("save_checkpoints_at"))
		if err != nil {
			return nil, err
		}
		body["save_checkpoints_at"] = steps
	}
	return body, nil
}

// picturePart says what to generate with a model of that family.
func picturePart(v providers.Values, family string) request {
	body := request(v.Payload(pictureFields()))
	if !v.Has("model_type") && family != "" {
		body["model_type"] = family
	}
	chosen, _ := body["model_type"].(string)
	for _, key := range []string{"width", "height"} {
		if !v.Has(key) {
			body[key] = edgeOf(chosen)
		}
	}
	return body
}

// edgeOf is the side, in pixels, of the pictures that a family of models
// learns from and draws.
func edgeOf(family string) int {
	if family == typeSDXL {
		return 1024
	}
	return 512
}

// addRequestPart adds what applies to the request as a whole. A callback of
// the person's own takes the receiver's place.
func addRequestPart(body request, run *providers.Run) {
	v := run.Values
	if run.Callback != "" {
		body["callback"] = run.Callback
	}
	for key, value := range v.Payload(requestFields()) {
		body[key] = value
	}
	if tags := v.List("tags"); len(tags) > 0 {
		body["tags"] = tags
	}
}

func chooseModel(body request, v providers.Values) {
	delete(body, "base_model")
	if id := v.Text("checkpoint_id"); id != "" {
		body["checkpoint_id"] = id
		return
	}
	body["base_model"] = baseModel(v)
}

// baseModel is the base model in use, "" when a checkpoint takes its place.
func baseModel(v providers.Values) string {
	switch {
	case v.Text("checkpoint_id") != "":
		return ""
	case v.Text("base_model") != "":
		return v.Text("base_model")
	}
	return defaultBaseModel
}

// baseFamily is the family of a base model that is known, "" for any other: a
// name may promise what isn't so.
func baseFamily(base string) string {
	known := slices.ContainsFunc(baseModels, func(o providers.Option) bool { return o.Value == base })
	switch {
	case !known:
		return ""
	case strings.Contains(base, "xl"):
		return typeSDXL
	}
	return typeSD1
}
