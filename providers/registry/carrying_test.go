// Which example's request carries a documented parameter.

package registry_test

import (
	"encoding/json"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
)

// readExamples reads a service's examples, with the paths of their requests
// as the documents write them: without the base URL's.
func readExamples(t *testing.T, service *providers.Service) []conformance.Example {
	t.Helper()
	examples, err := conformance.Examples(filepath.Join("..", service.ID, "testdata", "contract"))
	if err != nil {
		t.Fatal(err)
	}
	base, err := url.Parse(service.BaseURL)
	if err != nil {
		t.Fatal(err)
	}
	for _, example := range examples {
		for i := range example.Exchanges {
			method, target, _ := strings.Cut(example.Exchanges[i].Request, " ")
			example.Exchanges[i].Request = method + " " + strings.TrimPrefix(target, base.Path)
		}
	}
	return examples
}

// carrying names the plainest example of the operation whose request holds a
// parameter, in its path, query or body; "" asks for the operation alone.
func carrying(examples []conformance.Example, op documented, parameter string) (name string, found bool) {
	least := 0
	for _, example := range examples {
		if example.Offer != op.offered {
			continue
		}
		for _, exchange := range example.Exchanges {
			size := len(exchange.Request) + len(exchange.Body)
			if (!found || size < least) && carries(exchange, op.operation, parameter) {
				name, found, least = example.Name, true, size
			}
		}
	}
	return name, found
}

func carries(exchange conformance.Exchange, operation, parameter string) bool {
	documented, _, _ := strings.Cut(operation, ", ")
	method, target, _ := strings.Cut(exchange.Request, " ")
	wantMethod, pattern, _ := strings.Cut(documented, " ")
	address, err := url.Parse(target)
	if err != nil || method != wantMethod || !matchesPattern(address.Path, pattern) {
		return false
	}
	if parameter == "" || strings.Contains(pattern, "{"+parameter+"}") || address.Query().Has(parameter) {
		return true
	}
	var body any
	return json.Unmarshal(exchange.Body, &body) == nil && holds(body, strings.Split(parameter, "."))
}

// matchesPattern compares a path with one such as /models/{model_id}.
func matchesPattern(path, pattern string) bool {
	parts, wanted := strings.Split(path, "/"), strings.Split(pattern, "/")
	if len(parts) != len(wanted) {
		return false
	}
	for i, want := range wanted {
		if parts[i] != want && (!strings.HasPrefix(want, "{") || parts[i] == "") {
			return false
		}
	}
	return true
}

// holds reports whether a JSON value has a member; of a list, one of its items.
func holds(value any, member []string) bool {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			if holds(item, member) {
				return true
			}
		}
		return false
	case map[string]any:
		inner, found := value[member[0]]
		return found && inner != nil && (len(member) == 1 || holds(inner, member[1:]))
	}
	return false
}

func TestAnExampleCarriesWhatItsRequestHolds(t *testing.T) {
	exchange := func(request, body string) conformance.Exchange {
		return conformance.Exchange{Request: request, Body: json.RawMessage(body)}
	}
	for _, row := range []struct {
		exchange             conformance.Exchange
		operation, parameter string
		want                 bool
	}{
		{exchange("GET /models/7", ""), "GET /models/{model_id}", "model_id", true},
		{exchange("GET /models/7", ""), "GET /models/{model_id}", "name", false},
		{exchange("GET /models/7/start", ""), "GET /models/{model_id}", "", false},
		{exchange("PUT /models/7", ""), "GET /models/{model_id}", "", false},
		{exchange("GET /list?limit=1", ""), "GET /list", "limit", true},
		{exchange("PUT /image", `{"caption":"a"}`), "PUT /image, by hand", "caption", true},
		{exchange("PUT /image", `{"caption":null}`), "PUT /image", "caption", false},
		{exchange("POST /image", `{"image_ref":[{"url":"a"},{"weight":1}]}`), "POST /image", "image_ref.weight", true},
		{exchange("POST /image", `{"image_ref":[{"url":"a"}]}`), "POST /image", "image_ref.weight", false},
	} {
		if got := carries(row.exchange, row.operation, row.parameter); got != row.want {
			t.Errorf("%s %s as %q, %q: %v, want %v", row.exchange.Request, row.exchange.Body, row.operation, row.parameter, got, row.want)
		}
	}
}
