//go:build !windows

package main

// useConsole has nothing to do: a program has the terminal that it was started from.
func useConsole() {}
