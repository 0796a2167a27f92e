//go:build !windows

package views

// alert does nothing here: what keeps the window from opening is said on
// standard error.
func alert(string) {}
