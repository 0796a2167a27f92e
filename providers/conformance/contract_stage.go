// The server that plays a service's part in one example.

package conformance

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/maquette-studio/maquette/providers"
)

const (
	exampleJob = "job-000000001"
	// examplePicture is the test picture's id, for a task's image fields.
	examplePicture = "picture"
	resultsPath    = "/results/"
)

// testPicture is large enough to train on.
var testPicture = sync.OnceValue(func() []byte { return Picture(1024, 1024) })

const testVector = `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"><rect width="16" height="16"/></svg>`

// stage is a server that plays a service's part in one example.
type stage struct {
	t        testing.TB
	service  providers.Service
	document Document
	example  Example
	refusal  *Refusal // answers the exchange at refuseAt, every time
	refuseAt int

	url   string
	conn  providers.Conn
	steps *Steps
	ctx   context.Context
	end   context.CancelFunc // once something was not as documented

	mu   sync.Mutex
	next int // the exchange that is due
}

func newStage(t testing.TB, service providers.Service, document Document, example Example) *stage {
	return newStageServed(t, service, document, example, func(s *stage) http.Handler { return s })
}

// newStageServed is a stage whose requests are answered by what serve returns.
func newStageServed(t testing.TB, service providers.Service, document Document, example Example, serve func(*stage) http.Handler) *stage {
	s := &stage{t: t, service: service, document: document, example: example, steps: NewSteps(t)}
	s.ctx, s.end = context.WithCancel(t.Context())
	server := httptest.NewServer(serve(s))
	transport := &http.Transport{}
	t.Cleanup(func() {
		s.end()
		transport.CloseIdleConnections()
		server.Close()
	})
	base, err := url.Parse(service.BaseURL)
	if err != nil {
		t.Fatal(err)
	}
	s.url = server.URL
	s.conn = providers.Conn{BaseURL: server.URL + base.Path, Key: probeKey, Secrets: []string{probeSecret}, HTTP: &http.Client{Transport: transport}}
	s.steps.AddPhoto(examplePicture, "png", testPicture())
	for key, size := range example.Objects {
		s.steps.Objects[key] = providers.Object{Key: key, Size: size}
	}
	return s
}

// check makes the example's operation and compares what comes of it.
func (s *stage) check() {
	s.t.Helper()
	answer, err := s.perform(s.steps)
	if s.t.Failed() {
		return // the server has said why
	}
	if err != nil {
		s.t.Fatalf("it failed: %v", err)
	}
	if s.next < len(s.example.Exchanges) {
		s.t.Errorf("%d of %d requests were made, not yet %s", s.next, len(s.example.Exchanges), s.example.Exchanges[s.next].Request)
	}
	if _, call := s.service.FindCall(s.example.Offer); call {
		want := s.example.Answer
		if want == nil {
			want = s.example.Exchanges[len(s.example.Exchanges)-1].Answer
		}
		s.same("the answer", answer, want)
	}
	for name, content := range s.example.Files {
		s.same("the file "+name, s.steps.hostedAs("file "+name), content)
	}
	var kept []ExampleResult
	for _, k := range s.steps.Kept() {
		r := k.Result
		kept = append(kept, ExampleResult{URL: r.URL, RemoteID: r.RemoteID, Prompt: r.Prompt, Model: r.Model, Seed: r.Seed})
	}
	s.same("what was kept", kept, encode(s.example.Kept))
	s.same("the models", s.steps.Models(), encode(s.example.Models))
}

// perform runs the task or makes the call, its values read as a form's.
func (s *stage) perform(steps providers.Steps) (answer any, err error) {
	s.t.Helper()
	raw := map[string]any{}
	if err := json.Unmarshal([]byte(s.expand(encode(s.example.Values))), &raw); err != nil {
		s.t.Fatal(err)
	}
	if _, found := s.service.FindCall(s.example.Offer); found {
		return Ask(s.ctx, s.t, s.service, s.example.Offer, raw, s.conn)
	}
	run := providers.Run{Job: exampleJob, Conn: s.conn, Callback: s.example.Callback, Steps: steps}
	for _, p := range s.example.Photos {
		photo := providers.Photo{ID: p.ID, Name: p.ID, URL: p.URL}
		if p.URL == "" {
			photo = s.steps.AddPhoto(p.ID, "png", testPicture())
		}
		photo.Caption = p.Caption
		run.Photos = append(run.Photos, photo)
	}
	return nil, Perform(s.ctx, s.t, s.service, s.example.Offer, raw, run)
}

