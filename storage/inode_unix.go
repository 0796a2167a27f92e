//go:build unix

package storage

import (
	"io/fs"
	"syscall"
)

// inode is a file's number in its file system.
func inode(info fs.FileInfo) (number uint64, known bool) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return uint64(stat.Ino), true //nolint:unconvert // other systems have other types
}
