// What --print writes works when it is pasted into a shell.

package cli_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/cli"
	"github.com/maquette-studio/maquette/app/recorder/pasted"
)

func TestTheCurlCommandIsTheRequestItself(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	sh.secrets = without(sh.secrets, "X-Amz-", sh.env["MAQUETTE_BUCKET_ACCESS_KEY"]) // parts of every signed link
	_, photos := sh.photos(3)
	for _, row := range []struct {
		args []string
		paid int
		list func() any // the newest request, as the service repeats it
	}{
		{[]string{"luma/image", "--set", "prompt=" + pasted.Tricky + pasted.Steering, "--set", "count=2", "--set", `image_ref=[{"image":"` + photos[0] + `","weight":0.3}]`}, 2, sh.newestAtLuma},
		{[]string{"dreamlook/image_gen", "--set", "prompt=" + pasted.Tricky + pasted.Steering, "--set", "seed=4294967295", "--set", `tags=[{"key":"a'b","value":"$x"}]`}, 1, sh.newestAt("image-gen")},
		{[]string{"dreamlook/dreambooth", "--photo", photos[1], "--photo", photos[2], "--consent", "--set", "instance_prompt=" + pasted.Tricky + pasted.Steering, "--set", "steps=300"}, 1, sh.newestAt("dreambooth")},
	} {
		args := append([]string{"run"}, row.args...)
		before := sh.submissions()
		script := sh.run(append(args, "--print", "curl")...).want(cli.ExitDone).out
		sh.wantSubmissions(before)
		sh.run(append(args, "--json")...).want(cli.ExitDone)
		sent := row.list()
		for i, shell := range pasted.Shells(t) {
			sh.pasteIn(shell, script)
			sh.wantSubmissions(before + (i+2)*row.paid)
			if pasted := row.list(); !reflect.DeepEqual(pasted, sent) {
				t.Errorf("curl sent from %v\n%v\nand Maquette\n%v", shell, pasted, sent)
			}
		}
	}
}

func TestTheCommandIsTheSameJob(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	_, photos := sh.photos(3)
	for _, args := range [][]string{
		{"luma/image", "--set", "prompt=" + pasted.Tricky + pasted.Steering, "--set", "count=2", "--set", `image_ref=[{"image":"` + photos[0] + `","weight":0.3}]`},
		{"luma/reframe", "--set", "media=" + photos[0], "--set", "aspect_ratio=1:1"},
		{"dreamlook/image_gen", "--set", "prompt=" + pasted.Tricky + pasted.Steering, "--set", "enable_hrf=true", "--set", "guidance_scale=0.000001", "--set", "seed=4294967295"},
		{"dreamlook/dreambooth", "--photo", photos[1], "--photo", photos[2], "--consent", "--set", "instance_prompt=" + pasted.Tricky + pasted.Steering},
		{"dreamlook/dreambooth", "--photo", photos[1], "--caption", "=fox", "--photo", photos[2], "--caption", "-~\r\n=", "--consent", "--set", "instance_prompt=-n"},
	} {
		args = append([]string{"run"}, args...)
		line := sh.run(append(args, "--print", "command")...).want(cli.ExitDone).out
		if !strings.HasPrefix(line, "maquette --data "+sh.data+" run ") || strings.Count(line, "--set") > strings.Count(strings.Join(args, " "), "--set") {
			t.Errorf("%s", line)
		}
		if again := sh.run(append(sh.words(line), "--print", "command")...).want(cli.ExitDone).out; again != line {
			t.Errorf("printed again:\n%s\n%s", line, again)
		}
		first := sh.run(append(args, "--json")...).want(cli.ExitDone).last()
		again := sh.run(append(sh.words(line), "--json")...).want(cli.ExitDone).last()
		if !reflect.DeepEqual(first["values"], again["values"]) || first["photos"] != again["photos"] {
			t.Errorf("%v\n%v", first, again)
		}
	}
}

func TestWhatIsPrintedIsCheckedFirst(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	_, photos := sh.photos(1)
	fox := []string{"run", "luma/image", "--set", "prompt=a fox"}
	for _, form := range []string{"curl", "command"} {
		sh.run("run", "luma/image", "--set", "prompt=a\x00fox", "--print", form).want(cli.ExitInvalid)
	}
	sh.run(append(fox, "--print", "poem")...).want(cli.ExitInvalid).says("curl or command")
	sh.run(append(fox, "--set", "count=0", "--print", "curl")...).want(cli.ExitInvalid).says("count: must be 1 to 10000")
	sh.run("run", "dreamlook/dreambooth", "--consent", "--set", "instance_prompt=fox", "--photo", "content:"+strings.Repeat("0", 64)+".jpg").
		want(cli.ExitInvalid).says("is not in the library")
	delete(sh.env, "MAQUETTE_BUCKET_ENDPOINT")
	sh.run("run", "luma/reframe", "--set", "media="+photos[0], "--print", "curl").want(cli.ExitFailed).says("No place for photos is set up")
	delete(sh.env, "LUMAAI_API_KEY")
	out := sh.run(append(fox, "--print", "curl", "--json")...).want(cli.ExitDone).last()
	if !strings.Contains(out.text("curl"), "\nAuthorization: Bearer $LUMAAI_API_KEY\n") {
		t.Errorf("%v", out)
	}
	sh.wantSubmissions(0)
}

