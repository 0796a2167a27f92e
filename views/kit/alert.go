//go:build !windows

package kit

// Alert does nothing here: what keeps the window from opening is said on
// standard error.
func Alert(string) {}
