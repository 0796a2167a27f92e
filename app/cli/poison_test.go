// Services that put the worst into every text: what becomes of it on the
// terminal, in the database, and in files.

package cli_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/maquette-studio/maquette/app/access"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/registry"
)

const (
	// mostPrinted bounds what a command prints of any of it, bytes; what an
	// answer of a call prints whole is each text's 64 KiB.
	mostPrinted = 1 << 20
	// mostWritten bounds what is kept of all of it, bytes.
	mostWritten = 16 << 20
)

// poisoning stands before all services; each repeats everybody's keys.
func (sh *shell) poisoning(all bool, status int32) {
	sh.t.Helper()
	poisoner := &conformance.Poisoner{Secrets: []string{sh.env[access.BucketSecretEnv]}, All: all}
	poisoner.Status.Store(status)
	for _, service := range registry.All() {
		poisoner.Secrets = append(poisoner.Secrets, sh.env[service.KeyEnv])
	}
	for _, service := range registry.All() {
		sh.env[service.URLEnv] = poisoner.Before(sh.t, sh.env[service.URLEnv])
	}
}

// briefly runs a command for some seconds: with such services it may wait for
// what never comes.
func (sh *shell) briefly(args ...string) result {
	sh.t.Helper()
	ctx, cancel := context.WithTimeout(sh.t.Context(), 2*time.Second)
	defer cancel()
	return sh.feed(ctx, "", args...)
}

// wantHarmless looks at what a command printed.
func (r result) wantHarmless() {
	r.t.Helper()
	for _, printed := range []string{r.out, r.err} {
		if strings.ContainsFunc(printed, providers.Unprintable) || !utf8.ValidString(printed) || len(printed) > mostPrinted {
			r.t.Errorf("%q prints %d bytes: %.300q", r.args, len(printed), printed)
		}
	}
}

// wantNothingKept looks at every byte below the data directory.
func (sh *shell) wantNothingKept() {
	sh.t.Helper()
	secrets := regexp.MustCompile(`\x1b\]0;owned|\x{9b}31m|\x{202e}gpj|Signature=hidden`)
	total := 0
	err := filepath.WalkDir(sh.data, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		total += len(content)
		for name, value := range sh.env {
			secret := strings.Contains(name, "_KEY") && !strings.Contains(name, "ACCESS") || strings.Contains(name, "SECRET")
			if secret && bytes.Contains(content, []byte(value)) {
				sh.t.Errorf("%s holds %s", path, name)
			}
		}
		if found := secrets.Find(content); found != nil && !strings.HasSuffix(path, ".db") {
			sh.t.Errorf("%s holds %q", path, found)
		}
		for _, raw := range []string{"\x1b]0", "\u009b31m", "\u202egpj", `\u001b]0`, `\u009b31m`, `\u202egpj`} {
			if bytes.Contains(content, []byte(raw)) {
				sh.t.Errorf("%s holds %q", path, raw)
			}
		}
		return err
	})
	if err != nil || total > mostWritten {
		sh.t.Errorf("%d bytes are kept: %v", total, err)
	}
}

func TestWhatAServiceSaysDoesNothingAnywhere(t *testing.T) {
	t.Parallel()
	for name, way := range map[string]struct {
		all    bool
		status int32
	}{"where words are": {false, 0}, "everywhere": {true, 0}, "refused": {true, 422}, "in trouble": {true, 500}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sh := sandboxed(t)
			folder, _ := sh.photos(2)
			sh.draftAtBria() // something to list
			sh.poisoning(way.all, way.status)
			commands := [][]string{
				{"run", "luma/image", "--set", "prompt=a paper fox", "--no-wait"},
				{"run", "dreamlook/image_gen", "--set", "prompt=a paper fox", "--set", "num_samples=1", "--no-wait"},
				{"run", "dreamlook/dreambooth", "--photo", folder, "--consent", "--set", "instance_prompt=photo of ukj fox", "--no-wait"},
				{"call", "luma/credits"},
				{"call", "luma/generations"},
				{"call", "bria/projects"},
				{"remote", "list"},
				{"models", "list"},
				{"keys", "check", "luma"},
				{"keys", "check", "bria"},
				{"keys", "check", "dreamlook"},
				{"jobs", "import", "luma"},
				{"jobs", "list"},
				{"images", "list"},
				{"consents", "list"},
				{"check"},
			}
			if !way.all {
				commands[0], commands[1] = commands[0][:len(commands[0])-1], commands[1][:len(commands[1])-1] // these end well
			}
			for _, args := range commands {
				sh.briefly(args...).wantHarmless()
				if args[0] != "run" {
					sh.briefly(append(args, "--json")...).wantHarmless()
				}
			}
			for _, line := range sh.run("jobs", "list", "--json").lines() {
				sh.run("jobs", "show", line.text("id")).wantHarmless()
				sh.run("jobs", "show", line.text("id"), "--json").wantHarmless()
			}
			sh.wantNothingKept()
		})
	}
}
