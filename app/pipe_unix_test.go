//go:build unix

package app_test

import "syscall"

func init() {
	otherThings["a pipe"] = func(path string) error { return syscall.Mkfifo(path, 0o600) }
}
