//go:build !windows

package cli

// UseConsole has nothing to do: a program has the terminal that it was started from.
func UseConsole() {}
