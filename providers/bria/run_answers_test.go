// Tasks and calls at a service that answers what the test says.

package bria

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
)

// answering is a service that answers by method and path, "409 …" with that
// status, and remembers what it was asked.
func answering(t *testing.T, answers map[string]string) (conn providers.Conn, asked func() string) {
	t.Helper()
	var mu sync.Mutex
	var all []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		request := r.Method + " " + r.URL.Path
		mu.Lock()
		all = append(all, request)
		mu.Unlock()
		answer, known := answers[request]
		if body, refused := strings.CutPrefix(answer, "409 "); refused {
			w.WriteHeader(http.StatusConflict)
			answer = body
		} else if !known {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = io.WriteString(w, answer)
	}))
	client := server.Client()
	t.Cleanup(func() { client.CloseIdleConnections(); server.Close() })
	return providers.Conn{BaseURL: server.URL, HTTP: client}, func() string {
		mu.Lock()
		defer mu.Unlock()
		return strings.Join(all, ", ")
	}
}

func TestAConflictIsExplainedByTheStateThatWasReadAfterIt(t *testing.T) {
	t.Parallel()
	const conflict = `409 {"message":"Conflict error"}`
	complete := func(c client) error { return c.complete(t.Context(), "4") }
	start := func(c client) error { _, err := c.startTraining(t.Context(), "7"); return err }
	for name, row := range map[string]struct {
		do         func(client) error
		state      string // "" when it can't be read
		says, hush string
	}{
		"completed already":       {complete, `{"id":4,"status":"Completed"}`, "", ""},
		"a draft stays a draft":   {complete, `{"id":4,"status":"draft"}`, "still a draft", "dataset is completed"},
		"started already":         {start, `{"id":7,"status":"InProgress"}`, "", ""},
		"created, but refused":    {start, `{"id":7,"status":"Created"}`, "not started", "was started before"},
		"a state that isn't told": {start, `409 {}`, "could not be read", "Create another model"},
	} {
		conn, _ := answering(t, map[string]string{
			"PUT /tailored-gen/datasets/4": conflict, "GET /tailored-gen/datasets/4": row.state,
			"POST /tailored-gen/models/7/start_training": conflict, "GET /tailored-gen/models/7": row.state,
		})
		failure, failed := asFailure(row.do(connect(conn)))
		switch {
		case failed != (row.says != ""):
			t.Errorf("%s: %+v", name, failure)
		case failed && (!strings.Contains(failure.Advice.String(), row.says) || strings.Contains(failure.Advice.String(), row.hush)):
			t.Errorf("%s: advised %q", name, failure.Advice)
		}
	}
}

func TestADatasetIsHeldToItsProjectAtItsOwnField(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ dataset, images, says string }{
		"a project that is gone": {`{"id":4,"project_id":1,"status":"completed","images_count":2}`, ``, "no project 1"},
		"no project":             {`{"id":4,"status":"completed","images_count":2}`, ``, "no project that Bria names"},
		"counted as empty":       {`{"id":4,"project_id":1,"status":"draft","images_count":0,"images":[]}`, `[{"id":5}]`, "holds no pictures"},
		"listed as empty":        {`{"id":4,"project_id":1,"status":"draft"}`, `[]`, "holds no pictures"},
		"listed elsewhere":       {`{"id":4,"project_id":1,"status":"draft","images_count":null}`, `[{"id":5}]`, "no project 1"},
		"counted as full":        {`{"id":4,"project_id":1,"status":"draft","images_count":201}`, ``, "201 pictures"},
	} {
		conn, asked := answering(t, map[string]string{"GET /tailored-gen/datasets/4": row.dataset, "GET /tailored-gen/datasets/4/images": row.images})
		err := conformance.Perform(t.Context(), t, Service(), "bria/train",
			map[string]any{"model_name": "Lora", "start_from": "dataset", "dataset_id": "4"},
			providers.Run{Job: "job-000000001", Conn: conn, Steps: conformance.NewSteps(t)})
		failure, ok := asFailure(err)
		if !ok || failure.Field != "dataset_id" || !strings.Contains(failure.Message.String(), row.says) || strings.Contains(asked(), "/projects/,") {
			t.Errorf("%s: %+v after %s", name, failure, asked())
		}
	}
}

