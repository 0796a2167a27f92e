// The two disk errors that a person can fix: no space, and no permission to write.

package storage

import (
	"errors"
	"fmt"
)

var (
	// ErrDiskFull: no room, or no quota, left where the file was being written.
	ErrDiskFull = errors.New("the disk is full: free some space and try again")
	// ErrReadOnly: the file system is mounted read-only or write-protected.
	ErrReadOnly = errors.New("the disk is read-only: make it writable or choose another folder")
)

// diskError wraps err in ErrDiskFull or ErrReadOnly when that is its cause,
// and returns any other error, nil too, as it is.
func diskError(err error) error {
	for kind, causes := range map[error][]error{ErrDiskFull: diskFullCauses, ErrReadOnly: readOnlyCauses} {
		if errors.Is(err, kind) {
			return err
		}
		for _, cause := range causes {
			if errors.Is(err, cause) {
				return fmt.Errorf("%w (%w)", kind, err)
			}
		}
	}
	return err
}
