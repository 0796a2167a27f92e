// The requests that Bria answers.

package bria

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
)

// sendTimeout is long: up to five pictures of 12 MB leave in one request.
const sendTimeout = 5 * time.Minute

type client struct{ api *httpapi.Client }

func connect(conn providers.Conn) client {
	return client{httpapi.New(httpapi.Options{
		Service: "Bria",
		Conn:    conn,
		Authorize: func(r *http.Request, key string) {
			r.Header["api_token"] = []string{key} // as the documents spell it
		},
		FieldOf: fieldOf,
		// A 403 may be about a plan, a quota or a link that can't be read: its words say which.
		Forbidden:    providers.InvalidInput,
		WriteTimeout: sendTimeout,
	})}
}

// The paths of the training API.
const (
	projectsPath = "tailored-gen/projects"
	datasetsPath = "tailored-gen/datasets"
	modelsPath   = "tailored-gen/models"
)

func imagesPath(dataset json.Number) string { return datasetsPath + "/" + dataset.String() + "/images" }

func get[T any](ctx context.Context, c client, doing, path string, query url.Values) (answer T, err error) {
	err = c.api.Get(httpapi.Doing(ctx, doing), path, query, &answer)
	return answer, advised(err, limitAdvice)
}

func post[T any](ctx context.Context, c client, doing, path string, body any) (answer T, err error) {
	err = c.api.Post(httpapi.Doing(ctx, doing), path, body, &answer)
	return answer, advised(err, limitAdvice)
}

func put[T any](ctx context.Context, c client, doing, path string, body any) (answer T, err error) {
	err = c.api.Put(httpapi.Doing(ctx, doing), path, body, &answer)
	return answer, advised(err, limitAdvice)
}

func (c client) remove(ctx context.Context, doing, path string) error {
	return advised(c.api.Delete(httpapi.Doing(ctx, doing), path, nil, nil), limitAdvice)
}

func (c client) projects(ctx context.Context) ([]project, error) {
	return get[[]project](ctx, c, "listing projects", projectsPath, nil)
}

func (c client) project(ctx context.Context, id json.Number) (project, error) {
	return get[project](ctx, c, "reading the project", projectsPath+"/"+id.String(), nil)
}

func (c client) datasets(ctx context.Context, project json.Number) ([]dataset, error) {
	return get[[]dataset](ctx, c, "listing datasets", projectsPath+"/"+project.String()+"/datasets", nil)
}

func (c client) dataset(ctx context.Context, id json.Number) (dataset, error) {
	return get[dataset](ctx, c, "reading the dataset", datasetsPath+"/"+id.String(), nil)
}

func (c client) images(ctx context.Context, dataset json.Number) ([]image, error) {
	return get[[]image](ctx, c, "listing pictures", imagesPath(dataset), nil)
}

func (c client) models(ctx context.Context, project json.Number) ([]model, error) {
	return get[[]model](ctx, c, "listing models", projectsPath+"/"+project.String()+"/models", nil)
}

func (c client) model(ctx context.Context, id json.Number) (model, error) {
	return get[model](ctx, c, "reading the model", modelsPath+"/"+id.String(), nil)
}

func (c client) stopTraining(ctx context.Context, id json.Number) (trainingState, error) {
	return post[trainingState](ctx, c, "stopping the training", modelsPath+"/"+id.String()+"/stop_training", nil)
}

// imagesOf are the images of a dataset that was read, which is asked for them
// where its own answer doesn't show all.
func (c client) imagesOf(ctx context.Context, d dataset) ([]image, error) {
	if d.size() == len(d.Images) && (d.Count != nil || len(d.Images) > 0) {
		return d.Images, nil
	}
	return c.images(ctx, d.ID)
}

// generate makes the paid request for pictures.
func (c client) generate(ctx context.Context, route, model string, body map[string]any) (generated, error) {
	made, err := post[generated](ctx, c, "starting the pictures", route+"/tailored/"+model, body)
	return made, advised(err, generateAdvice)
}

var plainID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// fieldOf finds the field that {"error":{"details":["ip_name: …"]}} names.
func fieldOf(body []byte) string {
	var answer struct {
		Error struct {
			Details []string `json:"details"`
		} `json:"error"`
	}
	if json.Unmarshal(body, &answer) != nil || len(answer.Error.Details) == 0 {
		return ""
	}
	field, _, found := strings.Cut(answer.Error.Details[0], ":")
	if !found || !plainID.MatchString(field) {
		return ""
	}
	return field
}

// status is the HTTP status that an error came with, 0 without an answer.
func status(err error) int {
	if failure, ok := asFailure(err); ok {
		return failure.Status
	}
	return 0
}
