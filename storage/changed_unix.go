//go:build unix

package storage

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// changedAt is when the system last changed a file or what is known of it, and
// its number; "" where that isn't known.
func changedAt(path string) string {
	var stat unix.Stat_t
	if unix.Stat(path, &stat) != nil {
		return ""
	}
	return fmt.Sprintf("%d.%09d %d", stat.Ctim.Sec, stat.Ctim.Nsec, stat.Ino)
}
