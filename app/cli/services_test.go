// What services can do, calls, the demo and the sandbox.

package cli_test

import (
	"context"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/cli"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
)

func TestServicesListsEveryFieldOfEveryTaskAndCall(t *testing.T) {
	t.Parallel()
	sh := newShell(t)
	lines := sh.run("services", "--json").want(cli.ExitDone).lines()
	words := sh.run("services").want(cli.ExitDone).out
	if len(lines) != len(registry.All()) {
		t.Fatalf("%d lines", len(lines))
	}
	for i, service := range registry.All() {
		line := lines[i]
		if line.text("id") != service.ID || line.text("key_env") != service.KeyEnv || line.text("url_env") != service.URLEnv {
			t.Errorf("%s: %v", service.ID, line)
		}
		for j, task := range service.Tasks {
			declared := line.item(t, "tasks", j)
			if declared.text("id") != task.ID || declared.text("kind") != string(task.Kind) || declared.text("doc") != task.Doc || (declared["photos"] != nil) != (task.Photos != nil) {
				t.Errorf("%s: %v", task.ID, declared)
			}
			wantFields(t, declared, "fields", task.Fields)
			wantWords(t, words, task.ID, task.Fields)
		}
		for j, call := range service.Calls {
			declared := line.item(t, "calls", j)
			if declared.text("id") != call.ID || declared.text("consequence") != call.Consequence {
				t.Errorf("%s: %v", call.ID, declared)
			}
			wantFields(t, declared, "fields", call.Fields)
			wantWords(t, words, call.ID, call.Fields)
		}
	}
}

// item is one of a list of objects.
func (o object) item(t *testing.T, key string, i int) object {
	t.Helper()
	list, _ := o[key].([]any)
	if i >= len(list) {
		t.Fatalf("%s has %d items, no %d", key, len(list), i)
	}
	item, _ := list[i].(map[string]any)
	return item
}

func wantFields(t *testing.T, declared object, key string, fields []providers.Field) {
	t.Helper()
	for i, field := range fields {
		line := declared.item(t, key, i)
		if line.text("key") != field.Key || line.text("kind") != string(field.Kind) || line.text("label") != field.Label ||
			line.text("help") != field.Help || line["required"] != field.Required || line["advanced"] != field.Advanced {
			t.Errorf("%s: %v", field.Key, line)
		}
		if (line["default"] != nil) != (field.Default != nil) || (line["when"] != nil) != (field.When != nil) {
			t.Errorf("%s: default %v, when %v", field.Key, line["default"], line["when"])
		}
		if field.Bounded() && (line["min"] != field.Min || line["max"] != field.Max) {
			t.Errorf("%s: %v to %v instead of %v to %v", field.Key, line["min"], line["max"], field.Min, field.Max)
		}
		if choices := line.texts("choices"); len(choices) != len(field.Options) {
			t.Errorf("%s: choices %v", field.Key, choices)
		}
		wantFields(t, line, "items", field.Items)
	}
}

func wantWords(t *testing.T, words, id string, fields []providers.Field) {
	t.Helper()
	_, about, found := strings.Cut(words, id)
	if !found {
		t.Errorf("%s is not listed in words", id)
	}
	for _, field := range fields {
		if !strings.Contains(about, field.Key) {
			t.Errorf("%s of %s is not listed in words", field.Key, id)
		}
		for _, option := range field.Options {
			if !strings.Contains(about, option.Value) {
				t.Errorf("%s of %s is not listed as possible", option.Value, field.Key)
			}
		}
	}
}

func TestCallsAnswerInJSON(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	remote := sh.fox().text("remote_id")
	if credits := sh.run("call", "luma/credits", "--json").want(cli.ExitDone).last(); len(credits) == 0 {
		t.Error("no balance")
	}
	if got := sh.run("call", "luma/generation", "--set", "id="+remote, "--json").want(cli.ExitDone).last(); got.text("id") != remote {
		t.Errorf("read: %v", got)
	}
	sh.run("call", "luma/generations", "--set", "limit=1", "--json").want(cli.ExitDone)
	sh.run("call", "luma/generation", "--set", "id=nothing").want(cli.ExitFailed)
	sh.run("call", "luma/delete", "--set", "id="+remote, "--json").want(cli.ExitDone).says("for good")
	sh.run("run", "dreamlook/image_gen", "--set", "prompt=a fox", "--set", "num_samples=1", "--json").want(cli.ExitDone)
	if jobs := sh.run("call", "dreamlook/jobs", "--set", "type=image-gen", "--json").want(cli.ExitDone).lines(); len(jobs) != 1 {
		t.Errorf("%d jobs at dreamlook.ai", len(jobs))
	}
	sh.wantSubmissions(2)
}

func TestTheDemoRemembersBetweenCommands(t *testing.T) {
	t.Parallel()
	sh := newShell(t)
	demo := func(args ...string) result { return sh.run(append(args, "--demo", "--json")...) }
	samples := filepath.Join(sh.data, "demo", "samples")
	demo("images", "list").want(cli.ExitDone)
	trained := demo("run", "dreamlook/dreambooth", "--photo", samples, "--consent", "--set", "instance_prompt=photo of ukj fox").want(cli.ExitDone).last()
	model := trained.texts("models")[0]
	if listed := demo("models", "list").want(cli.ExitDone).lines(); len(listed) == 0 {
		t.Error("no model is listed")
	}
	out := t.TempDir()
	demo("run", "dreamlook/image_gen", "--set", "prompt=photo of ukj fox", "--set", "num_samples=1", "--set", "checkpoint_id="+model, "--out", out).want(cli.ExitDone)
	wantPictures(t, out, 1)
	for _, service := range registry.All() {
		demo("keys", "check", service.ID).want(cli.ExitDone)
	}
	demo("bucket", "check").want(cli.ExitDone)

	if own := sh.run("jobs", "list", "--json").want(cli.ExitDone).lines(); len(own) != 0 {
		t.Errorf("the demo's jobs are outside of it: %v", own)
	}
}

func TestTheSandboxPrintsItsEnvironmentAndEnds(t *testing.T) {
	t.Parallel()
	sh := newShell(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := sh.feed(ctx, "", "sandbox", "--state", filepath.Join(t.TempDir(), "state"), "--fault", "luma: status 503 x1").want(cli.ExitDone)
	for line := range strings.Lines(r.out) {
		if !regexp.MustCompile(`^[A-Z_]+=\S+\n$`).MatchString(line) {
			t.Errorf("%q can't be exported", line)
		}
	}
	for _, service := range registry.All() {
		if !strings.Contains(r.out, service.URLEnv+"=http://127.0.0.1:") || !strings.Contains(r.out, service.KeyEnv+"=") {
			t.Errorf("%s can't be reached from %s", service.ID, r)
		}
	}
}
