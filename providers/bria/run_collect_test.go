package bria

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
)

// A picture that never appears ends the waiting, not the job at Bria.
func TestPicturesThatNeverAppear(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/there.png":
			_, _ = w.Write(onePixel)
		case "/none.png":
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer server.Close()
	steps := conformance.NewSteps(t)
	run := &providers.Run{Conn: providers.Conn{BaseURL: server.URL}, Steps: steps, Values: providers.Values{}}
	c := newCollection(run, []*promised{{link: server.URL + "/there.png"}, {link: server.URL + "/empty.png"}, {link: server.URL + "/none.png"}})
	c.until = time.Now().Add(50 * time.Millisecond)
	failure, ok := asFailure(c.collect(t.Context()))
	if !ok || failure.Kind != providers.BadResult || failure.Ended || failure.Money != providers.Spent || len(steps.Kept()) != 1 {
		t.Errorf("kept %d, then %+v", len(steps.Kept()), failure)
	}
}

// What came is kept whatever it is; what hosts say while there is nothing is
// waited out.
func TestWhatCountsAsAPicture(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		body  string
		there bool
	}{
		"png":              {string(onePixel), true},
		"cut png":          {string(onePixel[:20]), true},
		"avif":             {"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf", true},
		"jpeg xl":          {"\xff\x0a\xfa\x7f", true},
		"pdf":              {"%PDF-1.7\n%\xe2\xe3\xcf\xd3", true},
		"unknown":          {"\x01\x02\xfe\xfd", true},
		"packed graphic":   {"\x1f\x8b\x08\x00", true},
		"graphic":          {"<?xml version='1.0' encoding='latin1'?><!-- drawn --><svg viewBox='0 0 8 8'/>", true},
		"refusal":          {"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", false},
		"page":             {"<!doctype html><p>Not yet", false},
		"commented":        {"<!-- by hand --><svg viewBox='0 0 8 8'/>", true},
		"page with a logo": {"<!doctype html><p><svg viewBox='0 0 8 8'/>", false},
		"page in Latin 1":  {"<!doctype html><p>f\xfcr sp\xe4ter", false},
		"json":             {`{"status": "pending"}`, false},
		"words":            {"Not ready", false},
		"empty":            {"", false},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "image/png")
			_, _ = w.Write([]byte(row.body))
		}))
		steps := conformance.NewSteps(t)
		c := newCollection(&providers.Run{Conn: providers.Conn{BaseURL: server.URL}, Steps: steps, Values: providers.Values{}}, []*promised{{link: server.URL}})
		status, err := c.look(t.Context(), map[*promised]bool{})
		server.Close()
		if err != nil || status.Done != row.there {
			t.Errorf("%s: there %v, %v", name, status.Done, err)
		}
	}
}

var onePixel = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89" +
	"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xdc\xccY\xe7\x00\x00\x00\x00IEND\xaeB`\x82")

