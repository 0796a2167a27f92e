package views

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
	"golang.org/x/text/language"
)

var updateLocales = flag.Bool("update-locales", false, "write locales/en.json anew from the texts in the code")

const englishFile = "locales/en.json"

// sentencesFile lists what app and the services say.
const sentencesFile = "../docs/sentences.json"

// reserved are the words that a file of translations can't have as keys: there they say something about a message. A text
// that is one of them, such as the label of a service's own field, stays English.
var reserved = []string{"id", "description", "hash", "leftdelim", "rightdelim", "zero", "one", "two", "few", "many", "other"}

// messages collects what the code hands to lang.L, what it says as providers.Sentence, what app and the services say, and what
// Fyne says by itself; each with where that is.
func messages(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
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
			found[text] = sentencesFile
		}
	}
	for _, text := range fyneWords {
		found[text] = "fyneWords"
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
			found[text] = at
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
		"lang": {"L"}, "providers": {"Say", "Errorf"},
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
	english := map[string]string{}
	if err == nil {
		if err := json.Unmarshal(content, &english); err != nil {
			t.Fatal(err)
		}
	}
	if *updateLocales {
		writeEnglish(t, wanted)
		return
	}
	for text, at := range wanted {
		if english[text] != text {
			t.Errorf("%s: %q is not in %s; run go test ./views -run English -update-locales", at, text, englishFile)
		}
	}
	for text := range english {
		if _, used := wanted[text]; !used {
			t.Errorf("%s lists %q, which no code says", englishFile, text)
		}
	}
}

func writeEnglish(t *testing.T, wanted map[string]string) {
	t.Helper()
	after := map[string]string{}
	for text := range wanted {
		after[text] = text
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

func TestEveryLanguageIsComplete(t *testing.T) {
	wanted := textsOf(t, "en")
	for _, tongue := range languages {
		texts := textsOf(t, tongue.tag)
		for english := range wanted {
			switch text := texts[english]; {
			case text == "":
				t.Errorf("%s lacks %q", tongue.tag, english)
			case !slices.Equal(verbs(text), verbs(english)):
				t.Errorf("%s has %v in %q, which is %q with %v", tongue.tag, verbs(text), text, english, verbs(english))
			case strings.Count(text, "\n") != strings.Count(english, "\n"):
				t.Errorf("%s has other lines in %q", tongue.tag, text)
			}
		}
		for english := range texts {
			if wanted[english] == "" {
				t.Errorf("%s has %q, which nothing says", tongue.tag, english)
			}
		}
	}
	files, err := locales.ReadDir("locales")
	if err != nil || len(files) != len(languages) {
		t.Errorf("there are %d files for %d languages, %v", len(files), len(languages), err)
	}
}

func textsOf(t *testing.T, tag string) map[string]string {
	t.Helper()
	content, err := locales.ReadFile("locales/" + tag + ".json")
	texts := map[string]string{}
	if err == nil {
		err = json.Unmarshal(content, &texts)
	}
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// verb is one of fmt's, perhaps of an argument that is named by its number.
var verb = regexp.MustCompile(`%([-+# 0]*[\d.]*)(?:\[(\d+)\])?([a-zA-Z%])`)

// verbs are those of a text, in the order of their arguments.
func verbs(text string) []string {
	var found []string
	next := 1
	for _, m := range verb.FindAllStringSubmatch(text, -1) {
		if m[3] == "%" {
			continue
		}
		if m[2] != "" {
			next, _ = strconv.Atoi(m[2])
		}
		found = append(found, fmt.Sprintf("%d%s%s", next, m[1], m[3]))
		next++
	}
	slices.Sort(found)
	return found
}

func TestTheLanguageOfTheSystemIsSpoken(t *testing.T) {
	had := languages
	t.Cleanup(func() { languages = had })
	languages = []tongue{{"en", "English"}, {"de", "Deutsch"}, {"pt-BR", "Português"}, {"zh-Hans", "简体中文"}}
	for _, row := range []struct {
		chosen string
		system []string
		want   string
	}{
		{"", nil, "en"},
		{"", []string{"C"}, "en"},
		{"", []string{"de-AT"}, "de"},
		{"", []string{"gsw", "de"}, "de"},
		{"", []string{"fi-FI", "pt-PT"}, "pt-BR"},
		{"", []string{"zh-CN"}, "zh-Hans"},
		{"", []string{"sr-Cyrl"}, "en"},
		{"en", []string{"de"}, "en"},
		{"de", []string{"ja"}, "de"},
		{"xx", []string{"de"}, "de"},
	} {
		if got := spokenFor(row.chosen, row.system); got != row.want {
			t.Errorf("chosen %q on %v: %s is spoken, not %s", row.chosen, row.system, got, row.want)
		}
	}
}

func TestCountsAndTimesAreWrittenAsTheLanguageDoes(t *testing.T) {
	t.Cleanup(func() { kit.Speak(language.English) })
	at := time.Date(2025, 3, 9, 14, 5, 0, 0, time.Local)
	for tag, want := range map[string][]string{
		"en": {"1,204 pictures", "1 picture", "2 Jan 2006", "1.5 MB", "9 Mar 2025 14:05", "1204 is 8080"},
		"de": {"1.204 pictures", "1 picture", "", "1,5 MB", "09.03.2025 14:05", "1204 is 8080"},
		"ja": {"1,204 pictures", "1 picture", "", "1.5 MB", "2025/03/09 14:05", "1204 is 8080"},
	} {
		kit.Speak(language.MustParse(tag))
		got := []string{pictureCount(1204), pictureCount(1), want[2], bytesInWords(1_500_000), kit.Moment(at, at.AddDate(1, 0, 0)), say(providers.Say("%d is %d", 1204, 8080))}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q", tag, got)
		}
	}
}
