// The direction of imports: main → views → app → providers, storage, and what lies within them. Held by reading the
// import lines of every Go file, so that it runs in milliseconds and on code that doesn't build yet.

package main_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	module = "github.com/maquette-studio/maquette"
	fyne   = "fyne.io/fyne/v2/..."
)

// importRule says what the files under a folder may import of this module and of Fyne; everything else in the world is
// free. Tests may import what their code may, their own package, and more.
type importRule struct {
	folder       string // "" for the module's root
	may, testsTo []string
}

// The parts of app that hold nothing and that every room may use.
var parts = []string{"app/consent", "app/failure", "app/ids", "app/intake", "app/photo", "app/retry", "app/search", "app/settings", "app/windowstate"}

// What a room needs to do its work: the way out, the declarations of the services, the client that speaks to them, the disk.
var floor = []string{"providers/network", "providers", "providers/httpapi", "providers/ratelimit", "storage", "storage/filename"}

// What app offers to a screen.
var offered = append([]string{
	"app", "app/access", "app/callbacks", "app/datasets", "app/filedialog", "app/jobs", "app/library", "app/models", "app/money", "app/recorder", "app/release", "app/remote", "app/tray",
}, parts...)

// importRules: the longest folder that holds a file is its rule. Folders of the house that aren't built yet have theirs.
var importRules = []importRule{
	{folder: "", may: []string{"app", "app/cli", "app/crash", "views", fyne}, testsTo: []string{module + "/..."}},

	{folder: "views", may: list(offered, "assets", "docs/guide", "providers", "views/kit", "views/picture", "views/picker", "views/form", fyne), testsTo: []string{
		"app/recorder/pasted",
		"providers/conformance", "providers/registry", "providers/sandbox", "storage", "storage/realparts", "views/internal/...",
	}},
	{folder: "views/kit", may: []string{"assets", fyne}, testsTo: []string{"views/internal/..."}},
	{folder: "views/picture", may: list(offered, "views/kit", fyne), testsTo: []string{"views/internal/..."}},
	{folder: "views/picker", may: list(offered, "storage/filename", "views/picture", "views/kit", fyne), testsTo: []string{"views/internal/..."}},
	{folder: "views/form", may: list(offered, "views/picker", "views/picture", "views/kit", "providers", fyne), testsTo: []string{"views/internal/..."}},
	{folder: "views/internal", may: list(offered, "providers", "providers/sandbox", "storage", "views/kit", fyne)},

	// The demo runs the simulated services; so does the command of that name.
	{folder: "app", may: list(offered, "app/crash", "app/door", "assets", "providers/network", "providers", "providers/httpapi", "providers/registry", "providers/sandbox", "storage"), testsTo: []string{
		"app/cli", "providers/conformance", "storage/realparts",
	}},
	{folder: "app/cli", may: list(offered, "app/handover", "providers", "providers/registry", "providers/sandbox", "storage"), testsTo: []string{"app/recorder/pasted", "providers/conformance", "storage/realparts"}},
	{folder: "app/jobs", may: list(floor, "app/consent", "app/failure", "app/ids", "app/photo", "app/retry"), testsTo: []string{"providers/registry", "providers/sandbox", "storage/realparts"}},
	// Tests only: they attack all of it together.
	{folder: "app/soak", testsTo: list(floor, "app", "app/cli", "app/jobs", "assets", "providers/conformance", "providers/registry", "providers/sandbox")},
	{folder: "app/datasets", may: list(floor, parts...), testsTo: []string{"app/library", "assets"}},
	{folder: "app/library", may: list(floor, parts...), testsTo: []string{"assets"}},
	{folder: "app/models", may: list(floor, parts...), testsTo: []string{"providers/sandbox"}},
	{folder: "app/access", may: list(floor, list(parts, "app/door", "app/tunnel")...), testsTo: []string{"providers/registry", "providers/sandbox", "storage/realparts"}},
	{folder: "app/money", may: []string{"providers"}},
	{folder: "app/callbacks", may: list(floor, list(parts, "app/door")...)},
	// Where others reach this computer, and what leads there.
	{folder: "app/door", may: []string{"providers", "providers/network"}},
	{folder: "app/tunnel", may: []string{"providers"}},
	{folder: "app/remote", may: list(floor, parts...), testsTo: []string{"providers/bria", "providers/conformance", "providers/registry", "providers/sandbox"}},
	// What is written down instead of sent is an order of a job.
	{folder: "app/recorder", may: list(floor, list(parts, "app/jobs")...), testsTo: []string{"providers/registry", "providers/sandbox"}},
	// The gate keeps a table, and nothing in memory.
	{folder: "app/consent", may: []string{"app/failure", "app/ids", "app/photo", "providers", "storage"}},
	{folder: "app/crash", may: []string{"app/release", "storage"}},
	{folder: "app/failure", may: list(floor, "app/photo")},
	// It knows the systems, and no toolkit.
	{folder: "app/filedialog", may: []string{"app/sessionbus"}, testsTo: []string{"storage/realparts"}},
	{folder: "app/tray", may: []string{"app/sessionbus"}, testsTo: []string{"storage/realparts"}},
	{folder: "app/sessionbus"},
	{folder: "app/handover"},
	{folder: "app/ids"},
	{folder: "app/intake", may: list(floor, "app/failure", "app/photo")},
	{folder: "app/photo", may: []string{"providers", "storage/filename", "app/photo/codec"}, testsTo: []string{"assets", "storage/realparts"}},
	{folder: "app/photo/codec"},
	{folder: "app/release", may: []string{"providers", "providers/network"}},
	{folder: "app/retry"},
	{folder: "app/search", may: []string{"storage/filename"}},
	{folder: "app/settings", may: list(floor, "app/failure")},
	{folder: "app/windowstate", may: []string{"storage"}},

	// A service's folder has the rule of all providers: the declarations and the client, never another service's folder.
	{folder: "providers", may: []string{"providers", "providers/httpapi", "providers/ratelimit"}, testsTo: []string{"providers/conformance", "providers/sandbox"}},
	{folder: "providers/httpapi", may: []string{"providers/network", "providers", "providers/ratelimit"}, testsTo: []string{"providers/conformance"}},
	{folder: "providers/ratelimit"},
	{folder: "providers/registry", may: []string{"providers", "providers/*"}},
	{folder: "providers/conformance", may: []string{"storage/bounds", "providers", "providers/httpapi", "providers/sandbox"}},
	{folder: "providers/sandbox", may: []string{"providers/network"}},

	// The one way out of this computer. It knows no service.
	{folder: "providers/network"},

	{folder: "storage", may: []string{"storage/dbcheck", "storage/filename"}, testsTo: []string{"storage/realparts"}},
	{folder: "storage/dbcheck"},
	{folder: "storage/filename"},
	{folder: "storage/realparts"},

	// The book's pages and pictures, and nothing that shows them.
	{folder: "docs/guide"},

	{folder: "assets", testsTo: []string{"app/photo"}},

	// For tests only: all of them may hold what they feed to its bounds.
	{folder: "storage/bounds"},
	{folder: "app/recorder/pasted"},
}

