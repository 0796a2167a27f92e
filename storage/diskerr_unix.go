//go:build unix

package storage

import (
	"errors"
	"os"
	"syscall"
)

var (
	diskFullCauses = []error{syscall.ENOSPC, syscall.EDQUOT}
	readOnlyCauses = []error{syscall.EROFS}
)

// isTooLong reports whether a file system takes no names of that length.
func isTooLong(err error) bool { return errors.Is(err, syscall.ENAMETOOLONG) }

// syncDir makes a rename in dir survive a power cut. File systems that cannot
// sync a folder answer EINVAL or ENOTSUP, and have nothing to be synced.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		return nil
	}
	return err
}
