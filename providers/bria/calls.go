// The operations on what lies at Bria; the calls_*.go files hold one kind of
// thing each. They answer with what Bria says.

package bria

import (
	"context"
	"strings"

	"github.com/maquette-studio/maquette/providers"
)

func calls() []providers.Call {
	var all []providers.Call
	for _, kind := range [][]providers.Call{projectCalls(), datasetCalls(), imageCalls(), modelCalls()} {
		for _, call := range kind {
			call.Doc = manual
			all = append(all, call)
		}
	}
	return all
}

// The ids that calls take.
func projectID() providers.Field {
	return idField("project_id", "Project", "The project's id, as the list of projects shows it.", listedProjects)
}

func datasetID() providers.Field {
	return idField("dataset_id", "Dataset", "The dataset's id, as the list of datasets shows it.", listedDatasets)
}

func imageID() providers.Field {
	return idField("image_id", "Picture", "The picture's id, as the list of a dataset's pictures shows it.", nil)
}

func modelID() providers.Field {
	return idField("model_id", "Model", "The model's id, as the list of models shows it.", listedModels)
}

func text(key, label, help string) providers.Field {
	return providers.Field{Key: key, Label: label, Kind: providers.Text, Help: help}
}

func required(field providers.Field) providers.Field {
	field.Required = true
	return field
}

// emptied is a text that may be taken away.
func emptied(field providers.Field) providers.Field {
	field.Emptied = true
	return field
}

// do is what a call does once its ids are known to be numbers.
type do func(ctx context.Context, c client, v providers.Values) (any, error)

// checked holds a call's ids and other values to their rules before anything
// is sent.
func checked(call do, rules ...func(providers.Values) []providers.Problem) func(context.Context, providers.Conn, providers.Values) (any, error) {
	return func(ctx context.Context, conn providers.Conn, v providers.Values) (any, error) {
		for _, key := range []string{"project_id", "dataset_id", "image_id", "model_id"} {
			if err := providers.Refusal(checkID(v, key)); err != nil {
				return nil, err
			}
		}
		for _, rule := range rules {
			if err := providers.Refusal(rule(v)); err != nil {
				return nil, err
			}
		}
		return call(ctx, connect(conn), v)
	}
}

// something asks that at least one of the fields is set.
func something(keys ...string) func(providers.Values) []providers.Problem {
	return func(v providers.Values) []providers.Problem {
		for _, key := range keys {
			if v.Has(key) {
				return nil
			}
		}
		if len(keys) == 1 {
			return problem(keys[0], "give this: there is nothing to change")
		}
		return problem(keys[0], "give this, or another of %s: there is nothing to change", strings.Join(keys, ", "))
	}
}

func filled(keys ...string) func(providers.Values) []providers.Problem {
	return func(v providers.Values) []providers.Problem { return checkFilled(v, keys...) }
}

// some are the set ones of these fields, as a request's body.
func some(v providers.Values, keys ...string) map[string]any {
	body := map[string]any{}
	for _, key := range keys {
		if v.Has(key) {
			body[key] = v[key]
		}
	}
	return body
}

// shownText is a text, empty where it shows nothing.
func shownText(v providers.Values, key string) string {
	if text := v.Text(key); !providers.Blank(text) {
		return text
	}
	return ""
}

// projectPath and those below lead to the things that the values name.
func projectPath(v providers.Values) string {
	return projectsPath + "/" + idOf(v, "project_id").String()
}

func datasetPath(v providers.Values) string {
	return datasetsPath + "/" + idOf(v, "dataset_id").String()
}

func imagePath(v providers.Values) string {
	return imagesPath(idOf(v, "dataset_id")) + "/" + idOf(v, "image_id").String()
}

func modelPath(v providers.Values) string { return modelsPath + "/" + idOf(v, "model_id").String() }

// removed answers for what has no answer of its own.
func removed(v providers.Values, key string, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return map[string]string{"deleted": idOf(v, key).String()}, nil
}