func list(names []string, more ...string) []string { return append(slices.Clone(names), more...) }

func TestImportsPointOneWay(t *testing.T) {
	for _, file := range goFiles(t) {
		for _, imported := range importsOf(t, file) {
			if rule, broken := breaks(importRules, file, imported); broken {
				t.Errorf("%s imports %s, which files under %q may not", file, imported, rule.folder)
			}
		}
	}
}

func TestEachFolderHasItsRule(t *testing.T) {
	seen := map[string]bool{}
	for _, rule := range importRules {
		if seen[rule.folder] {
			t.Errorf("%q has two rules", rule.folder)
		}
		seen[rule.folder] = true
	}
	// A service needs none of its own; every other package does.
	for _, file := range goFiles(t) {
		folder := strings.TrimSuffix(path.Dir(file), ".")
		if rule := ruleOf(importRules, file); rule.folder != folder && rule.folder != "providers" && rule.folder != "views/internal" {
			t.Errorf("%s is in a package without a rule; it belongs into importRules", file)
		}
	}
}

func TestImportRules(t *testing.T) {
	rules := []importRule{
		{folder: "", may: []string{"views"}, testsTo: []string{module + "/..."}},
		{folder: "views", may: []string{"app", "views/kit", fyne}, testsTo: []string{"storage"}},
		{folder: "views/kit", may: []string{fyne}},
		{folder: "providers", may: []string{"providers"}},
		{folder: "providers/registry", may: []string{"providers", "providers/*"}},
	}
	for _, row := range []struct {
		file, imported string
		broken         bool
	}{
		{"main.go", module + "/views", false},
		{"main.go", module + "/app", true},
		{"main_test.go", module + "/app", false},
		{"views/window.go", module + "/app", false},
		{"views/window.go", module + "/app/cli", true},
		{"views/window.go", module + "/apples", true},
		{"views/window.go", "fyne.io/fyne/v2", false},
		{"views/window.go", "fyne.io/fyne/v2/widget", false},
		{"views/window.go", "example.com/anything", false},
		{"views/window.go", "fmt", false},
		{"views/window.go", module + "/storage", true},
		{"views/window_test.go", module + "/storage", false},
		{"views/window_test.go", module + "/views", false},
		{"views/window_test.go", module + "/providers", true},
		{"views/kit/text.go", "fyne.io/fyne/v2/widget", false},
		{"views/kit/text.go", module + "/app", true}, // though views may
		{"views/kitchen/sink.go", module + "/app", false},
		{"providers/field.go", "fyne.io/fyne/v2", true},
		{"providers/luma/run.go", module + "/providers", false},
		{"providers/luma/run.go", module + "/providers/bria", true},
		{"providers/luma/run_test.go", module + "/providers/luma", false},
		{"providers/registry/registry.go", module + "/providers/bria", false},
		{"providers/registry/registry.go", module + "/providers/bria/inner", true},
		{"unknown/file.go", module + "/views", false}, // under the root's rule
	} {
		if rule, broken := breaks(rules, row.file, row.imported); broken != row.broken {
			t.Errorf("%s imports %s: broken is %v under the rule of %q", row.file, row.imported, broken, rule.folder)
		}
	}
}

