// Opening a photo's file without being trapped by a pipe, a device or a loop
// of links.

package photo

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Open opens the file at path for reading after making sure it is an ordinary
// file of a permitted size. Every failure is a *Rejected that carries the base
// name only.
func Open(path string) (*os.File, error) {
	f, err := openFile(path)
	if err != nil {
		return nil, withName(err, filepath.Base(path))
	}
	return f, nil
}

func openFile(path string) (*os.File, error) {
	// Opening a pipe would wait for its writer, so look first.
	info, err := os.Stat(path)
	if err != nil {
		return nil, missing(path, err)
	}
	if why := checkOrdinary(info); why != nil {
		return nil, why
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, unreadable(err)
	}
	return f, nil
}

// missing tells a link whose target is gone from a file that is not there.
func missing(path string, err error) *Rejected {
	if errors.Is(err, fs.ErrNotExist) {
		if link, lerr := os.Lstat(path); lerr == nil && link.Mode()&fs.ModeSymlink != 0 {
			return rejected("is a link to a file that does not exist")
		}
	}
	return unreadable(err)
}

func checkOrdinary(info fs.FileInfo) *Rejected {
	mode := info.Mode()
	switch {
	case mode.IsDir():
		return rejected("is a folder")
	case mode&fs.ModeNamedPipe != 0:
		return rejected("is a pipe, not a file")
	case mode&fs.ModeSocket != 0:
		return rejected("is a socket, not a file")
	case mode&fs.ModeDevice != 0:
		return rejected("is a device, not a file")
	case !mode.IsRegular():
		return rejected("is not an ordinary file")
	case info.Size() == 0:
		return rejected("is empty")
	case info.Size() > MaxBytes:
		return tooLarge(info.Size())
	}
	return nil
}

func tooLarge(size int64) *Rejected {
	return rejected("is %d MiB; the limit is %d MiB", (size+1<<20-1)>>20, MaxBytes>>20)
}

func isLinkLoop(err error) bool {
	return errors.Is(err, syscall.ELOOP)
}
