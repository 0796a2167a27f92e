//go:build unix

package handover

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

var errNotOwn = errors.New("the folder for the socket is not this user's alone")

// checkOwn says why a folder isn't this user's alone.
func checkOwn(folder string) error {
	info, err := os.Lstat(folder)
	if err != nil {
		return fmt.Errorf("looking at the folder for the socket: %w", err)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || !info.IsDir() || info.Mode().Perm()&0o077 != 0 || int(stat.Uid) != os.Getuid() {
		return errNotOwn
	}
	return nil
}

// restrict closes a socket to all but its owner.
func restrict(path string) error { return os.Chmod(path, 0o600) }
