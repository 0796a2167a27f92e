// Services that put the worst into every text: what becomes of it on the
// terminal, in the database, and in files.

package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/maquette-studio/maquette/app/access"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
)

const (
	// worstLong is how long the first text of each answer is, bytes.
	worstLong = 5 << 20
	// mostPrinted bounds what a command prints of any of it, bytes; what an
	// answer of a call prints whole is each text's 64 KiB.
	mostPrinted = 1 << 20
	// mostWritten bounds what is kept of all of it, bytes.
	mostWritten = 16 << 20
	worstLink   = "https://here.example/x?X-Amz-Signature=hidden"
)

// oneWord is what a program reads: an id, a state, a link.
var oneWord = regexp.MustCompile(`^\S*$`)

// poisoning stands before a service and adds the worst to each text of its
// answers, or only to those that aren't one word, and makes each a refusal where
// a status is given.
func (sh *shell) poisoning(service *providers.Service, all bool, status int) {
	sh.t.Helper()
	secrets := []string{sh.env[access.BucketSecretEnv]}
	for _, any := range registry.All() { // one service may know another's, as where both are asked by the same page
		secrets = append(secrets, sh.env[any.KeyEnv])
	}
	variable, worst := service.URLEnv, worstWith(secrets...)
	behind, err := url.Parse(sh.env[variable])
	if err != nil {
		sh.t.Fatal(err)
	}
	var here string
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = behind.Scheme, behind.Host, behind.Host
			r.Out.Header.Del("Accept-Encoding")
		},
		ModifyResponse: func(r *http.Response) error {
			body, err := io.ReadAll(r.Body)
			var answer any
			if err != nil || json.Unmarshal(body, &answer) != nil {
				r.Body = io.NopCloser(bytes.NewReader(body))
				return err
			}
			length := worstLong
			body, err = json.Marshal(worsened(answer, worst, all, &length))
			body = bytes.ReplaceAll(body, []byte("NOT-TEXT"), []byte("\xff\xfe"))
			body = bytes.ReplaceAll(body, []byte(behind.Host), []byte(here))
			if status != 0 {
				r.StatusCode = status
			}
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			r.Header.Set("Content-Length", strconv.Itoa(len(body)))
			return err
		},
	}
	server := httptest.NewServer(proxy)
	sh.t.Cleanup(server.Close)
	here = strings.TrimPrefix(server.URL, "http://")
	sh.env[variable] = server.URL + behind.Path
}

// worsened is a JSON value with the worst in its texts; the first is length
// bytes long.
func worsened(value any, worst string, all bool, length *int) any {
	switch value := value.(type) {
	case string:
		if !all && oneWord.MatchString(value) {
			return value
		}
		text := value + " " + worst + strings.Repeat(" and so on", *length/10)
		*length = 0
		return text
	case []any:
		for i := range value {
			value[i] = worsened(value[i], worst, all, length)
		}
	case map[string]any:
		for name := range value {
			value[name] = worsened(value[name], worst, all, length)
		}
	}
	return value
}

// worstWith repeats secrets, renames a terminal's window, colours it, turns its
// writing, and holds NULs, what is no UTF-8, and a signed link.
func worstWith(secrets ...string) string {
	return strings.Join(secrets, " ") + "\x1b]0;owned\x07\u009b31m\u202egpj.exe\x00\r" + "NOT-TEXT" + " " + worstLink + " "
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
		status int
	}{"where words are": {false, 0}, "everywhere": {true, 0}, "refused": {true, 422}, "in trouble": {true, 500}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sh := sandboxed(t)
			folder, _ := sh.photos(2)
			sh.draftAtBria() // something to list
			for _, service := range registry.All() {
				sh.poisoning(service, way.all, way.status)
			}
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
