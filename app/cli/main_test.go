// What the tests of the command line have in common: a sandbox, a data
// directory, and a look over everything that is printed.

package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/maquette-studio/maquette/app/cli"
	"github.com/maquette-studio/maquette/providers/sandbox"
	"github.com/maquette-studio/maquette/storage/realparts"
)

func TestMain(m *testing.M) {
	if !realparts.Session() {
		// No test reaches the keyring of whoever runs it.
		os.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(os.TempDir(), "maquette-nobody"))
	}
	// godbus keeps its one connection to the session bus for good.
	goleak.VerifyTestMain(m,
		goleak.IgnoreAnyFunction("github.com/godbus/dbus/v5.(*Conn).inWorker"),
		goleak.IgnoreAnyFunction("github.com/godbus/dbus/v5.newConn.func1"))
}

const (
	paceOfTests  = 0.05
	tempoOfTests = 0.02
)

// shell runs commands on one data directory.
type shell struct {
	*sandbox.Sandbox // nil without one
	t                *testing.T
	data             string
	env              map[string]string
	dir              string   // the working directory; "" is the test's own
	secrets          []string // what no output may hold
}

// newShell has an environment that leads nowhere.
func newShell(t *testing.T) *shell {
	t.Helper()
	return &shell{t: t, data: t.TempDir(), env: map[string]string{}, secrets: []string{
		"X-Amz-Signature", "X-Goog-Signature", "X-Amz-Credential", "X-Goog-Credential",
	}}
}

// sandboxed has the environment that `maquette sandbox` prints.
func sandboxed(t *testing.T, faults ...string) *shell {
	t.Helper()
	sh := newShell(t)
	var err error
	sh.Sandbox, err = sandbox.Start(t.Context(), sandbox.Config{Dir: t.TempDir(), Pace: paceOfTests, Faults: faults, MaxEdge: 96})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := sh.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, line := range sh.Env() {
		name, value, _ := strings.Cut(line, "=")
		sh.env[name] = value
		if strings.Contains(name, "KEY") || strings.Contains(name, "SECRET") {
			sh.secrets = append(sh.secrets, value)
		}
	}
	return sh
}

// result is what a command left behind.
type result struct {
	t        *testing.T
	args     []string
	code     int
	out, err string
}

// run runs a command in the shell's data directory.
func (sh *shell) run(args ...string) result {
	sh.t.Helper()
	return sh.feed(sh.t.Context(), "", args...)
}

// feed runs a command with something on its standard input.
func (sh *shell) feed(ctx context.Context, in string, args ...string) result {
	sh.t.Helper()
	var out, errs bytes.Buffer
	program := cli.Program{
		In: strings.NewReader(in), Out: &out, Err: &errs, Dir: sh.dir, Tempo: tempoOfTests, Pace: paceOfTests,
		Env: func(name string) string {
			if name == "MAQUETTE_DATA" {
				return sh.data
			}
			return sh.env[name]
		},
	}
	r := result{t: sh.t, args: args, code: program.Run(ctx, args)}
	r.out, r.err = out.String(), errs.String()
	for _, secret := range sh.secrets {
		if args[0] == "call" && strings.HasPrefix(secret, "X-") {
			continue // the links of an answer work: whoever asks may follow them
		}
		if strings.Contains(r.out, secret) || strings.Contains(r.err, secret) {
			sh.t.Errorf("%q is printed by %s", secret, r)
		}
	}
	if slices.Contains(args, "--json") {
		r.lines()
	}
	return r
}

func (r result) String() string {
	return "maquette " + strings.Join(r.args, " ") + "\nstdout: " + r.out + "\nstderr: " + r.err
}

// want fails the test unless the command ended with code.
func (r result) want(code int) result {
	r.t.Helper()
	if r.code != code {
		r.t.Fatalf("exit code %d instead of %d of %s", r.code, code, r)
	}
	return r
}

// says fails the test unless stderr holds each of the texts.
func (r result) says(texts ...string) result {
	r.t.Helper()
	for _, text := range texts {
		if !strings.Contains(r.err, text) {
			r.t.Errorf("nothing says %q: %s", text, r)
		}
	}
	return r
}

// object is one line of --json.
type object map[string]any

// lines reads stdout as one JSON object a line.
func (r result) lines() []object {
	r.t.Helper()
	var all []object
	for text := range strings.Lines(r.out) {
		var o object
		if err := json.Unmarshal([]byte(text), &o); err != nil {
			r.t.Fatalf("%q is no JSON object: %v, of %s", text, err, r)
		}
		all = append(all, o)
	}
	return all
}

// last is the last line of --json.
func (r result) last() object {
	r.t.Helper()
	lines := r.lines()
	if len(lines) == 0 {
		r.t.Fatalf("nothing on stdout of %s", r)
	}
	return lines[len(lines)-1]
}

func (o object) text(key string) string {
	text, _ := o[key].(string)
	return text
}

func (o object) texts(key string) []string {
	var texts []string
	list, _ := o[key].([]any)
	for _, item := range list {
		text, _ := item.(string)
		texts = append(texts, text)
	}
	return texts
}

func (o object) object(key string) object {
	inner, _ := o[key].(map[string]any)
	return inner
}

// submissions is how many paid requests both services have accepted.
func (sh *shell) submissions() int {
	return sh.Submissions("luma") + sh.Submissions("dreamlook") + sh.Submissions("bria") + sh.Submissions("lucydream")
}

// wantSubmissions fails the test unless so many paid requests were accepted.
func (sh *shell) wantSubmissions(n int) {
	sh.t.Helper()
	if got := sh.submissions(); got != n {
		sh.t.Errorf("%d paid submissions instead of %d", got, n)
	}
}

// photos writes n small photos into a folder whose path may not be printed.
func (sh *shell) photos(n int) (folder string, paths []string) {
	sh.t.Helper()
	folder = sh.t.TempDir()
	for i := range n {
		picture := image.NewRGBA(image.Rect(0, 0, 520, 512))
		for at := range picture.Pix {
			picture.Pix[at] = uint8(at / 64 * (i + 1) * 37)
		}
		var content bytes.Buffer
		if err := jpeg.Encode(&content, picture, nil); err != nil {
			sh.t.Fatal(err)
		}
		path := filepath.Join(folder, fmt.Sprintf("photo %d.jpg", i+1))
		sh.write(path, content.Bytes())
		paths = append(paths, path)
	}
	sh.secrets = append(sh.secrets, folder)
	return folder, paths
}

func (sh *shell) write(path string, content []byte) {
	sh.t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		sh.t.Fatal(err)
	}
}

// fox runs a generation to its end and returns its job.
func (sh *shell) fox() object {
	sh.t.Helper()
	return sh.run("run", "luma/image", "--set", "prompt=a paper fox", "--json").want(cli.ExitDone).last()
}

// training is a command that trains on two photos.
func (sh *shell) training(more ...string) []string {
	sh.t.Helper()
	folder, _ := sh.photos(2)
	return append([]string{"run", "dreamlook/dreambooth", "--photo", folder, "--consent", "--set", "instance_prompt=photo of ukj fox"}, more...)
}
