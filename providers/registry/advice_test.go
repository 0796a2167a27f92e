// No service's folder names a page of the window or a command: what leads to
// one is a providers.Remedy, which they put into words themselves.

package registry_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var pages = regexp.MustCompile(`→|\bSettings\b|\bRetry\b[^-]|maquette (keys|bucket|call|jobs)`)

func TestNoAdviceNamesAPageOrACommand(t *testing.T) {
	t.Parallel()
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, filepath.Join("..", "conformance")) {
			return err
		}
		files := token.NewFileSet()
		parsed, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(parsed, func(node ast.Node) bool {
			text, ok := node.(*ast.BasicLit)
			if ok && text.Kind == token.STRING && pages.MatchString(text.Value) {
				t.Errorf("%s says %s", files.Position(text.Pos()), text.Value)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
