// Shell completion: what is offered where, and scripts that shells can read.

package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/providers/registry"
)

// offered is what completion offers for the last of the words, without descriptions.
func offered(t *testing.T, typed ...string) []string {
	t.Helper()
	code, out, errs := maquette(t, append([]string{"__complete"}, typed...)...)
	if code != ExitDone {
		t.Fatalf("completing %q: %d %s", typed, code, errs)
	}
	var offers []string
	for line := range strings.Lines(out) {
		offer, _, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		offers = append(offers, offer)
	}
	return offers // the last is cobra's directive
}

const (
	filesToo  = ":0"
	noSpace   = ":38" // fields: no space, no files, in their order
	keepOrder = ":36"
	noFiles   = ":4"
	folders   = ":16"
)

func TestCompletionOffersWhatCanStandThere(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ typed, want []string }{
		{[]string{"jo"}, []string{"jobs", filesToo}},
		{[]string{"jobs", "res"}, []string{"resolve", "resume", noFiles}},
		{[]string{"--demo", "--data", "x", "jobs", "res"}, []string{"resolve", "resume", noFiles}},
		{[]string{"help", "jobs", "res"}, []string{"resume", "resolve", noFiles}},
		{[]string{"jobs", "resolve", "--"}, []string{"--data", "--demo", "--json", "--wait", "--adopt", "--give-up", "--go-on", "--help", "--out", "--resubmit", noFiles}},
		{[]string{"run", "luma/"}, []string{"luma/image", "luma/reframe", noFiles}},
		{[]string{"run", "--json", "luma/im"}, []string{"luma/image", noFiles}},
		{[]string{"run", "luma/image", ""}, []string{noFiles}},
		{[]string{"call", "luma/cr"}, []string{"luma/credits", noFiles}},
		{[]string{"keys", "set", "lu"}, []string{"luma", "lucydream", noFiles}},
		{[]string{"jobs", "import", "lum"}, []string{"luma", noFiles}},
		{[]string{"jobs", "show", ""}, []string{noFiles}},
		{[]string{"run", "luma/image", "--set", "pro"}, []string{"prompt=", noSpace}},
		{[]string{"run", "luma/image", "--set", "prompt=a fox", "--set", "pro"}, []string{noSpace}},
		{[]string{"run", "luma/image", "--set=pro"}, []string{"prompt=", noSpace}},
		{[]string{"--set", "pro", "run", "luma/image", "--set", "mode"}, []string{"model=", noSpace}},
		{[]string{"run", "luma/image", "--set", "model=photon-f"}, []string{"model=photon-flash-1", keepOrder}},
		{[]string{"run", "luma/image", "--set", "nothing=x"}, []string{keepOrder}},
		{[]string{"run", "dreamlook/dreambooth", "--set", "dry_run="}, []string{"dry_run=true", "dry_run=false", keepOrder}},
		{[]string{"call", "luma/generations", "--set", "li"}, []string{"limit=", noSpace}},
		{[]string{"run", "luma/image", "--print", "c"}, []string{"curl", "command", noFiles}},
		{[]string{"run", "luma/image", "--photo", ""}, []string{filesToo}},
		{[]string{"run", "luma/image", "--out", ""}, []string{folders}},
		{[]string{"datasets", "import", ""}, []string{folders}},
		{[]string{"run", "luma/image", "--dataset", ""}, []string{noFiles}},
		{[]string{"completion", ""}, []string{"bash", "zsh", "fish", noFiles}},
	} {
		if got := offered(t, row.typed...); !slices.Equal(got, row.want) {
			t.Errorf("%q: %q instead of %q", row.typed, got, row.want)
		}
	}
}

func TestCompletionKnowsEveryTaskCallAndField(t *testing.T) {
	t.Parallel()
	tasks, calls := offered(t, "run", ""), offered(t, "call", "")
	for _, service := range registry.All() {
		for _, task := range service.Tasks {
			if !slices.Contains(tasks, task.ID) {
				t.Errorf("%s isn't offered", task.ID)
			}
			keys := offered(t, "run", task.ID, "--set", "")
			for _, f := range task.Fields {
				if !slices.Contains(keys, f.Key+"=") {
					t.Errorf("%s of %s isn't offered", f.Key, task.ID)
				}
			}
		}
		for _, call := range service.Calls {
			if !slices.Contains(calls, call.ID) {
				t.Errorf("%s isn't offered", call.ID)
			}
		}
	}
}

func TestCompletionKnowsEveryCommandAndFlag(t *testing.T) {
	t.Parallel()
	for _, d := range commands() {
		words := strings.Fields(d.name)
		if len(words) == 0 {
			continue
		}
		if !slices.Contains(offered(t, words...), words[len(words)-1]) {
			t.Errorf("%q isn't offered", d.name)
		}
		for _, f := range slices.Concat(d.flags, everywhere()) {
			if got := offered(t, append(words, "--"+f.name)...); !slices.Contains(got, "--"+f.name) {
				t.Errorf("--%s of %q isn't offered: %q", f.name, d.name, got)
			}
		}
	}
}

func TestShellsCanReadTheCompletionScripts(t *testing.T) {
	t.Parallel()
	for shell, check := range map[string]string{"bash": "-n", "zsh": "-n", "fish": "--no-execute"} {
		code, script, errs := maquette(t, "completion", shell)
		if code != ExitDone || errs != "" || !strings.Contains(script, "__complete") || !strings.Contains(script, "maquette") {
			t.Errorf("the script for %s: %d %q\n%s", shell, code, errs, script)
		}
		if _, err := exec.LookPath(shell); err != nil {
			t.Logf("%s isn't installed: its script is not read", shell)
			continue
		}
		path := filepath.Join(t.TempDir(), "script")
		if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.CommandContext(t.Context(), shell, check, path).CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%s %s: %v\n%s", shell, check, err, out)
		}
	}
}