func TestMaxForPhotographsIsRefusedBeforeAModelIsCreated(t *testing.T) {
	t.Parallel()
	const dataset, project = `{"id":4,"project_id":1,"status":"completed"}`, `{"id":1,"ip_medium":"Photography"}`
	for name, row := range map[string]struct{ version, dataset, project, field string }{
		"max":             {"max", dataset, project, "training_version"},
		"no such dataset": {"max", "", project, "dataset_id"},
		"light":           {"light", dataset, project, ""},
		"illustrations":   {"max", dataset, `{"id":1,"ip_medium":"illustration"}`, ""},
		"unreadable":      {"max", `{}`, project, ""},
	} {
		answers := map[string]string{"GET /tailored-gen/projects/1": row.project, "POST /tailored-gen/models": `{"id":7}`}
		if row.dataset != "" {
			answers["GET /tailored-gen/datasets/4"] = row.dataset
		}
		conn, asked := answering(t, answers)
		_, err := conformance.Ask(t.Context(), t, Service(), "bria/model-create", map[string]any{"dataset_id": "4", "name": "m", "training_version": row.version}, conn)
		failure, refused := asFailure(err)
		if refused != (row.field != "") || refused && failure.Field != row.field || strings.Contains(asked(), "POST") == refused {
			t.Errorf("%s: %+v after %s", name, failure, asked())
		}
	}
}

func TestAVectorsModelIsHeldToItsProject(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ model, says string }{
		"no project":             {`{"id":7,"status":"Completed"}`, "no project that Bria names"},
		"a project that is gone": {`{"id":7,"status":"Completed","project_id":1}`, "project is not there"},
	} {
		conn, asked := answering(t, map[string]string{"GET /tailored-gen/models/7": row.model})
		err := conformance.Perform(t.Context(), t, Service(), "bria/text-to-vector", map[string]any{"model_id": "7", "prompt": "a fox"},
			providers.Run{Job: "job-000000001", Conn: conn, Steps: conformance.NewSteps(t)})
		failure, ok := asFailure(err)
		if !ok || failure.Field != "model_id" || !strings.Contains(failure.Message.String(), row.says) || strings.Contains(asked(), "POST") || strings.HasSuffix(asked(), "/projects/") {
			t.Errorf("%s: %+v after %s", name, failure, asked())
		}
	}
}

// What a script can test of an answer is what the training waits for.
func TestAScriptCanWaitForCaptionsAsLongAsTheTrainingDoes(t *testing.T) {
	t.Parallel()
	const there, pending = `{"id":1,"caption":"a fox","caption_source":"automatic"}`, `{"id":2,"caption":null,"caption_source":"pending"}`
	type ready = func(context.Context) (providers.Status, error)
	status := func(look captionLook) ready {
		return func(ctx context.Context) (providers.Status, error) {
			now, err := look(ctx)
			return now.status(), err
		}
	}
	images := func(c client) ready { return status(c.captionsReady("4")) }
	settled := func(c client) ready { return c.captionsSettled("4") }
	again := func(c client) ready { return status(c.captionsUpdated("4")) }
	for name, row := range map[string]struct {
		pace   providers.Pace
		ready  func(client) ready
		answer string
		over   bool
	}{
		"none":                   {captionPace, images, `[]`, true},
		"there":                  {captionPace, images, "[" + there + "]", true},
		"one pending":            {captionPace, images, "[" + there + "," + pending + "]", false},
		"an old one, pending":    {captionPace, images, `[{"id":1,"caption":"old","caption_source":"Pending"}]`, false},
		"without":                {captionPace, images, `[{"id":1,"caption":null,"caption_source":"automatic"}]`, false},
		"unknown":                {captionPace, images, `[{"id":1,"caption":null,"caption_source":"unknown"},` + there + `]`, false},
		"empty":                  {captionPace, images, `[{"id":1,"caption":"","caption_source":"automatic"},` + there + `]`, false},
		"unknown, and pending":   {captionPace, images, `[{"id":1,"caption":null,"caption_source":"Unknown"},` + pending + `]`, false},
		"on lines":               {captionPace, images, "[\n  {\n    \"id\": 1,\n    \"caption\": null,\n    \"caption_source\": \"unknown\"\n  }\n]", false},
		"on lines, without":      {captionPace, images, "[\n  {\n    \"id\": 1,\n    \"caption\": null,\n    \"caption_source\": \"manual\"\n  }\n]", false},
		"a caption that says so": {captionPace, images, `[{"id":1,"caption":"a } and \"caption\": null","caption_source":"manual"}]`, true},
		"nothing under way":      {settledPace, settled, `{"id":4,"captions_update_status":"empty"}`, true},
		"under way":              {settledPace, settled, `{"id":4,"captions_update_status":"in_progress"}`, false},
		"under way, otherwise":   {settledPace, settled, `{"id":4,"captions_update_status": "InProgress"}`, false},
		"asked for, under way":   {recaptionPace, again, `{"id":4,"captions_update_status":"in_progress","images":[` + there + `]}`, false},
		"asked for, there":       {recaptionPace, again, `{"id":4,"captions_update_status":"completed","images":[` + there + `]}`, true},
	} {
		conn, _ := answering(t, map[string]string{"GET /tailored-gen/datasets/4": row.answer, "GET /tailored-gen/datasets/4/images": row.answer})
		if status, err := row.ready(connect(conn))(t.Context()); err != nil || status.Done != row.over {
			t.Errorf("%s: the training's wait: %+v, %v", name, status, err)
		}
		if over := met(t, *row.pace.Until, row.answer); over != row.over {
			t.Errorf("%s: the script's wait is over: %v", name, over)
		}
	}
}

