// Whatever a test, a script or a target of the Makefile calls is installed by .ci/setup.sh: on a bare Debian with Go, git
// and make, `make test` has to find it. Held by reading what they call.

package main_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"mvdan.cc/sh/v3/syntax"
)

// given is what is there before setup.sh runs: what the README asks for, and a Debian made by debootstrap --variant=minbase.
var given = strings.Fields(`go gofmt git make
	apt-config apt-get basename bash cat chmod chroot cmp command cp cut dash date dirname dpkg-query env expand find grep gzip head id install kill ls mount
	mkdir mktemp mv od printf rm sed seq set sh sha256sum sleep sort stat tail tar tee test timeout touch tr true truncate umask umount uname wc xargs`)

// installed is what setup.sh installs, by program: the Debian package or the Go tool that holds it.
var installed = map[string]string{
	"curl": "curl", "jq": "jq", "gcc": "gcc",
	"convert": "imagemagick", "identify": "imagemagick", "import": "imagemagick",
	"Xvfb": "xvfb", "xdotool": "xdotool", "xwininfo": "x11-utils",
	"dbus-run-session": "dbus", "dbus-daemon": "dbus", "dbus-send": "dbus", "gnome-keyring-daemon": "gnome-keyring",
	"exiftool": "libimage-exiftool-perl", "versitygw": "versitygw", "gofumpt": "gofumpt", "golangci-lint": "golangci-lint", "govulncheck": "govulncheck",
	"x86_64-w64-mingw32-gcc": "gcc-mingw-w64-x86-64", "x86_64-w64-mingw32-windres": "gcc-mingw-w64-x86-64", "zsh": "zsh",
	"desktop-file-validate": "desktop-file-utils", "appstreamcli": "appstream", "actionlint": "actionlint", "nfpm": "nfpm", "makensis": "nsis", "zip": "zip",
	"debootstrap": "debootstrap", "unzip": "unzip",
}

// ownPrograms are built here; sudo and cloudflared are asked for only where there is one.
var ownPrograms = []string{"maquette", "sudo", "cloudflared"}

func TestWhatIsCalledIsInstalled(t *testing.T) {
	setup := readFile(t, ".ci/setup.sh")
	called := map[string]string{} // by program, a file that calls it
	for _, file := range goFiles(t) {
		if file == "programs_test.go" {
			continue // its examples
		}
		for _, program := range programsInGo(t, file) {
			called[program] = file
		}
	}
	for _, pattern := range []string{".ci/*.sh", ".ci/run", ".ci/package/*.sh", "app/testdata/*.sh", "Makefile"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v, %v", pattern, files, err)
		}
		for _, file := range files {
			if filepath.Base(file) == "macos.sh" {
				continue // which a Mac runs, with its own programs
			}
			for _, program := range programsInShell(t, shellOf(t, file)) {
				called[program] = file
			}
		}
	}
	for _, program := range []string{"curl", "Xvfb", "xdotool", "dbus-send", "versitygw", "golangci-lint", "convert", "zsh"} {
		if called[program] == "" {
			t.Errorf("%s is called, and this test doesn't see it: it sees %v", program, slices.Sorted(maps.Keys(called)))
		}
	}
	for program, file := range called {
		from, known := installed[program]
		switch {
		case slices.Contains(given, program), slices.Contains(ownPrograms, program):
		case !known:
			t.Errorf("%s calls %s, which neither a bare Debian has nor .ci/setup.sh installs", file, program)
		case !regexp.MustCompile(`(?m)[\s(/]` + regexp.QuoteMeta(from) + `[\s)@]`).MatchString(setup):
			t.Errorf("%s calls %s, and .ci/setup.sh doesn't install %s", file, program, from)
		}
	}
}

func TestProgramsAreSeen(t *testing.T) {
	for script, want := range map[string]string{
		"curl -sS x | jq .id": "curl jq",
		"  a=1 b=$(dig +short x) c=\"$(nslookup y | awk '{}')\"": "awk dig nslookup",
		"if ! command -v xmllint >/dev/null; then wget x; fi":    "command wget xmllint",
		"f() { perl -e 1; }\nf && f || g\ng() {\n  ruby\n}":      "perl ruby",
		"for x in a b; do node $x; done # and python too":        "node",
		"trap stop EXIT; exec nice php; echo \"a; b | c\"":       "nice php",
		"case $x in\n  a | b) make-it ;;\nesac":                  "make-it",
		"cat <<<x >file; until lsof; do sleep 1; done":           "cat lsof sleep",
		"list=(one two)\nlist+=(three)\n$program x; \"$y\" z":    "",
		"env -u A B=c tool --flag; as_root env D=x apt-get":      "apt-get as_root env tool",
	} {
		if got := strings.Join(slices.Compact(slices.Sorted(slices.Values(programsInShell(t, script)))), " "); got != want {
			t.Errorf("in\n%s\n%q is seen instead of %q", script, got, want)
		}
	}
}

