// Help, in the terminal and in docs/commands.md: every command is explained.

package cli

import (
	"bytes"
	"cmp"
	goflag "flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

var update = goflag.Bool("update", false, "write docs/commands.md anew")

const commandsPage = "../../docs/commands.md"

// maquette runs a command that opens no data directory.
func maquette(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	data := t.TempDir()
	program := Program{Out: &stdout, Err: &stderr, Env: func(string) string { return data }}
	code = program.Run(t.Context(), args)
	if entries, err := os.ReadDir(data); err != nil || len(entries) != 0 {
		t.Errorf("maquette %q made %v, %v", args, entries, err)
	}
	return code, stdout.String(), stderr.String()
}

func TestEveryCommandIsExplainedWithAnExample(t *testing.T) {
	t.Parallel()
	for _, d := range commands() {
		words := strings.Fields(d.name)
		code, out, errs := maquette(t, append(words, "--help")...)
		if code != ExitDone || errs != "" {
			t.Errorf("%q --help: %d %q", d.name, code, errs)
		}
		for _, args := range [][]string{
			append(slices.Clone(words), "-h"), append(slices.Clone(words), "-help"), append([]string{"help"}, words...),
			append([]string{"--demo", "--data", "x", "--help"}, words...),
		} {
			if _, again, _ := maquette(t, args...); again != out {
				t.Errorf("maquette %q explains something else than %q --help:\n%s", args, d.name, again)
			}
		}
		if d.name == "" {
			continue
		}
		if example := "maquette " + strings.Fields(d.name)[0]; !strings.HasPrefix(out, example) || !strings.Contains(out, "Examples:\n  "+example) {
			t.Errorf("%q is explained as\n%s", d.name, out)
		}
		for _, f := range slices.Concat(d.flags, everywhere()) {
			if !strings.Contains(out, "--"+f.name) {
				t.Errorf("the help of %q is without --%s", d.name, f.name)
			}
		}
	}
}

func TestTheOverviewListsEveryCommand(t *testing.T) {
	t.Parallel()
	_, out, _ := maquette(t, "--help")
	for _, d := range commands() {
		if d.run != nil && !strings.Contains(out, d.title()+" ") {
			t.Errorf("%q is missing", d.name)
		}
	}
	for line := range strings.Lines(out) {
		if len([]rune(line)) > 130 {
			t.Errorf("too long: %s", line)
		}
	}
}

func TestHelpListsTheFieldsOfATask(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"run", "luma/image", "--help"}, {"help", "run", "luma/image"}, {"call", "luma/generations", "-h"}} {
		if _, out, _ := maquette(t, args...); !strings.Contains(out, "for --set:\n") {
			t.Errorf("maquette %q:\n%s", args, out)
		}
	}
}

// Examples are typed by people as they stand.
func TestExamplesAreRead(t *testing.T) {
	t.Parallel()
	for _, d := range commands() {
		for _, example := range d.examples {
			line, _, _ := strings.Cut(example, " < ")
			line, _, _ = strings.Cut(line, " > ")
			args, err := inOrder(words(line))
			if err != nil {
				t.Errorf("%s: %v", example, err)
				continue
			}
			root := (&command{}).build(false)
			root.InitDefaultHelpCmd()
			found, rest, err := root.Find(args)
			if err != nil || strings.TrimPrefix(found.CommandPath(), "maquette") != strings.TrimSuffix(" "+d.name, " ") {
				t.Errorf("%s is read as %s, %v", example, found.CommandPath(), err)
				continue
			}
			if err := found.ParseFlags(rest); err != nil {
				t.Errorf("%s: %v", example, err)
			}
			if err := d.accept(found.Flags(), found.Flags().Args()); err != nil {
				t.Errorf("%s: %v", example, err)
			}
		}
	}
}

// words splits a line where a shell does, as far as the examples need it.
func words(line string) []string {
	var all []string
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			all = append(all, part)
		} else {
			all = append(all, strings.Fields(part)...)
		}
	}
	return all
}

func TestFlagsAreDeclaredOnce(t *testing.T) {
	t.Parallel()
	takes := map[string]string{}
	for _, d := range commands() {
		for _, f := range slices.Concat(d.flags, everywhere()) {
			if before, known := takes[f.name]; known && before != f.takes {
				t.Errorf("--%s takes %q and %q", f.name, before, f.takes)
			}
			takes[f.name] = f.takes
			if _, isBool := f.value(&values{}).(*bool); isBool != (f.takes == "") {
				t.Errorf("--%s takes %q, and its value is another kind", f.name, f.takes)
			}
			if strings.Contains(f.name, "secret") || f.name == "key" {
				t.Errorf("--%s: secrets come on standard input", f.name)
			}
		}
	}
}

func TestADoubleClickOpensTheWindow(t *testing.T) {
	t.Parallel()
	if cobra.MousetrapHelpText != "" {
		t.Error("on Windows cobra explains itself instead")
	}
}

func TestTheCommandsPageIsCurrent(t *testing.T) {
	t.Parallel()
	want := page()
	if *update {
		if err := os.WriteFile(commandsPage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(commandsPage)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != want {
		t.Error("docs/commands.md is not what the commands declare; run: make docs")
	}
}

// page is the page that explains every command.
func page() string {
	var page strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&page, format+"\n", args...) }
	line("# Commands\n")
	line("Generated from what the commands declare (`make docs`); `maquette COMMAND --help` says the same in a terminal.")
	line("The fields of every task and call are in [the reference](reference.md).\n")
	line("Flags stand anywhere. These any command has:\n")
	flagTable(&page, everywhere())
	line("With `--json` every line on standard output is one JSON object. Errors go to standard error.\n")
	line("%s\n", exitCodes)
	line("%s Its keys and addresses are used: one whose environment names others is refused with exit code 4, unless it reads only what is kept.\n"+
		"An interrupt ends the waiting, and the job goes on there. When that Maquette ends, the command goes on by itself.\n", handedOver)
	for _, d := range commands() {
		line("## `%s`\n", cmp.Or(strings.TrimSpace("maquette "+d.name), "maquette"))
		line("```\n%s\n```\n", d.usage())
		line("%s\n", strings.TrimSpace(d.sentence()+" "+d.about))
		if len(d.flags) > 0 {
			flagTable(&page, d.flags)
		}
		if d.run != nil {
			line("```\n%s\n```\n", strings.Join(d.allExamples(), "\n"))
		}
	}
	return strings.TrimSpace(page.String()) + "\n"
}

func flagTable(page *strings.Builder, flags []flag) {
	page.WriteString("| Flag | |\n|---|---|\n")
	for _, f := range flags {
		fmt.Fprintf(page, "| `%s` | %s |\n", strings.ReplaceAll(f.spelling(), "|", "\\|"), f.help)
	}
	page.WriteString("\n")
}
