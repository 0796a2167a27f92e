// Sentences for people: each is built by providers.Say, Errorf or Plain from a constant English text, so that the window can
// translate it. docs/sentences.json lists all these texts, and those of the services' declarations, for the translations
// to be held against. Held by reading the code, as architecture_test.go does.

package main_test

//go:generate go test -run TheListOfSentences -update .

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/consent"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
)

var update = flag.Bool("update", false, "write docs/sentences.json anew")

const sentencesFile = "docs/sentences.json"

func TestTheListOfSentencesIsWhole(t *testing.T) {
	texts := append(readSpoken(t).texts(t), declaredTexts()...)
	texts = slices.DeleteFunc(texts, func(text string) bool { return !letters.MatchString(verbs.ReplaceAllString(text, "")) })
	slices.Sort(texts)
	texts = slices.Compact(texts)
	for _, text := range texts {
		if strings.Contains(text, "{{") {
			t.Errorf("%q can't be translated: {{ begins a template", text)
		}
	}
	var want bytes.Buffer
	encoder := json.NewEncoder(&want)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(texts); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(sentencesFile, want.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(sentencesFile)
	if err != nil || !bytes.Equal(got, want.Bytes()) {
		t.Errorf("%s doesn't list what the code says; run go generate . (%v)", sentencesFile, err)
	}
}

var (
	verbs   = regexp.MustCompile(`%(\[\d+\])?[-+# 0-9.]*[a-zA-Z%]`)
	letters = regexp.MustCompile(`\p{L}`)
)

// declaredTexts are the texts of the services' declarations.
func declaredTexts() []string {
	texts := []string{consent.Statement}
	var fields func([]providers.Field)
	fields = func(all []providers.Field) {
		for _, field := range all {
			texts = append(texts, field.Label, field.Help)
			for _, option := range field.Options {
				texts = append(texts, option.Label)
			}
			fields(field.Items)
		}
	}
	photos := func(rules *providers.PhotoRules) {
		if rules != nil {
			texts = append(texts, rules.Advice)
		}
	}
	for _, service := range registry.All() {
		for _, task := range service.Tasks {
			texts = append(texts, task.Title, task.Help)
			fields(task.Fields)
			photos(task.Photos)
		}
		for _, call := range service.Calls {
			texts = append(texts, call.Title, call.Help, call.Consequence)
			fields(call.Fields)
			photos(call.Photos)
		}
		for _, price := range service.Prices {
			texts = append(texts, price.Label)
		}
	}
	return texts
}

// spoken is the code of providers and app that speaks to people.
type spoken struct {
	set   *token.FileSet
	files []*speaking
	// speakers are the functions whose argument is an English text, by folder
	// and name.
	speakers map[string]speaker
}

// speaking is one file.
type speaking struct {
	*ast.File
	folder   string
	packages map[string]string // folders of this module's packages, by the names that the file knows them by
	consts   map[string]string // of the whole package
}

// speaker is a function of a text.
type speaker struct {
	argument int
	// constant reports that the text has to be written out where it is called;
	// without it only what is put together is refused.
	constant bool
}

func readSpoken(t *testing.T) *spoken {
	t.Helper()
	s := &spoken{set: token.NewFileSet(), speakers: map[string]speaker{
		"providers.Say": {0, true}, "providers.Errorf": {0, true}, "providers.Plain": {0, false},
	}}
	consts := map[string]map[string]string{}
	for _, name := range goFiles(t) {
		folder := path.Dir(name)
		inside := strings.HasPrefix(folder+"/", "providers/") || strings.HasPrefix(folder+"/", "app/")
		if !inside || strings.HasSuffix(name, "_test.go") || folder == "providers/sandbox" || folder == "providers/conformance" || folder == "app/recorder/pasted" {
			continue
		}
		file, err := parser.ParseFile(s.set, filepath.FromSlash(name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if consts[folder] == nil {
			consts[folder] = map[string]string{}
		}
		s.files = append(s.files, &speaking{file, folder, packagesOf(file), consts[folder]})
	}
	for range 3 { // constants are made of others
		for _, file := range s.files {
			file.readConsts()
		}
	}
	for before := -1; before != len(s.speakers); {
		before = len(s.speakers)
		for _, file := range s.files {
			s.findSpeakers(file)
		}
	}
	return s
}

func packagesOf(file *ast.File) map[string]string {
	packages := map[string]string{}
	for _, spec := range file.Imports {
		imported, _ := strconv.Unquote(spec.Path.Value)
		folder, inside := strings.CutPrefix(imported, module+"/")
		if !inside {
			folder = "" // nobody speaks there
		}
		name := path.Base(imported)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		packages[name] = folder
	}
	return packages
}

func (f *speaking) readConsts() {
	ast.Inspect(f.File, func(n ast.Node) bool {
		decl, ok := n.(*ast.GenDecl)
		if !ok || decl.Tok != token.CONST {
			return true
		}
		for _, spec := range decl.Specs {
			spec := spec.(*ast.ValueSpec)
			for i, name := range spec.Names {
				if i < len(spec.Values) {
					if text, ok := f.text(spec.Values[i]); ok {
						f.consts[name.Name] = text
					}
				}
			}
		}
		return true
	})
}

// text is a constant text's value.
func (f *speaking) text(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return f.text(e.X)
	case *ast.Ident:
		text, known := f.consts[e.Name]
		return text, known
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		left, okLeft := f.text(e.X)
		right, okRight := f.text(e.Y)
		return left + right, okLeft && okRight && e.Op == token.ADD
	}
	return "", false
}

// called finds the speaker that a call calls. A method of another package is
// found by its name alone.
func (s *spoken) called(f *speaking, call *ast.CallExpr) (speaker, bool) {
	fun := call.Fun
	switch generic := fun.(type) {
	case *ast.IndexExpr:
		fun = generic.X
	case *ast.IndexListExpr:
		fun = generic.X
	}
	name := ""
	switch fun := fun.(type) {
	case *ast.Ident:
		name = f.folder + "." + fun.Name
	case *ast.SelectorExpr:
		name = f.folder + "." + fun.Sel.Name
		if pkg, ok := fun.X.(*ast.Ident); ok {
			if folder, imported := f.packages[pkg.Name]; imported {
				name = folder + "." + fun.Sel.Name
				break
			}
		}
		if _, known := s.speakers[name]; !known && fun.Sel.IsExported() {
			for other := range s.speakers {
				if strings.HasSuffix(other, "."+fun.Sel.Name) {
					name = other
				}
			}
		}
	}
	found, ok := s.speakers[name]
	return found, ok && found.argument < len(call.Args)
}

// findSpeakers adds the functions that hand a parameter on to a speaker.
func (s *spoken) findSpeakers(f *speaking) {
	f.functions(func(name string, kind *ast.FuncType, body *ast.BlockStmt) {
		f.calls(body, func(call *ast.CallExpr) {
			to, speaks := s.called(f, call)
			if !speaks {
				return
			}
			if at, ok := parameter(kind, call.Args[to.argument]); ok {
				s.speakers[f.folder+"."+name] = speaker{at, to.constant}
			}
		})
	})
}

// functions calls visit with every function that has a name.
func (f *speaking) functions(visit func(name string, kind *ast.FuncType, body *ast.BlockStmt)) {
	ast.Inspect(f.File, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Body != nil {
				visit(n.Name.Name, n.Type, n.Body)
			}
		case *ast.AssignStmt:
			for i, value := range n.Rhs {
				literal, ok := value.(*ast.FuncLit)
				if name, named := n.Lhs[i].(*ast.Ident); ok && named {
					visit(name.Name, literal.Type, literal.Body)
				}
			}
		}
		return true
	})
}