// paste runs a script in a POSIX shell with the sandbox's environment and
// returns what it prints.
func (sh *shell) paste(script string) string {
	sh.t.Helper()
	return sh.pasteIn([]string{"sh", "-eu"}, script)
}

func (sh *shell) pasteIn(shell []string, script string) string {
	sh.t.Helper()
	// Everybody on a computer can read what a program's arguments are.
	curl, err := exec.LookPath("curl")
	if err != nil {
		sh.t.Fatal(err)
	}
	dir := sh.t.TempDir()
	arguments := filepath.Join(dir, "arguments")
	pasted.Program(sh.t, dir, "curl", "printf '%s\\n' \"$@\" >>'"+arguments+"'\nexec '"+curl+"' \"$@\"\n")
	command := exec.CommandContext(sh.t.Context(), shell[0], shell[1:]...)
	// What a script waits for is there sooner in the sandbox.
	command.Stdin = strings.NewReader("sleep() { command sleep 0.1; }\n" + script)
	command.Env = []string{
		"PATH=" + dir + ":" + os.Getenv("PATH"), "HOME=" + dir, "LUMAAI_API_KEY=" + sh.Key("luma"), "DREAMLOOK_API_KEY=" + sh.Key("dreamlook"),
		"BRIA_API_TOKEN=" + sh.Key("bria"), "LUCYDREAM_API_KEY=" + sh.Key("lucydream"),
	}
	out, err := command.CombinedOutput()
	if err != nil || strings.Contains(string(out), "not found") {
		sh.t.Fatalf("%v: %v: %s\n%s", shell, err, out, script)
	}
	seen, err := os.ReadFile(arguments)
	if err != nil || len(seen) == 0 {
		sh.t.Errorf("%v: no argument of curl was seen: %v\n%s", shell, err, out)
	}
	for _, service := range []string{"luma", "dreamlook", "bria", "lucydream"} {
		if strings.Contains(string(seen), sh.Key(service)) {
			sh.t.Errorf("the key is an argument of curl:\n%s", seen)
		}
	}
	return string(out)
}

// words are the arguments that a shell makes of a line, after the program's name.
func (sh *shell) words(line string) []string {
	sh.t.Helper()
	return pasted.Words(sh.t, line)
}

// newestAtLuma is the newest generation's request, without the links' own parts.
func (sh *shell) newestAtLuma() any {
	list := sh.ask("luma", "/generations?limit=1").(map[string]any)["generations"].([]any)
	return withoutLinks(list[0].(map[string]any)["request"])
}

func (sh *shell) newestAt(kind string) func() any {
	return func() any {
		list := sh.ask("dreamlook", "/jobs/"+kind).([]any)
		newest := list[0].(map[string]any)
		return withoutLinks(newest["config"])
	}
}

// ask reads from a service as anybody with its key could.
func (sh *shell) ask(service, path string) (answer any) {
	sh.t.Helper()
	request, err := http.NewRequestWithContext(sh.t.Context(), http.MethodGet, sh.URL(service)+path, nil)
	if err != nil {
		sh.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+sh.Key(service))
	request.Header.Set("api_token", sh.Key(service))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		sh.t.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		sh.t.Fatal(err)
	}
	return answer
}

// withoutLinks replaces every link, of which each request has its own.
func withoutLinks(value any) any {
	switch value := value.(type) {
	case string:
		if strings.HasPrefix(value, "http") || strings.HasPrefix(value, "gs://") {
			return "a link"
		}
	case []any:
		for i := range value {
			value[i] = withoutLinks(value[i])
		}
	case map[string]any:
		for _, key := range slices.Collect(maps.Keys(value)) {
			value[key] = withoutLinks(value[key])
		}
	}
	return value
}

// without leaves out the texts that begin with one of the prefixes.
func without(texts []string, prefixes ...string) []string {
	return slices.DeleteFunc(texts, func(text string) bool {
		return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(text, prefix) })
	})
}
