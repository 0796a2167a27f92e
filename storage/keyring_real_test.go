//go:build linux

package storage_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/storage"
)

// sessionEnv is set in the test's second run, the one inside of a D-Bus
// session of its own; it says what waits on that bus.
const sessionEnv = "MAQUETTE_STORAGE_TEST_SESSION"

// bareBus is a session bus that starts no service by itself.
const bareBus = `<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`

// inSession runs this one test again inside of a new D-Bus session with
// nothing of the user's in its environment. It reports whether this is that run.
func inSession(t *testing.T, kind string) (inside bool) {
	t.Helper()
	if os.Getenv(sessionEnv) == kind {
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
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "XDG_RUNTIME_DIR=" + runtime,
		"XDG_DATA_HOME=" + filepath.Join(home, "data"), "XDG_CONFIG_HOME=" + filepath.Join(home, "config"),
		"XDG_CACHE_HOME=" + filepath.Join(home, "cache"), sessionEnv + "=" + kind,
	}
	out, err := cmd.CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("--- PASS: "+t.Name())) {
		t.Errorf("in its own session: %v\n%s", err, out)
	}
	return false
}

// keyringDaemon starts a real gnome-keyring. With a password it unlocks the
// login keyring, making it when it is not there; without, what is there stays locked.
func keyringDaemon(t *testing.T, password string) (stop func()) {
	t.Helper()
	args := []string{"--foreground", "--components=secrets"}
	if password != "" {
		args = append(args, "--unlock")
	}
	cmd := exec.Command("gnome-keyring-daemon", args...)
	cmd.Stdin = strings.NewReader(password)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
		if t.Failed() {
			t.Logf("gnome-keyring-daemon said:\n%s", output.String())
		}
	}
	t.Cleanup(stop)
	assertEventually(t, func() bool {
		return exec.Command("dbus-send", "--session", "--print-reply", "--reply-timeout=1000", "--dest=org.freedesktop.secrets",
			"/org/freedesktop/secrets", "org.freedesktop.DBus.Peer.Ping").Run() == nil
	})
	return stop
}

func realKeys() *storage.Keys { return storage.OpenKeys(func(string) string { return "" }, nil) }

func TestKeysInARealKeyring(t *testing.T) {
	if !inSession(t, "unlocked") {
		return
	}
	stop := keyringDaemon(t, "test password")
	k := realKeys()
	assertKey(t, k, "luma", "", storage.KeyNone)
	setKey(t, k, "luma", "luma-1", storage.KeyKeyring)
	setKey(t, k, "luma", "luma-2", storage.KeyKeyring)
	setKey(t, k, "bucket", "schlüssel", storage.KeyKeyring)
	assertKey(t, realKeys(), "luma", "luma-2", storage.KeyKeyring)
	assertKey(t, realKeys(), "bucket", "schlüssel", storage.KeyKeyring)

	t.Run("they survive the daemon", func(t *testing.T) {
		stop()
		stop = keyringDaemon(t, "test password")
		assertKey(t, realKeys(), "luma", "luma-2", storage.KeyKeyring)
		for range 2 {
			if err := k.Delete(t.Context(), "luma"); err != nil {
				t.Error(err)
			}
		}
		assertKey(t, realKeys(), "luma", "", storage.KeyNone)
		stop()
	})
	t.Run("a locked keyring refuses, and a new key is for the session", func(t *testing.T) {
		defer keyringDaemon(t, "")()
		k := realKeys()
		if secret, _, err := k.Get(t.Context(), "bucket"); secret != "" || !errors.Is(err, storage.ErrKeyringRefused) {
			t.Errorf("got %q, %v", secret, err)
		}
		setKey(t, k, "luma", "luma-3", storage.KeySession)
		assertKey(t, k, "luma", "luma-3", storage.KeySession)
		if !errors.Is(k.Trouble(), storage.ErrKeyringRefused) {
			t.Errorf("trouble: %v", k.Trouble())
		}
	})
	t.Run("a daemon that goes away", func(t *testing.T) {
		k := realKeys()
		assertKey(t, k, "bucket", "", storage.KeyNone)
		setKey(t, k, "bucket", "new", storage.KeySession)
		if k.Trouble() == nil {
			t.Error("nobody is told why")
		}
	})
}

// As on a server, where nobody ever logged in at a desktop.
func TestKeysWhereNoKeyringWasEverMade(t *testing.T) {
	if !inSession(t, "never made") {
		return
	}
	keyringDaemon(t, "")
	k := realKeys()
	assertKey(t, k, "luma", "", storage.KeyNone)
	setKey(t, k, "luma", "luma-1", storage.KeySession)
	assertKey(t, k, "luma", "luma-1", storage.KeySession)
	if k.Trouble() == nil {
		t.Error("nobody is told why")
	}
}

func TestKeysWithoutASessionBus(t *testing.T) {
	if os.Getenv(sessionEnv) == "" {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "nobody"))
	}
	k := realKeys()
	assertKey(t, k, "luma", "", storage.KeyNone)
	setKey(t, k, "luma", "luma-1", storage.KeySession)
	assertKey(t, k, "luma", "luma-1", storage.KeySession)
	if err := k.Delete(t.Context(), "luma"); err != nil {
		t.Error(err)
	}
	if k.Trouble() == nil {
		t.Error("nobody is told why")
	}
}
