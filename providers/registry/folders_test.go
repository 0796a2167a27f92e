// The shape of a service's folder.

package registry_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/providers/registry"
)

// The files of a service's folder, beside the one with the service's name.
var (
	serviceFiles = []string{"fields", "check", "client", "types", "run", "find", "calls"}
	serviceTests = []string{"contract", "client", "sandbox"}
)

// Whoever knows one service's folder finds the way in all: each has the same
// files. A long one has parts, such as run_collect.go beside run.go.
func TestEveryServiceFolderHasTheSameFiles(t *testing.T) {
	for _, service := range registry.All() {
		folder := filepath.Join("..", service.ID)
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		code := append([]string{service.ID}, serviceFiles...)
		for _, name := range code {
			wantFile(t, filepath.Join(folder, name+".go"))
		}
		for _, name := range serviceTests {
			wantFile(t, filepath.Join(folder, name+"_test.go"))
		}
		for _, file := range files {
			name, test := strings.CutSuffix(strings.TrimSuffix(filepath.Base(file), ".go"), "_test")
			known := code
			if test {
				known = slices.Concat(code, serviceTests)
			}
			whole, _, _ := strings.Cut(name, "_")
			if !slices.Contains(known, whole) {
				t.Errorf("%s is no part of what a service's folder holds: %s", file, strings.Join(known, ", "))
			}
		}
	}
}

func wantFile(t *testing.T, path string) {
	t.Helper()
	if _, err := os.Stat(path); err != nil {
		t.Errorf("%s is missing: %v", path, err)
	}
}