// breaks tells whether an import breaks the rule of the file, and which that is.
func breaks(rules []importRule, file, imported string) (rule importRule, broken bool) {
	rule = ruleOf(rules, file)
	if !matches("...", imported) && !matches(fyne, imported) {
		return rule, false
	}
	may := rule.may
	if strings.HasSuffix(file, "_test.go") {
		may = list(may, append(rule.testsTo, strings.TrimSuffix(path.Dir(file), "."), "storage/bounds")...)
	}
	return rule, !slices.ContainsFunc(may, func(pattern string) bool { return matches(pattern, imported) })
}

// ruleOf is the rule of the longest folder that holds the file.
func ruleOf(rules []importRule, file string) (longest importRule) {
	for _, rule := range rules {
		if len(rule.folder) > len(longest.folder) && strings.HasPrefix(file, rule.folder+"/") || rule.folder == "" && longest.folder == "" {
			longest = rule
		}
	}
	return longest
}

// matches tells whether an import path is in a pattern: a path of this module, or a whole one that names its host. "*"
// stands for one path element, a closing "..." for the package and everything below it.
func matches(pattern, imported string) bool {
	if host, _, _ := strings.Cut(pattern, "/"); !strings.Contains(strings.TrimSuffix(host, "..."), ".") {
		pattern = strings.TrimSuffix(module+"/"+pattern, "/")
	}
	prefix, tree := strings.CutSuffix(pattern, "/...")
	if tree {
		elements := strings.Split(imported, "/")
		imported = strings.Join(elements[:min(len(elements), strings.Count(prefix, "/")+1)], "/")
	}
	ok, err := path.Match(prefix, imported)
	return err == nil && ok
}

