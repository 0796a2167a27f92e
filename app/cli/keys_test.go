// Keys and the bucket: kept in the keyring and nowhere else.

package cli_test

import (
	"bytes"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/maquette-studio/maquette/app/cli"
)

func TestWithoutAKeyringNothingIsKept(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	secret := sh.env["LUMAAI_API_KEY"]
	delete(sh.env, "LUMAAI_API_KEY")
	sh.feed(t.Context(), secret+"\n", "keys", "set", "luma").want(cli.ExitFailed).says("keyring", "LUMAAI_API_KEY")
	sh.run("keys", "check", "luma", "--json").want(cli.ExitFailed).says("no key", "LUMAAI_API_KEY")
	sh.run("keys", "delete", "luma").want(cli.ExitDone)
	sh.feed(t.Context(), "hush-hush", "bucket", "set", "--endpoint", "http://127.0.0.1:1", "--bucket", "photos", "--access-key", "id").
		want(cli.ExitFailed).says("keyring", "MAQUETTE_BUCKET_SECRET_KEY")
	wantNowhere(t, sh.data, secret, "hush-hush")
}

func TestASecretThatCannotBeOne(t *testing.T) {
	t.Parallel()
	sh := newShell(t)
	for _, secret := range []string{"", "\n", "  \n", "key\x00", "key\twith tab", strings.Repeat("k", 100_000)} {
		sh.feed(t.Context(), secret, "keys", "set", "luma").want(cli.ExitInvalid)
	}
	sh.feed(t.Context(), "", "bucket", "set", "--endpoint", "http://127.0.0.1:1", "--bucket", "photos", "--access-key", "id").want(cli.ExitInvalid)
	for _, row := range [][]string{
		{"--bucket", "photos", "--access-key", "id"},
		{"--endpoint", "http://127.0.0.1:1", "--access-key", "id"},
		{"--endpoint", "http://127.0.0.1:1", "--bucket", "photos"},
		{"--endpoint", "http://example.com", "--bucket", "photos", "--access-key", "id"},
		{"--endpoint", "http://127.0.0.1:1", "--bucket", "photos", "--access-key", "id", "--public-url", "ftp://example.com"},
	} {
		sh.feed(t.Context(), "hush-hush", append([]string{"bucket", "set"}, row...)...).want(cli.ExitInvalid)
	}
}

func TestAKeyInTheWrongPlaceIsNotPrinted(t *testing.T) {
	t.Parallel()
	sh := newShell(t)
	sh.secrets = append(sh.secrets, "hush-hush")
	for _, args := range [][]string{
		{"keys", "set", "hush-hush"},
		{"keys", "set", "luma", "hush-hush"},
		{"keys", "set", "luma", "--key=hush-hush"},
		{"bucket", "set", "hush-hush"},
		{"bucket", "set", "--secret-key", "hush-hush"},
	} {
		sh.run(args...).want(cli.ExitInvalid)
	}
}

func TestKeysAreChecked(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	for _, service := range []string{"luma", "dreamlook"} {
		if answer := sh.run("keys", "check", service, "--json").want(cli.ExitDone).last().text("answer"); answer == "" {
			t.Errorf("%s answers nothing", service)
		}
	}
	sh.env["LUMAAI_API_KEY"] = "luma-nonsense"
	sh.run("keys", "check", "luma", "--json").want(cli.ExitFailed)
	sh.wantSubmissions(0)
}

func TestAKeyGoesToItsServiceOnly(t *testing.T) {
	t.Parallel()
	var asked, told atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.Header.Get("Authorization") != "" {
			told.Add(1)
		}
	}))
	defer elsewhere.Close()
	sh := sandboxed(t, "luma GET /credits: redirect "+elsewhere.URL)
	sh.run("call", "luma/credits").want(cli.ExitFailed)
	if told.Load() != 0 {
		t.Error("the key was sent to where the service redirects")
	}
	sh.env["MAQUETTE_LUMA_URL"] = "http://192.0.2.1/dream-machine/v1"
	sh.run("call", "luma/credits", "--json").want(cli.ExitFailed).says("MAQUETTE_LUMA_URL")
}

func TestTheSandboxsBucketIsChecked(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	sh.run("bucket", "check", "--json").want(cli.ExitDone)
	sh.env["MAQUETTE_BUCKET_SECRET_KEY"] = "wrong"
	sh.run("bucket", "check").want(cli.ExitFailed).says("secret")
	sh.env["MAQUETTE_BUCKET_NAME"] = "elsewhere"
	sh.run("bucket", "check").want(cli.ExitFailed)
	delete(sh.env, "MAQUETTE_BUCKET_ENDPOINT")
	sh.run("bucket", "check", "--json").want(cli.ExitFailed).says("maquette bucket set")
	wantNowhere(t, sh.data, sh.secrets...)
}

func TestATrainingWithoutABucketSaysSoAndPaysNothing(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	delete(sh.env, "MAQUETTE_BUCKET_ENDPOINT")
	job := sh.run(sh.training("--json")...).want(cli.ExitFailed).says("maquette bucket set", "Nothing was charged.").last()
	if job.object("error").text("kind") != "no_bucket" {
		t.Errorf("the last line is %v", job)
	}
	sh.wantSubmissions(0)
}

// wantNowhere fails the test when any file under the folder holds one of the secrets.
func wantNowhere(t *testing.T, folder string, secrets ...string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		files++
		content, err := os.ReadFile(path)
		for _, secret := range secrets {
			if bytes.Contains(content, []byte(secret)) {
				t.Errorf("%s holds %q", filepath.Base(path), secret)
			}
		}
		return err
	})
	if err != nil || files == 0 {
		t.Fatalf("%d files were looked at, %v", files, err)
	}
}

func TestSecretsComeAsTheyWerePasted(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	secret := sh.env["LUMAAI_API_KEY"]
	for _, pasted := range []string{"\ufeff" + secret + "\r\n", `"` + secret + `"`, "Authorization: Bearer " + secret, "export LUMAAI_API_KEY=" + secret} {
		sh.env["LUMAAI_API_KEY"] = pasted
		sh.run("keys", "check", "luma").want(cli.ExitDone)
	}
	sh.env["LUMAAI_API_KEY"] = "two words"
	sh.run("keys", "check", "luma").want(cli.ExitFailed).says("LUMAAI_API_KEY", "a space")
	set := []string{"bucket", "set", "--access-key", "ASIAEXAMPLE", "--endpoint"}
	sh.feed(t.Context(), "hush-hush\n", append(set, "https://photos.s3.eu-central-1.amazonaws.com")...).want(cli.ExitInvalid).says("session token")
	sh.feed(t.Context(), "hush-hush\n", append(set, "https://photos.s3.eu-central-1.amazonaws.com", "--session-token")...).want(cli.ExitInvalid).says("second")
	sh.feed(t.Context(), "hush-hush\n", append(set, "https://photos.s3.eu-central-1.amazonaws.com", "--bucket", "other")...).want(cli.ExitInvalid).says("names the bucket photos")
	// Without a keyring nothing is kept, but all of it was understood.
	sh.feed(t.Context(), "hush-hush\ntoken-token\n", append(set, "https://photos.s3.eu-central-1.amazonaws.com", "--session-token")...).want(cli.ExitFailed).says("keyring")
	wantNowhere(t, sh.data, "hush-hush", "token-token")
}