// startsPrograms are the functions that are given a program's name, and which of their arguments it is.
var startsPrograms = map[string]int{"exec.Command": 0, "exec.CommandContext": 1, "exec.LookPath": 0, "needReal": 1, "realparts.find": 1}

// inText is a command in a piece of shell that Go code writes: a word where a command may stand, with an option.
var inText = regexp.MustCompile(`(?:^|[|;({\n]|\bdo|\bthen|\bcommand)\s*([a-z][a-z0-9_-]*) -[a-zA-Z]`)

// programsInGo are the programs that a Go file starts, or that the shell commands in its texts call.
func programsInGo(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, readFile(t, file), 0)
	if err != nil {
		t.Fatalf("parsing %s: %v", file, err)
	}
	var programs []string
	ast.Inspect(parsed, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.CallExpr:
			at, starts := startsPrograms[calledName(parsed.Name.Name, node)]
			if !starts || at >= len(node.Args) {
				return true
			}
			// A variable got its value where the program was looked for.
			if literal, ok := node.Args[at].(*ast.BasicLit); ok {
				programs = append(programs, textOf(literal))
			}
		case *ast.BasicLit:
			for _, found := range inText.FindAllStringSubmatch(textOf(node), -1) {
				programs = append(programs, found[1])
			}
		}
		return true
	})
	return programs
}

// calledName is "package.Function" for a function of another package and for find of this one, else "function".
func calledName(inPackage string, call *ast.CallExpr) string {
	switch function := call.Fun.(type) {
	case *ast.SelectorExpr:
		if from, ok := function.X.(*ast.Ident); ok {
			return from.Name + "." + function.Sel.Name
		}
	case *ast.Ident:
		if function.Name == "find" {
			return inPackage + ".find"
		}
		return function.Name
	}
	return ""
}

func textOf(literal *ast.BasicLit) string {
	if literal.Kind != token.STRING {
		return ""
	}
	text, err := strconv.Unquote(literal.Value)
	if err != nil {
		return ""
	}
	return text
}

// builtins are the shell's own commands.
var builtins = strings.Fields(`. : [ cd continue declare echo eval exec exit export false local read readonly return set shift source trap true
	unset wait`)

// wrappers run the command that follows their own options.
var wrappers = []string{"as_root", "command", "env", "exec", "nice", "sudo", "timeout"}

// programsInShell are the programs that a script calls, without its own functions.
func programsInShell(t *testing.T, script string) []string {
	t.Helper()
	parsed, err := syntax.NewParser().Parse(strings.NewReader(script), "")
	if err != nil {
		t.Fatalf("%v in\n%s", err, script)
	}
	own := slices.Clone(builtins)
	var programs []string
	syntax.Walk(parsed, func(node syntax.Node) bool {
		switch node := node.(type) {
		case *syntax.FuncDecl:
			own = append(own, node.Name.Value)
		case *syntax.CallExpr:
			programs = append(programs, commandsOf(node.Args)...)
		}
		return true
	})
	return slices.DeleteFunc(programs, func(program string) bool { return slices.Contains(own, program) })
}

// commandsOf is the program that a command names, and the one that it wraps. A name that is put together at run time
// is none: it is one of those that the script looked for, or a path.
func commandsOf(words []*syntax.Word) []string {
	if len(words) == 0 || words[0].Lit() == "" || strings.Contains(words[0].Lit(), "/") {
		return nil
	}
	name := words[0].Lit()
	if !slices.Contains(wrappers, name) {
		return []string{name}
	}
	for i := 1; i < len(words); i++ {
		switch word := words[i].Lit(); {
		case word == "-u" || word == "-n":
			i++ // it has a value
		case word == "" && len(words[i].Parts) > 1, strings.HasPrefix(word, "-"), strings.Contains(word, "="), isNumber(word):
		default:
			return append(commandsOf(words[i:]), name)
		}
	}
	return []string{name}
}

func isNumber(word string) bool {
	_, err := strconv.Atoi(strings.TrimRight(word, "smh"))
	return err == nil
}

var (
	makeVariable = regexp.MustCompile(`(^|[^$])\$\([^)]*\)`)
	recipeLine   = regexp.MustCompile(`(?m)^\t[@-]?`)
)

// shellOf is a script, or the recipes of a Makefile with their variables filled in.
func shellOf(t *testing.T, file string) string {
	t.Helper()
	text := readFile(t, file)
	if filepath.Base(file) != "Makefile" {
		return text
	}
	var recipes strings.Builder
	inRecipe, goesOn := false, false // the second for a line that goes on in the next one, a variable's too
	for line := range strings.Lines(text) {
		inRecipe = goesOn && inRecipe || !goesOn && strings.HasPrefix(line, "\t")
		goesOn = strings.HasSuffix(line, "\\\n")
		if inRecipe {
			recipes.WriteString(recipeLine.ReplaceAllString(line, ""))
		}
	}
	return strings.ReplaceAll(makeVariable.ReplaceAllString(recipes.String(), "${1}x"), "$$", "$")
}

func readFile(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.FromSlash(file))
	if err != nil {
		t.Fatalf("reading %s: %v", file, err)
	}
	return string(text)
}
