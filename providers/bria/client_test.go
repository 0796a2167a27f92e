// Every request Maquette makes of Bria, and what it makes of the answers: the
// documents' examples, as files in testdata.

package bria_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/bria"
	"github.com/maquette-studio/maquette/providers/conformance"
)

func TestDeclaration(t *testing.T) { conformance.Service(t, bria.Service()) }

func file(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// exchange is a call, the request it makes, and the answer it gets.
type exchange struct {
	call    string
	values  map[string]any
	request string // method, path and query
	body    string // file; empty for no body
	status  int
	answer  string // file; empty for no body
}

func exchanges() []exchange {
	project, dataset, model := map[string]any{"project_id": "123"}, map[string]any{"dataset_id": "456"}, map[string]any{"model_id": "789"}
	image := map[string]any{"dataset_id": "456", "image_id": "10001"}
	add := func(to map[string]any, more map[string]any) map[string]any {
		all := map[string]any{}
		for _, from := range []map[string]any{to, more} {
			for k, v := range from {
				all[k] = v
			}
		}
		return all
	}
	const root = "/v1/tailored-gen/"
	return []exchange{
		{"bria/projects", nil, "GET " + root + "projects", "", 200, "projects"},
		{"bria/project-create", map[string]any{
			"project_name": "Branded Character", "project_description": "Our mascot", "ip_name": "Lora",
			"ip_description": "a female character with purple hair", "ip_medium": "illustration", "ip_type": "defined_character",
		}, "POST " + root + "projects", "request_project", 201, "project"},
		{"bria/project", project, "GET " + root + "projects/123", "", 200, "project"},
		{"bria/project-update", add(project, map[string]any{"ip_description": "A girl with purple hair"}), "PUT " + root + "projects/123", "request_project_update", 200, "project_updated"},
		{"bria/project-delete", project, "DELETE " + root + "projects/123", "", 204, ""},
		{"bria/datasets", nil, "GET " + root + "datasets", "", 200, "datasets"},
		{"bria/project-datasets", project, "GET " + root + "projects/123/datasets", "", 200, "datasets"},
		{"bria/project-datasets", add(project, map[string]any{"include_models": true, "include_models_ids": true}), "GET " + root + "projects/123/datasets?include_models=true&include_models_ids=true", "", 200, "datasets_with_models"},
		{"bria/dataset-create", add(project, map[string]any{"name": "dataset v1"}), "POST " + root + "datasets", "request_dataset", 201, "dataset_created"},
		{"bria/dataset", dataset, "GET " + root + "datasets/456", "", 200, "dataset"},
		{"bria/dataset-update", add(dataset, map[string]any{"name": "dataset v1", "caption_prefix": "An illustration of Lora,", "status": "completed"}), "PUT " + root + "datasets/456", "request_dataset_update", 200, "dataset_updated"},
		{"bria/dataset-clone", add(dataset, map[string]any{"name": "Copy of dataset v1 - modified version"}), "POST " + root + "datasets/456/clone", "request_dataset_clone", 201, "dataset_cloned"},
		{"bria/dataset-delete", dataset, "DELETE " + root + "datasets/456", "", 204, ""},
		{"bria/images", dataset, "GET " + root + "datasets/456/images", "", 200, "images"},
		{"bria/image-upload", add(dataset, map[string]any{"image_url": "https://example.com/lora.png", "image_name": "lora.png"}), "POST " + root + "datasets/456/images", "request_upload_url", 201, "image"},
		{"bria/image-upload", add(dataset, map[string]any{"file": "https://example.com/lora.png", "image_name": "lora.png"}), "POST " + root + "datasets/456/images", "request_upload_url", 201, "image"},
		{"bria/image", image, "GET " + root + "datasets/456/images/10001", "", 200, "image"},
		{"bria/image-caption", add(image, map[string]any{"caption": "waving from a balcony"}), "PUT " + root + "datasets/456/images/10001", "request_caption", 200, "image_captioned"},
		{"bria/image-recaption", image, "PUT " + root + "datasets/456/images/10001", "request_recaption", 200, "image"},
		{"bria/images-recaption", dataset, "PUT " + root + "datasets/456/images", "", 202, "captions_regenerating"},
		{"bria/image-delete", image, "DELETE " + root + "datasets/456/images/10001", "", 204, ""},
		{"bria/models", nil, "GET " + root + "models", "", 200, "models"},
		{"bria/project-models", project, "GET " + root + "projects/123/models", "", 200, "models"},
		{"bria/model-create", add(dataset, map[string]any{
			"name": "Lora Character Model", "training_version": "max", "description": "A model trained on Lora character illustrations",
		}), "POST " + root + "models", "request_model", 201, "model_created"},
		{"bria/model", model, "GET " + root + "models/789", "", 200, "model"},
		{"bria/model-update", add(model, map[string]any{
			"name": "Updated Lora Character Model", "description": "An updated model trained on Lora character illustrations",
		}), "PUT " + root + "models/789", "request_model_update", 200, "model_updated"},
		{"bria/model-delete", model, "DELETE " + root + "models/789", "", 204, ""},
		{"bria/model-start", model, "POST " + root + "models/789/start_training", "", 200, "training_started"},
		{"bria/model-stop", model, "POST " + root + "models/789/stop_training", "", 200, "stopped"},
	}
}

// seen is a request that a server got.
type seen struct {
	request string
	body    any
}

// recorder answers every request alike and notes it.
func recorder(t *testing.T, answer http.HandlerFunc) (providers.Conn, func() []seen) {
	t.Helper()
	var mu sync.Mutex
	var all []seen
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body any
		if content, _ := io.ReadAll(r.Body); len(content) > 0 {
			if err := json.Unmarshal(content, &body); err != nil || r.Header.Get("Content-Type") != "application/json" {
				t.Errorf("%s %s is no JSON: %v", r.Method, r.URL, err)
			}
		}
		if r.Header.Get("api_token") != "token" || r.Header.Get("Authorization") != "" {
			t.Errorf("%s %s has the wrong key", r.Method, r.URL)
		}
		mu.Lock()
		all = append(all, seen{r.Method + " " + r.URL.RequestURI(), body})
		mu.Unlock()
		answer(w, r)
	}))
	transport := &http.Transport{}
	t.Cleanup(func() { transport.CloseIdleConnections(); server.Close() })
	return providers.Conn{BaseURL: server.URL + "/v1", Key: "token", HTTP: &http.Client{Transport: transport}}, func() []seen {
		mu.Lock()
		defer mu.Unlock()
		return all
	}
}

