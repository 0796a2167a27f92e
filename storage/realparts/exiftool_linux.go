package realparts

import (
	"os/exec"
	"testing"
)

// Exiftool runs exiftool, which reads and writes what stands in pictures beside
// their pixels, and returns what it prints.
func Exiftool(t *testing.T, args ...string) string {
	t.Helper()
	path := find(t, "exiftool", "Debian: libimage-exiftool-perl")
	output, err := exec.CommandContext(t.Context(), path, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("exiftool %q: %v\n%s", args, err, output)
	}
	return string(output)
}
