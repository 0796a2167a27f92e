// The direction of imports: main → views → app → providers, storage. Held by reading the import
// lines of every Go file, so that it runs in milliseconds and on code that doesn't build yet.

package main_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const (
	module = "github.com/maquette-studio/maquette"
	fyne   = "fyne.io/fyne/v2"
	// viewtest is what only the tests of views import.
	viewtest = module + "/views/internal/viewtest"
)

type importRule struct {
	folder   string
	never    []string
	testsMay []string
}

// importRules say what the files under a folder never import. The longest folder that holds a file is
// its rule; "tree/..." means a package and all below it, anything else one package. Tests of a package
// may cross a line that its code may not only where testsMay names the import.
var importRules = []importRule{
	{folder: "views", never: []string{module + "/storage/...", module + "/providers/*/...", viewtest}, testsMay: []string{
		module + "/storage/...", module + "/providers/*/...", viewtest,
	}},
	{folder: "views/kit", never: []string{
		module + "/app/...", module + "/providers/...", module + "/storage/...", module + "/views", module + "/views/picture/...",
		module + "/views/picker/...", module + "/views/form/...", viewtest,
	}, testsMay: []string{viewtest}},
	{folder: "views/picture", never: []string{
		module + "/providers/...", module + "/storage/...", module + "/views", module + "/views/picker/...", module + "/views/form/...", viewtest,
	}, testsMay: []string{viewtest}},
	{folder: "views/picker", never: []string{
		module + "/providers/...", module + "/storage/...", module + "/views", module + "/views/form/...", viewtest,
	}, testsMay: []string{viewtest}},
	{folder: "views/form", never: []string{
		module + "/providers/*/...", module + "/storage/...", module + "/views", viewtest,
	}, testsMay: []string{viewtest}},
	{folder: "views/internal/viewtest", never: []string{
		module + "/views", module + "/views/picture/...", module + "/views/picker/...", module + "/views/form/...",
	}},
	{folder: "app", never: []string{module + "/views/...", fyne + "/..."}},
	{folder: "providers", never: []string{
		module + "/views/...", module + "/app/...", module + "/storage/...", fyne + "/...",
	}},
	{folder: "storage", never: []string{
		module + "/views/...", module + "/app/...", module + "/providers/...", fyne + "/...",
	}},
	{folder: "assets", never: []string{module + "/..."}},
}

func TestImportsPointOneWay(t *testing.T) {
	for _, file := range goFiles(t) {
		rule := ruleOf(file)
		for _, imported := range importsOf(t, file) {
			pattern, broken := firstMatch(rule.never, imported)
			if !broken {
				continue
			}
			if _, allowed := firstMatch(rule.testsMay, imported); allowed && strings.HasSuffix(file, "_test.go") {
				continue
			}
			t.Errorf("%s imports %s; %s never imports %s", file, imported, rule.folder, pattern)
		}
	}
}

// ruleOf is the rule of the longest folder that holds a file; the zero one where none does.
func ruleOf(file string) importRule {
	var longest importRule
	for _, rule := range importRules {
		if strings.HasPrefix(file, rule.folder+"/") && len(rule.folder) > len(longest.folder) {
			longest = rule
		}
	}
	return longest
}

func TestTheLongestFolderIsTheRule(t *testing.T) {
	for file, folder := range map[string]string{
		"views/window.go": "views", "views/kit/text.go": "views/kit", "views/kitchen.go": "views", "main.go": "",
	} {
		if got := ruleOf(file).folder; got != folder {
			t.Errorf("%s is held by the rule of %q, not of %q", file, got, folder)
		}
	}
}

func TestImportPatterns(t *testing.T) {
	for _, row := range []struct {
		pattern, imported string
		want              bool
	}{
		{module + "/storage/...", module + "/storage", true},
		{module + "/storage/...", module + "/storage/thumbs", true},
		{module + "/storage/...", module + "/storagelike", false},
		{module + "/providers/*/...", module + "/providers", false},
		{module + "/providers/*/...", module + "/providers/luma", true},
		{module + "/providers/*/...", module + "/providers/sandbox/fault", true},
		{fyne + "/...", "fyne.io/fyne/v2/widget", true},
		{fyne + "/...", "fmt", false},
	} {
		if got := matches(row.pattern, row.imported); got != row.want {
			t.Errorf("matches(%q, %q) = %v, want %v", row.pattern, row.imported, got, row.want)
		}
	}
}

func firstMatch(patterns []string, imported string) (string, bool) {
	for _, pattern := range patterns {
		if matches(pattern, imported) {
			return pattern, true
		}
	}
	return "", false
}

// matches tells whether an import path is in a pattern: "*" stands for one path element, a closing
// "/..." for the package itself and everything below it.
func matches(pattern, imported string) bool {
	prefix, tree := strings.CutSuffix(pattern, "/...")
	if tree {
		elements := strings.Split(imported, "/")
		imported = strings.Join(elements[:min(len(elements), strings.Count(prefix, "/")+1)], "/")
	}
	ok, err := path.Match(prefix, imported)
	return err == nil && ok
}

// goFiles lists the module's Go files, with slashes, relative to its root.
func goFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && name != "." && strings.HasPrefix(entry.Name(), ".") {
			return fs.SkipDir
		}
		if strings.HasSuffix(name, ".go") {
			files = append(files, filepath.ToSlash(name))
		}
		return nil
	})
	if err != nil {
		t.Fatalf("listing the module's files: %v", err)
	}
	return files
}

// importsOf reads a file's import paths.
func importsOf(t *testing.T, file string) []string {
	t.Helper()
	source, err := os.ReadFile(filepath.FromSlash(file))
	if err != nil {
		t.Fatalf("reading %s: %v", file, err)
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), file, source, parser.ImportsOnly)
	if err != nil {
		t.Fatalf("parsing %s: %v", file, err)
	}
	var imports []string
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatalf("parsing %s: %v", file, err)
		}
		imports = append(imports, imported)
	}
	return imports
}
