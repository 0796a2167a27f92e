// Package tray tells whether the desktop has a tray that shows what programs put
// there. On Linux many have none, and a window hidden in it would be lost.
package tray

import "context"

// Shown reports whether what lies in the tray can be seen; it waits for the
// answer for a moment at most.
func Shown(ctx context.Context) bool { return shown(ctx) }
