package registry_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/registry"
)

const coveragePage = "../../docs/coverage.md"

// What stands in documented.tsv for a parameter that is no field of a form.
const (
	photos = "photos" // the dataset's
	always = "always" // sent by itself
)

// documented is an operation that a service's document describes.
type documented struct {
	service, operation, offered string
	parameters                  []string
}

// Every documented operation and parameter is offered, and the request of an
// example carries it.
func TestWhatTheServicesDocumentIsOfferedAndTested(t *testing.T) {
	var page strings.Builder
	fmt.Fprint(&page, "# Coverage of the services' documents\n\n"+
		"Generated (`make docs`) from what the documents describe (`providers/registry/testdata/documented.tsv`), what Maquette declares, and\n"+
		"the examples in each service's `testdata/contract`, whose requests a test compares member by member. A parameter's test is an example whose\n"+
		"request carries it. Every request's key, in the documented header and nowhere else, is compared with each of them.\n"+
		"Tasks are in the window's Train and Generate tabs and in `maquette run`; calls are under Actions → Ask a service, Bria's also under\n"+
		"Models → At Bria, and in `maquette call`. Window names the field's label.\n")
	service := ""
	var examples []conformance.Example
	for _, op := range readDocumented(t) {
		if op.service != service {
			service = op.service
			found, ok := registry.All().Service(service)
			if !ok {
				t.Fatalf("there is no service %s", service)
			}
			fmt.Fprintf(&page, "\n## %s\n\n| Operation | Parameter | Window | Command line | Test |\n|---|---|---|---|---|\n", found.Title)
			examples = readExamples(t, found)
		}
		for _, row := range rows(t, op, examples) {
			fmt.Fprintln(&page, row)
		}
	}
	if *update {
		if err := os.WriteFile(coveragePage, []byte(page.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(coveragePage)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != page.String() {
		t.Error("docs/coverage.md is not what is declared; run: make docs")
	}
}

// Every task and call that is declared answers to something documented.
func TestNothingIsOfferedThatIsNotDocumented(t *testing.T) {
	listed := map[string]bool{}
	for _, op := range readDocumented(t) {
		listed[op.offered] = true
	}
	for _, s := range registry.All() {
		for _, task := range s.Tasks {
			if !listed[task.ID] {
				t.Errorf("%s is in no row of documented.tsv", task.ID)
			}
		}
		for _, call := range s.Calls {
			if !listed[call.ID] {
				t.Errorf("%s is in no row of documented.tsv", call.ID)
			}
		}
	}
}

func readDocumented(t *testing.T) []documented {
	t.Helper()
	content, err := os.ReadFile("testdata/documented.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var list []documented
	for line := range strings.Lines(string(content)) {
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		columns := strings.Split(line, "\t")
		if len(columns) != 4 {
			t.Fatalf("this row has %d columns instead of 4: %s", len(columns), line)
		}
		list = append(list, documented{columns[0], columns[1], columns[2], strings.Fields(columns[3])})
	}
	return list
}

// rows are the page's lines for an operation: one for itself, one for each of
// its parameters.
func rows(t *testing.T, op documented, examples []conformance.Example) []string {
	t.Helper()
	where, command, fields, takesPhotos := offer(t, op)
	show := func(parameter string) string {
		name, found := carrying(examples, op, parameter)
		if !found {
			t.Errorf("%s %s: no request of an example of %s in testdata/contract carries %q", op.service, op.operation, op.offered, parameter)
		}
		return fmt.Sprintf("[TestContract/%s](../providers/%s/testdata/contract/%s.json)", name, op.service, name)
	}
	lines := []string{fmt.Sprintf("| %s | | %s | `%s` | %s |", op.operation, where, command, show(""))}
	for _, parameter := range op.parameters {
		name, key, renamed := strings.Cut(parameter, "=")
		if !renamed {
			key = name
		}
		var window, option string
		test := show(name)
		switch key {
		case always:
			window, option = "sent by itself", "sent by itself"
		case photos:
			window, option = "Photos", "`--photo`"
			if !takesPhotos {
				t.Errorf("%s takes no photos", op.offered)
			}
		default:
			label, ok := labelOf(fields, key)
			if !ok {
				t.Errorf("%s %s: the parameter %s is not offered as %s", op.service, op.operation, name, key)
			}
			whole, _, _ := strings.Cut(key, ".")
			window, option = label, "`--set "+whole+"`"
		}
		lines = append(lines, fmt.Sprintf("| | %s | %s | %s | %s |", name, window, option, test))
	}
	return lines
}

// offer says where an operation is offered.
func offer(t *testing.T, op documented) (window, command string, fields []providers.Field, takesPhotos bool) {
	t.Helper()
	if task, _, ok := registry.All().Task(op.offered); ok {
		tab := "Train"
		if task.Kind == providers.Generate {
			tab = "Generate"
		}
		return tab + " → " + task.Title, "maquette run " + task.ID, task.Fields, task.Photos != nil
	}
	if call, _, ok := registry.All().Call(op.offered); ok {
		return "Ask a service → " + call.Title, "maquette call " + call.ID, call.Fields, false
	}
	t.Fatalf("%s %s is offered nowhere: there is no %s", op.service, op.operation, op.offered)
	return "", "", nil, false
}

// labelOf is a field's label in the form; a dot leads into a list's items.
func labelOf(fields []providers.Field, key string) (string, bool) {
	first, rest, nested := strings.Cut(key, ".")
	for _, f := range fields {
		if f.Key != first {
			continue
		}
		if !nested {
			return f.Label, true
		}
		label, ok := labelOf(f.Items, rest)
		return f.Label + " → " + label, ok
	}
	return "", false
}
