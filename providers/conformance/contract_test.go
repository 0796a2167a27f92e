package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
)

// lister is a sound service with a call, whose key the test chooses a place for.
func lister(authorize func(*http.Request, string)) providers.Service {
	service := sound()
	service.Calls = []providers.Call{{
		ID: "acme/item", Title: "Item", Help: "Changes an item.", Doc: "https://acme.example/docs",
		Fields: []providers.Field{{Key: "name", Label: "Name", Help: "Its name.", Kind: providers.Text}},
		Do: func(ctx context.Context, conn providers.Conn, v providers.Values) (any, error) {
			var answer map[string]any
			api := httpapi.New(httpapi.Options{Service: "Acme", Conn: conn, Authorize: authorize})
			err := api.Post(ctx, "item?kind=a", map[string]any{"name": v.Text("name")}, &answer)
			return answer, err
		},
	}}
	return service
}

// item is the example that the lister keeps to.
func item() Example {
	return Example{
		Offer: "acme/item", Values: map[string]any{"name": "fox"},
		Exchanges: []Exchange{{
			Request: "POST /v1/item?kind=a", Body: json.RawMessage(`{"name":"fox"}`), Paid: true,
			Status: 201, Answer: json.RawMessage(`{"id":7,"link":"{{server}}/results/a.png"}`),
		}},
	}
}

var itemDocument = Document{Key: "Authorization: Bearer {{key}}"}

func TestAnExampleThatIsKeptPasses(t *testing.T) {
	newStage(t, lister(nil), itemDocument, item()).check()
}

func TestWhatAnExampleDoesNotAllowIsNamed(t *testing.T) {
	first := func(change func(*Exchange)) func(*Example) {
		return func(e *Example) { change(&e.Exchanges[0]) }
	}
	for _, row := range []struct {
		name      string
		spoil     func(*Example)
		authorize func(*http.Request, string)
		want      string
	}{
		{"another path", first(func(e *Exchange) { e.Request = "POST /v1/items?kind=a" }), nil, "want POST /v1/items"},
		{"another method", first(func(e *Exchange) { e.Request = "PUT /v1/item?kind=a" }), nil, "want PUT"},
		{"another query", first(func(e *Exchange) { e.Request = "POST /v1/item" }), nil, "request 1 is POST"},
		{"another member", first(func(e *Exchange) { e.Body = json.RawMessage(`{"name":"owl"}`) }), nil, `name is "fox", want "owl"`},
		{"a member too many", first(func(e *Exchange) { e.Body = json.RawMessage(`{}`) }), nil, "name is too much"},
		{"a body where there is none", first(func(e *Exchange) { e.Body = nil }), nil, "came with a body"},
		{"a request too many", func(e *Example) { e.Exchanges = nil }, nil, "after the last exchange"},
		{"a request too few", func(e *Example) { e.Exchanges = append(e.Exchanges, e.Exchanges[0]) }, nil, "1 of 2 requests"},
		{"another answer", func(e *Example) { e.Answer = json.RawMessage(`{"id":8}`) }, nil, "id is 7, want 8"},
		{"a picture that isn't kept", func(e *Example) { e.Kept = []ExampleResult{{URL: "a"}} }, nil, "what was kept"},
		{"a key elsewhere", nil, func(r *http.Request, key string) { r.Header.Set("X-Key", key) }, "the header Authorization"},
		{"a key twice", nil, func(r *http.Request, key string) {
			r.Header.Set("Authorization", "Bearer "+key)
			r.Header.Set("X-Key", key)
		}, "the key is in the headers"},
	} {
		t.Run(row.name, func(t *testing.T) {
			example := item()
			if row.spoil != nil {
				row.spoil(&example)
			}
			told := &complaints{TB: t}
			newStage(told, lister(row.authorize), itemDocument, example).check()
			if !strings.Contains(told.all(), row.want) {
				t.Errorf("told %q, want %q in it", told.all(), row.want)
			}
		})
	}
}

func TestARefusalToldOtherwiseIsNamed(t *testing.T) {
	kept := Refusal{Status: 422, Body: json.RawMessage(`{"detail":[{"loc":["body","name"],"msg":"too short"}]}`), Kind: providers.InvalidInput, Says: "name: too short", Field: "name", Advice: "Change what"}
	newStage(t, lister(nil), itemDocument, item()).refuse(kept, true)
	for want, spoil := range map[string]func(*Refusal){
		"the service says": func(r *Refusal) { r.Says = "too long" },
		`about "name"`:     func(r *Refusal) { r.Field = "" },
		"want \"bad_key\"": func(r *Refusal) { r.Kind = providers.BadKey },
		"the advice is":    func(r *Refusal) { r.Advice = "Add credit" },
		"retry after":      func(r *Refusal) { r.RetryAfter = 7 },
	} {
		refusal := kept
		spoil(&refusal)
		told := &complaints{TB: t}
		newStage(told, lister(nil), itemDocument, item()).refuse(refusal, true)
		if !strings.Contains(told.all(), want) {
			t.Errorf("told %q, want %q in it", told.all(), want)
		}
	}
}

// complaints is a test that only notes what went wrong in it.
type complaints struct {
	testing.TB
	mu   sync.Mutex
	said []string
}

// Errorf notes.
func (c *complaints) Errorf(format string, arguments ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.said = append(c.said, fmt.Sprintf(format, arguments...))
}

// Fatalf notes; what follows a refusal is noted too.
func (c *complaints) Fatalf(format string, arguments ...any) { c.Errorf(format, arguments...) }

// Failed reports whether something was noted.
func (c *complaints) Failed() bool { return c.all() != "" }

func (c *complaints) all() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.Join(c.said, "\n")
}
