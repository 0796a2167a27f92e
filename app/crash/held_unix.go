//go:build unix

// The lock that tells a running program's file from one that was left.

package crash

import (
	"os"

	"golang.org/x/sys/unix"
)

// hold keeps the file for this process, until it ends however it may.
func hold(file *os.File) error { return unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB) }

// take opens a file that no running program holds.
func take(path string) (*os.File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if err := hold(file); err != nil {
		_ = file.Close()
		return nil, err
	}
	return file, nil
}
