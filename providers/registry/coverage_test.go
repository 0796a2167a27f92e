package registry_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
)

const coveragePage = "../../docs/coverage.md"

// Callbacks are no field of a form: they are set up once, for every job.
const (
	callbacks     = "callbacks"
	callbackTests = "../app"
	callbackTest  = "TestACallbackEndsTheWait"
)

// documented is an operation that a service's document describes.
type documented struct {
	service, operation, offered string
	parameters                  []string
	test                        string
}

// Every documented operation and parameter is offered, and a test shows it.
func TestWhatTheServicesDocumentIsOfferedAndTested(t *testing.T) {
	var page strings.Builder
	fmt.Fprint(&page, "# Coverage of the services' documents\n\n"+
		"Generated (`make docs`) from what the documents describe (`providers/registry/testdata/documented.tsv`) and what Maquette declares.\n"+
		"Tasks are in the window's Train and Generate tabs and in `maquette run`; calls are under Actions → Ask a service, Bria's also under\n"+
		"Models → At Bria, and in `maquette call`.\n")
	service := ""
	for _, op := range readDocumented(t) {
		if op.service != service {
			service = op.service
			found, ok := registry.Find(service)
			if !ok {
				t.Fatalf("there is no service %s", service)
			}
			fmt.Fprintf(&page, "\n## %s\n\n| Operation | Parameter | Window | Command line | Test |\n|---|---|---|---|---|\n", found.Title)
		}
		for _, row := range rows(t, op) {
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
		if len(columns) != 5 {
			t.Fatalf("this row has %d columns instead of 5: %s", len(columns), line)
		}
		list = append(list, documented{columns[0], columns[1], columns[2], strings.Fields(columns[3]), columns[4]})
	}
	return list
}

// rows are the page's lines for an operation: one for itself, one for each of
// its parameters.
func rows(t *testing.T, op documented) []string {
	t.Helper()
	where, command, fields, photos := offer(t, op)
	if !isTest(t, op.service, op.test) {
		t.Errorf("%s %s names the test %s, which isn't there", op.service, op.operation, op.test)
	}
	lines := []string{fmt.Sprintf("| %s | | %s | `%s` | %s |", op.operation, where, command, op.test)}
	for _, parameter := range op.parameters {
		name, key, renamed := strings.Cut(parameter, "=")
		if !renamed {
			key = name
		}
		if key == callbacks {
			if !isTest(t, callbackTests, callbackTest) {
				t.Errorf("there is no test %s", callbackTest)
			}
			lines = append(lines, fmt.Sprintf("| | %s | Settings → Callbacks | `MAQUETTE_CALLBACK_URL` | %s |", name, callbackTest))
			continue
		}
		as, ok := option(fields, key, photos)
		if !ok {
			t.Errorf("%s %s: the parameter %s is not offered as %s", op.service, op.operation, name, key)
		}
		lines = append(lines, fmt.Sprintf("| | %s | yes | `%s` | %s |", name, as, op.test))
	}
	return lines
}

// offer says where an operation is offered.
func offer(t *testing.T, op documented) (window, command string, fields []providers.Field, photos bool) {
	t.Helper()
	if _, task, ok := registry.Task(op.offered); ok {
		tab := "Train"
		if task.Kind == providers.Generate {
			tab = "Generate"
		}
		return tab + " → " + task.Title, "maquette run " + task.ID, task.Fields, task.Photos != nil
	}
	if _, call, ok := registry.Call(op.offered); ok {
		return "Ask a service → " + call.Title, "maquette call " + call.ID, call.Fields, false
	}
	t.Fatalf("%s %s is offered nowhere: there is no %s", op.service, op.operation, op.offered)
	return "", "", nil, false
}

func option(fields []providers.Field, key string, photos bool) (string, bool) {
	if key == "photos" {
		return "--photo", photos
	}
	for _, f := range fields {
		if f.Key == key {
			return "--set " + key, true
		}
	}
	return "", false
}

// isTest reports whether a service's folder has a test of that name.
func isTest(t *testing.T, service, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", service, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	declared := regexp.MustCompile(`(?m)^func ` + regexp.QuoteMeta(name) + `\(t \*testing\.T\)`)
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if declared.Match(content) {
			return true
		}
	}
	return false
}