func TestWhatFindSees(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		answer   string
		find     func(client) providers.Find
		matches  string
		complete bool
	}{
		"no project":           {`[]`, func(c client) providers.Find { return c.findProject("Lora (tag)") }, "", true},
		"another's project":    {`[{"id":1,"project_name":"Lora (gat)"},{"id":2,"project_name":null}]`, func(c client) providers.Find { return c.findProject("Lora (tag)") }, "", true},
		"ours":                 {`[{"id":1,"project_name":"Lora"},{"id":"2","project_name":"Lora (tag)","status":"active"}]`, func(c client) providers.Find { return c.findProject("Lora (tag)") }, "project/2", true},
		"ours, deleted":        {`[{"id":2,"project_name":"Lora (tag)","status":"Deleted"}]`, func(c client) providers.Find { return c.findProject("Lora (tag)") }, "", true},
		"a dataset":            {`[{"id":4,"name":"Lora (tag)"}]`, func(c client) providers.Find { return c.findDataset("1", "Lora (tag)") }, "dataset/4", true},
		"an image":             {`[{"id":7,"image_name":"tag-001.jpg"},{"id":8,"image_name":"tag-0011"}]`, func(c client) providers.Find { return c.findImage("4", "tag-001") }, "image/7", true},
		"two images":           {`[{"id":7,"image_name":"tag-001.jpg"},{"id":8,"image_name":"tag-001"}]`, func(c client) providers.Find { return c.findImage("4", "tag-001") }, "image/7 image/8", true},
		"a missing project":    {`[null,{"id":2,"project_name":"Lora"}]`, func(c client) providers.Find { return c.findProject("Lora (tag)") }, "", false},
		"ours beside nothing":  {`[{"id":2,"project_name":"Lora (tag)"},{}]`, func(c client) providers.Find { return c.findProject("Lora (tag)") }, "project/2", false},
		"ours without its id":  {`[{"id":null,"name":"Lora (tag)"}]`, func(c client) providers.Find { return c.findDataset("1", "Lora (tag)") }, "", false},
		"a missing image":      {`[{"id":7,"image_name":"tag-002"},null]`, func(c client) providers.Find { return c.findImage("4", "tag-001") }, "", false},
		"a missing model":      {`[null]`, func(c client) providers.Find { return c.findModel("1", "Lora (tag)") }, "", false},
		"a model":              {`[{"id":7,"name":"Lora (tag)","status":"Created"}]`, func(c client) providers.Find { return c.findModel("1", "Lora (tag)") }, "model/7", true},
		"a training, begun":    {`{"id":7,"status":"In Progress"}`, func(c client) providers.Find { return c.findStarted("7") }, "training/7", true},
		"a training, not":      {`{"id":7,"status":"created"}`, func(c client) providers.Find { return c.findStarted("7") }, "", true},
		"a training, finished": {`{"id":7,"status":"COMPLETED"}`, func(c client) providers.Find { return c.findStarted("7") }, "training/7", true},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(row.answer)) }))
		finding, err := row.find(connect(providers.Conn{BaseURL: server.URL, HTTP: server.Client()}))(t.Context(), providers.Intent{Sent: time.Now()})
		server.Close()
		var ids []string
		for _, match := range finding.Matches {
			ids = append(ids, match.ID)
		}
		if err != nil || strings.Join(ids, " ") != row.matches || finding.Complete != row.complete || finding.Look.IsZero() {
			t.Errorf("%s: found %v, complete %v, %v", name, ids, finding.Complete, err)
		}
	}
}

func TestTheStatesOfATraining(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]struct {
		state providers.State
		done  bool
		over  bool
	}{
		"created": {state: providers.Waiting}, "Created": {state: providers.Waiting},
		"InProgress": {state: providers.Running}, "in_progress": {state: providers.Running}, "Queued": {state: providers.Running},
		"Stopping": {state: providers.Running}, "Completed": {state: providers.Collecting, done: true},
		"Failed": {over: true}, "STOPPED": {over: true}, "Deleted": {over: true},
	} {
		got, err := trainingStatus(model{ID: json.Number("7"), Status: status})
		failure, failed := asFailure(err)
		switch {
		case want.over && (!failed || !failure.Ended):
			t.Errorf("%s: %v", status, err)
		case !want.over && (err != nil || got.State != want.state || got.Done != want.done):
			t.Errorf("%s: %+v, %v", status, got, err)
		}
	}
}

func TestWhenCaptionsAreThere(t *testing.T) {
	t.Parallel()
	text := "a fox"
	for name, row := range map[string]struct {
		images []image
		done   bool
	}{
		"none":          {nil, true},
		"one pending":   {[]image{{Caption: &text, Source: "automatic"}, {Source: "pending"}}, false},
		"one without":   {[]image{{Source: "automatic"}}, false},
		"unknown":       {[]image{{Source: "Unknown"}}, false},
		"another word":  {[]image{{Source: "failed"}}, false},
		"no word":       {[]image{{}}, false},
		"empty":         {[]image{{Caption: new(string), Source: "automatic"}}, false},
		"all, by hand":  {[]image{{Caption: &text, Source: "manual"}}, true},
		"still pending": {[]image{{Caption: &text, Source: "Pending"}}, false},
	} {
		if got := (captions{images: row.images}).status(); got.Done != row.done {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
