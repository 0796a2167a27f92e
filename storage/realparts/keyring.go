//go:build linux

package realparts

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// bareBus is a session bus that starts no service by itself.
const bareBus = `<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`

// InSession runs this one test again inside of a new D-Bus session with
// nothing of the user's in its environment. It reports whether this is that run.
// kind tells a test's sessions apart; programs are found there too, wherever
// they lie.
func InSession(t *testing.T, kind string, programs ...string) (inside bool) {
	t.Helper()
	if os.Getenv(session) == kind {
		return true
	}
	dbus := find(t, "dbus-run-session", "Debian package dbus")
	find(t, "gnome-keyring-daemon", "Debian package gnome-keyring")
	home := t.TempDir()
	config, runtime := filepath.Join(home, "bus.conf"), filepath.Join(home, "run")
	if err := os.WriteFile(config, []byte(bareBus), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(runtime, 0o700); err != nil {
		t.Fatal(err)
	}
	path := os.Getenv("PATH")
	for _, program := range programs {
		path += string(os.PathListSeparator) + filepath.Dir(program)
	}
	cmd := exec.Command(dbus, "--config-file", config, "--", os.Args[0], "-test.run", "^"+t.Name()+"$", "-test.v")
	cmd.Env = []string{
		"PATH=" + path, "HOME=" + home, "XDG_RUNTIME_DIR=" + runtime,
		"XDG_DATA_HOME=" + filepath.Join(home, "data"), "XDG_CONFIG_HOME=" + filepath.Join(home, "config"),
		"XDG_CACHE_HOME=" + filepath.Join(home, "cache"), session + "=" + kind,
	}
	out, err := cmd.CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("--- PASS: "+t.Name())) {
		t.Errorf("in its own session: %v\n%s", err, out)
	}
	return false
}

// Bus starts a session bus with nothing on it and returns its address.
func Bus(t *testing.T) (address string) {
	t.Helper()
	daemon := find(t, "dbus-daemon", "Debian package dbus")
	dir, err := os.MkdirTemp("", "bus") //nolint:usetesting // a socket's path has little room, and a test's own folder a long name
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) }) // a temporary folder
	config, socket := filepath.Join(dir, "bus.conf"), filepath.Join(dir, "bus")
	if err := os.WriteFile(config, []byte(strings.Replace(bareBus, "unix:tmpdir=/tmp", "unix:path="+socket, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, exec.Command(daemon, "--config-file="+config, "--nofork"))
	await(t, "the bus", func() bool {
		conn, err := net.Dial("unix", socket)
		if err == nil {
			_ = conn.Close() // it was only tried
		}
		return err == nil
	})
	return "unix:path=" + socket
}

// Keyring starts a real gnome-keyring on the session's bus. With a password it
// unlocks the login keyring, making it when it is not there; without, what is
// there stays locked.
func Keyring(t *testing.T, password string) (stop func()) {
	t.Helper()
	args := []string{"--foreground", "--components=secrets"}
	if password != "" {
		args = append(args, "--unlock")
	}
	cmd := exec.Command("gnome-keyring-daemon", args...)
	cmd.Stdin = strings.NewReader(password)
	stop = start(t, cmd)
	await(t, "the keyring", func() bool {
		return exec.Command("dbus-send", "--session", "--print-reply", "--reply-timeout=1000", "--dest=org.freedesktop.secrets",
			"/org/freedesktop/secrets", "org.freedesktop.DBus.Peer.Ping").Run() == nil
	})
	return stop
}