// ServeHTTP holds a request to the exchange that is due.
func (s *stage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, resultsPath) {
		s.serveResult(w, r)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next >= len(s.example.Exchanges) {
		s.fault("after the last exchange came %s %s", r.Method, r.URL.RequestURI())
		return
	}
	due := s.example.Exchanges[s.next]
	s.compareRequest(r, due)
	if s.refusal != nil && s.next == s.refuseAt {
		s.refusal.answer(w)
		return
	}
	s.next++
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(max(due.Status, http.StatusOK))
	_, _ = io.WriteString(w, s.expand(due.Answer))
}

func (s *stage) compareRequest(r *http.Request, due Exchange) {
	method, target, _ := strings.Cut(s.expand([]byte(due.Request)), " ")
	want, err := url.Parse(target)
	if err != nil || r.Method != method || r.URL.Path != want.Path || !reflect.DeepEqual(r.URL.Query(), want.Query()) {
		s.fault("request %d is %s %s, want %s", s.next+1, r.Method, r.URL.RequestURI(), due.Request)
		return
	}
	s.compareKey(r)
	content, err := io.ReadAll(r.Body)
	if err != nil {
		s.fault("reading %s: %v", due.Request, err)
		return
	}
	if due.Body == nil {
		if len(content) > 0 {
			s.fault("%s came with a body: %.300s", due.Request, content)
		}
		return
	}
	if kind := r.Header.Get("Content-Type"); kind != "application/json" {
		s.fault("%s came as %q", due.Request, kind)
	}
	if !s.same("the body of "+due.Request, json.RawMessage(content), due.Body) {
		s.end()
	}
}

// compareKey asks for the key in the documented header and nowhere else.
func (s *stage) compareKey(r *http.Request) {
	name, value, _ := strings.Cut(s.document.Key, ": ")
	if got, want := r.Header.Get(name), strings.ReplaceAll(value, "{{key}}", probeKey); got != want {
		s.fault("the header %s is %q, want %q", name, got, want)
	}
	if at := keyHeaders(r); len(at) > 1 {
		s.fault("the key is in the headers %v", at)
	}
	if strings.Contains(r.URL.String(), probeKey) {
		s.fault("the key is in the address")
	}
}

func keyHeaders(r *http.Request) (names []string) {
	for name, values := range r.Header {
		if strings.Contains(strings.Join(values, "\n"), probeKey) {
			names = append(names, name)
		}
	}
	return names
}

// serveResult is a picture that anybody may read; it is never told the key.
func (s *stage) serveResult(w http.ResponseWriter, r *http.Request) {
	if at := keyHeaders(r); len(at) > 0 {
		s.fault("the key was sent to %s", r.URL.Path)
	}
	if strings.HasSuffix(r.URL.Path, ".svg") {
		w.Header().Set("Content-Type", "image/svg+xml")
		_, _ = io.WriteString(w, testVector)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	_, _ = w.Write(testPicture())
}

func (s *stage) fault(format string, arguments ...any) {
	s.t.Errorf(format, arguments...)
	s.end()
}

// expand fills in the placeholders.
func (s *stage) expand(text []byte) string {
	out := strings.NewReplacer("{{server}}", s.url, "{{picture}}", base64.StdEncoding.EncodeToString(testPicture())).Replace(string(text))
	for name := range s.example.Files {
		out = strings.ReplaceAll(out, "{{file "+name+"}}", s.steps.linkTo("file "+name))
	}
	return out
}

// same compares a value with a file's JSON and says where they differ.
func (s *stage) same(what string, got any, want json.RawMessage) bool {
	s.t.Helper()
	a, b := decode(s.t, what, encode(got)), decode(s.t, what, []byte(s.expand(want)))
	if reflect.DeepEqual(a, b) {
		return true
	}
	x, isObject := a.(map[string]any)
	y, wantsObject := b.(map[string]any)
	if !isObject || !wantsObject {
		s.t.Errorf("%s is\n%.900s\nwant\n%.900s", what, encode(a), encode(b))
		return false
	}
	for key := range x {
		if _, wanted := y[key]; !wanted {
			s.t.Errorf("%s: %s is too much: %.300s", what, key, encode(x[key]))
		}
	}
	for key := range y {
		if !reflect.DeepEqual(x[key], y[key]) {
			s.t.Errorf("%s: %s is %.300s, want %.300s", what, key, encode(x[key]), encode(y[key]))
		}
	}
	return false
}

func decode(t testing.TB, what string, text []byte) (value any) {
	t.Helper()
	if len(text) == 0 {
		return nil
	}
	if err := json.Unmarshal(text, &value); err != nil {
		t.Errorf("%s is no JSON: %v", what, err)
	}
	return value
}

// encode writes what is known to be writable; an empty list is none.
func encode(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		return []byte(`"` + err.Error() + `"`)
	}
	return text
}
