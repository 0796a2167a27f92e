//go:build linux

package cli_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/cli"
	"github.com/maquette-studio/maquette/storage/realparts"
)

func TestSecretsInARealKeyringAndARealBucket(t *testing.T) {
	if !realparts.InSession(t, "unlocked", realparts.FindS3(t)) {
		return
	}
	realparts.Keyring(t, "test password")
	sh := sandboxed(t)
	key := sh.env["LUMAAI_API_KEY"]
	delete(sh.env, "LUMAAI_API_KEY")
	const secret = "a bucket's very secret key"
	sh.secrets = append(sh.secrets, secret)

	t.Run("a key", func(t *testing.T) {
		sh := in(t, sh)
		sh.run("keys", "check", "luma").want(cli.ExitFailed).says("no key")
		sh.feed(t.Context(), "luma-nonsense\n", "keys", "set", "luma").want(cli.ExitDone)
		sh.run("keys", "check", "luma").want(cli.ExitFailed)
		if kept := sh.feed(t.Context(), "  "+key+"\r\n", "keys", "set", "luma", "--json").want(cli.ExitDone).last(); kept["kept"] != "keyring" {
			t.Errorf("kept: %v", kept)
		}
		sh.run("keys", "check", "luma").want(cli.ExitDone)
		sh.fox()
		sh.env["LUMAAI_API_KEY"] = "luma-nonsense"
		sh.run("keys", "delete", "luma").want(cli.ExitDone).says("LUMAAI_API_KEY is set")
		delete(sh.env, "LUMAAI_API_KEY")
		sh.run("keys", "check", "luma").want(cli.ExitFailed).says("no key")
		wantNowhere(t, sh.data, key, "luma-nonsense")
	})
	t.Run("the bucket", func(t *testing.T) {
		sh := in(t, sh)
		for name := range sh.env {
			if strings.HasPrefix(name, "MAQUETTE_BUCKET_") {
				delete(sh.env, name)
			}
		}
		endpoint, folder := realparts.S3(t, secret)
		set := []string{"bucket", "set", "--endpoint", endpoint, "--bucket", realparts.Bucket, "--access-key", realparts.Access, "--region", realparts.Region}
		sh.feed(t.Context(), "not the secret\n", set...).want(cli.ExitDone)
		sh.run("bucket", "check").want(cli.ExitFailed).says("secret key")
		sh.feed(t.Context(), secret+"\n", set...).want(cli.ExitDone)
		sh.run("bucket", "check", "--json").want(cli.ExitDone)
		sh.run(sh.training("--json")...).want(cli.ExitDone)
		if left, err := filepath.Glob(filepath.Join(folder, "[^.]*")); err != nil || len(left) > 0 {
			t.Errorf("photos are still in the bucket: %v %v", left, err)
		}
		sh.run("bucket", "delete").want(cli.ExitDone)
		sh.run("bucket", "check").want(cli.ExitFailed).says("maquette bucket set")
		wantNowhere(t, sh.data, secret, "not the secret")
	})
}

// in is the shell within a subtest.
func in(t *testing.T, sh *shell) *shell {
	inner := *sh
	inner.t = t
	return &inner
}
