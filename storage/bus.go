// The session bus is used where one runs; none is ever started.

package storage

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

const (
	busVariable = "DBUS_SESSION_BUS_ADDRESS"
	// noBus is an address that every implementation of D-Bus refuses at once.
	noBus = "disabled:"
)

// UseRunningBus makes every library in this process, and every program that it
// starts, use the session bus that runs, and none where none runs. Left to
// themselves they would start one, which stays behind with everything it starts
// and with the environment of this process. Call it before anything asks for
// the bus; calling it again does no harm. It does nothing where the keyring
// isn't reached over a bus.
func UseRunningBus() {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return
	}
	if address := os.Getenv(busVariable); address != "" && !strings.HasPrefix(address, "autolaunch:") {
		return
	}
	_ = os.Setenv(busVariable, runningBus(os.Getenv("XDG_RUNTIME_DIR"), fmt.Sprintf("/run/user/%d", os.Getuid()))) // such a name and value are always taken
}

// runningBus is the address of the bus that the system runs for this user
// (systemd's and elogind's place for it), or noBus.
func runningBus(folders ...string) string {
	for _, folder := range folders {
		socket := filepath.Join(folder, "bus")
		if !filepath.IsAbs(socket) {
			continue
		}
		if info, err := os.Stat(socket); err == nil && info.Mode().Type() == os.ModeSocket {
			return "unix:path=" + busEscaped(socket)
		}
	}
	return noBus
}

// busEscaped writes a value as D-Bus addresses have it: every byte that isn't
// one of a few as %XX (D-Bus Specification, "Server Addresses").
func busEscaped(value string) string {
	var out strings.Builder
	for _, b := range []byte(value) {
		plain := 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' || strings.IndexByte(`-_/\.*`, b) >= 0
		if plain {
			out.WriteByte(b)
		} else {
			fmt.Fprintf(&out, "%%%02x", b)
		}
	}
	return out.String()
}

// noBusRuns reports whether UseRunningBus found none.
func noBusRuns() bool { return os.Getenv(busVariable) == noBus }
