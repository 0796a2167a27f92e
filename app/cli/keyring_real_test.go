//go:build linux

package cli_test

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app/cli"
)

func TestSecretsInARealKeyringAndARealBucket(t *testing.T) {
	gateway := findVersitygw(t)
	if !inSession(t) {
		return
	}
	keyringDaemon(t)
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
		endpoint, folder := startVersitygw(t, gateway, secret)
		set := []string{"bucket", "set", "--endpoint", endpoint, "--bucket", "photos", "--access-key", "access", "--region", "us-east-1"}
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

// bareBus is a session bus that starts no service by itself.
const bareBus = `<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`

// inSession runs this one test again inside of a new D-Bus session with
// nothing of the user's in its environment. It reports whether this is that run.
func inSession(t *testing.T) (inside bool) {
	t.Helper()
	if os.Getenv(sessionEnv) != "" {
		return true
	}
	dbus, err := exec.LookPath("dbus-run-session")
	if err != nil {
		missingPart(t, "dbus-run-session (Debian package dbus)")
	}
	if _, err := exec.LookPath("gnome-keyring-daemon"); err != nil {
		missingPart(t, "gnome-keyring-daemon (Debian package gnome-keyring)")
	}
	home := t.TempDir()
	config := filepath.Join(home, "bus.conf")
	if err := os.WriteFile(config, []byte(bareBus), 0o600); err != nil {
		t.Fatal(err)
	}
	runtime := filepath.Join(home, "run")
	if err := os.Mkdir(runtime, 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(dbus, "--config-file", config, "--", os.Args[0], "-test.run", "^"+t.Name()+"$", "-test.v")
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH") + ":" + filepath.Dir(findVersitygw(t)), "HOME=" + home, "XDG_RUNTIME_DIR=" + runtime,
		"XDG_DATA_HOME=" + filepath.Join(home, "data"), "XDG_CONFIG_HOME=" + filepath.Join(home, "config"),
		"XDG_CACHE_HOME=" + filepath.Join(home, "cache"), sessionEnv + "=1",
	}
	out, err := cmd.CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("--- PASS: "+t.Name())) {
		t.Errorf("in its own session: %v\n%s", err, out)
	}
	return false
}

// keyringDaemon starts a real gnome-keyring with an open login keyring.
func keyringDaemon(t *testing.T) {
	t.Helper()
	cmd := exec.Command("gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock")
	cmd.Stdin = strings.NewReader("test password")
	startUntilKilled(t, cmd)
	eventually(t, func() bool {
		return exec.Command("dbus-send", "--session", "--print-reply", "--reply-timeout=1000", "--dest=org.freedesktop.secrets",
			"/org/freedesktop/secrets", "org.freedesktop.DBus.Peer.Ping").Run() == nil
	})
}

func findVersitygw(t *testing.T) string {
	t.Helper()
	if path, err := exec.LookPath("versitygw"); err == nil {
		return path
	}
	out, err := exec.Command("go", "env", "GOPATH").Output()
	if err == nil {
		path := filepath.Join(strings.TrimSpace(string(out)), "bin", "versitygw")
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	missingPart(t, "versitygw, an S3 server: go install github.com/versity/versitygw/cmd/versitygw@v1.8.0")
	return ""
}

// startVersitygw starts a real S3 server on loopback with the bucket "photos"
// and returns the folder where its objects lie.
func startVersitygw(t *testing.T, program, secret string) (endpoint, folder string) {
	t.Helper()
	root := t.TempDir()
	folder = filepath.Join(root, "photos")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	cmd := exec.Command(program, "--port", address, "--access", "access", "--secret", secret, "--region", "us-east-1", "--quiet", "posix", "--sidecar", t.TempDir(), root)
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
	startUntilKilled(t, cmd)
	eventually(t, func() bool {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
	return "http://" + address, folder
}

func startUntilKilled(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
		if t.Failed() {
			t.Logf("%s said:\n%s", filepath.Base(cmd.Path), output.String())
		}
	})
}

func eventually(t *testing.T, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(20 * time.Second)
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("it doesn't come about")
		}
	}
}
