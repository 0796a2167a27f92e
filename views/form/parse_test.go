package form

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOnlyAFormParses(t *testing.T) {
	var found []string
	err := filepath.WalkDir("..", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		content, err := os.ReadFile(name)
		for range strings.Count(string(content), "providers.Parse(") {
			found = append(found, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 || found[0] != "../form/form.go" {
		t.Errorf("values are parsed in %v", found)
	}
}
