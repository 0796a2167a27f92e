package storage

import (
	"errors"
	"syscall"
)

// System error codes from Microsoft's documentation, "System Error Codes".
var (
	diskFullCauses = []error{
		syscall.Errno(39),   // ERROR_HANDLE_DISK_FULL
		syscall.Errno(112),  // ERROR_DISK_FULL
		syscall.Errno(1295), // ERROR_DISK_QUOTA_EXCEEDED
	}
	readOnlyCauses = []error{syscall.Errno(19)} // ERROR_WRITE_PROTECT
)

// isTooLong reports whether a file system takes no names of that length
// (ERROR_FILENAME_EXCED_RANGE).
func isTooLong(err error) bool { return errors.Is(err, syscall.Errno(206)) }

// syncDir has nothing to do: NTFS keeps renames in its journal and a folder
// cannot be flushed.
func syncDir(string) error { return nil }