func TestImportPatterns(t *testing.T) {
	for _, row := range []struct {
		pattern, imported string
		want              bool
	}{
		{"storage", module + "/storage", true},
		{"storage", module + "/storage/dbcheck", false},
		{"storage/...", module + "/storage", true},
		{"storage/...", module + "/storage/dbcheck", true},
		{"storage/...", module + "/storagelike", false},
		{"providers/*", module + "/providers", false},
		{"providers/*", module + "/providers/luma", true},
		{"providers/*", module + "/providers/sandbox/fault", false},
		{"...", module + "/providers/sandbox/fault", true},
		{"...", module, true},
		{"...", "fmt", false},
		{"", module, true},
		{module + "/...", module + "/app", true},
		{fyne, "fyne.io/fyne/v2", true},
		{fyne, "fyne.io/fyne/v2/widget", true},
		{fyne, "fyne.io/systray", false},
		{fyne, "fmt", false},
	} {
		if got := matches(row.pattern, row.imported); got != row.want {
			t.Errorf("matches(%q, %q) = %v, want %v", row.pattern, row.imported, got, row.want)
		}
	}
}

// keptBehind are libraries that one file uses, for all others.
var keptBehind = map[string]string{
	"github.com/disintegration/imaging": "app/photo/imaging.go",
}

func TestLibrariesStayBehindTheirFile(t *testing.T) {
	used := map[string]bool{}
	for _, file := range goFiles(t) {
		for _, imported := range importsOf(t, file) {
			behind, kept := keptBehind[imported]
			if kept && file != behind && !strings.HasSuffix(file, "_test.go") {
				t.Errorf("%s imports %s, which %s is for", file, imported, behind)
			}
			used[imported] = true
		}
	}
	for library := range keptBehind {
		if !used[library] {
			t.Errorf("nothing uses %s", library)
		}
	}
}

// longestFile is how many lines a file of the program has at most.
const longestFile = 400

func TestFilesAndPackagesAreSmallAndNamed(t *testing.T) {
	for _, file := range goFiles(t) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source := readFile(t, file)
		if lines := strings.Count(source, "\n"); lines > longestFile {
			t.Errorf("%s has %d lines; a file has %d at most", file, lines, longestFile)
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, source, parser.PackageClauseOnly)
		if err != nil {
			t.Fatalf("parsing %s: %v", file, err)
		}
		if vague := []string{"base", "common", "core", "helper", "misc", "shared", "util"}; slices.Contains(vague, strings.TrimSuffix(parsed.Name.Name, "s")) {
			t.Errorf("%s: a package named %s says nothing of what is in it", file, parsed.Name.Name)
		}
	}
}

// topLevel is what lies in the module's root, beside tests, what .gitignore names, and Git's own.
var topLevel = []string{
	".ci", ".editorconfig", ".git", ".github", ".gitignore", ".golangci.yml", "CHANGELOG.md", "CONTRIBUTING.md", "FyneApp.toml", "LICENSE", "Makefile", "README.md",
	"app", "assets", "cli.go", "docs", "go.mod", "go.sum", "main.go", "providers", "storage", "views",
}

func TestTheRootHoldsOnlyWhatBelongsThere(t *testing.T) {
	ignored := strings.Fields(readFile(t, ".gitignore"))
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		name := entry.Name()
		known := slices.Contains(topLevel, name) || strings.HasSuffix(name, "_test.go") || slices.ContainsFunc(ignored, func(pattern string) bool {
			ok, err := path.Match(strings.Trim(pattern, "/"), name)
			return err == nil && ok
		})
		if !known {
			t.Errorf("%s doesn't belong into the root", name)
		}
	}
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
	parsed, err := parser.ParseFile(token.NewFileSet(), file, readFile(t, file), parser.ImportsOnly)
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
