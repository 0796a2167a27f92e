// How commands are spelled.

package cli_test

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/cli"
)

func TestFlagsStandBeforeOrAfterTheCommand(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	other := t.TempDir()
	for _, args := range [][]string{
		{"--data", other, "--json", "run", "luma/image", "--no-wait", "--set", "prompt=a paper fox"},
		{"run", "--no-wait=true", "--set", "prompt=a paper fox", "luma/image", "--json", "--data=" + other},
		{"--set", "prompt=a paper fox", "-no-wait", "-json", "-data", other, "run", "luma/image"},
	} {
		sh.run(args...).want(cli.ExitDone)
	}
	if jobs := sh.run("jobs", "list", "--data", other, "--json").lines(); len(jobs) != 3 {
		t.Errorf("%d jobs in the folder that --data names", len(jobs))
	}
	if jobs := sh.run("jobs", "list", "--json").lines(); len(jobs) != 0 {
		t.Errorf("%d jobs in the folder that MAQUETTE_DATA names", len(jobs))
	}
}

func TestAWrongSpellingIsExplained(t *testing.T) {
	t.Parallel()
	sh := newShell(t)
	for _, row := range []struct {
		says string
		args []string
	}{
		{"“maquette --help”", []string{"paint"}},
		{"“maquette --help”", []string{""}},
		{"there is no command", []string{"paint", "--help"}},
		{"there is no command", []string{"help", "paint"}},
		{"there is no command", []string{"help", "jobs", "eat"}},
		{"“maquette” has no flag --nonsense; “maquette --help”", []string{"--nonsense"}},
		{"“maquette jobs list” has no flag --nonsense; “maquette jobs list --help”", []string{"jobs", "list", "--nonsense"}},
		{"“maquette jobs list” has no flag --set; “maquette jobs list --help”", []string{"jobs", "--set", "a=b", "list"}},
		{"“maquette jobs list” has no flag --out", []string{"jobs", "list", "--out=x"}},
		{"has no flag --x", []string{"check", "-x"}},
		{"has no flag ---json", []string{"check", "---json"}},
		{"--set needs a value", []string{"run", "luma/image", "--set"}},
		{"--data needs a value", []string{"--data"}},
		{`--data takes a folder, not "--json"`, []string{"jobs", "list", "--data", "--json"}},
		{"--json is on or off", []string{"jobs", "list", "--json=maybe"}},
		{`--print takes curl or command, not "poem"`, []string{"call", "luma/credits", "--print", "poem"}},
		{"--caption belongs after the --photo", []string{"run", "luma/image", "--caption", "a fox"}},
		{"--caption belongs after the --photo", []string{"run", "luma/image", "--photo", "a.jpg", "--caption", "a fox", "--caption", "an owl"}},
		{"usage: maquette run TASK [--set k=v]... [--photo F [--caption TEXT]]... [--dataset D]", []string{"run"}},
		{"usage: maquette jobs list|show|resume|cancel|pause|unpause|retry|resolve|import", []string{"jobs", "eat"}},
		{"usage: maquette jobs list\n", []string{"jobs", "list", "list"}},
		{"usage: maquette jobs resolve ID --resubmit|--adopt REMOTE|--go-on|--give-up [--out DIR]", []string{"jobs", "resolve"}},
		{"usage: maquette jobs import SERVICE [ID...] [--all]", []string{"jobs", "import"}},
		{"usage: maquette images export ID --out DIR\n", []string{"images", "export", "p1"}},
		{"usage: maquette images export ID --out DIR\n", []string{"images", "export", "--out", "x"}},
		{"usage: maquette bucket set --endpoint URL [--bucket NAME] --access-key ID [--region R]", []string{"bucket", "set", "--region", "auto"}},
		{"usage: maquette completion bash|zsh|fish\n", []string{"completion", "tcsh"}},
		{"usage: maquette completion bash|zsh|fish\n", []string{"completion"}},
		{`there is no file or folder "jobs"`, []string{"--", "jobs", "list"}},
	} {
		if r := sh.run(row.args...).want(cli.ExitInvalid).says("maquette: ", row.says); r.out != "" {
			t.Errorf("%s", r)
		}
	}
	if entries, err := filepath.Glob(filepath.Join(sh.data, "*")); err != nil || len(entries) != 0 {
		t.Errorf("a wrong spelling made %v, %v", entries, err)
	}
}

func TestWordsAndFlagsStandAnywhere(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ args, want []string }{
		{nil, nil},
		{[]string{"--json", "jobs", "list"}, []string{"jobs", "list", "--json"}},
		{[]string{"jobs", "--data", "list", "list"}, []string{"jobs", "list", "--data", "list"}},
		{[]string{"--consent", "run", "luma/image"}, []string{"run", "--consent", "luma/image"}},
		{[]string{"-set", "-json", "run", "-json=false", "luma/image"}, []string{"run", "--set", "-json", "--json=false", "luma/image"}},
		{[]string{"--set=prompt=jobs", "call", "luma/credits"}, []string{"call", "--set=prompt=jobs", "luma/credits"}},
		{[]string{"jobs", "show", "--", "--json", "list"}, []string{"jobs", "show", "--", "--json", "list"}},
		{[]string{"jobs", "show", "-"}, []string{"jobs", "show", "-"}},
		{[]string{"jobs", "resolve", "--adopt", "list", "-h"}, []string{"jobs", "resolve", "--adopt", "list", "--help"}},
		{[]string{"help", "jobs", "list"}, []string{"help", "jobs", "list"}},
		{[]string{"check", "--data"}, []string{"check", "--data"}},
	} {
		if got, err := cli.InOrder(row.args); err != nil || !slices.Equal(got, row.want) || got == nil {
			t.Errorf("%q is read as %q instead of %q, %v", row.args, got, row.want, err)
		}
	}
}

func TestWithoutACommandTheWindowOpens(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for _, row := range []struct {
		args []string
		want app.Config
	}{
		{nil, app.Config{Dir: "/kept/elsewhere"}},
		{[]string{"--demo"}, app.Config{Dir: "/kept/elsewhere", Demo: true}},
		{[]string{"-demo=true", "--data", folder}, app.Config{Dir: folder, Demo: true}},
	} {
		var got app.Config
		failure := errors.New("no display")
		program := cli.Program{
			Out: t.Output(), Err: t.Output(), Env: func(string) string { return "/kept/elsewhere" },
			Window: func(cfg app.Config, _ []string) error { got = cfg; return failure },
		}
		if code := program.Run(t.Context(), row.args); code != cli.ExitFailed || got.Dir != row.want.Dir || got.Demo != row.want.Demo {
			t.Errorf("%q: exit code %d, %+v", row.args, code, got)
		}
	}
}
