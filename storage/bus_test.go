//go:build unix

package storage_test

import (
	"net"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/maquette-studio/maquette/storage"
)

func TestTheBusIsTheOneThatRuns(t *testing.T) {
	if runtime.GOOS == "darwin" {
		t.Skip("macOS has its keyring without a bus")
	}
	running := filepath.Join(t.TempDir(), "a b") // with what an address can't hold as it is
	if err := os.Mkdir(running, 0o700); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("unix", filepath.Join(running, "bus"))
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	for _, row := range []struct{ address, runtime, want string }{
		{"unix:path=/given", running, "unix:path=/given"},
		{"", running, "unix:path=" + filepath.Dir(running) + "/a%20b/bus"},
		{"autolaunch:", running, "unix:path=" + filepath.Dir(running) + "/a%20b/bus"},
	} {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", row.address)
		t.Setenv("XDG_RUNTIME_DIR", row.runtime)
		storage.UseRunningBus()
		if got := os.Getenv("DBUS_SESSION_BUS_ADDRESS"); got != row.want {
			t.Errorf("%q in %q: %q instead of %q", row.address, row.runtime, got, row.want)
		}
	}
}