func (e exchange) do(ctx context.Context, t *testing.T, conn providers.Conn) (string, error) {
	t.Helper()
	service := bria.Service()
	call, ok := service.FindCall(e.call)
	if !ok {
		t.Fatalf("there is no call %s", e.call)
	}
	values, problems := providers.Parse(call.Fields, e.values)
	if len(problems) > 0 {
		t.Fatalf("%s: %v", e.call, problems)
	}
	answer, err := call.Do(ctx, conn, values)
	text, _ := json.Marshal(answer)
	return string(text), err
}

func decoded(t *testing.T, text string) (value any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	return value
}

func TestEveryCallSendsAndReadsWhatTheDocumentSays(t *testing.T) {
	t.Parallel()
	made := map[string]bool{}
	for _, e := range exchanges() {
		made[e.call] = true
		t.Run(e.call+" "+e.body, func(t *testing.T) {
			t.Parallel()
			conn, got := recorder(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(e.status)
				if e.answer != "" {
					_, _ = io.WriteString(w, file(t, e.answer))
				}
			})
			answer, err := e.do(t.Context(), t, conn)
			if err != nil {
				t.Fatal(err)
			}
			want := seen{request: e.request}
			if e.body != "" {
				want.body = decoded(t, file(t, e.body))
			}
			if requests := got(); len(requests) != 1 || !reflect.DeepEqual(requests[0], want) {
				t.Errorf("sent %v\nwant %v", requests, want)
			}
			if e.answer != "" && !reflect.DeepEqual(decoded(t, answer), decoded(t, file(t, e.answer))) {
				t.Errorf("answered %s", answer)
			}
		})
	}
	for _, call := range bria.Service().Calls {
		if !made[call.ID] {
			t.Errorf("%s is not in the table", call.ID)
		}
	}
}

func TestCallsAtBadServers(t *testing.T) {
	t.Parallel()
	for _, e := range exchanges() {
		// One of each method, and the one that is paid: the others are made alike.
		if !slices.Contains([]string{"bria/projects", "bria/model", "bria/model-start", "bria/dataset-update"}, e.call) {
			continue
		}
		t.Run(e.call, func(t *testing.T) {
			t.Parallel()
			conformance.Client(t, conformance.Probe{
				Answer: file(t, e.answer), Status: e.status, Repeatable: strings.HasPrefix(e.request, "GET"),
				Call: func(ctx context.Context, conn providers.Conn) error {
					_, err := e.do(ctx, t, conn)
					return err
				},
			})
		})
	}
}

func TestAnUploadHoldsThePictureItself(t *testing.T) {
	t.Parallel()
	conn, got := recorder(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(201)
		_, _ = io.WriteString(w, file(t, "image"))
	})
	content := base64.StdEncoding.EncodeToString(square())
	upload := exchange{call: "bria/image-upload", values: map[string]any{"dataset_id": "456", "file": "data:image/png;base64," + content}}
	if _, err := upload.do(t.Context(), t, conn); err != nil {
		t.Fatal(err)
	}
	if body := got()[0].body; !reflect.DeepEqual(body, map[string]any{"file": content}) {
		t.Errorf("the body has other fields than the bare base64 of the picture")
	}
}