func (f *speaking) calls(body ast.Node, visit func(*ast.CallExpr)) {
	ast.Inspect(body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			visit(call)
		}
		return true
	})
}

// parameter is which of a function's parameters an expression is.
func parameter(kind *ast.FuncType, e ast.Expr) (at int, ok bool) {
	name, ok := e.(*ast.Ident)
	if !ok {
		return 0, false
	}
	for _, field := range kind.Params.List {
		for _, declared := range field.Names {
			if declared.Name == name.Name {
				return at, true
			}
			at++
		}
	}
	return 0, false
}

// texts are the English texts, and complaints about those that are no
// constants.
func (s *spoken) texts(t *testing.T) (texts []string) {
	t.Helper()
	for _, f := range s.files {
		handedOn := map[ast.Expr]bool{} // by speakers, to others
		f.functions(func(_ string, kind *ast.FuncType, body *ast.BlockStmt) {
			f.calls(body, func(call *ast.CallExpr) {
				if to, speaks := s.called(f, call); speaks {
					if _, ok := parameter(kind, call.Args[to.argument]); ok {
						handedOn[call.Args[to.argument]] = true
					}
				}
			})
		})
		f.calls(f.File, func(call *ast.CallExpr) {
			to, speaks := s.called(f, call)
			if !speaks {
				return
			}
			argument := call.Args[to.argument]
			text, constant := f.text(argument)
			if constant {
				texts = append(texts, text)
			}
			_, joined := argument.(*ast.BinaryExpr)
			_, called := argument.(*ast.CallExpr)
			if !constant && !handedOn[argument] && (to.constant || joined || called && !isMethodOfError(argument)) {
				t.Errorf("%s: write the English text out and hand in what stands in it", s.set.Position(argument.Pos()))
			}
		})
		s.refuseLiterals(t, f)
	}
	return texts
}

// isMethodOfError reports whether an expression is what an error or a service
// says, which is nobody's to translate.
func isMethodOfError(e ast.Expr) bool {
	selector, ok := e.(*ast.CallExpr).Fun.(*ast.SelectorExpr)
	return ok && selector.Sel.Name == "Error"
}

// refuseLiterals finds sentences that nobody built with Say.
func (s *spoken) refuseLiterals(t *testing.T, f *speaking) {
	t.Helper()
	if f.Name.Name == "providers" && filepath.Base(s.set.Position(f.Pos()).Filename) == "sentence.go" {
		return
	}
	ast.Inspect(f.File, func(n ast.Node) bool {
		literal, ok := n.(*ast.CompositeLit)
		if !ok || len(literal.Elts) == 0 {
			return true
		}
		name := ""
		switch kind := literal.Type.(type) {
		case *ast.Ident:
			name = f.folder + "." + kind.Name
		case *ast.SelectorExpr:
			if pkg, ok := kind.X.(*ast.Ident); ok {
				name = f.packages[pkg.Name] + "." + kind.Sel.Name
			}
		}
		if name == "providers.Sentence" {
			t.Errorf("%s: build sentences with providers.Say", s.set.Position(literal.Pos()))
		}
		return true
	})
}
