package views

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2/lang"
)

var updateLocales = flag.Bool("update-locales", false, "write locales/en.json anew from the texts in the code")

const englishFile = "locales/en.json"

// message is a text in the code: where, and whether it has plural forms.
type message struct {
	at     string
	plural bool
}

// sentencesFile lists what app and the services say.
const sentencesFile = "../docs/sentences.json"

// reserved are the words that a file of translations can't have as keys: there they say something about a message. A text
// that is one of them, such as the label of a service's own field, stays English.
var reserved = []string{"id", "description", "hash", "leftdelim", "rightdelim", "zero", "one", "two", "few", "many", "other"}

// messages collects what the code hands to lang.L, X, N and XN, what it says as providers.Sentence, and what app and the services say.
func messages(t *testing.T) map[string]message {
	t.Helper()
	found := map[string]message{}
	content, err := os.ReadFile(sentencesFile)
	var said []string
	if err == nil {
		err = json.Unmarshal(content, &said)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range said {
		if !slices.Contains(reserved, strings.ToLower(text)) {
			found[text] = message{sentencesFile, false}
		}
	}
	set := token.NewFileSet()
	for _, name := range goFiles(t) {
		file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			name, ok := langFunc(call)
			if !ok || isForeign(call) {
				return true
			}
			at := set.Position(call.Pos()).String()
			text, ok := stringLiteral(call.Args[0])
			if !ok {
				t.Errorf("%s: %s needs its text written out, so that it can be translated", at, name)
				return true
			}
			found[text] = message{at, name == "N" || name == "XN"}
			return true
		})
	}
	return found
}

// goFiles are the files whose texts people read, here and in the packages below.
func goFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && filepath.Ext(name) == ".go" && !strings.HasSuffix(name, "_test.go") {
			files = append(files, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func langFunc(call *ast.CallExpr) (string, bool) {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) == 0 {
		return "", false
	}
	pkg, ok := selector.X.(*ast.Ident)
	if !ok {
		return "", false
	}
	names := map[string][]string{
		"lang": {"L", "X", "N", "XN", "Localize", "LocalizeKey", "LocalizePlural", "LocalizePluralKey"}, "providers": {"Say", "Errorf"},
	}
	return selector.Sel.Name, slices.Contains(names[pkg.Name], selector.Sel.Name)
}

// isForeign reports whether a call translates what others say: kit.Local does.
func isForeign(call *ast.CallExpr) bool {
	argument, ok := call.Args[0].(*ast.Ident)
	return ok && argument.Name == "english"
}

func stringLiteral(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil
	case *ast.BinaryExpr:
		left, okLeft := stringLiteral(e.X)
		right, okRight := stringLiteral(e.Y)
		return left + right, okLeft && okRight && e.Op == token.ADD
	}
	return "", false
}

func TestEnglishListsEveryText(t *testing.T) {
	wanted := messages(t)
	content, err := os.ReadFile(englishFile)
	if err != nil && !*updateLocales {
		t.Fatal(err)
	}
	english := map[string]any{}
	if err == nil {
		if err := json.Unmarshal(content, &english); err != nil {
			t.Fatal(err)
		}
	}
	if *updateLocales {
		writeEnglish(t, wanted, english)
		return
	}
	for text, m := range wanted {
		entry, listed := english[text]
		forms, plural := entry.(map[string]any)
		switch {
		case !listed:
			t.Errorf("%s: %q is not in %s; run go test ./views -run English -update-locales", m.at, text, englishFile)
		case m.plural && (!plural || forms["one"] == nil || forms["other"] == nil):
			t.Errorf("%s: %q needs the forms one and other in %s", m.at, text, englishFile)
		}
	}
	for text := range english {
		if _, used := wanted[text]; !used {
			t.Errorf("%s lists %q, which no code says", englishFile, text)
		}
	}
}

// writeEnglish keeps the plural forms there were.
func writeEnglish(t *testing.T, wanted map[string]message, before map[string]any) {
	t.Helper()
	after := map[string]any{}
	for text := range maps.Keys(wanted) {
		after[text] = text
		if !wanted[text].plural {
			continue
		}
		after[text] = map[string]any{"one": singular(text), "other": text}
		if forms, ok := before[text].(map[string]any); ok {
			after[text] = forms
		}
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(after); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(englishFile, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// singular is a first draft of the form for one, to be looked over.
func singular(text string) string {
	for _, plural := range []string{"pictures", "photos", "models", "files", "jobs", "problems", "folders", "images"} {
		text = strings.Replace(text, plural, strings.TrimSuffix(plural, "s"), 1)
	}
	return text
}

func TestTheTranslationsAreRead(t *testing.T) {
	if errLocales != nil {
		t.Fatal(errLocales)
	}
	for count, want := range map[int]string{0: "0 pictures", 1: "1 picture", 1204: "1,204 pictures"} {
		if got := pictureCount(count); got != want {
			t.Errorf("%d pictures are called %q", count, got)
		}
	}
	if got := lang.L("Gallery"); got != "Gallery" {
		t.Errorf("the Gallery is called %q", got)
	}
}