func TestGenerationsSendWhatTheDocumentSays(t *testing.T) {
	t.Parallel()
	content := base64.StdEncoding.EncodeToString(square())
	for name, row := range map[string]struct {
		task   string
		values map[string]any
	}{
		"request_text_to_image": {imageID, map[string]any{
			"num_results": 1, "seed": 7, "steps_num": 12, "aspect_ratio": "16:9", "model_influence": 0.8,
			"guidance": []any{
				map[string]any{"method": "controlnet_canny", "image": "square", "scale": 0.5}, map[string]any{"method": "controlnet_color_grid", "image": "square"},
			},
			"image_prompt_file": "square", "image_prompt_urls": []any{map[string]any{"url": "https://example.com/a.png"}}, "image_prompt_mode": "style_only", "image_prompt_scale": 0.7,
		}},
		"request_text_to_vector": {vectorID, nil},
		"request_reimagine":      {reimID, map[string]any{"structure_image_file": "square"}},
		"request_reimagine_url":  {reimID, map[string]any{"structure_image_url": "https://example.com/a.png", "fast": false, "steps_num": 30, "num_results": 2}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, got := recorder(t, func(w http.ResponseWriter, r *http.Request) {
				answer := map[bool]string{true: "generation", false: "model"}[r.Method == http.MethodPost]
				if strings.Contains(r.URL.Path, "/projects/") {
					answer = "project"
				}
				_, _ = io.WriteString(w, strings.Replace(file(t, answer), `"max"`, `"light"`, 1))
			})
			steps := conformance.NewSteps(t)
			steps.AddPhoto("square", "png", square())
			task := declared(t, row.task)
			raw := map[string]any{"model_id": "789", "prompt": "lora on a hill"}
			for key, value := range row.values {
				raw[key] = value
			}
			values, problems := task.Validate(raw)
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			// The links lead nowhere: the task is stopped once it asks them.
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			stopping := stopAtWatch{steps, cancel}
			if err := task.Run(ctx, &providers.Run{Job: "j", Values: values, Conn: conn, Steps: stopping}); err == nil {
				t.Fatal("it was not stopped")
			}
			requests := got()
			last := requests[len(requests)-1]
			if path := "POST /v1/" + strings.TrimPrefix(row.task, "bria/") + "/tailored/789"; last.request != path {
				t.Errorf("sent %s, want %s", last.request, path)
			}
			want := decoded(t, strings.NewReplacer("PICTURE", content, "LINK", "https://example.com/a.png").Replace(file(t, name)))
			if !reflect.DeepEqual(last.body, want) {
				for key := range last.body.(map[string]any) {
					if !reflect.DeepEqual(last.body.(map[string]any)[key], want.(map[string]any)[key]) {
						t.Errorf("%s differs", key)
					}
				}
				t.Errorf("the body has %d fields, want %d", len(last.body.(map[string]any)), len(want.(map[string]any)))
			}
			if receipt := steps.Receipts()["generate"]; !strings.Contains(string(receipt.Answer), "two.png") || receipt.ID != "generation/0b5c2c2e-1f0d-4c8b-9a3e-2d6a7b8c9d0e" {
				t.Errorf("the receipt doesn't keep the links: %+v", receipt)
			}
		})
	}
}

type stopAtWatch struct {
	*conformance.Steps
	stop context.CancelFunc
}

func (s stopAtWatch) Watch(ctx context.Context, _ providers.Pace, _ func(context.Context) (providers.Status, error)) error {
	s.stop()
	return context.Cause(ctx)
}

func TestGeneratingAtBadServers(t *testing.T) {
	t.Parallel()
	conformance.Client(t, conformance.Probe{
		Answer: file(t, "generation"),
		Call: func(ctx context.Context, conn providers.Conn) error {
			values, _ := declared(t, imageID).Validate(map[string]any{"model_id": "789", "prompt": "lora on a hill"})
			err := declared(t, imageID).Run(ctx, &providers.Run{Job: "j", Values: values, Conn: conn, Steps: onlyOnce{}})
			if errors.Is(err, errEnough) {
				return nil
			}
			return err
		},
	})
}

// errEnough ends a task after its paid request.
var errEnough = errors.New("enough")

// onlyOnce are Steps that make the paid request and nothing else.
type onlyOnce struct{ providers.Steps }

func (onlyOnce) Step(context.Context, string, providers.Create) (providers.Receipt, error) {
	return providers.Receipt{}, nil
}

func (onlyOnce) Once(ctx context.Context, _ string, _ providers.Find, create providers.Create) (providers.Receipt, error) {
	return create(ctx)
}

func (onlyOnce) Watch(context.Context, providers.Pace, func(context.Context) (providers.Status, error)) error {
	return errEnough
}

func fieldsOf(t *testing.T, id string) map[string]bool {
	t.Helper()
	service := bria.Service()
	call, ok := service.FindCall(id)
	if !ok {
		t.Fatalf("there is no call %s", id)
	}
	keys := map[string]bool{}
	for _, f := range call.Fields {
		keys[f.Key] = true
	}
	return keys
}