// met reads the condition as it is documented, object by object.
func met(t *testing.T, until providers.Until, answer string) bool {
	t.Helper()
	var decoded any
	if err := json.Unmarshal([]byte(answer), &decoded); err != nil {
		t.Fatal(err)
	}
	holds, lacks := until.Holds == nil, true
	var look func(any)
	look = func(value any) {
		switch v := value.(type) {
		case []any:
			for _, item := range v {
				look(item)
			}
		case map[string]any:
			has := func(m providers.Member) bool {
				found, there := v[m.Name]
				text, _ := found.(string)
				if found == nil {
					text = "null"
				}
				return there && plainState(text) == plainState(m.Value)
			}
			holds = holds || has(*until.Holds)
			lacks = lacks && !slices.ContainsFunc(until.Lacks, has)
			for _, member := range v {
				look(member)
			}
		}
	}
	look(decoded)
	return holds && lacks
}

// What an answer leads to is kept; what it lacks is told.
func TestAPictureThatTheAnswerLacksIsReported(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		results string // $ is the service's address
		kept    int
	}{
		"fewer than asked for":   {`[{"urls":["$/there.png"]}]`, 1},
		"null in the list":       {`[null,{"urls":["$/there.png"]}]`, 1},
		"a result without links": {`[{"urls":["$/there.png"]},{"seed":3,"uuid":"u"}]`, 1},
		"links that are null":    {`[{"urls":["$/there.png"]},{"urls":null}]`, 1},
		"a null link":            {`[{"urls":["$/there.png"]},{"urls":[null]}]`, 1},
		"all of them":            {`[{"urls":["$/there.png"]},{"urls":["$/there.png?2"]}]`, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var server *httptest.Server
			server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/there.png":
					_, _ = w.Write(onePixel)
				case "/tailored-gen/models/7":
					_, _ = io.WriteString(w, `{"id":7,"name":"Vix","status":"Completed","training_version":"light"}`)
				default:
					_, _ = io.WriteString(w, `{"result":`+strings.ReplaceAll(row.results, "$", server.URL)+`}`)
				}
			}))
			client := server.Client()
			t.Cleanup(func() { client.CloseIdleConnections(); server.Close() })
			steps := conformance.NewSteps(t)
			task := imageTask()
			values, problems := task.Validate(map[string]any{"model_id": "7", "prompt": "a fox", "num_results": "2", "fast": "false"})
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			err := task.Run(t.Context(), &providers.Run{Job: "j", Values: values, Conn: providers.Conn{BaseURL: server.URL, HTTP: client}, Steps: steps})
			if len(steps.Kept()) != row.kept {
				t.Errorf("%d pictures are kept: %v", len(steps.Kept()), err)
			}
			failure, told := asFailure(err)
			if told != (row.kept < 2) || told && (failure.Kind != providers.BadResult || failure.Money != providers.Spent || !failure.Ended || !strings.Contains(failure.Error(), "1 of the 2")) {
				t.Errorf("told: %+v", err)
			}
		})
	}
}
