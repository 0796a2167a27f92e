// What the program says about itself.

package cli

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/release"
)

func TestTheVersionIsSaid(t *testing.T) {
	t.Parallel()
	code, out, errs := maquette(t, "--version")
	if code != ExitDone || errs != "" || !strings.HasPrefix(out, "Maquette "+release.Version+", commit ") || !strings.Contains(out, ", go1.") {
		t.Errorf("%d %q %q", code, out, errs)
	}
	var build release.Build
	if _, out, _ := maquette(t, "--version", "--json"); json.Unmarshal([]byte(out), &build) != nil || build != release.This() {
		t.Errorf("%q", out)
	}
	if code, _, _ := maquette(t, "jobs", "list", "--version"); code != ExitInvalid {
		t.Errorf("a command has --version: %d", code)
	}
}

func TestWhereEverythingLiesIsSaid(t *testing.T) {
	t.Parallel()
	code, out, errs := maquette(t, "paths")
	if code != ExitDone || errs != "" {
		t.Fatalf("%d %q", code, errs)
	}
	for _, what := range []string{"maquette.db", "backups", "library", "models", "thumbs", "quarantine", "window.json", "crashes", "“maquette”"} {
		if !strings.Contains(out, what) {
			t.Errorf("it says nothing of %s:\n%s", what, out)
		}
	}
	_, out, _ = maquette(t, "paths", "--demo", "--json")
	for line := range strings.Lines(out) {
		var place struct {
			What, Place string
			Exists      *bool
		}
		if err := json.Unmarshal([]byte(line), &place); err != nil || place.What == "" || place.Place == "" {
			t.Errorf("%s: %v", line, err)
		}
		if place.What == "database" && (place.Exists == nil || *place.Exists || !strings.Contains(place.Place, "demo")) {
			t.Errorf("the demo's database is said to be %s", line)
		}
	}
}

func TestTheManualPageHasEveryCommand(t *testing.T) {
	t.Parallel()
	_, out, _ := maquette(t, "man")
	for _, d := range commands() {
		if d.run != nil && d.name != "" && !strings.Contains(out, "\n.SS "+d.name) {
			t.Errorf("%q is missing", d.name)
		}
	}
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "'") || strings.HasPrefix(line, ".") && !slices.Contains([]string{".TH", ".SH", ".SS", ".TP", ".B", ".br"}, strings.Fields(line)[0]) {
			t.Errorf("man would obey %q", line)
		}
	}
}

func TestUpdatesAreLookedForOnRequest(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"tag_name": "v9.8.7"}`)) }))
	defer server.Close()
	var out, errs bytes.Buffer
	program := Program{Out: &out, Err: &errs, Env: func(name string) string {
		if name == release.AddressVariable {
			return server.URL
		}
		return t.TempDir()
	}}
	if code := program.Run(t.Context(), []string{"updates"}); code != ExitDone || !strings.Contains(out.String(), "Maquette 9.8.7 is out") || !strings.Contains(out.String(), server.URL) {
		t.Errorf("%d %q %q", code, &out, &errs)
	}
	out.Reset()
	var found struct {
		Latest string
		Newer  bool
	}
	if program.Run(t.Context(), []string{"updates", "--json"}); json.Unmarshal(out.Bytes(), &found) != nil || !found.Newer || found.Latest != "9.8.7" {
		t.Errorf("%q %q", &out, &errs)
	}
	server.Close()
	if code := program.Run(t.Context(), []string{"updates"}); code != ExitFailed || !strings.Contains(errs.String(), "could not be reached") {
		t.Errorf("%d %q", code, &errs)
	}
}
